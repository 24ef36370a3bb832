/** The state of the page: what the address says, what is loaded for it, and what is pointed at. */

import { countFacets, findMatches, type Choice, type Counts, type Matches } from "../data/counts.ts";
import { holdsAt } from "../data/graph.ts";
import { LoadError } from "../data/fetching.ts";
import { itemNoun, loadManifest, loadService, type GraphSet, type Manifest } from "../data/manifest.ts";
import {
  loadGraphs,
  loadItems,
  loadNodes,
  loadRelations,
  type Graphs,
  type Items,
  type Nodes,
  type Relations,
} from "../data/tables.ts";
import { counted } from "../data/words.ts";
import { formatAddress, parseAddress, type Address } from "./address.ts";
import { ItemModel } from "./item.ts";

export const PAGE_SIZE = 48;
export type FacetName = "subject" | "predicate" | "object";
export const FACETS: readonly FacetName[] = ["subject", "predicate", "object"];

/** A node or a relation of the open item. */
export interface Mark {
  readonly node: number | null;
  readonly relation: number | null;
}

export const NO_MARK: Mark = { node: null, relation: null };

export interface SetData {
  readonly graphs: Graphs;
  readonly relations: Relations;
}

/** Changes of a facet within this time are one step of the history: arrow keys run through many. */
const ONE_STEP_MS = 1000;

export class Store {
  address: Address;
  manifest: Manifest | null = null;
  items: Items | null = null;
  data: SetData | null = null;
  /** Boxes for the cards; they come after the counts. */
  nodes: Nodes | null = null;
  counts: Counts | null = null;
  matches: Matches | null = null;
  canAsk = false;
  fatal: string | null = null;
  item: ItemModel | null = null;
  hover: Mark = NO_MARK;
  /** Text typed into the search boxes of the facets. */
  readonly searches: Record<FacetName, string> = { subject: "", predicate: "", object: "" };
  /** Facets that are open in a narrow window, where they fold; in a wide one all are. */
  readonly unfolded = new Set<FacetName>();
  sheetOpen = false;
  showAllRelations = false;
  showMasks = true;
  message = "";

  private readonly changed: () => void;
  private readonly sets = new Map<string, Promise<SetData>>();
  private readonly boxes = new Map<string, Promise<Nodes>>();
  private counted = "";
  private lastStep = { kind: "", time: 0 };
  private turn = 0;

  constructor(changed: () => void) {
    this.changed = changed;
    this.address = parseAddress(location.search, location.hash);
  }

  async start(): Promise<void> {
    addEventListener("popstate", () => void this.show(parseAddress(location.search, location.hash)));
    try {
      const [manifest, service] = await Promise.all([loadManifest(), loadService()]);
      this.manifest = manifest;
      this.canAsk = service.ask;
      document.title = manifest.title ? `${manifest.title} · groundgraph explorer` : "groundgraph explorer";
      const [items] = await Promise.all([loadItems(manifest), this.loadSet(this.set.name)]);
      this.items = items;
    } catch (error) {
      this.fail(error);
      return;
    }
    await this.show(this.address);
  }

  /** The set that the address names, or the first. */
  get set(): GraphSet {
    const sets = (this.manifest as Manifest).sets;
    return sets.find((set) => set.name === this.address.set) ?? sets[0];
  }

  /** What one item is called: image, video, or item where both are there. */
  get noun(): string {
    return this.manifest ? itemNoun(this.manifest) : "item";
  }

  get choice(): Choice {
    const { categories, predicates } = this.manifest as Manifest;
    // A name that is not in the vocabulary becomes -1, which fits nothing.
    const id = (names: readonly string[], name: string | null): number | null => (name === null ? null : names.indexOf(name));
    const { subject, predicate, object, minScore } = this.address;
    return { subject: id(categories, subject), predicate: id(predicates, predicate), object: id(categories, object), minScore };
  }

  /** What the address gets wrong, in sentences. */
  get mistakes(): string[] {
    const found: string[] = [];
    const { address, choice, manifest } = this;
    if (!manifest) return found;
    if (address.set !== null && this.set.name !== address.set) {
      found.push(`The index has no set “${address.set}”; “${this.set.name}” is shown.`);
    }
    for (const facet of FACETS) {
      if (choice[facet] === -1) found.push(`The vocabulary has no ${facet} “${address[facet] ?? ""}”.`);
    }
    return found;
  }

  get pages(): number {
    return Math.max(1, Math.ceil((this.matches?.items.length ?? 0) / PAGE_SIZE));
  }

  get page(): number {
    return Math.min(Math.max(this.address.page, 1), this.pages);
  }

  get selection(): Mark {
    return { node: this.address.node, relation: this.address.relation };
  }

  /** What is pointed at, else what is selected. */
  get active(): Mark {
    return this.hover.node !== null || this.hover.relation !== null ? this.hover : this.selection;
  }

  /** The position of the open item among the matches, or -1. */
  get position(): number {
    const row = this.address.item === null ? undefined : this.items?.rowOf.get(this.address.item);
    return row === undefined || !this.matches ? -1 : this.matches.items.indexOf(row);
  }

  linkTo(patch: Partial<Address>): string {
    return formatAddress({ ...this.address, ...patch });
  }

  /** Go to another address; `step` joins quick changes of one kind, "replace" leaves no trace in the history. */
  go(patch: Partial<Address>, step = ""): void {
    const address = { ...this.address, ...patch };
    const now = performance.now();
    const joined = step !== "" && this.lastStep.kind === step && now - this.lastStep.time < ONE_STEP_MS;
    this.lastStep = { kind: step, time: now };
    const url = formatAddress(address);
    if (step === "replace" || joined) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    void this.show(address);
  }

  choose(facet: FacetName, name: string | null): void {
    this.go({ [facet]: name, page: 1 }, `facet ${facet}`);
  }

  swap(): void {
    const { subject, object } = this.address;
    this.go({ subject: object, object: subject, page: 1 });
  }

  clearChoice(): void {
    this.go({ subject: null, predicate: null, object: null, minScore: 0, page: 1 });
  }

  /** Open a match by its position, at its best matching relation. */
  openMatch(position: number, step = ""): void {
    const { matches, items } = this;
    if (!matches || !items || position < 0 || position >= matches.items.length) return;
    const page = Math.floor(position / PAGE_SIZE) + 1;
    this.go({ page, ...this.matchAddress(position) }, step);
  }

  matchAddress(position: number): Partial<Address> {
    const { matches, items, data } = this;
    if (!matches || !items || !data) return {};
    const row = matches.rows[position];
    const relation = row < 0 ? null : data.relations.relation[row];
    return { item: items.ids[matches.items[position]], relation, node: null, frame: null };
  }

  closeItem(): void {
    this.go({ item: null, relation: null, node: null, frame: null });
  }

  select(mark: Mark): void {
    this.hover = NO_MARK;
    // A relation of a video is shown where it holds; if it does so now, the frame stays.
    const relation = mark.relation === null ? undefined : this.item?.graph?.relations[mark.relation];
    const stays = !relation || holdsAt(relation, this.item?.frame ?? 0);
    const frame = stays ? this.address.frame : null;
    this.go({ node: mark.node, relation: mark.relation, frame }, "replace");
  }

  point(mark: Mark): void {
    if (mark.node === this.hover.node && mark.relation === this.hover.relation) return;
    this.hover = mark;
    this.changed();
  }

  update(change: () => void): void {
    change();
    this.changed();
  }

  say(message: string): void {
    this.message = message;
    this.changed();
  }

  /** Bring everything into the state that an address describes. */
  private async show(address: Address): Promise<void> {
    const turn = ++this.turn;
    this.address = address;
    this.hover = NO_MARK;
    const { manifest, items } = this;
    if (!manifest || !items) return;
    const name = this.set.name;
    try {
      const ready = await Promise.race([this.loadSet(name), null]);
      if (!ready) this.changed();
      const data = await this.loadSet(name);
      if (turn !== this.turn) return; // a later address has taken over
      if (data !== this.data) {
        this.data = data;
        this.nodes = null;
        this.loadBoxes(name);
      }
    } catch (error) {
      if (turn === this.turn) this.fail(error);
      return;
    }
    this.count();
    this.showItem();
    this.changed();
  }

  private count(): void {
    const { manifest, data, choice } = this;
    if (!manifest || !data) return;
    const key = JSON.stringify([this.set.name, choice]);
    if (key === this.counted) return;
    const isFirst = this.counted === "";
    this.counted = key;
    this.counts = countFacets(data.relations, choice, manifest.categories.length, manifest.predicates.length);
    this.matches = findMatches(data.relations, data.graphs, choice, manifest.things.length);
    if (!isFirst) {
      const { relations } = this.counts;
      this.message = `${counted(this.matches.items.length, this.noun)}, ${counted(relations, "relation")}`;
    }
  }

  private showItem(): void {
    const { address, items, data, manifest } = this;
    if (!items || !data || !manifest) return;
    const { item, frame, relation } = address;
    if (item === null) {
      this.item = null;
      return;
    }
    const row = items.rowOf.get(item);
    if (this.item?.id === item && this.item.set === this.set.name) {
      this.item.showFrame(frame, relation);
      return;
    }
    const model = new ItemModel(item, this.set.name, row ?? null, items, data.graphs, () => this.changed());
    this.item = model;
    void model.load(frame, relation, () => this.loadNodesOf(this.set.name));
  }

  private loadSet(name: string): Promise<SetData> {
    const manifest = this.manifest as Manifest;
    let loading = this.sets.get(name);
    if (!loading) {
      loading = Promise.all([loadGraphs(manifest, name), loadRelations(manifest, name)]).then(([graphs, relations]) => ({
        graphs,
        relations,
      }));
      this.sets.set(name, loading);
    }
    return loading;
  }

  private loadNodesOf(name: string): Promise<Nodes> {
    let loading = this.boxes.get(name);
    if (!loading) {
      loading = loadNodes(this.manifest as Manifest, name);
      this.boxes.set(name, loading);
    }
    return loading;
  }

  private loadBoxes(name: string): void {
    this.loadNodesOf(name).then(
      (nodes) => {
        if (this.set.name !== name) return;
        this.nodes = nodes;
        this.changed();
      },
      () => this.say("The boxes of this set cannot be read; cards show no highlights."),
    );
  }

  private fail(error: unknown): void {
    if (!(error instanceof LoadError)) console.error(error);
    this.fatal = error instanceof LoadError ? error.message : `Something went wrong: ${String(error)}`;
    this.changed();
  }
}
