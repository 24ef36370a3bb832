"""The adversarial benchmark can fail: leaks are seen, false sentences are false, true ones are true."""

import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from assistant import Assistant, NodeCitation, RelationCitation, Verdict
from scenegraph.spans import Span
from tests.assistant.scenes import birthday, riders

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import assistant_adversarial as benchmark
from baselines import lies


@pytest.fixture(scope="module", params=[riders, birthday])
def facts(request):
    return lies.Facts(request.param())


def test_an_honest_answer_does_not_leak(facts):
    for question in ("Who is riding the horse?", "What is the dog chasing?"):
        assert not list(benchmark.leaks(facts, Assistant(facts.graph).ask(question), ["A unicorn sleeps."]))


def test_leaks_are_seen(facts):
    honest = Assistant(facts.graph).ask("What is the dog chasing?")
    claim = next(claim for claim in honest.claims if claim.object is not None)
    first = next(cited for cited in honest.citations if isinstance(cited, RelationCitation))
    foreign = NodeCitation(99, "dog-9", 1.0, 0, None)
    for leaking in (
        replace(honest, text=f"{honest.text} A unicorn sleeps."),
        replace(honest, claims=(replace(claim, text="A unicorn sleeps."),)),
        replace(honest, claims=(replace(claim, subject=claim.object, object=claim.subject),)),
        replace(honest, citations=(foreign,)),
        replace(honest, citations=(replace(first, relation=999),)),
        replace(honest, citations=(replace(first, object=first.subject),)),
    ):
        assert list(benchmark.leaks(facts, leaking, ["A unicorn sleeps."]))
    dropped = replace(honest, claims=(replace(claim, text="A unicorn sleeps.", verdict=Verdict.NOT_IN_GRAPH),))
    assert not list(benchmark.leaks(facts, dropped, ["A unicorn sleeps."]))


def test_a_citation_at_another_time_is_a_leak():
    facts = lies.Facts(birthday())
    honest = Assistant(facts.graph).ask("What is the dog chasing?")
    first = next(cited for cited in honest.citations if isinstance(cited, RelationCitation))
    assert list(benchmark.leaks(facts, replace(honest, citations=(replace(first, spans=(Span(0, 3),)),)), []))


def test_sentences_are_what_they_are_called(facts):
    assistant = Assistant(facts.graph, min_score=0)
    true = list(lies.true_sentences(facts, Random(0)))
    false = list(lies.false_sentences(facts, Random(0)))
    assert {kind for kind, _ in true} >= {"relation", "existence", "count", "kind"} and len(false) > 60
    assert not {sentence for _, sentence in true} & {sentence for _, sentence in false}
    assert all(assistant.verify(sentence).supported for kind, sentence in true if kind != "relation of kinds")
    assert not any(assistant.verify(sentence).supported for _, sentence in false)


def test_a_few_outputs_of_every_kind(facts):
    kinds, found, _ = benchmark.measure_outputs([facts], 3 * len(benchmark.KINDS), Random(1))
    assert set(kinds.values()) == {3} and found == []
