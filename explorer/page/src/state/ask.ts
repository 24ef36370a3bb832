/** Questions about the open item, answered by the server's assistant from its graph. */

import { isRecord, LoadError, postJson } from "../data/fetching.ts";
import type { Mark } from "./open.ts";

export interface Citation {
  readonly label: string;
  readonly mark: Mark;
  /** The frames that the answer rests on; none: all of them. */
  readonly spans: readonly (readonly [number, number])[];
}

export interface Claim {
  readonly text: string;
  readonly verdict: string;
}

export interface Answer {
  readonly question: string;
  readonly text: string;
  readonly status: string;
  readonly reason: string | null;
  readonly claims: readonly Claim[];
  readonly citations: readonly Citation[];
  readonly notes: readonly string[];
  readonly suggestion: string | null;
  readonly program: string | null;
}

export class Conversation {
  busy = false;
  error: string | null = null;
  answer: Answer | null = null;
  private readonly changed: () => void;
  private turn = 0;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  async ask(set: string, item: string, question: string): Promise<void> {
    const turn = ++this.turn;
    this.busy = true;
    this.error = null;
    this.changed();
    try {
      const answer = readAnswer(await postJson("api/ask", { set, item, question }));
      if (turn === this.turn) this.answer = answer;
    } catch (error) {
      if (turn === this.turn) this.error = error instanceof LoadError ? error.message : String(error);
    }
    if (turn === this.turn) this.busy = false;
    this.changed();
  }

  clear(): void {
    this.turn++;
    this.busy = false;
    this.error = null;
    this.answer = null;
  }
}

/** A `groundgraph-answer/1`; citations that name nothing are left out. */
export function readAnswer(value: unknown): Answer {
  if (!isRecord(value) || typeof value.text !== "string") throw new LoadError("The server's answer cannot be read.");
  const text = (field: unknown): string | null => (typeof field === "string" && field !== "" ? field : null);
  const records = (field: unknown): Record<string, unknown>[] => (Array.isArray(field) ? field.filter(isRecord) : []);
  return {
    question: text(value.question) ?? "",
    text: value.text,
    status: text(value.status) ?? "",
    reason: text(value.reason),
    claims: records(value.claims).map((claim) => ({ text: String(claim.text), verdict: String(claim.verdict) })),
    citations: records(value.citations).flatMap((citation) => {
      const node = typeof citation.node === "number" ? citation.node : null;
      const relation = typeof citation.relation === "number" ? citation.relation : null;
      if (node === null && relation === null) return [];
      const mark = citation.kind === "relation" ? { set: null, node: null, relation } : { set: null, node, relation: null };
      return [{ label: String(citation.label), mark, spans: readSpans(citation.spans) }];
    }),
    notes: Array.isArray(value.notes) ? value.notes.map(String) : [],
    suggestion: text(value.suggestion),
    program: isRecord(value.program) ? text(value.program.line) : null,
  };
}

function readSpans(value: unknown): [number, number][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((span) => (Array.isArray(span) && span.length === 2 ? [[Number(span[0]), Number(span[1])] as [number, number]] : []));
}
