/** The outline of a region as an SVG path, and where to put its name. */

import type { IdMap } from "./masks.ts";

export interface Outline {
  /** Closed loops in picture pixels. */
  readonly path: string;
  readonly box: readonly [number, number, number, number];
  readonly centre: readonly [number, number];
  readonly pixels: number;
}

/** Bounds, size and centre of every owner; null for those without a pixel. */
export function extents(map: IdMap, owners: number): (Omit<Outline, "path"> | null)[] {
  const found = Array.from({ length: owners }, () => ({ n: 0, x: 0, y: 0, x1: Infinity, y1: Infinity, x2: -1, y2: -1 }));
  eachPixel(map, (owner, x, y) => {
    const sum = found[owner];
    sum.n++;
    sum.x += x;
    sum.y += y;
    if (x < sum.x1) sum.x1 = x;
    if (x > sum.x2) sum.x2 = x;
    if (y < sum.y1) sum.y1 = y;
    if (y > sum.y2) sum.y2 = y;
  });
  // The mean of a ring or a crescent is not in it: the pixel of the region nearest to the mean is.
  const nearest = found.map(() => ({ x: 0, y: 0, distance: Infinity }));
  eachPixel(map, (owner, x, y) => {
    const { n, x: sumX, y: sumY } = found[owner];
    const distance = (x - sumX / n) ** 2 + (y - sumY / n) ** 2;
    if (distance < nearest[owner].distance) nearest[owner] = { x, y, distance };
  });
  const s = map.step;
  return found.map(({ n, x1, y1, x2, y2 }, owner) =>
    n === 0
      ? null
      : {
          pixels: n * s * s,
          box: [x1 * s, y1 * s, (x2 + 1) * s, (y2 + 1) * s],
          centre: [(nearest[owner].x + 0.5) * s, (nearest[owner].y + 0.5) * s],
        },
  );
}

function eachPixel(map: IdMap, use: (owner: number, x: number, y: number) => void): void {
  for (let y = 0, i = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++, i++) {
      if (map.owners[i] >= 0) use(map.owners[i], x, y);
    }
  }
}

const STEPS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/**
 * Trace the borders of one owner inside its bounds.
 *
 * Unit edges are followed with the region on the right hand; the path joins their midpoints, so that
 * a staircase of pixels becomes a slanted line and dashes run along it evenly.
 */
export function trace(map: IdMap, owner: number, box: readonly number[]): string {
  const [x1, y1, x2, y2] = box.map((edge) => Math.round(edge / map.step));
  const width = x2 - x1 + 1;
  const owns = (x: number, y: number): boolean =>
    x >= x1 && y >= y1 && x < x2 && y < y2 && map.owners[y * map.width + x] === owner;
  // An edge is named by its start corner and direction: 0 right, 1 down, 2 left, 3 up.
  const open = new Uint8Array(width * (y2 - y1 + 1) * 4);
  const name = (x: number, y: number, d: number): number => ((y - y1) * width + (x - x1)) * 4 + d;
  const starts: [number, number, number][] = [];
  const mark = (x: number, y: number, d: number): void => {
    open[name(x, y, d)] = 1;
    if (d === 0) starts.push([x, y, d]);
  };
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      if (map.owners[y * map.width + x] !== owner) continue;
      if (!owns(x, y - 1)) mark(x, y, 0);
      if (!owns(x + 1, y)) mark(x + 1, y, 1);
      if (!owns(x, y + 1)) mark(x + 1, y + 1, 2);
      if (!owns(x - 1, y)) mark(x, y + 1, 3);
    }
  }
  return starts.map((start) => follow(start, open, name, map.step)).join("");
}

function follow(
  start: [number, number, number],
  open: Uint8Array,
  name: (x: number, y: number, d: number) => number,
  step: number,
): string {
  let [x, y, d] = start;
  if (!open[name(x, y, d)]) return ""; // taken by an earlier loop
  const points: [number, number][] = [];
  while (open[name(x, y, d)]) {
    open[name(x, y, d)] = 0;
    const [dx, dy] = STEPS[d];
    points.push([x + dx / 2, y + dy / 2]);
    x += dx;
    y += dy;
    // Turn right first: where two pixels of the region meet at a corner they stay apart.
    d = [(d + 1) % 4, d, (d + 3) % 4].find((turn) => open[name(x, y, turn)]) ?? d;
  }
  const corners = points.filter((point, i) => {
    const before = points[(i + points.length - 1) % points.length];
    const after = points[(i + 1) % points.length];
    return (point[0] - before[0]) * (after[1] - point[1]) !== (point[1] - before[1]) * (after[0] - point[0]);
  });
  return `M${corners.map(([px, py]) => `${px * step} ${py * step}`).join("L")}Z`;
}
