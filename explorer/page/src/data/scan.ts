/** A cloud of a whole scene, laid out as the points of a frame are: in the axes of the first frame's camera. */

import type { Cloud, Matrix } from "./cloud.ts";
import type { Scan } from "./glb.ts";
import type { Camera, Graph } from "./graph.ts";

/** More are thinned evenly: a canvas of the page has no room for them. */
const MOST_POINTS = 120_000;

/** A camera for graphs that name none: about as wide as that of a telephone. */
export function usualCamera(graph: Graph): Camera {
  return { fx: graph.width, fy: graph.width, cx: graph.width / 2, cy: graph.height / 2, poses: null };
}

export function cloudOf(scan: Scan, graph: Graph): Cloud {
  const step = Math.max(1, Math.ceil(scan.count / MOST_POINTS));
  const count = Math.ceil(scan.count / step);
  const first = graph.camera?.poses?.[0];
  const turn = first ? inverse(first) : before(scan, step);
  const owners = ownersOf(scan, graph);
  const points = new Float32Array(3 * count);
  const colours = new Uint32Array(count);
  const owned = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * step;
    const [x, y, z] = scan.points.subarray(3 * at, 3 * at + 3);
    for (let axis = 0; axis < 3; axis++) {
      const [a, b, c, d] = turn[axis];
      points[3 * i + axis] = a * x + b * y + c * z + d;
    }
    const [red, green, blue] = scan.colours?.subarray(3 * at, 3 * at + 3) ?? [150, 150, 150];
    colours[i] = ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
    owned[i] = owners(scan.ids?.[at] ?? -1);
  }
  return { count, points, owners: owned, colours };
}

/** From ids in the file to positions in the graph; a node that was called something else then is another one. */
function ownersOf(scan: Scan, graph: Graph): (id: number) => number {
  const positions = new Map(
    graph.nodes.flatMap(({ id, label }, position) => ((scan.names.get(id) ?? label) === label ? [[id, position] as const] : [])),
  );
  return (id) => positions.get(id) ?? -1;
}

/** The inverse of a rigid pose: the rotation transposed, the place turned back. */
function inverse(pose: Matrix): Matrix {
  return [0, 1, 2].map((row) => {
    const turned = [0, 1, 2].map((column) => pose[column][row]);
    return [...turned, -[0, 1, 2].reduce((sum, k) => sum + turned[k] * pose[k][3], 0)];
  });
}

/** Where no camera is known: upright, in the middle, and as far away as the cloud is large. */
function before(scan: Scan, step: number): Matrix {
  const length = Math.hypot(...scan.up) || 1;
  const down = scan.up.map((value) => -value / length);
  const other = Math.abs(down[0]) < 0.9 ? [1, 0, 0] : [0, 0, 1];
  const along = other.reduce((sum, value, k) => sum + value * down[k], 0);
  const flat = other.map((value, k) => value - along * down[k]);
  const right = flat.map((value) => value / Math.hypot(...flat));
  const ahead = [right[1] * down[2] - right[2] * down[1], right[2] * down[0] - right[0] * down[2], right[0] * down[1] - right[1] * down[0]];
  const rows = [right, down, ahead].map((axis) => {
    const values = Float32Array.from({ length: Math.ceil(scan.count / step) }, (_, i) =>
      axis.reduce((sum, value, k) => sum + value * scan.points[3 * i * step + k], 0),
    ).sort();
    const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
    return { axis, middle: at(0.5), reach: at(0.95) - at(0.05) };
  });
  const away = 1.2 * Math.max(...rows.map(({ reach }) => reach), 0.1);
  return rows.map(({ axis, middle }, row) => [...axis, (row === 2 ? away : 0) - middle]);
}
