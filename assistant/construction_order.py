"""The constructions of English that ask which of two comes first or takes longer, and in what order things happen."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.construction_programs import Builds, asked_of_subject
from assistant.constructions import constructions
from assistant.programs import Holds
from assistant.sayings import Gap, Predication
from assistant.steps import Event, Find, Nodes, Predicate, Question
from assistant.timed_programs import First, Happens, Longest, Seen

_WHICH = (
    "(which|who|what|whom) (one|event|action|activity|of them|of these|of those|of the two|of these two|of the two "
    "events|of these events|of these two events|one of the two|one of them|of the pair)?"
)
_OF = "((one)? of (all)? (the|these|those) (two|three|four)?)?"
_SPENDS = "(spend|spends|spent|spending|devote|devotes|devoted)"
_VISIBLE = "(visible|seen|shown|present|in view|in sight|there|to be seen|on the screen|on display|appearing)"
_APPEAR = "(appear|come into view|come into sight|show up|enter view|come in|turn up|be seen|become visible)"
_VANISH = "(disappear|vanish|leave view|leave|exit view|exit|go out of view|go out of sight|be seen|go away)"
_VANISHES = (
    "(disappears|disappeared|vanishes|vanished|leaves view|left view|leaves|left|exits view|exited view|exits|exited|"
    "goes out of view|went out of view|goes out of sight|goes away|went away)"
)
_APPEARS = (
    "(comes into view|came into view|comes into sight|came into sight|comes in|came in|appears|appeared|showed up|"
    "shows up|turns up|turned up|enters view|entered view|enters|entered|becomes visible|became visible)"
)
_EVENTFUL = (
    "(happens|happened|happen|comes|came|occurs|occurred|takes place|took place|$BE|begins|began|starts|started|"
    "gets done|got done)"
)
_OVER = "(happens|happened|comes|came|occurs|occurred|takes place|took place|$BE|ends|ended|stops|stopped|finishes)"
_LASTS = "(lasts|lasted|takes|took|goes on|went on|continues|continued|takes up|took up|has|had|$BE|keeps going)"
_FIRST = "(first|earlier|sooner|earliest|first of all|soonest|before the other)"
_LAST = "(last|later|latest|last of all|after the other)"
_LONGER = (
    "((for)? (the|a)? (longer|longest) (time|period|stretch|while|duration)? (of time)?|(for)? (the)? (more|most) (of "
    "the)? time)"
)
_SHORTER = (
    "((for)? (the|a)? (shorter|shortest|briefer|briefest) (time|period|stretch|while|duration)? (of time)?|(for)? "
    "(the)? (less|least) (of the)? time|(for)? less long)"
)


def _with_one_subject(word: str) -> tuple[str, ...]:
    """Does the dog chase the ball or kick the cup first? What does it do first, chase the ball or kick the cup?"""
    doing = "(do|start to do|start doing|be doing|spend)"
    return (
        f"$DO <thing> <done:one> or <done:other> {word}",
        f"$DO <thing> <done:one> {word} or <done:other> ({word})?",
        f"$DO <thing> {word} <done:one> or <done:other>",
        f"$BE <thing> <being:one> or <being:other> {word}",
        f"$BE <thing> <being:one> {word} or <being:other> ({word})?",
        f"$BE <thing> {word} <being:one> or <being:other>",
        f"{_WHICH} $DO <thing> {doing} {word} <done:one> or <done:other>",
        f"{_WHICH} $DO <thing> {doing} {word} (doing|on|with)? <being:one> or <being:other>",
        f"{_WHICH} $BE <thing> doing {word} <being:one> or <being:other>",
        f"{word} $DO <thing> <done:one> or <done:other>",
    )


def _with_two_objects(word: str) -> tuple[str, ...]:
    """Does the dog chase the ball or the cup first? Which does it chase first, the ball or the cup?"""
    return (
        f"$DO <thing> <verb:gap> <thing:one> or <thing:other> {word}",
        f"$DO <thing> <verb:gap> <thing:one> {word} or <thing:other> ({word})?",
        f"$DO <thing> {word} <verb:gap> <thing:one> or <thing:other>",
        f"$BE <thing> <verb_ing:gap> <thing:one> or <thing:other> {word}",
        f"$BE <thing> <verb_ing:gap> <thing:one> {word} or <thing:other> ({word})?",
        f"{_WHICH} $DO <thing> <verb:gap> {word} <thing:one> or <thing:other>",
        f"{_WHICH} $DO <thing> {word} <verb:gap> <thing:one> or <thing:other>",
        f"{_WHICH} $BE <thing> <verb_ing:gap> {word} <thing:one> or <thing:other>",
        f"(which|what) <kind> $DO <thing> <verb:gap> {word} <thing:one> or <thing:other>",
    )


def _with_two_subjects(word: str) -> tuple[str, ...]:
    """Does the dog or the cat chase the ball first? Which one chases the ball first, the dog or the cat?"""
    return (
        f"$DO <thing:one> or <thing:other> <done:said> {word}",
        f"$DO <thing:one> or <thing:other> {word} <done:said>",
        f"$BE <thing:one> or <thing:other> <being:said> {word}",
        f"$BE it <thing:one> or <thing:other> (that|who|which) <does:said> {word}",
        f"$BE it <thing:one> or <thing:other> (that|who|which) $BE <being:said> {word}",
        f"$DO <thing:one> <done:said> {word} or <thing:other> ($DO)?",
        f"{_WHICH} <does:said> {word} <thing:one> or <thing:other>",
        f"{_WHICH} {word} <does:said> <thing:one> or <thing:other>",
        f"{_WHICH} $BE <being:said> {word} <thing:one> or <thing:other>",
        f"(which|what) <kind> <does:said> {word} <thing:one> or <thing:other>",
        f"(which|what) <kind> $BE <being:said> {word} <thing:one> or <thing:other>",
        f"(which|who) of <thing:one> (and|or) <thing:other> <does:said> {word}",
        f"(which|who) of <thing:one> (and|or) <thing:other> $BE <being:said> {word}",
        f"(between|of|out of) <thing:one> and <thing:other> {_WHICH} <does:said> {word}",
        f"(between|of|out of) <thing:one> and <thing:other> {_WHICH} $BE <being:said> {word}",
        f"{_WHICH} (gets|got) to <done:said> {word} <thing:one> or <thing:other>",
    )


def _with_two_events(word: str, happens: str) -> tuple[str, ...]:
    """Does the dog chase the ball or the cat kick the cup first? Which comes first, the dog chasing ... or ...?"""
    return (
        f"<asked:one> or <event:other> {word}",
        f"<asked:one> or <asked:other> {word}",
        f"<asked:one> {word} or <event:other> ({word})?",
        f"<asked:one> {word} or <asked:other> ({word})?",
        f"{_WHICH} {happens} {word} <interval:one> or <interval:other>",
        f"$BE it <interval:one> or <interval:other> (that|which) {happens} {word}",
        f"$DO <interval:one> or <interval:other> (come|happen|occur|take place|last|go on|take|start) {word}",
        f"$DO <interval:one> (come|happen|occur|take place|last|go on|take|start) {word} or <interval:other>",
        f"<interval:one> or <interval:other> (which|what) (one)? {happens} {word}",
        f"(of|between|out of) <interval:one> and <interval:other> {_WHICH} {happens} {word}",
    )


def _with_two_deeds(word: str, happens: str) -> tuple[str, ...]:
    """Which takes longer, chasing the ball or kicking the cup?"""
    return (
        f"{_WHICH} {happens} {word} <deed:one> or <deed:other>",
        f"(of|between|out of) <deed:one> and <deed:other> {_WHICH} {happens} {word}",
        f"<deed:one> or <deed:other> (which|what) (one)? {happens} {word}",
    )


def _seen(word: str, verbs: str, finite: str) -> tuple[str, ...]:
    """Does the dog or the cat appear first? Which is visible longer, the dog or the cat?"""
    verb = (
        f"$DO <thing:one> or <thing:other> {verbs} {word}",
        f"$DO <thing:one> {verbs} {word} or <thing:other>",
        f"{_WHICH} {finite} {word} <thing:one> or <thing:other>",
        f"{_WHICH} {word} {finite} <thing:one> or <thing:other>",
        f"(which|who) of <thing:one> (and|or) <thing:other> {finite} {word}",
        f"(between|of|out of) <thing:one> and <thing:other> {_WHICH} {finite} {word}",
        f"$BE it <thing:one> or <thing:other> (that|who|which) {finite} {word}",
        f"{_WHICH} $BE (the)? {word} (one|thing|person)? to {verbs} <thing:one> or <thing:other>",
    )
    return (
        *(verb if verbs else ()),
        f"$BE <thing:one> or <thing:other> {_VISIBLE} {word}",
        f"{_WHICH} $BE {_VISIBLE} {word} <thing:one> or <thing:other>",
        f"{_WHICH} $BE {word} {_VISIBLE} <thing:one> or <thing:other>",
        f"{_WHICH} can be seen {word} <thing:one> or <thing:other>",
        f"{_WHICH} (stays|stayed|remains|remained) {_VISIBLE} {word} <thing:one> or <thing:other>",
        f"$DO <thing:one> or <thing:other> (stay|remain) {_VISIBLE} {word}",
        f"{_WHICH} (do|can|did|could) (we|you|i|one) (see|notice|spot) {word} <thing:one> or <thing:other>",
        f"(do|did|can|could) (we|you|i|one) (see|notice|spot) <thing:one> or <thing:other> {word}",
        f"(which|who) of <thing:one> (and|or) <thing:other> $BE {_VISIBLE} {word}",
    )


def _spent(word: str) -> dict[str, tuple[str, ...]]:
    """Does the dog spend more time chasing the ball or kicking the cup?"""
    spends = f"{_SPENDS} {word}"
    return {
        "one": (
            f"$DO <thing> {spends} (on|with|doing)? <being:one> or <being:other>",
            f"{_WHICH} $DO <thing> {spends} (on|with|doing|at)? <being:one> or <being:other>",
            f"{_WHICH} takes <thing> {word} <being:one> or <being:other>",
        ),
        "objects": (
            f"$DO <thing> {spends} <verb_ing:gap> <thing:one> or <thing:other>",
            f"{_WHICH} $DO <thing> {spends} <verb_ing:gap> <thing:one> or <thing:other>",
        ),
        "subjects": (
            f"{_WHICH} {spends} <being:said> <thing:one> or <thing:other>",
            f"$DO <thing:one> or <thing:other> {spends} <being:said>",
            f"$BE it <thing:one> or <thing:other> (that|who|which) {spends} <being:said>",
            f"(which|who) of <thing:one> (and|or) <thing:other> {spends} <being:said>",
            f"(between|of|out of) <thing:one> and <thing:other> {_WHICH} {spends} <being:said>",
        ),
    }


Asks = type[First] | type[Longest]


def _pair(asks: Asks, other_way: bool, one: Question | None, other: Question | None) -> Question | None:
    if not isinstance(one, Event) or not isinstance(other, Event):
        return None
    return asks((one, other), other_way)


def _of_one_subject(asks: Asks, other_way: bool) -> Builds:
    def build(thing: Nodes, one: Predication, other: Predication) -> Question | None:
        return _pair(asks, other_way, asked_of_subject(thing, one), asked_of_subject(thing, other))

    return build


def _of_two_objects(asks: Asks, other_way: bool) -> Builds:
    def build(thing: Nodes, gap: Gap, one: Nodes, other: Nodes, kind: Nodes | None = None) -> Question | None:
        return _pair(asks, other_way, gap.held_by(thing, one), gap.held_by(thing, other))

    return build


def _of_two_subjects(asks: Asks, other_way: bool) -> Builds:
    def build(one: Nodes, other: Nodes, said: Predication, kind: Nodes | None = None) -> Question | None:
        return _pair(asks, other_way, asked_of_subject(one, said), asked_of_subject(other, said))

    return build


def _of_two_events(asks: Asks, other_way: bool) -> Builds:
    return lambda one, other: _pair(asks, other_way, one, other)


def _of_two_deeds(asks: Asks, other_way: bool) -> Builds:
    """Which takes longer, chasing the ball or kicking the cup? Whoever does it."""
    return lambda one, other: _pair(
        asks, other_way, asked_of_subject(Find(None), one), asked_of_subject(Find(None), other)
    )


def _of_two_seen(asks: Asks, other_way: bool) -> Builds:
    return lambda one, other: asks((Seen(one), Seen(other)), other_way)


_ORDER = "(in|by|with) (what|which) (chronological|temporal|time)? (order|sequence|succession)"
_IN_ORDER = (
    "(in (the)? (chronological|temporal|time|right|correct)? (order|sequence)|chronologically|one after (the other|"
    "another)|step by step|in turn|in order of time|in (the)? order of (time|occurrence|appearance))"
)
_THINGS = "(things|everything|events|the events|all this|all of this|these things|these events|it all|the things)"
_DEEDS = "(actions|activities|deeds|things|doings)"
_HAPPEN = "(happen|happens|occur|occurs|take place|takes place|unfold|unfolds|go on|happened|come)"


def _happenings() -> tuple[tuple[Builds, tuple[str, ...]], ...]:
    return (
        (
            lambda: Happens(),
            (
                f"{_ORDER} $DO {_THINGS} {_HAPPEN}",
                f"what {_HAPPEN} {_IN_ORDER}",
                "(what|which) $BE (the)? (chronological|temporal|time)? (order|sequence|succession) of (the)? (events|"
                "things|happenings|actions|activities|what happens)",
                f"$TELL (me|us)? (all|all of|everything)? (the)? (events|things|happenings|that happens|what happens) "
                f"(that happen)? {_IN_ORDER}",
                "$TELL (me|us)? (the)? (chronological|temporal)? (order|sequence) of (the)? (events|things|happenings|"
                "what happens)",
                f"(describe|order|sort|arrange|put) (the)? (events|things|happenings) {_IN_ORDER}",
            ),
        ),
        (
            lambda thing: Happens(thing),
            (
                f"{_ORDER} $DO <thing> (do|perform|carry out) ({_THINGS}|{_DEEDS}|what (it|he|she|they) (do|does|did)|"
                f"(its|his|her|their|these|the|those) ({_DEEDS}|different things))?",
                f"what $DO <thing> (do|perform) {_IN_ORDER}",
                f"what $BE <thing> doing {_IN_ORDER}",
                f"$TELL (me|us)? (everything)? (what|that) <thing> (does|did|do) {_IN_ORDER}",
                f"$TELL (me|us)? (all)? (the)? {_DEEDS} of <thing> {_IN_ORDER}",
                f"($TELL (me|us)? (all)? (of)?|(what|which) $BE)? <thing> 's {_DEEDS} {_IN_ORDER}",
                f"{_ORDER} $DO <thing> 's {_DEEDS} {_HAPPEN}",
                f"{_ORDER} $DO (the)? {_DEEDS} of <thing> {_HAPPEN}",
                f"what $BE (the)? (order|sequence|succession) of <thing> 's {_DEEDS}",
                f"what $BE (the)? (order|sequence|succession) of (the)? {_DEEDS} (of|by) <thing>",
                f"what $BE (the)? {_DEEDS} of <thing> {_IN_ORDER}",
            ),
        ),
    )


def _of_a_kind(asks: Asks, other_way: bool) -> Builds:
    """Which dog chases the ball first? What is chased first?"""

    def build(said: Predication, kind: Nodes | None = None) -> Question | None:
        event = asked_of_subject(Find(None) if kind is None else kind, said)
        if isinstance(event, Holds) and event.objects == Find(None) and event.predicate == Predicate():
            return None  # "which one exits last" is no relation to anything
        return asks((event,), other_way) if isinstance(event, Event) else None

    return build


def _one(word: str, leads: str) -> tuple[str, ...]:
    """Which dog chases the ball first? Which is the first to chase it? What is held for the longest time?"""
    return (
        f"(which|what) {_OF} <kind> <does:said> {word}",
        f"(which|what) {_OF} <kind> $BE <being:said> {word}",
        f"(which|what) (one|thing|object)? $BE <being:said> {word}",
        f"(which|what) (one|thing|object|animal)? <does:said> {word}",
        *((f"(which|what) <kind> $BE (the)? {leads} (one)? to <done:said>",) if leads else ()),
        *((f"(what|which) $BE the {leads} (<kind>|thing|object) (to be)? <being:said>",) if leads else ()),
    )


def _singles() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    longest = "(for)? (the)? (longest|most time) (time|period|of all)?"
    shortest = "(for)? (the)? (shortest|least time) (time|period|of all)?"
    spends = "(spends|spent) (the)? {} time <being:said>"
    yield _of_a_kind(First, False), _one("(first|first of all|earliest)", "(very)? (first|earliest)")
    yield _of_a_kind(First, True), _one("(last|last of all)", "(very)? (last|latest)")
    yield (
        lambda kind: First((Seen(kind),), True),
        (f"(which|what) <kind> {_VANISHES} (last|last of all)", f"(which|what) <kind> $BE (the)? last to {_VANISH}"),
    )
    for word, most, other_way in ((longest, "(most|longest)", False), (shortest, "(least|shortest)", True)):
        spent = spends.format(most)
        yield _of_a_kind(Longest, other_way), (*_one(word, ""), f"(which|what) <kind> {spent}")
        yield (
            lambda thing, gap, kind=None, other_way=other_way: (
                Longest((gap.held_by(thing, kind),), other_way)
                if kind is not None
                else Longest((gap.held_by(thing),), other_way)
            ),
            (
                f"(which|what) (<kind>)? $DO <thing> <verb:gap> {word}",
                f"(which|what) (<kind>)? $BE <thing> <verb_ing:gap> {word}",
                f"(which|what|who|whom) (<kind>)? $DO <thing> spend (the)? {most} time <verb_ing:gap>",
            ),
        )


def _choices() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    for asks, other_way, word, happens, verbs, finite in (
        (First, False, _FIRST, _EVENTFUL, _APPEAR, _APPEARS),
        (First, True, _LAST, _OVER, _VANISH, _VANISHES),
        (Longest, False, _LONGER, _LASTS, "", ""),
        (Longest, True, _SHORTER, _LASTS, "", ""),
    ):
        spent = _spent(word) if asks is Longest else {"one": (), "objects": (), "subjects": ()}
        yield _of_one_subject(asks, other_way), (*_with_one_subject(word), *spent["one"])
        yield _of_two_objects(asks, other_way), (*_with_two_objects(word), *spent["objects"])
        yield _of_two_subjects(asks, other_way), (*_with_two_subjects(word), *spent["subjects"])
        yield _of_two_events(asks, other_way), _with_two_events(word, happens)
        yield _of_two_deeds(asks, other_way), _with_two_deeds(word, happens)
        yield _of_two_seen(asks, other_way), _seen(word, verbs, finite)
    first = "(who|which|which one|which of the two|which of them) $BE the (very)? {} (one|person|thing|animal)? to "
    for word, last in (("(first|earliest)", False), ("(last|latest)", True)):
        yield (
            _of_two_subjects(First, last),
            (first.format(word) + "<done:said> <thing:one> or <thing:other>",),
        )
    yield _of_two_seen(First, False), (f"$BE <thing:one> {_VISIBLE} before <thing:other> ($BE)?",)
    yield (
        _of_two_subjects(First, False),
        (f"{_WHICH} (starts|begins|started|began) <being:said> {_FIRST} <thing:one> or <thing:other>",),
    )


ORDER = constructions((*_choices(), *_singles(), *_happenings()))
"""Tried in no order: every reading counts."""
