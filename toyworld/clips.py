"""Videos of the world in memory: `video(seed)`; frames are rendered when they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8

from scenegraph import Camera, InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Track4D, Tube
from scenegraph.panoptic import masks_from_ids
from scenegraph.spans import from_frames, merge
from toyworld.entities import State
from toyworld.ground import KINDS, SKY, Backdrop, backdrop
from toyworld.names import PSG4D, PVSG, Dialect
from toyworld.raster import Fragments, Parts
from toyworld.relations import Moment, ground_end
from toyworld.renderer import Composite, compose, paint
from toyworld.shapes import Placed
from toyworld.stage import bounds, decals_of, fragments_of, look_of, place_entities
from toyworld.views import View, camera_of
from toyworld.world import World, make_world

SMALLEST = 20
"""Pixels: what is seen of a thing in a frame is labelled from this size on."""

SMALLEST_STUFF = 60

SEEN_FRAMES = 3
"""A node is seen in at least so many frames (fewer only in shorter clips)."""

CAMERA_RULES = frozenset({"beside", "in front of", "looking at"})
"""Relations that depend on the camera and on thresholds: short gaps and flickers are evened out."""

GAP_SECONDS, FLICKER_SECONDS = 0.4, 0.5
"""Gaps up to the first are closed, then spans below the second are left out, for `CAMERA_RULES`."""

VOID = 0
"""Value of `Frame.ids` where nothing is labelled; node ids of videos begin at 1."""


class Frame(NamedTuple):
    """One frame: RGB, depth in metres (0: none), node ids (`VOID`: none)."""

    rgb: UInt8[np.ndarray, "height width 3"]
    depth: Float32[np.ndarray, "height width"]
    ids: Int32[np.ndarray, "height width"]


class _Shot(NamedTuple):
    states: list[State]
    view: View
    placed: Placed
    back: Backdrop
    fragments: Fragments
    parts: Parts
    composite: Composite


@dataclass(frozen=True, eq=False)
class Clip:
    """A video with its truth. `clip[i]` renders frame i; memory does not grow with the length.

    Attributes:
        seed: names the world.
        num_frames: stored pictures.
        fps: pictures a second.
        size: height and width.
        dialect: the names in use.
        rgbd: whether nodes carry their geometry in metres (`Track4D`) and the source its camera.
    """

    seed: int
    num_frames: int
    fps: float
    size: tuple[int, int]
    dialect: Dialect
    rgbd: bool

    def __post_init__(self) -> None:
        if self.num_frames < 1 or self.fps <= 0:
            raise InputError(
                f"a clip of {self.num_frames} frames at {self.fps} a second; expected at least 1 and above 0"
            )

    def __len__(self) -> int:
        return self.num_frames

    def __getitem__(self, frame: int) -> Frame:
        if not 0 <= frame < self.num_frames:
            raise IndexError(f"frame {frame}; the clip has frames 0-{self.num_frames - 1}")
        shot = self._shot(frame)
        look, _, _ = self._look
        decals = decals_of(self.world.entities, shot.states, shot.view, np.ones(len(self.world.entities), dtype=bool))
        rgb = paint(shot.back, shot.fragments, shot.parts, shot.composite, replace(look, frame=frame), decals)
        depth = np.where(np.isfinite(shot.composite.depth), shot.composite.depth, np.float32(0))
        return Frame(rgb, depth, self._numbers[self._labels(shot.composite)])

    def __iter__(self) -> Iterator[Frame]:
        return (self[frame] for frame in range(self.num_frames))

    @cached_property
    def world(self) -> World:
        """The world that the clip shows."""
        return make_world(Random(self.seed), self.num_frames / self.fps)

    @cached_property
    def views(self) -> list[View]:
        """Where the camera is in every frame."""
        last = max(self.num_frames - 1, 1)
        return [self.world.path.view(frame / last, self.size) for frame in range(self.num_frames)]

    @cached_property
    def camera(self) -> Camera:
        """Intrinsics and one pose a frame."""
        return camera_of(self.views)

    @cached_property
    def graph(self) -> SceneGraph:
        """The true scene graph: tubes (tracks for RGB-D), relations with the frames in which they hold."""
        survey = self._survey
        source = Source(
            "rgbd" if self.rgbd else "video",
            f"{self.seed:08d}",
            *self.size,
            self.num_frames,
            self.fps,
            self.camera if self.rgbd else None,
        )
        numbers = self._numbers
        nodes = [
            Node(
                int(numbers[label]),
                self.dialect.category_ids[self._kinds[label]],
                self._region(survey, label),
                attributes=self._attributes(label),
            )
            for label in sorted(survey.masks, key=lambda label: int(numbers[label]))
            if numbers[label] != VOID
        ]
        return SceneGraph(source, tuple(nodes), self._relations(survey), self.dialect.vocabulary)

    @cached_property
    def _look(self):  # noqa: ANN202
        return look_of(self.world.coats, Random(self.seed ^ 0x5EED))

    @cached_property
    def _kinds(self) -> list[str]:
        """The kind behind each label: entities, then kinds of ground; all trees share the first tree's label."""
        return [entity.kind for entity in self.world.entities] + list(KINDS)

    @cached_property
    def _merged(self) -> Int32[np.ndarray, " labels"]:
        """Label by composite code: trees become one."""
        labels = np.arange(len(self._kinds), dtype=np.int32)
        trees = [label for label, kind in enumerate(self._kinds) if kind == "tree"]
        labels[trees] = trees[0] if trees else 0
        return labels

    def _labels(self, composite: Composite) -> Int32[np.ndarray, "height width"]:
        """Labels of a frame; too small patches get the label behind the last, which is void."""
        labels = self._merged[composite.code]
        counts = np.bincount(labels.ravel(), minlength=len(self._kinds))
        stuff = np.array(
            [kind == "tree" or label >= len(self.world.entities) for label, kind in enumerate(self._kinds)]
        )
        table = np.arange(len(counts) + 1, dtype=np.int32)
        table[:-1][counts < np.where(stuff, SMALLEST_STUFF, SMALLEST)] = len(counts)
        return table[labels]

    @cached_property
    def _numbers(self) -> Int32[np.ndarray, " labels"]:
        """Node id by label; `VOID` for what is hardly ever seen and for the void label."""
        enough = min(SEEN_FRAMES, self.num_frames)
        numbers = np.zeros(len(self._kinds) + 1, dtype=np.int32)
        shown = sorted(label for label, masks in self._survey.masks.items() if len(masks) >= enough)
        numbers[shown] = np.arange(1, len(shown) + 1)
        return numbers

    def _shot(self, frame: int) -> _Shot:
        world = self.world
        states = world.states(frame / self.fps)
        view = self.views[frame]
        look, tints, sun = self._look
        placed = place_entities(world.entities, states)
        back = backdrop(world.ground, view, tints, look.seed)
        fragments, parts = fragments_of(placed, view, sun)
        n = len(world.entities)
        return _Shot(
            states, view, placed, back, fragments, parts, compose(back, fragments, parts, n, np.ones(n, dtype=bool))
        )

    @cached_property
    def _survey(self) -> "_Survey":
        """One pass over the clip: masks, relations and places of every frame."""
        survey = _Survey({}, {}, {})
        for frame in range(self.num_frames):
            shot = self._shot(frame)
            labels = self._labels(shot.composite)
            present = [label for label in np.unique(labels).tolist() if label < len(self._kinds)]
            for label, mask in zip(present, masks_from_ids(labels, present), strict=True):
                survey.masks.setdefault(label, {})[frame] = mask
            moment = Moment(self.world.entities, shot.states, self.world.ground, shot.view)
            facts, _ = moment.facts()
            in_front, _ = moment.in_front(facts, shot.composite.hidden, shot.composite.whole)
            for subject, predicate, object_ in (*facts, *in_front):
                survey.holds.setdefault((subject, predicate, object_), []).append(frame)
            if self.rgbd:
                self._measure(survey, frame, shot, labels, present)
        return survey

    def _measure(self, survey: "_Survey", frame: int, shot: _Shot, labels: np.ndarray, present: list[int]) -> None:
        """Where everything is, in the world: bodies as they are, ground as far as it is seen."""
        entities = self.world.entities
        boxes = bounds(shot.placed, len(entities)).astype(np.float64)
        points = None
        for label in present:
            kind = self._kinds[label]
            if label < len(entities):
                members = (
                    [e for e, entity in enumerate(entities) if entity.kind == "tree"] if kind == "tree" else [label]
                )
                low, high = boxes[0, members].min(axis=0), boxes[1, members].max(axis=0)
            elif label == len(entities) + SKY:
                low = high = np.full(3, np.nan)
            else:
                if points is None:
                    points = self.camera.to_world(self.camera.points(shot.composite.depth), frame)
                inside = points[labels == label]
                low, high = inside.min(axis=0), inside.max(axis=0)
            survey.places.setdefault(label, []).append(((low + high) / 2, high - low))

    def _region(self, survey: "_Survey", label: int) -> Tube | Track4D:
        tube = Tube({frame: Segment(mask) for frame, mask in survey.masks[label].items()})
        if not self.rgbd:
            return tube
        centres, extents = zip(*survey.places[label], strict=True)
        return Track4D(tube, np.stack(centres), np.stack(extents))

    def _relations(self, survey: "_Survey") -> tuple[Relation, ...]:
        """Spans of every relation: frames in which it holds and both ends are seen."""
        found: dict[tuple[int, int, int], list[Span]] = {}
        for (subject, predicate, object_), frames in survey.holds.items():
            word = self.dialect.predicate_ids.get(predicate)
            ends = [self._label_of(end) for end in (subject, object_)]
            numbers = [int(self._numbers[end]) for end in ends]
            if word is None or VOID in numbers:
                continue
            active = np.zeros(self.num_frames, dtype=bool)
            active[frames] = True
            if predicate in CAMERA_RULES:
                active = _steady(active, round(GAP_SECONDS * self.fps), round(FLICKER_SECONDS * self.fps))
            for end in ends:
                seen = np.zeros(self.num_frames, dtype=bool)
                seen[list(survey.masks[end])] = True
                active &= seen
            if active.any():
                found.setdefault((numbers[0], word, numbers[1]), []).extend(from_frames(active))
        return tuple(Relation(*triple, spans=merge(spans)) for triple, spans in sorted(found.items()))

    def _label_of(self, end: int) -> int:
        if end >= 0:
            return end
        return next(len(self.world.entities) + kind for kind in range(len(KINDS)) if ground_end(kind) == end)

    def _attributes(self, label: int) -> dict[str, str]:
        if label >= len(self.world.entities) or self._kinds[label] == "tree":
            return {}
        return {"colour": self.world.coats[label].colour}


class _Survey(NamedTuple):
    """What one pass over a clip finds: masks by label and frame, frames by relation, places by label."""

    masks: dict[int, dict[int, Mask]]
    holds: dict[tuple[int, str, int], list[int]]
    places: dict[int, list[tuple[Float64[np.ndarray, "3"], Float64[np.ndarray, "3"]]]]


def _steady(active: Bool[np.ndarray, " frames"], gap: int, flicker: int) -> Bool[np.ndarray, " frames"]:
    """Close gaps of at most `gap` frames, then leave out runs of fewer than `flicker` frames."""
    steady = active.copy()
    for span in from_frames(~active):
        if span.length <= gap and span.start > 0 and span.stop < len(active):
            steady[span.start : span.stop] = True
    for span in from_frames(steady):
        if span.length < flicker and len(active) > span.length:
            steady[span.start : span.stop] = False
    return steady


def video(
    seed: int,
    frames: int = 50,
    fps: float = 5.0,
    size: tuple[int, int] = (128, 160),
    dialect: Dialect | None = None,
    rgbd: bool = False,
) -> Clip:
    """The video of a seed: the same arguments give the same bytes. Names are those of PVSG, or PSG4D for RGB-D.

    >>> clip = video(3, frames=4)
    >>> len(clip), clip[2].rgb.shape, clip.graph.source.kind
    (4, (128, 160, 3), 'video')
    """
    return Clip(seed, frames, fps, size, dialect or (PSG4D if rgbd else PVSG), rgbd)
