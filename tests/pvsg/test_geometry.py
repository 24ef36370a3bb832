"""Where tracks are and how they move, by hand."""

import numpy as np
import pytest
import torch

from pvsg.relations.clip import clip_of_video, places_of
from pvsg.relations.geometry import PAIR_NUMBERS, STEPS, TRACK_NUMBERS, pair_geometry, track_geometry
from scenegraph import Mask
from tests.pvsg.clips import SIZE, frames_of, video_of


def rectangle(top, left, height, width):
    array = np.zeros(SIZE, dtype=bool)
    array[top : top + height, left : left + width] = True
    return Mask.from_array(array)


def test_places_of_a_frame():
    """A box on a floor: its foot touches it, and it lies above."""
    found = places_of([rectangle(2, 4, 6, 4), rectangle(8, 0, 8, 24)], SIZE)
    assert found.centres[0].tolist() == pytest.approx([6 / 24, 5 / 16, np.sqrt(24 / 384)])
    assert found.first.tolist() == [0, 1] and found.second.tolist() == [1, 0]
    share, foot, head, above = found.values[0].tolist()
    assert (share, head, above) == (1, 0, 1) and foot == pytest.approx(1)
    assert places_of([], SIZE).centres.shape == (0, 3)


def test_numbers_are_finite_and_zero_where_nothing_is_seen():
    clip = clip_of_video(video_of(frames_of(9)))
    tracks, pairs = track_geometry(clip), clip.pairs()
    layout = pair_geometry(clip, pairs)
    assert tracks.shape[-1] == TRACK_NUMBERS and layout.shape[-1] == PAIR_NUMBERS
    assert torch.isfinite(tracks).all() and torch.isfinite(layout).all()
    assert not tracks[~clip.present].any()
    together = clip.present[pairs[:, 0]] & clip.present[pairs[:, 1]]
    assert not layout[~together].any() and layout[together].any(-1).all()


def test_movement_is_a_difference_of_centres():
    clip = clip_of_video(video_of(frames_of(3, tracks=2, empty=())))
    present = torch.ones_like(clip.present)
    centres = torch.zeros(2, 3, 3)
    centres[0, :, 0] = torch.tensor([0.1, 0.2, 0.4])
    clip = clip._replace(present=present, centres=centres + 0.2)
    steps = track_geometry(clip)[0, :, -3 * len(STEPS) :]
    assert steps[:, 0].tolist() == pytest.approx([0, 1, 2])
    apart = pair_geometry(clip, torch.tensor([[1, 0]]))[0]
    assert apart[:, 15].tolist() == pytest.approx([0, 1, 2])


def test_mirrored_twice_is_the_same():
    clip = clip_of_video(video_of(frames_of(5)))
    for field, other in zip(clip, clip.mirrored().mirrored(), strict=True):
        torch.testing.assert_close(field, other)
    assert torch.allclose(clip.mirrored().centres[..., 0][clip.present], 1 - clip.centres[..., 0][clip.present])
