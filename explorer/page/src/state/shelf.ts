/** The tables of an index, each fetched once. */

import {
  loadComparison,
  loadPairs,
  loadPredicateScores,
  loadScores,
  type Comparison,
  type ItemScores,
  type NodePairs,
  type PredicateScore,
} from "../data/comparison.ts";
import type { Manifest } from "../data/manifest.ts";
import { loadGraphs, loadNodes, loadRelations, loadSpans, type Graphs, type Nodes, type Relations } from "../data/tables.ts";

export interface SetData {
  readonly graphs: Graphs;
  readonly relations: Relations;
}

export class Shelf {
  private readonly manifest: Manifest;
  private readonly fetched = new Map<string, Promise<unknown>>();

  constructor(manifest: Manifest) {
    this.manifest = manifest;
  }

  set(name: string): Promise<SetData> {
    return this.once(`set ${name}`, async () => {
      const [graphs, relations] = await Promise.all([loadGraphs(this.manifest, name), loadRelations(this.manifest, name)]);
      return { graphs, relations };
    });
  }

  nodes(name: string): Promise<Nodes> {
    return this.once(`nodes ${name}`, () => loadNodes(this.manifest, name));
  }

  spans(name: string): Promise<number[][]> {
    return this.once(`spans ${name}`, () => loadSpans(this.manifest, name));
  }

  comparison(name: string, threshold: number): Promise<Comparison> {
    return this.once(`comparison ${name} ${threshold}`, () => loadComparison(this.manifest, name, threshold));
  }

  pairs(name: string): Promise<NodePairs> {
    return this.once(`pairs ${name}`, () => loadPairs(this.manifest, name));
  }

  scores(name: string, threshold: number, k: number): Promise<ItemScores> {
    return this.once(`scores ${name} ${threshold} ${k}`, () => loadScores(this.manifest, name, threshold, k));
  }

  predicateScores(name: string, threshold: number, k: number): Promise<PredicateScore[]> {
    return this.once(`predicates ${name} ${threshold} ${k}`, () => loadPredicateScores(this.manifest, name, threshold, k));
  }

  /** A failed load is tried again the next time. */
  private once<T>(key: string, load: () => Promise<T>): Promise<T> {
    let loading = this.fetched.get(key) as Promise<T> | undefined;
    if (!loading) {
      loading = load();
      loading.catch(() => this.fetched.delete(key));
      this.fetched.set(key, loading);
    }
    return loading;
  }
}
