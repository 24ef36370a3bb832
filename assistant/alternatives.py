"""Alternatives, and what is said of both of them: the cat or the ball, but not both; a dog or a cat, or maybe both."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.measured_programs import IsInSpace
from assistant.programs import AnyOf, ChooseValue, Count, ExactlyOneOf, Exists, HasAttribute, Holds, IsPlaced, Which
from assistant.steps import Except, Having, Intersection, Nodes, Pick, Placed, Question, Related, The, Union

_BOTH = r"(?:\w+ )?both(?: of (?:them|these|those|the two))?(?: at once| together| at the same time| of the two)?"
_NOT_BOTH = re.compile(rf" (?:but|and|yet|though|although|just) (?:is |are )?not {_BOTH}$")
_OR_BOTH = re.compile(rf" (?:and|or)(?: (?:maybe|perhaps|possibly|even|indeed|else))* {_BOTH}$")
"""In "in the picture, but not on both" a word may stand before "both"."""


def without_both(tokens: list[str]) -> tuple[list[str], bool] | None:
    """The words before "but not both" or "or both", and whether both are ruled out; None where neither ends them.

    >>> without_both("is the cup red or blue but not both of them".split())
    (['is', 'the', 'cup', 'red', 'or', 'blue'], True)
    """
    if "both" not in tokens or "or" not in tokens:
        return None
    text = " ".join(tokens)
    ruled_out = _NOT_BOTH.search(text)
    found = ruled_out or _OR_BOTH.search(text)
    return None if found is None else (text[: found.start()].split(), ruled_out is not None)


def each_asked(question: Question) -> AnyOf | None:
    """A question whether one of several things is so, each asked by itself; None for any other."""
    match question:
        case AnyOf():
            return question
        case Holds(_, _, Union(parts)):
            return AnyOf(tuple(replace(question, objects=part) for part in parts))
        case Which(Related(Union(parts), predicate, others)):  # "is it the dog or the cat that is on the bench"
            return AnyOf(tuple(Holds(part, predicate, others) for part in parts))
        case IsPlaced(_, _, Union(parts)) | IsInSpace(_, _, Union(parts)):
            return AnyOf(tuple(replace(question, others=part) for part in parts))
    return None


def each_sought(nodes: Nodes) -> Union | None:
    """Nodes of which one of several things is so, each sought by itself: people who hold a cup or a ball."""
    match nodes:
        case Union(parts) if all(isinstance(part, Related | Having | Placed) for part in parts):
            return nodes
        case Related(kept, predicate, Union(parts)):
            return Union(tuple(Related(kept, predicate, part) for part in parts))
        case Placed(kept, direction, Union(parts)):
            return Union(tuple(Placed(kept, direction, part) for part in parts))
    return None


def one_or_both(questions: Iterator[tuple[Question, float]], only_one: bool) -> Iterator[tuple[Question, float]]:
    """What questions with alternatives ask where "but not both" stands behind them, or "or both"."""
    for question, cost in questions:
        asked, sought = each_asked(question), getattr(question, "nodes", None)
        either = each_sought(sought) if isinstance(question, Which | Count | Exists) and sought is not None else None
        if isinstance(question, Which | Count | Exists) and either is not None and asked is None:
            yield replace(question, nodes=Except(either, Intersection(either.parts)) if only_one else either), cost
        elif asked is not None:
            yield (ExactlyOneOf(asked.questions) if only_one else asked), cost


def alternatives(question: Question) -> Question:
    """Questions that name alternatives: "is the dog chasing the cat or the ball?" asks which of the two."""
    match question:
        case Holds(The() | Pick() as subjects, predicate, Union(parts), False) if len(parts) > 1:
            return Which(Related(Union(parts), predicate.flipped(), subjects))
        case AnyOf(parts) if len(parts) > 1 and all(isinstance(part, HasAttribute) for part in parts):
            asked = [part for part in parts if isinstance(part, HasAttribute)]
            if len({part.nodes for part in asked}) == 1 and len({part.attribute for part in asked}) == 1:
                return ChooseValue(asked[0].nodes, tuple(part.value for part in asked), asked[0].attribute)
    return question
