"""The published protocols of PVSG, kept so that old tables can be compared.

What the evaluation code of Yang et al. (Panoptic Video Scene Graph Generation, CVPR 2023) computes,
with its properties; `scenegraph.strict_video` has none of them.

`openpvsg-full` (the R@K of the paper's tables):

* the "volume IoU" of a true relation and a row of equal names is the share of the true frames in
  which both objects are seen, in which the row is active and both mask IoUs reach 0.5: activity
  outside the true span costs nothing, so an always-on span is best;
* one row may find several true relations; rows of one pair and repeated rows all have their try;
* every row with a share of 0.1 adds a weak hit until the first row with 0.5, so that weak recall can
  exceed 1; "soft" recall adds the share instead of 1;
* recall is pooled over all videos; mean recall over the predicates that occur.

`openpvsg-tube`: true relations are the training labels on the predicted tubes, so no masks are
compared; the first row of equal triple is the only one that counts, a weak hit always and a hit if
the temporal IoU of the spans reaches 0.5.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64

from scenegraph.graph import SceneGraph
from scenegraph.panoptic_quality import QualitySums
from scenegraph.tube_overlap import TubeOverlap
from scenegraph.video_arrays import VideoArrays

HIT, WEAK_HIT = 0.5, 0.1
"""Shares to be reached."""

MASK_IOU = 0.5
"""Reached, not exceeded, in every frame that counts."""

_CELLS = 1 << 21
"""Frames times candidates looked at together."""


@dataclass(frozen=True, eq=False)
class PublishedResult:
    """One video: the predicate of every true relation, and what was tried for them.

    A try is a row of `rank` (from 0) looked at for the true relation `truth`, with its `share`; in
    the order in which the published code looks.
    """

    predicates: Int64[np.ndarray, " truths"]
    truth: Int64[np.ndarray, " tries"]
    rank: Int64[np.ndarray, " tries"]
    share: Float64[np.ndarray, " tries"]


def measure_full(
    truth: VideoArrays,
    prediction: VideoArrays,
    overlap: TubeOverlap,
    unseen: Int64[np.ndarray, " others"] | None = None,
) -> PublishedResult:
    """What `openpvsg-full` says about one video.

    Args:
        truth: true relations, as often as they are written.
        prediction: rows in the order of their rank; a node without a tube finds nothing.
        overlap: pixels that true and predicted nodes share, masks as they come.
        unseen: predicates of true relations that no graph holds because an object is never seen or
            no frame lies in the video (see `unseen_relations`); they only count in the total.
    """
    predicates = np.concatenate([truth.triples[:, 1], np.zeros(0, np.int64) if unseen is None else unseen])
    masks = np.array([tube is not None for tube in prediction.tubes], dtype=bool)
    subject, object_ = (_equal_class(truth, prediction, end) for end in (0, 2))
    names = subject & object_ & (truth.triples[:, None, 1] == prediction.triples[None, :, 1])
    names &= (masks[prediction.triples[:, 0]] & masks[prediction.triples[:, 2]])[None, :]
    tried, rank = np.nonzero(names)
    seen = overlap.truth_areas > 0
    counted = truth.active & (seen[:, truth.triples[:, 0]] & seen[:, truth.triples[:, 2]]).T
    good = overlap.frame_iou() >= MASK_IOU
    hits = np.zeros(len(tried), dtype=np.int64)
    step = max(1, _CELLS // max(1, truth.num_frames))
    for start in range(0, len(tried), step):
        g, r = tried[start : start + step], rank[start : start + step]
        ends = [good[:, truth.triples[g, end], prediction.triples[r, end]].T for end in (0, 2)]
        hits[start : start + step] = (counted[g] & prediction.active[r] & ends[0] & ends[1]).sum(axis=1)
    frames = counted.sum(axis=1)[tried]
    share = np.divide(hits, frames, out=np.zeros(len(tried)), where=frames > 0)
    looked = ~_after_first(tried, share >= HIT)
    return PublishedResult(predicates, tried[looked], rank[looked], share[looked])


def measure_tube(truth: VideoArrays, prediction: VideoArrays) -> PublishedResult:
    """What `openpvsg-tube` says about one video: one try a true relation, `share` the temporal IoU.

    Args:
        truth: relations between the predicted tubes, by their positions (training labels).
        prediction: rows in the order of their rank, one predicate a pair.
    """
    tried, rank = np.nonzero((truth.triples[:, None] == prediction.triples[None]).all(axis=2))
    tried, first = np.unique(tried, return_index=True)
    rank = rank[first]
    active = truth.active[tried], prediction.active[rank]
    either = (active[0] | active[1]).sum(axis=1)
    iou = np.divide((active[0] & active[1]).sum(axis=1), either, out=np.zeros(len(tried)), where=either > 0)
    return PublishedResult(truth.triples[:, 1], tried, rank, iou)


class PublishedSums:
    """Running sums of `openpvsg-full`, or of `openpvsg-tube` where `weak` is 0: every try is weak there."""

    def __init__(self, num_predicates: int, ks: tuple[int, ...], weak: float = WEAK_HIT) -> None:
        self.ks = ks
        self.weak = weak
        self.total = np.zeros(num_predicates, dtype=np.int64)
        self.tables = {name: np.zeros((len(ks), num_predicates)) for name in ("", "weak ", "soft ", "soft weak ")}

    def add(self, result: PublishedResult) -> None:
        """Add one video."""
        np.add.at(self.total, result.predicates, 1)
        predicates = result.predicates[result.truth]
        for place, k in enumerate(self.ks):
            for name, least in (("", HIT), ("weak ", self.weak)):
                found = (result.rank < k) & (result.share >= least)
                np.add.at(self.tables[name][place], predicates[found], 1)
                np.add.at(self.tables[f"soft {name}"][place], predicates[found], result.share[found])

    def merge(self, other: "PublishedSums") -> None:
        """Add the videos of other sums."""
        self.total += other.total
        for name, table in self.tables.items():
            table += other.tables[name]

    def values(self, protocol: str = "openpvsg-full") -> dict[str, float]:
        """R, mR and their weak and soft forms as "legacy PROTOCOL/NAME@K"; NaN without true relations."""
        known = self.total > 0
        values = {}
        for name, table in self.tables.items():
            for place, k in enumerate(self.ks):
                recall = table[place].sum() / self.total.sum() if known.any() else np.nan
                mean = (table[place][known] / self.total[known]).mean() if known.any() else np.nan
                values[f"legacy {protocol}/{name}R@{k}"] = float(recall)
                values[f"legacy {protocol}/{name}mR@{k}"] = float(mean)
        return values


def unseen_relations(graph: SceneGraph) -> Int64[np.ndarray, " others"]:
    """Predicates of the relations of pvsg.json that its reader had to drop from the graph.

    Only those in the vocabulary: the published code drops the others too.
    """
    dropped = [row["relation"][2] for row in graph.metadata.get("dropped_relations", ())]
    predicates = graph.vocabulary.predicates
    return np.array([predicates.index(name) for name in dropped if name in predicates], dtype=np.int64)


def published_quality(sums: QualitySums) -> dict[str, float]:
    """The published PQ of frames, as "legacy openpvsg/PQ": a class that never occurs counts 0."""
    table = np.nan_to_num(sums.per_category()["PQ"])
    groups = {"": np.ones_like(sums.is_thing), "_things": sums.is_thing, "_stuff": ~sums.is_thing}
    return {
        f"legacy openpvsg/PQ{group}": float(table[members].mean()) if members.any() else float("nan")
        for group, members in groups.items()
    }


def best_pairs(pair_logits: Float[np.ndarray, "nodes nodes"], most: int = 100) -> Int64[np.ndarray, "pairs 2"]:
    """The published choice of pairs: (subject, object) by their logit, the best first.

    Args:
        pair_logits: of (subject, object); the diagonal is ignored.
        most: pairs to look at; one that the diagonal takes up is lost.
    """
    scores = np.where(np.eye(len(pair_logits), dtype=bool), -np.inf, pair_logits)
    best = np.argsort(-scores, axis=None, kind="stable")[:most]
    pairs = np.stack(np.unravel_index(best, scores.shape), axis=1)
    return pairs[pairs[:, 0] != pairs[:, 1]]


def pair_recall(truth: VideoArrays, pairs: Int64[np.ndarray, "pairs 2"]) -> float:
    """The share of the related pairs of a video that are among `pairs`: 0 where none is related, as published.

    >>> nothing = np.zeros((0, 2), dtype=np.int64)
    >>> truth = VideoArrays(np.zeros(2, int), np.ones(2), (None, None), np.array([[0, 5, 1], [0, 6, 1], [1, 5, 0]]),
    ...                     np.ones(3), np.ones((3, 4), dtype=bool))
    >>> pair_recall(truth, nothing), pair_recall(truth, np.array([[0, 1]]))
    (0.0, 0.5)
    """
    related = {(subject, object_) for subject, _, object_ in truth.triples.tolist()}
    return len(related & set(map(tuple, pairs.tolist()))) / max(len(related), 1)


def ranked_rows(
    pair_logits: Float[np.ndarray, "nodes nodes"],
    relation_logits: Float[np.ndarray, "nodes nodes predicates"],
    most: int = 100,
    pairwise: bool = False,
) -> Int64[np.ndarray, "rows 3"]:
    """The published ranking: (subject, predicate, object) of the best pairs, by the predicate logit.

    Args:
        pair_logits: of (subject, object), see `best_pairs`.
        relation_logits: of every predicate of a pair.
        most: pairs to look at.
        pairwise: one row a pair, its best predicate, in place of one a predicate.
    """
    subject, object_ = best_pairs(pair_logits, most).T
    logits = relation_logits[subject, object_]
    if pairwise:
        predicate = logits.argmax(axis=1)
        pair = np.argsort(-logits.max(axis=1, initial=-np.inf), kind="stable")
        return np.stack([subject[pair], predicate[pair], object_[pair]], axis=1)
    pair, predicate = np.unravel_index(np.argsort(-logits, axis=None, kind="stable"), logits.shape)
    return np.stack([subject[pair], predicate, object_[pair]], axis=1)


def _equal_class(truth: VideoArrays, prediction: VideoArrays, end: int) -> Bool[np.ndarray, "truths rows"]:
    return (
        truth.categories[truth.triples[:, end]][:, None] == prediction.categories[prediction.triples[:, end]][None, :]
    )


def _after_first(group: Int64[np.ndarray, " n"], stop: Bool[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """Which items come after the first stop of their group; the groups lie together."""
    before = np.cumsum(stop) - stop
    first = np.searchsorted(group, group)
    return before > before[first] if len(group) else np.zeros(0, dtype=bool)
