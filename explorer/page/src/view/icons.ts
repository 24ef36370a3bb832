/** A few line drawings. */

import { svg, html, type TemplateResult } from "lit";

function icon(content: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${content}</svg>`;
}

export const icons = {
  close: icon(svg`<path d="M4 4l8 8M12 4l-8 8" />`),
  swap: icon(svg`<path d="M3 6h9M9.5 3.5L12 6l-2.5 2.5M13 10.5H4M6.5 8L4 10.5L6.5 13" />`),
  left: icon(svg`<path d="M10 3.5L5.5 8L10 12.5" />`),
  right: icon(svg`<path d="M6 3.5L10.5 8L6 12.5" />`),
  keyboard: icon(svg`<path d="M2 4.5h12v7.5H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.700h6" />`),
  theme: icon(svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" class="solid" />`),
  download: icon(svg`<path d="M8 2.5v7.5M5 7.5L8 10.5L11 7.5M3 13.5h10" />`),
  play: icon(svg`<path d="M5 3.2L12.5 8L5 12.8z" class="solid" />`),
  pause: icon(svg`<path d="M4.5 3.5h2.500v9h-2.500zM9 3.500h2.500v9H9z" class="solid" />`),
  search: icon(svg`<circle cx="7" cy="7" r="4.200" /><path d="M10.200 10.200L13.500 13.500" />`),
  chart: icon(svg`<path d="M2.500 13.500h11M4 11V7.500M7 11V3M10 11V6M13 11V9" />`),
  warning: icon(svg`<path d="M8 2.5L14 13H2zM8 6.5v3M8 11.300h.01" />`),
};
