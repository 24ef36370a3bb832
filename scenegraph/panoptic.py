"""Panoptic id maps: one picture whose pixels name their segment.

On disk (COCO panoptic) an id is stored in the colour of a PNG, id = R + 256 G + 65536 B; palette
and grey PNGs (PVSG) hold the id as the pixel value.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float64, Int32, Int64, Integer, UInt8
from PIL import Image, UnidentifiedImageError

from scenegraph.errors import InputError
from scenegraph.masks import MAX_PIXELS, Mask
from scenegraph.storage import write_atomically


def rgb_to_id(colours: UInt8[np.ndarray, "height width 3"]) -> Int32[np.ndarray, "height width"]:
    """Colours to ids."""
    wide = colours.astype(np.int32)
    return wide[..., 0] + 256 * wide[..., 1] + 65536 * wide[..., 2]


def id_to_rgb(ids: Integer[np.ndarray, "height width"]) -> UInt8[np.ndarray, "height width 3"]:
    """Ids (0 to 2**24 - 1) to colours.

    Raises:
        InputError: an id does not fit in 24 bits.
    """
    if ids.size and (ids.min() < 0 or ids.max() >= 1 << 24):
        raise InputError(f"ids {ids.min()} to {ids.max()} do not fit in a PNG; expected 0 to {(1 << 24) - 1}")
    colours = np.empty((*ids.shape, 3), dtype=np.uint8)  # in row order whatever the order of `ids`: encoders need it
    for channel in range(3):
        colours[..., channel] = (ids >> 8 * channel) & 255
    return colours


def read_id_map(path: str | Path) -> Int32[np.ndarray, "height width"]:
    """Read a panoptic PNG: colour as 24-bit id, palette or grey as the pixel value.

    Raises:
        InputError: the file is missing, is no picture, is cut off, or is larger than `MAX_PIXELS`.
    """
    path = Path(path)
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InputError(f"{path}: {picture.width} x {picture.height} pixels; at most {MAX_PIXELS:,} are read")
            if picture.mode in ("P", "L", "I", "I;16", "1"):
                return np.array(picture).astype(np.int32)
            return rgb_to_id(np.array(picture.convert("RGB")))
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; expected a panoptic PNG") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InputError(f"{path}: the picture claims too many pixels; at most {MAX_PIXELS:,} are read") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: not a readable picture ({error}); expected a panoptic PNG") from None


def id_map_png(ids: Integer[np.ndarray, "height width"], compress_level: int = 6) -> bytes:
    """An id map as the bytes of a COCO panoptic PNG; level 1 is quickest to write, 9 smallest."""
    buffer = io.BytesIO()
    Image.fromarray(id_to_rgb(ids)).save(buffer, format="PNG", compress_level=compress_level)
    return buffer.getvalue()


def write_id_map(path: str | Path, ids: Integer[np.ndarray, "height width"]) -> None:
    """Write an id map as a COCO panoptic PNG, atomically."""
    write_atomically(path, id_map_png(ids))


def masks_from_ids(
    ids: Integer[np.ndarray, "height width"], wanted: Sequence[int] | Int64[np.ndarray, " n"]
) -> list[Mask]:
    """The masks of the wanted ids, from one pass over the runs of the map.

    An id that no pixel has gives an empty mask.
    """
    height, width = ids.shape
    flat = ids.ravel(order="F")
    edges = np.concatenate(([0], np.flatnonzero(flat[1:] != flat[:-1]) + 1, [flat.size]))
    if not flat.size:
        return [Mask(height, width, np.zeros(0, dtype=np.int64)) for _ in wanted]
    owners = flat[edges[:-1]]
    order = np.argsort(owners, kind="stable")
    ordered = owners[order]
    wanted = np.asarray(wanted, dtype=np.int64)
    first = np.searchsorted(ordered, wanted, side="left")
    after = np.searchsorted(ordered, wanted, side="right")
    masks = []
    for low, high in zip(first, after, strict=True):
        runs = order[low:high]
        boundaries = np.stack([edges[runs], edges[runs + 1]], axis=1).ravel()
        counts = np.diff(np.concatenate(([0], boundaries, [flat.size])))
        masks.append(Mask(height, width, counts))
    return masks


def joint_histogram(
    first: Integer[np.ndarray, "height width"], second: Integer[np.ndarray, "its_height its_width"], n: int, m: int
) -> Int64[np.ndarray, "n m"]:
    """Pixels for every pair of ids of two maps with ids 0 to n - 1 and 0 to m - 1, in one pass.

    Pixels whose id lies outside the range (-1 for void, say) are left out.

    Raises:
        InputError: the maps differ in size.

    >>> joint_histogram(np.array([[0, 1]]), np.array([[0, 0]]), 2, 1).tolist()
    [[1], [1]]
    """
    if first.shape != second.shape:
        raise InputError(f"id maps of {first.shape} and {second.shape} pixels cannot be compared")
    # Index 0 collects what lies outside. The sums are wide, for maps of small integers may hold their largest.
    rows = np.where((first >= 0) & (first < n), np.add(first, 1, dtype=np.int64), 0)
    columns = np.where((second >= 0) & (second < m), np.add(second, 1, dtype=np.int64), 0)
    counts = np.bincount((rows * (m + 1) + columns).ravel(), minlength=(n + 1) * (m + 1))
    return counts.reshape(n + 1, m + 1)[1:, 1:].astype(np.int64)


def id_map_iou(
    first: Integer[np.ndarray, "height width"], second: Integer[np.ndarray, "its_height its_width"], n: int, m: int
) -> Float64[np.ndarray, "n m"]:
    """Intersection over union of every pair of segments of two id maps; 0 where both are empty.

    Raises:
        InputError: the maps differ in size.
    """
    shared = joint_histogram(first, second, n, m)
    areas_first = np.bincount(first[(first >= 0) & (first < n)], minlength=n)
    areas_second = np.bincount(second[(second >= 0) & (second < m)], minlength=m)
    union = areas_first[:, None] + areas_second[None, :] - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)
