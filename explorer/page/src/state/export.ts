/** The matching relations as files for other programs. */

import type { Choice, Matches } from "../data/counts.ts";
import { fits } from "../data/counts.ts";
import type { Manifest } from "../data/manifest.ts";
import type { Items, Relations } from "../data/tables.ts";

export interface Row {
  readonly item: string;
  readonly relation: number;
  readonly subject_node: number;
  readonly subject: string;
  readonly predicate: string;
  readonly object_node: number;
  readonly object: string;
  readonly score: number;
}

const COLUMNS = ["item", "relation", "subject_node", "subject", "predicate", "object_node", "object", "score"] as const;

export function matchingRows(
  manifest: Manifest,
  items: Items,
  relations: Relations,
  matches: Matches,
  choice: Choice,
): Row[] {
  const rows: Row[] = [];
  for (const item of matches.items) {
    for (let row = relations.first[item]; row < relations.first[item + 1]; row++) {
      if (!fits(relations, row, choice)) continue;
      rows.push({
        item: items.ids[item],
        relation: relations.relation[row],
        subject_node: relations.subjectNode[row],
        subject: manifest.categories[relations.subject[row]],
        predicate: manifest.predicates[relations.predicate[row]],
        object_node: relations.objectNode[row],
        object: manifest.categories[relations.object[row]],
        score: Number(relations.score[row].toFixed(6)),
      });
    }
  }
  return rows;
}

/** RFC 4180. Texts that a spreadsheet would run as a formula get an apostrophe in front. */
export function toCsv(rows: readonly Row[]): string {
  const cell = (value: string | number): string => {
    if (typeof value === "number") return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS.join(","), ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(","))].join("\r\n") + "\r\n";
}

/** The rows with the address that made them, so that the selection can be found again. */
export function toJson(rows: readonly Row[], set: string, address: string): string {
  const items = [...new Set(rows.map((row) => row.item))];
  return JSON.stringify({ schema: "groundgraph-selection/1", set, address, items, relations: rows }, null, 1);
}

export function save(name: string, kind: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type: kind }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
