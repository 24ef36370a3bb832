"""The PVSG data set: `pvsg.json` with frames and palette masks a video.

Layout (facts of the public file): `objects` {thing, stuff}, `relations` (predicate names), `split`
{vidor, epic_kitchen, ego4d: {train, val}} and `data`, one record a video: `video_id`, `meta` (height,
width, fps, duration, num_frames), `objects` (object_id from 1 = pixel value in the masks, category,
is_thing, status), `relations` [subject id, object id, predicate name, [[first, last], ...]] with both
frames included, `captions`, `qa_pairs`, `summary`. Pictures lie in `SOURCE/frames/VIDEO/0000.png` and
`SOURCE/masks/VIDEO/0000.png`.
"""

from scenegraph.formats.problems import Problem
from scenegraph.formats.pvsg.reader import PVSGFile, Video
from scenegraph.formats.pvsg.validation import validate
from scenegraph.formats.pvsg.writer import PVSGWriter

__all__ = ["PVSGFile", "PVSGWriter", "Problem", "Video", "validate"]
