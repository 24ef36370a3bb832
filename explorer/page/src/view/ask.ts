/** The assistant's panel: a question, the answer, and what in the graph it rests on. */

import { html, nothing, type TemplateResult } from "lit";
import { short } from "../data/words.ts";
import { Conversation, type Answer, type Citation } from "../state/ask.ts";
import type { ItemModel } from "../state/item.ts";
import type { Store } from "../state/store.ts";
import { marking } from "./marks.ts";

const EXAMPLES = ["What is in the picture?", "How many people are there?", "Who is holding something?"];
const LONGEST = 1000;

let talk: { item: ItemModel; conversation: Conversation } | null = null;

/** The frames that the answer about the open item rests on. */
export function citedSpans(store: Store): readonly (readonly [number, number])[] {
  if (!talk || talk.item !== store.item?.main) return [];
  return talk.conversation.answer?.citations.flatMap((citation) => citation.spans) ?? [];
}

/** The relations that the answer about the open item cites. */
export function citedRelations(store: Store): ReadonlySet<number> {
  if (!talk || talk.item !== store.item?.main) return new Set();
  const cited = talk.conversation.answer?.citations.map((citation) => citation.mark.relation) ?? [];
  return new Set(cited.filter((relation) => relation !== null));
}

export function askView(store: Store, item: ItemModel): TemplateResult {
  if (talk?.item !== item) talk = { item, conversation: new Conversation(() => store.update(() => undefined)) };
  const { conversation } = talk;
  const ask = (question: string): void => {
    if (question.trim()) void conversation.ask(item.set, item.id, question.trim());
  };
  return html`<section class="ask" aria-labelledby="ask-title">
    <div class="section-head"><h2 id="ask-title">Ask this graph</h2></div>
    <form @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      ask((event.target as HTMLFormElement).querySelector("input")?.value ?? "");
    }}>
      <input type="text" maxlength=${LONGEST} autocomplete="off" placeholder="Who is on the bench?" aria-label="Question about this picture" />
      <button class="primary" ?disabled=${conversation.busy}>${conversation.busy ? "…" : "Ask"}</button>
    </form>
    <div class="answer-room" aria-live="polite">
      ${conversation.error ? html`<p class="answer-error">${short(conversation.error, 400)}</p>` : nothing}
      ${conversation.answer ? answerView(store, conversation.answer, ask) : nothing}
    </div>
    ${conversation.answer || conversation.error
      ? nothing
      : html`<p class="examples">${EXAMPLES.map((text) => html`<button class="quiet" @click=${() => ask(text)}>${text}</button>`)}</p>`}
  </section>`;
}

function answerView(store: Store, answer: Answer, ask: (question: string) => void): TemplateResult {
  const doubtful = answer.claims.filter((claim) => claim.verdict !== "supported");
  const suggestion = answer.suggestion;
  return html`<div class="answer ${answer.status}">
    <p class="asked">${short(answer.question, 300)}</p>
    <p class="text">${short(answer.text, 2000)}</p>
    ${answer.status === "answered" ? nothing : html`<p class="status">${answer.status}${answer.reason ? `: ${answer.reason}` : ""}</p>`}
    ${doubtful.map((claim) => html`<p class="claim"><b>${claim.verdict}:</b> ${short(claim.text, 300)}</p>`)}
    ${answer.notes.map((note) => html`<p class="hint">${short(note, 300)}</p>`)}
    ${answer.program ? html`<p class="program"><code title="The program that was run on this graph">${short(answer.program, 300)}</code></p>` : nothing}
    ${suggestion ? html`<p class="hint">Try: <button class="quiet" @click=${() => ask(suggestion)}>${short(suggestion, 120)}</button></p>` : nothing}
    ${answer.citations.length
      ? html`<p class="evidence"><span class="faint">rests on</span> ${answer.citations.map((citation) => citationView(store, citation))}</p>`
      : nothing}
  </div>`;
}

function citationView(store: Store, citation: Citation): TemplateResult {
  const mark = marking(store, citation.mark);
  return html`<button class="citation ${mark.lit ? "lit" : ""}" aria-pressed=${mark.chosen ? "true" : "false"}
    @pointerenter=${mark.enter} @pointerleave=${mark.leave} @focus=${mark.enter} @blur=${mark.leave} @click=${mark.choose}
    >${short(citation.label, 60)}</button>`;
}
