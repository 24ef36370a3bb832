"""Evaluation of predicted image graphs: one pass over the pictures, a fixed amount of memory.

>>> from scenegraph import SceneGraph, Source, Vocabulary
>>> words = Vocabulary(things=("person",), stuff=("grass",), predicates=("on",))
>>> evaluation = Evaluation(words, ks=(20,))
>>> empty = SceneGraph(Source("image", "a.png", 4, 4), (), (), words)
>>> evaluation.add(empty, empty)
>>> evaluation.report().values["images"]
1.0
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenegraph import legacy_openpsg as openpsg
from scenegraph import strict
from scenegraph.arrays import GraphArrays, given_nodes
from scenegraph.errors import InputError
from scenegraph.graph import SceneGraph
from scenegraph.masks import intersections, iou_of
from scenegraph.matching import IOU_THRESHOLD, match
from scenegraph.overlaps import OVERLAPS, without_overlaps
from scenegraph.panoptic_quality import QualityResult, QualitySums, compare_graphs
from scenegraph.recall import checked_ks
from scenegraph.report import Report
from scenegraph.strict import REPEATED, StrictResult, StrictSums
from scenegraph.vocabulary import Vocabulary

MODES = ("sgdet", "predcls")
"""sgdet: nodes are predicted too (SGCls is sgdet on the true masks). predcls: on the true nodes, by id."""

DEFAULT_KS = (10, 20, 50, 100)


@dataclass(frozen=True, eq=False)
class PictureResult:
    """Everything that the protocols say about one picture; small, picklable, to be added to an Evaluation."""

    strict: StrictResult
    quality: QualityResult | None
    legacy: openpsg.LegacyResult | None
    predicted: bool


class Evaluation:
    """Adds up the strict protocol, panoptic quality and, if asked for, the published protocol `openpsg`.

    The state is a few arrays: it can be pickled, and evaluations of parts of a data set can be merged.

    Args:
        vocabulary: the names of truth and predictions.
        ks: numbers of rows to look at.
        mode: "sgdet", or "predcls" where predictions are made on the true nodes (no panoptic quality).
        legacy: also follow the published protocol, with masks as they come.
        overlaps: what to do with predicted masks that overlap (see `scenegraph.overlaps.OVERLAPS`).
        repeated: what to do with repeated triples (see `scenegraph.strict.REPEATED`).
        subsets: named groups of predicate names, for which R, mR and F1 are reported apart too.
        threshold: mask IoU that two nodes have to exceed to be the same.

    Raises:
        InputError: an option is not one of the above, or a subset names an unknown predicate.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        ks: Sequence[int] = DEFAULT_KS,
        mode: str = "sgdet",
        legacy: bool = False,
        overlaps: str = "reject",
        repeated: str = "best",
        subsets: Mapping[str, Sequence[str]] | None = None,
        threshold: float = IOU_THRESHOLD,
    ) -> None:
        for name, value, allowed in (
            ("mode", mode, MODES),
            ("overlaps", overlaps, OVERLAPS),
            ("repeated", repeated, REPEATED),
        ):
            if value not in allowed:
                raise InputError(f"{name} is {value!r}; expected one of {', '.join(allowed)}")
        if not 0 < threshold < 1:
            raise InputError(f"threshold is {threshold}; expected an IoU between 0 and 1, such as 0.5")
        self.vocabulary = vocabulary
        self.ks = checked_ks(ks)
        self.mode = mode
        self.overlaps = overlaps
        self.repeated = repeated
        self.threshold = threshold
        self.subsets = {name: tuple(predicates) for name, predicates in (subsets or {}).items()}
        self.images = 0
        self.images_without_prediction = 0
        self._strict = StrictSums(vocabulary, self.ks, self.subsets)
        things = np.arange(len(vocabulary.categories)) < len(vocabulary.things)
        self._quality = QualitySums(things) if mode == "sgdet" and overlaps != "measure" else None
        self._legacy = openpsg.LegacySums(len(vocabulary.predicates), self.ks, mode) if legacy else None

    def add(self, truth: SceneGraph, prediction: SceneGraph | None) -> None:
        """Add one picture; None stands for a picture without prediction, which counts 0.

        Raises:
            InputError: see `measure`.
        """
        self.add_result(self.measure(truth, prediction))

    def measure(self, truth: SceneGraph, prediction: SceneGraph | None) -> PictureResult:
        """What the protocols say about one picture, without adding it (for workers and per-picture views).

        Raises:
            InputError: the graphs describe pictures of different size, are not image graphs, have
                another vocabulary, a true node has no mask or overlaps another, or the prediction has
                overlaps or repetitions that `overlaps` and `repeated` do not admit.
        """
        predicted = prediction is not None and len(prediction.nodes) > 0
        prediction = prediction if prediction is not None else replace(truth, nodes=(), relations=(), metadata={})
        self._check(truth, prediction)
        true = GraphArrays.of(truth)
        if self.mode == "predcls":
            return self._measure_on_true_nodes(true, given_nodes(truth, prediction), predicted, truth.source.uri)
        return self._measure(true, GraphArrays.of(prediction), predicted, truth.source.uri)

    def _measure(self, truth: GraphArrays, raw: GraphArrays, predicted: bool, where: str) -> PictureResult:
        disjoint = self.overlaps != "measure"
        truth = without_overlaps(truth, "reject" if disjoint else "measure", f"truth of {where}")
        graph = without_overlaps(raw, self.overlaps, f"prediction of {where}")
        assert truth.masks is not None and graph.masks is not None  # `without_overlaps` refuses boxes
        shared = intersections(truth.masks, graph.masks)
        iou = iou_of(shared, truth.masks, graph.masks)
        matching = match(iou, truth.categories, graph.categories, self.threshold)
        truth_of = matching.truth_of(len(graph.categories))
        result = strict.measure(truth, graph, truth_of, self.repeated, f"prediction of {where}")
        result = replace(
            result,
            rows_removed=result.rows_removed + len(raw.triples) - len(graph.triples),
            nodes_removed=len(raw.categories) - len(graph.categories),
        )
        known = shared if graph is raw else None
        return PictureResult(
            strict=result,
            quality=compare_graphs(truth, graph, shared) if disjoint else None,
            legacy=openpsg.measure(truth, raw, known) if self._legacy else None,
            predicted=predicted,
        )

    def _measure_on_true_nodes(
        self, truth: GraphArrays, rows: GraphArrays, predicted: bool, where: str
    ) -> PictureResult:
        themselves = np.arange(len(truth.categories))
        return PictureResult(
            strict=strict.measure(truth, rows, themselves, self.repeated, f"prediction of {where}"),
            quality=None,
            legacy=openpsg.measure(truth, rows, mode="predcls") if self._legacy else None,
            predicted=predicted,
        )

    def add_result(self, result: PictureResult) -> None:
        """Add a picture that `measure` looked at, here or in another process, under the same options."""
        self.images += 1
        self.images_without_prediction += not result.predicted
        self._strict.add(result.strict)
        if self._quality is not None and result.quality is not None:
            self._quality.add(result.quality)
        if self._legacy is not None and result.legacy is not None:
            self._legacy.add(result.legacy)

    def merge(self, other: "Evaluation") -> None:
        """Add the pictures of another evaluation, made with the same options.

        Raises:
            InputError: the options differ.
        """
        if self._options() != other._options():
            raise InputError("evaluations with different vocabularies or options cannot be merged")
        self.images += other.images
        self.images_without_prediction += other.images_without_prediction
        self._strict.merge(other._strict)
        if self._quality is not None and other._quality is not None:
            self._quality.merge(other._quality)
        if self._legacy is not None and other._legacy is not None:
            self._legacy.merge(other._legacy)

    def report(self) -> Report:
        """The numbers over all pictures added so far."""
        values = {"images": float(self.images), "images_without_prediction": float(self.images_without_prediction)}
        values |= self._strict.values()
        if self._quality is not None:
            values |= self._quality.values()
        if self._legacy is not None:
            values |= self._legacy.values()
        return Report(
            values=values,
            ks=self.ks,
            protocol=f"strict {self.mode}: {self._protocol()}",
            predicates=self.vocabulary.predicates,
            recall=self._strict.constrained,
            free_recall=self._strict.free,
            categories=self.vocabulary.categories,
            quality=self._quality,
        )

    def _protocol(self) -> str:
        nodes = "true nodes by id" if self.mode == "predcls" else f"one-to-one, same class, mask IoU > {self.threshold}"
        return f"{nodes}; overlaps={self.overlaps}; repeated={self.repeated}; a picture without predictions counts 0"

    def _options(self) -> tuple[object, ...]:
        legacy = self._legacy is not None
        options = (self.vocabulary, self.ks, self.mode, self.overlaps, self.repeated, self.threshold, legacy)
        return (*options, tuple(self.subsets.items()))

    def _check(self, truth: SceneGraph, prediction: SceneGraph) -> None:
        where = truth.source.uri
        if truth.source.size != prediction.source.size:
            raise InputError(
                f"{where}: the truth has {truth.source.size} pixels, the prediction {prediction.source.size}; "
                "give predictions at the size of the picture"
            )
        for side, graph in (("truth", truth), ("prediction", prediction)):
            self.vocabulary.check_same(graph.vocabulary, f"{where}: the {side}")
