"""Given masks of an RGB-D video: one id map a frame, whose ids name the objects over time.

masks/objects.json            {"objects": {"1": "chair", "2": "floor"}, "stuff": ["floor"]}
masks/frame-000150.png        a PNG a frame, in the order of the frames: the id of every pixel, 0: none
masks/frame-000151.png        (grey of 8 or 16 bits, palette, or colour as COCO writes ids)
"""

from pathlib import Path

import numpy as np

from psg.provenance import Settings
from psg4d.frame import RGBDFrame
from psg4d.tracks import given_frame
from pvsg.tracked_frames import TrackedFrame
from scenegraph import InputError, Vocabulary, checked_json
from scenegraph.checked_json import checked, field, located
from scenegraph.panoptic import masks_from_ids, read_id_map

OBJECTS = "objects.json"


class GivenMasks:
    """Looks the masks of a frame up instead of finding them.

    >>> masks = GivenMasks("kitchen/masks")  # doctest: +SKIP

    Args:
        folder: see the head of this module.
        vocabulary: the names that tracks shall use, those of a model; None: those of the folder.

    Attributes:
        vocabulary: names of things and stuff.
        name: what made the segments.
        settings: none.

    Raises:
        InputError: the folder or its list is missing or broken, or names are unknown to the vocabulary.
    """

    def __init__(self, folder: str | Path, vocabulary: Vocabulary | None = None) -> None:
        self.folder, self.name = Path(folder), "given masks"
        self.settings: Settings = {}
        if not self.folder.is_dir():
            raise InputError(f"{folder}: there is no such folder of masks")
        path = self.folder / OBJECTS
        value = checked_json.read(path)
        with located(str(path)):
            listed = field(checked(value, "object", "the file"), "objects", "object")
            stuff = field(value, "stuff", "list", default=[])
            names = {_number(key): checked(name, "text", f"objects.{key}") for key, name in listed.items()}
            if vocabulary is None:
                vocabulary = _own(list(names.values()), [checked(name, "text", "stuff") for name in stuff])
            known = {name: number for number, name in enumerate(vocabulary.categories)}
            unknown = sorted({name for name in names.values() if name not in known})
            if unknown:
                raise InputError(
                    f"objects: {', '.join(unknown)} are not among the categories of the model: "
                    f"{', '.join(vocabulary.categories)}"
                )
        self.vocabulary = vocabulary
        self.categories = {number: known[name] for number, name in names.items()}
        self.paths = sorted(path for path in self.folder.iterdir() if path.suffix.lower() == ".png")
        if not self.paths:
            raise InputError(f"{folder}: holds no masks; expected one PNG a frame")

    def check(self, num_frames: int | None) -> None:
        """Refuse masks of another video.

        Raises:
            InputError: there are fewer or more masks than frames.
        """
        if num_frames is not None and num_frames != len(self.paths):
            raise InputError(
                f"{self.folder}: {len(self.paths)} masks (*.png) for {num_frames} frames; expected one each"
            )

    def update(self, frame: RGBDFrame, number: int) -> TrackedFrame:
        """What is seen in a frame, measured.

        Raises:
            InputError: there is no mask, it has another size, or holds ids that the list has not.
        """
        if number >= len(self.paths):
            raise InputError(f"{self.folder}: has {len(self.paths)} masks; there is none for frame {number}")
        path = self.paths[number]
        ids = read_id_map(path)
        if ids.shape != frame.colour.shape[:2]:
            raise InputError(f"{path}: {ids.shape} pixels (height, width); the frame has {frame.colour.shape[:2]}")
        present = [int(each) for each in np.unique(ids) if each]
        unknown = [each for each in present if each not in self.categories]
        if unknown:
            raise InputError(f"{path}: ids {unknown[:8]} are not in {OBJECTS}; add their names, or use 0 for nothing")
        masks = dict(zip(present, masks_from_ids(ids, present), strict=True))
        return given_frame(number, frame, masks, self.categories, self.vocabulary)


def _own(names: list[str], stuff: list[str]) -> Vocabulary:
    things = dict.fromkeys(name for name in names if name not in stuff)
    return Vocabulary(tuple(things), tuple(dict.fromkeys(stuff)), ())


def _number(key: str) -> int:
    if not key.isdecimal() or not 0 < int(key) < 1 << 24:
        raise InputError(f"objects.{key}: expected a whole number above 0, the id of pixels")
    return int(key)
