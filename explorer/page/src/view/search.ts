/** The search line over the whole data set, and how it was understood. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { counted, number, short } from "../data/words.ts";
import type { Hits } from "../state/search.ts";
import type { Store } from "../state/store.ts";
import { icons } from "./icons.ts";

const EXAMPLE = "a person riding a horse";

export function searchView(store: Store): TemplateResult {
  const { search, address } = store;
  const text = address.search ?? "";
  return html`<form class="search-line" role="search" @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      const input = (event.target as HTMLFormElement).querySelector("input");
      const typed = input?.value.trim() ?? "";
      store.go({ search: typed || null, page: 1 });
    }}>
    ${icons.search}
    <input id="search-all" type="search" maxlength="500" autocomplete="off" .value=${live(text)}
      placeholder="Search all ${store.noun}s in plain English: ${EXAMPLE}" aria-label="Search all ${store.noun}s in plain English" />
    <button class="primary" ?disabled=${search.busy}>${search.busy ? "Searching …" : "Search"}</button>
    ${text ? html`<button type="button" class="quiet" @click=${() => store.go({ search: null, page: 1 })}>Clear</button>` : nothing}
  </form>
  ${text ? understood(store) : nothing}`;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `“${short(word, 40)}”`).join(", ");
}

function unrecorded(hits: Hits): string {
  const words = listed(hits.unrecorded);
  if (!hits.attributes.length) return `This data set records no attributes, so nothing is known to be ${words}.`;
  return `Nothing in this data set is recorded as ${words}; attributes that it records: ${listed(hits.attributes)}.`;
}

function understood(store: Store): TemplateResult {
  const { search } = store;
  const { hits } = search;
  const { suggestion } = search;
  if (search.problem) {
    return html`<p class="search-note problem" role="alert">
      <span>${short(search.problem, 400)}</span>
      ${suggestion ? html`<button type="button" @click=${() => store.go({ search: suggestion, page: 1 })}>Search “${short(suggestion, 80)}”</button>` : nothing}
    </p>`;
  }
  if (!hits) return html`<p class="search-note">Searching …</p>`;
  return html`<p class="search-note">
    <span>found in ${counted(hits.count, store.noun)} of ${number(hits.searched)}${hits.complete ? "" : "; the search stopped early, there may be more"}</span>
    ${hits.missing.length ? html`<strong>This data set names nothing ${listed(hits.missing)}.</strong>` : nothing}
    ${hits.unrecorded.length ? html`<strong>${unrecorded(hits)}</strong>` : nothing}
    ${hits.denies ? html`<span>“Not” and “no” are about what the graphs show: what is not in a graph counts as absent.</span>` : nothing}
    <code title="The program that was run on every graph">${short(hits.program, 300)}</code>
  </p>`;
}
