/** The sheet behind `?`: keys, and what the index says about itself. */

import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { counted, number, short } from "../data/words.ts";
import { SHORTCUTS, type Where } from "../state/keys.ts";
import { preferences } from "../state/preferences.ts";
import type { Store } from "../state/store.ts";
import { icons } from "./icons.ts";

const PLACES: readonly (readonly [Where, string])[] = [
  ["everywhere", "Everywhere"],
  ["results", "Results"],
  ["item", "Item"],
];

export function sheetView(store: Store): TemplateResult {
  const close = (): void => {
    if (store.sheetOpen) store.update(() => (store.sheetOpen = false));
  };
  return html`<dialog class="sheet" aria-labelledby="sheet-title" @close=${close}
    @keydown=${(event: KeyboardEvent) => (event.key === "?" ? close() : undefined)}
    ${ref((dialog) => setOpen(dialog, store.sheetOpen))}>
    <div class="sheet-head">
      <h2 id="sheet-title">Keyboard</h2>
      <button class="icon-button" aria-label="Close" @click=${close}>${icons.close}</button>
    </div>
    <label class="switch"><input type="checkbox" .checked=${preferences.shortcuts}
      @change=${() => store.update(() => (preferences.shortcuts = !preferences.shortcuts))} /> shortcuts of single letters</label>
    <div class="sheet-columns">
      ${PLACES.map(
        ([place, title]) => html`<section>
          <h3>${title}</h3>
          <dl>
            ${SHORTCUTS.filter((shortcut) => shortcut.where === place).map(
              ({ keys, does }) => html`<div><dt>${keys.map((key) => html`<kbd>${{ Escape: "Esc", " ": "Space" }[key] ?? key}</kbd>`)}</dt><dd>${does}</dd></div>`,
            )}
          </dl>
          ${place === "everywhere" ? aboutView(store) : nothing}
        </section>`,
      )}
    </div>
  </dialog>`;
}

function aboutView(store: Store): TemplateResult | typeof nothing {
  const { manifest } = store;
  if (!manifest) return nothing;
  const problems = manifest.sets.reduce((sum, set) => sum + set.problems, 0);
  return html`<h3>This index</h3>
    <dl class="about">
      ${manifest.sets.map(
        (set) => html`<div><dt>${short(set.name, 30)}</dt><dd>${number(set.graphs)} graphs, ${counted(set.relations, "relation")}</dd></div>`,
      )}
    </dl>
    ${problems
      ? html`<h4>${counted(problems, "graph")} could not be read</h4>
          <ul class="problems">${manifest.problems.map((text) => html`<li>${short(text, 300)}</li>`)}</ul>`
      : nothing}`;
}

function setOpen(element: Element | undefined, open: boolean): void {
  if (!(element instanceof HTMLDialogElement) || element.open === open) return;
  // A template is rendered before it is attached; a dialog can be shown only after.
  queueMicrotask(() => {
    if (!element.isConnected || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  });
}
