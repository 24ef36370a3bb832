"""The executor against a slow second one, on random graphs and random programs."""

import numpy as np
import pytest

from assistant.answers import Status, Verdict
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.programs import (
    AllOf,
    AnyOf,
    Between,
    Count,
    CountIs,
    Doing,
    During,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Not,
    Which,
)
from assistant.timed_programs import Always, inner
from tests.assistant.graphs import random_graph
from tests.assistant.random_programs import random_nodes, random_question
from tests.assistant.reference import Reference

YES_NO = (Always, Exists, Not, AllOf, AnyOf, Holds, IsPlaced, CountIs, IsA, HasAttribute)


def scope(graph, question):
    """The reference executor for the frames that a question is about."""
    if isinstance(question, During):
        stop = min(question.window.stop, graph.source.num_frames)
        return Reference(graph, set(range(question.window.start, stop)))
    return Reference(graph)


@pytest.mark.parametrize("kind", ["image", "video"])
@pytest.mark.parametrize("seed", range(25))
def test_same_nodes_for_every_step(seed, kind):
    random = np.random.default_rng(seed)
    graph = random_graph(seed, kind)
    executor, reference = Executor(GraphIndex(graph)), Reference(graph)
    for _ in range(10):
        step = random_nodes(random)
        outcome = executor.run(Which(step))
        assert set(outcome.nodes) == reference.nodes(step), step.line


@pytest.mark.parametrize("kind", ["image", "video"])
@pytest.mark.parametrize("seed", range(40))
def test_same_answers(seed, kind):
    random = np.random.default_rng(1000 + seed)
    graph = random_graph(seed, kind)
    executor = Executor(GraphIndex(graph))
    for _ in range(10):
        question = random_question(random, timed=kind == "video")
        outcome = executor.run(question)
        asked, reference = inner(question), scope(graph, question)
        if isinstance(asked, Count):
            assert outcome.number == len(reference.nodes(asked.nodes)), question.line
        elif isinstance(asked, YES_NO):
            assert_same_verdict(outcome, reference.truth(asked), question.line)
        elif isinstance(asked, Doing | Between) and outcome.status is Status.ANSWERED:
            found = {
                (tie.subject, graph.predicate_name(tie), tie.object)
                for tie in (graph.relations[at] for at in outcome.relations)
            }
            assert reference.related_pairs(asked) <= found, question.line


def assert_same_verdict(outcome, truth, line):
    """Equal, but that the executor may know by exclusion that something that is not shown is not so."""
    if truth is None:
        assert outcome.verdict is Verdict.NOT_IN_GRAPH or outcome.opposing or outcome.status is Status.AMBIGUOUS, line
    elif outcome.status is not Status.AMBIGUOUS:
        expected = Verdict.SUPPORTED if truth else Verdict.CONTRADICTED
        assert outcome.verdict is expected or outcome.opposing, line
