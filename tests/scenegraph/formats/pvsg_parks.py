"""Videos that the tests of pvsg.json write."""

from dataclasses import replace

import numpy as np

from tests.factories import park_video

CAPTIONS = [{"time": "0000-0003", "description": "A person (1) holds a ball (3)."}]
QUESTIONS = [{"time": "0005", "question": "What does the dog (2) do?", "answer": "It chases the ball (3)."}]


def frames(count=10, seed=0):
    return [np.full((20, 30, 3), (20 * number, seed, 90), dtype=np.uint8) for number in range(count)]


def video(uri, graph=None):
    graph = graph or park_video()
    return replace(graph, source=replace(graph.source, uri=uri))
