/** All relations as a table, in the order of the graph. */

import { html, nothing, type TemplateResult } from "lit";
import { holdsAt, holdsWithin, sentence, type Graph, type GraphRelation } from "../data/graph.ts";
import { counted, score, short } from "../data/words.ts";
import { roving } from "../state/keys.ts";
import type { Store } from "../state/store.ts";
import { marking, nodeColour, onRelation } from "./marks.ts";

/** Letters of a name from which on it may be broken. */
const LONG = 24;

export function triplesView(store: Store, graph: Graph): TemplateResult {
  const { time } = store.address;
  const rows = time ? graph.relations.filter((relation) => holdsWithin(relation, time)) : graph.relations;
  const timed = graph.relations.some((relation) => relation.spans.length > 0);
  const { scored } = store.set;
  const stop = store.selection.relation ?? 0;
  return html`<section class="triples" aria-labelledby="triples-title">
    <div class="section-head">
      <h2 id="triples-title">Relations <span class="faint">${counted(rows.length, "relation")}${time ? ` in frames ${time[0]}–${time[1] - 1}` : ""}</span></h2>
    </div>
    ${rows.length === 0
      ? html`<p class="hint">${time ? "No relation holds in this stretch of time." : "This graph has no relations."}</p>`
      : html`<div class="table-room">
          <table>
            <thead>
              <tr>
                <th scope="col">subject</th><th scope="col">predicate</th><th scope="col">object</th>
                ${timed ? html`<th scope="col">frames</th>` : nothing} ${scored ? html`<th scope="col" class="number">score</th>` : nothing}
              </tr>
            </thead>
            <tbody @keydown=${(event: KeyboardEvent) => roving(event, "button")}>
              ${rows.map((relation) => rowView(store, graph, relation, { scored, timed, stop: relation.position === stop }))}
            </tbody>
          </table>
        </div>`}
  </section>`;
}

interface RowOptions {
  readonly scored: boolean;
  readonly timed: boolean;
  readonly stop: boolean;
}

/** First and last frame of every span, as people count stretches of time. */
export function spansText(relation: GraphRelation): string {
  return relation.spans.map(([start, stop]) => (stop - start === 1 ? `${start}` : `${start}–${stop - 1}`)).join(", ") || "all";
}

function rowView(store: Store, graph: Graph, relation: GraphRelation, { scored, timed, stop }: RowOptions): TemplateResult {
  const mark = marking(store, onRelation(relation.position));
  const { node } = store.active;
  const touches = node !== null && (relation.subject === node || relation.object === node);
  return html`<tr class="${mark.lit ? "lit" : touches ? "touched" : ""} ${mark.chosen ? "chosen" : ""} ${fitsChoice(store, graph, relation) ? "match" : ""}"
    @pointerenter=${mark.enter} @pointerleave=${mark.leave} @click=${mark.choose}>
    <td>${endView(store, graph, relation.subject)}</td>
    <td><button tabindex=${stop ? 0 : -1} aria-pressed=${mark.chosen ? "true" : "false"}
      aria-label=${short(sentence(graph, relation), 160)} @focus=${mark.enter} @blur=${mark.leave}>${short(relation.predicate, 40)}</button></td>
    <td>${endView(store, graph, relation.object)}</td>
    ${timed ? html`<td class=${holdsAt(relation, store.item?.frame ?? 0) ? "now" : "faint"}>${spansText(relation)}</td>` : nothing}
    ${scored ? html`<td class="number">${score(relation.score)}</td>` : nothing}
  </tr>`;
}

export function endView(store: Store, graph: Graph, id: number, set: string | null = null): TemplateResult {
  const label = graph.nodeOf.get(id)?.label ?? "";
  return html`<span class="end ${label.length > LONG ? "long" : ""}" title=${label.length > 40 ? short(label, 200) : nothing}
    ><span class="dot" .style=${`--colour:${nodeColour(store, id, set)}`}></span>${short(label, 40)}</span
  >`;
}

/** Whether a relation is one of those that the facets ask for; none stands out when nothing is chosen. */
function fitsChoice(store: Store, graph: Graph, relation: GraphRelation): boolean {
  const { subject, predicate, object, minScore } = store.address;
  if (subject === null && predicate === null && object === null) return false;
  return (
    (subject === null || graph.nodeOf.get(relation.subject)?.category === subject) &&
    (predicate === null || relation.predicate === predicate) &&
    (object === null || graph.nodeOf.get(relation.object)?.category === object) &&
    relation.score >= minScore
  );
}
