"""The comparison of methods for rare predicates: its rows exist, and its table says what they are."""

import pytest
import torch
from mmdet.registry import MODELS
from mmengine.registry import DATA_SAMPLERS, DefaultScope

from benchmarks.long_tail import BASELINE, CONFIG, PREDICTING, TITLES, TRAINED, as_words, table
from psg.training import load_config
from tests.psg import models
from tests.psg.conftest import ROOT
from tests.psg.quiet import quiet
from tests.psg.two_stage import small

ROWS = {**TRAINED, **{method: next(iter(grid.values())) for method, grid in PREDICTING.items()}}
MODELS_OF_ROWS = [name for name, options in ROWS.items() if name == BASELINE or any("model" in key for key in options)]
"""Other rows have the plain model."""

NEEDED = {f"strict/{score}@{k}": 0.5 for score in ("R", "mR", "F1") for k in (20, 50)}


@pytest.mark.parametrize("row", MODELS_OF_ROWS)
def test_every_row_builds_learns_and_predicts(row):
    """With a predicate that never occurs and a picture without relations among the training data."""
    config = load_config(ROOT / CONFIG, ROWS[row])
    adjustment = config.model.head.get("logit_adjustment")
    if adjustment:
        adjustment["counts"] = [7, 3, 1, 0]
    with DefaultScope.overwrite_default_scope("mmdet"), quiet():
        model = MODELS.build({**config.model, "vocabulary": models.VOCABULARY, "autocast": "off"})
    losses = model(**models.batch(model, models.sample(), models.sample(relations=())), mode="loss")
    sum(losses.values()).backward()
    # Names are given, so the decoder is idle, and so is the finest map where all boxes are large.
    learning = [each for name, each in model.head.named_parameters() if "decoder" not in name]
    assert all(each.grad is not None and each.grad.isfinite().all() for each in learning)
    item = small.with_truth(models.sample())
    with torch.no_grad():
        (sample,) = model.eval()(**models.batch(model, item), mode="predict")
    assert len(sample.pred_graph.relations) == 12


@pytest.mark.parametrize("row", ROWS)
def test_all_rows_train_alike(row):
    config = load_config(ROOT / CONFIG, ROWS[row])
    assert config.train_dataloader.sampler.type in DATA_SAMPLERS
    assert config.train_dataloader.dataset.long_tail == 30 and config.train_cfg.max_iters == 600


def test_the_table_names_its_baseline_and_the_differences():
    better = {**NEEDED, "strict/mR@50": 0.625}
    header, _, plain, other = table([(TITLES[BASELINE], NEEDED), ("better", better)]).splitlines()
    assert header == "| method | R@20 | mR@20 | F1@20 | R@50 | mR@50 | F1@50 |"
    assert plain == "| plain | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |"
    assert other.split(" | ")[4:6] == ["0.500 (+0.000)", "0.625 (+0.125)"]


def test_changes_of_a_config_are_words():
    assert as_words({}) == []
    assert as_words({"a.b": 0.5, "c": "x"}) == ["--cfg-options", "a.b=0.5", "c=x"]
