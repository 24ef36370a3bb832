"""Action Genome, and the situations of STAR that are made of it: boxes and relations of single frames.

Action Genome (facts of the public files): `object_bbox_and_relationship.pkl` has a list of objects by
picture ("VIDEO.mp4/000089.png"): `class`, `bbox` (x, y, width, height; None where `visible` is false),
`attention_relationship`, `spatial_relationship`, `contacting_relationship` (lists of names, or None)
and `metadata.set` (train or test). `person_bbox.pkl` has by picture `bbox` (xyxy, a row a person) and
`bbox_size` (width, height). Both are pickles; they are read by `scenegraph.data_pickle`, which runs
nothing in them. The same values as JSON (arrays as lists) are read too.

What a person looks at or touches is (person, predicate, object); where a thing is, is (object,
predicate, person): "cup in_front_of person". Frames are the annotated pictures in their order, whose
numbers are in the metadata (`frame_numbers`); spans are runs of such frames.

>>> file = ActionGenomeFile.open("action_genome/annotations")  # doctest: +SKIP
>>> graph = file.graph(0)  # doctest: +SKIP
"""

from scenegraph.formats.action_genome.reader import ActionGenomeFile
from scenegraph.formats.action_genome.situations import STARFile
from scenegraph.formats.action_genome.validation import validate

__all__ = ["ActionGenomeFile", "STARFile", "validate"]
