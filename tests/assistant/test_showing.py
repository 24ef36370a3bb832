"""Answers as masks, pictures and clips."""

import io

import numpy as np
import pytest
from PIL import Image

from assistant import Assistant
from assistant.showing import CLIP_FRAMES, clip_gif, evidence, evidence_frame, mask_png, picture_png
from scenegraph import InputError
from tests.assistant.scenes import birthday, riders


def opened(content):
    return Image.open(io.BytesIO(content))


def test_a_mask_is_the_union_of_the_nodes():
    graph = riders()
    area = np.array(opened(mask_png(graph, [0, 2])))
    expected = graph.node(0).region.mask.array() | graph.node(2).region.mask.array()
    assert np.array_equal(area == 255, expected) and set(np.unique(area)) == {0, 255}


def test_what_is_not_seen_has_no_mask():
    with pytest.raises(InputError, match="seen in frame 0"):
        mask_png(birthday(), [9], 0)
    with pytest.raises(InputError, match="no node 99"):
        mask_png(riders(), [99])


def test_a_picture_shows_the_given_frame():
    graph = riders()
    red = np.zeros((48, 64, 3), dtype=np.uint8)
    red[..., 0] = 255
    pixels = np.array(opened(picture_png(graph, [0], 0, lambda frame: red)))
    assert (pixels[-5:, :5] == (255, 0, 0)).all()
    blank = np.array(opened(picture_png(graph, [0])))
    assert len(np.unique(blank[-5:, :5])) == 1


def test_a_clip_covers_the_time_of_the_evidence():
    assistant = Assistant(birthday())
    answer = assistant.ask("When does the dog chase the ball?")
    asked = []

    def frames(number):
        asked.append(number)
        return np.full((48, 64, 3), 5 * number, dtype=np.uint8)

    clip = opened(clip_gif(assistant.graph, answer, frames))
    assert asked == list(range(18, 28)) and clip.n_frames == 10 and clip.info["duration"] == 200
    assert evidence(answer) and evidence_frame(assistant.graph, answer) == 18
    long = assistant.ask("Is the cake on the table?")
    asked.clear()
    clip_gif(assistant.graph, long, frames)
    assert len(asked) == CLIP_FRAMES and asked[0] == 0 and asked[-1] == 39


def test_an_answer_about_nothing_has_no_clip():
    assistant = Assistant(birthday())
    with pytest.raises(InputError, match="rests on no node"):
        clip_gif(assistant.graph, assistant.ask("Is there a unicorn?"))
