"""Which public format a file is of, from what stands in it."""

from pathlib import Path

from scenegraph.checked_json import read_text

_MARKS = (
    ("scenegraph", ('"schema"', '"scenegraph/')),
    ("psg", ('"predicate_classes"', '"data"')),
    ("vidor", ('"subject/objects"', '"trajectories"')),
    ("star", ('"situations"', '"rel_pairs"')),
    ("spark-dsg", ('"layer_ids"', '"nodes"', '"edges"')),
    ("concept-graphs", ('"bbox_extent"', '"bbox_center"', '"object_tag"')),
    ("psg4d-hoi", ('"mask_id"', '"data"')),
    ("psg4d-gta", ('"split"', '"objects"', '"object":', '"data"')),
    ("pvsg", ('"split"', '"objects"', '"data"')),
    ("coco", ('"annotations"', '"categories"', '"segments_info"')),
    ("openlabel", ('"openlabel"',)),
    ("visual-genome", ('"image_id"', '"relationships"', '"predicate"')),
    ("gqa", ('"objects"', '"relations"', '"width"', '"height"', '"name"')),
)
"""Formats by what stands in their files, those with the more telling keys first."""


def kind_of(path: Path) -> str | None:
    """The format of a JSON file, a name of `_MARKS`; None for none.

    Raises:
        InputError: the file cannot be read.
    """
    text = read_text(path)
    return next((kind for kind, keys in _MARKS if all(key in text for key in keys)), None)
