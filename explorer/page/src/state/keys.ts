/** The keyboard: one table that binds the keys and writes the sheet, so the sheet cannot be wrong. */

import { preferences } from "./preferences.ts";
import { comparable } from "./rivals.ts";
import { NO_MARK } from "./open.ts";
import { PAGE_SIZE, type FacetName, type Store } from "./store.ts";

export type Where = "everywhere" | "results" | "item";

export interface Shortcut {
  readonly keys: readonly string[];
  readonly where: Where;
  readonly does: string;
  readonly run: (store: Store) => void;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["?"], where: "everywhere", does: "Show or hide this list", run: (store) => toggleSheet(store) },
  { keys: ["t"], where: "everywhere", does: "Next set: truth, predictions", run: (store) => nextSet(store) },
  { keys: ["v"], where: "everywhere", does: "Compare predictions with the truth, or stop", run: (store) => toggleCompare(store) },
  { keys: ["/"], where: "results", does: "Search the whole data set", run: () => focusFirst("#search-all") },
  { keys: ["s"], where: "results", does: "Search subjects", run: (store) => focusSearch(store, "subject") },
  { keys: ["p"], where: "results", does: "Search predicates", run: (store) => focusSearch(store, "predicate") },
  { keys: ["o"], where: "results", does: "Search objects", run: (store) => focusSearch(store, "object") },
  { keys: ["x"], where: "results", does: "Swap subject and object", run: (store) => store.swap() },
  { keys: ["c"], where: "results", does: "Clear all choices", run: (store) => store.clearChoice() },
  { keys: ["j"], where: "results", does: "Next picture of the page", run: () => focusCard(1) },
  { keys: ["k"], where: "results", does: "Previous picture of the page", run: () => focusCard(-1) },
  { keys: ["]"], where: "results", does: "Next page", run: (store) => turnPage(store, 1) },
  { keys: ["["], where: "results", does: "Previous page", run: (store) => turnPage(store, -1) },
  { keys: ["j"], where: "item", does: "Next item", run: (store) => walk(store, 1) },
  { keys: ["k"], where: "item", does: "Previous item", run: (store) => walk(store, -1) },
  { keys: ["]"], where: "item", does: "Next relation", run: (store) => walkRelations(store, 1) },
  { keys: ["["], where: "item", does: "Previous relation", run: (store) => walkRelations(store, -1) },
  { keys: ["m"], where: "item", does: "Show or hide the masks", run: (store) => store.update(() => (store.showMasks = !store.showMasks)) },
  {
    keys: ["a"],
    where: "item",
    does: "Show or hide all relations in the graph",
    run: (store) => store.update(() => (store.showAllRelations = !store.showAllRelations)),
  },
  { keys: [" "], where: "item", does: "Play or pause a video", run: (store) => store.item?.player.toggle() },
  { keys: ["b"], where: "item", does: "The stretch of time begins at this frame", run: (store) => setTime(store, "begin") },
  { keys: ["e"], where: "item", does: "The stretch of time ends with this frame", run: (store) => setTime(store, "end") },
  { keys: ["."], where: "item", does: "Next frame of a video", run: (store) => stepFrame(store, 1) },
  { keys: [","], where: "item", does: "Previous frame of a video", run: (store) => stepFrame(store, -1) },
  { keys: ["g"], where: "item", does: "Go to the graph", run: () => focusFirst(".graph [tabindex='0']") },
  { keys: ["r"], where: "item", does: "Go to the table of relations", run: () => focusFirst(".triples [tabindex='0'], .compared [tabindex='0']") },
  { keys: ["q"], where: "item", does: "Ask a question", run: () => focusFirst(".ask input") },
  { keys: ["Escape"], where: "item", does: "Clear the selection; then back to the results", run: (store) => retreat(store) },
];

export function bindKeys(store: Store): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.key !== "Escape" && !preferences.shortcuts) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("dialog")) return; // the browser closes it with Escape; the sheet has its own buttons
    if (target?.closest("input:not([type=radio], [type=range], [type=checkbox]), textarea, select")) {
      if (event.key === "Escape" && target instanceof HTMLElement) target.blur();
      return;
    }
    // Space presses what has the focus; only elsewhere it plays.
    if (event.key === " " && target?.closest("button, a, input, summary, [role=button]")) return;
    const where: Where = store.address.item === null ? "results" : "item";
    const found = SHORTCUTS.find((s) => s.keys.includes(event.key) && (s.where === "everywhere" || s.where === where));
    if (!found) return;
    event.preventDefault();
    found.run(store);
  });
}

export function toggleSheet(store: Store): void {
  store.update(() => (store.sheetOpen = !store.sheetOpen));
}

export function nextSet(store: Store): void {
  const sets = store.manifest?.sets ?? [];
  const next = sets[(sets.findIndex((set) => set.name === store.set.name) + 1) % sets.length];
  if (next) store.show(next);
}

/** The next or previous item of the results. */
export function walk(store: Store, step: number): void {
  store.openMatch(store.position + step, "walk");
}

export function turnPage(store: Store, step: number): void {
  const page = Math.min(Math.max(store.page + step, 1), store.pages);
  if (page === store.page) return;
  store.go({ page });
  scrollTo({ top: 0 });
}

export function walkRelations(store: Store, step: number): void {
  const relations = store.item?.main.graph?.relations ?? [];
  if (!relations.length) return;
  const now = store.selection.relation;
  const next = now === null ? (step > 0 ? 0 : relations.length - 1) : (now + step + relations.length) % relations.length;
  store.select({ set: null, node: null, relation: relations[next].position });
}

export function stepFrame(store: Store, step: number): void {
  const { item } = store;
  if (!item || item.count < 2) return;
  item.player.stop();
  store.go({ frame: Math.min(Math.max(item.frame + step, 0), item.count - 1) }, "replace");
}

/** Compare with the first prediction that there is, or with none. */
export function toggleCompare(store: Store): void {
  const first = store.manifest ? comparable(store.manifest)[0] : undefined;
  if (!first) return;
  store.go({ against: store.address.against === null ? first.name : null, also: null, state: null, other: null, page: 1 });
}

/** Begin or end the stretch of time that is looked at where the video stands. */
export function setTime(store: Store, side: "begin" | "end"): void {
  const { item } = store;
  if (!item || item.count < 2) return;
  const [start, stop] = store.address.time ?? [0, item.count];
  const time: [number, number] =
    side === "begin" ? [item.frame, Math.max(stop, item.frame + 1)] : [Math.min(start, item.frame), item.frame + 1];
  store.go({ time, frame: item.frame }, "replace");
}

export function retreat(store: Store): void {
  if (store.hover !== NO_MARK) store.point(NO_MARK);
  else if (store.selection.node !== null || store.selection.relation !== null) store.select(NO_MARK);
  else if (store.address.time) store.go({ time: null }, "replace");
  else store.closeItem();
}

export function focusSearch(store: Store, facet: FacetName): void {
  store.update(() => store.unfolded.add(facet));
  // The box may be folded away until the page is drawn again.
  requestAnimationFrame(() => {
    const box = document.querySelector<HTMLInputElement>(`#search-${facet}`);
    box?.focus();
    box?.select();
  });
}

function focusCard(step: number): void {
  const cards = [...document.querySelectorAll<HTMLElement>(".card")].slice(0, PAGE_SIZE);
  const now = cards.findIndex((card) => card === document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(now + step, 0), cards.length - 1);
  cards[next]?.focus();
}

function focusFirst(selector: string): void {
  document.querySelector<HTMLElement | SVGElement>(selector)?.focus();
}

/** Arrow keys move within a group of which one member at a time is in the tab order. */
export function roving(event: KeyboardEvent, selector: string): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined || !(event.currentTarget instanceof Element)) return;
  const members = [...event.currentTarget.querySelectorAll<HTMLElement | SVGElement>(selector)];
  const now = members.indexOf(event.target as HTMLElement);
  if (now < 0) return;
  event.preventDefault();
  members[(now + step + members.length) % members.length].focus();
}
