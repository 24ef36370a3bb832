"""A small map made large: as if its masks had been enlarged."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from psg.borders import enlarge_ids
from psg.postprocess import PostProcessing

LIKELY = 0.4


def smooth(segments, height, width, seed):
    generator = torch.Generator().manual_seed(seed)
    rough = torch.randn(1, segments, 3, 4, generator=generator) * 8
    return functional.interpolate(rough, size=(height, width), mode="bicubic")[0]


def whole(logits, scores, size):
    """Every mask enlarged, then compared."""
    likely = functional.interpolate(logits[None], size=size, mode="bilinear")[0].sigmoid()
    best = (likely * scores[:, None, None]).argmax(0)
    return torch.where(likely.gather(0, best[None])[0] >= LIKELY, best, -1)


def cells(logits, scores):
    return whole(logits, scores, tuple(logits.shape[1:]))


@given(seed=st.integers(0, 50), factor=st.sampled_from([1.0, 2.0, 2.5, 4.0]))
@settings(max_examples=25, deadline=None)
def test_equals_enlarged_masks(seed, factor):
    logits, scores = smooth(2, 12, 16, seed), torch.ones(2)
    size = (int(12 * factor), int(16 * factor))
    made = enlarge_ids(cells(logits, scores), logits, scores, (factor, factor), size, LIKELY)
    # A pixel between cells of nothing may still be likely in the middle of no cell; beyond that, equal.
    assert (made == whole(logits, scores, size)).float().mean() > 0.99


@pytest.mark.parametrize("segments", [3, 8])
def test_many_segments_of_several_scores_nearly_equal_enlarged_masks(segments):
    logits = smooth(segments, 30, 40, segments)
    scores = torch.linspace(0.5, 1.0, segments)
    made = enlarge_ids(cells(logits, scores), logits, scores, (4.0, 4.0), (120, 160), LIKELY)
    assert (made == whole(logits, scores, (120, 160))).float().mean() > 0.98


def test_the_same_size_changes_nothing():
    logits, scores = smooth(4, 9, 7, 3), torch.ones(4)
    ids = cells(logits, scores)
    assert torch.equal(enlarge_ids(ids, logits, scores, (1.0, 1.0), (9, 7), LIKELY), ids)


def test_smaller_than_the_cells():
    logits, scores = smooth(3, 16, 16, 1), torch.ones(3)
    assert enlarge_ids(cells(logits, scores), logits, scores, (0.25, 0.5), (4, 8), LIKELY).shape == (4, 8)


def test_no_segment_and_one_segment():
    nothing = torch.full((3, 4), -1)
    made = enlarge_ids(nothing, torch.zeros(0, 3, 4), torch.zeros(0), (2.0, 2.0), (6, 8), LIKELY)
    assert made.shape == (6, 8) and (made == -1).all()
    one = torch.full((1, 3, 4), 5.0)
    assert (enlarge_ids(torch.zeros(3, 4).long(), one, torch.ones(1), (2.0, 2.0), (6, 8), LIKELY) == 0).all()


class TestMerging:
    """`PostProcessing(merge_at="masks")` against masks that are enlarged first."""

    def segments(self, merge_at, logits, probabilities, size=(100, 140), **options):
        return PostProcessing(merge_at=merge_at, **options).segments(probabilities, logits, 4, (90, 120), size, 3)

    @pytest.mark.parametrize("seed", range(4))
    def test_the_same_segments_and_nearly_the_same_map(self, seed):
        # Padded: 24 x 32 cells, of which the picture covers 23 x 30.
        logits = smooth(8, 24, 32, seed)
        probabilities = torch.zeros(8, 5)
        probabilities[torch.arange(8), torch.arange(8) % 5] = torch.linspace(0.9, 0.5, 8)
        options = {"visible_share": 0.05, "smallest_area": 60}
        whole, small = (self.segments(way, logits, probabilities, **options) for way in ("picture", "masks"))
        assert whole.categories.tolist() == small.categories.tolist()
        assert whole.queries.tolist() == small.queries.tolist() and whole.owner.tolist() == small.owner.tolist()
        assert small.ids.shape == (100, 140)
        # Beside the padding the enlarged masks mix with it; the small map ends with the picture.
        assert (whole.ids == small.ids)[:95, :134].float().mean() > 0.97

    def test_small_segments_are_measured_in_pixels_of_the_picture(self):
        logits = torch.full((1, 24, 32), -9.0)
        logits[0, 4:6, 4:6] = 9.0  # 4 cells of 4.4 x 4.7 pixels of the picture: 83
        probabilities = torch.tensor([[0.9, 0.0, 0.0]])
        for area, number in ((80, 1), (90, 0)):
            assert len(self.segments("masks", logits, probabilities, smallest_area=area).scores) == number

    @pytest.mark.parametrize("queries", [0, 1])
    def test_nothing(self, queries):
        segments = self.segments("masks", torch.zeros(queries, 24, 32), torch.zeros(queries, 3))
        assert segments.ids.shape == (100, 140) and (segments.ids == -1).all() and not len(segments.scores)
