"""Scene graph scores as an mmengine metric."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from mmengine.registry import METRICS
from tqdm import tqdm

from scenegraph import SceneGraph, Vocabulary, files
from scenegraph.evaluation import DEFAULT_KS, Evaluation
from scenegraph.formats.psg import PSGFile
from scenegraph.frequency import FrequencyModel

_SHOWN = re.compile(r"(strict(\[.*\])?|margin)/m?R@|PQ")
"""What goes to the log line and to TensorBoard; `values` has everything."""


@METRICS.register_module()
class SceneGraphMetric(BaseMetric):
    """The strict protocol and panoptic quality of `pred_graph` against `graph`, over all processes.

    Every process measures its own pictures; a kilobyte a picture is gathered, and those that a
    distributed sampler repeated to fill its last batch are left out.

    Args:
        ks: numbers of rows to look at.
        subsets: named groups of predicates that are reported apart, such as states that only pixels show.
        frequency: a psg.json with training pictures: the most frequent predicates of class pairs, put on
            the model's own segments, are scored too, and `margin/R@20` is what the model adds to them.
        legacy: also follow the published protocol (`scenegraph.legacy_openpsg`).
        out: a folder for the predicted graphs, NAME.scenegraph.json.
        collect_device: "cpu" or "gpu", where results of processes meet.

    `pvsg.metric` has its counterpart for videos.

    Attributes:
        values: after evaluation, in the main process: all numbers by name.
    """

    protocol = "strict"
    """What the names of the strict protocol's numbers begin with."""

    def __init__(
        self,
        ks: Sequence[int] = DEFAULT_KS,
        subsets: Mapping[str, Sequence[str]] | None = None,
        frequency: str | None = None,
        legacy: bool = False,
        out: str | None = None,
        collect_device: str = "cpu",
    ) -> None:
        super().__init__(collect_device, prefix="scene")
        self.prefix = None  # the names are complete; without one mmengine would warn
        self.options = {"ks": tuple(ks), "subsets": subsets}
        self.frequency = frequency
        self.legacy = legacy
        self.out = Path(out) if out else None
        self.values: dict[str, float] = {}
        self._frequency_model: Any = None

    def process(self, data_batch: Any, data_samples: Sequence[dict[str, Any]]) -> None:
        """Measure the pictures of a batch."""
        evaluations = self._evaluations()  # only measure here; the sums are made where all pictures meet
        for sample in data_samples:
            truth, prediction = sample["graph"], sample["pred_graph"]
            rivals = (prediction, self._frequency().predict(prediction)) if self.frequency else (prediction,)
            self.results.append([e.measure(truth, graph) for e, graph in zip(evaluations, rivals, strict=True)])
            if self.out:
                self._save(prediction)

    def compute_metrics(self, results: list[Any]) -> dict[str, float]:
        """All pictures of all processes together."""
        evaluations = self._evaluations()
        for measured in results:
            for evaluation, result in zip(evaluations, measured, strict=True):
                evaluation.add_result(result)
        reports = [evaluation.report() for evaluation in evaluations]
        self.values = dict(reports[0].values)
        lines = [reports[0].table()]
        if self.frequency:
            names = [f"{score}@{k}" for score in ("R", "mR") for k in self.options["ks"]]
            rival = {name: reports[1].values[f"{self.protocol}/{name}"] for name in names}
            self.values |= {f"frequency/{name}": value for name, value in rival.items()}
            self.values |= {f"margin/{name}": self.values[f"{self.protocol}/{name}"] - rival[name] for name in names}
            lines += ["", "class-pair frequency on the same segments (in brackets: what the model adds)"]
            lines += [f"  {name:8} {rival[name]:.4f} ({self.values[f'margin/{name}']:+.4f})" for name in names]
        MMLogger.get_current_instance().info("\n".join(lines))
        return self.shown()

    def shown(self) -> dict[str, float]:
        """The numbers that go to the log line, to TensorBoard and to the choice of the best checkpoint."""
        return {name: value for name, value in self.values.items() if _SHOWN.match(name)}

    @property
    def vocabulary(self) -> Vocabulary:
        """The names of the data set."""
        return Vocabulary.of_names(self.dataset_meta["vocabulary"])

    def _evaluations(self) -> list[Any]:
        words = self.vocabulary
        rivals = [Evaluation(words, ks=self.options["ks"])] if self.frequency else []
        return [Evaluation(words, legacy=self.legacy, **self.options), *rivals]

    def _frequency(self) -> Any:
        if self._frequency_model is None:
            file = PSGFile.open(self.frequency)
            chosen = tqdm(file.indices("train"), "class-pair frequency", leave=False)
            self._frequency_model = FrequencyModel(file.vocabulary).fit(file.graph(i, masks=False) for i in chosen)
        return self._frequency_model

    def _save(self, graph: SceneGraph) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        files.save(graph, self.out / f"{Path(graph.source.uri).stem}.scenegraph.json")
