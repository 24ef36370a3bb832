"""Following the segments of single frames over time."""

from pvsg.tracking.tracker import Tracker
from pvsg.tracking.video import track_video, track_videos

__all__ = ["Tracker", "track_video", "track_videos"]
