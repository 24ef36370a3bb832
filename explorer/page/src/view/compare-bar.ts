/** What is compared, under which measure, and which relations are shown by their state. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { rowsIn, STATES, type State } from "../data/comparison.ts";
import { fits } from "../data/counts.ts";
import { counted, number, percent, short } from "../data/words.ts";
import type { Address } from "../state/address.ts";
import type { SetScores } from "../data/manifest.ts";
import { askState, comparable, measure, stateAsked, truthOf, type Rival } from "../state/rivals.ts";
import type { Store } from "../state/store.ts";

export function compareBar(store: Store): TemplateResult | typeof nothing {
  const { manifest, address } = store;
  const sets = manifest ? comparable(manifest) : [];
  if (!manifest || !sets.length) return nothing;
  const [first, second] = store.rivals;
  const names = sets.map((set) => set.name);
  const change = (patch: Partial<Address>): void => store.go({ ...patch, page: 1 });
  return html`<section class="compare" aria-label="Comparison with the truth">
    <div class="compare-line">
      ${picker("Compare the truth with", first?.set.name ?? null, names, "nothing", (against) => change({ against, also: null, state: null, other: null }))}
      ${first && names.length > 1
        ? picker("and", second?.set.name ?? null, names.filter((name) => name !== first.set.name), "no other", (also) => change({ also, other: null }))
        : nothing}
      ${first ? measureView(first, address, change) : nothing}
    </div>
    ${store.rivals.map(
      (rival, position) => html`<div class="compare-line rival">
        <b class="rival-name">${short(rival.set.name, 30)}</b> ${stateSwitch(store, rival, position)} ${numbersView(store, rival)}
      </div>`,
    )}
  </section>`;
}

function picker(
  label: string,
  value: string | null,
  names: readonly string[],
  none: string,
  choose: (name: string | null) => void,
): TemplateResult {
  return html`<label class="picker"><span>${label}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value || null)}>
      <option value="" ?selected=${value === null}>${none}</option>
      ${names.map((name) => html`<option value=${name} ?selected=${name === value}>${short(name, 30)}</option>`)}
    </select></label>`;
}

function measureView(rival: Rival, address: Address, change: (patch: Partial<Address>) => void): TemplateResult {
  const { threshold, k } = measure(rival.numbers, address);
  const choice = (label: string, name: string, values: readonly number[], now: number, take: (value: number) => void): TemplateResult =>
    html`<label class="picker"><span>${label}</span>
      <select aria-label=${name} @change=${(event: Event) => take(Number((event.target as HTMLSelectElement).value))}>
        ${values.map((value) => html`<option value=${value} ?selected=${value === now}>${value}</option>`)}
      </select></label>`;
  return html`${choice("best", "Rows that count, K", rival.numbers.ks, k, (value) => change({ k: value }))}
    ${choice("rows, overlap over", "Overlap that a match needs", rival.numbers.thresholds, threshold, (value) => change({ iou: value }))}`;
}

/** What the states mean, for those who meet them for the first time. */
const MEANINGS: Record<State, string> = {
  found: "True relations that are among the predicted ones",
  missed: "True relations that are not among the predicted ones",
  extra: "Predicted relations that are not true",
};

/** Relations by state under the facets as they are chosen; found and missed are true ones, extra are predicted. */
function stateSwitch(store: Store, rival: Rival, position: number): TemplateResult {
  const truth = store.manifest && truthOf(store.manifest);
  const numbers = stateCounts(store, rival, position);
  const now = stateAsked(store.address, position);
  const choose = (state: State | null): void => store.go(askState(store.address, truth, store.rivals, position, state));
  const group = `states-${position}`;
  return html`<div class="states" role="radiogroup" aria-label="Relations by state, ${short(rival.set.name, 30)}">
    ${segment(group, "all", null, now === null, () => choose(null))}
    ${STATES.map((state) => segment(group, `${state} ${number(numbers[state])}`, state, now === state, () => choose(state)))}
  </div>`;
}

function segment(group: string, text: string, state: State | null, chosen: boolean, choose: () => void): TemplateResult {
  return html`<label class="state ${state ?? "any"} ${chosen ? "chosen" : ""}" title=${state ? MEANINGS[state] : nothing}>
    <input type="radio" name=${group} .checked=${live(chosen)} @change=${choose} />${state ? html`<i class="sign ${state}" aria-hidden="true"></i>` : nothing}${text}</label>`;
}

interface Counted {
  readonly key: readonly unknown[];
  readonly numbers: Record<State, number>;
}

const counts = new WeakMap<Rival, Counted>();

/** As for the facets: what is chosen otherwise, here also by the state against the other set, narrows what is counted. */
function stateCounts(store: Store, rival: Rival, position: number): Record<State, number> {
  const { choice, truth, rivals, address } = store;
  const other = rivals[1 - position];
  const asked = other ? stateAsked(address, 1 - position) : null;
  const key = [choice, truth, other, asked];
  const known = counts.get(rival);
  if (known && known.key.every((part, i) => part === key[i])) return known.numbers;
  const within = other && asked && asked !== "extra" ? rowsIn(other.truth, asked) : null;
  const numbers: Record<State, number> = { found: 0, missed: 0, extra: 0 };
  const ours = { ...choice, allowed: within };
  for (let row = 0; truth && row < truth.relations.count; row++) {
    if (rival.truth[row] && fits(truth.relations, row, ours)) numbers[rival.truth[row] === 1 ? "found" : "missed"]++;
  }
  const theirs = { ...choice, allowed: null };
  for (let row = 0; row < rival.data.relations.count; row++) {
    if (rival.rows[row] === 3 && fits(rival.data.relations, row, theirs)) numbers.extra++;
  }
  counts.set(rival, { key, numbers });
  return numbers;
}

/** What the numbers are over: the splits that were predicted, in which what was left out is missed. */
function coverage(store: Store, { items, missing, splits }: SetScores): TemplateResult {
  const all = store.manifest?.items ?? 0;
  const split = items < all && splits.length ? `, ${splits.length > 1 ? "splits" : "split"} ${short(splits.join(" and "), 40)}` : "";
  return html`${items < all
      ? html`<span class="faint" title="Only what was predicted is measured: other splits of the data set are left out">over ${number(items)} of ${counted(all, store.noun)}${split}</span>`
      : nothing}
    ${missing
      ? html`<span class="warn" title="The prediction has no readable graph of them, so all their relations count as missed">${number(missing)} without a prediction, counted as missed</span>`
      : nothing}`;
}

function numbersView(store: Store, rival: Rival): TemplateResult {
  const { numbers } = rival;
  const { threshold, k } = measure(numbers, store.address);
  const [row, column] = [numbers.thresholds.indexOf(threshold), numbers.ks.indexOf(k)];
  const shown = (values: readonly (readonly (number | null)[])[]): string => {
    const value = values[row]?.[column];
    return value === null || value === undefined ? "–" : percent(value);
  };
  const open = store.item;
  const own =
    open && open.row !== null && rival.scores.truths[open.row]
      ? html`<span>this ${open.count > 1 ? "video" : "picture"} <b>${number(rival.scores.found[open.row])} of ${number(rival.scores.truths[open.row])}</b></span>`
      : nothing;
  return html`<p class="numbers">
    <span title="Recall at ${k}, strict protocol, over all predicted items">R@${k} <b>${shown(numbers.recall)}</b></span>
    <span title="Mean recall at ${k} over the predicates that occur">mR@${k} <b>${shown(numbers.mean_recall)}</b></span>
    ${own}
    ${coverage(store, numbers)}
    ${numbers.failed ? html`<span class="warn" title=${numbers.problems.join("\n")}>${counted(numbers.failed, "item")} could not be compared</span>` : nothing}
  </p>`;
}
