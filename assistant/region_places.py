"""Questions about what lies in a region: "who is in <box 10,20,64,90>?", "how many dogs are here?".

The grammar reads such a place as a corner of the picture, and in the program the nodes that lie in the region
stand for what lies in that corner.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.index import GraphIndex
from assistant.phrasing import CORNERS
from assistant.pronouns import rebuilt
from assistant.regions import TOKEN, Pointed, Pointer, Region, pointed_at, resolve, select
from assistant.steps import Except, InPicture, Intersection, Part, Pick, Question, walk

_IN = re.compile(rf"\b(?:in|inside|within)\s{{1,3}}{TOKEN.pattern}", re.IGNORECASE)
_HERE = re.compile(
    r"\b(?:in|inside|within) (?:here|this (?:region|place|area|segment|box)"
    r"|the (?:marked|selected|highlighted) (?:region|area))\b|\bhere\b",
    re.IGNORECASE,
)

BY_BOXES = "what lies there is told by the boxes of the nodes that the graph has; it may lack some"
"""Said of a region in which an open graph has none of what was counted."""
MAX_NOTED = 6
"""Nodes of a region that a note names."""


@dataclass(frozen=True)
class Placed:
    """A question in which corners of the picture stand for regions.

    Attributes:
        pointed: the question, with what it points at besides.
        places: the nodes that lie in each of these regions.
        framed: each of the regions frames one node, in which the graph may have something by a relation.
    """

    pointed: Pointed
    places: Mapping[Part, tuple[int, ...]]
    framed: bool

    def program(self, question: Question) -> Question:
        """A program with the nodes of the regions in the place of what lies in the corners."""
        for step in [step for step in walk(question) if isinstance(step, InPicture) and step.part in self.places]:
            there = Pick(self.places[step.part])
            old = next(each for each in walk(question) if isinstance(each, InPicture) and each.part == step.part)
            new = Except(old.nodes, there) if old.outside else Intersection((old.nodes, there))
            question = rebuilt(question, old, new)
        return question


def placed(index: GraphIndex, question: str, regions: Sequence[Region] = ()) -> Placed | None:
    """The question with corners of the picture for the regions in which it asks for something; None if for none.

    Raises:
        InputError: a region is malformed or lies outside the source, or one that means a node holds none.
    """
    free = [corner for corner in CORNERS if corner not in question.lower()]
    places: dict[Part, tuple[int, ...]] = {}
    told: set[int] = set()
    notes: list[str] = []
    framed = True

    def named(region: Region, shown: str) -> str | None:
        nonlocal framed
        if not free or not isinstance(region, Pointer) or region.box[:2] == region.box[2:]:
            return None
        found = select(index, region, inside=True)
        framed = framed and bool(found) and len(select(index, region)) == 1
        labels = [index.label(node) for node in found]
        more = f" and {len(labels) - MAX_NOTED} more" if len(labels) > MAX_NOTED else ""
        notes.append(f"{shown} holds {', '.join(labels[:MAX_NOTED]) or 'no node of the graph'}{more}")
        corner = free.pop(0)
        places[corner] = tuple(sorted(found))
        return f"in the {corner} corner of the picture"

    def replaced(match: re.Match[str]) -> str:
        at, region = pointed_at(match, regions)
        words = named(region, match[0][match[0].index("<") :])
        told.update(() if at is None or words is None else (at,))
        return words or match[0]

    text = _IN.sub(replaced, question)
    beside = [at for at in range(len(regions)) if f"<region {at}>" not in question]
    for at, said in reversed(list(zip(beside, _HERE.finditer(text), strict=False))):
        if (words := named(regions[at], f"'{said[0]}'")) is not None:
            text = text[: said.start()] + words + text[said.end() :]
            told.add(at)
    if not places:
        return None
    pointed = resolve(index, text, regions, told)
    return Placed(Pointed(pointed.question, (*notes, *pointed.notes), pointed.nodes), places, framed)
