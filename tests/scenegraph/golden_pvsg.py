"""Videos of golden/pvsg as the arrays that the video metrics take (its README, "Files" and "Protocols")."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from scenegraph import Mask, Segment, Tube, Vocabulary
from scenegraph.legacy_openpvsg import ranked_rows
from scenegraph.panoptic import masks_from_ids
from scenegraph.video_arrays import VideoArrays

SIZE = (32, 32)


@dataclass(frozen=True)
class GoldenVideo:
    """One video: true arrays with every object, predicted tubes, logits and query presence.

    `tubes` have the frames with a mask line; `whole_tubes`, which protocol C compares, all that are stored.
    """

    name: str
    description: dict
    truth: VideoArrays
    arrays: dict
    categories: np.ndarray
    tubes: tuple
    whole_tubes: tuple

    def prediction(self, most=100, pairwise=False) -> VideoArrays:
        """The published ranking over the feature tubes; the last of them has no masks."""
        triples = ranked_rows(self.arrays["pair_logits"], self.arrays["relation_logits"], most, pairwise)
        subject, predicate, object_ = triples.T
        active = self.arrays["span_logits"][subject, object_, :, predicate] > 0
        return VideoArrays(
            self.categories, np.ones(len(self.tubes)), self.tubes, triples, -np.arange(len(triples)) * 1.0, active
        )


def words(folder: Path) -> Vocabulary:
    """The vocabulary of mini_pvsg."""
    value = json.loads((folder / "mini_pvsg/data/pvsg.json").read_text())
    return Vocabulary(*map(tuple, (*value["objects"].values(), value["relations"])))


def expected(folder: Path) -> dict:
    """All expected numbers."""
    return json.loads((folder / "expected.json").read_text())


@cache
def videos(folder: Path) -> tuple[GoldenVideo, ...]:
    """All videos in the order of the published evaluation."""
    value = json.loads((folder / "mini_pvsg/data/pvsg.json").read_text())
    names = [name for parts in value["split"].values() for name in parts["val"]]
    vocabulary = words(folder)
    return tuple(_video(folder / "videos", name, vocabulary) for name in names)


def tube_of(masks, frames):
    """A tube of the masks in those frames; None without any."""
    return Tube({int(f): Segment(Mask.from_array(masks[f])) for f in frames}) if len(frames) else None


def _video(folder, name, vocabulary):
    description = json.loads((folder / f"{name}.json").read_text())
    with np.load(folder / f"{name}.npz") as file:
        arrays = dict(file)
    frames = description["num_frames"]
    ids = np.arange(1, len(description["objects"]) + 1)
    by_frame = [masks_from_ids(arrays["gt_panoptic"][frame].astype(np.int32), ids) for frame in range(frames)]
    seen = [{f: Segment(by_frame[f][i]) for f in range(frames) if by_frame[f][i].area} for i in range(len(ids))]
    relations = [each for each in description["relations"] if each[2] in vocabulary.predicates]
    active = np.zeros((len(relations), frames), dtype=bool)
    for row, (*_, spans) in enumerate(relations):
        for first, last in spans:
            active[row, first : last + 1] = True
    truth = VideoArrays(
        np.array([vocabulary.category_id(each["category"]) for each in description["objects"]]),
        np.ones(len(ids)),
        tuple(Tube(each) if each else None for each in seen),
        np.array([(s - 1, vocabulary.predicate_id(p), o - 1) for s, o, p, _ in relations]).reshape(-1, 3).astype(int),
        np.ones(len(relations)),
        active,
    )
    tracks = description["num_tracks_with_masks"]
    masks = np.unpackbits(arrays["pred_masks"], axis=1)[:, : frames * 1024].reshape(tracks, frames, *SIZE).astype(bool)
    present = arrays["pred_present"]
    tubes = [tube_of(masks[i], np.flatnonzero(present[i])) for i in range(tracks)]
    whole = [tube_of(masks[i], np.arange(frames)) for i in range(tracks)]
    categories = [_majority(arrays["pred_class_per_frame"][i][present[i]]) for i in range(tracks)]
    spare = description["num_feature_tubes"] - tracks
    return GoldenVideo(
        name,
        description,
        truth,
        arrays,
        np.array(categories + [0] * spare),
        *((*each, *[None] * spare) for each in (tubes, whole)),
    )


def _majority(classes):
    """The most frequent class; of several the one that is seen first."""
    values, first, counts = np.unique(classes, return_index=True, return_counts=True)
    return int(values[np.lexsort((first, -counts))[0]])
