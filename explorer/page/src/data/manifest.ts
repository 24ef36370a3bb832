/** manifest.json: what the index holds. */

import { fetchJson, indexUrl, isRecord, LoadError } from "./fetching.ts";

const SCHEMA = "groundgraph-index/4";

/** The numbers of a predicted set by the strict protocol; the lists of lists are by threshold, then by K. */
export interface SetScores {
  readonly thresholds: readonly number[];
  readonly ks: readonly number[];
  readonly recall: readonly (readonly (number | null)[])[];
  readonly mean_recall: readonly (readonly (number | null)[])[];
  /** Items that the numbers are over, and how many of them have no prediction, so that nothing of them is found. */
  readonly items: number;
  readonly missing: number;
  readonly failed: number;
  /** The splits of the data set that were predicted; none where it names none. */
  readonly splits: readonly string[];
  readonly problems: readonly string[];
}

export interface GraphSet {
  readonly name: string;
  readonly role: "truth" | "prediction";
  readonly graphs: number;
  readonly nodes: number;
  readonly relations: number;
  readonly problems: number;
  readonly scored: boolean;
  readonly comparison: SetScores | null;
}

export interface Manifest {
  readonly version: string;
  readonly title: string;
  readonly things: readonly string[];
  readonly stuff: readonly string[];
  readonly predicates: readonly string[];
  readonly categories: readonly string[];
  readonly items: number;
  readonly kinds: readonly string[];
  readonly sets: readonly GraphSet[];
  readonly problems: readonly string[];
  readonly palette: readonly string[];
}

/** What the items are called. */
export function itemNoun(manifest: Manifest): string {
  if (manifest.kinds.every((kind) => kind === "image")) return "image";
  return manifest.kinds.every((kind) => kind !== "image") ? "video" : "item";
}

export async function loadManifest(): Promise<Manifest> {
  const value = await fetchJson(indexUrl("manifest.json"), "The index");
  if (!isRecord(value) || value.schema !== SCHEMA) {
    const found = isRecord(value) ? String(value.schema).slice(0, 60) : typeof value;
    throw new LoadError(
      `The index was written as “${found}”; this page reads “${SCHEMA}”. Build the index again with this version.`,
    );
  }
  const lists = ["things", "stuff", "predicates", "kinds", "sets", "problems", "palette"];
  if (!lists.every((name) => Array.isArray(value[name])) || (value.sets as unknown[]).length === 0) {
    throw new LoadError("The index is damaged (manifest.json lacks a part). Build it again.");
  }
  const manifest = value as unknown as Manifest;
  return { ...manifest, categories: [...manifest.things, ...manifest.stuff] };
}

/** What the server can do beyond serving files. */
export interface Service {
  /** Answer questions about one item. */
  readonly ask: boolean;
  /** Answer questions over the whole data set. */
  readonly search: boolean;
  /** Make a graph of a picture that is dropped on the page. */
  readonly predict: boolean;
}

/** A static copy can do none of it. */
export const NO_SERVICE: Service = { ask: false, search: false, predict: false };

export async function loadService(): Promise<Service> {
  try {
    const value = await fetchJson(indexUrl("service.json"), "The list of services");
    const offers = (name: keyof Service): boolean => isRecord(value) && value[name] === true;
    return { ask: offers("ask"), search: offers("search"), predict: offers("predict") };
  } catch {
    return NO_SERVICE;
  }
}
