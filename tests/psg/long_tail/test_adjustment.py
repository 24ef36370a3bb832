"""Logit adjustment: its arithmetic, its effect in both heads, and its counts from the data set."""

import pytest
import torch

from psg.long_tail.adjustment import LogitAdjustment
from psg.training import prepare
from scenegraph import InputError


def test_offsets_by_hand():
    adjustment = LogitAdjustment(3, train=1.0, test=2.0, counts=[7, 1, 0])
    shares = torch.tensor([8.0, 2.0, 1.0]) / 11
    expected = shares.log() - (shares * shares.log()).sum()
    logits = torch.tensor([[0.3, 1.0, 2.0, 3.0]])
    assert torch.allclose(adjustment.for_loss(logits)[0, 1:], logits[0, 1:] + expected)
    assert torch.allclose(adjustment.at_test(logits)[0, 1:], logits[0, 1:] - 2 * expected)
    assert adjustment.for_loss(logits)[0, 0] == adjustment.at_test(logits)[0, 0] == logits[0, 0]
    assert (shares * adjustment.offsets[1:]).sum().item() == pytest.approx(0, abs=1e-6)


def test_it_recovers_the_balanced_choice():
    """Logits of the plain posterior, adjusted by 1, are those under equal priors (up to a constant)."""
    likelihood, prior = torch.tensor([0.2, 0.6]), torch.tensor([0.9, 0.1])
    posterior = (likelihood * prior / (likelihood * prior).sum()).log()
    adjusted = LogitAdjustment(2, test=1.0, counts=[899_999, 99_999]).at_test(torch.cat((torch.zeros(1), posterior)))
    balanced = adjusted[1:].softmax(-1)
    assert torch.allclose(balanced, likelihood / likelihood.sum(), atol=1e-4)
    assert posterior.argmax() == 0 and balanced.argmax() == 1


def test_nothing_changes_without_it():
    adjustment = LogitAdjustment(2)
    logits = torch.randn(3, 3)
    assert adjustment.for_loss(logits) is logits and adjustment.at_test(logits) is logits
    assert not adjustment.state_dict()  # checkpoints are those of a model without it


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"train": 1.0}, "no counts"),
        ({"test": 1.0}, "no counts"),
        ({"test": -1.0, "counts": [1, 1]}, "strengths of 0 or more"),
        ({"train": float("nan"), "counts": [1, 1]}, "strengths of 0 or more"),
        ({"test": 1.0, "counts": [1]}, "1 counts; expected 2"),
        ({"test": 1.0, "counts": [1, -1]}, "of 0 or more"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InputError, match=message):
        LogitAdjustment(2, **options)


def built(config):
    from mmdet.registry import MODELS
    from mmengine.registry import DefaultScope

    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmdet"):
        return MODELS.build(config.model)


HEAD = "model.relation_head.logit_adjustment"


def test_counts_come_from_the_training_data(small_config):
    from mmengine.registry import DATASETS, DefaultScope

    config = small_config(**{HEAD: {"test": 1.0}})
    prepare(config)
    with DefaultScope.overwrite_default_scope("mmdet"):
        dataset = DATASETS.build(config.train_dataloader.dataset)
    counts = config.model.relation_head.logit_adjustment.counts
    assert counts == dataset.predicate_counts().sum(axis=0).tolist() and sum(counts) > 0


def test_both_strengths_reach_the_head_and_its_rare_predicates_gain(small_config):
    plain, adjusted = small_config(), small_config(**{HEAD: {"train": 1.0, "test": 1.0, "counts": [90, 5, 3, 1, 1]}})
    for config in (plain, adjusted):
        prepare(config)
    models = [built(config).eval() for config in (plain, adjusted)]
    models[1].load_state_dict(models[0].state_dict())
    from psg.parts.pair_relations import PairRelations
    from psg.parts.truth import Truth
    from tests.psg.models import sample

    relations = PairRelations(torch.randn(1, 3, 3, 6))
    kept = torch.arange(3)
    before, after = (model.relation_head.pair_probabilities(relations, 0, kept) for model in models)
    assert (after[..., 3:] > before[..., 3:]).all() and (after[..., 0] < before[..., 0]).all()
    truth = Truth.of([sample((32, 48), 3)["data_samples"]], (32, 48))
    matched = torch.arange(3)[None, None]
    losses = [model.relation_head.loss(relations, truth, matched)["loss_predicate"].item() for model in models]
    assert losses[0] != losses[1]


def test_pairflash_predicts_with_adjusted_logits():
    from psg.parts.pairflash_head import CandidateRelations, PairFlashHead

    heads = [PairFlashHead(2, logit_adjustment=each) for each in (None, {"test": 1.0, "counts": [98, 0]})]
    pairs = torch.tensor([[[0, 2]]])
    relations = CandidateRelations(
        torch.zeros(1, 3, 3), pairs, torch.zeros(1, 1, 2, 3), torch.zeros(1, 3, 128), torch.zeros(1, 3, 3, 1)
    )
    plain, adjusted = (head.pair_probabilities(relations, 0, torch.arange(3)) for head in heads)
    for subject, other in ((0, 2), (2, 0)):
        assert plain[subject, other].tolist() == pytest.approx([1 / 3, 1 / 3])
        assert (adjusted[subject, other, 1] / adjusted[subject, other, 0]).item() == pytest.approx(99)
    assert not adjusted[0, 1].any()


def test_training_with_every_method(small_config, tmp_path):
    from psg.predictor import Predictor
    from psg.training import train

    config = small_config(
        **{
            HEAD: {"train": 1.0},
            "train_cfg.max_iters": 2,
            "train_cfg.val_interval": 2,
            "train_dataloader.sampler": {"type": "RepeatFactorSampler", "threshold": 0.5},
            "train_dataloader.dataset.long_tail": 4,
        }
    )
    config.work_dir = str(tmp_path)
    best = train(config)
    head = Predictor.from_checkpoint(best, "cpu").model.relation_head
    assert head.adjustment.strengths == {"train": 1.0, "test": 0.0}


def test_two_stage_models_train_and_rank_with_adjusted_logits():
    from tests.psg import models
    from tests.psg.two_stage import small

    counts = [10_000, 0, 0, 0]
    plain, adjusted = (
        small.build(head={"logit_adjustment": each}).eval()
        for each in (None, {"train": 1, "test": 3, "counts": counts})
    )
    adjusted.load_state_dict(plain.state_dict())
    item = small.with_truth(models.sample())
    with torch.no_grad():
        graphs = [model(**models.batch(model, item), mode="predict")[0].pred_graph for model in (plain, adjusted)]
        losses = [
            model(**models.batch(model, item), mode="loss")["loss_predicate"].item() for model in (plain, adjusted)
        ]
    assert any(relation.predicate == 0 for relation in graphs[0].relations)
    assert graphs[1].relations and all(relation.predicate != 0 for relation in graphs[1].relations)
    assert losses[0] != losses[1]
