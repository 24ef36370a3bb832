/** Starts the page: one store, one view of it, drawn again when it changes. */

import { render } from "lit";
import { bindKeys } from "./state/keys.ts";
import { applyTheme } from "./state/preferences.ts";
import { Store } from "./state/store.ts";
import { bindDropping } from "./view/dropping.ts";
import { pageView } from "./view/page.ts";
import { keepPlace } from "./view/place.ts";
import "./style/tokens.css";
import "./style/page.css";
import "./style/results.css";
import "./style/item.css";
import "./style/compare.css";
import "./style/search.css";
import "./style/statistics.css";
import "./style/time.css";

const root = document.getElementById("page") as HTMLElement;
let waiting = false;

const store = new Store(() => {
  if (waiting) return;
  waiting = true;
  // Changes of one event are drawn together, before the browser paints.
  queueMicrotask(() => {
    waiting = false;
    draw();
  });
});

function draw(): void {
  keepPlace(store, () => render(pageView(store), root));
}

applyTheme();
root.replaceChildren();
draw();
bindKeys(store);
bindDropping(store);
void store.start();
