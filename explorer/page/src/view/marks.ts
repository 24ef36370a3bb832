/** How nodes and relations are pointed at and chosen, the same in picture, graph and tables. */

import { NO_MARK, type Mark, type Store } from "../state/store.ts";

export function isNode(mark: Mark, node: number): boolean {
  return mark.node === node;
}

/** Handlers for anything that stands for a node or a relation: hover and focus point, a click selects. */
export function marking(store: Store, mark: Mark): {
  enter: () => void;
  leave: () => void;
  choose: () => void;
  chosen: boolean;
  lit: boolean;
} {
  const same = (other: Mark): boolean => other.node === mark.node && other.relation === mark.relation;
  return {
    enter: () => store.point(mark),
    leave: () => store.point(NO_MARK),
    choose: () => store.select(same(store.selection) ? NO_MARK : mark),
    chosen: same(store.selection),
    lit: same(store.active),
  };
}

export function onNode(node: number): Mark {
  return { node, relation: null };
}

export function onRelation(relation: number): Mark {
  return { node: null, relation };
}
