"""Few-shot examples for prompts: questions about other graphs with cited answers, all of them exact.

The graphs most like the one that is asked about are taken, by the weighted Jaccard similarity of what
they hold: kinds of nodes, and kinds of relations between kinds. In each of them a question of the same
form is asked, and the executor answers it, so that an example never teaches a wrong answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nlargest
from itertools import islice

from assistant.answers import GroundedAnswer, NodeCitation, Status, Verdict
from assistant.assistant import Assistant
from assistant.encoding import declared
from assistant.index import GraphIndex
from assistant.names import plain
from assistant.prompting import Example
from assistant.retrieval import evidence_of
from scenegraph import SceneGraph

TRIED = 24
"""Questions that are asked of one graph until one is of the wanted form."""

MOST_NODES = 6
"""Nodes of an example: more would cost more tokens than they teach."""

_KEPT = 64
"""Assistants of example graphs that are kept."""

Features = Counter[tuple[str, ...]]


def features(graph: SceneGraph) -> Features:
    """How often a graph holds each kind of node, and each kind of relation between kinds."""
    counts: Features = Counter((graph.category_name(node.id),) for node in graph.nodes)
    for tie in graph.relations:
        ends = graph.category_name(tie.subject), graph.category_name(tie.object)
        counts[ends[0], graph.predicate_name(tie), ends[1]] += 1
    return counts


def similarity(first: Features, second: Features) -> float:
    """The weighted Jaccard similarity, 0 to 1: what both hold over what either holds.

    >>> one, other = Counter({("dog",): 2, ("cat",): 1}), Counter({("dog",): 1, ("cup",): 1})
    >>> similarity(one, other), similarity(one, one)
    (0.25, 1.0)
    """
    either = (first | second).total()
    return (first & second).total() / either if either else 0.0


class ExampleGraphs:
    """Graphs that examples are taken from.

    Args:
        graphs: any number of them; they should not hold what is asked about.
    """

    def __init__(self, graphs: Iterable[SceneGraph]) -> None:
        self.graphs = tuple(graphs)
        self._features = [features(graph) for graph in self.graphs]
        self._assistant = lru_cache(maxsize=_KEPT)(lambda at: Assistant(self.graphs[at]))

    def nearest(self, graph: SceneGraph, number: int) -> list[int]:
        """Positions of the graphs most like one, itself (by its source) left out, the most similar first."""
        own = features(graph)
        others = (at for at, each in enumerate(self.graphs) if each.source.uri != graph.source.uri)
        return nlargest(number, others, key=lambda at: (similarity(own, self._features[at]), -at))

    def examples(self, assistant: Assistant, question: str, number: int = 2) -> list[Example]:
        """Examples for a question, the most similar graph's first; fewer where graphs give none.

        Args:
            assistant: of the graph that will be asked about.
            question: what will be asked.
            number: examples at most.
        """
        read = assistant.parser.question(question).questions
        wanted = read[0].operation() if read else None
        found = (self._example(at, wanted) for at in self.nearest(assistant.graph, 4 * number))
        return list(islice(filter(None, found), number))

    def _example(self, at: int, wanted: str | None) -> Example | None:
        assistant = self._assistant(at)
        best: tuple[bool, Example] | None = None
        for question in islice(questions_about(assistant.index), TRIED):
            answer = assistant.ask(question)
            fits = wanted is None or (answer.program is not None and answer.program.question.operation() == wanted)
            if (best is None or fits) and (example := _cited_example(assistant, answer)) is not None:
                best = fits, example
                if fits:
                    break
        return None if best is None else best[1]


def questions_about(index: GraphIndex) -> Iterator[str]:
    """Questions that a graph can answer, of one form after the other."""
    graph = index.graph
    timed = graph.source.kind != "image"
    for at in index.believed.nonzero()[0].tolist():
        tie = graph.relations[at]
        subject, other = graph.label(tie.subject), graph.label(tie.object)
        predicate, kind = plain(graph.predicate_name(tie)), plain(graph.category_name(tie.subject))
        yield f"What is {predicate} {other}?"
        yield f"Is {subject} {predicate} {other}?"
        yield f"What is {subject} doing?"
        yield f"Where is {subject}?"
        yield f"Is there a {kind}?"
        yield f"How are {subject} and {other} related?"
        if timed:
            yield f"When is {subject} {predicate} {other}?"
            yield f"How long is {subject} {predicate} {other}?"


def _cited_example(assistant: Assistant, answer: GroundedAnswer) -> Example | None:
    """The example of an answer; None if it says nothing, too much, or a name that is no plain words."""
    supported = answer.claims and all(claim.verdict is Verdict.SUPPORTED for claim in answer.claims)
    if answer.status is not Status.ANSWERED or not supported:
        return None
    index = assistant.index
    evidence = evidence_of(index, None, answer.citations)
    text = answer.text
    cited = [each.node for each in answer.citations if isinstance(each, NodeCitation)] or list(evidence.nodes)
    if not 0 < len(evidence.nodes) <= MOST_NODES:
        return None
    for node in {*cited, *evidence.nodes}:
        label = index.label(node)
        text = re.sub(rf"\b{re.escape(label)}\b", f"{plain(index.graph.category_name(node))} [{node}]", text)
    if not text.isprintable():
        return None
    view = declared(index, evidence.nodes, only=evidence.relations or None)
    return Example(view, answer.question, text)
