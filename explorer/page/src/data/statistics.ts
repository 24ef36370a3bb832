/** Numbers about the relations that are chosen; counted in one pass over the columns. */

import { fits, type Choice } from "./counts.ts";
import type { Relations } from "./tables.ts";

export interface Statistics {
  readonly relations: number;
  /** Relations by predicate. */
  readonly predicates: Uint32Array;
  /** Relations by subject and object category: `pairs[subject * categories + object]`. */
  readonly pairs: Uint32Array;
  readonly subjects: Uint32Array;
  readonly objects: Uint32Array;
  /** How many of the items have 0, 1, 2, ... relations in all, chosen ones or not: that is what `size` filters by. */
  readonly perItem: readonly number[];
  /** How many spans there are by length in frames. */
  readonly spans: readonly Bin[];
}

export interface Bin {
  readonly from: number;
  /** The first value that is not in it. */
  readonly to: number;
  readonly count: number;
}

export function statisticsOf(
  table: Relations,
  choice: Choice,
  items: Uint32Array,
  categories: number,
  predicates: number,
  spans: readonly (readonly number[])[] | null,
): Statistics {
  const found = {
    predicates: new Uint32Array(predicates),
    pairs: new Uint32Array(categories * categories),
    subjects: new Uint32Array(categories),
    objects: new Uint32Array(categories),
  };
  const lengths: number[] = [];
  let relations = 0;
  for (let row = 0; row < table.count; row++) {
    if (!fits(table, row, choice)) continue;
    relations++;
    found.predicates[table.predicate[row]]++;
    found.pairs[table.subject[row] * categories + table.object[row]]++;
    found.subjects[table.subject[row]]++;
    found.objects[table.object[row]]++;
    for (let i = 0; spans && i + 1 < spans[row].length; i += 2) lengths.push(spans[row][i + 1] - spans[row][i]);
  }
  const perItem: number[] = [];
  for (const item of items) {
    const size = table.first[item + 1] - table.first[item];
    perItem[size] = (perItem[size] ?? 0) + 1;
  }
  return { relations, ...found, perItem: Array.from(perItem, (count) => count ?? 0), spans: doubling(lengths) };
}

/** Bins 1, 2-3, 4-7, 8-15, ...: spans last from one frame to thousands. */
function doubling(lengths: readonly number[]): Bin[] {
  const counts: number[] = [];
  for (const length of lengths) {
    const bin = Math.floor(Math.log2(Math.max(length, 1)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count, bin) => ({ from: 2 ** bin, to: 2 ** (bin + 1), count: count ?? 0 }));
}

/** The largest values first, as positions; those of 0 are left out. */
export function largest(values: ArrayLike<number>, most: number): number[] {
  return Array.from(values, (_, id) => id)
    .filter((id) => values[id] > 0)
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, most);
}
