"""How two sets of nodes are tied over several relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int64

from assistant.answers import Reason, Status
from assistant.outcomes import Failure, Outcome, first_failure
from assistant.programs import Path

if TYPE_CHECKING:
    from assistant.executor import Run

MAX_HOPS = 8
"""Relations of a chain: a longer one ties anything to anything."""


def path(run: Run, question: Path) -> Outcome:
    """The relations that lie on a shortest chain between the sets; `number` is its length."""
    near, far = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(near.failure, far.failure)
    if failure is not None:
        return run.absent(question, failure)
    index = run.index
    active = np.flatnonzero(index.believed if run.selector.active is None else run.selector.active)
    subjects, objects = index.subjects[active], index.objects[active]
    ahead, back = (_hops(side.mask, subjects, objects) for side in (near, far))
    length = int(ahead[far.mask].min())
    if length > MAX_HOPS:
        return run.absent(question, Failure(question, Reason.ABSENT_RELATION))
    chained = (ahead[subjects] + 1 + back[objects] == length) | (ahead[objects] + 1 + back[subjects] == length)
    on_path = ahead + back == length
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(index.ids[on_path].tolist()),
        relations=tuple(run.selector.in_order(active[chained])),
        number=length,
        assumed=tuple(dict.fromkeys((*near.assumed, *far.assumed))),
        window=run.window,
    )


def _hops(
    start: Bool[np.ndarray, " nodes"], subjects: Int64[np.ndarray, " k"], objects: Int64[np.ndarray, " k"]
) -> Int64[np.ndarray, " nodes"]:
    """Relations from the nearest start node to every node, `MAX_HOPS` + 1 where it is further."""
    hops = np.where(start, 0, MAX_HOPS + 1)
    for step in range(1, MAX_HOPS + 1):
        reached = np.zeros_like(start)
        reached[objects[hops[subjects] == step - 1]] = True
        reached[subjects[hops[objects] == step - 1]] = True
        fresh = reached & (hops > step)
        if not fresh.any():
            break
        hops[fresh] = step
    return hops
