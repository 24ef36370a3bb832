/** One scenegraph/1 file as the page uses it. */

import { fetchJson, isRecord, LoadError } from "./fetching.ts";

export interface Rle {
  readonly size: readonly [number, number];
  readonly counts: string | readonly number[];
}

/** Where a node is in one frame: run lengths, a box, or the id of its segment in the panoptic PNG. */
export interface Place {
  readonly mask?: Rle;
  readonly box?: readonly number[];
  readonly segment?: number;
}

export interface GraphNode {
  readonly id: number;
  readonly category: string;
  /** Distinct in the graph: `person-2` is the second person by id. */
  readonly label: string;
  readonly isThing: boolean;
  readonly score: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Places by frame. */
  readonly places: ReadonlyMap<number, Place>;
}

export interface GraphRelation {
  /** Position in the file; what the address calls `rel`. */
  readonly position: number;
  readonly subject: number;
  readonly object: number;
  readonly predicate: string;
  readonly score: number;
  readonly spans: readonly (readonly [number, number])[];
}

/** A pinhole camera in pixels; poses are camera-to-world, row by row, one a frame. */
export interface Camera {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly poses: readonly (readonly (readonly number[])[])[] | null;
}

export interface Graph {
  readonly kind: string;
  readonly uri: string;
  readonly height: number;
  readonly width: number;
  readonly frames: number;
  /** Frames a second; null where no time is known. */
  readonly fps: number | null;
  readonly camera: Camera | null;
  /** Captions, questions and what else travels with the graph. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly panoptic: string | null;
  readonly nodes: readonly GraphNode[];
  readonly relations: readonly GraphRelation[];
  readonly nodeOf: ReadonlyMap<number, GraphNode>;
}

export async function loadGraph(url: string): Promise<Graph> {
  return readGraph(await fetchJson(url, "The graph of this item"));
}

/** Check and read the parsed file; what the index wrote is whole, but files can be damaged later. */
export function readGraph(value: unknown): Graph {
  if (!isRecord(value) || value.schema !== "scenegraph/1") throw damaged("it is not a scenegraph/1 file");
  const { source, vocabulary } = value;
  if (!isRecord(source) || !isRecord(vocabulary)) throw damaged("a part is missing");
  const things = texts(vocabulary.things);
  const categories = [...things, ...texts(vocabulary.stuff)];
  const predicates = texts(vocabulary.predicates);
  const nodes = list(value.nodes).map((node) => readNode(node, categories, things.length));
  const labelled = withLabels(nodes);
  const nodeOf = new Map(labelled.map((node) => [node.id, node]));
  const relations = list(value.relations).map((relation, position) => readRelation(relation, position, predicates));
  for (const relation of relations) {
    if (!nodeOf.has(relation.subject) || !nodeOf.has(relation.object)) {
      throw damaged(`relation ${relation.position} names a node that is not there`);
    }
  }
  return {
    kind: String(source.kind),
    uri: String(source.uri),
    height: whole(source.height),
    width: whole(source.width),
    frames: source.num_frames === undefined ? 1 : whole(source.num_frames),
    fps: typeof source.fps === "number" && source.fps > 0 ? source.fps : null,
    camera: readCamera(source.camera),
    metadata: isRecord(value.metadata) ? value.metadata : {},
    panoptic: typeof value.panoptic === "string" ? value.panoptic : null,
    nodes: labelled,
    relations,
    nodeOf,
  };
}

/** Relations that start or end at a node. */
export function relationsOf(graph: Graph, node: number): GraphRelation[] {
  return graph.relations.filter((relation) => relation.subject === node || relation.object === node);
}

/** Whether a relation holds in a frame; without spans it holds throughout. */
export function holdsAt(relation: GraphRelation, frame: number): boolean {
  return relation.spans.length === 0 || relation.spans.some(([start, stop]) => start <= frame && frame < stop);
}

/** Whether a relation holds in a frame of a stretch [start, stop). */
export function holdsWithin(relation: GraphRelation, [from, to]: readonly [number, number]): boolean {
  return relation.spans.length === 0 || relation.spans.some(([start, stop]) => start < to && from < stop);
}

/** Relations of one ordered pair; they are drawn as one arrow. */
export interface Pair {
  readonly subject: number;
  readonly object: number;
  readonly words: string;
}

export function pairs(relations: readonly GraphRelation[]): Pair[] {
  const grouped = new Map<string, GraphRelation[]>();
  for (const relation of relations) {
    const key = `${relation.subject} ${relation.object}`;
    grouped.set(key, [...(grouped.get(key) ?? []), relation]);
  }
  return [...grouped.values()].map((group) => ({
    subject: group[0].subject,
    object: group[0].object,
    words: [...new Set(group.map((relation) => relation.predicate))].join(", "),
  }));
}

export function sentence(graph: Graph, relation: GraphRelation): string {
  const subject = graph.nodeOf.get(relation.subject)?.label ?? "";
  const object = graph.nodeOf.get(relation.object)?.label ?? "";
  return `${subject} ${relation.predicate} ${object}`;
}

function readCamera(value: unknown): Camera | null {
  if (!isRecord(value)) return null;
  const [fx, fy, cx, cy] = [value.fx, value.fy, value.cx, value.cy].map(Number);
  if (![fx, fy, cx, cy].every(Number.isFinite) || fx <= 0 || fy <= 0) throw damaged("the camera has no usable numbers");
  return { fx, fy, cx, cy, poses: Array.isArray(value.poses) ? (value.poses as number[][][]) : null };
}

function readNode(value: unknown, categories: readonly string[], things: number): Omit<GraphNode, "label"> {
  if (!isRecord(value)) throw damaged("a node is no object");
  const category = whole(value.category);
  if (category >= categories.length) throw damaged(`node ${String(value.id)} has an unknown category`);
  return {
    id: whole(value.id),
    category: categories[category],
    isThing: category < things,
    score: typeof value.score === "number" ? value.score : 1,
    attributes: isRecord(value.attributes) ? value.attributes : {},
    places: readPlaces(value),
  };
}

function readPlaces(node: Record<string, unknown>): Map<number, Place> {
  if (!Array.isArray(node.tube)) return new Map([[0, node as Place]]);
  return new Map(node.tube.filter(isRecord).map((place) => [whole(place.frame), place as Place]));
}

function readRelation(value: unknown, position: number, predicates: readonly string[]): GraphRelation {
  if (!isRecord(value)) throw damaged(`relation ${position} is no object`);
  const predicate = whole(value.predicate);
  if (predicate >= predicates.length) throw damaged(`relation ${position} has an unknown predicate`);
  return {
    position,
    subject: whole(value.subject),
    object: whole(value.object),
    predicate: predicates[predicate],
    score: typeof value.score === "number" ? value.score : 1,
    spans: list(value.spans ?? []).map((span) => [whole(list(span)[0]), whole(list(span)[1])] as const),
  };
}

/** The labels that the Python side and the assistant use: numbered by ascending id within a category. */
function withLabels(nodes: readonly Omit<GraphNode, "label">[]): GraphNode[] {
  const numbers = new Map<string, number>();
  const labels = new Map<number, string>();
  for (const node of [...nodes].sort((a, b) => a.id - b.id)) {
    const number = (numbers.get(node.category) ?? 0) + 1;
    numbers.set(node.category, number);
    labels.set(node.id, `${node.category}-${number}`);
  }
  return nodes.map((node) => ({ ...node, label: labels.get(node.id) ?? "" }));
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw damaged("a list is missing");
  return value;
}

function texts(value: unknown): string[] {
  return list(value).map(String);
}

function whole(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw damaged("a number is not a whole number");
  return value;
}

/** A graph file that cannot be read; the message speaks of one of the index. */
export class DamagedError extends LoadError {
  readonly why: string;

  constructor(why: string) {
    super(`The graph file of this item is damaged: ${why}. Build the index again.`);
    this.why = why;
  }
}

function damaged(why: string): LoadError {
  return new DamagedError(why);
}
