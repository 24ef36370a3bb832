/** Where files are dropped, and the graph that came of them. */

import { html, nothing, type TemplateResult } from "lit";
import type { Store } from "../state/store.ts";

let over = false;

export function dropTarget(store: Store): TemplateResult | typeof nothing {
  return over ? html`<div class="drop-target" aria-hidden="true">Drop a ${store.service.predict ? "picture or a " : ""}graph file to see it</div>` : nothing;
}

/** Listen for files over the whole window. */
export function bindDropping(store: Store): void {
  const set = (now: boolean): void => {
    if (now !== over) store.update(() => (over = now));
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    set(true);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) set(false);
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    set(false);
    void store.openFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
