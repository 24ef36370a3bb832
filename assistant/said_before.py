"""What else somebody is doing: the deeds of an answer that were not told before in the conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers import Claim, GroundedAnswer, Reason, RelationCitation, Status, Verdict
from assistant.phrasing import listed
from assistant.programs import Doing, kind_of
from assistant.steps import Question
from assistant.wording import compose

if TYPE_CHECKING:
    from assistant.assistant import Assistant


def the_rest(
    assistant: Assistant, programs: tuple[Question, ...], told: Iterable[GroundedAnswer], question: str
) -> GroundedAnswer:
    """The best answer of some programs, of deeds without those that earlier answers told.

    Args:
        assistant: of the graph.
        programs: readings of the question.
        told: the earlier answers.
        question: as it was asked.

    Raises:
        InputError: a program cannot be run.

    >>> the_rest(assistant, (Doing(Pick((0,))),), [riding], "What else is he doing?").short  # doctest: +SKIP
    'holding umbrella-1'
    """
    answer = assistant.best(programs, question)
    if answer.status is not Status.ANSWERED or answer.program is None or kind_of(answer.program.question) is not Doing:
        return answer
    said = {cited.relation for each in told for cited in each.citations if isinstance(cited, RelationCitation)}
    outcome = assistant.outcome(answer.program.question)
    deeds, others = outcome.relations[: outcome.number], outcome.relations[outcome.number or 0 :]
    left = tuple(at for at in deeds if at not in said)
    if left:
        outcome = outcome.with_(relations=(*left, *others), number=len(left))
        return compose(assistant.index, outcome, answer.program, question, assistant.closed_world)
    who = listed([assistant.index.label(node) for node in outcome.nodes])
    are = "is" if len(outcome.nodes) == 1 else "are"
    verdict = Verdict.CONTRADICTED if assistant.closed_world else Verdict.NOT_IN_GRAPH
    return replace(
        answer,
        text=f"The graph shows nothing else that {who} {are} doing.",
        short="nothing else",
        status=Status.ANSWERED if assistant.closed_world else Status.UNANSWERABLE,
        reason=None if assistant.closed_world else Reason.ABSENT_RELATION,
        claims=(Claim(f"{who} doing anything else", verdict, citations=tuple(range(len(answer.citations)))),),
        nodes=(),
    )
