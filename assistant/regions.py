"""Places and times that a question points at: a point, a box, a mask, a stretch of time.

In the text of a question they stand in angle brackets,

    What is <point 120,80> holding?
    Who is in <box 10,20,64,90>?                What is <box 10,20,64,90 @ 12> chasing?
    What is the child doing <time 12,18.5>?     Is the dog asleep <frames 30,60>?
    What is <region 0> doing?

and `<region 0>` means the first of the regions that came beside the question, where masks can be
given as well. Coordinates are pixels, x before y, boxes xyxy; `@ 12` names the frame of a video.
Each selects nodes of the graph; the question is then asked about these nodes. What lies in a region
("who is in <box ...>?", "how many dogs are here?") is asked by `region_places`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.index import GraphIndex
from scenegraph import InputError, Segment, checked_json
from scenegraph.masks import Box, Mask, intersections, iou_matrix

MAX_REGIONS = 16
SAME_BOX = 0.5
"""IoU from which a box means the one node that it frames; a looser box means the nodes inside it."""
INSIDE = 0.5
"""Share of a node's own area that lies in a loose box, or in a mask, of which it is then a part."""

_NUMBER = r"-?\d{1,9}(?:\.\d{1,6})?"
TOKEN = re.compile(
    rf"<\s{{0,3}}(?P<kind>point|box|time|frames|region)\s{{1,3}}(?P<numbers>{_NUMBER}(?:\s{{0,2}}[,\s]\s{{0,2}}{_NUMBER}){{0,3}})"
    rf"(?:\s{{0,3}}@\s{{0,3}}(?P<frame>\d{{1,9}}))?\s{{0,3}}>"
)
"""White space is bounded: free repetition beside free repetition would take time quadratic in hostile text."""

_LENGTHS = {"point": 2, "box": 4, "time": 2, "frames": 2, "region": 1}
_DEIXIS = re.compile(
    r"\b(?:this|that) (?:person|man|woman|child|animal|object|thing|one|region|place|area|segment|box|point)\b"
    r"|\bthe (?:marked|selected|highlighted) (?:object|thing|region|area|person)\b|\bhere\b|\bthis\b|\bthat\b(?=\W*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pointer:
    """A point (a box without extent), a box or a mask of one frame; `frame` None is where a node is first seen."""

    box: Box
    mask: Mask | None = None
    frame: int | None = None


@dataclass(frozen=True)
class Stretch:
    """A stretch of time: seconds, or frames of which both ends are included."""

    start: float
    stop: float
    frames: bool = False

    @property
    def words(self) -> str:
        """As the parser reads it."""
        if self.frames:
            return f"between frames {int(self.start)} and {int(self.stop)}"
        return f"between {self.start:g} and {self.stop:g} seconds"


Region = Pointer | Stretch


@dataclass(frozen=True)
class Pointed:
    """A question in words only: what was pointed at is called by its label; `nodes` are those labels' nodes."""

    question: str
    notes: tuple[str, ...]
    nodes: tuple[int, ...]


def read_region(value: Any, where: str = "region") -> Region:
    """A region from JSON.

    One of `{"point": [x, y]}`, `{"box": [x1, y1, x2, y2]}`, `{"mask": {COCO run lengths}}`, each with
    `"frame"` where it is of a video; `{"time": [12, 18.5]}` in seconds; `{"frames": [30, 60]}`.

    Raises:
        InputError: it is none of these.
    """
    checked_json.checked(value, "object", where)
    kinds = [kind for kind in ("point", "box", "mask", "time", "frames") if kind in value]
    if len(kinds) != 1:
        raise InputError(f"{where}: expected exactly one of point, box, mask, time, frames; found {', '.join(value)}")
    (kind,) = kinds
    frame = value.get("frame")
    if frame is not None and (not isinstance(frame, int) or isinstance(frame, bool) or frame < 0):
        raise InputError(f"{where}.frame: expected a frame number from 0")
    if kind == "mask":
        checked_json.checked(value["mask"], "object", f"{where}.mask")
        mask = Mask.from_coco(value["mask"])
        if not mask.area:
            raise InputError(f"{where}.mask: it has no pixel")
        return Pointer(mask.box, mask, frame)
    numbers = checked_json.checked(value[kind], "list", f"{where}.{kind}")
    if len(numbers) != _LENGTHS[kind] or not all(_number(each) for each in numbers):
        raise InputError(f"{where}.{kind}: expected {_LENGTHS[kind]} numbers")
    return _region(kind, [float(each) for each in numbers], frame, where)


def resolve(index: GraphIndex, question: str, regions: Sequence[Region] = (), told: Collection[int] = ()) -> Pointed:
    """A question in which every region is replaced by what the graph has there.

    Regions beside the question that it does not name (`<region 0>`) are what "this", "that", "here" mean,
    or a time in which all of it is asked; those at the places of `told` are said in the question already.

    Raises:
        InputError: a region is malformed, lies outside the source, or holds no node of the graph.
    """
    notes: list[str] = []
    nodes: list[int] = []
    used = set(told)
    if len(regions) > MAX_REGIONS or len(TOKEN.findall(question)) > MAX_REGIONS:
        raise InputError(f"a question points at no more than {MAX_REGIONS} regions")

    def named(region: Region, shown: str) -> str:
        if isinstance(region, Stretch):
            return region.words
        found = select(index, region)
        labels = [index.label(node) for node in found]
        notes.append(f"{shown} is {', '.join(labels[:6])}")
        nodes.extend(found)
        return reference(index, found[0]) if len(found) == 1 else " or ".join(reference(index, n) for n in found)

    def replaced(match: re.Match[str]) -> str:
        at, region = pointed_at(match, regions)
        used.update(() if at is None else (at,))
        return named(region, match[0])

    text = TOKEN.sub(replaced, question)
    for at, region in enumerate(regions):
        if at in used:
            continue
        if isinstance(region, Stretch):
            text = f"{text.rstrip(' ?.!')} {region.words}?"
        elif (said := _DEIXIS.search(text)) is not None:
            text = text[: said.start()] + named(region, f"'{said[0]}'") + text[said.end() :]
        else:
            notes.append(f"region {at} is not referred to; say 'this' or '<region {at}>' in the question")
    return Pointed(text, tuple(notes), tuple(dict.fromkeys(nodes)))


def pointed_at(match: re.Match[str], regions: Sequence[Region]) -> tuple[int | None, Region]:
    """The region that a match of `TOKEN` means, and its place in the list where it is one of that.

    Raises:
        InputError: it is malformed.
    """
    kind, frame = match["kind"], match["frame"]
    numbers = [float(each) for each in re.findall(_NUMBER, match["numbers"])]
    if kind == "region":
        at = int(numbers[0])
        if len(numbers) != 1 or not 0 <= at < len(regions):
            raise InputError(f"{match[0]}: the question came with {len(regions)} regions, counted from 0")
        return at, regions[at]
    if len(numbers) != _LENGTHS[kind]:
        raise InputError(f"{match[0]}: expected {_LENGTHS[kind]} numbers")
    return None, _region(kind, numbers, None if frame is None else int(frame), match[0])


def points(question: str) -> bool:
    """Whether a question has a region in its text.

    >>> points("What is <point 3,4> doing?"), points("Is 3 < 4?")
    (True, False)
    """
    return TOKEN.search(question) is not None


def select(index: GraphIndex, pointer: Pointer, inside: bool = False) -> list[int]:
    """The nodes that a pointer means, the best one first; with `inside` all that lie in it, of which there may be none.

    A point means the smallest node under it; a box or a mask the one node of IoU 0.5 or more, or where
    there is none every node of which more than half lies inside, or where there is none of these the smallest
    one in which more than half of it lies, as a stroke across a person does.

    Raises:
        InputError: it lies outside the picture or the frames, or on no node where one is meant.
    """
    source = index.graph.source
    x1, y1, x2, y2 = pointer.box
    if not (0 <= x1 <= x2 <= source.width and 0 <= y1 <= y2 <= source.height):
        raise InputError(f"{_shown(pointer)} lies outside the picture of {source.width} x {source.height} pixels")
    if pointer.frame is not None and pointer.frame >= source.num_frames:
        raise InputError(f"frame {pointer.frame}: the source has frames 0-{source.num_frames - 1}")
    if pointer.mask is not None and pointer.mask.size != source.size:
        raise InputError(f"the mask is of {pointer.mask.size} pixels; the picture is of {source.size}")
    located = (node for node in index.nodes if node.located)
    seen = [(node.id, segment) for node in located if (segment := _segment(node.region, pointer.frame)) is not None]
    point = x1 == x2 and y1 == y2
    found = _under(seen, x1, y1) if point else _framed(seen, pointer, source.size, inside)
    if not found and not inside:
        raise InputError(f"the graph has nothing at {_shown(pointer)}")
    return found


def _under(seen: list[tuple[int, Segment]], x: float, y: float) -> list[int]:
    under = [(segment.area, node) for node, segment in seen if _holds(segment, x, y)]
    return [min(under)[1]] if under else []


def _framed(seen: list[tuple[int, Segment]], pointer: Pointer, size: tuple[int, int], everything: bool) -> list[int]:
    """Nodes by their overlap with a box or a mask; everything in it, or the one node that it frames."""
    if not seen:
        return []
    if pointer.mask is not None:
        masks = [segment.mask or _rectangle(segment.box, size) for _, segment in seen]
        overlap = iou_matrix(masks, [pointer.mask])[:, 0]
        common = intersections(masks, [pointer.mask])[:, 0]
        own, whole = np.array([mask.area for mask in masks], dtype=np.float64), float(pointer.mask.area)
    else:
        boxes = np.array([segment.box for _, segment in seen])
        low, high = np.maximum(boxes[:, :2], pointer.box[:2]), np.minimum(boxes[:, 2:], pointer.box[2:])
        common = np.maximum(high - low, 0).prod(axis=1)
        own = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
        whole = (pointer.box[2] - pointer.box[0]) * (pointer.box[3] - pointer.box[1])
        overlap = common / np.maximum(own + whole - common, 1e-9)
    if overlap.max() >= SAME_BOX and not everything:
        return [seen[int(overlap.argmax())][0]]
    inside = np.flatnonzero(common > INSIDE * np.maximum(own, 1e-9))
    if len(inside):
        return [seen[at][0] for at in inside[np.argsort(-common[inside], kind="stable")]]
    around = np.flatnonzero(common > INSIDE * max(whole, 1e-9))
    return [seen[around[own[around].argmin()]][0]] if len(around) else []


def _holds(segment: Segment, x: float, y: float) -> bool:
    x1, y1, x2, y2 = segment.box
    if not (x1 <= x < x2 and y1 <= y < y2):
        return False
    return segment.mask is None or bool(segment.mask.array()[int(y), int(x)])


def _segment(region: Any, frame: int | None) -> Segment | None:
    found: Segment | None = region.segment(region.frames[0] if frame is None else frame)
    return found


def _rectangle(box: Box, size: tuple[int, int]) -> Mask:
    area = np.zeros(size, dtype=bool)
    x1, y1, x2, y2 = (round(edge) for edge in box)
    area[max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)] = True
    return Mask.from_array(area)


def _region(kind: str, numbers: list[float], frame: int | None, where: str) -> Region:
    if kind in ("time", "frames"):
        start, stop = numbers
        if not 0 <= start <= stop or (kind == "frames" and not (start.is_integer() and stop.is_integer())):
            raise InputError(f"{where}: expected a start from 0 and an end that is not before it")
        return Stretch(start, stop, kind == "frames")
    x1, y1, *rest = numbers
    x2, y2 = rest or (x1, y1)
    if x2 < x1 or y2 < y1:
        raise InputError(f"{where}: expected x1, y1, x2, y2 with x1 <= x2 and y1 <= y2")
    return Pointer((x1, y1, x2, y2), frame=frame)


def reference(index: GraphIndex, node: int) -> str:
    """How to call a node so that the parser reads it."""
    label = index.label(node)
    return label if re.fullmatch(r"[\w]+(?:[ -][\w]+)*", label) and label.lower() in index.called else f"#{node}"


def _shown(pointer: Pointer) -> str:
    edges = [f"{edge:g}" for edge in pointer.box]
    if pointer.mask is not None:
        return f"the mask within {', '.join(edges)}"
    return f"point {', '.join(edges[:2])}" if edges[:2] == edges[2:] else f"box {', '.join(edges)}"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def regions_of(values: Sequence[Any]) -> tuple[Region, ...]:
    """Regions from a JSON list.

    Raises:
        InputError: there are too many, or one is none.
    """
    if len(values) > MAX_REGIONS:
        raise InputError(f"a question points at no more than {MAX_REGIONS} regions; {len(values)} came")
    return tuple(read_region(value, f"regions[{at}]") for at, value in enumerate(values))
