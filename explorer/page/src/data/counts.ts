/** Facet counts and matching items: one pass over the columns, a few milliseconds for 275,000 relations. */

import type { Graphs, Relations } from "./tables.ts";

/** Category, predicate and category id, or null for any; relations below `minScore` do not count. */
export interface Choice {
  readonly subject: number | null;
  readonly predicate: number | null;
  readonly object: number | null;
  readonly minScore: number;
  /** 1 for the rows that count; null: all do. */
  readonly allowed: Uint8Array | null;
  /** 1 for the items that count, also without a relation; null: all do. */
  readonly items: Uint8Array | null;
}

/** How many relations, and how many distinct items, each name has under the other two choices. */
export interface FacetCounts {
  readonly relations: Uint32Array;
  readonly items: Uint32Array;
}

export interface Counts {
  readonly subject: FacetCounts;
  readonly predicate: FacetCounts;
  readonly object: FacetCounts;
  /** Relations that fit all three choices. */
  readonly relations: number;
}

/** Items that match, in item order: its best matching row in the relations (-1: none), and how many match. */
export interface Matches {
  readonly items: Uint32Array;
  readonly rows: Int32Array;
  readonly numbers: Uint32Array;
}

class Tally implements FacetCounts {
  readonly relations: Uint32Array;
  readonly items: Uint32Array;
  /** One more than the item last seen with each name; rows come by ascending item, so another one is new. */
  readonly seen: Uint32Array;

  constructor(names: number) {
    this.relations = new Uint32Array(names);
    this.items = new Uint32Array(names);
    this.seen = new Uint32Array(names);
  }
}

/** Count every facet under the choices in the other two. */
export function countFacets(table: Relations, choice: Choice, categories: number, predicates: number): Counts {
  const { item, subject, predicate, object, score } = table;
  const [bySubject, byPredicate, byObject] = [new Tally(categories), new Tally(predicates), new Tally(categories)];
  const { minScore: least, allowed } = choice;
  const [s, p, o] = [choice.subject, choice.predicate, choice.object].map((id) => (id === null ? ANY : id));
  let total = 0;
  for (let row = 0; row < table.count; row++) {
    if (score[row] < least || (allowed && !allowed[row])) continue;
    const hasSubject = s === ANY || subject[row] === s;
    const hasPredicate = p === ANY || predicate[row] === p;
    const hasObject = o === ANY || object[row] === o;
    if (hasPredicate && hasObject) tally(bySubject, subject[row], item[row] + 1);
    if (!hasSubject) continue;
    if (hasObject) tally(byPredicate, predicate[row], item[row] + 1);
    if (!hasPredicate) continue;
    tally(byObject, object[row], item[row] + 1);
    if (hasObject) total++;
  }
  return { subject: bySubject, predicate: byPredicate, object: byObject, relations: total };
}

/** Stands for null in the loops: no typed array of ids holds it, nor is it a name that is unknown (-1). */
const ANY = -2;

function tally(into: Tally, name: number, seen: number): void {
  into.relations[name]++;
  if (into.seen[name] !== seen) {
    into.seen[name] = seen;
    into.items[name]++;
  }
}

/** All items with a graph if nothing is chosen, else those with a matching relation. */
export function findMatches(table: Relations, graphs: Graphs, choice: Choice, things: number): Matches {
  const { item, subject, predicate, object, score } = table;
  const { minScore, allowed } = choice;
  const size = table.first.length - 1;
  const [s, p, o] = [choice.subject, choice.predicate, choice.object].map((id) => (id === null ? ANY : id));
  const best = new Int32Array(size).fill(-1);
  const numbers = new Uint32Array(size);
  for (let row = 0; row < table.count; row++) {
    if ((s !== ANY && subject[row] !== s) || (p !== ANY && predicate[row] !== p) || (o !== ANY && object[row] !== o)) continue;
    if (score[row] < minScore || (allowed && !allowed[row])) continue;
    const at = item[row];
    numbers[at]++;
    const now = best[at];
    // Of equal scores the first counts, but a pair of things shows more than a thing on its ground.
    if (now < 0 || score[row] > score[now] || (score[row] === score[now] && object[row] < things && object[now] >= things)) {
      best[at] = row;
    }
  }
  const items = itemsOf(choice, graphs, numbers);
  const matches = { items, rows: new Int32Array(items.length), numbers: new Uint32Array(items.length) };
  for (let i = 0; i < items.length; i++) {
    matches.rows[i] = best[items[i]];
    matches.numbers[i] = numbers[items[i]];
  }
  return matches;
}

/** Without a choice among the relations an item needs none. */
function itemsOf(choice: Choice, graphs: Graphs, numbers: Uint32Array): Uint32Array {
  const { items } = choice;
  if (isFree(choice)) return graphs.items;
  if (items && isFree({ ...choice, allowed: null, items: null })) return graphs.items.filter((item) => items[item] === 1);
  return positive(numbers);
}

/** Positions of the numbers above 0. */
function positive(numbers: Uint32Array): Uint32Array {
  const found = new Uint32Array(numbers.length);
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] > 0) found[count++] = i;
  }
  return found.slice(0, count);
}

/** 1 for the items with so many relations in all; the second number is the first that is too many. */
export function itemsOfSize(relations: Relations, [least, stop]: readonly [number, number]): Uint8Array {
  const { first } = relations;
  return Uint8Array.from({ length: first.length - 1 }, (_, item) => {
    const size = first[item + 1] - first[item];
    return Number(size >= least && size < stop);
  });
}

/** 1 for the relations of the items that are marked. */
export function rowsOfItems(relations: Relations, items: Uint8Array): Uint8Array {
  return Uint8Array.from(relations.item, (item) => items[item]);
}

/** 1 for the relations with a span that lasts so many frames. */
export function rowsWithSpan(spans: readonly (readonly number[])[], [least, stop]: readonly [number, number]): Uint8Array {
  return Uint8Array.from(spans, (edges) => {
    for (let i = 0; i + 1 < edges.length; i += 2) {
      const frames = edges[i + 1] - edges[i];
      if (frames >= least && frames < stop) return 1;
    }
    return 0;
  });
}

export function fits(relations: Relations, row: number, choice: Choice): boolean {
  return (
    relations.score[row] >= choice.minScore &&
    (choice.allowed === null || choice.allowed[row] === 1) &&
    (choice.subject === null || relations.subject[row] === choice.subject) &&
    (choice.predicate === null || relations.predicate[row] === choice.predicate) &&
    (choice.object === null || relations.object[row] === choice.object)
  );
}

export function isFree(choice: Choice): boolean {
  const { subject, predicate, object, minScore, allowed } = choice;
  return subject === null && predicate === null && object === null && minScore === 0 && allowed === null;
}
