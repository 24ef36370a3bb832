"""Words that stand for what was said before, so that the grammar reads a phrase about it as any other phrase.

"Which of them aren't eating" is read as "which of the firstreferents aren't eating", where the noun stands for
three persons: determiners, adjectives, superlatives and clauses work on it as on every noun, and in the program it
gives way to what it stands for.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.lexicon import Lexicon, Noun
from assistant.parser import Parser
from assistant.steps import Find, Nodes, Pick, Question, Step, The, with_children

NAMES = ("firstreferent", "secondreferent", "thirdreferent", "fourthreferent")
"""Nouns that nobody uses; more of them than one question needs."""

_WHO = re.compile(rf"\b((?:{'|'.join(NAMES)})s?) who\b")
_Step = TypeVar("_Step", bound=Step)


def parser_with_stand_ins(parser: Parser) -> Parser:
    """A parser that reads the stand-ins as nouns, besides all that it reads already."""
    lexicon: Lexicon = parser.lexicon.with_attributes({})
    for name in NAMES:
        lexicon.add(name, Noun(name, (name,)))
        lexicon.add(f"{name}s", Noun(name, (name,), plural=True))
    extended = copy.copy(parser)
    extended.lexicon = lexicon
    return extended


@dataclass
class StandIns:
    """What the stand-ins of one question stand for."""

    parser: Parser
    meant: dict[str, Nodes] = field(default_factory=dict)

    def name(self, nodes: Nodes) -> str:
        """A noun for some nodes; the same noun for the same nodes.

        Raises:
            LookupError: there are no more of them.
        """
        for name, known in self.meant.items():
            if known == nodes:
                return name
        free = [name for name in NAMES if name not in self.meant]
        if not free:
            raise LookupError("a question refers to no more things than there are stand-ins")
        self.meant[free[0]] = nodes
        return free[0]

    def read(self, text: str) -> tuple[Question, ...]:
        """The programs of a question, with what the stand-ins stand for in their places."""
        plain = _WHO.sub(r"\1 that", text)  # whether it stands for persons, the grammar does not know
        return tuple(spelled_out(question, self.meant) for question in self.parser.question(plain).questions)


def spelled_out(step: _Step, meant: Mapping[str, Nodes]) -> _Step:
    """A program with the stand-ins replaced.

    >>> from assistant.programs import Which
    >>> spelled_out(Which(The(Find(("firstreferent",)))), {"firstreferent": Pick((3, 4))}).line
    'which(the(pick(3|4)))'
    """
    return with_children(step, lambda each: _replaced(each, meant))


def _replaced(step: Step, meant: Mapping[str, Nodes]) -> Step:
    if isinstance(step, The):
        stands_for = _stands_for(step.nodes, meant)
        if isinstance(stands_for, The) or (isinstance(stands_for, Pick) and len(stands_for.nodes) == 1):
            return stands_for
    own = _stands_for(step, meant)
    return spelled_out(step, meant) if own is None else own


def _stands_for(step: Step, meant: Mapping[str, Nodes]) -> Nodes | None:
    named = step.categories if isinstance(step, Find) else None
    return meant.get(named[0]) if named is not None and len(named) == 1 else None
