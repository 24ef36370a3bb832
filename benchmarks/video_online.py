"""Does a frame of a long video cost more than one of a short one? Time and memory of `VideoPredictor` frame by frame.

A toyworld video runs through segmenter, tracker and relation model as a camera would feed it. Without
--checkpoint the segments are the true ones with random features, and the relation model has the size
of configs/pvsg.py with random weights; rendering is not counted. Compared are the processor time of the
50 frames around frame 50 and around frame 1,000, and the memory in use at both.

    OMP_NUM_THREADS=1 python benchmarks/video_online.py                          # 1,100 frames
    OMP_NUM_THREADS=1 python benchmarks/video_online.py --frames 3000 --checkpoint work_dirs/pvsg
"""

import argparse
import gc
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from mmdet.registry import MODELS
from mmengine import Config
from mmengine.registry import DefaultScope
from tqdm import tqdm

import pvsg.relations.model  # noqa: F401 - registers the model
from psg.segmenters import PanopticMap, Segmenter
from pvsg.predictor import VideoPredictor
from scenegraph import Vocabulary
from toyworld import scenes
from toyworld.names import PVSG

ROOT = Path(__file__).parents[1]
EARLY, LATE, AROUND = 50, 1000, 25
PAGE = resource.getpagesize()


class TrueSegments(Segmenter):
    """The segments that the simulator knows; features are noise around a vector for each."""

    def __init__(self, clip: scenes.Clip, feature_size: int) -> None:
        self.clip, self.frame = clip, 0
        nodes = clip.graph.nodes
        self.categories = np.array([node.category for node in nodes], dtype=np.int64)
        self.random = np.random.default_rng(0)
        self.features = self.random.normal(size=(len(nodes), feature_size)).astype(np.float32)

    @property
    def vocabulary(self) -> Vocabulary:
        """Of the clip."""
        return self.clip.graph.vocabulary

    def _segment(self, images: list, names: list) -> list[PanopticMap]:
        ids = np.concatenate([self.current.ids]).astype(np.int32) - 1
        noise = self.random.normal(scale=0.3, size=self.features.shape)
        features = (self.features + noise).astype(np.float32)
        return [PanopticMap.of_ids(ids, self.categories, np.ones(len(features)), self.vocabulary, features)]


def random_checkpoint(folder: Path) -> Path:
    """The model of configs/pvsg.py with random weights, as a checkpoint."""
    words = PVSG.vocabulary
    model = Config.fromfile(ROOT / "configs/pvsg.py").model.to_dict()
    model["vocabulary"] = {kind: list(getattr(words, kind)) for kind in ("things", "stuff", "predicates")}
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmdet"):
        weights = MODELS.build(model).state_dict()
    meta = {"groundgraph": {"model": model, "pipeline": []}, "dataset_meta": {"vocabulary": model["vocabulary"]}}
    path = folder / "random.pth"
    torch.save({"state_dict": weights, "meta": meta}, path)
    return path


def memory() -> float:
    """Bytes in use, after what can be freed is freed."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1100, help="of the video (default 1100)")
    parser.add_argument("--checkpoint", help="a trained relation model, with the segmenter that it names")
    parser.add_argument("--seed", type=int, default=7, help="of the world (default 7)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    clip = scenes.video(arguments.seed, arguments.frames)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.checkpoint:
            segmenter, predictor = None, VideoPredictor(arguments.checkpoint, device="cpu")
        else:
            path = random_checkpoint(Path(folder))
            size = Config.fromfile(ROOT / "configs/pvsg.py").model.feature_size
            segmenter = TrueSegments(clip, size)
            predictor = VideoPredictor(path, segmenter, "cpu")
        measure(clip, segmenter, predictor)


def measure(clip: scenes.Clip, segmenter: TrueSegments | None, predictor: VideoPredictor) -> None:
    """Feed the clip and print what it cost."""
    seconds, used, tracks = np.zeros(len(clip)), {}, set()
    with predictor.stream(fps=clip.fps) as stream:
        for number in tqdm(range(len(clip)), "frames", unit=" frames"):
            shot = clip[number]
            if segmenter is not None:
                segmenter.current = shot
            start = time.process_time()
            graph = stream.update(shot.rgb)
            seconds[number] = time.process_time() - start
            tracks |= {node.id for node in graph.nodes}
            if number in (EARLY, LATE, len(clip) - 1):
                used[number] = memory()
        whole = stream.finish()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{len(clip)} frames, {len(tracks)} tracks, {len(whole.relations)} relations at the end")
    for frame in (each for each in (EARLY, LATE) if each in used):
        part = seconds[max(frame - AROUND, 0) : frame + AROUND]
        print(f"frame {frame:5}: {1000 * part.mean():6.1f} ms a frame, {used[frame] / 2**20:7.1f} MiB in use")
    if LATE in used:
        early, late = (seconds[frame - AROUND : frame + AROUND].mean() for frame in (EARLY, LATE))
        print(f"ratio of frame {LATE} to frame {EARLY}: time {late / early:.2f}, memory {used[LATE] / used[EARLY]:.2f}")
    print(f"peak of the whole process, with the final graph: {peak / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
