/**
 * Points in metres, which a reader can turn: those of the frame that is shown, from its depth, or the cloud of the
 * whole scene that `groundgraph fuse` made. Loaded when an item that has either is opened.
 */

import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { centresOf, fitted, loadCloud, pivotOf, projector, splat, START_ORBIT, type Cloud, type Orbit } from "../data/cloud.ts";
import { LoadError } from "../data/fetching.ts";
import { readGlb } from "../data/glb.ts";
import type { Graph } from "../data/graph.ts";
import { cloudOf, usualCamera } from "../data/scan.ts";
import { counted, short } from "../data/words.ts";
import { depthUrl } from "../state/item.ts";
import type { OpenItem, Shown } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { nodeColour } from "./marks.ts";
import { pixel } from "./stage.ts";
import { spreadTags } from "./tags.ts";

const TURN = Math.PI / 24;
const ZOOM = 1.15;
const WIDTH = 640;
/** Nodes with fewer points carry no name until they are pointed at. */
const NAMED_POINTS = 60;

interface Scene {
  readonly open: OpenItem;
  /** null: the whole scene. */
  readonly frame: number | null;
  readonly cloud: Cloud;
  readonly centres: readonly ([number, number, number] | null)[];
}

/** A little aside and from above: there depth is seen at once. */
const ASIDE: Orbit = { yaw: 0.3, pitch: 0.18, zoom: 1 };

let scene: Scene | null = null;
let wanted: { readonly open: OpenItem; readonly key: string } | null = null;
let problem: string | null = null;
let orbit: Orbit = START_ORBIT;
let pivot: { open: OpenItem; at: readonly number[] } | null = null;
let painted = false;
/** Whether the whole scene is shown rather than the frame, where an item has both. */
let whole = false;

export function spaceView(store: Store, open: OpenItem, graph: Graph): TemplateResult | typeof nothing {
  if (!open.cloud && (!graph.camera || open.row === null)) return nothing;
  want(store, open, graph);
  const current = scene?.open === open ? scene : null;
  const where = current?.frame === null ? "the whole scene" : `frame ${current?.frame}`;
  const shown = open.shownIn(open.main.set, store.active);
  const height = heightOf(graph);
  const turn = (patch: Partial<Orbit>): void => store.update(() => (orbit = { ...orbit, ...patch }));
  return html`<section class="space" aria-labelledby="space-title">
    <div class="section-head"><h2 id="space-title">Space <span class="faint">${current ? `${counted(current.cloud.count, "point")}, ${where}` : problem ? nothing : "Loading …"}</span></h2>
      <span class="space-tools">${open.cloud && open.hasDepth
        ? html`<label class="switch"><input type="checkbox" .checked=${whole} @change=${() => store.update(() => (whole = !whole))} /> whole scene</label>`
        : nothing}
      <label class="switch"><input type="checkbox" .checked=${painted} @change=${() => store.update(() => (painted = !painted))} /> picture</label>
      <button class="quiet" title="As the camera saw it" @click=${() => turn(START_ORBIT)}>front</button></span></div>
    ${problem ? html`<p class="hint">${short(problem, 300)}</p>` : nothing}
    <div class="space-room" tabindex="0" role="group" aria-label="Points in space; the arrow keys turn them, plus and minus come nearer and go away"
      @keydown=${(event: KeyboardEvent) => keyed(event, turn)} @wheel=${(event: WheelEvent) => wheeled(event, turn)}
      @pointerdown=${(event: PointerEvent) => dragged(event, turn)}>
      <canvas width=${WIDTH} height=${height} aria-hidden="true" ${ref((canvas) => paint(store, graph, shown, canvas))}></canvas>
      <div class="tags" aria-hidden="true" ${ref((room) => spreadTags(room))}>${current ? names(graph, current, shown, height) : nothing}</div>
      ${current ? lines(graph, current, shown, height) : nothing}
    </div>
  </section>`;
}

/** Fetch the points that are to be shown; those of the last frame stay until they are there. */
function want(store: Store, open: OpenItem, graph: Graph): void {
  const frame = open.cloud && (whole || !open.hasDepth) ? null : open.frame;
  const key = `${open.id} ${open.main.set} ${frame}`;
  if (wanted?.open === open && wanted.key === key) return;
  const loading = frame === null ? loadWhole(open, graph) : loadFrame(store, open, graph, frame);
  if (!loading) return;
  const mine = { open, key };
  wanted = mine;
  loading.then(
    (cloud) => {
      if (wanted !== mine) return;
      if (pivot?.open !== open) {
        const [at, height] = [pivotOf(cloud), heightOf(graph)];
        pivot = { open, at };
        orbit = fitted(ASIDE, cloud, WIDTH, height, (from) => viewFrom(from, at, graph, height));
      }
      store.update(() => {
        problem = null;
        scene = { open, frame, cloud, centres: centresOf(cloud, graph.nodes.length) };
      });
    },
    (error: unknown) => {
      if (wanted !== mine || store.item !== open) return; // an item that was closed has no pictures any more
      if (!(error instanceof LoadError)) console.error(error);
      store.update(() => (problem = error instanceof LoadError ? error.message : "The points cannot be shown."));
    },
  );
}

async function loadWhole(open: OpenItem, graph: Graph): Promise<Cloud> {
  const bytes = await open.cloud?.();
  if (!bytes) throw new LoadError("There is no cloud of the whole scene.");
  return cloudOf(readGlb(bytes), graph);
}

/** null until the picture and the masks of the frame are there: its points take colours and names from them. */
function loadFrame(store: Store, open: OpenItem, graph: Graph, frame: number): Promise<Cloud> | null {
  const { items } = store;
  const { map } = open.main;
  if (!items || open.row === null || !map || !open.picture || open.main.frame !== frame) return null;
  return loadCloud(depthUrl(items, open.row, frame), graph, map, open.picture, frame);
}

type Project = ReturnType<typeof projector>;

function view(graph: Graph, height: number): Project | null {
  return pivot ? viewFrom(orbit, pivot.at, graph, height) : null;
}

function viewFrom(from: Orbit, at: readonly number[], graph: Graph, height: number): Project {
  return projector(from, at, graph.camera ?? usualCamera(graph), graph, WIDTH, height);
}

function heightOf(graph: Graph): number {
  return Math.round((WIDTH * graph.height) / graph.width);
}

let last: readonly unknown[] = [];

function paint(store: Store, graph: Graph, shown: Shown, element: Element | undefined): void {
  if (!(element instanceof HTMLCanvasElement) || !scene || scene.open !== store.item) return;
  const project = view(graph, element.height);
  const context = element.getContext("2d");
  if (!project || !context) return;
  const { cloud } = scene;
  const names = graph.nodes.map((node) => nodeColour(store, node.id));
  const key = [element, scene, orbit, painted, [...shown.roles.keys()].join(), names.join()];
  if (key.every((part, i) => part === last[i])) return;
  last = key;
  const colours = names.map(pixel);
  const lit = graph.nodes.map((node) => shown.roles.size === 0 || shown.roles.has(node.id));
  const image = context.createImageData(element.width, element.height);
  splat(image, cloud, project, (i) => {
    const owner = cloud.owners[i];
    const base = painted || owner < 0 ? cloud.colours[i] : colours[owner];
    return owner >= 0 && lit[owner] ? base : faded(base);
  }, 4);
  context.putImageData(image, 0, 0);
}

/** A quarter opaque: what is not marked steps back on both themes. */
function faded(colour: number): number {
  return ((colour & 0x00ffffff) | 0x40000000) >>> 0;
}

function names(graph: Graph, { cloud, centres }: Scene, shown: Shown, height: number): (TemplateResult | typeof nothing)[] {
  const project = view(graph, height);
  const sizes = new Uint32Array(graph.nodes.length);
  for (const owner of cloud.owners.subarray(0, cloud.count)) if (owner >= 0) sizes[owner]++;
  return graph.nodes.map((node, owner) => {
    const centre = centres[owner];
    const role = shown.roles.get(node.id);
    const named = role ?? (shown.roles.size === 0 && node.isThing && sizes[owner] >= NAMED_POINTS);
    if (!project || !centre || !named) return nothing;
    const [x, y, z] = project(...centre);
    if (z <= 0.05 || x < 0 || y < 0 || x > WIDTH || y > height) return nothing;
    return html`<span class="tag ${role ?? "quiet"}" .style=${`left:${((100 * x) / WIDTH).toFixed(2)}%;top:${((100 * y) / height).toFixed(2)}%`}>${short(node.label, 30)}</span>`;
  });
}

/** The relations that are marked, from middle to middle. */
function lines(graph: Graph, { centres }: Scene, shown: Shown, height: number): TemplateResult {
  const project = view(graph, height);
  const place = new Map(graph.nodes.map((node, owner) => [node.id, centres[owner]]));
  const ends = shown.relations.flatMap(({ subject, object }) => {
    const [from, to] = [place.get(subject), place.get(object)];
    return project && from && to ? [[project(...from), project(...to)]] : [];
  });
  return html`<svg class="overlay" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <path class="casing" d=${ends.map(([[a, b], [c, d]]) => `M${a} ${b}L${c} ${d}`).join("")} /><path class="line" d=${ends.map(([[a, b], [c, d]]) => `M${a} ${b}L${c} ${d}`).join("")} />
  </svg>`;
}

type Turn = (patch: Partial<Orbit>) => void;

function keyed(event: KeyboardEvent, turn: Turn): void {
  const { yaw, pitch, zoom } = orbit;
  const patch: Partial<Orbit> | undefined = {
    ArrowLeft: { yaw: yaw - TURN },
    ArrowRight: { yaw: yaw + TURN },
    ArrowUp: { pitch: pitch + TURN },
    ArrowDown: { pitch: pitch - TURN },
    "+": { zoom: zoom * ZOOM },
    "-": { zoom: zoom / ZOOM },
  }[event.key];
  if (!patch) return;
  event.preventDefault();
  turn(patch);
}

function wheeled(event: WheelEvent, turn: Turn): void {
  event.preventDefault();
  turn({ zoom: Math.min(Math.max(orbit.zoom * (event.deltaY < 0 ? ZOOM : 1 / ZOOM), 0.2), 8) });
}

function dragged(down: PointerEvent, turn: Turn): void {
  const room = down.currentTarget as HTMLElement;
  const { yaw, pitch } = orbit;
  room.setPointerCapture(down.pointerId);
  const move = (event: PointerEvent): void =>
    turn({ yaw: yaw + (event.clientX - down.clientX) / 150, pitch: pitch - (event.clientY - down.clientY) / 150 });
  room.addEventListener("pointermove", move);
  room.addEventListener("pointerup", () => room.removeEventListener("pointermove", move), { once: true });
}
