/** What is shown, as the address says it: `?set=truth&s=person&p=riding&page=2#item=107902&rel=3`. */

import { STATES, type State } from "../data/comparison.ts";

/** Whole numbers from the first up to, but not with, the second. */
export type Range = readonly [number, number];

export interface Address {
  readonly set: string | null;
  readonly subject: string | null;
  readonly predicate: string | null;
  readonly object: string | null;
  readonly minScore: number;
  /** How many relations an item has in all, and how many frames a span lasts: from, and the first that is too many. */
  readonly size: Range | null;
  readonly span: Range | null;
  /** A question over the whole data set. */
  readonly search: string | null;
  /** Predicted sets that are held against the truth. */
  readonly against: string | null;
  readonly also: string | null;
  /** Rows of a prediction that count, and the overlap that a match needs. */
  readonly k: number;
  readonly iou: number;
  /** The state of the relations that are shown, against the first and against the second prediction. */
  readonly state: State | null;
  readonly other: State | null;
  readonly view: "statistics" | null;
  /** Counted from 1, as people do. */
  readonly page: number;
  readonly item: string | null;
  readonly relation: number | null;
  readonly node: number | null;
  /** null: where the selected relation begins. */
  readonly frame: number | null;
  /** First frame and the one after the last of the stretch of time that is looked at. */
  readonly time: Range | null;
}

export const START: Address = {
  set: null,
  subject: null,
  predicate: null,
  object: null,
  minScore: 0,
  size: null,
  span: null,
  search: null,
  against: null,
  also: null,
  k: 20,
  iou: 0.5,
  state: null,
  other: null,
  view: null,
  page: 1,
  item: null,
  relation: null,
  node: null,
  frame: null,
  time: null,
};

/** What an address says about one item; nothing of it holds for another one. */
export const NO_ITEM = { item: null, relation: null, node: null, frame: null, time: null } as const;

/** No choice among the relations. */
export const NO_CHOICE = {
  subject: null,
  predicate: null,
  object: null,
  minScore: 0,
  size: null,
  span: null,
  search: null,
  state: null,
  other: null,
  page: 1,
} as const;

const LONGEST_SEARCH = 500;

/** Read an address; parts that make no sense count as absent. */
export function parseAddress(search: string, hash: string): Address {
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams(hash.replace(/^#/, ""));
  const item = fragment.get("item") || null;
  const state = (name: string): State | null => STATES.find((known) => known === query.get(name)) ?? null;
  return {
    set: query.get("set"),
    subject: query.get("s"),
    predicate: query.get("p"),
    object: query.get("o"),
    minScore: fraction(query.get("min")) ?? START.minScore,
    size: range(query.get("size")),
    span: range(query.get("span")),
    search: query.get("q")?.trim().slice(0, LONGEST_SEARCH) || null,
    against: query.get("against"),
    also: query.get("also"),
    k: wholeNumber(query.get("k")) ?? START.k,
    iou: fraction(query.get("iou")) ?? START.iou,
    state: state("state"),
    other: state("other"),
    view: query.get("view") === "statistics" ? "statistics" : null,
    page: wholeNumber(query.get("page")) || 1,
    item,
    relation: item === null ? null : wholeNumber(fragment.get("rel")),
    node: item === null ? null : wholeNumber(fragment.get("node")),
    frame: item === null ? null : wholeNumber(fragment.get("frame")),
    time: item === null ? null : range(fragment.get("time")),
  };
}

/** Write an address; what is as at the start is left out. */
export function formatAddress(address: Address): string {
  const query = new URLSearchParams();
  const fragment = new URLSearchParams();
  const put = (target: URLSearchParams, key: string, value: string | number | null, usual: string | number | null): void => {
    if (value !== null && value !== usual) target.set(key, String(value));
  };
  put(query, "set", address.set, null);
  put(query, "s", address.subject, null);
  put(query, "p", address.predicate, null);
  put(query, "o", address.object, null);
  put(query, "min", address.minScore, START.minScore);
  put(query, "size", address.size && address.size.join("-"), null);
  put(query, "span", address.span && address.span.join("-"), null);
  put(query, "q", address.search, null);
  put(query, "against", address.against, null);
  put(query, "also", address.also, null);
  put(query, "k", address.k, START.k);
  put(query, "iou", address.iou, START.iou);
  put(query, "state", address.state, null);
  put(query, "other", address.other, null);
  put(query, "view", address.view, null);
  put(query, "page", address.page, START.page);
  if (address.item !== null) {
    fragment.set("item", address.item);
    put(fragment, "rel", address.relation, null);
    put(fragment, "node", address.node, null);
    put(fragment, "frame", address.frame, null);
    put(fragment, "time", address.time && address.time.join("-"), null);
  }
  const search = query.size ? `?${query}` : "";
  return search + (fragment.size ? `#${fragment}` : "") || "?";
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function fraction(text: string | null): number | null {
  const value = Number(text || "none");
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : null;
}

function range(text: string | null): Range | null {
  const [start, stop, ...more] = (text ?? "").split("-").map(wholeNumber);
  return start !== null && stop !== undefined && stop !== null && start < stop && !more.length ? [start, stop] : null;
}
