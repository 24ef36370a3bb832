"""What the two layouts share: tubes from id maps, relations by name, files of frames."""

import io
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Int, Int32, UInt8
from PIL import Image

from scenegraph.checked_json import field
from scenegraph.decoding import MAX_FRAMES
from scenegraph.errors import InputError
from scenegraph.formats.pvsg.reader import everywhere, present_ids
from scenegraph.formats.stored_relations import StoredRelation, usable
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.masks import Mask, overlapping, paint
from scenegraph.panoptic import masks_from_ids
from scenegraph.regions import Segment, Tube
from scenegraph.spans import Span, merge
from scenegraph.storage import write_atomically
from scenegraph.vocabulary import Vocabulary

Row = tuple[int, str, int, int, int]
"""A stored relation: subject id, predicate name, object id, first and last frame, both included."""

RGB = UInt8[np.ndarray, "height width 3"]
Depth = Float32[np.ndarray, "rows columns"]


def write_picture(path: Path, picture: np.ndarray, form: str, **options: Any) -> None:
    """Write an array as a picture file, whole or not at all."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format=form, **options)
    write_atomically(path, buffer.getvalue(), durable=False)


def write_array(path: Path, **arrays: np.ndarray) -> None:
    """Write one array as .npy or named arrays as .npz, whole or not at all."""
    buffer = io.BytesIO()
    if path.suffix == ".npy":
        (array,) = arrays.values()
        np.save(buffer, array, allow_pickle=False)
    else:
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    write_atomically(path, buffer.getvalue(), durable=False)


def read_array(path: Path, key: str | None = None) -> np.ndarray:
    """A .npy array of numbers, or the array of a name in a .npz file; pickled objects are refused.

    Raises:
        InputError: the file is missing, cut off, of another kind, lacks the name, or holds no real numbers.
    """
    try:
        with path.open("rb") as stream:
            loaded = np.load(stream, allow_pickle=False)
            if isinstance(loaded, np.ndarray) != (key is None):
                expected = "one array (.npy)" if key is None else f"named arrays (.npz), among them {key!r}"
                raise InputError(f"{path}: expected {expected}")
            if key is not None and key not in loaded:
                raise InputError(f"{path}: there is no array {key!r}; it has {', '.join(loaded)}")
            array = np.asarray(loaded if key is None else loaded[key])
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except InputError:
        raise
    except Exception as error:  # numpy and zipfile raise many kinds for a file that is cut off
        raise InputError(f"{path}: not a readable numpy file ({error}); is it cut off?") from None
    if array.dtype.kind not in "biuf":
        raise InputError(f"{path}: an array of {array.dtype.name}; expected real numbers")
    return array


def read_ids(path: Path, key: str | None = None) -> Int32[np.ndarray, "..."]:
    """The ids that an array stores, whatever kind of numbers it has; see `read_array`.

    Raises:
        InputError: as `read_array`, or a number is no whole one of 32 bits.
    """
    stored = read_array(path, key)
    ids = np.nan_to_num(stored).clip(-(2**31), 2**31 - 1).astype(np.int32)
    wrong = int((ids != stored).sum())
    if wrong:
        raise InputError(f"{path}: {wrong} pixels hold no whole number of 32 bits; expected ids of objects, 0: none")
    return ids


def check_graph(graph: SceneGraph, vocabulary: Vocabulary, posed: bool = True) -> None:
    """Refuse a graph that the layouts cannot hold.

    Raises:
        InputError: it is no RGB-D graph, has no camera, another vocabulary, or nodes without masks.
    """
    source = graph.source
    if source.kind != "rgbd" or source.camera is None or (posed and source.camera.poses is None):
        raise InputError(
            f"{source.uri!r} is {source.kind} and {'has no' if source.camera is None else 'has a'} camera; "
            "PSG4D needs an RGB-D graph whose source has a camera with poses"
        )
    if source.camera.poses is not None and len(source.camera.poses) != source.num_frames:
        raise InputError(f"{source.uri!r} has {source.num_frames} frames and {len(source.camera.poses)} camera poses")
    if graph.vocabulary is not vocabulary and graph.vocabulary != vocabulary:
        raise InputError(f"{source.uri!r} has another vocabulary than the data set; ids would be mixed up")


def id_map(graph: SceneGraph, frame: int, numbers: Mapping[int, int]) -> Int32[np.ndarray, "height width"]:
    """The ids that a frame's pixels get: `numbers` of their nodes, 0 where there is none.

    Raises:
        InputError: a node has a box only, or masks overlap.
    """
    masks, lookup = [], [0]
    for node in graph.nodes:
        segment = node.region.segment(frame)
        if segment is None:
            continue
        if segment.mask is None:
            raise InputError(f"node {node.id} of {graph.source.uri!r} has a box and no mask in frame {frame}")
        masks.append(segment.mask)
        lookup.append(numbers[node.id])
    if overlapping(masks):
        raise InputError(f"masks of {graph.source.uri!r} overlap in frame {frame}; one id a pixel can be stored")
    return np.array(lookup, dtype=np.int32)[paint(masks, *graph.source.size) + 1]


def check_frame(graph: SceneGraph, number: int, rgb: RGB, depth: Depth) -> None:
    """Refuse pictures that are not those of the source.

    Raises:
        InputError: colour or depth has another size or kind, or depth is negative or not finite.
    """
    size = graph.source.size
    if rgb.dtype != np.uint8 or rgb.shape != (*size, 3):
        raise InputError(f"frame {number}: colour is {rgb.dtype} {rgb.shape}; expected uint8 {(*size, 3)}")
    if depth.shape != size:
        raise InputError(f"frame {number}: depth is {depth.shape} (height, width); colour is {size}")
    if not np.isfinite(depth).all() or (depth < 0).any():
        raise InputError(
            f"frame {number}: depth holds numbers that are negative or not finite; expected metres, 0: none"
        )


def rows_of(graph: SceneGraph, numbers: Mapping[int, int]) -> list[Row]:
    """One row a relation and span; a relation without spans holds in all frames."""
    whole = (Span(0, graph.source.num_frames),)
    return [
        (numbers[r.subject], graph.predicate_name(r), numbers[r.object], span.start, span.stop - 1)
        for r in graph.relations
        for span in r.spans or whole
    ]


def build_graph(
    source: Source,
    vocabulary: Vocabulary,
    categories: Mapping[int, int],
    rows: Sequence[Row],
    read_ids: Callable[[int], Int[np.ndarray, "height width"]] | None,
    objects: Mapping[int, int] | None = None,
) -> SceneGraph:
    """A graph of tubes from what a file lists.

    Args:
        source: what the graph describes.
        vocabulary: names of the file.
        categories: category by object id.
        rows: the relations.
        read_ids: from a frame to the ids of its pixels; None leaves masks out: every object then stands for the
            whole picture in all frames and has the attribute `located: false`.
        objects: object id by id of pixels; None where they are the same.

    Rows of one triple become one relation, touching spans one span. Pixels whose id no object has
    stay unlabelled. The metadata names what the graph cannot hold: `unlisted_ids`, `unseen_objects`
    and the notes of `stored_relations.usable`.

    Raises:
        InputError: a mask has another size, a relation names an unlisted object, or its last frame
            comes before its first.
    """
    if read_ids is None:
        tubes, unlisted = everywhere(source, categories), set[int]()
    else:
        objects = {number: number for number in categories} if objects is None else objects
        tubes, unlisted = _tubes(source, read_ids, objects)
    relations, notes = usable(_triples(rows, categories), vocabulary, tubes.keys(), source.num_frames)
    unseen = [number for number in categories if number not in tubes]
    attributes = {"located": False} if read_ids is None else {}
    nodes = (Node(n, category, tubes[n], attributes=attributes) for n, category in categories.items() if n in tubes)
    return SceneGraph(
        source,
        tuple(nodes),
        tuple(relations),
        vocabulary,
        ({"unlisted_ids": sorted(unlisted)} if unlisted else {})
        | ({"unseen_objects": unseen} if unseen else {})
        | notes,
    )


def _tubes(
    source: Source, read_ids: Callable[[int], Int[np.ndarray, "height width"]], objects: Mapping[int, int]
) -> tuple[dict[int, Tube], set[int]]:
    """Tubes by object id, and the ids of pixels that no object has."""
    segments: dict[int, dict[int, Segment]] = {}
    unlisted: set[int] = set()
    for frame in range(source.num_frames):
        ids = read_ids(frame)
        found, unknown = frame_masks(source, ids, objects, frame)
        unlisted |= unknown
        for number, mask in found.items():
            segments.setdefault(number, {})[frame] = Segment(mask)
    return {number: Tube(each) for number, each in segments.items()}, unlisted


def frame_masks(
    source: Source, ids: Int[np.ndarray, "height width"], objects: Mapping[int, int], frame: int
) -> tuple[dict[int, Mask], set[int]]:
    """The masks of one frame by object id, and the ids of pixels that no object has.

    Raises:
        InputError: the map has another size than the source.
    """
    if ids.shape != source.size:
        turned = "; HOI stores masks transposed: is this one upright?" if ids.shape == source.size[::-1] else ""
        raise InputError(
            f"the mask of frame {frame} has {ids.shape} pixels (height, width); expected {source.size}, "
            f"the size of the colour pictures{turned}"
        )
    present = [number for number in present_ids(ids).tolist() if number]
    listed = [number for number in present if number in objects]
    masks = masks_from_ids(ids, listed)
    return {objects[number]: mask for number, mask in zip(listed, masks, strict=True)}, set(present) - set(listed)


def _triples(rows: Sequence[Row], listed: Container[int]) -> list[StoredRelation]:
    """One relation a triple, with the spans of all its rows."""
    spans: dict[tuple[int, str, int], list[Span]] = {}
    for position, (subject, predicate, object_, first, last) in enumerate(rows):
        for end in (subject, object_):
            if end not in listed:
                raise InputError(f"relation {position} names object {end}, which is not listed")
        if not 0 <= first <= last:
            raise InputError(f"relation {position} lasts from {first} to {last}; expected 0 <= first <= last")
        spans.setdefault((subject, predicate, object_), []).append(Span.inclusive(first, last))
    return [StoredRelation(*triple, merge(listed), list(triple)) for triple, listed in spans.items()]


def stated_size(meta: Mapping[str, Any]) -> tuple[int, int] | None:
    """(height, width) that a record states, None where it does not.

    Raises:
        InputError: they are no whole numbers.
    """
    if "height" not in meta or "width" not in meta:
        return None
    return field(meta, "height", "whole number", "meta"), field(meta, "width", "whole number", "meta")


def num_frames(meta: Mapping[str, Any], folder: Path, pictures: str) -> int:
    """Frames that a record states, else how many pictures of a pattern a folder has.

    Raises:
        InputError: neither is there, or the number is below 1 or above `MAX_FRAMES`.
    """
    if "num_frames" in meta:
        count = int(field(meta, "num_frames", "whole number", "meta"))
        if not 1 <= count <= MAX_FRAMES:
            raise InputError(f"meta.num_frames: {count}; expected 1 to {MAX_FRAMES:,}")
        return count
    count = len(list(folder.glob(pictures))) if folder.is_dir() else 0
    if not count:
        raise InputError(f"{folder}: there are no pictures ({pictures})")
    return count


def predicates_of(stated: Sequence[str] | None, used: Iterable[str]) -> tuple[str, ...]:
    """The predicate names of a file: as it states them, else in the order of their first use."""
    return tuple(stated) if stated is not None else tuple(dict.fromkeys(used))
