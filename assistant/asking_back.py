"""Asking back which of several nodes a word means."""

from collections.abc import Sequence

from assistant.answers import GroundedAnswer, Reason, Status
from assistant.citing import Citations
from assistant.index import GraphIndex
from assistant.phrasing import listed
from assistant.programs import Program
from assistant.wording import source_of


def which_one(
    index: GraphIndex,
    question: str,
    word: str,
    options: Sequence[int],
    closed_world: bool = False,
    program: Program | None = None,
) -> GroundedAnswer:
    """The answer that asks which one is meant.

    Args:
        index: of the graph.
        question: as it was asked.
        word: that may mean any of the options.
        options: node ids.
        closed_world: as the assistant takes the graph.
        program: what is run when it is said which one is meant.
    """
    citations = Citations(index)
    for node in options:
        citations.node(node)
    labels = listed([index.label(node) for node in options], "or")
    return GroundedAnswer(
        text=f"'{word}' may mean {labels}; which one?",
        short="ambiguous",
        status=Status.AMBIGUOUS,
        reason=Reason.AMBIGUOUS_REFERENT,
        citations=tuple(citations.listed),
        program=program,
        evidence_count=citations.count,
        question=question,
        options=tuple(options),
        closed_world=closed_world,
        source=source_of(index),
    )
