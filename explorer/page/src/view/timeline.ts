/** Time: a scrubber, a stretch to look at, and one row a relation with the spans in which it holds. */

import { html, nothing, type TemplateResult } from "lit";
import { holdsAt, holdsWithin, sentence, type Graph, type GraphRelation } from "../data/graph.ts";
import { counted, short } from "../data/words.ts";
import { roving, setTime } from "../state/keys.ts";
import type { OpenItem } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { citedRelations, citedSpans } from "./ask.ts";
import { icons } from "./icons.ts";
import { marking, onRelation } from "./marks.ts";
import { spansText } from "./triples.ts";

type Spans = readonly (readonly [number, number])[];

export function timelineView(store: Store, open: OpenItem): TemplateResult | typeof nothing {
  const { graph } = open.main;
  if (!graph || graph.frames < 2) return nothing;
  const { time } = store.address;
  const rows = graph.relations
    .filter((relation) => time === null || holdsWithin(relation, time))
    .sort((a, b) => (a.spans[0]?.[0] ?? 0) - (b.spans[0]?.[0] ?? 0) || a.position - b.position);
  const stop = rows.find((relation) => relation.position === store.selection.relation) ?? rows[0];
  return html`<section class="timeline" aria-labelledby="timeline-title" .style=${`--at:${(open.frame + 0.5) / graph.frames}`}>
    <div class="section-head">
      <h2 id="timeline-title">Time <span class="faint">${counted(rows.length, "relation")}${time ? ` in frames ${time[0]}–${time[1] - 1}` : ""}</span></h2>
      ${stretchTools(store)}
    </div>
    ${transport(store, open, graph)}
    ${rows.length
      ? html`<ul class="lanes" @keydown=${(event: KeyboardEvent) => roving(event, "button")}>
          ${rows.map((relation) => lane(store, open, graph, relation, relation === stop))}
        </ul>`
      : html`<p class="hint">No relation holds in this stretch of time.</p>`}
  </section>`;
}

function stretchTools(store: Store): TemplateResult {
  return html`<span class="stretch-tools">
    <button class="quiet" title="The stretch begins here (b)" @click=${() => setTime(store, "begin")}>from here</button>
    <button class="quiet" title="The stretch ends here (e)" @click=${() => setTime(store, "end")}>until here</button>
    ${store.address.time ? html`<button class="quiet" @click=${() => store.go({ time: null }, "replace")}>all of it</button>` : nothing}
  </span>`;
}

function transport(store: Store, open: OpenItem, graph: Graph): TemplateResult {
  const { playing } = open.player;
  const seconds = graph.fps ? ` · ${(open.frame / graph.fps).toFixed(1)} s` : "";
  return html`<div class="transport">
    <span class="transport-tools">
      <button class="icon-button" aria-label=${playing ? "Pause" : "Play"} title="${playing ? "Pause" : "Play"} (Space)" @click=${() => open.player.toggle()}>
        ${playing ? icons.pause : icons.play}
      </button>
      <span class="frame-number">frame ${open.frame}<span class="faint">${seconds}</span></span>
    </span>
    <span class="ruler">
      <input type="range" min="0" max=${graph.frames - 1} .value=${String(open.frame)} aria-label="Frame" aria-valuetext="frame ${open.frame} of ${graph.frames}"
        @input=${(event: Event) => seek(store, open, Number((event.target as HTMLInputElement).value))} />
      <span class="brush" title="Drag to look at a stretch of time" @pointerdown=${(event: PointerEvent) => brush(store, graph.frames, event)}>
        ${store.address.time ? bar(store.address.time, graph.frames, "chosen-time") : nothing}
        ${citedSpans(store).map((span) => bar(span, graph.frames, "cited"))}
      </span>
    </span>
  </div>`;
}

function seek(store: Store, open: OpenItem, frame: number): void {
  if (open.player.playing) open.player.stop();
  store.go({ frame }, "replace");
}

/** Drag over the strip below the scrubber; a click without a drag takes the stretch away. */
function brush(store: Store, frames: number, down: PointerEvent): void {
  const strip = down.currentTarget as HTMLElement;
  const area = strip.getBoundingClientRect();
  const frameAt = (x: number): number => Math.min(Math.max(Math.floor(((x - area.left) / area.width) * frames), 0), frames - 1);
  const start = frameAt(down.clientX);
  strip.setPointerCapture(down.pointerId);
  const move = (event: PointerEvent): void => {
    const now = frameAt(event.clientX);
    if (now === start) return;
    store.go({ time: [Math.min(start, now), Math.max(start, now) + 1], frame: Math.min(start, now) }, "replace");
  };
  const up = (event: PointerEvent): void => {
    strip.removeEventListener("pointermove", move);
    if (frameAt(event.clientX) === start) store.go({ time: null, frame: start }, "replace");
  };
  strip.addEventListener("pointermove", move);
  strip.addEventListener("pointerup", up, { once: true });
}

function lane(store: Store, open: OpenItem, graph: Graph, relation: GraphRelation, stop: boolean): TemplateResult {
  const mark = marking(store, onRelation(relation.position));
  const { node } = store.active;
  const touched = node !== null && (relation.subject === node || relation.object === node);
  const all: Spans = [[0, graph.frames]];
  const spans = relation.spans.length ? relation.spans : all;
  const state = `${mark.lit ? "lit" : touched ? "touched" : ""} ${mark.chosen ? "chosen" : ""} ${holdsAt(relation, open.frame) ? "holds" : ""} ${citedRelations(store).has(relation.position) ? "cited" : ""}`;
  const words = sentence(graph, relation);
  return html`<li class="lane ${state}" @pointerenter=${mark.enter} @pointerleave=${mark.leave}>
    <button tabindex=${stop ? 0 : -1} aria-pressed=${mark.chosen ? "true" : "false"} aria-label="${short(words, 120)}, frames ${spansText(relation)}"
      title=${words.length > 34 ? short(words, 200) : nothing} @focus=${mark.enter} @blur=${mark.leave} @click=${mark.choose}>${short(words, 60)}</button>
    <span class="track" @click=${(event: MouseEvent) => jump(store, graph, relation, event)}>
      ${spans.map((span) => bar(span, graph.frames, "span"))}
      ${partners(store, open, relation).map((each) => each.map((span) => bar(span, graph.frames, "partner")))}
    </span>
  </li>`;
}

/** Where the relations that correspond in the compared sets hold. */
function partners(store: Store, open: OpenItem, relation: GraphRelation): Spans[] {
  const own = open.matchOf(store.set.name);
  const truth = own ? own.toTruth(relation.position) : relation.position;
  if (truth === null) return [];
  return [...open.models].flatMap(([set, model]) => {
    if (set === store.set.name) return [];
    const match = open.matchOf(set);
    const partner = match ? match.fromTruth(truth) : truth;
    const found = partner === null ? undefined : model.graph?.relations[partner];
    return found ? [found.spans] : [];
  });
}

function jump(store: Store, graph: Graph, relation: GraphRelation, event: MouseEvent): void {
  const area = (event.currentTarget as Element).getBoundingClientRect();
  const frame = Math.min(Math.max(Math.floor(((event.clientX - area.left) / area.width) * graph.frames), 0), graph.frames - 1);
  store.item?.player.stop();
  store.go({ relation: relation.position, node: null, frame }, "replace");
}

function bar([start, stop]: readonly [number, number], frames: number, kind: string): TemplateResult {
  return html`<i class="bar ${kind}" .style=${`left:${((100 * start) / frames).toFixed(3)}%;width:${((100 * (stop - start)) / frames).toFixed(3)}%`}></i>`;
}
