/** Which node owns which pixel: one id map, decoded once, so that a hover is one array read. */

import { fetchBlob, LoadError } from "./fetching.ts";
import type { Graph, GraphNode, Place, Rle } from "./graph.ts";

/** Larger pictures are sampled: nobody sees the masks of more pixels than this on a screen. */
const MAX_PIXELS = 4_000_000;

/** Positions in `graph.nodes` by pixel, row by row; -1 where there is no node. */
export interface IdMap {
  readonly width: number;
  readonly height: number;
  /** Picture pixels a map pixel stands for, along each side. */
  readonly step: number;
  readonly owners: Int32Array;
}

/** Boxes stand in where a node has no mask; given by node id. */
export type FallbackBox = (node: number) => readonly number[] | null;

export function emptyMap(graph: Graph): IdMap {
  const step = Math.max(1, Math.ceil(Math.sqrt((graph.width * graph.height) / MAX_PIXELS)));
  const width = Math.ceil(graph.width / step);
  const height = Math.ceil(graph.height / step);
  return { width, height, step, owners: new Int32Array(width * height).fill(-1) };
}

/** The map of one frame from run lengths and boxes; smaller regions lie on top of larger ones. */
export function paintPlaces(graph: Graph, frame: number, fallback: FallbackBox = () => null): IdMap {
  const map = emptyMap(graph);
  const painted = graph.nodes
    .map((node, owner) => ({ owner, ...paintable(node, node.places.get(frame), fallback) }))
    .filter(({ runs, box }) => runs !== null || box !== null)
    .sort((a, b) => b.area - a.area);
  for (const { owner, runs, box } of painted) {
    if (runs) paintRuns(map, runs, graph.height, owner);
    else if (box) paintBox(map, box, owner);
  }
  return map;
}

function paintable(
  node: GraphNode,
  place: Place | undefined,
  fallback: FallbackBox,
): { runs: readonly number[] | null; box: readonly number[] | null; area: number } {
  if (place?.mask) {
    const runs = decodeRle(place.mask);
    return { runs, box: null, area: runs.reduce((sum, run, i) => (i % 2 ? sum + run : sum), 0) };
  }
  const box = place?.box ?? (place ? fallback(node.id) : null);
  return { runs: null, box, area: box ? (box[2] - box[0]) * (box[3] - box[1]) : 0 };
}

/** COCO's compressed text to run lengths: five bits a character, from the fourth on relative to two before. */
export function decodeRle(mask: Rle): number[] {
  if (typeof mask.counts !== "string") return [...mask.counts];
  const text = mask.counts;
  const runs: number[] = [];
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      if (at >= text.length || shift > 30) throw new LoadError("The mask of a node is damaged: its run lengths end too early.");
      const code = text.charCodeAt(at++) - 48;
      value += (code & 0x1f) * 2 ** shift;
      shift += 5;
      more = (code & 0x20) !== 0;
      if (!more && code & 0x10) value -= 2 ** shift;
    }
    if (runs.length > 2) value += runs[runs.length - 2];
    runs.push(value);
  }
  return runs;
}

/** Runs go down the columns of the picture. */
function paintRuns(map: IdMap, runs: readonly number[], height: number, owner: number): void {
  let from = 0;
  runs.forEach((run, i) => {
    const to = from + run;
    if (i % 2) paintRun(map, from, to, height, owner);
    from = to;
  });
}

function paintRun(map: IdMap, from: number, to: number, height: number, owner: number): void {
  const { step, width, owners } = map;
  for (let column = Math.floor(from / height); column * height < to; column++) {
    if (column % step || column / step >= width) continue;
    const top = Math.max(from - column * height, 0);
    const bottom = Math.min(to - column * height, height);
    for (let y = Math.ceil(top / step); y * step < bottom; y++) owners[y * width + column / step] = owner;
  }
}

function paintBox(map: IdMap, box: readonly number[], owner: number): void {
  const [x1, y1, x2, y2] = box.map((edge) => Math.round(edge / map.step));
  for (let y = Math.max(y1, 0); y < Math.min(y2, map.height); y++) {
    map.owners.fill(owner, y * map.width + Math.max(x1, 0), y * map.width + Math.min(x2, map.width));
  }
}

/** The map in a panoptic PNG, whose colours are segment ids: red + 256 green + 65536 blue. */
export async function loadPanoptic(url: string, graph: Graph): Promise<IdMap> {
  const blob = await fetchBlob(url, "The mask picture of this item");
  const map = emptyMap(graph);
  let bitmap: ImageBitmap;
  try {
    // Colours are numbers here: no profile, no alpha may touch them.
    bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch {
    throw new LoadError("The mask picture of this item cannot be read.");
  }
  if (bitmap.width !== graph.width || bitmap.height !== graph.height) {
    throw new LoadError(
      `The mask picture is ${bitmap.width} × ${bitmap.height} pixels, the graph ${graph.width} × ${graph.height}.`,
    );
  }
  const canvas = new OffscreenCanvas(map.width, map.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new LoadError("This browser offers no canvas to decode masks on.");
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, map.width, map.height);
  bitmap.close();
  readIds(context.getImageData(0, 0, map.width, map.height).data, graph, map.owners);
  return map;
}

/** Segment ids in RGBA pixels to positions of nodes; ids that the graph does not name are nobody's. */
export function readIds(pixels: Uint8ClampedArray, graph: Graph, owners: Int32Array): void {
  const ownerOf = new Map(graph.nodes.map((node, owner) => [node.places.get(0)?.segment ?? -1, owner]));
  let last = -1;
  let owner = -1;
  for (let i = 0; i < owners.length; i++) {
    const id = pixels[4 * i] | (pixels[4 * i + 1] << 8) | (pixels[4 * i + 2] << 16);
    if (id !== last) {
      last = id;
      owner = ownerOf.get(id) ?? -1;
    }
    owners[i] = owner;
  }
}

/** The node at a point of the picture, or null. */
export function nodeAt(map: IdMap, graph: Graph, x: number, y: number): GraphNode | null {
  const column = Math.floor(x / map.step);
  const row = Math.floor(y / map.step);
  if (column < 0 || row < 0 || column >= map.width || row >= map.height) return null;
  return graph.nodes[map.owners[row * map.width + column]] ?? null;
}
