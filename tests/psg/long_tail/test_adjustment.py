"""Logit adjustment: its arithmetic, its effect in both heads, and its counts from the data set."""

import copy
from dataclasses import replace

import pytest
import torch

from psg.long_tail.adjustment import LogitAdjustment
from psg.parts.detr_head import Readings
from psg.parts.triplets import Triplets
from psg.parts.truth import Truth
from psg.postprocess import PostProcessing
from psg.published import PublishedPostProcessing
from psg.training import load_config, prepare
from scenegraph import InputError
from tests.psg import models
from tests.psg.conftest import ROOT


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


RARE = {"train": 1.0, "test": 1.0, "counts": [98, 0, 0, 0]}


def balanced(logits):
    """What the offsets of `RARE` make of logits when predicting, by hand: 99 against 1 of 102, around their mean."""
    shares = torch.tensor([99.0, 1, 1, 1]) / 102
    offsets = shares.log() - (shares * shares.log()).sum()
    return torch.cat((logits[..., :1], logits[..., 1:] - offsets), -1)


class TestRelationQueries:
    @staticmethod
    def head(**options):
        from psg.parts.relation_queries import RelationQueryDecoder
        from tests.psg import models

        arguments = {key: value for key, value in copy.deepcopy(models.QUERIES).items() if key != "type"}
        return RelationQueryDecoder(len(models.VOCABULARY["predicates"]), logit_adjustment=options or None, **arguments)

    @staticmethod
    def said():
        """One query, surely from object query 0 to 1, with no opinion on the predicate."""
        from psg.parts.relation_queries import QueryRelations

        sure = torch.tensor([[[[50.0, 0.0]]]]), torch.tensor([[[[0.0, 50.0]]]])
        return QueryRelations(torch.zeros(1, 1, 1, 5), *sure)

    def test_predictions(self):
        head = self.head(**RARE)
        found = head.pair_probabilities(self.said(), 0, torch.arange(2))
        expected = balanced(torch.zeros(5)).softmax(-1)[1:]
        assert torch.allclose(found[0, 1], expected, atol=1e-6) and found[1, 0].max() < 1e-20
        assert (found[0, 1, 1] / found[0, 1, 0]).item() == pytest.approx(99, rel=1e-4)
        assert torch.allclose(head.adjusted(self.said()).predicate_logits[0, 0, 0], balanced(torch.zeros(5)))

    def test_loss(self):
        from psg.parts.truth import Truth
        from tests.psg.models import sample

        truth = Truth.of([sample((32, 48), 2, relations=((0, 2, 1),))["data_samples"]], (32, 48))
        matched = torch.tensor([[[0, 1]]])
        plain, adjusted = (
            head.loss(self.said(), truth, matched)["loss_predicate"].item() for head in (self.head(), self.head(**RARE))
        )
        shifted = 2 * torch.zeros(5) - balanced(torch.zeros(5))  # the loss adds what prediction subtracts
        assert plain == pytest.approx(2 * torch.zeros(5).log_softmax(-1)[3].neg().item())
        assert adjusted == pytest.approx(2 * shifted.log_softmax(-1)[3].neg().item())


class TestTriplets:
    @staticmethod
    def model(**options):
        from tests.psg.test_psgtr import DECODER, build

        decoder = DECODER | {"decoder": copy.deepcopy(models.DECODER), "logit_adjustment": options or None}
        return build(triplet_decoder=decoder)

    @pytest.mark.parametrize("published", [False, True])
    def test_predictions(self, published):
        """The graph of adjusted logits, by the model without adjustment, is the graph of the model with it."""
        plain, adjusted = self.model().eval(), self.model(**RARE).eval()
        for model in (plain, adjusted):
            model.published = published
            everything = {"object_score": 0.0, "visible_share": 0.0, "mask_probability": 0.0, "smallest_area": 1}
            model.postprocessing = (
                PublishedPostProcessing(panoptic=False)
                if published
                else PostProcessing(duplicates="merge", **everything)
            )
        item = models.batch(plain, models.sample())
        with torch.no_grad():
            decoded = plain(**item)
        sample = item["data_samples"][0]
        by_hand = replace(decoded, predicate_logits=balanced(decoded.predicate_logits))
        graphs = [adjusted.graph(decoded, 0, sample), plain.graph(by_hand, 0, sample)]
        rows = [[(relation.triple, round(relation.score, 5)) for relation in graph.relations] for graph in graphs]
        assert rows[0] == rows[1] and rows[0]
        assert rows[0] != [(r.triple, round(r.score, 5)) for r in plain.graph(decoded, 0, sample).relations]

    def test_loss_and_gradients(self):
        plain, adjusted = self.model(), self.model(**RARE)
        items = models.batch(plain, models.sample(), models.sample(relations=()))
        losses = [model(**copy.deepcopy(items), mode="loss") for model in (plain, adjusted)]
        assert losses[0]["loss_predicate"].item() != losses[1]["loss_predicate"].item()
        sum(losses[1].values()).backward()
        assert all(each.grad is not None for each in adjusted.parameters() if each.requires_grad)

    def test_loss_by_hand(self):
        heads = [self.model(**options).triplet_decoder for options in ({}, RARE)]
        truth = Truth.of([models.sample(relations=((0, 2, 1),))["data_samples"]], (64, 96))
        generator = torch.Generator().manual_seed(0)
        logits = torch.randn(1, 1, 1, 5, generator=generator)
        readings = Readings(torch.zeros(1, 1, 1, 10), torch.full((1, 1, 1, 4), 0.5), torch.tensor([[64.0, 96.0]]), 4)
        masks = torch.zeros(1, 1, 16, 24)
        triplets = Triplets(logits, readings, readings, masks, masks, torch.zeros(1, 1, 1, dtype=torch.int64))
        shifted = 2 * logits - balanced(logits)
        for head, seen in zip(heads, (logits, shifted), strict=True):
            assert head.loss(triplets, truth)["loss_predicate"].item() == pytest.approx(
                2 * seen.log_softmax(-1)[..., 3].neg().item(), rel=1e-5
            )


def test_a_file_says_what_the_model_predicts():
    """Exported logits are those that predictions are made from."""
    from psg.export import Network
    from tests.psg.test_pairflash import COMPACT, build

    head = dict(COMPACT["relation_head"]) | {"logit_adjustment": RARE}
    model = build(COMPACT | {"relation_head": head}).eval()
    picture = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(0)) * 255
    with torch.no_grad():
        exported = Network(model)(picture)
        _, relations = model((picture - model.data_preprocessor.mean) / model.data_preprocessor.std)
    assert (exported[2] == relations.pairs).all()
    assert torch.allclose(exported[3], balanced(relations.logits), atol=1e-5)


@pytest.mark.parametrize("path", ["psgtr", "psgformer"])
def test_the_arguments_of_the_published_models_take_counts(path):
    """What docs/howto/long_tail.md names, in the configs of the public data."""
    key = {"psgtr": "triplet_decoder", "psgformer": "relation_head"}[path]
    config = load_config(
        ROOT / f"configs/psg/{path}_r50.py", {f"model.{key}.logit_adjustment": {"train": 1.0, "counts": [3, 1]}}
    )
    config.model.vocabulary = {"things": ["dog"], "stuff": ["grass"], "predicates": ["on", "over"]}
    part = getattr(built(config), key)
    assert part.adjustment.strengths["train"] == 1.0
