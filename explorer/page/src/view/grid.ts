/** The results: what was chosen, how much fits it, and a page of pictures. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { stateOf } from "../data/comparison.ts";
import { LoadError } from "../data/fetching.ts";
import { boxOf } from "../data/tables.ts";
import { counted, number, score, short } from "../data/words.ts";
import { matchingRows, save, toCsv, toJson } from "../state/export.ts";
import { thumbnailUrl } from "../state/item.ts";
import { focusSearch, turnPage } from "../state/keys.ts";
import { MOST_PICTURES, savePanoptic } from "../state/panoptic.ts";
import { FACETS, PAGE_SIZE, type FacetName, type Store } from "../state/store.ts";
import { icons } from "./icons.ts";
import { compareBar } from "./compare-bar.ts";
import { noticesView } from "./notices.ts";
import { searchView } from "./search.ts";

/** Cards are 4 to 3; pictures are fitted into them whole. */
const ASPECT = 4 / 3;

export function gridView(store: Store): TemplateResult {
  const { matches, counts } = store;
  if (!matches || !counts) return html`<main id="main" class="results" tabindex="-1"><p class="loading">Counting …</p></main>`;
  const start = (store.page - 1) * PAGE_SIZE;
  const shown = Math.min(matches.items.length - start, PAGE_SIZE);
  return html`<main id="main" class="results" tabindex="-1">
    ${noticesView(store.mistakes)} ${searchView(store)} ${compareBar(store)}
    ${choiceView(store)}
    <div class="summary">
      <h1>
        ${counted(matches.items.length, store.noun)}
        <span class="faint">${counted(counts.relations, "relation")}</span>
      </h1>
      ${pager(store, "top")}
    </div>
    ${shown > 0
      ? html`<ul class="grid">
          ${repeat(
            Array.from({ length: shown }, (_, i) => start + i),
            (position) => matches.items[position],
            (position) => html`<li>${cardView(store, position)}</li>`,
          )}
        </ul>`
      : html`<p class="empty-results">
          Nothing fits this choice in the set “${short(store.set.name)}”.
          <button @click=${() => store.clearChoice()}>Clear all choices</button>
        </p>`}
    ${shown > 8 ? pager(store, "bottom") : nothing}
  </main>`;
}

/** What is chosen, as a sentence, and what can be done with it. */
export function choiceView(store: Store): TemplateResult {
  const { subject, predicate, object, size, span } = store.address;
  return html`<div class="query">
      <div class="sentence" role="group" aria-label="Chosen relation">
        ${chip(store, "subject")} ${chip(store, "predicate")} ${chip(store, "object")} ${swapButton(store)}
        ${rangeChip(store, "size")} ${rangeChip(store, "span")}
        ${[subject, predicate, object, size, span].some((part) => part !== null)
          ? html`<button class="quiet" @click=${() => store.clearChoice()}>Clear</button>`
          : nothing}
      </div>
      <div class="tools">${scoreFilter(store)} ${viewSwitch(store)} ${exportButtons(store)}</div>
    </div>`;
}

function chip(store: Store, facet: FacetName): TemplateResult {
  const name = store.address[facet];
  if (name === null) {
    return html`<button class="chip any ${facet}" @click=${() => focusSearch(store, facet)}>any ${facet}</button>`;
  }
  return html`<span class="chip ${facet}" title=${short(name, 200)}>
    <span class="chip-name">${short(name, 40)}</span>
    <button aria-label="Any ${facet} instead of ${short(name)}" @click=${() => store.choose(facet, null)}>${icons.close}</button>
  </span>`;
}

/** What a bar of the statistics chose: so many relations an item, spans so long. */
function rangeChip(store: Store, key: "size" | "span"): TemplateResult | typeof nothing {
  const range = store.address[key];
  if (!range) return nothing;
  const [from, stop] = range;
  const numbers = stop - from === 1 ? number(from) : `${number(from)}–${number(stop - 1)}`;
  const said = key === "size" ? `${numbers} ${stop === 2 ? "relation" : "relations"} in all` : `spans of ${numbers} ${stop === 2 ? "frame" : "frames"}`;
  return html`<span class="chip">
    <span class="chip-name">${said}</span>
    <button aria-label="Any ${key === "size" ? "number of relations" : "length of spans"} instead of ${numbers}" @click=${() => store.go({ [key]: null, page: 1 })}>${icons.close}</button>
  </span>`;
}

function swapButton(store: Store): TemplateResult {
  const none = store.address.subject === null && store.address.object === null;
  return html`<button class="icon-button swap" title="Swap subject and object (x)" aria-label="Swap subject and object"
    ?disabled=${none} @click=${() => store.swap()}>${icons.swap}</button>`;
}

function scoreFilter(store: Store): TemplateResult | typeof nothing {
  if (!store.set.scored && store.address.minScore === 0) return nothing;
  return html`<label class="score-filter">
    <span>score ≥ ${score(store.address.minScore)}</span>
    <input type="range" min="0" max="1" step="0.05" aria-label="Least score of a relation" .value=${String(store.address.minScore)}
      @input=${(event: Event) => store.go({ minScore: Number((event.target as HTMLInputElement).value), page: 1 }, "score")} />
  </label>`;
}

function viewSwitch(store: Store): TemplateResult {
  const on = store.address.view === "statistics";
  return html`<button class="view-switch" aria-pressed=${on ? "true" : "false"} @click=${() => store.go({ view: on ? null : "statistics" })}>
    ${icons.chart} ${on ? "Pictures" : "Statistics"}</button>`;
}

function exportButtons(store: Store): TemplateResult {
  const write = (kind: "csv" | "json"): void => {
    const { manifest, items, data, matches } = store;
    if (!manifest || !items || !data || !matches) return;
    const rows = matchingRows(manifest, items, data.relations, matches, store.choice);
    const name = ["relations", ...FACETS.map((facet) => store.address[facet]?.replace(/\W+/g, "-").slice(0, 30)).filter(Boolean)].join("_");
    if (kind === "csv") save(`${name}.csv`, "text/csv", toCsv(rows));
    else save(`${name}.json`, "application/json", toJson(rows, store.set.name, location.href));
    store.say(`${counted(rows.length, "relation")} saved as ${name}.${kind}`);
  };
  const coco = (): void => {
    store.say("Saving the segments …");
    savePanoptic(store).then(
      (said) => store.say(said),
      (error: unknown) => store.say(error instanceof LoadError ? error.message : `The segments could not be saved: ${String(error)}`),
    );
  };
  return html`<div class="export" role="group" aria-label="Save the matching relations">
    ${icons.download}
    <button @click=${() => write("csv")} aria-label="Save as CSV">CSV</button>
    <button @click=${() => write("json")} aria-label="Save as JSON">JSON</button>
    ${store.manifest?.kinds.includes("image")
      ? html`<button aria-label="Save the pictures as COCO panoptic" title="Segments of the first ${MOST_PICTURES} pictures as COCO panoptic" @click=${() => coco()}>COCO</button>`
      : nothing}
  </div>`;
}

function pager(store: Store, place: string): TemplateResult | typeof nothing {
  if (store.pages < 2) return nothing;
  const turn = (step: number) => (event: Event) => {
    event.preventDefault();
    turnPage(store, step);
  };
  return html`<nav class="pager" aria-label="Pages, ${place}">
    ${store.page > 1
      ? html`<a href=${store.linkTo({ page: store.page - 1 })} @click=${turn(-1)} rel="prev" aria-label="Previous page">${icons.left}</a>`
      : html`<span class="off">${icons.left}</span>`}
    <span>page ${number(store.page)} of ${number(store.pages)}</span>
    ${store.page < store.pages
      ? html`<a href=${store.linkTo({ page: store.page + 1 })} @click=${turn(1)} rel="next" aria-label="Next page">${icons.right}</a>`
      : html`<span class="off">${icons.right}</span>`}
  </nav>`;
}

function cardView(store: Store, position: number): TemplateResult {
  const { matches, items, data, manifest } = store;
  if (!matches || !items || !data || !manifest) return html``;
  const item = matches.items[position];
  const row = matches.rows[position];
  const { relations, graphs } = data;
  const words =
    row < 0
      ? null
      : {
          subject: manifest.categories[relations.subject[row]],
          predicate: manifest.predicates[relations.predicate[row]],
          object: manifest.categories[relations.object[row]],
        };
  const more = matches.numbers[position] - 1;
  const problem = graphs.problems.get(item);
  const spoken = words ? `${short(words.subject)} ${short(words.predicate)} ${short(words.object)}` : "no relations";
  const patch = { page: store.page, ...store.matchAddress(position) };
  return html`<a
    class="card"
    href=${store.linkTo(patch)}
    data-item=${items.ids[item]}
    @click=${(event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      store.openMatch(position);
    }}
  >
    <span class="picture">
      ${problem
        ? html`<span class="no-picture">graph not readable</span>`
        : items.pictures[item]
          ? html`<img src=${thumbnailUrl(items, item)} alt="" loading="lazy" decoding="async" width="320" height="240" @error=${hideBroken} />
              <span class="no-picture broken" hidden>picture cannot be shown</span>`
          : html`<span class="no-picture">no picture</span>`}
      ${words ? highlight(store, item, row, words.subject, words.object) : nothing}
    </span>
    <span class="caption">
      <span class="words">
        ${words
          ? html`<b class="subject">${short(words.subject, 40)}</b> ${short(words.predicate, 40)} <b class="object">${short(words.object, 40)}</b>`
          : html`<span class="faint">${problem ? "graph not readable" : spoken}</span>`}
      </span>
      <span class="below"
        ><span class="id">${short(items.ids[item], 40)}</span>
        ${more > 0 ? html`<span class="more">+${number(more)} more</span>` : nothing}
        ${row >= 0 ? cardStates(store, row) : nothing}
        ${words && store.set.scored ? html`<span class="card-score">${score(relations.score[row])}</span>` : nothing}</span
      >
    </span>
  </a>`;
}

/** The state of the relation on the card, against each compared set. */
function cardStates(store: Store, row: number): TemplateResult[] {
  return store.rivals.flatMap((rival) => {
    const states = store.set.role === "truth" ? rival.truth : store.set === rival.set ? rival.rows : null;
    const state = states && stateOf(states[row]);
    return state ? [html`<span class="card-state" title="${state}: ${short(rival.set.name, 30)}"><i class="sign ${state}" aria-hidden="true"></i>${state}</span>`] : [];
  });
}

function hideBroken(event: Event): void {
  const image = event.target as HTMLImageElement;
  image.hidden = true;
  image.parentElement?.querySelector(".broken")?.removeAttribute("hidden");
}

/** The pair on the card: solid for the subject, dashed for the object, both named. */
function highlight(store: Store, item: number, row: number, subject: string, object: string): TemplateResult | typeof nothing {
  const { nodes, data, items } = store;
  if (!nodes || !data || !items) return nothing;
  const ends = [
    { role: "object", name: object, box: boxOf(nodes, item, data.relations.objectNode[row]) },
    { role: "subject", name: subject, box: boxOf(nodes, item, data.relations.subjectNode[row]) },
  ];
  const place = placing(items.widths[item], items.heights[item]);
  const placed = ends.flatMap(({ role, name, box }) => (box ? [{ role, name, ...place(box) }] : []));
  return html`${placed.map(
    ({ role, left, top, width, height }) =>
      html`<span class="box ${role}" .style=${`left:${left.toFixed(2)}%;top:${top.toFixed(2)}%;width:${width.toFixed(2)}%;height:${height.toFixed(2)}%`}></span>`,
  )}
  ${placed.map(({ role, name, left, top, width, height }) => {
    const edge = role === "subject" ? Math.max(top, 0) : Math.min(top + height, 100);
    const above = role === "subject" ? top > 12 : edge > 88;
    const side = left > 60 ? `right:${Math.max(100 - left - width, 0).toFixed(2)}%` : `left:${Math.max(left, 0).toFixed(2)}%`;
    return html`<span class="tag ${role} ${above ? "above" : ""}" .style=${`${side};top:${edge.toFixed(2)}%`}>${short(name, 24)}</span>`;
  })}`;
}

/** From boxes in a picture to percentages of a card into which the picture is fitted. */
function placing(width: number, height: number): (box: readonly number[]) => Record<"left" | "top" | "width" | "height", number> {
  const wide = width / height > ASPECT;
  const shareX = wide ? 1 : width / height / ASPECT;
  const shareY = wide ? ASPECT / (width / height) : 1;
  return ([x1, y1, x2, y2]) => ({
    left: 100 * ((1 - shareX) / 2 + (x1 / width) * shareX),
    top: 100 * ((1 - shareY) / 2 + (y1 / height) * shareY),
    width: (100 * (x2 - x1) * shareX) / width,
    height: (100 * (y2 - y1) * shareY) / height,
  });
}
