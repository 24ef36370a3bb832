"""Given maps: panoptic PNGs of the pictures, from a data set or from another program."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from psg.fitting import RGB
from psg.segmenters.interface import Segmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from scenegraph import InputError, SceneGraph, Source, Vocabulary
from scenegraph.formats.coco_panoptic import Categories, COCOPanopticFile, read_segments


class GivenMaps(Segmenter):
    """Looks the panoptic PNG of a picture up by the picture's name.

    >>> GivenMaps("panoptic_val2017", "panoptic_val2017.json").segment("000000000139.jpg")  # doctest: +SKIP

    Args:
        maps: a folder with NAME.png for every picture NAME.*, or the PNG of the only picture.
        info: COCO panoptic JSON that lists the segments, see `scenegraph.formats.coco_panoptic`.
        categories: category names, if that list has none.
        vocabulary: the names that maps shall use; None: those of the list.
        drop_unknown: see `psg.segmenters.names.Naming`.

    Raises:
        InputError: there is no such folder or file, the list is broken or has no names, or names are
            unknown to the vocabulary.
    """

    max_pixels = None

    def __init__(
        self,
        maps: str | Path,
        info: str | Path,
        categories: str | Path | None = None,
        vocabulary: Vocabulary | None = None,
        drop_unknown: bool = False,
    ) -> None:
        self.maps, self.info, self.categories = Path(maps), Path(info), categories
        if not self.maps.exists():
            raise InputError(f"{maps}: there is no such file or folder of panoptic maps")
        self._wanted, self._drop_unknown = vocabulary, drop_unknown
        # The JSON of a data set is read once; other lists are small.
        self._file = COCOPanopticFile(info) if self.maps.is_dir() and categories is None else None
        self._index = {self._file.name(index): index for index in range(len(self._file))} if self._file else {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The categories of the list.

        Raises:
            InputError: it has none.
        """
        return self.naming.vocabulary

    @cached_property
    def naming(self) -> Naming:
        """From the categories of the list to those of the vocabulary.

        Raises:
            InputError: the list has no names, or the vocabulary lacks some of them.
        """
        known = self._file.categories if self._file else Categories.read(self.categories or self.info)
        own = known.vocabulary
        return Naming.of(own.categories, self._wanted or own, self.name, own.things, self._drop_unknown)

    @property
    def name(self) -> str:
        """The name of the list."""
        return self.info.name

    def _graph(self, picture: str, size: tuple[int, int]) -> SceneGraph:
        """The segments of the picture of this file name and (height, width), under the list's own names."""
        stem = Path(picture).stem
        if self._file is None:
            png = self.maps / f"{stem}.png" if self.maps.is_dir() else self.maps
            vocabulary, nodes = read_segments(png, self.info, size, self.categories)
            return SceneGraph(Source("image", picture, *size), nodes, (), vocabulary)
        if stem not in self._index:
            raise InputError(f"{self.info}: none of its {len(self._file)} annotations names {stem}.png")
        graph = self._file.graph(self._index[stem], self.maps)
        if graph.source.size != size:
            raise InputError(
                f"{self.maps / stem}.png is {graph.source.height} x {graph.source.width} pixels (height x width), the "
                f"picture {size[0]} x {size[1]}; they must belong together and have one size"
            )
        return graph

    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        maps = []
        for image, name in zip(images, names, strict=True):
            if not name and self.maps.is_dir():
                raise InputError("given maps are looked up by file name; give `name` with a picture in memory")
            graph = self._graph(name, image.shape[:2])
            maps.append(PanopticMap.of_graph(self.naming.renamed(graph)))
        return maps
