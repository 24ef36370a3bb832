/** The open item: its graphs side by side, the frame that all of them show, and what is marked in each. */

import type { State } from "../data/comparison.ts";
import { fetchBytes } from "../data/fetching.ts";
import { relationsOf, type GraphRelation } from "../data/graph.ts";
import { boxOf } from "../data/tables.ts";
import type { Dropped } from "./dropping.ts";
import { Frames } from "./frames.ts";
import { cloudUrl, ItemModel, pictureUrl, placeOf, told } from "./item.ts";
import { Player } from "./player.ts";
import { Correspondence, truthOf, type Rival } from "./rivals.ts";
import { shadesOf, type Shades } from "./shades.ts";
import type { SetData } from "./shelf.ts";
import type { Store } from "./store.ts";

/** A node or a relation of a graph of the open item; the set is the one that is shown if it is null. */
export interface Mark {
  readonly set: string | null;
  readonly node: number | null;
  readonly relation: number | null;
}

export const NO_MARK: Mark = { set: null, node: null, relation: null };

export type Role = "subject" | "object" | "node" | "other";

/** What to draw: the relations of the one thing that is active, never all of them, and the roles of their nodes. */
export interface Shown {
  readonly relations: readonly GraphRelation[];
  readonly roles: ReadonlyMap<number, Role>;
}

const NOTHING: Shown = { relations: [], roles: new Map() };

export class OpenItem {
  readonly id: string;
  readonly row: number | null;
  /** Graphs by set: the shown one, or the truth and what is compared with it. */
  models: ReadonlyMap<string, ItemModel>;
  readonly player: Player;
  isFile = false;
  /** A cloud that was dropped together with the graph. */
  private scan: Blob | null = null;
  frame = 0;
  /** The decoded picture of the frame of a video. */
  picture: ImageBitmap | null = null;

  private readonly store: Store;
  private readonly changed: () => void;
  private readonly frames: Frames | null;
  private readonly matched = new Map<string, Correspondence>();
  private truthName: string | null = null;
  /** Of the graphs that are there; more of them may come. */
  private shades: { readonly graphs: number; readonly of: Shades } | null = null;
  private wanted = 0;
  private closed = false;

  constructor(store: Store, id: string, sets: readonly string[], changed: () => void) {
    this.store = store;
    this.id = id;
    this.changed = changed;
    const { items, data } = store;
    this.row = items?.rowOf.get(id) ?? null;
    const known = (set: string) => store.rivals.find((rival) => rival.set.name === set)?.data ?? (set === store.set.name ? data : store.truth);
    this.models = new Map(
      sets.flatMap((set) => {
        const graphs = known(set)?.graphs;
        return items && graphs ? [[set, new ItemModel(placeOf(id, set, items, graphs), changed)] as const] : [];
      }),
    );
    const { row } = this;
    const pictures = row === null ? 0 : (items?.framePictures[row] ?? 0);
    this.frames = items && row !== null && pictures > 1 ? new Frames(pictures, (frame) => pictureUrl(items, row, frame)) : null;
    this.player = new Player(this, store);
  }

  /** A file that was dropped: its graph stands for the shown set. */
  static ofFile(store: Store, dropped: Dropped, changed: () => void): OpenItem {
    const open = new OpenItem(store, dropped.name, [], changed);
    const place = { id: dropped.name, set: store.set.name, graphUrl: "", folder: "", pictureUrl: dropped.picture, problem: null };
    const model = new ItemModel(place, changed);
    model.setGraph(dropped.graph);
    if (!dropped.picture) {
      const together = dropped.graph.kind === "image" ? " Drop the graph file and its picture together to see both." : "";
      model.notices.set("picture", `No picture was dropped with it; the regions are shown without one.${together}`);
    }
    open.isFile = true;
    open.scan = dropped.cloud;
    open.models = new Map([[store.set.name, model]]);
    return open;
  }

  shows(id: string, sets: readonly string[]): boolean {
    return this.id === id && sets.length === this.models.size && sets.every((set) => this.models.has(set));
  }

  /** The graph of the shown set. */
  get main(): ItemModel {
    return (this.models.get(this.store.set.name) ?? [...this.models.values()][0]) as ItemModel;
  }

  modelOf(set: string): ItemModel | undefined {
    return this.models.get(set);
  }

  get hasDepth(): boolean {
    return this.row !== null && (this.store.items?.frameDepths[this.row] ?? 0) > 0;
  }

  /** Fetches the cloud of the whole scene, a GLB file; null where there is none. */
  get cloud(): (() => Promise<ArrayBuffer>) | null {
    const { row, scan } = this;
    const { items } = this.store;
    if (scan) return () => scan.arrayBuffer();
    if (row === null || !items?.clouds[row]) return null;
    return () => fetchBytes(cloudUrl(items, row), "The cloud of the whole scene");
  }

  get isVideo(): boolean {
    return this.frames !== null;
  }

  /** Frames of the video; 1 for an image. */
  get count(): number {
    return this.main.graph?.frames ?? 1;
  }

  async load(): Promise<void> {
    await Promise.all(
      [...this.models.values()].map((model) =>
        model.load(async () => {
          const nodes = await this.store.shelf?.nodes(model.set);
          return (node) => (nodes && this.row !== null ? boxOf(nodes, this.row, node) : null);
        }),
      ),
    );
    const { address, set } = this.store;
    this.showFrame(address.frame, set.name, address.relation, true);
    this.changed();
  }

  setRivals(rivals: readonly Rival[], truth: SetData | null): void {
    this.matched.clear();
    this.shades = null;
    this.truthName = this.store.manifest ? (truthOf(this.store.manifest)?.name ?? null) : null;
    if (this.row === null || !truth) return;
    for (const rival of rivals) this.matched.set(rival.set.name, new Correspondence(rival, this.row, truth));
  }

  /** How a compared set corresponds to the truth; undefined for the truth itself. */
  matchOf(set: string): Correspondence | undefined {
    return this.matched.get(set);
  }

  /** The place of a node in the palette: its id, or where graphs are compared that of the true node that it is. */
  shadeOf(set: string, node: number): number {
    const truth = this.truthName === null ? null : this.models.get(this.truthName)?.graph;
    if (!truth || !this.matched.has(set)) return node;
    const predicted = [...this.matched].flatMap(([name, match]) => {
      const graph = this.models.get(name)?.graph;
      return graph ? [{ set: name, graph, match }] : [];
    });
    if (this.shades?.graphs !== predicted.length) {
      this.shades = { graphs: predicted.length, of: shadesOf(truth, predicted, this.store.manifest?.palette.length ?? 1) };
    }
    return this.shades.of.get(set)?.get(node) ?? node;
  }

  /** Show a frame: the one given, else the one where a relation begins. Picture and regions change together. */
  showFrame(frame: number | null, set: string, relation: number | null, again = false): void {
    const graph = (this.models.get(set) ?? this.main)?.graph;
    if (!graph) return;
    const start = relation === null ? undefined : graph.relations[relation]?.spans[0]?.[0];
    void this.turnTo(Math.min(frame ?? start ?? 0, graph.frames - 1), again);
  }

  async turnTo(frame: number, again = false): Promise<void> {
    if (frame === this.wanted && !again) return;
    this.wanted = frame;
    let picture: ImageBitmap | null = null;
    if (this.frames) {
      try {
        picture = await this.frames.get(frame);
      } catch (error) {
        this.main.notices.set("picture", told(error));
      }
    }
    if (this.closed || frame !== this.wanted) return; // a later frame has taken over
    this.frame = frame;
    this.picture = picture;
    if (picture) this.main.pictureLoaded(picture.width, picture.height);
    for (const model of this.models.values()) model.showFrame(frame);
    this.changed();
  }

  close(): void {
    this.closed = true;
    this.player.stop();
    this.frames?.close();
  }

  /** What of a mark is drawn in a graph: itself, or what corresponds to it there. */
  shownIn(set: string, active: Mark): Shown {
    const from = active.set ?? this.store.set.name;
    const graph = this.models.get(set)?.graph;
    if (!graph || (active.node === null && active.relation === null)) return NOTHING;
    if (from !== set) return this.translated(set, from, active);
    if (active.relation !== null) {
      const relation = graph.relations[active.relation];
      return relation ? { relations: [relation], roles: endsOf(relation.subject, relation.object) } : NOTHING;
    }
    if (active.node === null || !graph.nodeOf.has(active.node)) return NOTHING;
    const node = active.node;
    const relations = relationsOf(graph, node);
    const roles = new Map<number, Role>();
    for (const { subject, object } of relations) roles.set(subject === node ? object : subject, "other");
    roles.set(node, "node");
    return { relations, roles };
  }

  private translated(set: string, from: string, active: Mark): Shown {
    const source = this.models.get(from)?.graph;
    if (!source) return NOTHING;
    if (active.relation !== null) {
      const partner = this.relationIn(set, from, active.relation);
      if (partner !== null) return this.shownIn(set, { set, node: null, relation: partner });
      // No such relation here: its ends are shown without an arrow.
      const relation = source.relations[active.relation];
      const ends = relation && [relation.subject, relation.object].map((node) => this.nodeIn(set, from, node));
      return ends ? { relations: [], roles: endsOf(ends[0], ends[1]) } : NOTHING;
    }
    const node = active.node === null ? null : this.nodeIn(set, from, active.node);
    return node === null ? NOTHING : { relations: [], roles: new Map([[node, "node"]]) };
  }

  private relationIn(set: string, from: string, relation: number): number | null {
    const source = this.matched.get(from);
    const truth = source ? source.toTruth(relation) : relation;
    const target = this.matched.get(set);
    return truth === null || !target ? truth : target.fromTruth(truth);
  }

  private nodeIn(set: string, from: string, node: number): number | null {
    const source = this.matched.get(from);
    const truth = source ? source.nodeToTruth(node) : node;
    const target = this.matched.get(set);
    return truth === null || !target ? truth : target.nodeFromTruth(truth);
  }
}

/** The state of a relation of a set: of a true one against a compared set, of a predicted one against the truth. */
export function stateIn(open: OpenItem, set: string, against: string, relation: number): State | null {
  const match = open.matchOf(against);
  return set === against ? (match?.stateOfRow(relation) ?? null) : (match?.stateOfTruth(relation) ?? null);
}

function endsOf(subject: number | null, object: number | null): Map<number, Role> {
  const roles = new Map<number, Role>();
  if (object !== null) roles.set(object, "object");
  if (subject !== null) roles.set(subject, "subject");
  return roles;
}
