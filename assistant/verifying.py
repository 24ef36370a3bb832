"""Taking a text apart into claims and giving each a verdict, with evidence."""

import re
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from assistant.answers import Claim, Reason, Verdict, Verification
from assistant.citing import Citations
from assistant.index import GraphIndex
from assistant.outcomes import Outcome
from assistant.parser import Parser
from assistant.programs import AllOf, During, Holds
from assistant.refusals import asked
from assistant.steps import Question
from assistant.text import sentences
from assistant.timed_programs import Frames, Seconds, inner
from assistant.wording import Draft
from scenegraph.spans import Span, intersect, merge

MAX_SENTENCES = 200
"""Sentences of one text that are checked; the rest is reported as unread."""

MAX_CHARACTERS = 100_000


@runtime_checkable
class Engine(Protocol):
    """Whatever runs programs on the graph: the indexed engine, or the independent one on tables."""

    def run(self, question: Question) -> Outcome:
        """The outcome of a question."""


def verify(text: str, index: GraphIndex, parser: Parser, executor: Engine) -> Verification:
    """Verdicts for every claim of a text; sentences that cannot be read are listed, not judged.

    "A woman rides the horse" makes two claims about a graph of persons: that somebody rides the
    horse, and that it is a woman.
    """
    citations = Citations(index)
    claims: list[Claim] = []
    unread: list[str] = []
    found = sentences(text[:MAX_CHARACTERS])
    for sentence in found[:MAX_SENTENCES]:
        # "person [3]" is how prompts ask for ids; the parser reads "person (3)".
        readable = re.sub(r"\[#?(\d+)\]", r"(\1)", sentence)
        parse = parser.statement(readable)
        if not parse.questions:
            unread.append(sentence)
            continue
        question, outcome = _best([(question, executor.run(question)) for question in parse.questions])
        claims.extend(_claims(sentence, question, outcome, index, citations))
    unread.extend(found[MAX_SENTENCES:])
    if len(text) > MAX_CHARACTERS:
        unread.append(f"the text after its first {MAX_CHARACTERS:,} characters")
    return Verification(tuple(claims), tuple(citations.listed), tuple(unread))


def _best(outcomes: list[tuple[Question, Outcome]]) -> tuple[Question, Outcome]:
    """The reading that the graph supports, else the one that it contradicts, else the most natural."""
    for verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
        for question, outcome in outcomes:
            if outcome.verdict is verdict:
                return question, outcome
    return outcomes[0]


def _claims(
    sentence: str, whole: Question, outcome: Outcome, index: GraphIndex, citations: Citations
) -> Iterator[Claim]:
    parts = list(_parts(outcome))
    for part, question in parts:
        draft = Draft(index, part, citations)
        citations.window = part.window
        cited: list[int] = []
        for relation in (*part.relations, *part.opposing):
            cited += citations.relation(relation)
        if part.verdict is not Verdict.NOT_IN_GRAPH:
            for node in (*part.nodes, *part.context, *part.searched):
                cited += citations.node(node)
        if part.reason is Reason.ATTRIBUTE_NOT_RECORDED and part.assumed:
            yield from _beyond_record(sentence, part, draft)
            continue
        text = sentence if len(parts) == 1 else asked(draft, part, question)
        verdict = part.verdict or Verdict.NOT_IN_GRAPH
        if verdict is Verdict.SUPPORTED and isinstance(question, Holds) and not _throughout(whole, part, index):
            verdict = Verdict.NOT_IN_GRAPH
        yield Claim(text, verdict, *_triple(part, question, index), citations=tuple(dict.fromkeys(cited)))
        if verdict is Verdict.SUPPORTED:
            for word in part.assumed:
                yield Claim(f"{sentence}: being a {word}", Verdict.NOT_IN_GRAPH)


def _throughout(whole: Question, part: Outcome, index: GraphIndex) -> bool:
    """Whether a relation holds in all of the frames or seconds that a text gives for it, not in some of them only.

    Times in seconds are rounded: the first and the last frame of a stretch are not counted.
    """
    window = whole.window if isinstance(whole, During) else None
    if not isinstance(window, Frames | Seconds) or part.window is None or not part.relations:
        return True
    frames = index.graph.source.num_frames
    if isinstance(window, Frames) and window.stop is not None and window.stop > frames:
        return False
    ties = (index.graph.relations[at] for at in part.relations)
    held = merge(span for tie in ties for span in tie.spans or (Span(0, frames),))
    edge = 1 if isinstance(window, Seconds) else 0
    asked_of = merge(
        Span(span.start + edge, span.stop - edge) if span.stop - span.start > 2 * edge else span for span in part.window
    )
    return intersect(asked_of, held) == asked_of


def _beyond_record(sentence: str, part: Outcome, draft: Draft) -> Iterator[Claim]:
    """What the graph does record of a claim in narrower words, and the words that it does not."""
    graph = draft.index.graph
    for at in part.relations:
        relation = graph.relations[at]
        cited = draft.citations.relation(at)
        cited += draft.citations.node(relation.subject) + draft.citations.node(relation.object)
        triple = relation.subject, graph.predicate_name(relation), relation.object
        yield Claim(draft.clause(at), Verdict.SUPPORTED, *triple, citations=cited)
    for word in part.assumed:
        yield Claim(f"{sentence}: being a {word}", Verdict.NOT_IN_GRAPH)


def _parts(outcome: Outcome) -> Iterator[tuple[Outcome, Question]]:
    question = inner(outcome.question)
    if isinstance(question, AllOf) and outcome.parts:
        for part in outcome.parts:
            yield from _parts(part)
    else:
        yield outcome, question


def _triple(outcome: Outcome, question: Question, index: GraphIndex) -> tuple[int | None, str | None, int | None]:
    if isinstance(question, Holds) and outcome.verdict is Verdict.SUPPORTED and outcome.relations:
        relation = index.graph.relations[outcome.relations[0]]
        return relation.subject, index.graph.predicate_name(relation), relation.object
    return None, None, None
