"""Questions about parts of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.answering_nodes import ambiguous, given, is_singular
from assistant.answers import Reason, Status
from assistant.layout import in_part
from assistant.outcomes import Failure, Outcome
from assistant.programs import ChoosePart

if TYPE_CHECKING:
    from assistant.executor import Run

PART = "part of the picture"
"""What the values of such an answer are values of."""


def choose_part(run: Run, question: ChoosePart) -> Outcome:
    """In which of these parts do the nodes lie?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    at, source = selection.positions, run.index.graph.source
    boxes = run.index.boxes(at, run.window)
    outcome = given(run, question, selection)
    if np.isnan(boxes[:, 0]).all():
        failure = Failure(question, Reason.NOT_MEASURED)
        return run.absent(question, failure, nodes=outcome.nodes, assumed=outcome.assumed)
    values = tuple(
        (int(run.index.ids[node]), PART, part)
        for part in dict.fromkeys(question.parts)
        for node in at[in_part(boxes, part, source.height, source.width)]
    )
    if not values:
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.NO_CORRECT_OPTION)
    outcome = outcome.with_(values=values)
    several = is_singular(selection) and len(outcome.nodes) > 1 and len({part for _, _, part in values}) > 1
    return ambiguous(outcome) if several else outcome
