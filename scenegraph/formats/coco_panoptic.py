"""COCO panoptic segmentations (a PNG and a list of its segments) as graphs without relations.

The list may be a whole COCO file (`annotations`, `categories`, usually `images`), one annotation
(`segments_info`), or the bare list of segments that some tools write; a list without categories
needs the names from elsewhere. Any set of categories will do, also one's own.
"""

from pathlib import Path
from typing import Any

from scenegraph import checked_json
from scenegraph.checked_json import checked, described, field, inside, located, plain_name
from scenegraph.decoding import listed_masks, some
from scenegraph.errors import InputError
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.images import read_image
from scenegraph.panoptic import read_id_map
from scenegraph.regions import Segment
from scenegraph.vocabulary import Vocabulary


class Categories:
    """The categories of a COCO file, in its order, things before stuff.

    Attributes:
        vocabulary: their names; there are no predicates.
        positions: the 0-based id of the vocabulary by the id of the file.

    Raises:
        InputError: the list is empty or malformed, or ids or names repeat.
    """

    def __init__(self, coded: list[Any], where: str = "categories") -> None:
        rows = []
        for position, category in enumerate(coded):
            place = f"{where}[{position}]"
            checked(category, "object", place)
            is_thing = bool(category.get("isthing", 1))
            rows.append(
                (field(category, "id", "whole number", place), field(category, "name", "text", place), is_thing)
            )
        if not rows or len({row[0] for row in rows}) < len(rows):
            raise InputError(f"{where}: expected categories with distinct ids, found {described(coded)}")
        rows.sort(key=lambda row: not row[2])  # stable: things first, otherwise the order of the file
        with located(where):
            self.vocabulary = Vocabulary(
                tuple(name for _, name, is_thing in rows if is_thing),
                tuple(name for _, name, is_thing in rows if not is_thing),
                (),
            )
        self.positions = {category_id: position for position, (category_id, _, _) in enumerate(rows)}

    @classmethod
    def read(cls, path: str | Path) -> "Categories":
        """From a COCO file, or from a JSON list of categories.

        Raises:
            InputError: the file cannot be read or holds no categories.
        """
        value = checked_json.read(path)
        with located(str(path)):
            return cls(
                value if isinstance(value, list) else field(checked(value, "object", "the file"), "categories", "list")
            )


class COCOPanopticFile:
    """A whole COCO panoptic JSON; PNGs are read when they are asked for.

    Attributes:
        path: the JSON file.
        annotations: the annotations as the file has them.
        categories: its categories.

    Raises:
        InputError: the file cannot be read or is no COCO panoptic JSON.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        value = checked_json.read(path)
        with located(str(path)):
            checked(value, "object", "the file")
            self.categories = Categories(field(value, "categories", "list"))
            self.annotations = field(value, "annotations", "list")
            images = field(value, "images", "list", default=[])
            self._names = _picture_names(images)

    def __len__(self) -> int:
        return len(self.annotations)

    def name(self, index: int) -> str:
        """The stem of an annotation's PNG.

        Raises:
            InputError: the annotation names no file.
        """
        with located(f"{self.path}: annotations[{index}]"):
            annotation = checked(self.annotations[index], "object", "the annotation")
            return Path(plain_name(field(annotation, "file_name", "text"))).stem

    def graph(self, index: int, png_folder: str | Path) -> SceneGraph:
        """The segments of an annotation as a graph without relations.

        The source's name is the picture's `file_name` where the file lists it, else the PNG's.

        Raises:
            InputError: the annotation or its PNG is broken.
        """
        with located(f"{self.path}: annotations[{index}]"):
            annotation = checked(self.annotations[index], "object", "the annotation")
            name = field(annotation, "file_name", "text")
            png = inside(Path(png_folder), name, "file_name")
            nodes, (height, width) = _nodes(png, field(annotation, "segments_info", "list"), self.categories, None)
            uri = self._names.get(field(annotation, "image_id", "whole number", default=-1), name)
            return SceneGraph(Source("image", uri, height, width), nodes, (), self.categories.vocabulary)


def read_segments(
    png: str | Path,
    info: str | Path,
    image_size: tuple[int, int] | None = None,
    categories: str | Path | None = None,
) -> tuple[Vocabulary, tuple[Node, ...]]:
    """The segments of a panoptic PNG as nodes 0, 1, ... in the order of the list.

    A segment's `score` becomes that of the node; `iscrowd` becomes an attribute. Id 0 is void.

    Args:
        png: id = R + 256 G + 65536 B.
        info: JSON with the segments, in one of the forms that the module names. Of a file with
            several annotations the one that names this PNG (or a picture with its stem) is taken.
        image_size: (height, width) that the PNG must have.
        categories: COCO file, or JSON list of categories, for an `info` without names.

    Raises:
        InputError: a file cannot be read, the PNG has ids that are not listed or a listed id has no
            pixel, a category is unknown, or names are missing.
    """
    png, info = Path(png), Path(info)
    value = checked_json.read(info)
    with located(str(info)):
        where, segments, named = _segments(value, png)
        known = Categories.read(categories) if categories is not None else named
        if known is None:
            raise InputError(
                "the segments have category ids but no names; give the categories too: a COCO panoptic JSON, "
                'or a JSON list such as [{"id": 17, "name": "cat", "isthing": 1}, ...]'
            )
        with located(where):
            nodes, _ = _nodes(png, segments, known, image_size)
    return known.vocabulary, nodes


def panoptic_graph(
    image: str | Path, png: str | Path, info: str | Path, categories: str | Path | None = None
) -> SceneGraph:
    """A picture and its panoptic segmentation as a graph without relations.

    >>> panoptic_graph("cats.jpg", "cats_panoptic.png", "panoptic_val2017.json")  # doctest: +SKIP

    Args:
        image: the picture; its name becomes the name of the source.
        png: its panoptic PNG.
        info: the list of segments, see `read_segments`.
        categories: names for an `info` without names, see `read_segments`.

    Raises:
        InputError: as `read_segments`; or the picture cannot be read or has another size.
    """
    height, width, _ = read_image(image).shape
    vocabulary, nodes = read_segments(png, info, (height, width), categories)
    return SceneGraph(Source("image", Path(image).name, height, width), nodes, (), vocabulary)


def _picture_names(images: list[Any]) -> dict[int, str]:
    names = {}
    for position, image in enumerate(images):
        where = f"images[{position}]"
        image_id = field(checked(image, "object", where), "id", "whole number", where)
        names[image_id] = field(image, "file_name", "text", where)
    return names


def _segments(value: Any, png: Path) -> tuple[str, list[Any], Categories | None]:
    """Where the list of segments stands, the list, and the categories beside it if there are any."""
    if isinstance(value, list):
        return "segments", value, None
    checked(value, "object", "the file")
    named = Categories(field(value, "categories", "list")) if "categories" in value else None
    if "segments_info" in value:
        return "segments_info", field(value, "segments_info", "list"), named
    annotations = field(value, "annotations", "list")
    index = _matching(annotations, png)
    where = f"annotations[{index}]"
    annotation = checked(annotations[index], "object", where)
    return f"{where}.segments_info", field(annotation, "segments_info", "list", where), named


def _matching(annotations: list[Any], png: Path) -> int:
    names = [
        Path(str(annotation.get("file_name", ""))) if isinstance(annotation, dict) else Path()
        for annotation in annotations
    ]
    exact = [index for index, name in enumerate(names) if name.name == png.name]
    similar = exact or [index for index, name in enumerate(names) if name.stem == png.stem]
    if len(similar) != 1 and len(annotations) != 1:
        found = "none" if not similar else f"{len(similar)}"
        raise InputError(f"{found} of the {len(annotations)} annotations names {png.name}; expected exactly one")
    return similar[0] if similar else 0


def _nodes(
    png: Path, segments: list[Any], categories: Categories, image_size: tuple[int, int] | None
) -> tuple[tuple[Node, ...], tuple[int, int]]:
    ids, found = [], []
    for position, segment in enumerate(segments):
        where = f"[{position}]"
        checked(segment, "object", where)
        ids.append(field(segment, "id", "whole number", where))
        category = field(segment, "category_id", "whole number", where)
        if category not in categories.positions:
            raise InputError(
                f"{where}.category_id: {category} is not one of the {len(categories.positions)} categories"
            )
        score = float(field(segment, "score", "number", where, 1.0))
        found.append((categories.positions[category], score, {"iscrowd": True} if segment.get("iscrowd") else {}))
    if len(set(ids)) < len(ids):
        raise InputError(f"ids stand there twice: {some(sorted({i for i in ids if ids.count(i) > 1}))}")
    id_map = read_id_map(png)
    height, width = id_map.shape
    if image_size is not None and (height, width) != tuple(image_size):
        raise InputError(
            f"{png} is {height} x {width} pixels (height x width), the picture {image_size[0]} x {image_size[1]}; "
            "they must belong together and have one size"
        )
    masks = listed_masks(id_map, ids, str(png))
    nodes = tuple(
        Node(position, category, Segment(masks[segment_id]), score, attributes)
        for position, (segment_id, (category, score, attributes)) in enumerate(zip(ids, found, strict=True))
    )
    return nodes, (height, width)
