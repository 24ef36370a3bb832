/** Subject, predicate, object: what can be chosen, with what would be left. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { live } from "lit/directives/live.js";
import type { FacetCounts } from "../data/counts.ts";
import { counted, number, short } from "../data/words.ts";
import { FACETS, type FacetName, type Store } from "../state/store.ts";

/** More names are found by searching. */
const SHOWN = 300;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly relations: number;
  readonly items: number;
}

export function facetsView(store: Store): TemplateResult {
  return html`<aside class="facets" aria-label="Filters">
    <h2 class="visually-hidden">Filters</h2>
    ${FACETS.map((facet) => facetView(store, facet))}
  </aside>`;
}

function facetView(store: Store, facet: FacetName): TemplateResult {
  const counts = store.counts?.[facet];
  if (!counts || !store.manifest) return html``;
  const names = facet === "predicate" ? store.manifest.predicates : store.manifest.categories;
  const chosen = store.address[facet];
  const rows = ordered(names, counts, store.searches[facet]);
  const open = store.unfolded.has(facet);
  return html`<section class="facet ${open ? "" : "folded"}" aria-labelledby="facet-${facet}">
    <div class="facet-head">
      <h3 id="facet-${facet}">${facet}</h3>
      <button class="fold quiet" aria-expanded=${open ? "true" : "false"} aria-label="Choose a ${facet}"
        @click=${() => store.update(() => (open ? store.unfolded.delete(facet) : store.unfolded.add(facet)))}>
        ${short(chosen ?? "any", 30)}
      </button>
      <span class="columns" aria-hidden="true"><span>${store.noun}s</span><span>relations</span></span>
    </div>
    <input
      id="search-${facet}"
      class="search"
      type="search"
      autocomplete="off"
      spellcheck="false"
      placeholder="Search ${names.length} ${facet}s"
      aria-label="Search ${facet}s"
      .value=${live(store.searches[facet])}
      @input=${(event: Event) => store.update(() => (store.searches[facet] = (event.target as HTMLInputElement).value))}
      @keydown=${(event: KeyboardEvent) => searchKey(store, facet, rows, event)}
    />
    <div class="rows" role="radiogroup" aria-labelledby="facet-${facet}">
      ${rowView(store, facet, null, chosen === null)}
      ${repeat(
        rows.slice(0, SHOWN),
        (row) => row.id,
        (row) => rowView(store, facet, row, chosen === row.name, rows[0].items),
      )}
      ${rows.length > SHOWN ? html`<p class="hint">${number(rows.length - SHOWN)} more: search to find them</p>` : nothing}
      ${rows.length === 0 ? html`<p class="hint">No ${facet} matches “${short(store.searches[facet], 30)}”.</p>` : nothing}
    </div>
  </section>`;
}

function rowView(store: Store, facet: FacetName, row: Row | null, chosen: boolean, most = 1): TemplateResult {
  const name = row ? row.name : null;
  const empty = row !== null && row.relations === 0 && !chosen;
  const spoken = row ? `${short(row.name)}, ${counted(row.items, store.noun)}, ${counted(row.relations, "relation")}` : `any ${facet}`;
  return html`<label class="row ${chosen ? "chosen" : ""} ${empty ? "empty" : ""}" title=${row && row.name.length > 24 ? short(row.name, 200) : nothing}>
    <input
      type="radio"
      name="facet-${facet}"
      aria-label=${spoken}
      .checked=${live(chosen)}
      ?disabled=${empty}
      @change=${() => store.choose(facet, name)}
    />
    ${row ? html`<span class="bar" .style=${`--share:${Math.sqrt(row.items / Math.max(most, 1)).toFixed(3)}`}></span>` : nothing}
    <span class="name">${row ? short(row.name) : "any"}</span>
    ${row ? html`<span class="count">${number(row.items)}</span><span class="count faint">${number(row.relations)}</span>` : nothing}
  </label>`;
}

/** By falling number of images; names without any keep the order of the vocabulary, at the end. */
function ordered(names: readonly string[], counts: FacetCounts, search: string): Row[] {
  const wanted = search.trim().toLowerCase();
  const rows: Row[] = [];
  names.forEach((name, id) => {
    if (wanted && !name.toLowerCase().includes(wanted)) return;
    rows.push({ id, name, relations: counts.relations[id], items: counts.items[id] });
  });
  const rank = (row: Row): number => (wanted && row.name.toLowerCase().startsWith(wanted) && row.items > 0 ? 1 : 0);
  return rows.sort((a, b) => rank(b) - rank(a) || b.items - a.items || b.relations - a.relations || a.id - b.id);
}

/** Enter takes the first name that is found, the down arrow goes to the list. */
function searchKey(store: Store, facet: FacetName, rows: readonly Row[], event: KeyboardEvent): void {
  if (event.key === "Enter") {
    const first = rows.find((row) => row.relations > 0);
    if (!first || !store.searches[facet].trim()) return;
    store.searches[facet] = "";
    store.choose(facet, first.name);
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    const list = (event.target as Element).parentElement?.querySelector(".rows");
    const stop = list?.querySelector<HTMLElement>("input:checked") ?? list?.querySelector<HTMLElement>("input:enabled");
    stop?.focus();
  } else if (event.key === "Escape" && store.searches[facet]) {
    event.preventDefault();
    store.update(() => (store.searches[facet] = ""));
  }
}
