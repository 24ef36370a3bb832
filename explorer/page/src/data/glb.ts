/** A labelled cloud of a whole scene: a GLB file (binary glTF 2.0) as `groundgraph fuse` writes it. */

import { isRecord, LoadError } from "./fetching.ts";

const MAGIC = 0x46546c67;
const JSON_PART = 0x4e4f534a;
const BINARY_PART = 0x004e4942;
const POINTS = 0;

/** Points in metres in the axes of the world. */
export interface Scan {
  readonly count: number;
  /** x, y, z, x, y, z, ... */
  readonly points: Float32Array;
  /** 0 to 255: red, green, blue, red, ... ; null where the file has none. */
  readonly colours: Float32Array | null;
  /** Node ids, -1 for nobody's; null where the file has none. */
  readonly ids: Float32Array | null;
  readonly up: readonly number[];
  /** What the nodes were called when the cloud was made. */
  readonly names: ReadonlyMap<number, string>;
}

type Read = (view: DataView, at: number) => number;

/** Bytes, how to read one number, and what stands for 1 in colours, by the component types of glTF. */
const COMPONENTS: Readonly<Record<number, readonly [number, Read, number]>> = {
  5121: [1, (view, at) => view.getUint8(at), 255],
  5123: [2, (view, at) => view.getUint16(at, true), 65535],
  5126: [4, (view, at) => view.getFloat32(at, true), 1],
};
const LENGTHS: Readonly<Record<string, number>> = { SCALAR: 1, VEC3: 3, VEC4: 4 };

export function readGlb(bytes: ArrayBuffer): Scan {
  const [document, binary] = partsOf(bytes);
  const primitives = list(document.meshes).flatMap((mesh, at) => list(isRecord(mesh) ? mesh.primitives : null).map((each) => ({ at, each })));
  const found = primitives.find(({ each }) => isRecord(each) && each.mode === POINTS);
  if (!found || !isRecord(found.each) || !isRecord(found.each.attributes)) throw damaged("it holds no points");
  const { attributes } = found.each;
  const points = numbersOf(document, binary, attributes.POSITION, 3);
  if (!points) throw damaged("its points have no places");
  const colours = numbersOf(document, binary, attributes.COLOR_0, 3, true);
  const ids = numbersOf(document, binary, attributes._NODE_ID, 1);
  const count = points.length / 3;
  if ((colours && colours.length !== 3 * count) || (ids && ids.length !== count)) throw damaged("its columns differ in length");
  return { count, points, colours, ids, ...ownWords(document, found.at) };
}

function partsOf(bytes: ArrayBuffer): [Record<string, unknown>, DataView] {
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== 2) throw damaged("it is no GLB file");
  let json: unknown = null;
  let binary = new DataView(new ArrayBuffer(0));
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const length = view.getUint32(at, true);
    const kind = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.byteLength) throw damaged("it is cut off");
    if (kind === JSON_PART) json = parsed(new TextDecoder().decode(new Uint8Array(bytes, at + 8, length)));
    if (kind === BINARY_PART) binary = new DataView(bytes, at + 8, length);
    at += 8 + length + ((4 - (length % 4)) % 4);
  }
  if (!isRecord(json)) throw damaged("it has no description");
  return [json, binary];
}

/** The first `wanted` numbers of every row of an attribute, colours as 0 to 255; null where there is none. */
function numbersOf(document: Record<string, unknown>, binary: DataView, accessor: unknown, wanted: number, colours = false): Float32Array | null {
  if (accessor === undefined) return null;
  const described = entry(document.accessors, accessor);
  const stored = entry(document.bufferViews, described.bufferView);
  const component = COMPONENTS[Number(described.componentType)];
  const length = LENGTHS[String(described.type)] ?? 0;
  if (!component || length < wanted) throw damaged("it stores its columns in a way that is not read here");
  const [size, read, one] = component;
  const count = whole(described.count);
  const stride = whole(stored.byteStride) || size * length;
  const start = whole(stored.byteOffset) + whole(described.byteOffset);
  if (count && start + stride * (count - 1) + size * length > binary.byteLength) throw damaged("it is cut off");
  const scale = colours ? 255 / one : 1;
  const numbers = new Float32Array(wanted * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < wanted; column++) numbers[wanted * row + column] = scale * read(binary, start + stride * row + size * column);
  }
  return numbers;
}

/** Up and names as `groundgraph fuse` notes them; what others wrote is upright as glTF has it. */
function ownWords(document: Record<string, unknown>, mesh: number): Pick<Scan, "up" | "names"> {
  const node = list(document.nodes).find((each) => isRecord(each) && each.mesh === mesh);
  const extras = isRecord(node) && isRecord(node.extras) && isRecord(node.extras.groundgraph) ? node.extras.groundgraph : {};
  const up = list(extras.up).map(Number);
  const names = isRecord(extras.names) ? Object.entries(extras.names).map(([id, name]) => [Number(id), String(name)] as const) : [];
  return { up: up.length === 3 && up.every(Number.isFinite) ? up : [0, 1, 0], names: new Map(names) };
}

function entry(entries: unknown, position: unknown): Record<string, unknown> {
  const found: unknown = list(entries)[Number(position)];
  if (!isRecord(found)) throw damaged("its description names a part that is not there");
  return found;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function whole(value: unknown): number {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(why: string): LoadError {
  return new LoadError(`The cloud of the whole scene cannot be read: ${why}.`);
}
