"""What is said of things that moved or stayed: moved, has changed place, did not move, remained where it was.

Words such as "moved" are said of things as verbs, in relative clauses and before nouns ("the moving car"); they ask
for what was measured, unless the vocabulary has a predicate for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.auxiliaries import BE, NOT
from assistant.lexicon import Form
from assistant.programs import Exists, Not
from assistant.sayings import Predication, Saying, among
from assistant.steps import Moved, Nodes, Quantity, Question, Superlative

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_OWN = ("its", "their", "his", "her", "the")
_PLACE = ("place", "places", "position", "positions", "location", "locations", "spot", "spots")
_SAME = ("the same", "one", "a single", "one and the same", "exactly the same", "its", "their", "his", "her")
_PUT = (
    *("put", "still", "in place", "motionless", "stationary", "immobile", "unmoved", "at rest", "right there"),
    *(f"where {who} {be}" for who in ("it", "he", "she", "they") for be in BE),
    *(f"{at} {same} {place}" for at in ("in", "at", "on") for same in _SAME for place in _PLACE),
)
_AT_REST = tuple(put for put in _PUT if put not in ("put", "still", "right there"))
_HAVE = ("has", "have", "had")
_CHANGED = ("position", "positions", "place", "places", "location", "locations")


def _changes(verb: str) -> tuple[str, ...]:
    return (*(f"{verb} {what}" for what in _CHANGED), *(f"{verb} {own} {what}" for own in _OWN for what in _CHANGED))


def _forms(verbs: str, *others: str) -> tuple[str, ...]:
    return (*verbs.split(), *others)


_BASE = _forms("move shift", *_changes("change"), "get moved", "go somewhere else", "change its spot", "be moved")
_DONE = _forms("moved shifted", *_changes("changed"), "been moved", "been displaced", "been shifted", "got moved")
_GOING = _forms(
    "moving moved displaced shifted",
    *("in motion", "on the move", "being moved", "shifting", "not at rest", "not stationary", "not in place"),
    *_changes("changing"),
)
_PAST = (
    *("moved", "moves", "move", "shifted", "got moved", "went somewhere else", "ended up somewhere else"),
    *_changes("changed"),
    *_changes("changes"),
    *(f"{have} {done}" for have in _HAVE for done in _DONE),
    *(f"{be} {going}" for be in BE for going in _GOING),
)
_STAY = tuple(
    f"{verb} {put}" for verb in ("stay", "remain", "keep") for put in _PUT if verb != "keep" or put == "still"
)


def _staying(*verbs: str) -> tuple[str, ...]:
    return tuple(f"{verb} {put}" for verb in verbs for put in _PUT)


_MOVED: dict[str, tuple[str, ...]] = {"base": _BASE, "participle": _DONE, "gerund": _GOING, "past": _PAST}
_STAYED: dict[str, tuple[str, ...]] = {
    "base": ("stay", *_STAY, "stand still", "sit still"),
    "participle": ("stayed", *_staying("stayed", "remained"), "kept still", "stood still", "sat still"),
    "gerund": (
        *(*_AT_REST, *_staying("staying", "remaining", "standing", "sitting", "lying")),
        *("not in motion", "still"),
    ),
    "past": (
        *_staying("stayed", "stays", "stay", "remained", "remains", "remain"),
        *(
            "stayed",
            "stays",
            "stay",
            "kept still",
            "keeps still",
            "stood still",
            "stands still",
            "sat still",
            "sits still",
        ),
        *(f"{have} {stayed}" for have in _HAVE for stayed in _staying("stayed", "remained")),
        *(f"{have} {no} {done}" for have in _HAVE for no in NOT for done in _DONE),
        *(f"{be} {rest}" for be in BE for rest in _AT_REST),
    ),
}
_ELSEWHERE = (
    *("at all", "somewhere else", "to somewhere else", "elsewhere", "around", "about"),
    *(f"to {which} {place}" for which in ("another", "a different", "a new", "some other") for place in _PLACE),
    *("from its place", "from their places", "from where it was", "from where they were", "out of its place"),
)
_ALWAYS = ("the whole time", "all the time", "the entire time", "all along", "throughout", "all the while")
_GONE = (
    *("move", "moved", "moves", "go", "went", "gone", "goes", "travel", "travelled", "traveled", "travels", "run"),
    *("ran", "runs", "walk", "walked", "walks", "drive", "drove", "driven", "drives", "come", "came", "fly", "flew"),
    *("got", "get"),
)
_COVERED = (
    *(*_GONE, "cover", "covers", "covered", "take", "takes", "took", "taken", "follow", "followed", "make", "made"),
    *("have", "has", "had"),
)
_FARTHEST: dict[str, tuple[Quantity, bool, float]] = {
    **dict.fromkeys(("the farthest", "farthest", "the furthest", "furthest", "the most", "most", "the longest way"),
                    ("path length", False, 0.0)),
    **dict.fromkeys(("the least", "least", "the least far", "the shortest way"), ("path length", True, 0.0)),
    **dict.fromkeys(("farther", "further"), ("path length", False, 0.3)),
    **dict.fromkeys(("faster", "more quickly", "quicker"), ("speed", False, 0.3)),
    **dict.fromkeys(("slower", "more slowly"), ("speed", True, 0.3)),
}  # fmt: skip
"""What is said of the way that something went: by what it is the first, whether from the low end, and the cost."""
_LONGEST = {
    f"the {most} {way}": most in ("shortest", "smallest", "least", "fewest")
    for most in ("longest", "greatest", "largest", "biggest", "most", "shortest", "smallest", "least", "fewest")
    for way in (
        *("path", "distance", "way", "route", "ground", "trajectory", "track", "journey", "trip", "metres", "meters"),
    )
}
_WENT_FIRST = frozenset(_COVERED)
_FIRST = frozenset(said.split()[0] for table in (_MOVED, _STAYED) for listed in table.values() for said in listed)
"""Words with which such phrases begin: most words of most questions are none of them."""
_ADJECTIVES: dict[str, bool] = {
    **dict.fromkeys(("moving", "moved", "displaced"), False),
    **dict.fromkeys(("stationary", "motionless", "unmoved", "unmoving", "immobile", "resting"), True),
}
"""Words before a noun, and whether they say of it that it stayed."""
_LATER = 0.24
"""Behind a noun "moving" is rather the verb of the sentence: how fast is the dog *moving*."""


_STAYS = (["stay"], ["stays"], ["stayed"])
_BARE = 0.5
"""What stayed, where nothing follows: "stayed on the bench" says where it was."""


def said_of_motion(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[Predication]:
    """All that a word on may say of moving or staying, with verbs in these forms."""
    word = phrases.word(at)
    if word in _WENT_FIRST:
        yield from _said_of_ways(phrases, at)
    if word not in _FIRST:
        return
    kinds = {"past" if form in ("third", "past") else "gerund" if form == "state" else form for form in forms}
    if "past" in kinds:
        kinds.discard("base")
    for kind in sorted(kinds):
        for still, table, tails in ((False, _MOVED, _ELSEWHERE), (True, _STAYED, _ALWAYS)):
            for stop in phrases.literals(at, table[kind]):
                cost = _LATER if kind == "gerund" and phrases.word(at) == "moving" else 0.0
                cost = _BARE if phrases.tokens[at:stop] in _STAYS else cost
                for end in (stop, *phrases.literals(stop, tails)):
                    yield Predication(end, (motion(still),), cost)


def _said_of_ways(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Which dog) went the farthest, moved the least, covered the greatest distance, ran faster (than the others)?"""
    for gone in phrases.literals(at, _GONE):
        for stop, said in phrases.standing(gone, _FARTHEST):
            quantity, least, cost = _FARTHEST[said]
            for end in (stop, *phrases.literals(stop, ("of all", "of them all", "of the two", "overall"))):
                yield Predication(end, (among(partial(Superlative, quantity=quantity, least=least)),), cost)
    for covered in phrases.literals(at, _COVERED):
        for stop, said in phrases.standing(covered, _LONGEST):
            yield Predication(stop, (among(partial(Superlative, quantity="path length", least=_LONGEST[said])),))


def moving(word: str) -> Saying | None:
    """What a word before a noun says of moving: the moving car, a stationary dog."""
    return motion(_ADJECTIVES[word]) if word in _ADJECTIVES else None


def motion(still: bool) -> Saying:
    """The subject moved (stayed)."""
    saying = Saying(partial(Moved, still=still), partial(_asked, still))
    return replace(
        saying, opposite=replace(saying, narrow=partial(Moved, still=not still), ask=partial(_denied, still))
    )


def _asked(still: bool, nodes: Nodes, every: bool) -> Question:
    """Did it move? Of several that are named, did all: did none of them stay?"""
    return Not(Exists(Moved(nodes, not still))) if every else Exists(Moved(nodes, still))


def _denied(still: bool, nodes: Nodes, every: bool) -> Question:
    """Did it not move? Not that it did."""
    return Not(_asked(still, nodes, every))
