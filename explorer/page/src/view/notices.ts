/** What is wrong, said where it matters. */

import { html, nothing, type TemplateResult } from "lit";
import { short } from "../data/words.ts";
import { icons } from "./icons.ts";

export function noticesView(texts: readonly string[]): TemplateResult | typeof nothing {
  if (!texts.length) return nothing;
  return html`<ul class="notices">
    ${texts.map((text) => html`<li>${icons.warning}<span>${short(text, 400)}</span></li>`)}
  </ul>`;
}
