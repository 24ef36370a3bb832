"""Steps that pick nodes by comparing them: the first of them, the second, the first three.

With a `rank` of two they pick the second: a node has rank one more than there are nodes before it, and equal nodes have
the same rank. With a `number` of two they pick the first two. Where that is not settled nothing is picked: two are the
largest, so that nobody is the second; or two are the second, so that the first two might be the first and either.
"""

from assistant.steps import Extreme, Nearest, Superlative

Ranked = Extreme | Superlative | Nearest

MAX_RANK = 64
"""The last rank, and the largest number of nodes, that a step picks by."""


def picks_first(step: Ranked) -> bool:
    """Whether a step picks the first, as "the tallest" does, and not the second or the first two."""
    return step.rank == 1 and step.number == 1
