"""The PSG data set: `psg.json` with COCO pictures and COCO panoptic PNGs.

Layout (facts of the public file): `data` is a list of records with `file_name`, `height`, `width`,
`image_id` (text), `pan_seg_file_name`, `segments_info` (id in the PNG, 0-based category over things
then stuff, iscrowd, isthing, area), `annotations` (parallel to `segments_info`: bbox xyxy, category)
and `relations`, each `[subject index, object index, predicate]`, all 0-based. Beside it stand
`thing_classes`, `stuff_classes`, `predicate_classes` and `test_image_ids`.

>>> file = PSGFile.open("data/psg/psg.json", root="data/coco")  # doctest: +SKIP
>>> graphs = [file.graph(i) for i in file.indices("test")]  # doctest: +SKIP
"""

from scenegraph.formats.problems import Problem
from scenegraph.formats.psg.folder import look_in
from scenegraph.formats.psg.reader import PSGFile, predicate_counts
from scenegraph.formats.psg.validation import validate
from scenegraph.formats.psg.writer import PSGWriter

__all__ = ["PSGFile", "PSGWriter", "Problem", "look_in", "predicate_counts", "validate"]
