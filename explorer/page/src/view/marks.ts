/** How nodes and relations are pointed at and chosen, the same in picture, graph and tables. */

import { colour } from "../data/words.ts";
import { NO_MARK, type Mark } from "../state/open.ts";
import type { Store } from "../state/store.ts";

/** Handlers for anything that stands for a node or a relation: hover and focus point, a click selects. */
export function marking(store: Store, mark: Mark): {
  enter: () => void;
  leave: () => void;
  choose: () => void;
  chosen: boolean;
  lit: boolean;
} {
  const shown = store.set.name;
  const same = (other: Mark): boolean =>
    other.node === mark.node && other.relation === mark.relation && (other.set ?? shown) === (mark.set ?? shown);
  return {
    enter: () => store.point(mark),
    leave: () => store.point(NO_MARK),
    choose: () => store.select(same(store.selection) ? NO_MARK : mark),
    chosen: same(store.selection),
    lit: same(store.active),
  };
}

/** The colour of a node of the open item, the same for what is one node in the truth and in predictions. */
export function nodeColour(store: Store, node: number, set: string | null = null): string {
  const shade = store.item?.shadeOf(set ?? store.set.name, node) ?? node;
  return store.manifest ? colour(store.manifest, shade) : "grey";
}

export function onNode(node: number, set: string | null = null): Mark {
  return { set, node, relation: null };
}

export function onRelation(relation: number, set: string | null = null): Mark {
  return { set, node: null, relation };
}
