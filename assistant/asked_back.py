"""What was asked back, and the answer to it: the second, the one on the bench, person-2, both."""

import re

from assistant.ellipsis import rebuilt
from assistant.programs import Describe
from assistant.referents import Referents
from assistant.stand_ins import StandIns
from assistant.steps import Nodes, Pick, Question, The, walk
from assistant.text import NUMBERS
from assistant.timed_programs import inner

_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_NTH = re.compile(rf"(?:the )?({'|'.join(_ORDINALS)})(?: (?:one|of them))?")
_NUMBERED = re.compile(rf"(?:the )?(?:number|no|option|nr) (\d+|{'|'.join(NUMBERS)})|(\d)")
_ALL = re.compile(
    r"(?:both|all|each|every one|everyone|everybody|any|either|all of them|both of them|any of them|each of them"
    r"|all three|all two|them all|whichever|no matter)(?: of (?:them|these|those))?"
)
_ONE = re.compile(r"\b(ones?)\b")


def chosen(text: str, options: tuple[int, ...], referents: Referents, stand_ins: StandIns) -> tuple[int, ...]:
    """Which of the options an answer names; () where it names none.

    Args:
        text: the answer, normalised.
        options: node ids in the order in which they were told.
        referents: of the conversation.
        stand_ins: with the parser that reads them.
    """
    plain = text.strip(" ?.!,;")
    nth, numbered = _NTH.fullmatch(plain), _NUMBERED.fullmatch(plain)
    if nth is not None:
        at = _ORDINALS[nth[1]]
        return (options[at],) if at < len(options) else ()
    if numbered is not None:
        said = numbered[1] or numbered[2]
        at = (NUMBERS[said] if said in NUMBERS else int(said)) - 1
        return (options[at],) if 0 <= at < len(options) else ()
    if _ALL.fullmatch(plain):
        return options
    trial = StandIns(stand_ins.parser)
    name = trial.name(Pick(options))
    for phrase in _phrases(plain, name):
        for question in trial.read(f"describe {phrase}"):
            asked = inner(question)
            if isinstance(asked, Describe):
                found = referents.nodes(_plural(asked.nodes))
                among = tuple(node for node in options if node in found)
                if among:
                    return among
    return ()


def _phrases(plain: str, name: str) -> tuple[str, ...]:
    """Ways to read an answer as a noun phrase about the options."""
    one = _ONE.sub(lambda found: f"{name}{'s' if found[1] == 'ones' else ''}", plain)
    bare = re.sub(r"^(?:the|that|this|it is|he is|she is|it|him|her) ", "", one)
    said = (one, f"the {one}") if name in one else (plain,)
    return (*said, f"the {name} {plain}", f"the {name} {bare}", f"the {name} who is {plain}", f"the {bare} {name}")


def _plural(nodes: Nodes) -> Nodes:
    return The(nodes.nodes, plural=True) if isinstance(nodes, The) else nodes


def settled(
    question: Question, options: tuple[int, ...], meant: tuple[int, ...], referents: Referents
) -> Question | None:
    """A question with the description that may mean any of the options replaced by what it was said to mean."""
    for step in walk(question):
        if isinstance(step, The) and not step.plural and set(options) <= set(referents.nodes(_plural(step), question)):
            return rebuilt(question, step, Pick(meant))
    return None
