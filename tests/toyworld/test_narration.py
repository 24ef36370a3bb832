"""Texts of a video."""

from dataclasses import replace

from toyworld.clips import video
from toyworld.narration import captions, qa_pairs, summary


def test_a_video_in_which_nobody_does_anything():
    graph = replace(video(3, frames=4).graph, relations=())
    assert captions(graph) == []
    assert qa_pairs(graph) == []
    assert summary(graph).endswith("in which nobody does anything.")
