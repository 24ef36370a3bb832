/** Texts for people: shortened names, counts, colours. */

import type { Manifest } from "./manifest.ts";

const NUMBERS = new Intl.NumberFormat("en");
const LONGEST = 80;

/** Names come from data and may be of any length; what is cut is marked. */
export function short(text: string, longest = LONGEST): string {
  const letters = [...text.slice(0, longest * 2 + 2)];
  return letters.length <= longest && text.length <= longest * 2 ? text : `${letters.slice(0, longest - 1).join("")}…`;
}

export function number(value: number): string {
  return NUMBERS.format(value);
}

/** `1 image`, `1,234 images`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

export function score(value: number): string {
  return value.toFixed(2);
}

/** The colour of a node, the same as in drawings. */
export function colour(manifest: Manifest, node: number): string {
  return manifest.palette[node % manifest.palette.length] ?? "#0072b2";
}
