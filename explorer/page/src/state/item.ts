/** One open item: its graph, its masks, its picture, and what is wrong with any of them. */

import { indexUrl, LoadError } from "../data/fetching.ts";
import { loadGraph, type Graph, type GraphNode } from "../data/graph.ts";
import { loadPanoptic, nodeAt, paintPlaces, type FallbackBox, type IdMap } from "../data/masks.ts";
import { extents, trace, type Outline } from "../data/outlines.ts";
import type { Graphs, Items } from "../data/tables.ts";

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

export function depthUrl(items: Items, row: number, frame: number): string {
  const key = items.keys[row];
  return indexUrl(`depth/${shard(key)}/${key}/${String(frame).padStart(6, "0")}.png`);
}

export function cloudUrl(items: Items, row: number): string {
  const key = items.keys[row];
  return indexUrl(`clouds/${shard(key)}/${key}.glb`);
}

export function thumbnailUrl(items: Items, row: number): string {
  const key = items.keys[row];
  return indexUrl(`thumbnails/${shard(key)}/${key}.jpg`);
}

/** Where the files of an item in a set are, and what is known to be wrong with them. */
export interface Place {
  readonly id: string;
  readonly set: string;
  readonly graphUrl: string;
  /** The picture PNG that the graph names lies beside it. */
  readonly folder: string;
  readonly pictureUrl: string | null;
  readonly problem: string | null;
}

export function placeOf(id: string, set: string, items: Items, graphs: Graphs): Place {
  const row = items.rowOf.get(id);
  if (row === undefined) {
    const problem = `The index has no item “${id}”. It may have been removed when the index was rebuilt.`;
    return { id, set, graphUrl: "", folder: "", pictureUrl: null, problem };
  }
  const key = items.keys[row];
  const folder = `graphs/${encodeURIComponent(set)}/${shard(key)}/`;
  const problem = !graphs.present[row]
    ? `The set “${set}” has no graph of this item.`
    : graphs.problems.has(row)
      ? `The graph could not be read: ${graphs.problems.get(row)}`
      : null;
  const picture = items.pictures[row] ? pictureUrl(items, row, 0) : null;
  return { id, set, graphUrl: indexUrl(`${folder}${key}.scenegraph.json`), folder, pictureUrl: picture, problem };
}

/** One graph of the open item with its masks and outlines, frame by frame. */
export class ItemModel {
  readonly id: string;
  readonly set: string;
  graph: Graph | null = null;
  map: IdMap | null = null;
  frame = 0;
  /** Why there is nothing to show. */
  problem: string | null;
  /** What is wrong with a part while the rest is shown. */
  readonly notices = new Map<string, string>();
  readonly pictureUrl: string | null;

  private readonly place: Place;
  private readonly changed: () => void;
  private measured: (Omit<Outline, "path"> | null)[] = [];
  private readonly outlines = new Map<number, Outline | null>();
  private fallback: FallbackBox = () => null;

  constructor(place: Place, changed: () => void) {
    this.id = place.id;
    this.set = place.set;
    this.place = place;
    this.problem = place.problem;
    this.pictureUrl = place.pictureUrl;
    this.changed = changed;
    if (place.graphUrl && !place.pictureUrl) {
      this.notices.set("picture", "The picture was not found when the index was built; the regions are shown without it.");
    }
  }

  /** Fetch the graph, and its masks where they lie beside it; `boxes` gives what stands in for missing masks. */
  async load(boxes: () => Promise<FallbackBox>): Promise<void> {
    if (this.problem !== null) return;
    try {
      this.graph = await loadGraph(this.place.graphUrl);
    } catch (error) {
      this.problem = told(error);
      this.changed();
      return;
    }
    if (this.graph.panoptic !== null) {
      try {
        this.setMap(await loadPanoptic(indexUrl(this.place.folder + encodeURIComponent(this.graph.panoptic)), this.graph));
        return;
      } catch (error) {
        this.notices.set("masks", `${told(error)} Boxes are shown instead of masks.`);
        this.fallback = await boxes().catch(() => () => null);
      }
    }
    this.paint(0);
  }

  /** Take a graph that has its own masks. */
  setGraph(graph: Graph): void {
    this.graph = graph;
    this.paint(0);
  }

  /** Show the regions of a frame. */
  showFrame(frame: number): void {
    const { graph } = this;
    if (graph && frame !== this.frame && frame < graph.frames) this.paint(frame);
  }

  private paint(frame: number): void {
    if (!this.graph) return;
    this.frame = frame;
    try {
      this.setMap(paintPlaces(this.graph, frame, this.fallback));
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

export function told(error: unknown): string {
  if (error instanceof LoadError) return error.message;
  console.error(error);
  return "Something in this item cannot be read.";
}
