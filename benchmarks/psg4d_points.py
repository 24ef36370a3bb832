"""How long does a frame of points take, and is its memory bounded by cubes? The point-cloud branch, forward.

A room of 4 x 3 x 5 m (floor, walls, 20 boxes on the floor) is sampled by points; the network has random weights, the
sizes of configs/psg4d_points.py, and cubes of 5 cm. Compared are 60,000 points and ten times as many of the same room:
the time of the network must not follow the points, since the cubes are the same. Required is one frame of 60,000
points in under 1 s on two cores.

    OMP_NUM_THREADS=2 python benchmarks/psg4d_points.py
"""

import argparse
import json
import time

import numpy as np
import torch

from psg4d.points.model import PointSegmenter
from psg4d.points.samples import PointSample

ROOM = (4.0, 3.0, 5.0)
REQUIRED = 1.0
"""Seconds."""


def room(count: int, seed: int = 0) -> torch.Tensor:
    """Points on the surfaces of a room, float32 [count, 6]: place in metres, colour from -1 to 1."""
    generator = np.random.default_rng(seed)
    places = generator.random((count, 3)) * ROOM
    surface = generator.integers(0, 5, count)
    places[surface == 0, 1] = ROOM[1]
    places[surface == 1, 0] = 0
    places[surface == 2, 2] = ROOM[2]
    boxes = generator.random((20, 3)) * (ROOM[0] - 0.5, 0, ROOM[2] - 0.5) + (0.25, ROOM[1] - 0.5, 0.25)
    chosen = np.flatnonzero(surface >= 3)
    offsets = generator.random((len(chosen), 3)) - 0.5
    side = generator.integers(0, 3, len(chosen))
    offsets[np.arange(len(chosen)), side] = np.sign(offsets[np.arange(len(chosen)), side]) / 2
    places[chosen] = boxes[generator.integers(0, 20, len(chosen))] + offsets * 0.5
    colours = generator.random((count, 3)) * 2 - 1
    return torch.from_numpy(np.concatenate([places, colours], axis=1).astype(np.float32))


@torch.inference_mode()
def measured(model: PointSegmenter, count: int, repeats: int) -> dict[str, float]:
    """Seconds of the whole prediction on the clock and of all threads (median), and its cubes."""
    cloud, seconds, processor = room(count), [], []
    for _ in range(repeats + 1):  # the first is warm-up
        began = time.perf_counter(), time.process_time()
        (sample,) = model([cloud], [PointSample()], "predict")
        seconds.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    _, voxels = model([cloud], mode="tensor")
    made = {"points": count, "cubes": len(voxels.cells), "side": voxels.side, "segments": len(sample.found.categories)}
    return made | {"seconds": float(np.median(seconds[1:])), "processor_seconds": float(np.median(processor[1:]))}


def main() -> None:
    """Print one JSON line a size, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=60_000, help="default: %(default)s")
    parser.add_argument("--voxel", type=float, default=0.05, help="metres (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="default: %(default)s")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    names = {"things": ["box"], "stuff": ["floor", "wall"], "predicates": []}
    model = PointSegmenter(names, voxel=arguments.voxel, widths=(24, 48, 72, 96), most_voxels=60_000).eval()
    few = measured(model, arguments.points, arguments.repeats)
    print(json.dumps(few), flush=True)
    many = measured(model, 10 * arguments.points, arguments.repeats)
    print(json.dumps(many))
    print(f"required under {REQUIRED} s: {few['seconds']:.2f} s on {torch.get_num_threads()} threads")
    print(f"ten times the points: {many['seconds'] / few['seconds']:.2f} times as long")


if __name__ == "__main__":
    main()
