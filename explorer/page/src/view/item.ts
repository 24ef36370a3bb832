/** One item: picture, graph and table of relations, which share what is pointed at and what is selected. */

import { html, nothing, type TemplateResult } from "lit";
import { relationsOf, sentence, type Graph } from "../data/graph.ts";
import { counted, number, percent, score, short } from "../data/words.ts";
import type { ItemModel } from "../state/item.ts";
import { roving, walk } from "../state/keys.ts";
import { NO_ITEM } from "../state/address.ts";
import type { OpenItem } from "../state/open.ts";
import type { Store } from "../state/store.ts";
import { askView } from "./ask.ts";
import { comparedView, sideTitle } from "./compared.ts";
import { compareBar } from "./compare-bar.ts";
import { graphView } from "./graph.ts";
import { icons } from "./icons.ts";
import { marking, nodeColour, onNode } from "./marks.ts";
import { noticesView } from "./notices.ts";
import { stageView } from "./stage.ts";
import { textsView } from "./texts.ts";
import { timelineView } from "./timeline.ts";
import { triplesView } from "./triples.ts";

export function itemView(store: Store): TemplateResult {
  const open = store.item;
  if (!open) return html`<main id="main" class="item" tabindex="-1"><p class="loading">Loading …</p></main>`;
  const item = open.main;
  const { graph } = item;
  const notices = [...open.models.values()].flatMap((model) => [...(model.problem ? [model.problem] : []), ...model.notices.values()]);
  return html`<main id="main" class="item" tabindex="-1">
    ${headView(store, item)} ${noticesView([...store.mistakes, ...new Set(notices)])} ${open.isFile ? nothing : compareBar(store)}
    ${graph
      ? html`${open.models.size > 1 ? sidesView(store, open) : nothing}
          <div class="columns-two ${open.models.size > 1 ? "comparing" : ""}">
            <div class="left">
              ${open.models.size > 1 ? nothing : stageView(store, open, item, graph)} ${timelineView(store, open)}
              ${open.models.size > 1 ? comparedView(store, open) : nothing} ${textsView(store, open, graph)}
              ${nodesView(store, graph)} ${detailsView(store, item, graph)}
            </div>
            <div class="right">
              ${space(store, open, graph)}
              ${graphView(store, open, item, graph)} ${open.models.size > 1 ? nothing : triplesView(store, graph)}
              ${store.service.ask && !open.isFile ? askView(store, item) : unasked(open)}
            </div>
          </div>`
      : notices.length
        ? nothing
        : html`<p class="loading">Loading …</p>`}
  </main>`;
}

/** Why there is nobody to ask. */
function unasked(open: OpenItem): TemplateResult {
  const why = open.isFile
    ? html`Questions are answered about graphs of the index; this one is asked by <code>groundgraph ask FILE QUESTION</code>.`
    : html`This is a static copy: questions need the server (<code>groundgraph explore</code>).`;
  return html`<section class="ask" aria-labelledby="ask-title">
    <div class="section-head"><h2 id="ask-title">Ask this graph</h2></div>
    <p class="hint">${why}</p>
  </section>`;
}

let spaceView: typeof import("./space.ts").spaceView | null = null;
let asked = false;

/** The points of an RGB-D video or of a scene: a part of the script that only those fetch. */
function space(store: Store, open: OpenItem, graph: Graph): TemplateResult | typeof nothing {
  if (!open.hasDepth && !open.cloud) return nothing;
  if (!spaceView && !asked) {
    asked = true;
    import("./space.ts").then(
      (part) => store.update(() => (spaceView = part.spaceView)),
      () => store.say("The part of the page that shows points cannot be fetched."),
    );
  }
  return spaceView ? spaceView(store, open, graph) : nothing;
}

/** The truth and what is compared with it, each on its own copy of the picture. */
function sidesView(store: Store, open: OpenItem): TemplateResult {
  return html`<div class="sides" .style=${`--sides:${open.models.size}`}>
    ${[...open.models.values()].map((model) => {
      if (!model.graph) return html`<p class="no-side">${model.problem ? short(model.problem, 200) : "Loading …"}</p>`;
      return stageView(store, open, model, model.graph, sideTitle(store, open, model.set));
    })}
  </div>`;
}

function headView(store: Store, item: ItemModel): TemplateResult {
  const { position } = store;
  const total = store.matches?.items.length ?? 0;
  return html`<div class="item-head">
    <a class="back" href=${store.linkTo(NO_ITEM)} @click=${(event: Event) => (event.preventDefault(), store.closeItem())}
      >${icons.left} ${counted(total, "result")}</a
    >
    <h1 title=${short(item.id, 200)}>${short(item.id, 60)}</h1>
    <div class="walk" role="group" aria-label="Results">
      <button class="icon-button" aria-label="Previous item" title="Previous item (k)" ?disabled=${position <= 0} @click=${() => walk(store, -1)}>
        ${icons.left}
      </button>
      <span>${position < 0 ? "not among the results" : `${number(position + 1)} of ${number(total)}`}</span>
      <button
        class="icon-button"
        aria-label="Next item"
        title="Next item (j)"
        ?disabled=${position < 0 || position >= total - 1}
        @click=${() => walk(store, 1)}
      >
        ${icons.right}
      </button>
    </div>
  </div>`;
}

/** Every node as a button: what the picture shows to the eye, for those who cannot point at it. */
function nodesView(store: Store, graph: Graph): TemplateResult {
  const nodes = [...graph.nodes].sort((a, b) => Number(b.isThing) - Number(a.isThing));
  const stop = store.selection.node ?? nodes[0]?.id;
  return html`<section class="nodes" aria-labelledby="nodes-title">
    <h2 id="nodes-title">In this ${graph.kind === "image" ? "picture" : "video"} <span class="faint">${counted(nodes.length, "segment")}</span></h2>
    <div class="node-list" @keydown=${(event: KeyboardEvent) => roving(event, "button")}>
      ${nodes.map((node) => {
        const mark = marking(store, onNode(node.id));
        return html`<button
          class="node-chip ${mark.lit ? "lit" : ""}"
          tabindex=${node.id === stop ? 0 : -1}
          aria-pressed=${mark.chosen ? "true" : "false"}
          title=${node.label.length > 30 ? short(node.label, 200) : nothing}
          @pointerenter=${mark.enter}
          @pointerleave=${mark.leave}
          @focus=${mark.enter}
          @blur=${mark.leave}
          @click=${mark.choose}
        >
          <span class="dot" .style=${`--colour:${nodeColour(store, node.id)}`}></span>${short(node.label, 40)}
        </button>`;
      })}
    </div>
  </section>`;
}

/** What is known about the selected node or relation. */
function detailsView(store: Store, item: ItemModel, graph: Graph): TemplateResult | typeof nothing {
  const { node: id, relation: position } = store.selection;
  const relation = position === null ? undefined : graph.relations[position];
  const node = id === null ? undefined : graph.nodeOf.get(id);
  if (relation) {
    const covers = (id: number): string => percent(item.share(id) ?? 0);
    return details(sentence(graph, relation), [
      ["relation", `${number(relation.position + 1)} of ${number(graph.relations.length)}`],
      ["score", score(relation.score)],
      ["subject covers", covers(relation.subject)],
      ["object covers", covers(relation.object)],
      ...(relation.spans.length ? [["frames", relation.spans.map(([a, b]) => `${a} to ${b - 1}`).join(", ")] as [string, string]] : []),
    ]);
  }
  if (!node) {
    const missing = position !== null ? `relation ${position}` : id !== null ? `node ${id}` : null;
    return missing ? noticesView([`This graph has no ${missing}; the address names one.`]) : nothing;
  }
  const touching = relationsOf(graph, node.id);
  const share = item.share(node.id);
  return details(node.label, [
    ["kind", node.isThing ? "thing" : "stuff"],
    ["score", score(node.score)],
    ["covers", share === null ? "no pixel here" : `${percent(share)} of the picture`],
    ["subject of", number(touching.filter((r) => r.subject === node.id).length)],
    ["object of", number(touching.filter((r) => r.object === node.id).length)],
    ...Object.entries(node.attributes).map(
      ([name, value]) => [short(name, 30), short(typeof value === "string" ? value : JSON.stringify(value), 120)] as [string, string],
    ),
  ]);
}

function details(title: string, rows: readonly (readonly [string, string])[]): TemplateResult {
  return html`<section class="details" aria-labelledby="details-title">
    <h2 id="details-title" title=${short(title, 200)}>${short(title, 80)}</h2>
    <dl>
      ${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  </section>`;
}
