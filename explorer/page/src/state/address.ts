/** What is shown, as the address says it: `?set=truth&s=person&p=riding&page=2#item=107902&rel=3`. */

export interface Address {
  readonly set: string | null;
  readonly subject: string | null;
  readonly predicate: string | null;
  readonly object: string | null;
  readonly minScore: number;
  /** Counted from 1, as people do. */
  readonly page: number;
  readonly item: string | null;
  readonly relation: number | null;
  readonly node: number | null;
  /** null: where the selected relation begins. */
  readonly frame: number | null;
}

export const START: Address = {
  set: null,
  subject: null,
  predicate: null,
  object: null,
  minScore: 0,
  page: 1,
  item: null,
  relation: null,
  node: null,
  frame: null,
};

/** Read an address; parts that make no sense count as absent. */
export function parseAddress(search: string, hash: string): Address {
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams(hash.replace(/^#/, ""));
  const item = fragment.get("item");
  return {
    set: query.get("set"),
    subject: query.get("s"),
    predicate: query.get("p"),
    object: query.get("o"),
    minScore: Math.min(Math.max(Number(query.get("min")) || 0, 0), 1),
    page: wholeNumber(query.get("page")) || 1,
    item,
    relation: item === null ? null : wholeNumber(fragment.get("rel")),
    node: item === null ? null : wholeNumber(fragment.get("node")),
    frame: wholeNumber(fragment.get("frame")),
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
  put(query, "min", address.minScore, 0);
  put(query, "page", address.page, 1);
  if (address.item !== null) {
    fragment.set("item", address.item);
    put(fragment, "rel", address.relation, null);
    put(fragment, "node", address.node, null);
    put(fragment, "frame", address.frame, null);
  }
  const search = query.size ? `?${query}` : "";
  return search + (fragment.size ? `#${fragment}` : "") || "?";
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
