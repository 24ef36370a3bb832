"""The two layouts of the PSG4D data set: GTA (rendered streets) and HOI (a head camera indoors).

Both are RGB-D videos with masks and camera; they agree in little else, above all not in the order of
a relation. The public annotation files were not available when this was written: the layout follows
the code that reads them. Where that code leaves something open, the choice is named here and in the
modules.

| | GTA | HOI |
|---|---|---|
| annotations | `sailvos3d.json`, `video_cut.json` | `psg4d_hoi.json`, `categories.json`, `hoi4d_id.json` |
| objects | `object`: object_id, category | `object`: object_id, mask_id (class = mask_id % 1000) |
| relation | [subject, predicate, object, [first, last]] | [subject, object, predicate, first, last] |
| masks | `masks/VIDEO/000000.npy`, ids; stuff above 1000 | `HOI4D_mask/VIDEO/mask/00000.npz`, transposed mask ids |
| depth | `.npy`, a scaled projected depth, with `rage_matrices` | 16-bit PNG, millimetres |
| camera | view and projection matrices a frame | intrinsics a camera, a trajectory a video |

First and last frame are both included (as in pvsg.json, by the same authors).

>>> file = GTAFile.open("data/psg4d_gta/sailvos3d.json")  # doctest: +SKIP
>>> graph, depth = file.graph(0), file.depth(0, frame=12)  # doctest: +SKIP
"""

from scenegraph.formats.psg4d.gta import GTAFile, GTAWriter
from scenegraph.formats.psg4d.hoi import HOIFile, HOIWriter
from scenegraph.formats.psg4d.validation import validate

__all__ = ["GTAFile", "GTAWriter", "HOIFile", "HOIWriter", "validate"]
