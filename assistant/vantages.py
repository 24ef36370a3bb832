"""From where places are meant: "from the camera's point of view", "facing the door", "in space"."""

from collections.abc import Callable, Iterator

from assistant.grammar import Phrases
from assistant.sayings import Vantage
from assistant.steps import View

_CAMERA = tuple(
    f"{before}{place}"
    for before in ("", "as ", "as seen ", "seen ", "when seen ", "viewed ", "as viewed ")
    for place in (
        "from the camera",
        "by the camera",
        *(f"from the {one} 's {what}" for one in ("camera", "viewer") for what in ("point of view", "perspective")),
        *(f"from the {one} 's {what}" for one in ("camera", "viewer") for what in ("viewpoint", "view", "position")),
        *(f"from the {what} of the camera" for what in ("point of view", "perspective", "viewpoint", "position")),
        "from where the camera is",
        "from where the camera stands",
        "from the camera position",
    )
)
_SAID: tuple[tuple[str, View], ...] = (
    *((said, "camera") for said in _CAMERA),
    *((said, "camera") for said in ("as the camera sees it", "in space", "in 3 d", "in 3 - d", "in 3 d space")),
    *((said, "camera") for said in ("in three dimensions", "in camera coordinates", "in the camera frame")),
    *((said, "world") for said in ("in world coordinates", "in the world frame", "along the world axes")),
    *((said, "world") for said in ("in the world", "in the frame of the world")),
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
    *("facing", "when facing", "when you face", "if you face", "if i face", "when i face", "if one faces"),
    *("for someone facing", "for one who faces", "turned towards", "standing at the camera and facing"),
)
_FACING_AT_END = _FACING[1:]
MARKERS = frozenset({"camera", "viewer", "space", "3", "three", "world", "facing", "face", "faces", "turned"}
                    | {"turn", "turns", "look", "looks", "turning", "looking", "faced", "looked"})  # fmt: skip
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
            yield tokens[thing.stop :], Vantage("facing", thing.reference)
    for at in range(1, len(tokens)):
        for start in whole.literals(at, _FACING_AT_END):
            for thing in whole.things(start):
                if thing.stop == len(tokens):
                    yield tokens[:at], Vantage("facing", thing.reference)
