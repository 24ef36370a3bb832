/** The picture with its segments: point at one to see its name, outline and relations. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { pairs, relationsOf, type Graph, type Pair } from "../data/graph.ts";
import { bow, loop, type Curve } from "../data/layout.ts";
import type { IdMap } from "../data/masks.ts";
import type { Outline } from "../data/outlines.ts";
import { counted, score, short } from "../data/words.ts";
import type { ItemModel } from "../state/item.ts";
import { NO_MARK, type OpenItem, type Shown } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { nodeColour, onNode } from "./marks.ts";
import { spreadTags } from "./tags.ts";

/** More arrows at a node carry no words in the picture; the graph and the table have them. */
const WORDED_ARROWS = 6;

/** The picture with one graph on it; with several side by side each has a title. */
export function stageView(store: Store, open: OpenItem, item: ItemModel, graph: Graph, title: TemplateResult | null = null): TemplateResult {
  const shown = open.shownIn(item.set, store.active);
  const { width, height } = graph;
  const at = (event: MouseEvent): number | null => {
    const area = (event.currentTarget as Element).getBoundingClientRect();
    const x = ((event.clientX - area.left) / area.width) * width;
    const y = ((event.clientY - area.top) / area.height) * height;
    return item.nodeAt(x, y)?.id ?? null;
  };
  return html`<figure class="stage" aria-label="Picture with segments${title ? ` of ${short(item.set, 30)}` : ""}">
    ${title ? html`<div class="stage-title">${title}</div>` : nothing}
    <div class="frame ${shown.roles.size ? "focused" : ""}" .style=${`--ratio:${width / height}`} data-frame=${open.frame}
      @pointermove=${(event: PointerEvent) => pointAt(store, item, at(event))}
      @pointerleave=${() => store.point(NO_MARK)}
      @click=${(event: MouseEvent) => selectAt(store, item, at(event))}>
      ${pictureView(open, item, graph)}
      <canvas class="masks ${store.showMasks ? "" : "off"}" aria-hidden="true" ${ref((canvas) => paint(store, item, canvas))}></canvas>
      ${overlay(store, item, graph, shown)}
      <div class="tags" aria-hidden="true" ${ref((room) => spreadTags(room))}>${tags(store, item, graph, shown)}</div>
    </div>
    <figcaption class="stage-tools">
      <label class="switch"><input type="checkbox" .checked=${store.showMasks}
        @change=${() => store.update(() => (store.showMasks = !store.showMasks))} /> masks</label>
      <span class="faint">${width} × ${height}</span>
    </figcaption>
  </figure>`;
}

function pictureView(open: OpenItem, item: ItemModel, graph: Graph): TemplateResult | typeof nothing {
  const name = `Picture of item ${short(item.id, 60)}${graph.frames > 1 ? `, frame ${open.frame}` : ""}`;
  if (open.isVideo) {
    return html`<canvas class="picture" role="img" aria-label=${name} data-frame=${open.frame}
      ${ref((canvas) => paintPicture(open, canvas))}></canvas>`;
  }
  if (!item.pictureUrl) return nothing;
  return html`<img src=${item.pictureUrl} alt=${name} width=${graph.width} height=${graph.height}
    @load=${(event: Event) => pictureArrived(item, event)} @error=${() => item.pictureFailed()} />`;
}

const drawn = new WeakMap<Element, ImageBitmap>();

/** In the same task as the masks, so that both are on the screen together. */
function paintPicture(open: OpenItem, element: Element | undefined): void {
  const { picture } = open;
  if (!(element instanceof HTMLCanvasElement) || !picture || drawn.get(element) === picture) return;
  drawn.set(element, picture);
  element.width = picture.width;
  element.height = picture.height;
  element.getContext("2d")?.drawImage(picture, 0, 0);
}

function pointAt(store: Store, item: ItemModel, node: number | null): void {
  store.point(node === null ? NO_MARK : onNode(node, item.set));
}

function selectAt(store: Store, item: ItemModel, node: number | null): void {
  const { selection } = store;
  const same = node === selection.node && item.set === selection.set;
  store.select(node === null || same ? NO_MARK : onNode(node, item.set));
}

function pictureArrived(item: ItemModel, event: Event): void {
  const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
  item.pictureLoaded(naturalWidth, naturalHeight);
}

const painted = new WeakMap<Element, { readonly map: IdMap; readonly colours: string }>();

/** Fill the canvas with the colours of the segments, once for every map and its colours. */
function paint(store: Store, item: ItemModel, element: Element | undefined): void {
  const { map, graph } = item;
  if (!(element instanceof HTMLCanvasElement) || !map || !graph) return;
  const names = graph.nodes.map((node) => nodeColour(store, node.id, item.set));
  const known = painted.get(element);
  if (known?.map === map && known.colours === names.join()) return;
  painted.set(element, { map, colours: names.join() });
  element.width = map.width;
  element.height = map.height;
  const context = element.getContext("2d");
  if (!context) return;
  const image = context.createImageData(map.width, map.height);
  const colours = new Uint32Array(names.map(pixel));
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = map.owners[i] < 0 ? 0 : colours[map.owners[i]];
  context.putImageData(image, 0, 0);
}

/** `#rrggbb` as an opaque pixel of a canvas (bytes red, green, blue, alpha). */
export function pixel(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

function overlay(store: Store, item: ItemModel, graph: Graph, shown: Shown): TemplateResult {
  const unit = Math.max(graph.width, graph.height) / 100;
  const outlines = [...shown.roles].map(([id, role]) => ({ id, role, outline: item.outline(id) }));
  const arrows = pairs(shown.relations).map((pair) => arrow(item, pair, unit));
  return html`<svg class="overlay" viewBox="0 0 ${graph.width} ${graph.height}" preserveAspectRatio="none" aria-hidden="true">
    ${outlines.map(({ id, role, outline }) =>
      outline
        ? svg`<g class="region ${role}" .style=${`--colour:${nodeColour(store, id, item.set)}`}>
            <path class="fill" d=${outline.path} /><path class="casing" d=${outline.path} /><path class="line" d=${outline.path} /></g>`
        : nothing,
    )}
    ${arrows.map(({ path, tip, angle }) =>
      path
        ? svg`<g class="arrow"><path class="casing" d=${path} /><path class="line" d=${path} />
            <path class="head" d="M0 0L${-2.4 * unit} ${-1.2 * unit}L${-2.4 * unit} ${1.2 * unit}Z" transform="translate(${tip.x} ${tip.y}) rotate(${angle})" /></g>`
        : nothing,
    )}
  </svg>`;
}

function arrow(item: ItemModel, pair: Pair, unit: number): Partial<Curve> & Pick<Curve, "tip" | "angle"> {
  const from = item.outline(pair.subject)?.centre;
  const to = item.outline(pair.object)?.centre;
  if (!from || !to) return { tip: { x: 0, y: 0 }, angle: 0 };
  const start = { x: from[0], y: from[1] };
  if (pair.subject === pair.object) return loop(start, 3 * unit);
  return bow(start, { x: to[0], y: to[1] }, 0.5 * unit, 4 * unit);
}

function tags(store: Store, item: ItemModel, graph: Graph, shown: Shown): TemplateResult[] {
  const unit = Math.max(graph.width, graph.height) / 100;
  const place = (x: number, y: number): string => `left:${((100 * x) / graph.width).toFixed(2)}%;top:${((100 * y) / graph.height).toFixed(2)}%`;
  const named = [...shown.roles].flatMap(([id, role]) => {
    const outline = item.outline(id);
    const node = graph.nodeOf.get(id);
    if (!outline || !node || (role === "other" && shown.roles.size > WORDED_ARROWS)) return [];
    const extra = role === "node" ? nodeNote(store, graph, id) : "";
    return [
      html`<span class="tag ${role}" .style=${place(middle(outline), outline.box[1])}
        >${short(node.label, 40)}${extra ? html`<small>${extra}</small>` : nothing}</span>`,
    ];
  });
  if (shown.relations.length > WORDED_ARROWS) return named;
  const worded = pairs(shown.relations).flatMap((pair) => {
    const { label } = arrow(item, pair, unit);
    return label ? [html`<span class="tag predicate" .style=${place(label.x, label.y)}>${short(pair.words, 40)}</span>`] : [];
  });
  return [...worded, ...named];
}

function middle(outline: Outline): number {
  return (outline.box[0] + outline.box[2]) / 2;
}

function nodeNote(store: Store, graph: Graph, id: number): string {
  const node = graph.nodeOf.get(id);
  const relations = counted(relationsOf(graph, id).length, "relation");
  return node && store.set.scored ? `${relations} · ${score(node.score)}` : relations;
}
