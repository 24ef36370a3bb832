"""From where places are meant: "from the camera's point of view", "facing the door", "in space"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.camera import camera
from assistant.grammar import Phrases
from assistant.measured_programs import Bearing, Coordinates, IsInSpace
from assistant.pronouns import Pronoun
from assistant.sayings import Phrase, Vantage
from assistant.steps import Find, InBetween, InSpace, Question, View, walk
from assistant.timed_programs import During

_SYSTEMS: tuple[str, ...] = (
    "{0} coordinates",
    "the {0} frame",
    "{0} frame",
    "the frame of the {0}",
    "the {0} 's frame",
    "{0} space",
)
_SYSTEMS += (
    "the {0} 's coordinates",
    "the coordinates of the {0}",
    "the {0} coordinate system",
    "{0} coordinate frame",
)
_SYSTEMS += ("the {0} coordinate frame", "the coordinate frame of the {0}", "the coordinate system of the {0}")
_SYSTEMS += ("the {0} reference frame", "the {0} 's coordinate system", "the {0} 's coordinate frame", "{0} frame axes")


def systems(name: str) -> tuple[str, ...]:
    """Names of a system of coordinates: in camera coordinates, in the frame of the world.

    >>> systems("world")[0]
    'in world coordinates'
    """
    return tuple(f"in {system.format(name)}" for system in _SYSTEMS)


_SAID: tuple[tuple[str, View], ...] = (
    *((said, "camera") for said in ("by the camera", "as by the camera", "as seen by the camera", "from the camera")),
    *((said, "camera") for said in ("from where the camera is", "from where the camera stands", "as from the camera")),
    *((said, "camera") for said in ("from the camera position", "from the camera angle", "in space", "in 3 d")),
    *((said, "camera") for said in ("in 3 - d", "in 3 d space", "in three dimensions", *systems("camera"))),
    *((said, "world") for said in ("along the world axes", "in the world", *systems("world"))),
)
_VIEWS = tuple((said.split(), view) for said, view in _SAID)
_BY_FIRST: dict[str, set[int]] = {}
_BY_LAST: dict[str, set[int]] = {}
for _number, (_words, _) in enumerate(_VIEWS):
    _BY_FIRST.setdefault(_words[0], set()).add(_number)
    _BY_LAST.setdefault(_words[-1], set()).add(_number)
_TURNED = tuple(
    f"{when} {who} {turns}"
    for when in ("if", "when", "once", "as", "while", "suppose", "imagine", "assuming")
    for who in ("i", "you", "we", "one", "someone", "somebody")
    for turns in ("turn to face", "turns to face", "am facing", "are facing", "is facing", "turn to", "turn towards",
                  "stand facing", "stands facing", "look at", "looks at", "look towards", "face", "faces", "faced",
                  "turned to face", "were facing", "turn around to face", "looked at")
)  # fmt: skip
_FACING: tuple[str, ...] = (
    *_TURNED,
    *("turning to face", "turning towards", "looking towards", "with my face to", "looking straight at"),
    *("with me facing", "with you facing", "with us facing", "with someone facing", "with one facing"),
    *("with the camera facing", "with the camera turned to", "with the camera turned towards"),
    *("facing", "when facing", "when you face", "if you face", "if i face", "when i face", "if one faces"),
    *("for someone facing", "for one who faces", "turned towards", "standing at the camera and facing"),
)
_FACING_AT_END = _FACING[1:]
_FROM_CAMERA = (
    *("from the camera", "from where the camera is", "from where the camera stands", "from the camera 's position"),
    *("from the camera position", "at the camera", "while standing at the camera", "from the place of the camera"),
)

_VIEW = (
    "(?:point of view|viewpoint|view point|vantage point|perspective|standpoint|view|place|position|angle|side|seat)"
)
_SEEING = "(?:as |when |if |as it is |when it is )?(?:seen|viewed|observed|looked at|watched)"
_THERE = "(?:is|are|was|were|stands|stood|sits|sat|lies|lay)(?: standing| sitting| lying)?"
_WHEN = "(?:if|when|once|while|suppose|supposing|imagine|assuming|say|were|was)"
_WHO = (
    "(?:i|you|we|one|someone|somebody|anyone|anybody|people|(?:a|an|the|some|any) (?:person|observer|viewer|onlooker|"
    "bystander|spectator|visitor)|observers|viewers|onlookers)"
)
_STANDS = r"(?:(?:am |are |is |were |was )?(?:standing|sitting|placed)|stands?|stood|sits?|sat|am|are|is|were|was)"
_BY = "(?:right )?(?:at|by|next to|beside|near|on|in the place of|at the place of|in the position of)"
_STANDING = "(?:(?:standing|sitting|stands?|stood|sits?|sat|placed|positioned|located) )?"
_SEES = "(?:sees?|saw|views?|would see|is seeing|looks at)"
_LOOKING = (
    "(?:and )?(?:who |that )?(?:i am |you are |we are |one is |is |are )?(?:look|looks|looked|looking|face|faces|faced"
    "|facing|turn|turned|turning|gaze|gazing)(?: straight| directly| over| across)?"
    "(?: at| to| towards| toward| to face)?"
)
_ONLOOKERS: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = tuple(
    (re.compile(f"{before} "), re.compile(f"{after} " if after else ""), anywhere)
    for before, after, anywhere in (
        (f"{_SEEING} from", "", True),
        (rf"(?:as|when|if|as it is|when it is) {_SEEING.rpartition(')?')[2]} by", "", True),
        (f"{_SEEING} by", "", False),
        ("from", "", False),
        (f"(?:{_SEEING} )?from the {_VIEW} of", "", True),
        (f"(?:{_SEEING} )?from", f"'s {_VIEW}", True),
        ("(?:seen )?(?:through|with|in|to) the eyes of", "", True),
        ("(?:seen )?(?:through|with|in|to)", "'s (?:own )?eyes", True),
        ("(?:as|the way|how)", f"{_SEES} (?:it|this|that|things|them|the scene)", True),
        ("(?:as|the way|how) (?:it|this|that|things) (?:looks?|appears?|is|seems?) (?:to|from|for)", "", True),
        (f"(?:{_SEEING} )?from where", _THERE, True),
        (f"(?:{_WHEN} {_WHO} )?(?:look|looks|looked|looking|gazing|facing) from", "", True),
        (f"{_WHEN} {_WHO} {_STANDS} {_BY}", "", True),
        (f"{_WHEN} {_WHO} {_STANDS} where", _THERE, True),
        (f"(?:when |if |imagine |suppose |by )?(?:standing|stood|sitting) {_BY}", "", False),
        ("(?:when |if )?(?:standing|stood|sitting) where", _THERE, False),
        (f"(?:to|for|(?:{_SEEING} )by) {_WHO}(?: who| that)?(?: is| are| was)? {_STANDING}{_BY}", "", True),
        (f"with {_WHO} {_STANDING}{_BY}", "", False),
        (f"{_WHEN} {_WHO} (?:was|were|am|are) in", "'s (?:shoes|place|position|seat)", True),
    )
)
"""What stands before and behind the name of one whose view it is, and whether so behind the question as well."""
_OPENERS = frozenset(
    {"seen", "viewed", "observed", "looked", "watched", "from", "through", "with", "in", "to", "as", "the", "when"}
    | {"once", "while", "suppose", "supposing", "imagine", "assuming", "say", "were", "was", "standing", "stood"}
    | {"sitting", "how", "for", "if", "looking", "gazing"}
)
MARKERS = frozenset({"camera", "viewer", "space", "3", "three", "world", "facing", "face", "faces", "turned"}
                    | {"turn", "turns", "look", "looks", "turning", "looking", "faced", "looked", "seen", "viewed"}
                    | {"from", "eyes", "sees", "saw", "see", "views", "standing", "stood", "stand", "sitting", "shoes"}
                    | {"appears", "seems"})  # fmt: skip
"""Words of which one stands in every such phrase."""


def vantages(tokens: list[str], phrases: Callable[[list[str]], Phrases]) -> Iterator[tuple[list[str], Vantage]]:
    """The words without the phrase that says from where, and what it says."""
    if not MARKERS & set(tokens):
        return
    ends = _BY_FIRST.get(tokens[0], set()) | _BY_LAST.get(tokens[-1], set())
    for words, view in (_VIEWS[number] for number in sorted(ends)):
        if tokens[: len(words)] == words:
            yield tokens[len(words) :], Vantage(view)
        if tokens[-len(words) :] == words:
            yield tokens[: -len(words)], Vantage(view)
    whole = phrases(tokens)
    for start in whole.literals(0, _FACING):
        for thing in whole.things(start):
            for stop in _from_the_camera(whole, thing.stop):
                yield tokens[stop:], Vantage("facing", thing.reference)
    for at in range(1, len(tokens)):
        for start in whole.literals(at, _FACING_AT_END):
            for thing in whole.things(start):
                if len(tokens) in _from_the_camera(whole, thing.stop):
                    yield tokens[:at], Vantage("facing", thing.reference)
    yield from _seen_by_others(tokens, whole)


def _from_the_camera(whole: Phrases, at: int) -> list[int]:
    """(Facing the sofa) from the camera: the place after it, and the place itself, as nothing needs to be said."""
    return [at, *whole.literals(at, _FROM_CAMERA)]


def _seen_by_others(tokens: list[str], whole: Phrases) -> Iterator[tuple[list[str], Vantage]]:
    """From the dog's point of view, as the dog sees it, if I stood at the tree and looked at the car."""
    for at in range(len(tokens) - 1):
        if tokens[at] not in _OPENERS or (at and MARKERS.isdisjoint(tokens[at:])):
            continue
        for stop, vantage, looked in _onlookers(whole, at):
            after = tokens[stop + (tokens[stop : stop + 1] == ["then"]) :]
            if looked and after[-1:] in (["it"], ["them"], ["him"], ["her"]):
                after = after[:-1] + looked
            if at or after:
                yield tokens[:at] + after, vantage


def _onlookers(whole: Phrases, at: int) -> Iterator[tuple[int, Vantage, list[str]]]:
    """Whose view is named at a word: the place after it, the view, the words for what is looked at."""
    for before, after, anywhere in _ONLOOKERS:
        start = _matched(whole, at, before) if anywhere or not at else None
        for end, vantage in () if start is None else _views(whole, start):
            stop = _matched(whole, end, after)
            if stop is None:
                continue
            looking = _matched(whole, stop, _LOOKING_AT)
            faced = [] if looking is None else whole.things(looking)
            if not faced:
                yield stop, vantage, []
            for looked in faced:
                yield looked.stop, _looking(vantage, looked), whole.tokens[looking : looked.stop]


def _looking(vantage: Vantage, looked: Phrase) -> Vantage:
    """The view of one who stands somewhere and looks at something: at the camera, one has turned to face it."""
    if isinstance(looked.nodes, Pronoun):  # "which bike is left of the car for one who looks at it"
        return vantage
    if vantage.view == "camera":
        return Vantage("facing", looked.reference)
    return Vantage(vantage.view, vantage.facing, looked.reference)


def _matched(whole: Phrases, at: int, pattern: re.Pattern[str]) -> int | None:
    """The place after the words of a pattern, None where they do not stand there."""
    found = pattern.match(" ".join(whole.tokens[at:]) + " ")
    return None if found is None else at + found.group().count(" ")


_LOOKING_AT = re.compile(rf"(?:{_LOOKING}|towards?|at) ")


def _views(whole: Phrases, at: int) -> Iterator[tuple[int, Vantage]]:
    """The view of one who is named; none of what is not known: "the judge" is none of the things in a picture."""
    seen_by = camera(whole, at)
    if seen_by is not None:
        yield seen_by, Vantage("camera")
    for viewer in whole.things(at):
        if not any(isinstance(step, Find) and step.categories == () for step in walk(viewer.reference)):
            yield viewer.stop, Vantage("from", viewer.reference)


def as_seen(question: Question, vantage: Vantage) -> Question | None:
    """A question about places as they are seen from somewhere, None where it asks for no such place."""
    if isinstance(question, During):
        inner = as_seen(question.question, vantage)
        return None if inner is None else replace(question, question=inner)
    if isinstance(question, Coordinates):
        if vantage.view == "from":
            return None
        return replace(question, view=vantage.view, facing=vantage.facing)
    if isinstance(question, Bearing):
        return replace(question, view=vantage.view) if vantage.view in ("camera", "world") else None
    steps = [step for step in walk(question) if isinstance(step, InSpace | IsInSpace | InBetween)]
    placed = [step for step in steps if isinstance(step, InSpace | IsInSpace)]
    elsewhere = any((step.view, step.facing) != (vantage.view, vantage.facing) for step in placed)
    turned = vantage.looks_at is not None and {step.others for step in placed} != {vantage.looks_at}
    return None if not steps or elsewhere or turned else question
