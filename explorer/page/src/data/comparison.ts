/** What the strict protocol says about a predicted set; measured when the index was built, only looked up here. */

import type { Manifest } from "./manifest.ts";
import { firstRows, Table } from "./tables.ts";

export type State = "found" | "missed" | "extra";
export const STATES: readonly State[] = ["found", "missed", "extra"];

/** States of rows: a row beyond K, or one that could not be compared, has none. */
const CODES: Readonly<Record<State, number>> = { found: 1, missed: 2, extra: 3 };

/** Of true relations that could not be compared. */
const NOT_COMPARED = 65534;

/** One threshold of a compared set: columns beside the relations of the truth and of the set. */
export interface Comparison {
  /** For every true relation the rank of the row that finds it. */
  readonly truthRank: Uint16Array;
  /** For every predicted relation its own rank. */
  readonly rank: Uint16Array;
  /** For every predicted relation the position of the true one that it finds, or -1. */
  readonly truthOf: Int32Array;
}

/** True relations of every item, and how many of them are found at one threshold and K. */
export interface ItemScores {
  readonly truths: Uint16Array;
  readonly found: Uint16Array;
}

/** Matched nodes of a set; `first[i]` to `first[i + 1]` are the rows of item i. */
export interface NodePairs {
  readonly truthNode: Int32Array;
  readonly node: Int32Array;
  readonly first: Uint32Array;
}

/** Recall of one predicate, averaged over the items that have it. */
export interface PredicateScore {
  readonly predicate: number;
  readonly truths: number;
  readonly recall: number;
}

export async function loadComparison(manifest: Manifest, set: string, threshold: number): Promise<Comparison> {
  const name = percentName(threshold);
  const [truths, rows] = await Promise.all([
    Table.load(manifest, `${set}.truth_ranks.parquet`),
    Table.load(manifest, `${set}.ranks.parquet`),
  ]);
  const [a, b] = await Promise.all([
    truths.numbers({ [`rank_${name}`]: new Uint16Array(truths.count) }),
    rows.numbers({ rank: new Uint16Array(rows.count), [`truth_${name}`]: new Int32Array(rows.count) }),
  ]);
  return {
    truthRank: a[`rank_${name}`],
    rank: b.rank as Uint16Array,
    truthOf: (b as Record<string, Int32Array | Uint16Array>)[`truth_${name}`] as Int32Array,
  };
}

export async function loadScores(manifest: Manifest, set: string, threshold: number, k: number): Promise<ItemScores> {
  const table = await Table.load(manifest, `${set}.scores.parquet`);
  const name = `found_${percentName(threshold)}_${k}`;
  const columns = await table.numbers({ truths: new Uint16Array(table.count), [name]: new Uint16Array(table.count) });
  return { truths: columns.truths as Uint16Array, found: (columns as Record<string, Uint16Array>)[name] };
}

export async function loadPairs(manifest: Manifest, set: string): Promise<NodePairs> {
  const table = await Table.load(manifest, `${set}.pairs.parquet`);
  const columns = await table.numbers({
    item: new Uint32Array(table.count),
    truth_node: new Int32Array(table.count),
    node: new Int32Array(table.count),
  });
  return { truthNode: columns.truth_node, node: columns.node, first: firstRows(columns.item, manifest.items) };
}

export async function loadPredicateScores(
  manifest: Manifest,
  set: string,
  threshold: number,
  k: number,
): Promise<PredicateScore[]> {
  const table = await Table.load(manifest, `${set}.predicates.parquet`);
  const name = `recall_${percentName(threshold)}_${k}`;
  const columns: Record<string, Uint16Array | Uint32Array | Float32Array> = await table.numbers({
    predicate_id: new Uint16Array(table.count),
    truths: new Uint32Array(table.count),
    [name]: new Float32Array(table.count),
  });
  return [...columns.predicate_id].map((predicate, row) => ({
    predicate,
    truths: columns.truths[row],
    recall: columns[name][row],
  }));
}

/** The state of every true relation. */
export function truthStates(comparison: Comparison, k: number): Uint8Array {
  return Uint8Array.from(comparison.truthRank, (rank) =>
    rank === NOT_COMPARED ? 0 : rank < k ? CODES.found : CODES.missed,
  );
}

/** The state of every predicted relation; those beyond K have none. */
export function predictedStates(comparison: Comparison, k: number): Uint8Array {
  return Uint8Array.from(comparison.rank, (rank, row) =>
    rank >= k ? 0 : comparison.truthOf[row] >= 0 ? CODES.found : CODES.extra,
  );
}

export function stateOf(code: number): State | null {
  return STATES.find((state) => CODES[state] === code) ?? null;
}

/** 1 for the rows of one state. */
export function rowsIn(states: Uint8Array, state: State): Uint8Array {
  const code = CODES[state];
  return states.map((value) => Number(value === code));
}

/** Rows that both allow; null allows all. */
export function both(first: Uint8Array | null, second: Uint8Array | null): Uint8Array | null {
  if (!first || !second) return first ?? second;
  return first.map((value, row) => value & second[row]);
}

function percentName(threshold: number): string {
  return String(Math.round(threshold * 100));
}
