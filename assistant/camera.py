"""The one camera that a graph is seen by, as people name it: the camera, the viewer, me."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.steps import Find, Nodes

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.sayings import Phrase
    from assistant.word_list import WordList

_CAMERA = (
    *("the camera", "the viewer", "the lens", "the observer", "us", "me", "camera", "the depth camera", "the sensor"),
    *("the depth sensor", "the scanner", "the camera lens", "the recording camera", "the camera 's position"),
)


def camera(phrases: WordList, at: int) -> int | None:
    """The place after "the camera", None if it does not stand there."""
    return phrases.after(at, _CAMERA)


def is_camera(nodes: Nodes) -> bool:
    """Whether nodes are the one camera that the graph is seen by, not one that is seen in it."""
    named: Nodes | None = nodes
    while isinstance(named, Nodes) and not isinstance(named, Find):  # "the camera holding a cup" is none but it either
        named = getattr(named, "nodes", None)
    return isinstance(named, Find) and named.categories == () and f"the {named.word}" in _CAMERA


def others(phrases: Phrases, at: int) -> Iterator[Phrase]:
    """What lengths are measured to; the camera is none of the things that programs name."""
    yield from (other for other in phrases.things(at) if not is_camera(other.nodes))
