/** Colours of the nodes of graphs that are shown side by side: what is one node has one colour in all of them. */

import type { Graph } from "../data/graph.ts";
import type { Correspondence } from "./rivals.ts";

/** A predicted graph and what its nodes are in the truth. */
export interface Predicted {
  readonly set: string;
  readonly graph: Graph;
  readonly match: Correspondence;
}

/** Places in the palette, by set and node; the nodes of the truth have those of their ids, as everywhere. */
export type Shades = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** A predicted node takes the colour of the true node that it is; one that is none takes a colour that no other has. */
export function shadesOf(truth: Graph, predicted: readonly Predicted[], size: number): Shades {
  const taken = new Set(truth.nodes.map((node) => node.id % size));
  const free = (): number | undefined => {
    for (let shade = 0; shade < size; shade++) {
      if (!taken.has(shade)) {
        taken.add(shade);
        return shade;
      }
    }
    return undefined; // more nodes than colours: they repeat, as they do in one graph
  };
  return new Map(
    predicted.map(({ set, graph, match }) => [
      set,
      new Map(graph.nodes.map(({ id }) => [id, match.nodeToTruth(id) ?? free() ?? id])),
    ]),
  );
}
