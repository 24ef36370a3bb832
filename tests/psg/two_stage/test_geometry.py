import pytest
import torch

from psg.two_stage.geometry import box_code, overlap_code, rectangles, union_boxes
from psg.two_stage.regions import RegionPooling

BOXES = torch.tensor([[0.0, 0.0, 9.0, 4.0], [10.0, 5.0, 19.0, 9.0], [0.0, 0.0, 19.0, 9.0]])
SIZES = torch.tensor([[10.0, 20.0]]).expand(3, 2)


def test_a_box_in_shares_of_its_picture():
    assert box_code(BOXES[:1], SIZES[:1])[0].tolist() == pytest.approx([0.5, 0.5, 0.25, 0.25, 0, 0, 0.45, 0.4, 0.25])


def test_overlaps_by_hand():
    """Edge pixels count: 10 x 5, 10 x 5 and 20 x 10 pixels; the first two lie apart inside the third."""
    code = overlap_code(BOXES, SIZES, torch.zeros(3, dtype=torch.int64))
    assert code[0].tolist() == pytest.approx([2, 0.5, 1.25, 0.25, 0.625, 0.18])
    assert code[2].tolist() == pytest.approx([3, 1.5, 1.5, 0.5, 0.5, 0.855])


def test_boxes_of_other_pictures_do_not_count():
    code = overlap_code(BOXES, SIZES, torch.tensor([0, 1, 2]))
    assert code[:, 0].tolist() == [1, 1, 1]
    assert code[:, 2].tolist() == pytest.approx([1, 1, 1])


def test_rectangles_by_hand():
    drawn = rectangles(BOXES[:1], BOXES[1:2], SIZES[:1], 5)[0]
    assert drawn[0].int().tolist() == [[1, 1, 1, 1, 0]] * 3 + [[0] * 5] * 2
    assert drawn[1].int().tolist() == [[0] * 5] * 2 + [[0, 0, 1, 1, 1]] * 3


def test_nothing():
    none = torch.zeros(0, 4)
    assert union_boxes(none, none).shape == (0, 4)
    assert box_code(none, torch.zeros(0, 2)).shape == (0, 9)
    assert overlap_code(none, torch.zeros(0, 2), torch.zeros(0, dtype=torch.int64)).shape == (0, 6)
    assert rectangles(none, none, torch.zeros(0, 2), 7).shape == (0, 2, 7, 7)


def test_the_level_follows_the_size_of_the_box():
    """A map says its own number: boxes of 30, 70 and 500 pixels fall on levels 0, 1 and 2."""
    maps = [torch.full((2, 1, 512 // stride, 512 // stride), float(level)) for level, stride in enumerate((4, 8, 16))]
    maps[0][1] = 7
    boxes = torch.tensor([[0.0, 0, 30, 30], [0, 0, 70, 70], [0, 0, 500, 500], [5, 5, 20, 20]])
    pooled = RegionPooling((4, 8, 16), 2, 32.0)(maps, boxes, torch.tensor([0, 0, 0, 1]))
    assert pooled.shape == (4, 1, 2, 2)
    torch.testing.assert_close(pooled.amax((1, 2, 3)), torch.tensor([0.0, 1.0, 2.0, 7.0]))
