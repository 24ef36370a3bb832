#!/usr/bin/env python3
"""Tracks of videos: segments of every frame, followed over time; one file VIDEO.tracks.parquet a video.

    tools/track.py groundgraph:work_dirs/pvsg_segmenter data/toyworld/pvsg/pvsg.json --split val --out tracks
    tools/track.py mask2former:models/mask2former clip.mp4 walk.mp4 --fps 5 --out tracks

The segmenter is written as for groundgraph predict --segmenter; clips:CHECKPOINT is a video segmenter
(configs/pvsg_video_segmenter.py), whose clips are linked. Videos whose file is there already are
left alone, so an interrupted run goes on with the same command.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scenegraph import InputError

if TYPE_CHECKING:
    from pvsg.tracking.video import TrackMaker
    from scenegraph import Vocabulary

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


def _tracked(video: Path, maker: "TrackMaker", arguments: argparse.Namespace) -> Path:
    """The tracks of a video file; says so where it ends before the number of frames that it promises."""
    from pvsg.tracks import SUFFIX, read_header
    from scenegraph.video_files import early_end, promised_frames, read_video, video_info

    info = video_info(video)
    fps = min(arguments.fps, info.fps) if info.fps > 0 else arguments.fps
    path = maker.track(read_video(video, fps), arguments.out / f"{video.stem}{SUFFIX}", video.name, fps)
    if message := early_end(video, read_header(path).num_frames or 0, promised_frames(info, fps)):
        print(message, file=sys.stderr)
    return path


def _maker(arguments: argparse.Namespace, vocabulary: "Vocabulary | None") -> "TrackMaker":
    from psg.segmenters import segmenter_of
    from pvsg.tracking import SegmenterAndTracker, Tracker

    kind, _, path = arguments.segmenter.partition(":")
    if kind == "clips":
        from pvsg.video_segmenter.predictor import VideoSegmenterPredictor

        return VideoSegmenterPredictor(path, device=arguments.device, linker={"patience": arguments.patience})
    segmenter = segmenter_of(arguments.segmenter, vocabulary, arguments.device, arguments.drop_unknown)
    return SegmenterAndTracker(segmenter, Tracker(patience=arguments.patience))


def track(arguments: argparse.Namespace) -> int:
    """Write the files; prints their paths."""
    from pvsg.tracking import make_tracks
    from scenegraph.formats.pvsg import PVSGFile
    from scenegraph.storage import made_folder

    if not arguments.fps > 0 or arguments.patience < 0:
        raise InputError("expected --fps of more than 0 frames a second and --patience of 0 or more frames")
    sets = [path for path in arguments.videos if path.suffix == ".json"]
    if sets and len(arguments.videos) > 1:
        raise InputError(f"{sets[0]}: is a data set; give it alone, or video files only")
    if sets:
        file = PVSGFile.open(sets[0])
        maker = _maker(arguments, file.vocabulary)
        paths = make_tracks(file, file.indices(arguments.split), maker, arguments.out)
    else:
        maker = _maker(arguments, None)
        made_folder(arguments.out)
        paths = [_tracked(video, maker, arguments) for video in arguments.videos]
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
