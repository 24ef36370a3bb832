/** The points of a frame of an RGB-D video, and their drawing: a z-buffer in a canvas, so any browser will do. */

import { fetchBlob, LoadError } from "./fetching.ts";
import type { Camera, Graph } from "./graph.ts";
import type { IdMap } from "./masks.ts";

/** Points in metres, in the axes of the first frame's camera (x right, y down, z forward). */
export interface Cloud {
  readonly count: number;
  /** x, y, z, x, y, z, ... */
  readonly points: Float32Array;
  /** Positions in `graph.nodes`, -1 for nobody's. */
  readonly owners: Int32Array;
  /** Colours of the picture, as pixels of a canvas. */
  readonly colours: Uint32Array;
}

/** Where the viewer stands: turned about a pivot, nearer or farther. */
export interface Orbit {
  readonly yaw: number;
  readonly pitch: number;
  readonly zoom: number;
}

export const START_ORBIT: Orbit = { yaw: 0, pitch: 0, zoom: 1 };

/** Rows of three or four numbers: a turn and, at the end, a shift. */
export type Matrix = readonly (readonly number[])[];

export async function loadCloud(url: string, graph: Graph, map: IdMap, picture: ImageBitmap, frame: number): Promise<Cloud> {
  const { camera } = graph;
  if (!camera) throw new LoadError("The graph names no camera, so its depth cannot be placed.");
  const blob = await fetchBlob(url, `The depth of frame ${frame}`);
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const [depth, colours] = [pixelsOf(bitmap, width, height), pixelsOf(picture, width, height)];
  bitmap.close();
  const pose = relative(camera, frame);
  const [scaleX, scaleY] = [graph.width / width, graph.height / height];
  const points = new Float32Array(3 * width * height);
  const owners = new Int32Array(width * height);
  const painted = new Uint32Array(width * height);
  const pictureColours = new Uint32Array(colours.buffer);
  let count = 0;
  for (let i = 0; i < width * height; i++) {
    const z = (depth[4 * i] * 256 + depth[4 * i + 1]) / 1000;
    if (z === 0) continue;
    const u = ((i % width) + 0.5) * scaleX;
    const v = (Math.floor(i / width) + 0.5) * scaleY;
    const local = [((u - 0.5 - camera.cx) / camera.fx) * z, ((v - 0.5 - camera.cy) / camera.fy) * z, z];
    points.set(moved(pose, local), 3 * count);
    owners[count] = map.owners[Math.floor(v / map.step) * map.width + Math.floor(u / map.step)] ?? -1;
    painted[count] = pictureColours[i] | 0xff000000;
    count++;
  }
  return { count, points, owners, colours: painted };
}

function pixelsOf(bitmap: ImageBitmap, width: number, height: number): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new LoadError("This browser offers no canvas to decode depth on.");
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/** From the axes of a frame's camera to those of the first frame's; nothing where the camera's way is not known. */
function relative(camera: Camera, frame: number): Matrix | null {
  const first = camera.poses?.[0];
  const pose = camera.poses?.[frame];
  if (!first || !pose || frame === 0) return null;
  // The inverse of a rigid pose: the rotation transposed, the place turned back.
  return [0, 1, 2].map((row) => {
    const turned = [0, 1, 2].map((column) => [0, 1, 2].reduce((sum, k) => sum + first[k][row] * pose[k][column], 0));
    const shift = [0, 1, 2].reduce((sum, k) => sum + first[k][row] * (pose[k][3] - first[k][3]), 0);
    return [...turned, shift];
  });
}

function moved(pose: Matrix | null, [x, y, z]: readonly number[]): [number, number, number] {
  if (!pose) return [x, y, z];
  const [a, b, c] = pose.map((row) => row[0] * x + row[1] * y + row[2] * z + row[3]);
  return [a, b, c];
}

/** The middle of the points: the median along each axis, which a far background does not pull away. */
export function pivotOf(cloud: Cloud): [number, number, number] {
  const middle = (axis: number): number => {
    const values = Float32Array.from({ length: cloud.count }, (_, i) => cloud.points[3 * i + axis]).sort();
    return values[cloud.count >> 1] ?? 0;
  };
  return [middle(0), middle(1), middle(2)];
}

/** Projects points for a viewer; at the start orbit this is the first frame's own picture. */
export function projector(
  orbit: Orbit,
  pivot: readonly number[],
  camera: Camera,
  graph: Graph,
  width: number,
  height: number,
): (x: number, y: number, z: number) => [number, number, number] {
  const [cosY, sinY, cosP, sinP] = [Math.cos(orbit.yaw), Math.sin(orbit.yaw), Math.cos(orbit.pitch), Math.sin(orbit.pitch)];
  const scale = Math.min(width / graph.width, height / graph.height);
  const [middleX, middleY] = [width / 2 + (camera.cx - graph.width / 2) * scale, height / 2 + (camera.cy - graph.height / 2) * scale];
  const away = pivot[2] / orbit.zoom;
  return (x, y, z) => {
    const [dx, dy, dz] = [x - pivot[0], y - pivot[1], z - pivot[2]];
    const turnedX = cosY * dx + sinY * dz;
    const turnedZ = cosY * dz - sinY * dx;
    const viewY = cosP * dy - sinP * turnedZ + pivot[1];
    const viewZ = cosP * turnedZ + sinP * dy + away;
    const viewX = turnedX + pivot[0];
    return [middleX + (camera.fx * scale * viewX) / viewZ, middleY + (camera.fy * scale * viewY) / viewZ, viewZ];
  };
}

/** Distances to try, and the share of the points that has to be seen from one: a few strays do not make the rest small. */
const ZOOMS = [1, 0.85, 0.72, 0.61, 0.52, 0.44];
const SEEN = 0.97;
const SAMPLES = 500;

/** The orbit from as near as nearly all points are seen. */
export function fitted(orbit: Orbit, cloud: Cloud, width: number, height: number, projectorOf: (orbit: Orbit) => ReturnType<typeof projector>): Orbit {
  const step = Math.max(1, Math.floor(cloud.count / SAMPLES));
  const tried = ZOOMS.map((zoom) => ({ ...orbit, zoom }));
  const fits = tried.find((candidate) => {
    const project = projectorOf(candidate);
    let [seen, all] = [0, 0];
    for (let i = 0; i < cloud.count; i += step, all++) {
      const [x, y, z] = project(cloud.points[3 * i], cloud.points[3 * i + 1], cloud.points[3 * i + 2]);
      if (z > 0 && x >= 0 && y >= 0 && x <= width && y <= height) seen++;
    }
    return seen >= SEEN * all;
  });
  return fits ?? tried[tried.length - 1];
}

/** Draw points as squares, the nearest on top. `colourOf` gives the pixel of a point. */
export function splat(
  image: ImageData,
  cloud: Cloud,
  project: (x: number, y: number, z: number) => [number, number, number],
  colourOf: (point: number) => number,
  size: number,
): void {
  const { width, height } = image;
  const pixels = new Uint32Array(image.data.buffer).fill(0);
  const near = new Float32Array(width * height).fill(Infinity);
  for (let i = 0; i < cloud.count; i++) {
    const [x, y, z] = project(cloud.points[3 * i], cloud.points[3 * i + 1], cloud.points[3 * i + 2]);
    if (!(z > 0.05)) continue;
    const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)];
    if (left < 0 || top < 0 || left + size > width || top + size > height) continue;
    const colour = colourOf(i);
    for (let row = top; row < top + size; row++) {
      for (let at = row * width + left; at < row * width + left + size; at++) {
        if (z < near[at]) {
          near[at] = z;
          pixels[at] = colour;
        }
      }
    }
  }
}

/** The middle of the points of every node; null where it has none in this frame. */
export function centresOf(cloud: Cloud, nodes: number): ([number, number, number] | null)[] {
  const sums = new Float64Array(4 * nodes);
  for (let i = 0; i < cloud.count; i++) {
    const owner = cloud.owners[i];
    if (owner < 0) continue;
    for (let axis = 0; axis < 3; axis++) sums[4 * owner + axis] += cloud.points[3 * i + axis];
    sums[4 * owner + 3]++;
  }
  return Array.from({ length: nodes }, (_, owner) => {
    const count = sums[4 * owner + 3];
    return count ? [sums[4 * owner] / count, sums[4 * owner + 1] / count, sums[4 * owner + 2] / count] : null;
  });
}
