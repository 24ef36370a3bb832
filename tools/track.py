#!/usr/bin/env python3
"""Tracks of videos: segments of every frame, followed over time; one file VIDEO.tracks.parquet a video.

    tools/track.py groundgraph:work_dirs/pvsg_segmenter data/toyworld/pvsg/pvsg.json --split val --out tracks
    tools/track.py mask2former:models/mask2former clip.mp4 walk.mp4 --fps 5 --out tracks

The segmenter is written as for groundgraph predict --segmenter. Videos whose file is there already are
left alone, so an interrupted run goes on with the same command.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scenegraph import InputError

if TYPE_CHECKING:
    from psg.segmenters import Segmenter
    from pvsg.tracking import Tracker

INTERRUPTED = 130


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segmenter", metavar="SEGMENTER", help="such as groundgraph:CHECKPOINT or eomt:FOLDER")
    parser.add_argument("videos", metavar="VIDEO", nargs="+", type=Path, help="a pvsg.json, or video files")
    parser.add_argument("--split", default="all", help="videos of a pvsg.json: train, val or all (default: all)")
    parser.add_argument("--fps", type=float, default=5.0, help="of video files: frames a second (default: %(default)s)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("tracks"), help="default: %(default)s")
    parser.add_argument("--patience", type=int, default=25, help="frames until a lost track is forgotten (default: 25)")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument("--drop-unknown", action="store_true", help="leave out classes that a pvsg.json has not")
    return parser.parse_args()


def _tracked(video: Path, segmenter: "Segmenter", tracker: "Tracker", arguments: argparse.Namespace) -> Path:
    """The tracks of a video file; says so where it ends before the number of frames that it promises."""
    from pvsg.tracking import track_video
    from pvsg.tracks import SUFFIX, read_header
    from scenegraph.video_files import read_video, video_info

    info = video_info(video)
    fps = min(arguments.fps, info.fps) if info.fps > 0 else arguments.fps
    out = arguments.out / f"{video.stem}{SUFFIX}"
    path = track_video(read_video(video, fps), segmenter, tracker, out, video.name, fps)
    promised, found = info.frames * fps / (info.fps or fps), read_header(path).num_frames
    if found < promised - 1:
        print(f"{video}: ends after {found} of about {promised:.0f} frames; it may be cut off", file=sys.stderr)
    return path


def track(arguments: argparse.Namespace) -> int:
    """Write the files; prints their paths."""
    from psg.segmenters import segmenter_of
    from pvsg.tracking import Tracker, track_videos
    from pvsg.tracking.video import made_folder
    from scenegraph.formats.pvsg import PVSGFile

    tracker = Tracker(patience=arguments.patience)
    if not arguments.fps > 0:
        raise InputError(f"--fps {arguments.fps}: expected more than 0 frames a second")
    sets = [path for path in arguments.videos if path.suffix == ".json"]
    if sets and len(arguments.videos) > 1:
        raise InputError(f"{sets[0]}: is a data set; give it alone, or video files only")
    if sets:
        file = PVSGFile.open(sets[0])
        indices = file.indices(arguments.split)
        segmenter = segmenter_of(arguments.segmenter, file.vocabulary, arguments.device, arguments.drop_unknown)
        paths = track_videos(file, indices, segmenter, tracker, arguments.out)
    else:
        segmenter = segmenter_of(arguments.segmenter, device=arguments.device)
        made_folder(arguments.out)
        paths = [_tracked(video, segmenter, tracker, arguments) for video in arguments.videos]
    print("\n".join(map(str, paths)))
    return 0


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        return track(parsed())
    except InputError as error:
        print(f"track: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("track: interrupted; the same command goes on", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
