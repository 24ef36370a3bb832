"""Processor time and memory of the tracker, frame by frame: frame 1,000 and frame 10,000 against frame 50 of one video.

    python benchmarks/tracking.py
    python benchmarks/tracking.py --frames 3000 --height 360 --width 480

Eight rectangles walk about and come and go, with 128 features each; the tracks go to a file, as in
tools/track.py. The baseline is the median time of frames 25 to 75, and the memory at frame 50.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from psg.segmenters import PanopticMap
from pvsg.tracking import Tracker
from pvsg.tracks import SUFFIX, TracksHeader, TrackWriter
from scenegraph import Mask, Node, Segment, Vocabulary

WORDS = Vocabulary(("adult", "dog"), ("grass",), ())
FEATURES = 128
WINDOW = 25


def picture(frame: int, size: tuple[int, int], looks: np.ndarray, generator: np.random.Generator) -> PanopticMap:
    """Rectangles in rows of their own, one of five hidden now and then."""
    height, width = size
    row = height // (len(looks) + 1)
    ids = np.full(size, len(looks), dtype=np.int32)
    for thing in range(len(looks)):
        if (frame // 7 + thing) % 5:
            left = int((width - row) * (0.5 + 0.5 * np.sin(frame / 15 + thing)))
            ids[thing * row : (thing + 1) * row, left : left + row] = thing
    present = np.unique(ids)
    masks = [Mask.from_array(ids == each) for each in present]
    features = looks[np.minimum(present, len(looks) - 1)] + 0.1 * generator.normal(size=(len(present), FEATURES))
    nodes = tuple(
        Node(place, 2 if each == len(looks) else int(each) % 2, Segment(mask))
        for place, (each, mask) in enumerate(zip(present, masks, strict=True))
    )
    return PanopticMap(*size, nodes, WORDS, features.astype(np.float32))


def main() -> None:
    """Print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=10_025)
    parser.add_argument("--height", type=int, default=60)
    parser.add_argument("--width", type=int, default=80)
    arguments = parser.parse_args()
    size = (arguments.height, arguments.width)
    generator = np.random.default_rng(0)
    looks = generator.normal(size=(8, FEATURES))
    tracker, seconds, memory = Tracker(), np.zeros(arguments.frames), {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"long{SUFFIX}"
        with TrackWriter(path, TracksHeader("long", *size, WORDS, 5.0, None, FEATURES)) as writer:
            for frame in range(arguments.frames):
                found = picture(frame, size, looks, generator)
                start = time.process_time()
                writer.write(tracker.update(found))
                seconds[frame] = time.process_time() - start
                memory[frame] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        megabytes = path.stat().st_size / 2**20

    def median(frame: int) -> float:
        return float(np.median(seconds[frame - WINDOW : frame + WINDOW]))

    print(f"{arguments.frames} frames of {size}, {len(tracker)} tracks remembered, a file of {megabytes:.1f} MiB")
    print(f"baseline: frame 50 takes {1000 * median(50):.2f} ms, peak memory {memory[50]:.0f} MiB")
    for frame in (1000, 3000, 10_000):
        if frame < arguments.frames:
            print(
                f"frame {frame}: {1000 * median(frame):.2f} ms, ratio {median(frame) / median(50):.2f}; "
                f"peak memory {memory[frame]:.0f} MiB, ratio {memory[frame] / memory[50]:.2f}"
            )


if __name__ == "__main__":
    main()
