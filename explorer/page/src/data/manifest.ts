/** manifest.json: what the index holds. */

import { fetchJson, indexUrl, isRecord, LoadError } from "./fetching.ts";

const SCHEMA = "groundgraph-index/1";

export interface GraphSet {
  readonly name: string;
  readonly role: "truth" | "prediction";
  readonly graphs: number;
  readonly nodes: number;
  readonly relations: number;
  readonly problems: number;
  readonly scored: boolean;
}

export interface Manifest {
  readonly version: string;
  readonly title: string;
  readonly things: readonly string[];
  readonly stuff: readonly string[];
  readonly predicates: readonly string[];
  readonly categories: readonly string[];
  readonly items: number;
  readonly kinds: readonly string[];
  readonly sets: readonly GraphSet[];
  readonly problems: readonly string[];
  readonly palette: readonly string[];
}

/** What the items are called. */
export function itemNoun(manifest: Manifest): string {
  if (manifest.kinds.every((kind) => kind === "image")) return "image";
  return manifest.kinds.every((kind) => kind !== "image") ? "video" : "item";
}

export async function loadManifest(): Promise<Manifest> {
  const value = await fetchJson(indexUrl("manifest.json"), "The index");
  if (!isRecord(value) || value.schema !== SCHEMA) {
    const found = isRecord(value) ? String(value.schema).slice(0, 60) : typeof value;
    throw new LoadError(
      `The index was written as “${found}”; this page reads “${SCHEMA}”. Build the index again with this version.`,
    );
  }
  const lists = ["things", "stuff", "predicates", "kinds", "sets", "problems", "palette"];
  if (!lists.every((name) => Array.isArray(value[name])) || (value.sets as unknown[]).length === 0) {
    throw new LoadError("The index is damaged (manifest.json lacks a part). Build it again.");
  }
  const manifest = value as unknown as Manifest;
  return { ...manifest, categories: [...manifest.things, ...manifest.stuff] };
}

/** Whether the server answers questions; a static copy does not. */
export async function loadService(): Promise<{ ask: boolean }> {
  try {
    const value = await fetchJson(indexUrl("service.json"), "The list of services");
    return { ask: isRecord(value) && value.ask === true };
  } catch {
    return { ask: false };
  }
}
