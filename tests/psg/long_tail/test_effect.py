"""Total direct effect: means, what is imagined, and what is subtracted."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from psg.checkpoints import load_weights, optional_state
from psg.long_tail.effect import TotalDirectEffect, measure_means
from psg.two_stage.nodes import Nodes
from psg.two_stage.pairs import Pairs, all_pairs
from psg.two_stage.reasoning import Reasoned, Scene
from scenegraph import InputError
from tests.psg import models
from tests.psg.two_stage import small

EVERYTHING = {"strength": 1.0, "wipe": "nodes and pairs"}


def seen(model, *items):
    """The model after a batch of training, which gives it means."""
    model.train()
    model(**models.batch(model, *(items or (models.sample(), models.sample(seed=1)))), mode="loss")
    return model.eval()


class TestMeans:
    def test_by_hand(self):
        effect = TotalDirectEffect(2, rate=0.4)
        effect.observe(torch.tensor([[1.0, 0.0], [3.0, 2.0]]), torch.tensor([[4.0, 5.0]]))
        assert effect.node_mean.tolist() == [2, 1] and effect.pair_mean.tolist() == [4, 5]
        effect.observe(torch.tensor([[4.0, 1.0]]), torch.zeros(1, 2))
        assert effect.node_mean.tolist() == [3, 1]  # early batches count alike
        effect.observe(torch.tensor([[8.0, 1.0]]), torch.zeros(1, 2))
        assert effect.node_mean.tolist() == [5, 1]  # 0.6 * 3 + 0.4 * 8: later ones at least `rate`
        assert effect.batches == 3

    def test_a_batch_without_pairs_changes_nothing(self):
        effect = TotalDirectEffect(1)
        effect.observe(torch.ones(2, 1), torch.ones(3, 1))
        effect.observe(torch.full((1, 1), 7.0), torch.zeros(0, 1))
        assert effect.node_mean.tolist() == effect.pair_mean.tolist() == [1] and effect.batches == 1

    @pytest.mark.parametrize("kind", small.KINDS)
    def test_training_keeps_them(self, kind):
        model = small.build(kind)
        features = []
        model.head.node_regions.register_forward_hook(lambda *call: features.append(call[-1].detach()))
        seen(model)
        assert torch.allclose(model.head.effect.node_mean, features[0].mean(0), atol=1e-6)
        assert model.head.effect.batches == 1 and not model.head.effect.node_mean.requires_grad

    def test_pictures_without_segments(self):
        model = small.build()
        model(**models.batch(model, models.sample(segments=0)), mode="loss")
        assert model.head.effect.batches == 0


class Told(nn.Module):
    """Logits that are simple: the union (channel 0), how much the subject looks (1), the object's name (2)."""

    def forward(self, scene):
        looks, unions = scene.regions.sum(1), scene.unions.sum(1)
        channels = scene.nodes.labels + 1 if scene.decided is None else scene.decided
        names = channels.float()[scene.pairs.object]
        logits = torch.stack((unions, looks[scene.pairs.subject], names), 1)
        return Reasoned(torch.zeros(len(looks), 3), logits, channels)


def scene(known=True):
    nodes = Nodes(torch.zeros(2, 4), torch.tensor([0, 1]), torch.eye(2), (2,), ((8, 8),))
    pairs = Pairs.join([all_pairs(2)], (2,))
    return Scene(nodes, pairs, torch.tensor([[1.0, 2.0], [3.0, 5.0]]), torch.tensor([[1.0, 0.0], [2.0, 0.0]]), known)


class TestSubtraction:
    @pytest.mark.parametrize(
        ("wipe", "strength", "expected"),
        [
            # Mean looks are 1 + 1, so the subjects (3 and 8) keep 1 and 6; names go; the unions 1 and 2 go too.
            ("nodes", 1.0, [[0, 1, 0], [0, 6, 0]]),
            # The mean of unions is 4.
            ("nodes and pairs", 1.0, [[-3, 1, 0], [-2, 6, 0]]),
            # Half of unions, looks and names: 1 - 0.5, 3 - 0.5 * 2, 2 - 0.5 * 2.
            ("nodes", 0.5, [[0.5, 2, 1], [1, 7, 0.5]]),
        ],
    )
    def test_by_hand(self, wipe, strength, expected):
        effect, model = TotalDirectEffect(2, strength, wipe), Told()
        effect.observe(torch.tensor([[1.0, 1.0]]), torch.tensor([[4.0, 0.0]]))
        factual = model(scene())
        imagined = model(effect.imagined(scene(), factual))
        assert effect.direct(factual.relation_logits, imagined.relation_logits).tolist() == expected

    @pytest.mark.parametrize("mode", ["predcls", "sgcls"])
    @pytest.mark.parametrize("kind", small.KINDS)
    def test_average_looks_have_no_effect(self, kind, mode):
        """Nodes and unions that are the means: nothing is left but the names, which are subtracted."""
        head = seen(small.build(kind, mode, head={"total_direct_effect": EVERYTHING})).head
        scenes = []
        head.reasoning.register_forward_pre_hook(lambda module, call: scenes.append(call[0]))
        item = small.with_truth(models.sample())
        model = small.build(kind, mode)
        model.head = head
        with torch.no_grad():
            model(**models.batch(model.eval(), item), mode="predict")
            means = head.effect.node_mean, head.effect.pair_mean
            looks = zip(means, (scenes[0].regions, scenes[0].unions), strict=True)
            regions, unions = (mean.expand_as(features) for mean, features in looks)
            average = replace(scenes[0], regions=regions, unions=unions)
            factual = head._biased(head.reasoning(average), average)
            assert factual.relation_logits.abs().max() > 0.01
            assert head._direct(average, factual).abs().max() < 1e-4

    @pytest.mark.parametrize("mode", ["predcls", "sgcls"])
    @pytest.mark.parametrize("kind", small.KINDS)
    def test_names_and_tree_stay(self, kind, mode):
        head = seen(small.build(kind, mode, head={"total_direct_effect": EVERYTHING})).head
        calls = []
        head.reasoning.register_forward_hook(lambda module, given, said: calls.append((given[0], said)))
        model = small.build(kind, mode)
        model.head = head
        with torch.no_grad():
            model(**models.batch(model.eval(), small.with_truth(models.sample())), mode="predict")
        (first, factual), (second, imagined) = calls
        assert (imagined.channels == factual.channels).all()
        assert (second.regions == head.effect.node_mean).all() and not (first.regions == second.regions).all()
        assert second.nodes is first.nodes and second.pairs is first.pairs
        if kind == "VCTree":
            assert imagined.states["forest"] is factual.states["forest"]

    @pytest.mark.parametrize("kind", small.KINDS)
    def test_predictions_change_and_are_whole(self, kind):
        plain, direct = (small.build(kind, head={"total_direct_effect": each}) for each in (None, {"strength": 1.0}))
        seen(plain)
        direct.eval().load_state_dict(plain.state_dict())
        items = [small.with_truth(models.sample()), small.with_truth(models.sample(segments=0))]
        with torch.no_grad():
            before, after = (
                [sample.pred_graph for sample in model(**models.batch(model, *items), mode="predict")]
                for model in (plain, direct)
            )
        assert len(before[0].relations) == len(after[0].relations) > 0 and not after[1].relations
        rows = [[(relation.triple, relation.score) for relation in graphs[0].relations] for graphs in (before, after)]
        assert rows[0] != rows[1]
        assert all(0 <= relation.score <= 1 for relation in after[0].relations)


class TestCheckpointsWithoutMeans:
    def test_they_load_and_say_what_is_missing(self):
        model = seen(small.build(head={"total_direct_effect": {"strength": 1.0}}))
        names = optional_state(model)
        assert names == {"head.effect.node_mean", "head.effect.pair_mean", "head.effect.batches"}
        old = {name: value for name, value in model.state_dict().items() if name not in names}
        model.load_state_dict(old)
        load_weights(model, {"state_dict": old}, "old.pth")
        assert model.head.effect.lacking
        with pytest.raises(InputError, match=r"mean features.*tools/test.py"):
            model(**models.batch(model, small.with_truth(models.sample())), mode="predict")
        small.build().load_state_dict(old)  # and without the effect nothing is missing

    def test_they_are_measured_on_training_pictures(self):
        model = small.build(head={"total_direct_effect": {"strength": 1.0}})
        measure_means(model, [models.sample(seed=seed) for seed in range(5)], batch_size=2)
        assert model.head.effect.batches == 3 and not model.training
        model(**models.batch(model, small.with_truth(models.sample())), mode="predict")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strength": -1.0}, "strength=-1.0"),
        ({"strength": float("nan")}, "strength=nan"),
        ({"wipe": "edges"}, "wipe='edges': expected one of 'nodes'"),
        ({"rate": 0.0}, "rate=0.0"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InputError, match=message):
        TotalDirectEffect(1, **options)


def test_a_scene_without_a_first_pass_decides_as_before():
    assert scene().decided.tolist() == [1, 2] and scene(known=False).decided is None
    factual = Told()(scene())
    assert replace(scene(known=False), factual=factual).decided is factual.channels
