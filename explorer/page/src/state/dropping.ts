/** Files that are dropped on the page: a graph is shown as it is, a picture becomes a graph where the server can make one. */

import { isRecord, LoadError } from "../data/fetching.ts";
import { DamagedError, readGraph, type Graph } from "../data/graph.ts";
import type { Service } from "../data/manifest.ts";

/** Larger files are no graphs of one picture or video. */
const MAX_BYTES = 64 << 20;

export interface Dropped {
  readonly name: string;
  readonly graph: Graph;
  /** An address of the picture within this page; null where none was dropped. */
  readonly picture: string | null;
  /** A cloud of the whole scene (GLB), for the points of the page. */
  readonly cloud: File | null;
}

/** A graph file, a picture, or both together; a graph file also with its cloud. */
export async function readDropped(files: readonly File[], service: Service): Promise<Dropped> {
  const picture = files.find((file) => file.type.startsWith("image/")) ?? null;
  const json = files.find((file) => file !== picture && /\.json$/i.test(file.name)) ?? null;
  const cloud = files.find((file) => /\.glb$/i.test(file.name)) ?? null;
  if (cloud && !json) throw new LoadError(`${cloud.name} is a cloud: drop it together with the graph file that it belongs to.`);
  const chosen = json ?? picture;
  if (!chosen) throw new LoadError("Drop a picture, a graph file (NAME.scenegraph.json), or both together.");
  if (chosen.size > MAX_BYTES) throw new LoadError(`${chosen.name} is too large: at most 64 MB are read.`);
  const value = json ? parse(await json.text(), json.name) : await predicted(chosen, service);
  const graph = readWhole(value, chosen.name);
  if (graph.panoptic !== null) {
    throw new LoadError(`${chosen.name} keeps its masks in another file (${graph.panoptic}); only files with their own masks can be dropped.`);
  }
  return { name: chosen.name, graph, picture: picture && URL.createObjectURL(picture), cloud };
}

function readWhole(value: unknown, name: string): Graph {
  try {
    return readGraph(value);
  } catch (error) {
    throw error instanceof DamagedError ? new LoadError(`${name} cannot be shown: ${error.why}.`) : error;
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LoadError(`${name} is not valid JSON.`);
  }
}

async function predicted(picture: File, service: Service): Promise<unknown> {
  if (!service.predict) {
    throw new LoadError("No predictor is configured: start the page with “groundgraph explore … --checkpoint MODEL”, or drop a graph file.");
  }
  let response: Response;
  try {
    response = await fetch("api/predict", { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: picture });
  } catch {
    throw new LoadError("The server does not answer. Is it still running?");
  }
  const value: unknown = await response.json().catch(() => null);
  if (response.ok) return value;
  throw new LoadError(`No graph could be made: ${isRecord(value) ? String(value.detail) : response.status}.`);
}
