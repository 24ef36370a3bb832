/** Facet counts and matching items: one pass over the columns, a few milliseconds for 275,000 relations. */

import type { Graphs, Relations } from "./tables.ts";

/** Category, predicate and category id, or null for any; relations below `minScore` do not count. */
export interface Choice {
  readonly subject: number | null;
  readonly predicate: number | null;
  readonly object: number | null;
  readonly minScore: number;
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
  private readonly last: Uint32Array;

  constructor(names: number) {
    this.relations = new Uint32Array(names);
    this.items = new Uint32Array(names);
    this.last = new Uint32Array(names);
  }

  /** Rows come by ascending item, so an item is new to a name if it is not the last one seen there. */
  add(name: number, item: number): void {
    this.relations[name]++;
    if (this.last[name] !== item + 1) {
      this.last[name] = item + 1;
      this.items[name]++;
    }
  }
}

export function countFacets(relations: Relations, choice: Choice, categories: number, predicates: number): Counts {
  const subject = new Tally(categories);
  const predicate = new Tally(predicates);
  const object = new Tally(categories);
  const { subject: s, predicate: p, object: o, minScore } = choice;
  let total = 0;
  for (let row = 0; row < relations.count; row++) {
    if (relations.score[row] < minScore) continue;
    const hasSubject = s === null || relations.subject[row] === s;
    const hasPredicate = p === null || relations.predicate[row] === p;
    const hasObject = o === null || relations.object[row] === o;
    const item = relations.item[row];
    if (hasPredicate && hasObject) subject.add(relations.subject[row], item);
    if (hasSubject && hasObject) predicate.add(relations.predicate[row], item);
    if (hasSubject && hasPredicate) object.add(relations.object[row], item);
    if (hasSubject && hasPredicate && hasObject) total++;
  }
  return { subject, predicate, object, relations: total };
}

/** All items with a graph if nothing is chosen, else those with a matching relation. */
export function findMatches(relations: Relations, graphs: Graphs, choice: Choice): Matches {
  const free = isFree(choice);
  const items: number[] = [];
  const rows: number[] = [];
  const numbers: number[] = [];
  const candidates = free ? graphs.items : null;
  const total = candidates ? candidates.length : relations.first.length - 1;
  for (let position = 0; position < total; position++) {
    const item = candidates ? candidates[position] : position;
    let best = -1;
    let number = 0;
    for (let row = relations.first[item]; row < relations.first[item + 1]; row++) {
      if (!fits(relations, row, choice)) continue;
      number++;
      if (best < 0 || relations.score[row] > relations.score[best]) best = row;
    }
    if (number || free) {
      items.push(item);
      rows.push(best);
      numbers.push(number);
    }
  }
  return { items: Uint32Array.from(items), rows: Int32Array.from(rows), numbers: Uint32Array.from(numbers) };
}

export function fits(relations: Relations, row: number, choice: Choice): boolean {
  return (
    relations.score[row] >= choice.minScore &&
    (choice.subject === null || relations.subject[row] === choice.subject) &&
    (choice.predicate === null || relations.predicate[row] === choice.predicate) &&
    (choice.object === null || relations.object[row] === choice.object)
  );
}

export function isFree(choice: Choice): boolean {
  return choice.subject === null && choice.predicate === null && choice.object === null && choice.minScore === 0;
}
