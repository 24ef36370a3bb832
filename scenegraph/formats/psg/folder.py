"""The public data set as it lies on a disk: which of its parts are there, and where to get the others.

    ROOT/psg/psg.json
    ROOT/coco/train2017, val2017                    the pictures
    ROOT/coco/panoptic_train2017, panoptic_val2017  the panoptic PNGs

The parts are also found in ROOT itself, and the panoptic folders in `annotations` beside the pictures, as
the archives of COCO unpack.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scenegraph.errors import InputError
from scenegraph.formats.problems import Problem

COCO = "http://images.cocodataset.org"
"""Where COCO's archives are kept."""


class Part(NamedTuple):
    """A part of the data set: its path below the folder of pictures, and how to get it."""

    path: str
    remedy: str


_ANNOTATIONS = f"{COCO}/annotations/panoptic_annotations_trainval2017.zip (0.8 GB)"

PARTS = (
    Part("train2017", f"unpack {COCO}/zips/train2017.zip (18 GB) there"),
    Part("val2017", f"unpack {COCO}/zips/val2017.zip (0.8 GB) there"),
    Part("panoptic_train2017", f"unpack panoptic_train2017.zip there, which lies in {_ANNOTATIONS}"),
    Part("panoptic_val2017", f"unpack panoptic_val2017.zip there, which lies in {_ANNOTATIONS}"),
)

JSON_REMEDY = "get the annotation file psg.json as https://github.com/Jingkang50/OpenPSG says under Dataset"


@dataclass(frozen=True)
class Folder:
    """What of the data set lies below a folder.

    Attributes:
        file: psg.json, or None.
        pictures: the folder that holds the parts of COCO; file names in psg.json are relative to it.
        missing: what is not there, with what to do.
    """

    file: Path | None
    pictures: Path
    missing: tuple[Problem, ...]


def look_in(root: str | Path) -> Folder:
    """Find the parts of the data set below a folder.

    Args:
        root: the folder, see above.

    Raises:
        InputError: it is no folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise InputError(f"{root}: expected the folder of the data set; it is not there or is no folder")
    file = next((path for path in (root / "psg" / "psg.json", root / "psg.json") if path.is_file()), None)
    here = not (root / "coco").is_dir() and any((root / part.path).is_dir() for part in PARTS)
    pictures = root if here else root / "coco"
    missing = [] if file else [Problem("psg/psg.json", "missing", JSON_REMEDY)]
    for part in PARTS:
        path, name = pictures / part.path, str((pictures / part.path).relative_to(root))
        unpacked = pictures / "annotations" / part.path
        if unpacked.is_dir() and not path.is_dir():
            missing.append(Problem(name, "missing", f"move {unpacked.relative_to(root)} there"))
        elif not path.is_dir():
            missing.append(Problem(name, "missing", part.remedy))
        elif not any(path.iterdir()):
            missing.append(Problem(name, "empty", part.remedy))
    return Folder(file, pictures, tuple(missing))
