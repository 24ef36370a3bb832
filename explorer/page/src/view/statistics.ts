/** Statistics of what is chosen: each bar leads to its filter, each drawing has a table twin. */

import { html, nothing, type TemplateResult } from "lit";
import type { PredicateScore } from "../data/comparison.ts";
import { largest, statisticsOf, type Statistics } from "../data/statistics.ts";
import { counted, number, percent, short } from "../data/words.ts";
import type { Address } from "../state/address.ts";
import { measure, type Rival } from "../state/rivals.ts";
import type { Store } from "../state/store.ts";
import { compareBar } from "./compare-bar.ts";
import { choiceView } from "./grid.ts";
import { noticesView } from "./notices.ts";
import { searchView } from "./search.ts";

const MOST_BARS = 60;
const MAP_SIDE = 14;
const MOST_BINS = 16;

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly to: Partial<Address> | null;
  /** A second value on the same row, such as a recall. */
  readonly mark: number | null;
}

let made: { key: readonly unknown[]; statistics: Statistics } | null = null;
let scores: { key: string; values: ReadonlyMap<number, PredicateScore> } | null = null;
let timed: { set: string; spans: readonly (readonly number[])[] | null } | null = null;
const asTables = new Set<string>();

export function statisticsView(store: Store): TemplateResult {
  const { manifest, data, matches } = store;
  if (!manifest || !data || !matches) return html`<main id="main" class="results" tabindex="-1"><p class="loading">Counting …</p></main>`;
  const spans = spansOf(store);
  const key = [store.choice, data, matches, spans];
  if (!made || made.key.some((part, i) => part !== key[i])) {
    const sizes = [manifest.categories.length, manifest.predicates.length] as const;
    made = { key, statistics: statisticsOf(data.relations, store.choice, matches.items, ...sizes, spans) };
  }
  const { statistics } = made;
  return html`<main id="main" class="results statistics" tabindex="-1">
    ${noticesView(store.mistakes)} ${searchView(store)} ${compareBar(store)} ${choiceView(store)}
    <div class="summary"><h1>${counted(matches.items.length, store.noun)} <span class="faint">${counted(statistics.relations, "relation")}</span></h1></div>
    <div class="charts">
      ${predicatesChart(store, statistics)} ${mapChart(store, statistics)}
      ${chart(store, "per-item", `Relations ${/^[aeiou]/.test(store.noun) ? "an" : "a"} ${store.noun}`, ["relations", `${store.noun}s`], perItemBars(statistics), false)}
      ${statistics.spans.length ? chart(store, "spans", "Length of spans, in frames", ["frames", "spans"], spanBars(statistics), false) : nothing}
    </div>
  </main>`;
}

/** The spans of the shown set, fetched when a data set with videos is first counted. */
function spansOf(store: Store): readonly (readonly number[])[] | null {
  const set = store.set.name;
  if (!store.manifest?.kinds.some((kind) => kind !== "image")) return null;
  if (timed?.set === set) return timed.spans;
  timed = { set, spans: null };
  store.shelf?.spans(set).then(
    (spans) => store.update(() => (timed = { set, spans })),
    () => store.say("The spans of this set cannot be read."),
  );
  return null;
}

function predicatesChart(store: Store, statistics: Statistics): TemplateResult {
  const names = store.manifest?.predicates ?? [];
  const [rival] = store.rivals;
  const recalls = rival ? recallsOf(store, rival) : null;
  const bars = largest(statistics.predicates, MOST_BARS).map((id): Bar => {
    const recall = recalls?.get(id)?.recall ?? null;
    const text = `${number(statistics.predicates[id])}${recall === null ? "" : ` · ${percent(recall)}`}`;
    return { name: names[id], value: statistics.predicates[id], text, to: { predicate: names[id] }, mark: recall };
  });
  const { k } = rival ? measure(rival.numbers, store.address) : { k: 0 };
  const title = `Predicates${rival ? `, with the recall at ${k} of ${short(rival.set.name, 20)}` : ""}`;
  return chart(store, "predicates", title, ["predicate", rival ? `relations · R@${k}` : "relations"], bars, true);
}

function recallsOf(store: Store, rival: Rival): ReadonlyMap<number, PredicateScore> | null {
  const { threshold, k } = measure(rival.numbers, store.address);
  const key = `${rival.set.name} ${threshold} ${k}`;
  if (scores?.key === key) return scores.values;
  store.shelf?.predicateScores(rival.set.name, threshold, k).then(
    (rows) => store.update(() => (scores = { key, values: new Map(rows.map((row) => [row.predicate, row])) })),
    () => store.say("The scores of the predicates cannot be read."),
  );
  scores = { key, values: new Map() };
  return scores.values;
}

/** Bins of equal width from the smallest to the largest number, at most `MOST_BINS`. */
function perItemBars(statistics: Statistics): Bar[] {
  const { perItem } = statistics;
  const first = Math.max(perItem.findIndex((value) => value > 0), 0);
  const width = Math.ceil((perItem.length - first) / MOST_BINS) || 1;
  return Array.from({ length: Math.ceil((perItem.length - first) / width) }, (_, bin) => {
    const from = first + bin * width;
    const value = perItem.slice(from, from + width).reduce((sum, count) => sum + count, 0);
    const to = value > 0 ? { size: [from, from + width] as const } : null;
    return { name: width === 1 ? `${from}` : `${from}–${from + width - 1}`, value, text: number(value), to, mark: null };
  });
}

function spanBars(statistics: Statistics): Bar[] {
  return statistics.spans.map(({ from, to, count }) => ({
    name: to - from === 1 ? `${from}` : `${from}–${to - 1}`,
    value: count,
    text: number(count),
    to: count > 0 ? { span: [from, to] as const } : null,
    mark: null,
  }));
}

function chart(store: Store, id: string, title: string, columns: readonly [string, string], bars: readonly Bar[], logarithmic: boolean): TemplateResult {
  return framed(store, id, title, logarithmic ? "logarithmic" : "", asTables.has(id) ? table(columns, bars.map(({ name, text }) => [name, text])) : barsView(store, bars, logarithmic));
}

function framed(store: Store, id: string, title: string, hint: string, content: TemplateResult): TemplateResult {
  const on = asTables.has(id);
  return html`<section class="chart chart-${id}" aria-labelledby="chart-${id}">
    <div class="section-head"><h2 id="chart-${id}">${title} <span class="faint">${hint}</span></h2>
      <label class="switch"><input type="checkbox" .checked=${on} @change=${() => store.update(() => (on ? asTables.delete(id) : asTables.add(id)))} /> as a table</label>
    </div>${content}</section>`;
}

function barsView(store: Store, bars: readonly Bar[], logarithmic: boolean): TemplateResult {
  if (!bars.length) return html`<p class="hint">Nothing to count.</p>`;
  const scale = (value: number): number => (logarithmic ? Math.log10(value + 1) : value);
  const most = Math.max(...bars.map(({ value }) => scale(value)), 1e-9);
  return html`<ul class="bars">
    ${bars.map(({ name, value, text, to, mark }) => {
      const inside = html`<span class="name">${short(name, 40)}</span><span class="rod"><i .style=${`width:${((100 * scale(value)) / most).toFixed(2)}%`}></i>
        ${mark === null ? nothing : html`<b class="recall" .style=${`left:${(100 * mark).toFixed(1)}%`}></b>`}</span><span class="value">${text}</span>`;
      return html`<li>${to ? link(store, to, inside, `${short(name, 60)}: ${text}`) : html`<span class="bar-row">${inside}</span>`}</li>`;
    })}
  </ul>`;
}

function link(store: Store, patch: Partial<Address>, content: TemplateResult, label: string): TemplateResult {
  const to: Partial<Address> = { ...patch, view: null, page: 1 };
  return html`<a class="bar-row" href=${store.linkTo(to)} aria-label=${label} @click=${(event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    store.go(to);
  }}>${content}</a>`;
}

/** The commonest subjects and objects; a stronger colour is a commoner pair, and every one leads to its relations. */
function mapChart(store: Store, statistics: Statistics): TemplateResult {
  const names = store.manifest?.categories ?? [];
  const [rows, columns] = [largest(statistics.subjects, MAP_SIDE), largest(statistics.objects, MAP_SIDE)];
  const count = (subject: number, object: number): number => statistics.pairs[subject * names.length + object];
  const most = Math.max(1, ...rows.flatMap((subject) => columns.map((object) => count(subject, object))));
  const share = (value: number): number => Math.log10(value + 1) / Math.log10(most + 1);
  if (asTables.has("map")) {
    const pairs = rows.flatMap((subject) => columns.map((object) => ({ subject, object, value: count(subject, object) })));
    const listed = pairs.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
    return framed(store, "map", "Subjects and objects", "", table(["subject and object", "relations"], listed.map(({ subject, object, value }) => [`${names[subject]}, ${names[object]}`, number(value)])));
  }
  return framed(
    store,
    "map",
    "Subjects and objects",
    // In the dark theme more is lighter, so the words name no lightness.
    `${Math.max(rows.length, columns.length) < MAP_SIDE ? "" : `the ${MAP_SIDE} commonest; `}stronger colour is more`,
    html`<div class="map" .style=${`--columns:${columns.length}`}>
      <span class="corner faint">subject \\ object</span>${columns.map((object) => html`<span class="top" title=${short(names[object], 100)}>${short(names[object], 14)}</span>`)}
      ${rows.map(
        (subject) => html`<span class="side" title=${short(names[subject], 100)}>${short(names[subject], 16)}</span>
          ${columns.map((object) => square(store, names[subject], names[object], count(subject, object), share(count(subject, object))))}`,
      )}
    </div>`,
  );
}

function square(store: Store, subject: string, object: string, value: number, share: number): TemplateResult {
  if (!value) return html`<span class="square none"></span>`;
  const label = `${short(subject, 60)} to ${short(object, 60)}: ${counted(value, "relation")}`;
  const to: Partial<Address> = { subject, object, view: null, page: 1 };
  return html`<a class="square" href=${store.linkTo(to)} aria-label=${label} title=${label} .style=${`--share:${(100 * share).toFixed(0)}%`}
    @click=${(event: Event) => (event.preventDefault(), store.go(to))}></a>`;
}

function table([first, second]: readonly [string, string], rows: readonly (readonly [string, string])[]): TemplateResult {
  // It scrolls, so the keyboard must reach it.
  return html`<div class="table-room" tabindex="0" role="group" aria-label="Table: ${first}, ${second}"><table><thead><tr><th scope="col">${first}</th><th scope="col" class="number">${second}</th></tr></thead>
    <tbody>${rows.map(([name, value]) => html`<tr><td>${short(name, 80)}</td><td class="number">${value}</td></tr>`)}</tbody></table></div>`;
}
