"""The interface of segmenters, and what it does for all of them: any picture in, a map of its size out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from psg.fitting import MAX_PIXELS, RGB, fitted
from psg.provenance import Settings, flat, weights_digest
from psg.segmenters.colours import coloured
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from scenegraph import InputError, Vocabulary
from scenegraph.images import ImageSource, read_image


class Segmenter(ABC):
    """Finds the segments of pictures.

    Back ends implement `_segment`; pictures of any size and kind reach it as RGB arrays of at most
    `max_pixels` that are not too oblong, and its maps are brought back to the size of the pictures.

    Attributes:
        max_pixels: see `psg.fitting.MAX_PIXELS`; None for back ends that need the picture as it is.
    """

    max_pixels: int | None = MAX_PIXELS

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The names that the maps' categories index."""

    @property
    def name(self) -> str:
        """What made the segments; goes into the metadata of graphs."""
        return type(self).__name__

    @property
    def settings(self) -> Settings:
        """What else decides about the segments, such as a digest of the weights; goes into files of tracks."""
        return {}

    @abstractmethod
    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        """One map an image, of its size, under `vocabulary`."""

    def segment(self, image: ImageSource, name: str | None = None) -> PanopticMap:
        """The map of one picture, of its size; without segments where nothing is found.

        Args:
            image: a path, bytes, a Pillow image or an array uint8 [height, width, 3] RGB.
            name: the picture's file name, for segmenters that look maps up; a path's own by default.

        Raises:
            InputError: the picture cannot be read, or the back end has no segments of it.
        """
        return self.segment_many([image], None if name is None else [name])[0]

    def segment_many(
        self, images: Sequence[ImageSource], names: Sequence[str] | None = None, colours: bool = False
    ) -> list[PanopticMap]:
        """The maps of several pictures at a time; see `segment`.

        Args:
            images: the pictures.
            names: their file names.
            colours: say what colours the segments have, by which a tracker knows a thing again.

        Raises:
            InputError: as `segment`; or a back end returned a map of another size.
        """
        names = [_name(image) for image in images] if names is None else names
        pictures = [read_image(image) for image in images]
        if not pictures:
            return []
        inputs = [self._fitted(picture) for picture in pictures]
        maps = self._segment([image for image, _ in inputs], list(names))
        found = []
        for picture, (image, part), result in zip(pictures, inputs, maps, strict=True):
            if result.size != image.shape[:2]:
                raise InputError(f"{self.name}: a map of {result.size} came for a picture of {image.shape[:2]} pixels")
            whole = restored(result, part, picture.shape[:2])
            found.append(coloured(whole, picture) if colours else whole)
        return found

    def _fitted(self, picture: RGB) -> tuple[RGB, tuple[int, int]]:
        return (picture, picture.shape[:2]) if self.max_pixels is None else fitted(picture, self.max_pixels)


class NamedSegmenter(Segmenter):
    """A segmenter whose back end has classes of its own.

    Attributes:
        naming: which category each class of the back end is.
        model: the back end, a network.
        postprocessing: a `psg.postprocess.PostProcessing` where it decides how output becomes segments.
    """

    naming: Naming
    model: Any
    postprocessing: Any = None

    @cached_property
    def settings(self) -> Settings:
        """A digest of the weights, and the thresholds."""
        thresholds = {} if self.postprocessing is None else flat(asdict(self.postprocessing), "postprocessing")
        return {"weights": weights_digest(self.model)} | thresholds

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that the maps' categories index."""
        return self.naming.vocabulary


def restored(found: PanopticMap, part: tuple[int, int], size: tuple[int, int]) -> PanopticMap:
    """The map of a picture from that of its fitted copy.

    Args:
        found: of what `psg.fitting.fitted` gave.
        part: height and width of the picture within it.
        size: of the picture.
    """
    if found.size != part:
        found = found.window(0, 0, *part)
    return found if found.size == size else found.resized(*size)


def _name(image: ImageSource) -> str:
    return Path(image).name if isinstance(image, (str, Path)) else ""
