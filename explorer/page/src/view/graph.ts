/** The graph: nodes where they can be read, and the relations of the one that is active. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { pairs, relationsOf, type Graph, type GraphNode, type Pair } from "../data/graph.ts";
import { bow, layOut, loop, placeOnLine, type Block, type Curve, type Point } from "../data/layout.ts";
import { counted, short } from "../data/words.ts";
import type { ItemModel } from "../state/item.ts";
import { roving } from "../state/keys.ts";
import type { OpenItem } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { marking, nodeColour, onNode } from "./marks.ts";

const MIN_HEIGHT = 300;
const MAX_HEIGHT = 2400;
const ROOM_PER_NODE = 9000;
/** Of more nodes only those that are active are named; the names would cover each other. */
const DENSE = 60;
const RADIUS = 9;
/** The area that reacts is larger than the dot: 28 pixels across. */
const REACH = 14;
const LONGEST_NAME = 22;
/** Width of a letter and height of a line of the words in the graph, on average. */
const LETTER = 7;
const LINE = 16;
/** From the middle of a node to that of its name. */
const NAME_BELOW = RADIUS + 11;

interface Laid {
  readonly graph: Graph;
  readonly width: number;
  readonly height: number;
  readonly complete: boolean;
  readonly points: Map<number, Point>;
}

let width = 520;
let laid: Laid | null = null;

export function graphView(store: Store, open: OpenItem, item: ItemModel, graph: Graph): TemplateResult {
  const { points, height } = positions(item, graph);
  const shown = open.shownIn(item.set, store.active);
  const strong = pairs(shown.relations);
  const weak = store.showAllRelations ? pairs(graph.relations.filter((relation) => !shown.relations.includes(relation))) : [];
  const stop = store.selection.node ?? graph.nodes[0]?.id;
  return html`<section class="graph" aria-labelledby="graph-title">
    <div class="section-head">
      <h2 id="graph-title">Graph</h2>
      <label class="switch"><input type="checkbox" .checked=${store.showAllRelations}
        @change=${() => store.update(() => (store.showAllRelations = !store.showAllRelations))} /> all relations</label>
    </div>
    <div class="graph-room" ${ref((room) => watch(store, room))}>
      <svg class="${shown.roles.size ? "focused" : ""} ${graph.nodes.length > DENSE ? "dense" : ""}" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label="Graph of ${counted(graph.nodes.length, "node")}"
        @keydown=${(event: KeyboardEvent) => roving(event, ".graph-node")}>
        ${weak.map((pair) => edge(points, pair, false))} ${strong.map((pair) => edge(points, pair, true))}
        ${graph.nodes.map((node) => nodeView(store, graph, node, points, shown.roles.get(node.id), node.id === stop))}
        ${edgeLabels(graph, points, strong)}
      </svg>
    </div>
  </section>`;
}

function positions(item: ItemModel, graph: Graph): Laid {
  const height = Math.min(Math.max((graph.nodes.length * ROOM_PER_NODE) / width, MIN_HEIGHT), MAX_HEIGHT);
  const complete = item.map !== null;
  if (laid && laid.graph === graph && laid.width === width && laid.complete === complete) return laid;
  laid = { graph, width, height, complete, points: layOut(graph, item.centres(), width, height) };
  return laid;
}

const watched = new WeakSet<Element>();

/** Lay the graph out for the room that there is, again when the window changes. */
function watch(store: Store, room: Element | undefined): void {
  if (!room || watched.has(room)) return;
  watched.add(room);
  new ResizeObserver(([entry]) => {
    const now = Math.max(Math.floor(entry.contentRect.width), 240);
    if (now !== width) store.update(() => (width = now));
  }).observe(room);
}

function nodeView(
  store: Store,
  graph: Graph,
  node: GraphNode,
  points: ReadonlyMap<number, Point>,
  role: string | undefined,
  stop: boolean,
): TemplateResult {
  const { x, y } = points.get(node.id) as Point;
  const mark = marking(store, onNode(node.id));
  const touching = relationsOf(graph, node.id);
  const subjects = touching.filter((relation) => relation.subject === node.id).length;
  const spoken = `${short(node.label)}, subject of ${counted(subjects, "relation")}, object of ${touching.length - subjects}`;
  return svg`<g class="graph-node ${role ?? ""} ${touching.length ? "" : "lonely"}" role="button" tabindex=${stop ? 0 : -1}
      aria-label=${spoken} aria-pressed=${mark.chosen ? "true" : "false"} transform="translate(${x} ${y})"
      @pointerenter=${mark.enter} @pointerleave=${mark.leave} @focus=${mark.enter} @blur=${mark.leave} @click=${mark.choose}
      @keydown=${(event: KeyboardEvent) => pressed(event, mark.choose)}>
    <circle class="reach" r=${REACH} />
    <circle class="dot" r=${RADIUS} .style=${`--colour:${nodeColour(store, node.id)}`} />
    <text y=${RADIUS + 15}>${short(node.label, LONGEST_NAME)}</text>
  </g>`;
}

function pressed(event: KeyboardEvent, choose: () => void): void {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  choose();
}

function curve(points: ReadonlyMap<number, Point>, pair: Pair): Curve {
  const from = points.get(pair.subject) as Point;
  const to = points.get(pair.object) as Point;
  // The bow of the other direction lies on the other side by itself.
  return pair.subject === pair.object ? loop(from, RADIUS) : bow(from, to, RADIUS + 4, 18);
}

function edge(points: ReadonlyMap<number, Point>, pair: Pair, strong: boolean): TemplateResult {
  const { path, tip, angle } = curve(points, pair);
  return svg`<g class="edge ${strong ? "strong" : "weak"}"><path class="line" d=${path} />
    ${strong ? svg`<path class="head" d="M0 0L-9 -4.5L-9 4.5Z" transform="translate(${tip.x} ${tip.y}) rotate(${angle})" />` : nothing}</g>`;
}

/** The words of the edges, where they cover neither nodes and their names nor each other, if there is such a place. */
function edgeLabels(graph: Graph, points: ReadonlyMap<number, Point>, shown: readonly Pair[]): TemplateResult[] {
  const taken: Block[] = graph.nodes.flatMap((node) => {
    const { x, y } = points.get(node.id) as Point;
    const name = { x, y: y + NAME_BELOW, width: LETTER * short(node.label, LONGEST_NAME).length, height: LINE };
    return [{ x, y, width: 2 * RADIUS, height: 2 * RADIUS }, name];
  });
  return shown.map((pair) => {
    const words = short(pair.words, LONGEST_NAME);
    const place = placeOnLine(curve(points, pair), LETTER * words.length, LINE, taken);
    taken.push(place);
    return svg`<rect class="edge-ground" x=${place.x - place.width / 2} y=${place.y - 7} width=${place.width} height="14" rx="3" />
      <text class="edge-label" x=${place.x} y=${place.y} dy="4">${words}</text>`;
  });
}
