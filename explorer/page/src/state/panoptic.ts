/** The chosen pictures in COCO's panoptic format: one JSON and a PNG of segment ids each, in one archive. */

import { LoadError } from "../data/fetching.ts";
import type { Graph } from "../data/graph.ts";
import type { IdMap } from "../data/masks.ts";
import { extents } from "../data/outlines.ts";
import { counted } from "../data/words.ts";
import { zip, type ZipFile } from "../data/zip.ts";
import { save } from "./export.ts";
import { ItemModel, placeOf } from "./item.ts";
import type { Store } from "./store.ts";

/** A browser keeps the archive in memory; more pictures are better written by `groundgraph convert`. */
export const MOST_PICTURES = 500;

/** Save the first pictures of the results; says what was left out. */
export async function savePanoptic(store: Store): Promise<string> {
  const { manifest, items, data, matches } = store;
  if (!manifest || !items || !data || !matches) return "";
  const chosen = [...matches.items.slice(0, MOST_PICTURES)];
  const images: object[] = [];
  const annotations: object[] = [];
  const files: ZipFile[] = [];
  const left: string[] = [];
  for (const row of chosen) {
    const id = items.ids[row];
    const model = new ItemModel(placeOf(id, store.set.name, items, data.graphs), () => undefined);
    await model.load(async () => () => null);
    const { graph, map } = model;
    if (!graph || !map || graph.kind !== "image" || map.step !== 1 || model.notices.has("masks")) {
      left.push(id);
      continue;
    }
    const name = `${items.keys[row]}.png`;
    images.push({ id: images.length + 1, item: id, file_name: graph.uri, height: graph.height, width: graph.width });
    annotations.push({ image_id: images.length, file_name: name, segments_info: segments(graph, map, manifest.categories) });
    files.push({ name: `panoptic/${name}`, bytes: await png(graph, map) });
  }
  if (!files.length) throw new LoadError("None of the chosen items is a picture with masks.");
  const categories = manifest.categories.map((name, id) => ({ id: id + 1, name, isthing: id < manifest.things.length ? 1 : 0 }));
  const json = JSON.stringify({ info: { description: `${manifest.title}: ${store.set.name}`, url: location.href }, images, annotations, categories });
  save("panoptic.zip", "application/zip", zip([{ name: "panoptic.json", bytes: new TextEncoder().encode(json) }, ...files]));
  const more = matches.items.length - chosen.length;
  return `${counted(files.length, "picture")} saved as panoptic.zip${left.length ? `; left out: ${counted(left.length, "item")} that ${left.length === 1 ? "is" : "are"} no picture with masks` : ""}${more ? `; ${more} more are beyond the limit of ${MOST_PICTURES}` : ""}`;
}

/** `segments_info`; ids are positions + 1, as in the PNG, categories count from 1. */
function segments(graph: Graph, map: IdMap, categories: readonly string[]): object[] {
  return extents(map, graph.nodes.length).flatMap((extent, owner) => {
    if (!extent) return [];
    const [x1, y1, x2, y2] = extent.box;
    const category = categories.indexOf(graph.nodes[owner].category) + 1;
    return [{ id: owner + 1, category_id: category, area: extent.pixels, bbox: [x1, y1, x2 - x1, y2 - y1], iscrowd: 0 }];
  });
}

/** Ids as colours: red + 256 green + 65536 blue; 0 is no segment. */
async function png(graph: Graph, map: IdMap): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(graph.width, graph.height);
  const context = canvas.getContext("2d", { colorSpace: "srgb" });
  if (!context) throw new LoadError("This browser offers no canvas to write masks with.");
  const image = context.createImageData(graph.width, graph.height);
  map.owners.forEach((owner, i) => {
    const id = owner + 1;
    image.data.set([id & 255, (id >> 8) & 255, (id >> 16) & 255, 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
}
