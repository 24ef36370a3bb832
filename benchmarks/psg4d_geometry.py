"""Segments in metres in one pass against mask by mask, and fusion by voxels against all points at once.

    python benchmarks/psg4d_geometry.py [--repeats 5] [--folder RGBD_FOLDER]

Lifting: a frame of 480 x 640 with 10 to 200 segments (cells around random points), depth of a room with
noise and bleeding at borders. Both sides give centre and size; ours also uncertainty, and leaves out what
bleeds: the errors of both against the true depth stand beside the times.
Fusion: a camera that goes round a room of 4 x 4 x 2.5 m, depth of 240 x 320; ours takes frame by frame
(no colours, no labels, as the other side), the other side keeps all points and takes means at the end.
Distances: between things of toyworld's RGB-D videos, from given masks, against their true places.
Memory is the peak of what numpy allocates (tracemalloc). One core, in turns, processor time.
"""

import argparse
import os
import statistics
import time
import tracemalloc

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from baselines import plain_fusion, plain_lifting

from psg4d.fusion import Fusion, reprojection_error
from psg4d.lifting import RENDERED, lift
from scenegraph import Camera
from scenegraph.formats.rgbd import RGBDFolder
from scenegraph.placement import centre_distances
from toyworld.clips import video

SIZE, SEGMENTS = (480, 640), (10, 50, 200)
FRAMES, VOXEL = (10, 40), 0.02
ROOM = np.array([4.0, 4.0, 2.5])


def cells(random, count):
    """An id map: the nearest of so many points."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    centres = random.random((count, 2)) * SIZE
    nearest, ids = np.full(SIZE, np.inf), np.zeros(SIZE, dtype=np.int64)
    for number, (row, column) in enumerate(centres):
        squares = (rows - row) ** 2 + (columns - column) ** 2
        closer = squares < nearest
        nearest[closer], ids[closer] = squares[closer], number
    return ids


def frame(random, count):
    """Ids, depth as a sensor has it, and true depth: a wall of boards at distances of their own."""
    ids = cells(random, count)
    truth = random.uniform(1.0, 4.0, count)[ids].astype(np.float32)
    depth = truth * (1 + 0.004 * random.standard_normal(SIZE).astype(np.float32))
    # Masks are a pixel off, and sensors mix the depths of both sides of a border.
    shifted = np.roll(truth, 2, axis=1)
    border = (shifted != truth) & (random.random(SIZE) < 0.7)
    mixed = random.random(SIZE).astype(np.float32)
    depth[border] = (truth * mixed + shifted * (1 - mixed))[border]
    depth[random.random(SIZE) < 0.05] = 0
    return ids, depth, truth


def seconds(function, *arguments):
    """Processor time, and the result."""
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def lifting(repeats):
    """Print a row for every number of segments."""
    camera, pose = Camera(525.0, 525.0, 319.5, 239.5), np.eye(4)
    print("segments   plain ms    ours ms      ratio   depth error plain / ours")
    for count in SEGMENTS:
        random = np.random.default_rng(count)
        times, errors = ([], []), ([], [])
        for _ in range(repeats):
            ids, depth, truth = frame(random, count)
            right = np.bincount(ids.ravel(), truth.ravel(), count) / np.maximum(np.bincount(ids.ravel()), 1)
            plain, found = seconds(plain_lifting.lift, ids, depth, camera, count, pose)
            ours, ourselves = seconds(lift, ids, depth, camera, count, pose)
            for kept, spent in zip(times, (plain, ours), strict=True):
                kept.append(1000 * spent)
            for kept, places in zip(errors, (found[0], ourselves.positions), strict=True):
                kept.append(float(np.nanmedian(np.abs(places[:, 2] - right))))
        plain, ours = (statistics.median(each) for each in times)
        wrong = " / ".join(f"{statistics.median(each):.4f} m" for each in errors)
        print(f"{count:8}   {plain:8.1f}   {ours:8.1f}   {plain / ours:7.1f}x   {wrong}")


def room_frames(count):
    """Depth and pose of a camera that turns in the middle of an empty room, exact."""
    camera = Camera(260.0, 260.0, 159.5, 119.5)
    rows, columns = np.mgrid[:240, :320]
    rays = np.stack([(columns - camera.cx) / camera.fx, (rows - camera.cy) / camera.fy, np.ones((240, 320))], axis=-1)
    for number in range(count):
        angle = 2 * np.pi * number / count
        forward, right = np.array([np.cos(angle), np.sin(angle), 0]), np.array([np.sin(angle), -np.cos(angle), 0])
        pose = np.eye(4)
        pose[:3, :3] = np.stack([right, [0, 0, -1], forward], axis=1)
        pose[:3, 3] = ROOM / 2
        turned = rays @ pose[:3, :3].T
        with np.errstate(divide="ignore"):
            walls = np.where(turned > 0, (ROOM / 2) / turned, (-ROOM / 2) / turned)
        yield np.where(turned == 0, np.inf, walls).min(axis=-1).astype(np.float32), pose


def measured(function):
    """Processor time, peak of allocated MB, and the result; time and memory in runs of their own."""
    spent, result = seconds(function)
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return spent, peak, result


def fusing():
    """Print a row for every number of frames; both sides must find the same voxels."""
    camera = Camera(260.0, 260.0, 159.5, 119.5)

    def streamed(count):
        fusion = Fusion(VOXEL)
        for depth, pose in room_frames(count):
            fusion.add(depth, camera, pose)
        return fusion.cloud()

    print("frames   points in    voxels   plain s  MB     ours s  MB     memory ratio")
    for count in FRAMES:
        plain, plain_memory, (found, _) = measured(lambda: plain_fusion.fuse(room_frames(count), camera, VOXEL))  # noqa: B023
        ours, memory, cloud = measured(lambda: streamed(count))  # noqa: B023
        assert len(cloud) == len(found)
        print(
            f"{count:6}   {count * 240 * 320:9,}   {len(cloud):7,}   {plain:7.1f} {plain_memory:4.0f}   "
            f"{ours:7.1f} {memory:4.0f}   {plain_memory / memory:7.1f}x"
        )


def real(path):
    """Print how well a folder fuses, and how well with its poses inverted."""
    folder = RGBDFolder.open(path)
    given = folder.camera
    depths = [folder.depth(number) for number in range(len(folder))]
    for name, poses in (("poses", given.poses), ("inverted", np.linalg.inv(given.poses))):
        camera = Camera(given.fx, given.fy, given.cx, given.cy, poses)
        fusion = Fusion(VOXEL)
        spent, _ = seconds(lambda: [fusion.add(d, camera, camera.poses[at]) for at, d in enumerate(depths)])  # noqa: B023
        error = np.median(reprojection_error(fusion.cloud(), camera, depths))
        print(f"{name:9} {len(fusion):8,} voxels, {1000 * spent / len(depths):.0f} ms a frame, error {error:.4f} m")


def distances(first_seed=70_000, worlds=20):
    """Print how far measured distances between things of toyworld are from the true ones: masks are given."""
    wrong, apart = [], []
    for seed in range(first_seed, first_seed + worlds):
        clip = video(seed, frames=2, fps=0.2, rgbd=True)
        nodes = [node for node in clip.graph.nodes if clip.graph.vocabulary.is_thing(node.category)]
        table = np.full(max(node.id for node in clip.graph.nodes) + 1, -1)
        table[[node.id for node in nodes]] = np.arange(len(nodes))
        for number in range(2):
            shown = clip[number]
            poses = clip.camera.poses
            found = lift(
                table[shown.ids],
                shown.depth,
                clip.camera,
                len(nodes),
                poses[number],
                np.ones(len(nodes), bool),
                RENDERED,
            )
            places = [node.region.position(number) for node in nodes]
            seen = [at for at, place in enumerate(places) if place is not None and found.pixels[at]]
            truth = np.array([places[at] for at in seen]).reshape(-1, 3)
            upper = np.triu_indices(len(seen), 1)
            true, ours = (centre_distances(each)[upper] for each in (truth, found.positions[seen]))
            wrong += (np.abs(ours - true) / true).tolist()
            apart += (np.abs(found.positions[seen] - truth) / found.uncertainty[seen]).ravel().tolist()
    share = [np.mean(np.array(apart) < limit) for limit in (1, 2)]
    low, middle, high = np.quantile(wrong, [0.25, 0.5, 0.75])
    print(f"{len(wrong):,} distances in {worlds} worlds: off by {middle:.1%} (median), quartiles {low:.1%}, {high:.1%}")
    print(f"coordinates within 1 and 2 stated standard deviations: {share[0]:.0%}, {share[1]:.0%}")


def main():
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", help="a real RGB-D folder with poses to fuse as well")
    arguments = parser.parse_args()
    lifting(arguments.repeats)
    fusing()
    distances()
    if arguments.folder:
        real(arguments.folder)


if __name__ == "__main__":
    main()
