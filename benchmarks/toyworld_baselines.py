"""How far do class pairs and box geometry get on toyworld, with true segments and classes?

Two models that see no pixel rank the relations of held-out pictures: class-pair frequency
(scenegraph.frequency) and a small network on the boxes and classes of a pair. The set is meant to be
decided by what is seen: frequency should stay at or below 45 % strict R@20, geometry should reach at
least 75 %.

    OMP_NUM_THREADS=1 python benchmarks/toyworld_baselines.py --train 6000 --test 1000
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import Pool

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from scenegraph import Relation, SceneGraph
from scenegraph.evaluation import Evaluation
from scenegraph.frequency import FrequencyModel
from scenegraph.report import Report
from toyworld import datasets, scenes
from toyworld.names import STATE_PREDICATES

NEGATIVES = 4
"""Unrelated pairs drawn for every related one when the network learns."""


def features(graph: SceneGraph) -> np.ndarray:
    """Every ordered pair of nodes, row-major, as classes and box geometry: float32 [n * n, f]."""
    height, width = graph.source.size
    boxes = np.array([node.region.box for node in graph.nodes]) / (width, height, width, height)
    categories = np.eye(len(graph.vocabulary.categories))[[node.category for node in graph.nodes]]
    size = boxes[:, 2:] - boxes[:, :2]
    centre = boxes[:, :2] + size / 2
    own = np.concatenate([categories, boxes, size, centre, np.log(size), size.prod(1, keepdims=True)], axis=1)
    n = len(boxes)
    subject, object_ = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    low = np.maximum(boxes[subject, :2], boxes[object_, :2])
    high = np.minimum(boxes[subject, 2:], boxes[object_, 2:])
    shared = np.clip(high - low, 0, None).prod(1)
    area = size.prod(1)
    relative = np.concatenate(
        [
            (centre[subject] - centre[object_]) / size[subject],
            (centre[subject] - centre[object_]) / size[object_],
            (high - low) * 4,
            np.abs(centre[subject] - centre[object_]) * 4,
            ((boxes[subject, 3] - boxes[object_, 3]) * 4)[:, None],
            np.log(size[subject] / size[object_]),
            (shared / area[subject])[:, None],
            (shared / area[object_])[:, None],
        ],
        axis=1,
    )
    return np.concatenate([own[subject], own[object_], np.clip(relative, -6, 6)], axis=1).astype(np.float32)


def targets(graph: SceneGraph) -> np.ndarray:
    """The predicate of every ordered pair, row-major; 0 is none, predicate p is p + 1."""
    positions = {node.id: position for position, node in enumerate(graph.nodes)}
    n = len(graph.nodes)
    labels = np.zeros((n, n), dtype=np.int64)
    for relation in graph.relations:
        labels[positions[relation.subject], positions[relation.object]] = relation.predicate + 1
    return labels.ravel()


class GeometryModel:
    """A network of two hidden layers on the classes and boxes of a pair."""

    def __init__(self, seed: int = 0, epochs: int = 12, batch: int = 2048) -> None:
        self.seed, self.epochs, self.batch = seed, epochs, batch

    def fit(self, graphs: list[SceneGraph]) -> "GeometryModel":
        """Learn from true graphs."""
        torch.manual_seed(self.seed)
        random = np.random.default_rng(self.seed)
        rows, labels = [], []
        for graph in graphs:
            target = targets(graph)
            none = np.flatnonzero(target == 0)
            kept = min(len(none), NEGATIVES * max(1, len(target) - len(none)))
            chosen = np.concatenate([np.flatnonzero(target), random.choice(none, kept, replace=False)])
            rows.append(features(graph)[chosen])
            labels.append(target[chosen])
        x, y = torch.from_numpy(np.concatenate(rows)), torch.from_numpy(np.concatenate(labels))
        self.mean, self.scale = x.mean(0), x.std(0) + 1e-3
        x = (x - self.mean) / self.scale
        classes = len(graphs[0].vocabulary.predicates) + 1
        self.network = nn.Sequential(
            *(nn.Linear(x.shape[1], 256), nn.GELU(), nn.Linear(256, 256), nn.GELU(), nn.Linear(256, classes))
        )
        optimiser = torch.optim.AdamW(self.network.parameters(), lr=2e-3, weight_decay=1e-3)
        steps = self.epochs * -(-len(x) // self.batch)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        with tqdm(total=steps, desc="geometry", leave=False) as bar:
            for _ in range(self.epochs):
                for part in torch.randperm(len(x)).split(self.batch):
                    loss = nn.functional.cross_entropy(self.network(x[part]), y[part])
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
                    schedule.step()
                    bar.update()
        return self

    @torch.no_grad()
    def predict(self, graph: SceneGraph) -> SceneGraph:
        """All pairs with all predicates, best first."""
        n = len(graph.nodes)
        x = (torch.from_numpy(features(graph)) - self.mean) / self.scale
        scores = self.network(x).softmax(1)[:, 1:].numpy().reshape(n, n, -1).astype(np.float64)
        scores[np.arange(n), np.arange(n)] = 0
        order = np.argsort(-scores, axis=None, kind="stable")[:200]
        ids = [node.id for node in graph.nodes]
        relations = tuple(
            Relation(ids[s], int(p), ids[o], float(scores[s, o, p]))
            for s, o, p in zip(*np.unravel_index(order, scores.shape), strict=True)
        )
        return replace(graph, relations=relations)


def measure(model: FrequencyModel | GeometryModel, graphs: list[SceneGraph]) -> Report:
    """The strict protocol on true nodes."""
    evaluation = Evaluation(graphs[0].vocabulary, mode="predcls", subsets={"state": STATE_PREDICATES})
    for graph in graphs:
        evaluation.add(graph, model.predict(graph))
    return evaluation.report()


def graph_of(seed: int) -> SceneGraph:
    """The graph of one picture."""
    return scenes.image(seed).graph


def truths(seeds: Iterator[int] | range, what: str) -> list[SceneGraph]:
    """Graphs of pictures, made by two processes."""
    with Pool(2) as pool:
        return list(tqdm(pool.imap(graph_of, seeds, chunksize=32), total=len(seeds), desc=what, leave=False))


def main() -> None:
    """Print both baselines in one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=int, default=6000, help="pictures to learn from (default 6000)")
    parser.add_argument("--test", type=int, default=1000, help="held-out pictures (default 1000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the data set (default 0)")
    parser.add_argument("--predicates", action="store_true", help="also print recall by predicate")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    train = truths(datasets.seeds("train", arguments.train, arguments.seed), "train")
    test = truths(datasets.seeds("test", arguments.test, arguments.seed), "test")
    nodes = np.mean([len(graph.nodes) for graph in test])
    relations = np.mean([len(graph.relations) for graph in test])
    print(
        f"toyworld, {len(train)} training and {len(test)} held-out pictures, "
        f"{nodes:.1f} segments, {relations:.1f} relations each"
    )
    print("strict protocol with true segments and classes, percent")
    columns = [f"{name}@{k}" for name in ("R", "mR") for k in (10, 20, 50)] + ["pair_recall@20"]
    print(
        f"{'model':24}"
        + "".join(f"{column:>8}" for column in ("R@10", "R@20", "R@50", "mR@10", "mR@20", "mR@50", "pair@20", "s"))
    )
    models = {
        "class-pair frequency": FrequencyModel(train[0].vocabulary),
        "box geometry": GeometryModel(arguments.seed),
    }
    for name, model in models.items():
        start = time.process_time()
        report = measure(model.fit(train), test)
        seconds = time.process_time() - start
        print(
            f"{name:24}"
            + "".join(f"{100 * report.values[f'strict/{column}']:8.1f}" for column in columns)
            + f"{seconds:8.0f}"
        )
        if arguments.predicates:
            print(report.predicate_table())


if __name__ == "__main__":
    main()
