"""Training labels for tracks: which true relations hold between which tracks, and when.

A relation is annotated between objects; a model learns it between tracks. Every track is matched with
the objects of its class that it overlaps, and takes over their relations in the frames of the match.
The steps and the numbers are those of PVSG's published relation set (OpenPVSG, `prepare_rel_set`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int64

from scenegraph import Relation, SceneGraph, Span, Tube
from scenegraph.spans import Spans, to_frames
from scenegraph.tube_overlap import compare_tubes

if TYPE_CHECKING:
    from pvsg.tracked_video import TrackedVideo

MATCH_IOU = 0.5
"""Track and object belong together in the frames where their masks' IoU is above this."""
MATCHED_FRAMES = 5
"""A track with fewer matched frames belongs to an object by chance."""
LONGEST_GAP = 5
"""Frames without a match that a range of matched frames may skip: occlusions, flicker."""
SHORTEST_LABEL = 3
"""Frames that a relation must hold between two tracks to be learned."""

Ranges = Mapping[int, Sequence[Span]]
"""By position of a track, the frames in which it stands for an object."""


@dataclass(frozen=True, eq=False)
class RelationLabels:
    """What a relation model learns of a video: `triples` name tracks by position, `active` their frames."""

    triples: Int64[np.ndarray, "r 3"]
    active: Bool[np.ndarray, "r t"]

    def __len__(self) -> int:
        return len(self.triples)


def relation_labels(
    truth: SceneGraph,
    video: "TrackedVideo",
    published: bool = False,
    matched_frames: int = MATCHED_FRAMES,
    shortest: int = SHORTEST_LABEL,
) -> RelationLabels:
    """The true relations of a video, carried over to its tracks.

    Args:
        truth: the true graph.
        video: the tracks.
        published: lose the last frame of every span, as the published code does (it uses inclusive ends
            as exclusive ones).
        matched_frames: see `MATCHED_FRAMES`.
        shortest: see `SHORTEST_LABEL`.
    """
    objects = [node.region for node in truth.nodes]
    categories = np.array([node.category for node in truth.nodes], dtype=np.int64)
    matched = match(objects, categories, video.tubes, video.categories, truth.source.num_frames)
    ranges = [ranges_of(frames, matched_frames) for frames in matched]
    position = {node.id: place for place, node in enumerate(truth.nodes)}
    whole = (Span(0, truth.source.num_frames),)
    relations = [
        Relation(position[each.subject], each.predicate, position[each.object], spans=each.spans or whole)
        for each in truth.relations
    ]
    return labels_of(transferred(relations, ranges, published), video.present, shortest)


def match(
    objects: Sequence[Tube | None],
    object_categories: Int64[np.ndarray, " n"],
    tracks: Sequence[Tube | None],
    track_categories: Int64[np.ndarray, " m"],
    num_frames: int,
) -> Bool[np.ndarray, "n m t"]:
    """The frames in which each track is each object: equal class, IoU above `MATCH_IOU`."""
    overlap = compare_tubes(objects, tracks, num_frames).frame_iou()
    same = object_categories[:, None] == track_categories[None, :]
    return (overlap > MATCH_IOU).transpose(1, 2, 0) & same[:, :, None]


def ranges_of(matched: Bool[np.ndarray, "m t"], matched_frames: int = MATCHED_FRAMES) -> dict[int, Spans]:
    """The ranges of frames in which tracks stand for one object, by position of the track.

    An object with one track is that track from the first match to the last; of several tracks each has
    the ranges between gaps of more than `LONGEST_GAP` frames.

    >>> frames = np.zeros((1, 12), dtype=bool)
    >>> frames[0, [0, 1, 2, 9, 10, 11]] = True
    >>> ranges_of(frames), ranges_of(frames.repeat(2, axis=0))[1]
    ({0: (Span(start=0, stop=12),)}, (Span(start=0, stop=3), Span(start=9, stop=12)))
    """
    counts = matched.sum(axis=1)
    alone = np.count_nonzero(counts) == 1
    ranges: dict[int, Spans] = {}
    for track in np.flatnonzero(counts >= max(1, matched_frames)).tolist():
        frames = np.flatnonzero(matched[track])
        cuts = [] if alone else np.flatnonzero(np.diff(frames) > LONGEST_GAP) + 1
        ranges[track] = tuple(Span.inclusive(int(part[0]), int(part[-1])) for part in np.split(frames, cuts))
    return ranges


def transferred(
    relations: Sequence[Relation], ranges: Sequence[Ranges], published: bool = False
) -> dict[tuple[int, int, int], list[Span]]:
    """Relations between tracks, (subject, predicate, object) by position, with their spans as they come.

    Args:
        relations: between objects by position; spans may reach beyond the video.
        ranges: of every object.
        published: see `relation_labels`.
    """
    found: dict[tuple[int, int, int], list[Span]] = {}
    for relation in relations:
        pairs = [
            (subject, object_, first, second)
            for subject, firsts in ranges[relation.subject].items()
            for object_, seconds in ranges[relation.object].items()
            for first in firsts
            for second in seconds
        ]
        for span in relation.spans:
            last = span.stop - 1 if published else span.stop
            for subject, object_, first, second in pairs:
                part = Span(max(span.start, first.start, second.start), min(last, first.stop, second.stop))
                if part.length > 0:
                    found.setdefault((subject, relation.predicate, object_), []).append(part)
    return found


def labels_of(
    spans: Mapping[tuple[int, int, int], Sequence[Span]],
    present: Bool[np.ndarray, "m t"],
    shortest: int = SHORTEST_LABEL,
) -> RelationLabels:
    """Labels in the frames where both tracks are seen; those of fewer than `shortest` frames are left out."""
    frames = present.shape[1]
    triples = np.array(list(spans), dtype=np.int64).reshape(-1, 3)
    active = np.array([to_frames(each, frames) for each in spans.values()], dtype=bool).reshape(-1, frames)
    active &= present[triples[:, 0]] & present[triples[:, 2]]
    kept = active.sum(axis=1) >= max(1, shortest)
    return RelationLabels(triples[kept], active[kept])
