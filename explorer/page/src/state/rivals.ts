/** Predictions held against the truth: which ones the address names, and what state their relations are in. */

import {
  both,
  predictedStates,
  rowsIn,
  stateOf,
  truthStates,
  type Comparison,
  type ItemScores,
  type NodePairs,
  type State,
} from "../data/comparison.ts";
import type { Matches } from "../data/counts.ts";
import type { GraphSet, Manifest, SetScores } from "../data/manifest.ts";
import type { Address } from "./address.ts";
import type { SetData, Shelf } from "./shelf.ts";

/** One compared set with everything that the page looks up about it. */
export interface Rival {
  readonly set: GraphSet;
  readonly numbers: SetScores;
  readonly comparison: Comparison;
  readonly scores: ItemScores;
  readonly pairs: NodePairs;
  readonly data: SetData;
  /** States of the true and of the predicted relations. */
  readonly truth: Uint8Array;
  readonly rows: Uint8Array;
}

export function truthOf(manifest: Manifest): GraphSet | null {
  return manifest.sets.find((set) => set.role === "truth") ?? null;
}

export function comparable(manifest: Manifest): GraphSet[] {
  return manifest.sets.filter((set) => set.comparison);
}

/** The threshold and K of the index that are nearest to those of the address. */
export function measure(numbers: SetScores, address: Address): { threshold: number; k: number } {
  const nearest = (values: readonly number[], wanted: number): number =>
    values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best), values[0]);
  return { threshold: nearest(numbers.thresholds, address.iou), k: nearest(numbers.ks, address.k) };
}

/** The compared sets that the address names: none, one or two. */
export function named(manifest: Manifest, address: Address): GraphSet[] {
  const find = (name: string | null): GraphSet | undefined => comparable(manifest).find((set) => set.name === name);
  const first = find(address.against);
  const second = find(address.also);
  return [first, second && second !== first ? second : undefined].filter((set) => set !== undefined);
}

export function loadRivals(shelf: Shelf, manifest: Manifest, address: Address): Promise<Rival[]> {
  return Promise.all(
    named(manifest, address).map(async (set) => {
      const numbers = set.comparison as SetScores;
      const { threshold, k } = measure(numbers, address);
      const [comparison, scores, pairs, data] = await Promise.all([
        shelf.comparison(set.name, threshold),
        shelf.scores(set.name, threshold, k),
        shelf.pairs(set.name),
        shelf.set(set.name),
      ]);
      const truth = truthStates(comparison, k);
      return { set, numbers, comparison, scores, pairs, data, truth, rows: predictedStates(comparison, k) };
    }),
  );
}

/** The state that is asked for against the first or the second compared set. */
export function stateAsked(address: Address, position: number): State | null {
  return position === 0 ? address.state : address.other;
}

/**
 * What changes when a state is asked for: found and missed relations are true ones, so both sets may be asked
 * about them together; extra ones are those of one prediction, which is then shown.
 */
export function askState(address: Address, truth: GraphSet | null, rivals: readonly Rival[], position: number, state: State | null): Partial<Address> {
  const [mine, its] = position === 0 ? (["state", "other"] as const) : (["other", "state"] as const);
  const set = state === null ? address.set : state === "extra" ? rivals[position].set.name : (truth?.name ?? null);
  const kept = state === "extra" || (state !== null && address[its] === "extra") ? null : address[its];
  return { [mine]: state, [its]: kept, set, page: 1, relation: null, node: null };
}

/** What changes when another set is shown: a state that its relations cannot have is asked for no longer. */
export function showSet(address: Address, shown: GraphSet, rivals: readonly Rival[]): Partial<Address> {
  const kept = (position: number): State | null => {
    const state = stateAsked(address, position);
    const possible = shown.role === "truth" ? state !== "extra" : rivals[position]?.set === shown && state !== "missed";
    return possible ? state : null;
  };
  return { set: shown.name, state: kept(0), other: kept(1), relation: null, node: null };
}

/** The rows of the shown set that the address asks for by state; null: all of them. */
export function rowsByState(address: Address, shown: GraphSet, rivals: readonly Rival[]): Uint8Array | null {
  return rivals.reduce<Uint8Array | null>((rows, rival, position) => {
    const state = stateAsked(address, position);
    if (state === null) return rows;
    if (shown.role === "truth") return both(rows, rowsIn(rival.truth, state));
    return shown === rival.set ? both(rows, rowsIn(rival.rows, state)) : rows;
  }, null);
}

/** The matches of which a compared set has a graph before those of which none has: what can be compared is seen first. */
export function comparedFirst(matches: Matches, rivals: readonly Rival[]): Matches {
  if (!rivals.length) return matches;
  const isCompared = (item: number): boolean => rivals.some((rival) => rival.data.graphs.present[item]);
  const positions = Array.from(matches.items.keys());
  const compared = positions.filter((position) => isCompared(matches.items[position]));
  const order = Uint32Array.from([...compared, ...positions.filter((position) => !isCompared(matches.items[position]))]);
  return {
    items: order.map((position) => matches.items[position]),
    rows: Int32Array.from(order, (position) => matches.rows[position]),
    numbers: order.map((position) => matches.numbers[position]),
  };
}

/** How relations and nodes of one item correspond, between the truth and a compared set. */
export class Correspondence {
  private readonly rival: Rival;
  private readonly item: number;
  private readonly truth: SetData;

  constructor(rival: Rival, item: number, truth: SetData) {
    this.rival = rival;
    this.item = item;
    this.truth = truth;
  }

  stateOfTruth(relation: number): State | null {
    return stateOf(this.rival.truth[this.truth.relations.first[this.item] + relation] ?? 0);
  }

  stateOfRow(relation: number): State | null {
    return stateOf(this.rival.rows[this.rowsStart + relation] ?? 0);
  }

  /** The rank of a predicted relation, or null beyond the last that is ranked. */
  rank(relation: number): number | null {
    const rank = this.rival.comparison.rank[this.rowsStart + relation];
    return rank < 65535 ? rank : null;
  }

  /** The true relation that a predicted one finds. */
  toTruth(relation: number): number | null {
    const found = this.rival.comparison.truthOf[this.rowsStart + relation] ?? -1;
    return found >= 0 ? found : null;
  }

  /** The predicted relation that finds a true one, whatever its rank. */
  fromTruth(relation: number): number | null {
    const { truthOf } = this.rival.comparison;
    const stop = this.rival.data.relations.first[this.item + 1];
    for (let row = this.rowsStart; row < stop; row++) {
      if (truthOf[row] === relation) return row - this.rowsStart;
    }
    return null;
  }

  nodeToTruth(node: number): number | null {
    return this.partner(node, this.rival.pairs.node, this.rival.pairs.truthNode);
  }

  nodeFromTruth(node: number): number | null {
    return this.partner(node, this.rival.pairs.truthNode, this.rival.pairs.node);
  }

  private get rowsStart(): number {
    return this.rival.data.relations.first[this.item];
  }

  private partner(node: number, from: Int32Array, to: Int32Array): number | null {
    const { first } = this.rival.pairs;
    for (let row = first[this.item]; row < first[this.item + 1]; row++) {
      if (from[row] === node) return to[row];
    }
    return null;
  }
}
