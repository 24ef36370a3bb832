"""Hand-worked cases of the parts of the models."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from psg.parts.centres import centre_targets, peaks
from psg.parts.compact import CompactResNet
from psg.parts.features import padding_mask
from psg.parts.layout import OBJECT_NUMBERS, PAIR_NUMBERS, Layout
from psg.parts.masked_objects import blocked_cells, mask_losses, semantic_loss
from psg.parts.objects import gather_queries
from psg.parts.pair_relations import pair_targets
from psg.parts.pooling import Cells, Glimpses, Windows, grown, pool_under
from psg.parts.relation_queries import QueryRelations, RelationQueryDecoder
from psg.parts.truth import Truth
from tests.psg import models

CERTAIN = 20.0


def truth_of(*items, batch_size):
    return Truth.of([item["data_samples"] for item in items], batch_size)


def mask_logits(height, width, *boxes):
    logits = torch.full((1, len(boxes), height, width), -CERTAIN)
    for position, (x1, y1, x2, y2) in enumerate(boxes):
        logits[0, position, y1:y2, x1:x2] = CERTAIN
    return logits


def test_no_convolution_skips_cells():
    """Strided 1x1 convolutions waste cells; narrow ones corrupt memory in oneDNN's backward pass (issue 6035)."""
    convolutions = [module for module in CompactResNet().modules() if isinstance(module, torch.nn.Conv2d)]
    assert all(max(each.stride) <= min(each.kernel_size) for each in convolutions)


class TestTruth:
    def test_pictures_of_different_size_and_number_are_padded(self):
        truth = truth_of(models.sample((8, 12), 2), models.sample((16, 8), 3, ()), batch_size=(16, 16))
        assert truth.masks.shape == (2, 3, 16, 16)
        assert truth.counts == (2, 3)
        assert truth.present.tolist() == [[True, True, False], [True, True, True]]
        assert not truth.masks[0, 2].any() and not truth.masks[0, :, 8:].any() and not truth.masks[1, :, :, 8:].any()

    @given(height=st.integers(1, 20), width=st.integers(1, 20), stride=st.sampled_from([1, 2, 4, 8]))
    @settings(max_examples=30, deadline=None)
    def test_shares_of_cells(self, height, width, stride):
        item = models.sample((height, width), 1)
        masks = torch.rand(1, height, width, generator=torch.Generator().manual_seed(height * 31 + width)) > 0.5
        item["data_samples"].gt_instances.masks = masks
        shares = truth_of(item, batch_size=(height, width)).masks_at(stride)
        rows, columns = math.ceil(height / stride), math.ceil(width / stride)
        assert shares.shape == (1, 1, rows, columns)
        for row in range(rows):
            for column in range(columns):
                cell = masks[0, row * stride : (row + 1) * stride, column * stride : (column + 1) * stride]
                assert shares[0, 0, row, column].item() == pytest.approx(cell.sum().item() / stride**2)

    def test_no_segment_at_all(self):
        truth = truth_of(models.sample(segments=0), models.sample(segments=0), batch_size=(64, 96))
        assert truth.masks_at(2).shape == (2, 0, 32, 48) and truth.counts == (0, 0)


class TestCentres:
    def test_a_bump_at_the_centroid_of_every_thing_and_none_for_stuff(self):
        item = models.sample((32, 64), 4)  # person, dog, ball, grass: 16 pixels wide, rows 8 to 31
        target = centre_targets(truth_of(item, batch_size=(32, 64)), num_things=3, stride=4)
        assert target.shape == (1, 3, 8, 16)
        for thing, column in enumerate((2, 6, 10)):
            # Columns 4k to 4k + 3 have their centroid at 4k + 1.5, rows 2 to 7 at 4.5: both round to even.
            assert (target[0, thing] == 1).nonzero().tolist() == [[4, column]]
            assert target[0, thing].max() == 1

    def test_peaks_are_local_maxima_highest_first(self):
        heat = torch.zeros(1, 2, 5, 6)
        heat[0, 0, 1, 1], heat[0, 0, 1, 2] = 0.9, 0.8  # the second stands beside a higher one
        heat[0, 1, 1, 1], heat[0, 0, 4, 5] = 0.7, 0.6
        heat[0, 1, 3, 3] = 0.95
        padding = torch.zeros(1, 5, 6, dtype=torch.bool)
        padding[0, 3, 3] = True
        categories, cells = peaks(heat, padding, 3)
        assert categories.tolist() == [[0, 1, 0]]
        assert cells.tolist() == [[1 * 6 + 1, 1 * 6 + 1, 4 * 6 + 5]]

    def test_a_map_smaller_than_the_number_of_queries(self):
        categories, cells = peaks(torch.rand(2, 3, 1, 2), torch.zeros(2, 1, 2, dtype=torch.bool), 16)
        assert categories.shape == cells.shape == (2, 6)


class TestMasks:
    def test_a_coarse_cell_is_seen_if_any_of_its_pixels_is(self):
        logits = mask_logits(4, 8, (3, 0, 4, 1), (0, 0, 0, 0))
        padding = torch.tensor([[[False, False, False, True], [False, False, False, True]]])
        blocked = blocked_cells(logits, padding, 2).reshape(1, 2, 2, 4)
        assert blocked[0, 0].tolist() == [[True, False, True, True], [True, True, True, True]]
        # A query without a mask sees the whole picture, but never the padding.
        assert blocked[0, 1].tolist() == [[False, False, False, True]] * 2

    def test_perfect_masks_cost_nothing_and_unmatched_ones_do_not_count(self):
        logits = mask_logits(4, 4, (0, 0, 2, 4), (0, 0, 4, 4))
        masks = (logits > 0).float()
        masks[0, 1] = 0
        perfect = mask_losses(logits, masks, torch.tensor([[True, False]]))
        assert [loss.item() for loss in perfect] == pytest.approx([0, 0], abs=1e-6)
        entropy, dice = mask_losses(logits, masks, torch.tensor([[True, True]]))
        assert entropy.item() == pytest.approx(CERTAIN / 2, rel=1e-3)
        assert dice.item() == pytest.approx((1 - 1 / 17) / 2, rel=1e-3)

    def test_semantic_loss_leaves_out_cells_without_a_clear_owner(self):
        logits = torch.zeros(1, 3, 1, 2)
        logits[0, 1, 0, 0] = CERTAIN
        logits[0, 2, 0, 1] = -CERTAIN
        shares = torch.tensor([[[[0.9, 0.3]], [[0.1, 0.4]]]])
        assert semantic_loss(logits, torch.tensor([[1, 2]]), shares).item() == pytest.approx(0, abs=1e-6)

    def test_gathering_matched_queries(self):
        values = torch.arange(12).reshape(2, 3, 2)
        assert gather_queries(values, torch.tensor([[2, -1], [0, 1]])).tolist() == [[[4, 5], [0, 1]], [[6, 7], [8, 9]]]


class TestLayout:
    """A 2 x 2 square on the middle of a 6 x 1 bar, in a picture of 8 x 8 cells."""

    layout = Layout.of(mask_logits(8, 8, (3, 3, 5, 5), (1, 5, 7, 6)))

    def test_moments_and_boxes(self):
        assert self.layout.box[0].tolist() == [[3, 3, 5, 5], [1, 5, 7, 6]]
        assert self.layout.size[0, :, 0].tolist() == pytest.approx([2, math.sqrt(6)], rel=1e-4)
        assert self.layout.centre[0].flatten().tolist() == pytest.approx([4, 4, 4, 5.5], rel=1e-4)
        assert self.layout.spread[0].flatten().tolist() == pytest.approx([0.5, 0.5, math.sqrt(35 / 12), 0], abs=1e-2)

    def test_the_square_touches_the_bar_below_it(self):
        pairs = self.layout.pairs()
        assert pairs.shape == (1, 2, 2, PAIR_NUMBERS)
        below, above = pairs[0, 0, 1, -8:], pairs[0, 1, 0, -8:]
        # Two cells of the bar begin right below the square: in sizes of the square, and of the bar.
        assert below.tolist() == pytest.approx([1, 2 / math.sqrt(6), 0, 0, 0, 0, 0, 0], abs=1e-4)
        assert above.tolist() == pytest.approx([0, 0, 2 / math.sqrt(6), 1, 0, 0, 0, 0], abs=1e-4)

    def test_numbers_do_not_change_with_the_size_of_the_picture(self):
        larger = Layout.of(mask_logits(16, 16, (6, 6, 10, 10), (2, 10, 14, 12)))
        ours = self.layout.objects(torch.tensor([8.0]))
        assert ours.shape == (1, 2, OBJECT_NUMBERS)
        torch.testing.assert_close(larger.objects(torch.tensor([16.0]))[..., 4:], ours[..., 4:], atol=1e-4, rtol=0)
        # All but the spread, which a bar thinner than a cell does not have.
        shared = [position for position in range(PAIR_NUMBERS) if position not in (11, 12)]
        for pair in ((0, 0, 1), (0, 1, 0)):
            torch.testing.assert_close(
                larger.pairs()[pair][shared], self.layout.pairs()[pair][shared], atol=2e-2, rtol=0
            )

    def test_empty_masks_have_finite_numbers(self):
        empty = Layout.of(torch.full((1, 3, 8, 8), -CERTAIN))
        assert empty.pairs().isfinite().all() and empty.objects(torch.tensor([8.0])).isfinite().all()

    def test_pooling_under_masks(self):
        ramp = torch.arange(8.0).expand(1, 1, 8, 8)  # value = column
        mean, along_x, along_y = pool_under(ramp, Cells.of(ramp, self.layout))[0, 0].tolist()
        assert mean == pytest.approx(3.5, rel=1e-3)
        assert along_x == pytest.approx(0.5, rel=1e-2)  # the ramp rises by half a cell in one standard deviation
        assert along_y == pytest.approx(0, abs=1e-3)

    @pytest.mark.parametrize("reach", [0, 1, 2, 3, 5])
    def test_grown_masks_are_those_of_max_pooling(self, reach):
        masks = torch.rand(2, 3, 4, 11)
        pooled = torch.nn.functional.max_pool2d(masks, 2 * reach + 1, stride=1, padding=reach)
        assert torch.equal(grown(masks, reach), pooled)

    @pytest.mark.parametrize(("reach", "seen"), [(0, 0.0), (1, 0.0), (2, 1.0)])
    def test_glimpses_see_what_is_beside_a_mask_within_their_reach(self, reach, seen):
        maps = torch.zeros(1, 1, 8, 8)
        maps[0, 0, 4, 6] = 1.0  # the square ends before column 5
        glimpses = Glimpses(1, 1, number=1, channels=1, reach=reach)
        with torch.no_grad():
            for parameter in glimpses.parameters():
                parameter.zero_()
            glimpses.query.bias.fill_(15.0)  # looks for what is bright
            glimpses.key.weight.fill_(1.0)
            glimpses.output.weight.fill_(1.0)
            found = glimpses(torch.zeros(1, 2, 1), maps, Cells.of(maps, self.layout))
        assert found[0, 0].item() == pytest.approx(seen, abs=1e-2)

    def test_glimpses_look_at_a_place_of_the_object(self):
        ramp = torch.arange(8.0).expand(1, 1, 8, 8)
        glimpses = Glimpses(1, 1, number=1)
        with torch.no_grad():
            for parameter in glimpses.parameters():
                parameter.zero_()
            glimpses.place.bias[0] = 2.0  # as far to the right as the mask goes
            glimpses.output.weight.fill_(1.0)
            found = glimpses(torch.zeros(1, 2, 1), ramp, Cells.of(ramp, self.layout))
        assert found[0, 0].item() == pytest.approx(4.0, abs=0.03)

    @torch.no_grad()
    @pytest.mark.parametrize("side", [8, 4])
    def test_several_glimpses_are_one_attention_each(self, side):
        torch.manual_seed(0)
        maps, states = torch.randn(1, 3, side, side), torch.randn(1, 2, 5)
        cells, glimpses = Cells.of(maps, self.layout), Glimpses(5, 3, number=4, channels=6, reach=1)
        said, key = glimpses.query(states).view(2, 4, 6), glimpses.key(maps[0].permute(1, 2, 0)).view(side, side, 4, 6)
        quadric = glimpses.place(states).view(2, 4, 2, 2)
        inside = torch.nn.functional.max_pool2d(cells.masks[0], 3, 1, 1).clamp(min=1e-9).log()
        x, y = (torch.stack((each, each**2), -1)[0] for each in (cells.x, cells.y))
        logits = torch.einsum("qgc,hwgc->qghw", said, key) / 6**0.5 + inside[:, None]
        logits += torch.einsum("qgn,qwn->qgw", quadric[:, :, 0], x)[:, :, None]
        logits += torch.einsum("qgn,qhn->qgh", quadric[:, :, 1], y)[..., None]
        seen = torch.einsum("qghw,chw->qgc", logits.flatten(2).softmax(-1).view(logits.shape), maps[0])
        torch.testing.assert_close(glimpses(states, maps, cells)[0], glimpses.output(seen.flatten(1)))

    def test_a_window_is_a_square_around_its_object_at_its_scale(self):
        (bar,) = mask_logits(32, 32, (8, 12, 24, 20)).unbind()  # 16 cells wide, 8 high, around (16, 16)
        places = Windows(1, 1, side=2, extent=2.0).places(Layout.of(bar[None]))[0, 0]
        deviation = 16 / math.sqrt(12)
        low, high = (((16 + sign * deviation) / 32) * 2 - 1 for sign in (-1, 1))  # cells lie at half of the extent
        expected = torch.tensor([[[low, low], [high, low]], [[low, high], [high, high]]])
        torch.testing.assert_close(places, expected, atol=5e-3, rtol=0)

    def test_a_window_adds_nothing_at_first_and_sees_beyond_its_mask_later(self):
        torch.manual_seed(0)
        windows = Windows(4, 1, side=8)
        maps = torch.zeros(1, 1, 8, 8)
        beside = maps.clone()
        beside[0, 0, 4, 6] = 1.0  # the square ends before column 5
        with torch.no_grad():
            still = windows(beside, self.layout) - windows(maps, self.layout)
            nn.init.normal_(windows.look[-1].weight)
            then = windows(beside, self.layout) - windows(maps, self.layout)
        assert still.abs().max() == 0
        assert then[0, 0].abs().max() > 1e-3


class TestRelations:
    def test_several_predicates_of_a_pair_share_its_target(self):
        truth = truth_of(models.sample(segments=3, relations=((0, 1, 2), (0, 3, 2), (2, 0, 1))), batch_size=(64, 96))
        target = pair_targets(truth, 5)
        assert target[0, 0, 2].tolist() == [0, 0, 0.5, 0, 0.5]
        assert target[0, 2, 1].tolist() == [0, 1, 0, 0, 0]
        assert target[0, 1, 0].tolist() == [1, 0, 0, 0, 0]

    def test_the_best_relation_query_speaks_for_a_pair(self):
        generator = torch.Generator().manual_seed(0)
        queries, objects, predicates = 37, 6, 4
        relations = QueryRelations(
            *(torch.randn(2, 3, queries, n, generator=generator) for n in (predicates + 1, objects, objects))
        )
        head = RelationQueryDecoder(predicates, models.QUERIES["decoder"], dims=128)
        kept = torch.tensor([4, 0, 3])
        ours = head.pair_probabilities(relations, 1, kept)
        subject, other, predicate = (
            logits[-1, 1].softmax(-1)
            for logits in (relations.subject_scores, relations.object_scores, relations.predicate_logits)
        )
        for row, first in enumerate(kept):
            for column, second in enumerate(kept):
                products = subject[:, first, None] * other[:, second, None] * predicate[:, 1:]
                torch.testing.assert_close(ours[row, column], products.amax(0))


def test_cells_of_a_picture_that_ends_between_cells():
    padding = padding_mask(torch.tensor([[90.0, 120.0]]), (128, 160), (4, 5))
    assert padding[0].int().tolist() == [[0, 0, 0, 0, 1]] * 3 + [[1] * 5]
