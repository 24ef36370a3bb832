/** Captions and questions that come with a video, in step with its frames. */

import { html, nothing, type TemplateResult } from "lit";
import { isRecord } from "../data/fetching.ts";
import type { Graph } from "../data/graph.ts";
import { counted, short } from "../data/words.ts";
import type { OpenItem } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { marking, onNode } from "./marks.ts";

interface Text {
  /** First and last frame that it speaks of; null: the whole. */
  readonly time: readonly [number, number] | null;
  readonly text: string;
  readonly answer: string | null;
}

const read = new WeakMap<Graph, readonly Text[]>();

export function textsView(store: Store, open: OpenItem, graph: Graph): TemplateResult | typeof nothing {
  let texts = read.get(graph);
  if (!texts) read.set(graph, (texts = textsOf(graph)));
  if (!texts.length) return nothing;
  return html`<section class="texts" aria-labelledby="texts-title">
    <div class="section-head"><h2 id="texts-title">Captions and questions <span class="faint">${counted(texts.length, "text")} of the data set</span></h2></div>
    <ul>${texts.map((text) => textView(store, open, graph, text))}</ul>
  </section>`;
}

function textView(store: Store, open: OpenItem, graph: Graph, { time, text, answer }: Text): TemplateResult {
  const now = time !== null && time[0] <= open.frame && open.frame <= time[1];
  return html`<li class=${now ? "now" : ""} aria-current=${now ? "true" : nothing}>
    ${time
      ? html`<button class="quiet" title="Go to frame ${time[0]}" @click=${() => store.go({ frame: Math.min(time[0], graph.frames - 1) }, "replace")}
          >${time[0] === time[1] ? time[0] : `${time[0]}–${time[1]}`}</button>`
      : html`<span class="faint whole">whole</span>`}
    <span>${withNodes(store, graph, text)} ${answer === null ? nothing : html`<b>${withNodes(store, graph, answer)}</b>`}</span>
  </li>`;
}

/** `the adult (4)`: the number of an object lights it up. */
function withNodes(store: Store, graph: Graph, text: string): (TemplateResult | string)[] {
  return short(text, 1500)
    .split(/(\(\d+\))/)
    .map((part) => {
      const id = /^\((\d+)\)$/.exec(part)?.[1];
      const node = id === undefined ? undefined : graph.nodeOf.get(Number(id));
      if (!node) return part;
      const mark = marking(store, onNode(node.id));
      return html`<button class="mention ${mark.lit ? "lit" : ""}" aria-label=${short(node.label, 60)} aria-pressed=${mark.chosen ? "true" : "false"}
        @pointerenter=${mark.enter} @pointerleave=${mark.leave} @focus=${mark.enter} @blur=${mark.leave} @click=${mark.choose}>${node.id}</button>`;
    });
}

/** PVSG's `captions`, `qa_pairs` and `summary`; what has another form is left out. */
function textsOf(graph: Graph): Text[] {
  const { captions, qa_pairs: questions, summary } = graph.metadata;
  const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
  const found: Text[] = [
    ...records(captions).map((each) => ({ time: timeOf(each.time), text: String(each.description ?? ""), answer: null })),
    ...records(questions).map((each) => ({ time: timeOf(each.time), text: String(each.question ?? ""), answer: String(each.answer ?? "") })),
  ].sort((a, b) => (a.time?.[0] ?? -1) - (b.time?.[0] ?? -1));
  return typeof summary === "string" && summary ? [{ time: null, text: summary, answer: null }, ...found] : found;
}

/** `0003-0010` or `0018`, frames, both ends included. */
function timeOf(value: unknown): [number, number] | null {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(String(value));
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : null;
}
