/** The state of the page: what the address says, what is loaded for it, and what is pointed at. */

import {
  countFacets,
  findMatches,
  itemsOfSize,
  rowsOfItems,
  rowsWithSpan,
  type Choice,
  type Counts,
  type Matches,
} from "../data/counts.ts";
import { both } from "../data/comparison.ts";
import { holdsAt } from "../data/graph.ts";
import { LoadError } from "../data/fetching.ts";
import { itemNoun, loadManifest, loadService, NO_SERVICE, type GraphSet, type Manifest, type Service } from "../data/manifest.ts";
import { loadItems, type Items, type Nodes } from "../data/tables.ts";
import { counted } from "../data/words.ts";
import { formatAddress, NO_CHOICE, NO_ITEM, parseAddress, type Address } from "./address.ts";
import { readDropped } from "./dropping.ts";
import { NO_MARK, OpenItem, type Mark } from "./open.ts";
import { comparedFirst, loadRivals, rowsByState, showSet, truthOf, type Rival } from "./rivals.ts";
import { Search } from "./search.ts";
import { Shelf, type SetData } from "./shelf.ts";

export const PAGE_SIZE = 48;
export type FacetName = "subject" | "predicate" | "object";
export const FACETS: readonly FacetName[] = ["subject", "predicate", "object"];

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
  /** What the matches were found with. */
  choice: Choice = { subject: null, predicate: null, object: null, minScore: 0, allowed: null, items: null };
  /** Predictions that are held against the truth, with the true relations. */
  rivals: readonly Rival[] = [];
  truth: SetData | null = null;
  /** Spans of every relation of the shown set, where the choice asks for them. */
  private spans: readonly (readonly number[])[] | null = null;
  service: Service = NO_SERVICE;
  fatal: string | null = null;
  item: OpenItem | null = null;
  hover: Mark = NO_MARK;
  readonly search: Search;
  /** Text typed into the search boxes of the facets. */
  readonly searches: Record<FacetName, string> = { subject: "", predicate: "", object: "" };
  /** Facets that are open in a narrow window, where they fold; in a wide one all are. */
  readonly unfolded = new Set<FacetName>();
  sheetOpen = false;
  showAllRelations = false;
  showMasks = true;
  message = "";
  /** What was wrong with the files that were dropped last. */
  dropError: string | null = null;
  shelf: Shelf | null = null;

  private readonly changed: () => void;
  private counted = "";
  private lastStep = { kind: "", time: 0 };
  private turn = 0;

  constructor(changed: () => void) {
    this.changed = changed;
    this.search = new Search(changed);
    this.address = parseAddress(location.search, location.hash);
  }

  async start(): Promise<void> {
    addEventListener("popstate", () => void this.enter(parseAddress(location.search, location.hash)));
    try {
      const [manifest, service] = await Promise.all([loadManifest(), loadService()]);
      this.manifest = manifest;
      this.shelf = new Shelf(manifest);
      this.service = service;
      document.title = manifest.title ? `${manifest.title} · groundgraph explorer` : "groundgraph explorer";
      const [items] = await Promise.all([loadItems(manifest), this.shelf.set(this.set.name)]);
      this.items = items;
    } catch (error) {
      this.fail(error);
      return;
    }
    await this.enter(this.address);
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

  /** What the address gets wrong, in sentences. */
  get mistakes(): string[] {
    const found: string[] = this.dropError === null ? [] : [this.dropError];
    const { address, manifest } = this;
    if (!manifest) return found;
    if (address.set !== null && this.set.name !== address.set) {
      found.push(`The index has no set “${address.set}”; “${this.set.name}” is shown.`);
    }
    for (const name of [address.against, address.also]) {
      if (name !== null && !manifest.sets.some((set) => set.name === name && set.comparison)) {
        found.push(`The index has no predictions “${name}” that were compared with a truth.`);
      }
    }
    for (const facet of FACETS) {
      const names = facet === "predicate" ? manifest.predicates : manifest.categories;
      const name = address[facet];
      if (name !== null && !names.includes(name)) found.push(`The vocabulary has no ${facet} “${name}”.`);
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
    return { set: this.set.name, node: this.address.node, relation: this.address.relation };
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
    void this.enter(address);
  }

  choose(facet: FacetName, name: string | null): void {
    this.go({ [facet]: name, page: 1 }, `facet ${facet}`);
  }

  /** Show another set; what is compared stays. */
  show(set: GraphSet): void {
    this.go(showSet(this.address, set, this.rivals));
  }

  swap(): void {
    const { subject, object } = this.address;
    this.go({ subject: object, object: subject, page: 1 });
  }

  clearChoice(): void {
    this.go(NO_CHOICE);
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
    return { ...NO_ITEM, item: items.ids[matches.items[position]], relation };
  }

  closeItem(): void {
    this.go(NO_ITEM);
  }

  select(mark: Mark): void {
    this.hover = NO_MARK;
    const set = mark.set ?? this.set.name;
    // A relation of a video is shown where it holds; if it does so now, the frame stays.
    const relation = mark.relation === null ? undefined : this.item?.modelOf(set)?.graph?.relations[mark.relation];
    const stays = !relation || holdsAt(relation, this.item?.frame ?? 0);
    const frame = stays ? this.address.frame : null;
    const other = set === this.set.name ? undefined : this.manifest?.sets.find((each) => each.name === set);
    const patch = other ? showSet(this.address, other, this.rivals) : {};
    this.go({ ...patch, node: mark.node, relation: mark.relation, frame }, "replace");
  }

  point(mark: Mark): void {
    if (mark.node === this.hover.node && mark.relation === this.hover.relation && mark.set === this.hover.set) return;
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

  /** Show dropped files; they are nowhere but in this page, so the address keeps what it said. */
  async openFiles(files: readonly File[]): Promise<void> {
    this.say("Reading what was dropped …");
    this.dropError = null;
    try {
      const dropped = await readDropped(files, this.service);
      this.item?.close();
      this.item = OpenItem.ofFile(this, dropped, () => this.changed());
      this.go({ ...NO_ITEM, item: dropped.name, view: null });
      this.message = `${dropped.name} is shown`;
    } catch (error) {
      this.dropError = error instanceof LoadError ? error.message : `What was dropped cannot be shown: ${String(error)}`;
      this.message = this.dropError;
    }
    this.changed();
  }

  /** Bring everything into the state that an address describes. */
  private async enter(address: Address): Promise<void> {
    const turn = ++this.turn;
    this.address = address;
    this.hover = NO_MARK;
    const { manifest, items, shelf } = this;
    if (!manifest || !items || !shelf) return;
    const { set } = this;
    const truth = truthOf(manifest);
    try {
      const loading = Promise.all([
        shelf.set(set.name),
        loadRivals(shelf, manifest, address),
        truth && address.against !== null ? shelf.set(truth.name) : null,
        address.span ? shelf.spans(set.name) : null,
        this.search.find(this.service, set.name, address.search),
      ]);
      const ready = await Promise.race([loading, null]);
      if (!ready) this.changed();
      const [data, rivals, truthData, spans] = await loading;
      if (turn !== this.turn) return; // a later address has taken over
      this.rivals = rivals;
      this.truth = truthData;
      this.spans = spans;
      if (data !== this.data) {
        this.data = data;
        this.nodes = null;
        this.loadBoxes(set.name);
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
    const { manifest, data, address, items, search, set } = this;
    if (!manifest || !data || !items) return;
    const { subject, predicate, object, minScore, size, span, against, also, k, iou, state, other } = address;
    const chosen = [set.name, subject, predicate, object, minScore, size, span];
    const key = JSON.stringify([...chosen, address.search, search.turn, against, also, k, iou, state, other]);
    if (key === this.counted) return;
    const isFirst = this.counted === "";
    this.counted = key;
    // A name that is not in the vocabulary becomes -1, which fits nothing.
    const id = (names: readonly string[], name: string | null): number | null => (name === null ? null : names.indexOf(name));
    const hits = address.search === null ? null : search.hits;
    const bySize = size && itemsOfSize(data.relations, size);
    const bySpan = span && this.spans && rowsWithSpan(this.spans, span);
    const byRelation = both(rowsByState(address, set, this.rivals), bySpan);
    const rows = both(hits && hits.rowsOf(data.relations, items), bySize && rowsOfItems(data.relations, bySize));
    this.choice = {
      subject: id(manifest.categories, subject),
      predicate: id(manifest.predicates, predicate),
      object: id(manifest.categories, object),
      minScore,
      allowed: both(byRelation, rows),
      items: byRelation ? null : both(hits && hits.itemsOf(items), bySize),
    };
    this.counts = countFacets(data.relations, this.choice, manifest.categories.length, manifest.predicates.length);
    const found = findMatches(data.relations, data.graphs, this.choice, manifest.things.length);
    const matches = comparedFirst(found, this.rivals);
    this.matches = hits ? hits.pointedAt(matches, data.relations, items) : matches;
    if (!isFirst) {
      const { relations } = this.counts;
      this.message = `${counted(this.matches.items.length, this.noun)}, ${counted(relations, "relation")}`;
    }
  }

  private showItem(): void {
    const { address, items, data, manifest, shelf } = this;
    if (!items || !data || !manifest || !shelf) return;
    if (address.item === null) {
      this.item?.close();
      this.item = null;
      return;
    }
    const truth = truthOf(manifest);
    const sides = this.rivals.length && truth ? [truth.name, ...this.rivals.map((rival) => rival.set.name)] : [];
    const sets = [...new Set([...sides, this.set.name])];
    if (this.item?.isFile && this.item.id === address.item) return;
    if (!this.item?.shows(address.item, sets)) {
      this.item?.close();
      this.item = new OpenItem(this, address.item, sets, () => this.changed());
      void this.item.load();
    }
    this.item.setRivals(this.rivals, this.truth);
    this.item.showFrame(address.frame, this.set.name, address.relation);
  }

  private loadBoxes(name: string): void {
    this.shelf?.nodes(name).then(
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
