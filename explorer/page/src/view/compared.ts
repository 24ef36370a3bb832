/** True and predicted relations of one item by state: found, missed, extra. */

import { html, nothing, type TemplateResult } from "lit";
import type { State } from "../data/comparison.ts";
import { holdsWithin, sentence, type Graph, type GraphRelation } from "../data/graph.ts";
import { counted, score, short } from "../data/words.ts";
import { roving } from "../state/keys.ts";
import { stateIn, type OpenItem } from "../state/open.ts";
import { stateAsked, type Rival } from "../state/rivals.ts";
import type { Store } from "../state/store.ts";
import { marking, onRelation } from "./marks.ts";
import { endView } from "./triples.ts";

interface Row {
  readonly set: string;
  readonly graph: Graph;
  readonly relation: GraphRelation;
  /** States against the compared sets, in their order. */
  readonly states: readonly (State | null)[];
}

export function sideTitle(store: Store, open: OpenItem, set: string): TemplateResult {
  const rival = store.rivals.find((each) => each.set.name === set);
  const found = rival && open.row !== null ? rival.scores.found[open.row] : null;
  const total = rival && open.row !== null ? rival.scores.truths[open.row] : 0;
  return html`<b>${short(set, 30)}</b>${found === null ? nothing : html` <span class="faint">finds ${found} of ${total}</span>`}`;
}

export function comparedView(store: Store, open: OpenItem): TemplateResult {
  const { time } = store.address;
  const asked = store.rivals.map((_, position) => stateAsked(store.address, position)).filter((state) => state !== null);
  const rows = rowsOf(store, open).filter(
    ({ relation, states }) =>
      (time === null || holdsWithin(relation, time)) &&
      states.every((state, position) => [null, state].includes(stateAsked(store.address, position))),
  );
  const selected = rows.find(({ set, relation }) => set === store.set.name && relation.position === store.selection.relation);
  const stop = selected ?? rows[0];
  return html`<section class="compared triples" aria-labelledby="compared-title">
    <div class="section-head"><h2 id="compared-title">Relations, true and predicted <span class="faint">${counted(rows.length, "relation")}</span></h2></div>
    ${rows.length
      ? html`<div class="table-room"><table>
          <thead><tr>
            ${store.rivals.map((rival) => html`<th scope="col">${store.rivals.length > 1 ? short(rival.set.name, 14) : "state"}</th>`)}
            <th scope="col">subject</th><th scope="col">predicate</th><th scope="col">object</th>
            <th scope="col" class="number">rank</th><th scope="col" class="number">score</th>
          </tr></thead>
          <tbody @keydown=${(event: KeyboardEvent) => roving(event, "button")}>
            ${rows.map((row) => rowView(store, open, row, row === stop))}
          </tbody></table></div>`
      : html`<p class="hint">No relation is ${asked.length ? asked.join(" by one and ") : "there"}${time ? " in this stretch of time" : ""}.</p>`}
  </section>`;
}

/** The true relations, then what the predictions say beyond them, by rank. */
function rowsOf(store: Store, open: OpenItem): Row[] {
  const compared = new Map(store.rivals.map((rival) => [rival.set.name, rival]));
  const rows: Row[] = [];
  for (const [set, model] of open.models) {
    const { graph } = model;
    if (!graph) continue;
    const rival = compared.get(set);
    const relations = rival ? extras(open, rival, graph) : graph.relations;
    for (const relation of relations) {
      const states = store.rivals.map((each) => (rival && each !== rival ? null : stateIn(open, set, each.set.name, relation.position)));
      rows.push({ set, graph, relation, states });
    }
  }
  return rows;
}

function extras(open: OpenItem, rival: Rival, graph: Graph): GraphRelation[] {
  const match = open.matchOf(rival.set.name);
  if (!match) return [];
  return graph.relations
    .filter((relation) => match.stateOfRow(relation.position) === "extra")
    .sort((a, b) => (match.rank(a.position) ?? Infinity) - (match.rank(b.position) ?? Infinity));
}

function rowView(store: Store, open: OpenItem, { set, graph, relation, states }: Row, stop: boolean): TemplateResult {
  const mark = marking(store, onRelation(relation.position, set));
  const own = open.matchOf(set);
  const partners = store.rivals.flatMap((rival) => {
    const match = open.matchOf(rival.set.name);
    const partner = own ? (rival.set.name === set ? relation.position : null) : match?.fromTruth(relation.position);
    const found = partner === null || partner === undefined ? undefined : open.modelOf(rival.set.name)?.graph?.relations[partner];
    return found && match ? [{ rank: match.rank(found.position), score: found.score }] : [];
  });
  const said = states.map((state) => state ?? "not compared").join(", ");
  return html`<tr class="${mark.lit ? "lit" : ""} ${mark.chosen ? "chosen" : ""}" @pointerenter=${mark.enter} @pointerleave=${mark.leave} @click=${mark.choose}>
    ${states.map((state) => html`<td class="state-cell">${state ? html`<i class="sign ${state}" aria-hidden="true"></i>${state}` : html`<span class="faint">–</span>`}</td>`)}
    <td>${endView(store, graph, relation.subject, set)}</td>
    <td><button tabindex=${stop ? 0 : -1} aria-pressed=${mark.chosen ? "true" : "false"} aria-label=${short(`${sentence(graph, relation)}: ${said}`, 160)}
      @focus=${mark.enter} @blur=${mark.leave}>${short(relation.predicate, 40)}</button></td>
    <td>${endView(store, graph, relation.object, set)}</td>
    <td class="number">${partners.map(({ rank }) => (rank === null ? "–" : rank + 1)).join(", ")}</td>
    <td class="number">${partners.map((partner) => score(partner.score)).join(", ")}</td>
  </tr>`;
}
