#!/usr/bin/env python3
"""Score tracks of videos against a pvsg.json: VPQ and STQ, and how many true tubes have a track.

    tools/score_tracks.py data/toyworld/pvsg/pvsg.json tracks --split val

Videos without a file count as videos in which nothing was found.
"""

import argparse
import json
import sys
from pathlib import Path

from scenegraph import InputError


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", metavar="PVSG_JSON", type=Path, help="the data set")
    parser.add_argument("tracks", metavar="DIR", type=Path, help="files that tools/track.py wrote")
    parser.add_argument("--split", default="val", help="train, val or all (default: val)")
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON")
    return parser.parse_args()


def score(arguments: argparse.Namespace) -> int:
    """Print the scores."""
    import numpy as np
    from tqdm import tqdm

    from pvsg.tracks import SUFFIX, TrackedVideo
    from scenegraph.formats.pvsg import PVSGFile
    from scenegraph.tube_overlap import compare_tubes
    from scenegraph.video_quality import TubeQualitySums, measure

    if not arguments.tracks.is_dir():
        raise InputError(f"{arguments.tracks}: there is no such folder; tools/track.py --out makes one")
    file = PVSGFile.open(arguments.truth)
    is_thing = np.arange(len(file.vocabulary.categories)) < len(file.vocabulary.things)
    sums, found = TubeQualitySums(is_thing), []
    for index in tqdm(file.indices(arguments.split), "scoring", unit=" videos"):
        truth = file.graph(index)
        path = arguments.tracks / f"{file.videos[index].video_id}{SUFFIX}"
        video = TrackedVideo.read(path) if path.is_file() else None
        tubes, categories = (video.tubes, video.categories) if video else ((), np.zeros(0, dtype=np.int64))
        true = np.array([node.category for node in truth.nodes], dtype=np.int64)
        overlap = compare_tubes([node.region for node in truth.nodes], tubes, truth.source.num_frames)
        sums.add(measure(overlap, true, categories, is_thing))
        right = overlap.volume_iou() * (true[:, None] == categories[None])
        found += (right.max(axis=1, initial=0) >= 0.5).tolist()
    values = {**sums.values(), "tubes found at vIoU 0.5": float(np.mean(found)) if found else float("nan")}
    if arguments.json:
        print(json.dumps({name: None if np.isnan(value) else value for name, value in values.items()}, indent=1))
    else:
        print("\n".join(f"{name:24} {value:.4f}" for name, value in values.items()))
    return 0


def main() -> int:
    """Exit code: 0 done, 2 bad input."""
    try:
        return score(parsed())
    except InputError as error:
        print(f"score_tracks: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
