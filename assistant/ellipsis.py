"""Fragments: the question before, of something else, of another time, with another verb.

"What about the dog?" puts the dog in the place of what is of its kind in the question before, "and standing on it?"
says something else of its subject, "at 3 seconds?" asks it of another stretch of time.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from assistant.answers import Status
from assistant.lexicon import Noun, Verb
from assistant.measured_programs import Bearing, Compare, CompareDistances, Coordinates, Distance, IsInSpace, Measure
from assistant.programs import (
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Count,
    Describe,
    Doing,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Locate,
    Not,
    Path,
    Which,
)
from assistant.referents import Referents, asked_for, head
from assistant.stand_ins import StandIns
from assistant.steps import (
    Find,
    Having,
    Nodes,
    Pick,
    Placed,
    Question,
    Related,
    Step,
    The,
    Union,
    Window,
    children,
    with_children,
)
from assistant.text import words
from assistant.timed_programs import During, Happens, HowLong, HowOften, Seen, When, inner

_Step = TypeVar("_Step", bound=Step)

_ABOUT = re.compile(
    r"^(?:(?:and |but )?(?:what|how) about|(?:the |and the )?same (?:question |thing )?(?:for|about|of|with|goes for)"
    r"|(?:please )?do the same (?:for|with)|as for|what of|ditto for|also for|for|of|that of|also|and|or)\s+"
)
_ALSO = re.compile(r"(?:,? (?:too|as well|also|then|now|instead|please|again))+(?=\s*(?:[?.!]|$))")
_DOES = re.compile(
    r"^(?:is|are|was|were|does|do|did|has|have|can) (?P<who>.+?)(?: (?:doing|do|does|did))?"
    r"(?: (?:that|this|so|it|the same|the same thing))?$"
)
_DO_THAT = re.compile(
    r"^(?:is|are|was|were|does|do|did) (?P<who>.+?)"
    r" (?:(?:doing|do) (?:that|this|so|it|the same(?: thing)?)|too|as well|also|(?:that|so) too)"
    r"(?: too| as well| also)?$"
)
_OBJECT_ASKED = re.compile(r"([a-z]+ing(?: [a-z]+)?) (?:what|who|whom)")
_INTRANSITIVE = frozenset(
    {"eating", "drinking", "running", "walking", "jumping", "sleeping", "talking", "playing", "driving", "swimming"}
    | {"flying", "singing", "dancing", "reading", "cooking", "riding", "smiling", "working", "moving", "crawling"}
)
"""Verbs that stand by themselves: "and eating?" does not ask about eating what was held."""
_OF_NODES = (
    *(IsPlaced, HasAttribute, IsA, Compare, Seen, IsInSpace, Doing, Locate, AttributeOf, Describe, Measure),
    *(Bearing, Coordinates, CompareDistances),
)
_TIMED = ((When, "when"), (HowLong, "how long"), (HowOften, "how often"))


class Ellipsis:
    """Reads fragments after one question.

    Args:
        before: the question whose parts are taken over.
        referents: of the conversation.
        stand_ins: what the fragment's own references stand for.
    """

    def __init__(self, before: Question, referents: Referents, stand_ins: StandIns) -> None:
        self.before = before
        self.referents = referents
        self.stand_ins = stand_ins
        self.lexicon = referents.assistant.lexicon

    def read(self, fragment: str, denied: str = "") -> tuple[Question, ...]:
        """The programs that a fragment amounts to; none where it cannot be read as one.

        Args:
            fragment: without what links it to the question before.
            denied: words of the question before that it takes the place of.
        """
        rest = " ".join(_ALSO.sub("", fragment).split()).strip(" ?.!,;:")
        about = _ABOUT.match(f"{rest} ")
        rest = rest[about.end() :] if about is not None and about.end() < len(rest) else rest
        if not rest:
            return ()
        asking = _OBJECT_ASKED.fullmatch(rest)
        if asking is not None:
            return self._object_of(asking[1])
        return self._at_another_time(rest) or self._of_another(rest, denied) or self._said_otherwise(rest)

    def doing_that(self, text: str) -> tuple[Question, ...]:
        """Does the dog? Is the horse doing that too?: the same of another subject."""
        plain = text.strip(" ?.!,")
        found = _DO_THAT.match(plain) or _DOES.match(_ALSO.sub("", plain))
        if found is None or found["who"].startswith(("there", "it ")):
            return ()
        meant, window = self._thing(found["who"])
        asked = inner(self.before)
        if meant is None:
            return ()
        subject = subject_of(asked)
        if isinstance(asked, Which | Count) and isinstance(asked.nodes, Related):
            return (self._timed(Holds(meant, asked.nodes.predicate, asked.nodes.others), window),)
        if subject is None:
            return ()
        return (self._timed(rebuilt(asked, subject, meant), window),)

    # Another time

    def _at_another_time(self, rest: str) -> tuple[Question, ...]:
        for read in self.stand_ins.read(f"is there anything {rest}"):
            if isinstance(read, During) and read.question == Exists(Find(None)):
                return (During(inner(self.before), read.window),)
        return ()

    def _timed(self, question: Question, window: Window | None = None) -> Question:
        """A question in the stretch of time of the one before, or in its own."""
        if isinstance(question, During):
            return question
        if window is None and isinstance(self.before, During):
            window = self.before.window
        return question if window is None else During(question, window)

    # Another thing

    def _thing(self, text: str) -> tuple[Nodes | None, Window | None]:
        """A noun phrase, and the stretch of time behind it."""
        for read in self.stand_ins.read(f"describe {text}"):
            plain = inner(read)
            if isinstance(plain, Describe):
                return plain.nodes, read.window if isinstance(read, During) else None
        parts = re.split(r" (?:or|and) ", text)
        if len(parts) > 1:
            things = [self._thing(part)[0] for part in parts]
            if all(thing is not None for thing in things):
                return Union(tuple(thing for thing in things if thing is not None)), None
        return None, None

    def _of_another(self, rest: str, denied: str) -> tuple[Question, ...]:
        compared = re.match(r"(?:than|from|to|and) ", rest)
        thing = rest if compared is None else rest[compared.end() :]
        meant, window = self._thing(re.sub(r"^(?:which|what) (?=[a-z]+s$)", "", thing))
        if meant is None:
            return ()
        asked = inner(self.before)
        if compared is not None:
            if isinstance(asked, Compare | CompareDistances | Distance | Between | Path):
                return (self._timed(replace(asked, others=meant), window),)
            return ()
        if isinstance(asked, IsA) and isinstance(meant, Find) and meant.categories:
            return (self._timed(replace(asked, categories=meant.categories, word=meant.word), window),)
        if isinstance(meant, Union):
            old = next((step for step in _below(asked) if isinstance(step, Union)), None)
            return () if old is None else (self._timed(rebuilt(asked, old, meant), window),)
        slot = self._denied_slot(asked, denied) or self._slot(asked, meant)
        whom = self._as_subject(asked, slot, meant)
        if whom is not None:
            return (self._timed(whom, window),)
        if slot is None:
            return ()
        among = next((step for step in _below(asked) if isinstance(step, Union) and slot in step.parts), None)
        if among is not None and isinstance(asked, Which) and isinstance(asked.nodes, Related | Having):
            return (self._timed(rebuilt(asked, among, meant), window),)
        if among is not None or isinstance(asked, AllOf | AnyOf):  # which one the fragment replaces, it does not say
            return ()
        if not isinstance(slot, The | Pick) and isinstance(meant, The):
            meant = meant.nodes
        if isinstance(meant, Having):  # a red car? and a blue one?
            slot = next((step for step in _below(asked) if isinstance(step, Having) and step.nodes is slot), slot)
        return (self._timed(rebuilt(asked, slot, meant), window),)

    def _denied_slot(self, asked: Question, denied: str) -> Nodes | None:
        """The part of the question before that is named as the wrong one."""
        wrong = self._thing(denied)[0] if denied else None
        if wrong is None:
            return None
        nodes = self.referents.nodes(wrong)
        for step in _below(asked):
            if isinstance(step, Nodes) and (step == wrong or (nodes and self.referents.nodes(step) == nodes)):
                return step
        return None

    def _slot(self, asked: Question, meant: Nodes) -> Nodes | None:
        """The part of the question that a fragment takes the place of: the first of its kind, else the first."""
        definite = isinstance(meant, The | Pick)
        groups = [list(_definite(asked)), list(_named(asked))]
        for group in groups if definite else reversed(groups):
            ranked = sorted(group, key=lambda slot: -self._likeness(slot, meant))
            if ranked:
                return ranked[0]
        return None

    def _likeness(self, one: Nodes, other: Nodes) -> int:
        kinds = self.referents.kind(one), self.referents.kind(other)
        if kinds[0] == kinds[1]:
            return 2
        return 1 if set(kinds) == {"person", "animal"} else 0

    def _as_subject(self, asked: Question, slot: Nodes | None, meant: Nodes) -> Question | None:
        """Who holds the cup? And the child?: whether it does, not who holds it."""
        if not isinstance(asked, Which | Count) or not isinstance(asked.nodes, Related):
            return None
        if not isinstance(meant, The | Pick):
            return None
        base = asked.nodes.nodes
        if head(base) is None or not isinstance(base, Find) or not base.categories:
            return None
        fits = self._likeness(base, meant) == 2
        if not fits or (slot is not None and self._likeness(slot, meant) == 2):
            return None
        return Holds(meant, asked.nodes.predicate, asked.nodes.others)

    # Something else said of it

    def _said_otherwise(self, rest: str) -> tuple[Question, ...]:
        for text in self._put_in(rest):
            found = self.stand_ins.read(text)
            if text.startswith("which "):  # "which person is eating": not what eats a person
                asked = asked_for(inner(self.before))
                base = None if asked is None else head(asked)
                found = tuple(one for one in found if (of := asked_for(one)) is not None and innermost(of) == base)
            if found:
                return tuple(self._timed(question) for question in found)
        return ()

    def _object_of(self, verb: str) -> tuple[Question, ...]:
        """Eating what? Sitting on what?: of what was found, or of what the question was about."""
        last = self.referents.last
        found = () if last is None or last.answer.status is not Status.ANSWERED else last.answer.nodes
        subject = Pick(found) if found else subject_of(inner(self.before))
        if subject is None:
            return ()
        read = self.stand_ins.read(f"what {self._be(subject)} {self._phrase(subject)} {verb}")
        return tuple(self._timed(question) for question in read)

    def _put_in(self, rest: str) -> Iterator[str]:
        """Whole questions that say what a fragment says of what the question before is about."""
        asked = inner(self.before)
        asked = asked.question if isinstance(asked, Not) else asked
        carried = self._object(asked, rest)
        tails = [f"{rest} {self._phrase(carried)}", rest] if carried is not None else [rest]
        opening = next((word for kind, word in _TIMED if isinstance(asked, kind)), "")
        event = asked.event if isinstance(asked, When | HowLong | HowOften) else asked
        subject = subject_of(event)
        for tail in tails:
            if opening and subject is not None:
                yield f"{opening} {self._be(subject)} {self._phrase(subject)} {tail}"
            elif isinstance(asked, Doing) and subject is not None:
                yield f"what {self._be(subject)} {self._phrase(subject)} {tail}"
                yield f"{self._be(subject)} {self._phrase(subject)} {tail}"
            elif subject is not None:
                yield f"{self._be(subject)} {self._phrase(subject)} {tail}"
            elif isinstance(asked, Which | Count | Exists):
                yield from self._of_a_set(asked, tail)

    def _of_a_set(self, asked: "Which | Count | Exists", tail: str) -> Iterator[str]:
        nodes = asked.nodes
        if isinstance(nodes, Related) and nodes.predicate.word.startswith("~") and isinstance(nodes.others, The | Pick):
            yield f"what {self._be(nodes.others)} {self._phrase(nodes.others)} {tail}"
            yield f"{self._be(nodes.others)} {self._phrase(nodes.others)} {tail}"
            return
        base = nodes.nodes if isinstance(nodes, Related | Placed | Having) else nodes
        anything = base == Find(None)
        name = "" if anything else self.stand_ins.name(base)
        match asked:
            case Count():
                yield f"how many {name or 'thing'}s are {tail}"
            case Exists():
                yield f"is there {'anything' if anything else f'a {name}'} {tail}"
            case _:
                yield f"{'what' if anything else f'which {name}'} is {tail}"

    def _object(self, asked: Question, rest: str) -> Nodes | None:
        """What a verb by itself is said of: holding, after "is she throwing the ball"."""
        event = asked.event if isinstance(asked, When | HowLong | HowOften) else asked
        if isinstance(event, Holds):
            other = event.objects
        elif isinstance(event, Which | Count) and isinstance(event.nodes, Related):
            other = event.nodes.others
            if event.nodes.predicate.word.startswith("~"):
                return None
        else:
            return None
        said = words(rest)
        verb = any(
            isinstance(entry, Verb) and stop == len(said) for stop, entry in self.lexicon.at(said, 0)
        ) and not any(isinstance(entry, Noun) for _, entry in self.lexicon.at(said[-1:], 0))
        return other if verb and isinstance(other, The | Pick) and said[-1] not in _INTRANSITIVE else None

    def _phrase(self, nodes: Nodes) -> str:
        name = self.stand_ins.name(nodes)
        if isinstance(nodes, The | Pick):
            return f"the {name}{'s' if _plural(nodes) else ''}"
        return f"a {name}"

    def _be(self, nodes: Nodes) -> str:
        return "are" if _plural(nodes) else "is"


def subject_of(asked: Question) -> Nodes | None:
    """What a question says something of; None where it asks for that."""
    asked = inner(asked)
    if isinstance(asked, Not):
        asked = asked.question
    if isinstance(asked, When | HowLong | HowOften):
        asked = asked.event
    if isinstance(asked, Holds):
        return asked.subjects
    if isinstance(asked, _OF_NODES):
        return asked.nodes
    return asked.nodes if isinstance(asked, Happens) and asked.nodes != Find(None) else None


def innermost(nodes: Nodes) -> Nodes:
    """The nodes that a description narrows step by step."""
    while not isinstance(nodes, Find | Pick | The) and isinstance(getattr(nodes, "nodes", None), Nodes):
        nodes = nodes.nodes  # type: ignore[attr-defined]
    return nodes


def _plural(nodes: Nodes) -> bool:
    return (isinstance(nodes, The) and nodes.plural) or (isinstance(nodes, Pick) and len(nodes.nodes) > 1)


def _below(step: Step) -> Iterator[Step]:
    for child in children(step):
        yield child
        yield from _below(child)


def _definite(step: Step) -> Iterator[Nodes]:
    """Descriptions of single things, outermost and first first."""
    for child in children(step):
        if isinstance(child, The | Pick):
            yield child
        else:
            yield from _definite(child)


def _named(step: Step) -> Iterator[Nodes]:
    """Kinds that are named."""
    for child in children(step):
        if isinstance(child, Find):
            if child.categories is not None:
                yield child
        else:
            yield from _named(child)


def rebuilt(step: _Step, old: Step, new: Step) -> _Step:
    """A program with one of its steps, found by identity, replaced."""
    return with_children(step, lambda each: new if each is old else rebuilt(each, old, new))
