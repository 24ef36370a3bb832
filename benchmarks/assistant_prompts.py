"""How many tokens does a prompt cost, and does it hold what the question needs?

    OMP_NUM_THREADS=1 python benchmarks/assistant_prompts.py [--tokenizer FOLDER] [--samples SAMPLES]

Part 1, tokens a triplet of whole graphs (real samples, simulated pictures and videos, 2,000 nodes), for
every form of the prompt, against compact JSON in four ways:

* pasted: the graph file, as people paste it, without masks, boxes, vocabulary and metadata;
* labels: nodes by their labels (`person-2`), with category, attributes, scores and spans;
* unscored: the same without scores, unless one is below 1 (then the prompt shows them as well);
* fields: the very fields of the prompt under the shortest plain keys (the form "json").

Beside them stands what names, ids, attributes, frames and scores cost alone, without any mark between them:
what is left of a text of these fields when everything else is taken away.

Part 2, questions of every kind about graphs of 10,000 nodes and 30,000 relations, at most 1,000 tokens:
is every node, relation and time that the exact answer cites in the prompt? The baseline is retrieval
by the words of the question and their neighbours, without the program.

Tokens are counted by the tokenizer of a Hugging Face folder; without one by a byte-pair tokenizer of
32,000 pieces that is trained here on Python's own library, which splits JSON more finely.
"""

import argparse
import json
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from statistics import median

import numpy as np
from assistant_engines import simulated
from assistant_latency import graph as large
from assistant_latency import questions
from baselines import real_samples
from tqdm import tqdm

from assistant import Assistant, RelationCitation
from assistant.answers import GroundedAnswer
from assistant.encoding import PromptGraph, declared, decode, shown_attributes
from assistant.forms import FORMS, write
from assistant.index import GraphIndex
from assistant.prompting import Layout, prompt_for
from assistant.retrieval import CountTokens, tokenizer_count
from scenegraph import SceneGraph
from scenegraph.files import dumps

BUDGET = 1000
PIECES = 32_000
"""Of the tokenizer that is trained where none is given."""

_WITHOUT = ("mask", "box", "tube", "track", "segment")


def pasted(graph: SceneGraph) -> str:
    """The graph file as compact JSON, without where things are."""
    value = json.loads(dumps(graph))
    nodes = [{key: each for key, each in node.items() if key not in _WITHOUT} for node in value["nodes"]]
    return compact({"source": value["source"], "nodes": nodes, "relations": value["relations"]})


def labelled(graph: SceneGraph, scored: bool = True) -> str:
    """Compact JSON whose nodes are called by their labels; scores are left out on request where all of them are 1."""
    scored = scored or any(each.score < 1 for each in (*graph.nodes, *graph.relations))
    nodes = [
        {
            "id": graph.label(node.id),
            "category": graph.category_name(node.id),
            **({"score": round(node.score, 2)} if scored else {}),
            **({"attributes": dict(node.attributes)} if node.attributes else {}),
        }
        for node in graph.nodes
    ]
    ties = [
        {
            "subject": graph.label(tie.subject),
            "predicate": graph.predicate_name(tie),
            "object": graph.label(tie.object),
            **({"score": round(tie.score, 2)} if scored else {}),
            **({"spans": [list(span) for span in tie.spans]} if tie.spans else {}),
        }
        for tie in graph.relations
    ]
    return compact({"nodes": nodes, "relations": ties})


def bare(view: PromptGraph, count: CountTokens) -> int:
    """Tokens of names, ids and so on, each counted by itself; a predicate once for all objects of a subject."""
    texts = [node.name for node in view.nodes]
    texts += [predicate for _, predicate in {(tie.subject, tie.predicate) for tie in view.relations}]
    texts += [
        text for node in view.nodes for text in re.findall(r"[^\s{},]+", shown_attributes(node.attributes or "{}"))
    ]
    numbers = [node.id for node in view.nodes] + [tie.object for tie in view.relations]
    numbers += [edge for tie in view.relations for span in tie.spans for edge in (span.start, span.stop - 1)]
    numbers += [each.score for each in (*view.nodes, *view.relations) if each.score is not None]
    return sum(count(f" {text}") for text in texts) + sum(count(str(number)) for number in numbers)


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def trained_count() -> CountTokens:
    """A counter with a byte-pair tokenizer that is trained on Python's own library."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=PIECES, initial_alphabet=alphabet, show_progress=False)
    files = sorted(map(str, Path(sysconfig.get_path("stdlib")).glob("*.py")))
    tokenizer.train(files, trainer)
    return lambda text: len(tokenizer.encode(text).ids)


def graphs(samples: Path | None) -> Iterator[tuple[str, SceneGraph]]:
    """Names and graphs, grouped by the name."""
    for _, graph in () if samples is None else real_samples.graphs(samples):
        yield ("real pictures" if graph.source.kind == "image" else "real videos"), graph
    for seed in range(10):
        yield "simulated pictures", simulated("image", seed)
        yield "simulated videos", simulated("video", seed)
    for kind in ("image", "video"):
        yield f"2,000 nodes, {kind}", large(2_000, kind, np.random.default_rng(0))


def report_forms(count: CountTokens, samples: Path | None) -> None:
    """Print tokens a triplet, and the share of each JSON that the incidence form costs."""
    totals: dict[str, dict[str, int]] = {}
    for group, graph in tqdm(list(graphs(samples)), unit="graph", leave=False):
        view = declared(GraphIndex(graph, 0.0))
        row = totals.setdefault(group, {})
        texts = {form: write(view, form) for form in FORMS if form != "locations"}
        texts |= {"pasted": pasted(graph), "labels": labelled(graph), "unscored": labelled(graph, scored=False)}
        for name, text in texts.items():
            row[name] = row.get(name, 0) + count(text)
        row["bare"] = row.get("bare", 0) + bare(view, cache(count))
        row["relations"] = row.get("relations", 0) + len(graph.relations)
    for group, row in totals.items():
        per = {name: tokens / row["relations"] for name, tokens in row.items() if name != "relations"}
        bases = ("pasted", "labels", "unscored", "json")
        shares = ", ".join(f"{row['incidence'] / row[base]:.2f} of {base}" for base in bases)
        print(f"{group:20} {row['relations']:6} triplets: incidence {shares}")
        print(f"{'':20} names, ids, frames alone {row['bare'] / row['json']:.2f} of json")
        print(f"{'':20} tokens a triplet: {', '.join(f'{name} {value:.1f}' for name, value in per.items())}")


def missing(answer: GroundedAnswer, prompt: str) -> int:
    """Citations of an answer that a prompt does not hold."""
    view = decode(prompt)
    nodes = {node.id for node in view.nodes}
    ties = {(tie.subject, tie.predicate, tie.object): tie.spans for tie in view.relations}
    absent = 0
    for citation in answer.citations:
        if isinstance(citation, RelationCitation):
            spans = ties.get((citation.subject, citation.predicate, citation.object))
            absent += spans is None or any(
                not any(span.start <= start and stop <= span.stop for span in spans)
                for start, stop in (citation.spans if spans else ())
            )
        else:
            absent += citation.node not in nodes
    return absent


def by_words(assistant: Assistant, question: str, count: CountTokens) -> str:
    """The prompt without the program: what the words name, then their neighbours."""
    tokens = assistant.parser.tokens(question)
    return prompt_for(assistant.index, assistant.lexicon, question, tokens, None, (), Layout(BUDGET, count))


def report_budget(count: CountTokens, number: int) -> None:
    """Print how many prompts hold all evidence, and how long they are."""
    for kind in ("image", "video"):
        graph = large(10_000, kind, np.random.default_rng(0))
        assistant = Assistant(graph)
        whole = sum(map(count, write(declared(assistant.index)).splitlines(keepends=True)))
        rows: list[tuple[int, int, int, bool]] = []
        for question in tqdm(questions(graph, number, Random(1)), unit="question", leave=False):
            answer = assistant.ask(question)
            if answer.program is None:
                continue
            prompt = assistant.prompt(question, BUDGET, count)
            lost = missing(answer, prompt)
            if lost:
                print(f"  {lost} of {len(answer.citations)} citations are missing: {question}", file=sys.stderr)
            base = missing(answer, by_words(assistant, question, count))
            rows.append((count(prompt), lost, base, bool(answer.citations)))
        cited, held, base = (sum(map(test, rows)) for test in (lambda r: r[3], lambda r: not r[1], lambda r: not r[2]))
        print(f"{kind}: {len(rows)} parsed questions, {cited} of them with evidence; all evidence is in the prompt of")
        print(f"  {held}; by words and neighbours, without the program, of {base}; tokens: median")
        print(f"  {median(row[0] for row in rows):.0f}, most {max(row[0] for row in rows)}; the whole graph {whole:,}")


def counter(folder: Path | None) -> tuple[str, Callable[[str], int]]:
    """The name of a tokenizer, and its counter."""
    if folder is None:
        return f"byte-pair tokenizer of {PIECES:,} pieces, trained on Python's library", trained_count()
    return f"tokenizer {folder.name}", tokenizer_count(folder)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", metavar="FOLDER", type=Path, help="Hugging Face folder (default: trained here)")
    parser.add_argument("--samples", type=Path, help="folder with real excerpts (psg/, pvsg/, vidor/, star/, vg/)")
    parser.add_argument("--only", choices=("forms", "budget"), help="one of the two parts")
    parser.add_argument("--questions", type=int, default=300, help="about each large graph (default: %(default)s)")
    arguments = parser.parse_args()
    name, count = counter(arguments.tokenizer)
    print(name)
    if arguments.only != "budget":
        report_forms(count, arguments.samples)
    if arguments.only != "forms":
        report_budget(count, arguments.questions)


if __name__ == "__main__":
    main()
