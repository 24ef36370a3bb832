"""Pictures and graphs that the tests of psg.json write."""

from dataclasses import replace

import numpy as np

from tests.factories import park


def picture(seed=0):
    return np.full((20, 30, 3), (200, 30 + seed, 40), dtype=np.uint8)


def named(uri, graph=None):
    graph = graph or park()
    return replace(graph, source=replace(graph.source, uri=uri))
