/** A question over the whole data set: the server reads it, runs it on every graph and names what answers it. */

import { isRecord, LoadError, postJson } from "../data/fetching.ts";
import type { Matches } from "../data/counts.ts";
import type { Service } from "../data/manifest.ts";
import type { Items, Relations } from "../data/tables.ts";

/** Nodes (ids) and relations (positions) of an item that answer. */
export interface Evidence {
  readonly nodes: readonly number[];
  readonly relations: readonly number[];
}

/** The items that were found, with what answers in each. */
export class Hits {
  readonly program: string;
  readonly searched: number;
  readonly complete: boolean;
  /** Words for which the data set has no name. */
  readonly missing: readonly string[];
  /** Values of attributes that nothing in the data set has, and then the attributes that are recorded. */
  readonly unrecorded: readonly string[];
  readonly attributes: readonly string[];
  /** Whether what a graph does not show was taken for absent. */
  readonly denies: boolean;
  private readonly found: ReadonlyMap<string, Evidence>;

  constructor(told: Record<string, unknown>, found: ReadonlyMap<string, Evidence>) {
    this.program = String(told.program);
    this.found = found;
    this.searched = Number(told.searched) || 0;
    this.complete = told.complete === true;
    const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
    this.missing = words(told.missing);
    this.unrecorded = words(told.unrecorded);
    this.attributes = words(told.attributes);
    this.denies = told.denies === true;
  }

  get count(): number {
    return this.found.size;
  }

  evidenceOf(item: string): Evidence | null {
    return this.found.get(item) ?? null;
  }

  itemsOf(items: Items): Uint8Array {
    const has = new Uint8Array(items.count);
    for (const id of this.found.keys()) {
      const row = items.rowOf.get(id);
      if (row !== undefined) has[row] = 1;
    }
    return has;
  }

  /** 1 for the relations that answer; all relations of an item for which only nodes do. */
  rowsOf(relations: Relations, items: Items): Uint8Array {
    const allowed = new Uint8Array(relations.count);
    for (const [id, evidence] of this.found) {
      const row = items.rowOf.get(id);
      if (row === undefined) continue;
      const first = relations.first[row];
      if (!evidence.relations.length) allowed.fill(1, first, relations.first[row + 1]);
      for (const position of evidence.relations) allowed[first + position] = 1;
    }
    return allowed;
  }

  /** The matches, each pointing at the relation that answers first; at none where only nodes do. */
  pointedAt(matches: Matches, relations: Relations, items: Items): Matches {
    const rows = matches.rows.slice();
    matches.items.forEach((item, i) => {
      const evidence = this.found.get(items.ids[item]);
      if (evidence?.relations.length) rows[i] = relations.first[item] + evidence.relations[0];
      else rows[i] = -1;
    });
    return { ...matches, rows };
  }
}

export class Search {
  busy = false;
  /** Why there are no hits, in a sentence. */
  problem: string | null = null;
  /** What may have been meant by a line that was not understood. */
  suggestion: string | null = null;
  hits: Hits | null = null;
  /** Changes with every answer. */
  turn = 0;
  private asked = "";
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Ask, unless this is what was asked last; the page goes on with what there is if it fails. */
  async find(service: Service, set: string, text: string | null): Promise<void> {
    const key = text === null ? "" : JSON.stringify([set, text]);
    if (key === this.asked) return;
    this.asked = key;
    this.hits = null;
    this.problem = null;
    this.suggestion = null;
    this.turn++;
    if (text === null) return;
    if (!service.search) {
      this.problem = "This is a static copy: the search line needs the server (groundgraph explore). The facets work here.";
      return;
    }
    const turn = this.turn;
    this.busy = true;
    this.changed();
    try {
      const told = await postJson("api/search", { set, question: text });
      if (turn === this.turn) this.read(told);
    } catch (error) {
      if (turn === this.turn) this.problem = error instanceof LoadError ? error.message : String(error);
    }
    if (turn !== this.turn) return;
    this.busy = false;
    this.turn++;
  }

  /** A `groundgraph-search/1`. */
  private read(value: unknown): void {
    if (!isRecord(value) || !Array.isArray(value.items)) throw new LoadError("The server's answer cannot be read.");
    if (typeof value.program !== "string") {
      this.suggestion = typeof value.suggestion === "string" ? value.suggestion : null;
      throw new LoadError(String(value.reason ?? "This line could not be read."));
    }
    const numbers = (list: unknown): number[] => (Array.isArray(list) ? list.filter((each) => typeof each === "number") : []);
    const found = value.items
      .filter(isRecord)
      .map((each) => [String(each.item), { nodes: numbers(each.nodes), relations: numbers(each.relations) }] as const);
    this.hits = new Hits(value, new Map(found));
  }
}
