/** The tables of the index as typed arrays. */

import { parquetMetadata, parquetRead } from "hyparquet";
import { fetchBytes, indexUrl, LoadError } from "./fetching.ts";
import type { Manifest } from "./manifest.ts";

/** One row an item. */
export interface Items {
  readonly count: number;
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Suffixes of the picture files; "" where there is none. */
  readonly pictures: readonly string[];
  /** How many frames of a video have a picture of their own; 0 for images. */
  readonly framePictures: Uint32Array;
  /** How many frames of a video have depth. */
  readonly frameDepths: Uint32Array;
  /** 1 where there is a cloud of the whole scene. */
  readonly clouds: Uint32Array;
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  readonly rowOf: ReadonlyMap<string, number>;
}

/** Relations of one set, by ascending item; `first[i]` to `first[i + 1]` are the rows of item i. */
export interface Relations {
  readonly count: number;
  readonly item: Uint32Array;
  readonly relation: Uint32Array;
  readonly subject: Uint16Array;
  readonly predicate: Uint16Array;
  readonly object: Uint16Array;
  readonly subjectNode: Int32Array;
  readonly objectNode: Int32Array;
  readonly score: Float32Array;
  readonly first: Uint32Array;
}

/** Nodes of one set, laid out like relations; boxes are x1, y1, x2, y2 in pixels of `frame`. */
export interface Nodes {
  readonly count: number;
  readonly node: Int32Array;
  readonly frame: Uint32Array;
  readonly boxes: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  readonly first: Uint32Array;
}

/** Which items have a graph in a set, and what is wrong with those that could not be read. */
export interface Graphs {
  readonly present: Uint8Array;
  readonly items: Uint32Array;
  readonly problems: ReadonlyMap<number, string>;
}

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;

export class Table {
  readonly count: number;
  private readonly bytes: ArrayBuffer;
  private readonly what: string;
  private readonly columns: ReadonlySet<string>;

  private constructor(bytes: ArrayBuffer, what: string, count: number, columns: ReadonlySet<string>) {
    this.bytes = bytes;
    this.what = what;
    this.count = count;
    this.columns = columns;
  }

  static async load(manifest: Manifest, name: string): Promise<Table> {
    const what = `The table ${name}`;
    const bytes = await fetchBytes(indexUrl(`columns/${manifest.version}/${encodeURIComponent(name)}`), what);
    try {
      const { num_rows: rows, schema } = parquetMetadata(bytes);
      return new Table(bytes, what, Number(rows), new Set(schema.map(({ name }) => name)));
    } catch {
      throw new LoadError(`${what} is damaged. Build the index again.`);
    }
  }

  has(column: string): boolean {
    return this.columns.has(column);
  }

  /** Fill one array a column; values are converted as typed arrays convert. */
  async numbers<T extends Record<string, NumberArray>>(columns: T): Promise<T> {
    await this.read(Object.keys(columns), (name, values, start) => {
      const target = columns[name];
      const room = target.length - start;
      target.set(values.length > room ? values.slice(0, room) : (values as ArrayLike<number>), start);
    });
    return columns;
  }

  /** A column of lists of numbers. */
  async lists(name: string): Promise<number[][]> {
    const lists: number[][] = [];
    await this.read([name], (_, values, start) => {
      for (let i = 0; i < values.length; i++) lists[start + i] = Array.from((values[i] ?? []) as ArrayLike<number>, Number);
    });
    return lists;
  }

  async texts(names: readonly string[]): Promise<Record<string, string[]>> {
    const columns: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
    await this.read(names, (name, values, start) => {
      for (let i = 0; i < values.length; i++) columns[name][start + i] = String(values[i]);
    });
    return columns;
  }

  private async read(
    columns: readonly string[],
    use: (name: string, values: ArrayLike<unknown> & { slice(a: number, b: number): never }, start: number) => void,
  ): Promise<void> {
    if (this.count === 0) return;
    try {
      await parquetRead({
        file: this.bytes,
        columns: [...columns],
        onChunk: (chunk) => use(chunk.columnName, chunk.columnData as never, chunk.rowStart),
      });
    } catch (error) {
      throw new LoadError(`${this.what} cannot be read (${(error as Error).message}). Build the index again.`);
    }
  }
}

export async function loadItems(manifest: Manifest): Promise<Items> {
  const table = await Table.load(manifest, "items.parquet");
  const [texts, sizes] = await Promise.all([
    table.texts(["item_id", "key", "picture"]),
    table.numbers({
      height: new Uint32Array(table.count),
      width: new Uint32Array(table.count),
      frame_pictures: new Uint32Array(table.count),
      frame_depths: new Uint32Array(table.count),
    }),
  ]);
  const clouds = new Uint32Array(table.count);
  if (table.has("cloud")) await table.numbers({ cloud: clouds }); // older indexes know no clouds
  const rowOf = new Map(texts.item_id.map((id, row) => [id, row]));
  return {
    count: table.count,
    ids: texts.item_id,
    keys: texts.key,
    pictures: texts.picture,
    framePictures: sizes.frame_pictures,
    frameDepths: sizes.frame_depths,
    clouds,
    heights: sizes.height,
    widths: sizes.width,
    rowOf,
  };
}

export async function loadGraphs(manifest: Manifest, set: string): Promise<Graphs> {
  const table = await Table.load(manifest, `${set}.graphs.parquet`);
  const [{ item: items }, { problem }] = await Promise.all([
    table.numbers({ item: new Uint32Array(table.count) }),
    table.texts(["problem"]),
  ]);
  const present = new Uint8Array(manifest.items);
  const problems = new Map<number, string>();
  items.forEach((item, row) => {
    present[item] = 1;
    if (problem[row]) problems.set(item, problem[row]);
  });
  return { present, items, problems };
}

export async function loadRelations(manifest: Manifest, set: string): Promise<Relations> {
  const table = await Table.load(manifest, `${set}.relations.parquet`);
  const count = table.count;
  const columns = await table.numbers({
    item: new Uint32Array(count),
    relation: new Uint32Array(count),
    subject_id: new Uint16Array(count),
    predicate_id: new Uint16Array(count),
    object_id: new Uint16Array(count),
    subject_node: new Int32Array(count),
    object_node: new Int32Array(count),
    score: new Float32Array(count),
  });
  return {
    count,
    item: columns.item,
    relation: columns.relation,
    subject: columns.subject_id,
    predicate: columns.predicate_id,
    object: columns.object_id,
    subjectNode: columns.subject_node,
    objectNode: columns.object_node,
    score: columns.score,
    first: firstRows(columns.item, manifest.items),
  };
}

/** The spans of every relation: start, stop, start, stop, ... in frames. */
export async function loadSpans(manifest: Manifest, set: string): Promise<number[][]> {
  return (await Table.load(manifest, `${set}.relations.parquet`)).lists("spans");
}

export async function loadNodes(manifest: Manifest, set: string): Promise<Nodes> {
  const table = await Table.load(manifest, `${set}.nodes.parquet`);
  const count = table.count;
  const columns = await table.numbers({
    item: new Uint32Array(count),
    node: new Int32Array(count),
    frame: new Uint32Array(count),
    x1: new Float32Array(count),
    y1: new Float32Array(count),
    x2: new Float32Array(count),
    y2: new Float32Array(count),
  });
  const { x1, y1, x2, y2 } = columns;
  const { node, frame } = columns;
  return { count, node, frame, boxes: [x1, y1, x2, y2], first: firstRows(columns.item, manifest.items) };
}

/** The box of a node in the first frame, or null if it is not seen there. */
export function boxOf(nodes: Nodes, item: number, node: number): [number, number, number, number] | null {
  for (let row = nodes.first[item]; row < nodes.first[item + 1]; row++) {
    if (nodes.node[row] === node && nodes.frame[row] === 0) {
      return nodes.boxes.map((edges) => edges[row]) as [number, number, number, number];
    }
  }
  return null;
}

/** Where the rows of each item begin, given the ascending item of every row; one more than there are items. */
export function firstRows(item: Uint32Array, items: number): Uint32Array {
  const first = new Uint32Array(items + 1);
  for (const value of item) first[value + 1]++;
  for (let i = 0; i < items; i++) first[i + 1] += first[i];
  return first;
}
