"""Following the segments of single frames over time."""

from pvsg.tracking.tracker import Tracker
from pvsg.tracking.video import SegmenterAndTracker, make_tracks, track_video, track_videos

__all__ = ["SegmenterAndTracker", "Tracker", "make_tracks", "track_video", "track_videos"]
