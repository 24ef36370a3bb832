/** Positions for the drawing of a graph: forces, started from where things are in the picture. */

import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { Graph } from "./graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Body extends SimulationNodeDatum {
  readonly id: number;
  readonly reach: number;
  x: number;
  y: number;
}

const MARGIN = 30;
const LABEL_ROOM = 26;
const MAX_STRETCH = 1.7;
/** More nodes need all of the room: what leaves it is put back, for shrinking it all would push dots onto each other. */
const CROWDED = 150;

/**
 * The same graph in the same room always gets the same positions.
 *
 * @param centres where each node is in the picture, as fractions of its width and height.
 */
export function layOut(
  graph: Graph,
  centres: ReadonlyMap<number, readonly [number, number]>,
  width: number,
  height: number,
): Map<number, Point> {
  const bodies: Body[] = graph.nodes.map((node, position) => {
    const [fx, fy] = centres.get(node.id) ?? [((position * 7) % 11) / 11, ((position * 5) % 13) / 13];
    // Half the width of the label, so that labels do not run into each other.
    const reach = Math.min(12 + 3.4 * node.label.length, 60);
    return { id: node.id, reach, x: MARGIN + fx * (width - 2 * MARGIN), y: MARGIN + fy * (height - 2 * MARGIN) };
  });
  const known = new Map(bodies.map((body) => [body.id, body]));
  const links: SimulationLinkDatum<Body>[] = graph.relations
    .filter((relation) => relation.subject !== relation.object)
    .map((relation) => ({ source: known.get(relation.subject) as Body, target: known.get(relation.object) as Body }));
  const spread = Math.sqrt((width * height) / Math.max(bodies.length, 1));
  const crowded = bodies.length > CROWDED;
  forceSimulation(bodies)
    .force("link", forceLink(links).distance(Math.min(spread * 0.9, 140)).strength(0.25))
    .force("charge", forceManyBody().strength(-spread * 2.2).distanceMax(crowded ? 3 * spread : Infinity))
    .force("collide", forceCollide<Body>((body) => Math.min(body.reach, spread * 0.55)).iterations(2))
    .force("x", forceX<Body>(width / 2).strength(0.06))
    .force("y", forceY<Body>(height / 2).strength(crowded ? 0.1 * Math.min(1, (width / height) ** 2) : 0.1))
    .force("room", crowded ? () => bodies.forEach((body) => keepInside(body, width, height)) : null)
    .stop()
    .tick(crowded ? 80 : 240);
  return filling(bodies, width, height);
}

function keepInside(body: Body, width: number, height: number): void {
  body.x = Math.min(Math.max(body.x, MARGIN), width - MARGIN);
  body.y = Math.min(Math.max(body.y, MARGIN), height - MARGIN);
}

/** Stretch the positions to the room, up to a limit, so that a small graph does not huddle in its middle. */
function filling(bodies: readonly Body[], width: number, height: number): Map<number, Point> {
  const stretched = (values: number[], low: number, high: number): ((value: number) => number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const scale = Math.min((high - low) / Math.max(most - least, 1), MAX_STRETCH);
    const middle = (least + most) / 2;
    return (value) => (low + high) / 2 + (value - middle) * scale;
  };
  const side = Math.min(Math.max(...bodies.map((body) => body.reach), MARGIN), width / 3);
  const toX = stretched(bodies.map((body) => body.x), side, width - side);
  const toY = stretched(bodies.map((body) => body.y), MARGIN, height - LABEL_ROOM - MARGIN / 2);
  return new Map(bodies.map((body) => [body.id, { x: toX(body.x), y: toY(body.y) }]));
}

/** A line with an arrow's tip; `label` is the usual place of its words, `along` others from its start (0) to its tip (1). */
export interface Curve {
  readonly path: string;
  readonly label: Point;
  readonly tip: Point;
  readonly angle: number;
  readonly along: (part: number) => Point;
}

/** A bowed line between two points that stops short of both. */
export function bow(from: Point, to: Point, gap: number, bend: number): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const control = { x: (from.x + to.x) / 2 - uy * bend, y: (from.y + to.y) / 2 + ux * bend };
  const start = towards(from, control, gap);
  const tip = towards(to, control, gap);
  const between = (axis: "x" | "y", t: number): number => (1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * tip[axis];
  const along = (t: number): Point => ({ x: between("x", t), y: between("y", t) });
  const angle = (Math.atan2(tip.y - control.y, tip.x - control.x) * 180) / Math.PI;
  return { path: `M${start.x} ${start.y}Q${control.x} ${control.y} ${tip.x} ${tip.y}`, label: along(0.5), tip, angle, along };
}

/** A node that relates to itself: a loop above it. */
export function loop(at: Point, gap: number): Curve {
  const top = at.y - gap * 3.2;
  const tip = { x: at.x + gap * 0.7, y: at.y - gap * 0.8 };
  const label = { x: at.x, y: at.y - gap * 2.8 };
  return {
    path: `M${at.x - gap * 0.7} ${tip.y}C${at.x - gap * 2} ${top} ${at.x + gap * 2} ${top} ${tip.x} ${tip.y}`,
    label,
    tip,
    angle: 110,
    along: () => label,
  };
}

/** A rectangle around a point. */
export interface Block extends Point {
  readonly width: number;
  readonly height: number;
}

/** Places along a line at which its words may stand, the usual one first. */
const PARTS = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];

/** Where on its line, or else close above or below it, a label covers the least of what is there already. */
export function placeOnLine(curve: Curve, width: number, height: number, taken: readonly Block[]): Block {
  const on = PARTS.map((part) => ({ ...curve.along(part), width, height }));
  const blocks = [0, -height, height].flatMap((aside) => on.map((block) => ({ ...block, y: block.y + aside })));
  const covers = blocks.map((block) => taken.reduce((sum, other) => sum + overlap(block, other), 0));
  return blocks[covers.indexOf(Math.min(...covers))];
}

function overlap(a: Block, b: Block): number {
  const width = (a.width + b.width) / 2 - Math.abs(a.x - b.x);
  const height = (a.height + b.height) / 2 - Math.abs(a.y - b.y);
  return Math.max(width, 0) * Math.max(height, 0);
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(distance / length, 0.45);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
