/** One open item: its graph, its masks, its picture, and what is wrong with any of them. */

import { indexUrl, LoadError } from "../data/fetching.ts";
import { loadGraph, type Graph, type GraphNode } from "../data/graph.ts";
import { loadPanoptic, nodeAt, paintPlaces, type FallbackBox, type IdMap } from "../data/masks.ts";
import { extents, trace, type Outline } from "../data/outlines.ts";
import { boxOf, type Graphs, type Items, type Nodes } from "../data/tables.ts";

/** The last two characters of a key name its folder. */
function shard(key: string): string {
  return key.slice(-2).padStart(2, "0");
}

export function pictureUrl(items: Items, row: number, frame: number): string {
  const key = items.keys[row];
  if (items.framePictures[row] > 0) {
    const number = String(Math.min(frame, items.framePictures[row] - 1)).padStart(6, "0");
    return indexUrl(`frames/${shard(key)}/${key}/${number}${items.pictures[row]}`);
  }
  return indexUrl(`images/${shard(key)}/${key}${items.pictures[row]}`);
}

export function thumbnailUrl(items: Items, row: number): string {
  const key = items.keys[row];
  return indexUrl(`thumbnails/${shard(key)}/${key}.jpg`);
}

export class ItemModel {
  readonly id: string;
  readonly set: string;
  readonly row: number | null;
  graph: Graph | null = null;
  map: IdMap | null = null;
  frame = 0;
  /** Why there is nothing to show. */
  problem: string | null = null;
  /** What is wrong with a part while the rest is shown. */
  readonly notices = new Map<string, string>();

  private readonly items: Items;
  private readonly changed: () => void;
  private measured: (Omit<Outline, "path"> | null)[] = [];
  private readonly outlines = new Map<number, Outline | null>();
  private fallback: FallbackBox = () => null;

  constructor(id: string, set: string, row: number | null, items: Items, graphs: Graphs, changed: () => void) {
    this.id = id;
    this.set = set;
    this.row = row;
    this.items = items;
    this.changed = changed;
    if (row === null) this.problem = `The index has no item “${id}”. It may have been removed when the index was rebuilt.`;
    else if (!graphs.present[row]) this.problem = `The set “${set}” has no graph of this item.`;
    else if (graphs.problems.has(row)) this.problem = `The graph could not be read: ${graphs.problems.get(row)}`;
    if (row !== null && !items.pictures[row]) {
      this.notices.set("picture", "The picture was not found when the index was built; the regions are shown without it.");
    }
  }

  /** The picture of the frame that is shown. */
  get pictureUrl(): string | null {
    return this.row === null || !this.items.pictures[this.row] ? null : pictureUrl(this.items, this.row, this.frame);
  }

  async load(frame: number | null, relation: number | null, loadNodes: () => Promise<Nodes>): Promise<void> {
    const { row } = this;
    if (this.problem !== null || row === null) return;
    const key = this.items.keys[row];
    const folder = `graphs/${encodeURIComponent(this.set)}/${shard(key)}/`;
    try {
      this.graph = await loadGraph(indexUrl(`${folder}${key}.scenegraph.json`));
    } catch (error) {
      this.problem = told(error);
      this.changed();
      return;
    }
    this.changed();
    if (this.graph.panoptic !== null) {
      try {
        this.setMap(await loadPanoptic(indexUrl(folder + encodeURIComponent(this.graph.panoptic)), this.graph));
        return;
      } catch (error) {
        this.notices.set("masks", `${told(error)} Boxes are shown instead of masks.`);
        const nodes = await loadNodes().catch(() => null);
        if (nodes) this.fallback = (node) => boxOf(nodes, row, node);
      }
    }
    this.showFrame(frame, relation, true);
  }

  /** Show the regions of a frame of a video: of the one given, else of the one where a relation begins. */
  showFrame(frame: number | null, relation: number | null, again = false): void {
    const { graph } = this;
    if (!graph || (graph.panoptic !== null && this.map && !again)) return;
    const start = (relation === null ? undefined : graph.relations[relation])?.spans[0]?.[0];
    const wanted = Math.min(frame ?? start ?? 0, graph.frames - 1);
    if (wanted === this.frame && this.map && !again) return;
    this.frame = wanted;
    try {
      this.setMap(paintPlaces(graph, wanted, this.fallback));
    } catch (error) {
      this.notices.set("masks", told(error));
      this.changed();
    }
  }

  /** Compare the picture that arrived with the size that the graph describes. */
  pictureLoaded(width: number, height: number): void {
    const { graph } = this;
    if (!graph || (width === graph.width && height === graph.height)) return;
    const text = `The picture is ${width} × ${height} pixels, the graph describes ${graph.width} × ${graph.height}; regions are stretched to fit.`;
    if (this.notices.get("picture") === text) return;
    this.notices.set("picture", text);
    this.changed();
  }

  pictureFailed(): void {
    this.notices.set("picture", "The picture cannot be loaded; it may have been moved since the index was built.");
    this.changed();
  }

  nodeAt(x: number, y: number): GraphNode | null {
    return this.map && this.graph ? nodeAt(this.map, this.graph, x, y) : null;
  }

  /** The outline of a node in this frame, traced when first asked for; null where it has no pixel. */
  outline(node: number): Outline | null {
    const { graph, map } = this;
    if (!graph || !map) return null;
    const known = this.outlines.get(node);
    if (known !== undefined) return known;
    const owner = graph.nodes.findIndex((candidate) => candidate.id === node);
    const measured = this.measured[owner] ?? null;
    const outline = measured && { ...measured, path: trace(map, owner, measured.box) };
    this.outlines.set(node, outline);
    return outline;
  }

  /** The share of the picture that a node covers, or null where it has no pixel. */
  share(node: number): number | null {
    const { graph } = this;
    const owner = graph ? graph.nodes.findIndex((candidate) => candidate.id === node) : -1;
    const measured = this.measured[owner];
    return graph && measured ? measured.pixels / (graph.width * graph.height) : null;
  }

  /** Centres of the nodes as fractions of the picture, for the layout of the graph. */
  centres(): Map<number, readonly [number, number]> {
    const centres = new Map<number, readonly [number, number]>();
    this.graph?.nodes.forEach((node, owner) => {
      const measured = this.measured[owner];
      if (measured && this.graph) {
        centres.set(node.id, [measured.centre[0] / this.graph.width, measured.centre[1] / this.graph.height]);
      }
    });
    return centres;
  }

  private setMap(map: IdMap): void {
    this.map = map;
    this.measured = extents(map, this.graph?.nodes.length ?? 0);
    this.outlines.clear();
    this.changed();
  }
}

function told(error: unknown): string {
  if (error instanceof LoadError) return error.message;
  console.error(error);
  return "Something in this item cannot be read.";
}
