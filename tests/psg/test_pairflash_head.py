"""Candidate pairs, both directions in one pass, and what the loss asks of them."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from psg.parts.layout import PAIR_NUMBERS
from psg.parts.pair_selection import candidates, related_pairs, selection_loss
from psg.parts.pairflash_head import BothWays, PairFlashHead, ordered
from psg.parts.truth import Truth
from tests.psg import models


def truth_of(*items, batch_size=(64, 96)):
    return Truth.of([item["data_samples"] for item in items], batch_size)


class TestCandidates:
    @given(queries=st.integers(0, 9), number=st.integers(0, 50), seed=st.integers(0, 99))
    @settings(max_examples=40, deadline=None)
    def test_the_best_unordered_pairs_of_all(self, queries, number, seed):
        generator = torch.Generator().manual_seed(seed)
        logits = torch.randn(2, queries, queries, generator=generator)
        probabilities = torch.rand(2, queries, generator=generator)
        chosen = candidates(logits, probabilities, number)
        everything = list(itertools.combinations(range(queries), 2))
        assert chosen.shape == (2, min(number, len(everything)), 2)
        for picture in range(2):

            def value(pair, picture=picture):
                i, j = pair
                related = logits[picture, [i, j], [j, i]].max().sigmoid()
                return (related * probabilities[picture, i] * probabilities[picture, j]).item()

            best = sorted(everything, key=value, reverse=True)[:number]
            assert {tuple(pair) for pair in chosen[picture].tolist()} == set(best)

    def test_background_takes_no_place_from_objects(self):
        logits = torch.full((1, 4, 4), -3.0)
        logits[:, :, 3] = 3.0  # the last is related to everything, but is nothing
        chosen = candidates(logits, torch.tensor([[0.9, 0.9, 0.9, 0.0]]), 3)
        assert sorted(chosen[0].tolist()) == [[0, 1], [0, 2], [1, 2]]


class TestBothWays:
    def inputs(self, queries=5, dims=16):
        generator = torch.Generator().manual_seed(0)
        return (
            torch.randn(2, queries, dims, generator=generator),
            torch.randn(2, queries, queries, PAIR_NUMBERS, generator=generator),
        )

    def test_swapping_the_ends_swaps_the_outputs(self):
        network = BothWays(16, 24, 7)
        pairs = torch.tensor([[[0, 1], [2, 4]], [[1, 3], [0, 4]]])
        there = network(*self.inputs(), pairs)
        back = network(*self.inputs(), pairs.flip(-1))
        torch.testing.assert_close(there, back.flip(2))
        assert there.shape == (2, 2, 2, 7)
        assert not torch.allclose(there[:, :, 0], there[:, :, 1])

    def test_the_wide_layers_run_once_a_pair(self):
        network = BothWays(16, 24, 7)
        rows = []
        network.trunk.register_forward_hook(lambda module, given, made: rows.append(made.shape[:-1].numel()))
        network(*self.inputs(), torch.tensor([[[0, 1], [2, 4], [1, 3]]] * 2))
        assert rows == [2 * 3]

    @pytest.mark.parametrize("queries", [1, 2])
    def test_no_pairs(self, queries):
        made = BothWays(16, 24, 7)(*self.inputs(queries), torch.zeros(2, 0, 2, dtype=torch.int64))
        assert made.shape == (2, 0, 2, 7)


class TestLoss:
    def test_related_pairs_are_those_of_the_relations(self):
        truth = truth_of(models.sample(), models.sample(segments=2, relations=((1, 0, 0),)))
        related = related_pairs(truth)
        assert related.nonzero().tolist() == [[0, 0, 1], [0, 1, 3], [1, 1, 0]]

    def test_the_selection_is_asked_about_ordered_pairs_of_matched_queries(self):
        truth = truth_of(models.sample(segments=2, relations=((0, 1, 1),)))
        matched = torch.tensor([[2, 0]])
        right = torch.full((1, 3, 3), -20.0)
        right[0, 2, 0] = 20.0
        assert selection_loss(right, truth, matched).item() == pytest.approx(0, abs=1e-4)
        assert selection_loss(right.transpose(1, 2), truth, matched).item() == pytest.approx(40, rel=1e-3)
        # An unmatched segment is in no pair: nothing is asked.
        assert selection_loss(right, truth, torch.tensor([[2, -1]])).item() == 0

    @pytest.mark.parametrize("segments", [0, 1])
    def test_pictures_without_pairs_cost_nothing(self, segments):
        truth = truth_of(models.sample(segments=segments))
        matched = torch.zeros(1, segments, dtype=torch.int64)
        assert selection_loss(torch.randn(1, 3, 3), truth, matched).item() == 0


class TestHead:
    def head_and_inputs(self, **options):
        model = models.build("masked, PairFlash", relation_head=models.FLASH | options).eval()
        data = models.batch(model, models.sample())
        sizes = [sample.img_shape for sample in data["data_samples"]]
        features = model.neck(model.backbone(data["inputs"]), sizes, tuple(data["inputs"].shape[-2:]))
        return model.relation_head, features, model.object_decoder(features)

    @torch.no_grad()
    def test_candidates_are_the_pairs_that_get_probabilities(self):
        head, features, objects = self.head_and_inputs(num_pairs=7)
        relations = head(features, objects)
        queries = objects.queries.shape[1]
        assert relations.pairs.shape == (1, 7, 2) and relations.logits.shape[:3] == (1, 7, 2)
        table = head.pair_probabilities(relations, 0, torch.arange(queries))
        found = {tuple(sorted(pair)) for pair in (table.sum(-1) > 0).nonzero().tolist()}
        assert found == {tuple(pair) for pair in relations.pairs[0].tolist()}
        kept = torch.tensor([3, 0, 5])
        torch.testing.assert_close(head.pair_probabilities(relations, 0, kept), table[kept][:, kept])
        assert head.pair_probabilities(relations, 0, torch.zeros(0, dtype=torch.int64)).shape[:2] == (0, 0)

    @torch.no_grad()
    def test_at_most_half_the_evaluations_of_a_directed_head(self):
        head, features, objects = self.head_and_inputs(num_pairs=10_000)
        queries = objects.queries.shape[1]
        assert head(features, objects).pairs.shape[1] == queries * (queries - 1) // 2

    def test_no_candidates_in_training(self):
        head, features, objects = self.head_and_inputs()
        assert head.train()(features, objects).pairs.shape[1] == 0

    @torch.no_grad()
    def test_the_loss_knows_subject_from_object(self):
        head, features, objects = self.head_and_inputs()
        relations = head(features, objects)
        matched = torch.arange(4)[None, None]
        loss = head.loss(relations, truth_of(models.sample()), matched)["loss_predicate"]
        turned = models.sample(relations=((1, 1, 0), (3, 0, 1), (2, 1, 0)))
        assert head.loss(relations, truth_of(turned), matched)["loss_predicate"] != loss
        assert isinstance(head, PairFlashHead)

    @torch.no_grad()
    def test_what_an_object_does_is_asked_of_matched_subjects_only(self):
        head, features, objects = self.head_and_inputs()
        relations = head(features, objects)
        truth = truth_of(models.sample(relations=((0, 2, 1),)))  # segments 1 to 3 do nothing
        head.activity.weight.zero_()
        head.activity.bias.zero_()
        head.activity.bias[2] = 20.0
        matched = torch.arange(4)[None, None]
        assert head.loss(relations, truth, matched)["loss_activity"].item() == pytest.approx(0, abs=1e-6)
        head.activity.bias[1] = 40.0
        assert head.loss(relations, truth, matched)["loss_activity"].item() == pytest.approx(20, rel=1e-4)
        unmatched = torch.tensor([[[-1, 1, 2, 3]]])
        assert head.loss(relations, truth, unmatched)["loss_activity"].item() == 0


def test_a_table_of_ordered_pairs():
    logits = torch.tensor([[[0.0, 0.0], [-20.0, 20.0]]])
    table = ordered(torch.tensor([[1, 2]]), logits, 3)
    assert table.shape == (3, 3, 1)
    assert table[1, 2, 0].item() == pytest.approx(0.5) and table[2, 1, 0].item() == pytest.approx(1)
    assert table.sum().item() == pytest.approx(1.5)
