"""The published post-processing on cells against the same steps as plain loops at full size.

    python benchmarks/postprocessing.py [--repeats 5]

Both sides get the outputs of 100 triplet queries for one picture of 480 x 640 (masks at a quarter of
800 x 1067, the size that the network sees) and must give the same map, categories and rows. One core,
in turns, processor time. A thing is found by several queries with ragged masks, and about a quarter of
the 100 best rows pass the published thresholds, as in the stored arrays of the published models.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from baselines.plain_postprocessing import postprocess

from psg.published import PSGTR_RULES, Candidates, PublishedPostProcessing

QUERIES, CLASSES, THINGS, PREDICATES = 100, 133, 80, 56
CELLS, SIZE = (200, 267), (480, 640)
OBJECTS = 20


def outputs(generator):
    """Logits of classes [2, q, k], of masks [2, q, h, w] and of predicates [q, p]."""
    height, width = CELLS
    rows, columns = torch.arange(height)[:, None], torch.arange(width)[None]
    centres = torch.rand(OBJECTS, 2, generator=generator) * torch.tensor(CELLS)
    reach = 15 + 35 * torch.rand(OBJECTS, generator=generator)
    distance = ((rows - centres[:, :1, None]) ** 2 + (columns - centres[:, 1:, None]) ** 2).sqrt()
    shapes = (reach[:, None, None] - distance) / 3
    kinds = torch.randint(CLASSES, (OBJECTS,), generator=generator)
    chosen = torch.randint(OBJECTS, (2, QUERIES), generator=generator)
    masks = shapes[chosen] + torch.randn(2, QUERIES, height, width, generator=generator)
    classes = torch.randn(2, QUERIES, CLASSES + 1, generator=generator)
    classes.scatter_(2, kinds[chosen][..., None], 8.0)
    predicates = torch.randn(QUERIES, PREDICATES + 1, generator=generator)
    said = torch.randint(1, PREDICATES + 1, (QUERIES,), generator=generator)
    predicates[torch.arange(QUERIES), said] = 1 + 3.6 * torch.rand(QUERIES, generator=generator)
    return classes, masks, predicates


def ours(classes, masks, predicates):
    """The map, the categories, the rows, from our code."""
    joined = classes.flatten(0, 1), masks.flatten(0, 1), torch.zeros(2 * QUERIES, 4)
    ends = torch.arange(2 * QUERIES).reshape(2, QUERIES)
    candidates = Candidates(*joined, predicates, ends, shared=False)
    rules = PublishedPostProcessing(**PSGTR_RULES)
    merged = rules.merge(candidates, rules.rows(candidates, SIZE), SIZE, THINGS)
    rows = zip(merged.pairs.tolist(), merged.rows.predicates.tolist(), strict=True)
    return merged.ids, merged.categories.tolist(), [(subject, said, other) for (subject, other), said in rows]


def timed(function, *arguments):
    """Seconds of processor time, and the result."""
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def main():
    """Print both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="pictures (default: %(default)s)")
    repeats = parser.parse_args().repeats
    torch.set_num_threads(1)
    seconds = {"plain loops": [], "on cells": []}
    with torch.no_grad():
        for seed in range(-1, repeats):  # the first warms up
            given = outputs(torch.Generator().manual_seed(seed + 1))
            slow, expected = timed(postprocess, *given, SIZE, THINGS)
            fast, found = timed(ours, *given)
            assert torch.equal(expected[0], found[0]) and expected[1:] == found[1:], "the results differ"
            if seed >= 0:
                seconds["plain loops"].append(slow)
                seconds["on cells"].append(fast)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, value in medians.items():
        print(f"{name:12} {1000 * value:8.1f} ms a picture (median of {repeats})")
    print(f"{medians['plain loops'] / medians['on cells']:.1f} times faster, equal results")


if __name__ == "__main__":
    main()
