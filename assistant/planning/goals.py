"""Goals: what shall be so, in English or as JSON.

English is read by the assistant's own grammar: a verb of moving, noun phrases, a preposition. "the cup"
must be one node, "a cup" may be any, "the cups" and "all cups" are every one of them.

JSON is a list of conditions, `{"is": "on", "subject": "cup-1", "object": 4}`: on, in, beside, has (the
subject has the object), holds (the robot has it), at (the robot is there), open, closed; `"not": true`
asks for the opposite of on, in or has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import Any, Literal

from assistant.answers import Reason, Status
from assistant.describing import described
from assistant.executor import Executor
from assistant.grammar import Phrases
from assistant.parser import Parser
from assistant.phrasing import listed
from assistant.planning.facts import ROBOT, START, Fact, State
from assistant.planning.world import World
from assistant.programs import Which
from assistant.sayings import Phrase
from assistant.steps import Nodes, The
from assistant.text import words
from scenegraph import InputError, checked_json

MAX_READINGS = 32
"""Choices of things for "a cup", "a table" that are looked at."""

MAX_CONDITIONS = 64
"""Conditions of one goal: far above what one sentence asks for."""

CONDITIONS = ("on", "in", "beside", "has", "holds", "at", "open", "closed")
Wanted = Literal["on", "in", "beside", "off", "to", "fetch", "holds", "open", "closed", "at", "down", "clear"]
"""What a clause asks for."""

_MOVE = (
    *("bring", "take", "carry", "move", "put", "place", "set", "lay", "deliver", "put down", "get", "pass", "give"),
    "hand",
)
_GIVE = ("give", "hand", "bring", "pass", "offer", "take", "deliver")
_FIND = ("find", "locate", "search for", "look for")
_ALONE: dict[Wanted, tuple[str, ...]] = {
    "fetch": ("bring me", "fetch me", "get me", "give me", "hand me", "fetch", "bring here", "bring", "get"),
    "holds": ("pick up", "take up", "lift", "lift up", "grab", "grasp", "hold", "take"),
    "open": ("open", "open up"),
    "closed": ("close", "shut"),
    "at": (*("go to", "go over to", "walk to", "drive to", "move to", "approach", "come to", "go"), *_FIND),
    "down": ("put down", "lay down", "set down", "drop", "let go of"),
    "clear": ("clear", "clear off", "empty", "tidy"),
}
"""What is asked of one thing, and the verbs that ask for it."""

_SPLIT: tuple[tuple[str, str, Wanted], ...] = (
    *((verb, "up", "holds") for verb in ("pick", "take", "lift")),
    *((verb, "down", "down") for verb in ("put", "set", "lay")),
)
"""Verb, particle behind the noun, and what is asked."""

_PREPOSITIONS: dict[str, Wanted] = {
    **dict.fromkeys(("onto", "on top of", "on to", "on", "upon"), "on"),
    **dict.fromkeys(("into", "inside", "in to", "in"), "in"),
    **dict.fromkeys(("next to", "beside", "near", "close to", "by"), "beside"),
    **dict.fromkeys(("over to", "to", "at", "towards"), "to"),
    **dict.fromkeys(("off", "away from", "from", "out of"), "off"),
}
_JOINTS = ("and then", "then", "and", "before you", ",")
_THANKS = ("please", "now", "thanks", "thank you", "for me")
_POLITE = ("please", "robot", "can you", "could you", "would you", "i want you to", "you should", "kindly")


_SPOKEN = {
    word
    for listed_words in (_MOVE, _GIVE, *_ALONE.values(), _PREPOSITIONS, _JOINTS, _THANKS, _POLITE)
    for phrase in listed_words
    for word in phrase.split()
} | {"the", "a", "an", "all", "every", "it", "them", "my", "that", "this", "one", "up", "down", "of"}
"""Words of goals that name nothing."""


@dataclass(frozen=True)
class Goal:
    """What shall be so: any one of several sets of facts (`options`), and how it was said."""

    options: tuple[State, ...]
    text: str = ""


class NoGoal(Exception):
    """Words that are no goal in this graph; the message says why, `reason` says it typed."""

    def __init__(self, message: str, reason: Reason, options: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.reason, self.options = reason, options


def from_json(value: Any, world: World) -> Goal:
    """The goal that a JSON list of conditions describes.

    Raises:
        InputError: it describes none; the message names the place and what was expected.
    """
    rows = checked_json.checked(value, "list", "goal")
    if not 0 < len(rows) <= MAX_CONDITIONS:
        raise InputError(f"goal: {len(rows)} conditions; expected 1 to {MAX_CONDITIONS}")
    return Goal((frozenset(_condition(row, f"goal[{at}]", world) for at, row in enumerate(rows)),))


def _condition(row: Any, where: str, world: World) -> Fact:
    checked_json.checked(row, "object", where)
    checked_json.only_keys(row, frozenset({"is", "subject", "object", "not"}), where)
    name = checked_json.field(row, "is", "text", where)
    if name not in CONDITIONS:
        raise InputError(f"{where}.is: found {name!r}; expected one of {', '.join(CONDITIONS)}")
    alone, ours = name in ("open", "closed"), name in ("holds", "at")
    subject = ROBOT if ours else _node(row, "subject", where, world)
    other = ROBOT if alone else _node(row, "object", where, world)
    if subject == other:
        raise InputError(f"{where}: {name} needs two different things; found {world.label(subject)} twice")
    if row.get("not"):
        if name not in ("on", "in", "has"):
            raise InputError(f"{where}.not: only on, in and has can be negated; found {name!r}")
        return Fact("off", other, subject) if name == "has" else Fact("off", subject, other)
    return Fact("at", ROBOT, world.place(other)) if name == "at" else Fact(name, subject, other)


def _node(row: dict[str, Any], key: str, where: str, world: World) -> int:
    if key not in row:
        raise InputError(f"{where}: `{key}` is missing; expected a node id or a label such as cup-1")
    value = row[key]
    if isinstance(value, str):
        found = world.index.called.get(value.lower())
        if found is None:
            raise InputError(f"{where}.{key}: no node is called {value[:60]!r}")
        return found
    if not isinstance(value, int) or isinstance(value, bool) or not len(world.index.positions([value])):
        raise InputError(f"{where}.{key}: found {str(value)[:60]!r}; expected the id or the label of a node")
    return value


def from_text(text: str, world: World, parser: Parser) -> Goal:
    """The goal that an English sentence asks for.

    Raises:
        NoGoal: it is not read, or names what is not there or may be several things.
    """
    tokens = _words(text, parser)
    if not tokens:
        raise NoGoal("there is no goal; say what shall be done, such as 'bring the cup to the table'", Reason.EMPTY)
    reader = _Reader(Phrases(tokens, parser.lexicon, parser.called), world)
    readings = list(islice(reader.sentences(0, ()), MAX_READINGS))
    failures: list[NoGoal] = []
    read: list[Goal] = []
    for choices in readings:
        try:
            options = tuple(dict.fromkeys(islice(_joined(reader, choices), MAX_READINGS)))
            if not options or frozenset() in options:
                raise NoGoal("nothing can be moved onto, into or beside itself", Reason.ABSENT_OBJECT)
        except NoGoal as failure:
            failures.append(failure)
            continue
        read.append(Goal(options, text))
    if read:  # "put the cup in the fridge and close it": what can be closed is meant
        return next((goal for goal in read if _sensible(goal, world)), read[0])
    if failures:
        raise failures[0]
    strange = [
        token for token in tokens if token not in _SPOKEN | parser.called.keys() and not parser.lexicon.knows(token)
    ]
    raise NoGoal(
        "this could not be read as a goal; say what to bring, put, give, take, open, close, find or go to, "
        "such as 'put the cup on the table'"
        + (f" (not known here: {', '.join(dict.fromkeys(strange))})" if strange else ""),
        Reason.UNKNOWN_FORM,
    )


Things = tuple[Phrase, ...]
"""Phrases joined by "and"."""


def _words(text: str, parser: Parser) -> list[str]:
    """The words of a goal; none is dropped as a courtesy, for "put the cup in it" says where."""
    opened: list[str] = []
    for token in words(text):
        known = token in parser.called or parser.lexicon.knows(token) or token.rpartition("-")[2].isdigit()
        opened += [token] if known or "-" not in token else token.split("-")
    return opened


def _sensible(goal: Goal, world: World) -> bool:
    """Whether only what opens shall be opened or closed."""
    return any(
        all(world.kind(fact.subject).opens for fact in option if fact.name in ("open", "closed"))
        for option in goal.options
    )


@dataclass(frozen=True)
class _Wish:
    """One clause: a condition, the phrases of what it is about, and the phrase of where it shall go."""

    name: Wanted
    what: Things
    where: Phrase | None = None


Wishes = tuple[_Wish, ...]


class _Reader:
    """Reads clauses, and finds the nodes that their phrases name."""

    def __init__(self, phrases: Phrases, world: World) -> None:
        self.phrases, self.world = phrases, world
        self.executor = Executor(world.index, traced=False)

    def sentences(self, at: int, last: tuple[Things, ...]) -> Iterator[Wishes]:
        """Every way to read the words from a place to the end as clauses."""
        while (
            stop := next((s for word in _POLITE if (s := self.phrases.literal(at, word)) is not None), None)
        ) is not None:
            at = stop
        for stop, wish in self.clauses(at, last):
            if stop == len(self.phrases.tokens) or " ".join(self.phrases.tokens[stop:]) in _THANKS:
                yield (wish,)
                continue
            joint = next((s for word in _JOINTS if (s := self.phrases.literal(stop, word)) is not None), None)
            if joint is not None:
                spoken_of = (wish.what,) if wish.where is None else (wish.what, (wish.where,))
                for rest in self.sentences(joint, spoken_of):
                    yield (wish, *rest)

    def clauses(self, at: int, last: tuple[Things, ...]) -> Iterator[tuple[int, _Wish]]:
        """Every clause that starts at a word."""
        for verb in _MOVE:
            start = self.phrases.literal(at, verb)
            yield from () if start is None else self._moved(start, last)
        if last:  # "put the cup on the book and the book on the floor"
            yield from self._moved(at, last)
        for verb in _GIVE:
            for whom in self._things(at, verb, last):
                for what in self._nouns(whom[-1].stop, last) if len(whom) == 1 else ():
                    yield what[-1].stop, _Wish("to", what, whom[0])
        yield from self._single(at, last)

    def _moved(self, at: int, last: tuple[Things, ...]) -> Iterator[tuple[int, _Wish]]:
        """What goes where: (put) the cup on the table."""
        for what in self._nouns(at, last):
            for stop, name in self._prepositions(what[-1].stop):
                for where in self._nouns(stop, last):
                    if len(where) == 1:
                        yield where[0].stop, _Wish(name, what, where[0])

    def _single(self, at: int, last: tuple[Things, ...]) -> Iterator[tuple[int, _Wish]]:
        """Clauses about one phrase: pick up the cup, open the fridge, go to the table, pick the cup up."""
        for name, verbs in _ALONE.items():
            for verb in verbs:
                for what in self._things(at, verb, last):
                    stop = self.phrases.literal(what[-1].stop, "to me") if name == "fetch" else None
                    yield stop or what[-1].stop, _Wish(name, what)
        for verb, particle, meant in _SPLIT:
            for what in self._things(at, verb, last):
                if self.phrases.word(what[-1].stop) == particle:
                    yield what[-1].stop + 1, _Wish(meant, what)

    def _things(self, at: int, verb: str, last: tuple[Things, ...]) -> Iterator[Things]:
        start = self.phrases.literal(at, verb)
        yield from () if start is None else self._nouns(start, last)

    def _nouns(self, at: int, last: tuple[Things, ...]) -> Iterator[Things]:
        """Phrases from a word on; "it" and "them" are what the clause before was about."""
        if self.phrases.word(at) in ("it", "them"):
            for phrases in last:
                yield tuple(replace(phrase, stop=at + 1) for phrase in phrases)
            return
        for phrases in self.phrases.joined(at):
            if all(self.phrases.word(phrase.stop) == "and" for phrase in phrases[:-1]):
                yield phrases

    def _prepositions(self, at: int) -> Iterator[tuple[int, Wanted]]:
        for word, name in _PREPOSITIONS.items():
            if (stop := self.phrases.literal(at, word)) is not None:
                yield stop, name

    def nodes(self, phrase: Phrase) -> tuple[int, ...]:
        """The nodes that a phrase names.

        Raises:
            NoGoal: there are none.
        """
        step: Nodes = phrase.nodes.nodes if isinstance(phrase.nodes, The) else phrase.nodes
        outcome = self.executor.run(Which(The(step, plural=True)))  # words such as "man" point, they do not ask
        if outcome.status is not Status.ANSWERED or not outcome.nodes:
            shown = described(step, self.world.label)
            raise NoGoal(f"the graph does not show {shown}", outcome.reason or Reason.ABSENT_OBJECT)
        return outcome.nodes

    def chosen(self, phrase: Phrase) -> tuple[tuple[int, ...], ...]:
        """The sets of nodes that may be meant: each node for "a cup", one set for "the cups".

        Raises:
            NoGoal: there are none, or one is meant and there are several.
        """
        found = self.nodes(phrase)
        plural = phrase.universal or (phrase.definite and phrase.noun is not None and phrase.noun.plural is True)
        if phrase.number is not None and not phrase.universal:
            if phrase.number > len(found):
                shown = described(phrase.nodes, self.world.label, phrase.number)
                raise NoGoal(f"the graph does not show {shown}, only {len(found)}", Reason.ABSENT_OBJECT)
            return (found[: phrase.number],)
        if plural:
            return (found,)
        if phrase.definite and len(found) > 1:
            names = listed([self.world.label(node) for node in found], "or")
            raise NoGoal(f"which one is meant: {names}?", Reason.AMBIGUOUS_REFERENT, found)
        return tuple((node,) for node in found)


def _joined(reader: _Reader, wishes: Wishes) -> Iterator[State]:
    """The sets of facts that clauses ask for, together; a later clause takes back what it undoes."""
    for parts in product(*(_facts(reader, wish) for wish in wishes)):
        facts: list[Fact] = []
        for part in parts:
            facts = [fact for fact in facts if not any(_undone(fact, later) for later in part)]
            facts += part
        yield frozenset(facts)


def _undone(fact: Fact, later: Fact) -> bool:
    """Whether a later wish replaces an earlier one: pick it up, then put it on the table."""
    moved = {"on": "subject", "in": "subject", "beside": "subject", "has": "object", "holds": "object"}
    if fact.name in moved and later.name in moved:
        return bool(getattr(fact, moved[fact.name]) == getattr(later, moved[later.name]))
    if {fact.name, later.name} == {"open", "closed"}:
        return fact.subject == later.subject
    return fact.name == "at" and later.name == "at"


def _facts(reader: _Reader, wish: _Wish) -> list[list[Fact]]:
    """The facts of one clause, for every choice of things."""
    world = reader.world
    chosen = [tuple(dict.fromkeys(chain(*parts))) for parts in product(*map(reader.chosen, wish.what))]
    if wish.name == "down":
        return [[_on_ground(world, node) for node in nodes] for nodes in chosen]
    if wish.where is None:
        return [[fact for node in nodes for fact in _alone(world, wish.name, node)] for nodes in chosen]
    found = []
    for nodes, where in product(chosen, reader.chosen(wish.where)):
        if len(where) > 1:
            names = listed([world.label(node) for node in where], "or")
            raise NoGoal(f"where shall it go: {names}?", Reason.AMBIGUOUS_REFERENT, where)
        facts = [_placed(world, wish.name, node, where[0]) for node in nodes if node != where[0]]
        if facts:
            found.append(facts)
    return found


def _alone(world: World, name: Wanted, node: int) -> Sequence[Fact]:
    if name == "fetch":
        return [Fact("holds", ROBOT, node), Fact("at", ROBOT, START)]
    if name == "holds":
        return [Fact("holds", ROBOT, node)]
    if name == "clear":
        ground = world.ground(world.place(node))
        inside = [thing for thing, link in sorted(world.links.items()) if (link.name, link.other) == ("in", node)]
        moved = [Fact("on", thing, ground) for thing in (*inside, *_above(world, node))]
        return moved or [Fact("contains" if world.kind(node).contains else "supports", node)]
    if name == "at":
        return [Fact("at", ROBOT, world.place(node))]
    return [Fact("open" if name == "open" else "closed", node)]


def _above(world: World, node: int) -> list[int]:
    """What stands on a thing, and on what stands on it."""
    found = []
    for thing in world.on_top.get(node, ()):
        found += [thing, *_above(world, thing)]
    return found


def _placed(world: World, name: Wanted, thing: int, where: int) -> Fact:
    """Where a thing shall be: "to" means with a person, on what supports, in what contains, else beside it."""
    if name == "off":
        return Fact("off", thing, where)
    kind = world.kind(where)
    if name == "to" and kind.person:
        return Fact("has", where, thing)
    if name == "on" or (name == "to" and kind.supports):
        return Fact("on", thing, where)
    return Fact("in" if name == "in" or (name == "to" and kind.contains) else "beside", thing, where)


def _on_ground(world: World, node: int) -> Fact:
    place = world.robot.place if node in world.robot.holding else world.place(node)
    return Fact("on", node, world.ground(place))
