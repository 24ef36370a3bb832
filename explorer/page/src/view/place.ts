/** Where the reader is: scroll position and focus survive the way into an item and back. */

import type { Store } from "../state/store.ts";

let open: string | null = null;
let scrolled = 0;
history.scrollRestoration = "manual";

export function keepPlace(store: Store, draw: () => void): void {
  const now = store.items ? store.address.item : null;
  const before = open;
  if (now !== before && before === null) scrolled = scrollY;
  draw();
  if (now === before || !store.matches) return;
  open = now;
  if (now !== null) {
    scrollTo({ top: 0 });
    // A reader who walks from item to item keeps the focus on the button for it.
    if (before === null) document.getElementById("main")?.focus({ preventScroll: true });
    return;
  }
  scrollTo({ top: scrolled });
  const card = [...document.querySelectorAll<HTMLElement>(".card")].find((element) => element.dataset.item === before);
  (card ?? document.getElementById("main"))?.focus({ preventScroll: card !== undefined && isVisible(card) });
}

function isVisible(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
