"""The mmengine metric gives what a direct evaluation gives, in one process or several."""

from dataclasses import replace

import numpy as np
import pytest

from psg.metric import SceneGraphMetric
from scenegraph import Relation, files
from scenegraph.evaluation import Evaluation
from scenegraph.formats.psg import PSGFile
from scenegraph.frequency import FrequencyModel
from tests.psg.data import WORDS

NAMES = {"things": list(WORDS.things), "stuff": list(WORDS.stuff), "predicates": list(WORDS.predicates)}


def predictions(path):
    """Test graphs and guesses: random predicates with random scores."""
    file = PSGFile.open(path)
    generator = np.random.default_rng(0)
    for index in file.indices("test"):
        truth = file.graph(index)
        rows = [
            Relation(r.subject, int(generator.integers(len(WORDS.predicates))), r.object, float(generator.random()))
            for r in truth.relations
        ]
        yield truth, replace(truth, relations=tuple(sorted(rows, key=lambda row: -row.score)))


def measured(metric, path):
    metric.dataset_meta = {"vocabulary": NAMES}
    for truth, prediction in predictions(path):
        metric.process({}, [{"graph": truth, "pred_graph": prediction}])
    return metric.evaluate(size=4)


def test_equals_a_direct_evaluation(psg_json):
    metric = SceneGraphMetric(ks=(1, 3, 10), subsets={"sides": ["left of", "right of"]}, legacy=True)
    shown = measured(metric, psg_json)
    direct = Evaluation(WORDS, ks=(1, 3, 10), subsets={"sides": ["left of", "right of"]}, legacy=True)
    for truth, prediction in predictions(psg_json):
        direct.add(truth, prediction)
    expected = direct.report().values
    assert metric.values == pytest.approx(expected, nan_ok=True)
    assert 0 < expected["strict/R@3"] < 1
    assert shown["strict/R@3"] == expected["strict/R@3"]
    assert shown["PQ"] == pytest.approx(1.0)
    assert "strict[sides]/mR@3" in shown
    assert not any(name.startswith("legacy") for name in shown)


def test_margin_over_class_pair_frequency(psg_json):
    metric = SceneGraphMetric(ks=(3,), frequency=str(psg_json))
    shown = measured(metric, psg_json)
    file = PSGFile.open(psg_json)
    model = FrequencyModel(WORDS).fit(file.graph(i, masks=False) for i in file.indices("train"))
    rival = Evaluation(WORDS, ks=(3,))
    for truth, prediction in predictions(psg_json):
        rival.add(truth, model.predict(prediction))
    value = rival.report().values["strict/R@3"]
    assert metric.values["frequency/R@3"] == value
    assert shown["margin/R@3"] == pytest.approx(shown["strict/R@3"] - value)
    assert shown["margin/R@3"] < 0


def test_padding_of_a_distributed_sampler_counts_once(psg_json):
    """Four results for three pictures, as two processes give them: the repeated last one is cut."""
    pairs = list(predictions(psg_json))
    metric = SceneGraphMetric(ks=(3,))
    metric.dataset_meta = {"vocabulary": NAMES}
    for truth, prediction in (*pairs[:3], pairs[0]):
        metric.process({}, [{"graph": truth, "pred_graph": prediction}])
    metric.evaluate(size=3)
    direct = Evaluation(WORDS, ks=(3,))
    for truth, prediction in pairs[:3]:
        direct.add(truth, prediction)
    assert metric.values == pytest.approx(direct.report().values, nan_ok=True)


def test_saves_graphs(psg_json, tmp_path):
    measured(SceneGraphMetric(out=str(tmp_path / "graphs")), psg_json)
    saved = sorted((tmp_path / "graphs").iterdir())
    assert [path.name for path in saved] == [f"{number:06d}.scenegraph.json" for number in range(8, 12)]
    _, prediction = next(predictions(psg_json))
    assert files.load(saved[0]) == prediction
