/** The whole page. */

import { html, nothing, type TemplateResult } from "lit";
import { counted, short } from "../data/words.ts";
import { NO_CHOICE, NO_ITEM } from "../state/address.ts";
import { toggleSheet } from "../state/keys.ts";
import { nextTheme, preferences } from "../state/preferences.ts";
import type { Store } from "../state/store.ts";
import { dropTarget } from "./dropping.ts";
import { facetsView } from "./facets.ts";
import { gridView } from "./grid.ts";
import { icons } from "./icons.ts";
import { itemView } from "./item.ts";
import { statisticsView } from "./statistics.ts";
import { sheetView } from "./sheet.ts";

export function pageView(store: Store): TemplateResult {
  if (store.fatal !== null) return fatalView(store.fatal);
  if (!store.manifest || !store.items) return html`<p class="loading" role="status">Loading the index …</p>`;
  return html`
    <button class="skip" @click=${() => document.getElementById("main")?.focus()}>Skip to the content</button>
    ${headerView(store)}
    ${store.address.item === null
      ? html`<div class="browse">${facetsView(store)} ${store.address.view === "statistics" ? statisticsView(store) : gridView(store)}</div>`
      : itemView(store)}
    ${sheetView(store)}
    ${dropTarget(store)}
    <p class="visually-hidden" role="status" aria-live="polite">${store.message}</p>
  `;
}

function fatalView(text: string): TemplateResult {
  return html`<main class="fatal" id="main">
    <h1>The explorer cannot show this index</h1>
    <p role="alert">${short(text, 600)}</p>
    <button class="primary" @click=${() => location.reload()}>Load again</button>
  </main>`;
}

function headerView(store: Store): TemplateResult {
  const { manifest } = store;
  const home = { ...NO_CHOICE, ...NO_ITEM, view: null };
  const next = nextTheme();
  return html`<header class="top">
    <a class="brand" href=${store.linkTo(home)} @click=${(event: Event) => (event.preventDefault(), store.go(home))}>
      <svg class="logo" viewBox="0 0 20 20" aria-hidden="true"><path d="M5 14L10 5L15 14" /><circle cx="10" cy="5" r="3" /><circle cx="5" cy="14.5" r="3" /><circle cx="15" cy="14.5" r="3" /></svg>
      <span>${short(manifest?.title || "groundgraph", 60)}</span>
    </a>
    ${setSwitch(store)}
    <span class="spacer"></span>
    <span class="faint total">${counted(manifest?.items ?? 0, store.noun)}</span>
    <button class="icon-button" title="Theme: ${preferences.theme}. Next: ${next}" aria-label="Theme: ${preferences.theme}; change to ${next}"
      @click=${() => store.update(() => (preferences.theme = next))}>${icons.theme}</button>
    <button class="icon-button" title="Keyboard and index (?)" aria-label="Keyboard and index" aria-haspopup="dialog" @click=${() => toggleSheet(store)}>${icons.keyboard}</button>
  </header>`;
}

function setSwitch(store: Store): TemplateResult | typeof nothing {
  const sets = store.manifest?.sets ?? [];
  if (sets.length < 2) return html`<span class="one-set faint">${short(store.set.name, 30)}</span>`;
  return html`<div class="sets" role="radiogroup" aria-label="Set of graphs">
    ${sets.map(
      (set) => html`<label class=${set.name === store.set.name ? "chosen" : ""}>
        <input type="radio" name="set" .checked=${set.name === store.set.name} @change=${() => store.show(set)} />
        ${short(set.name, 30)}
      </label>`,
    )}
  </div>`;
}
