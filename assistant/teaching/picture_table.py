"""The pictures of MIMIC-IT: a table of base64 texts by picture id, as its trainers read it.

Li et al., MIMIC-IT: multi-modal in-context instruction tuning, 2023, and the loader published with it: a
Parquet file with one column, `base64` (the address-safe alphabet), whose index are the ids that the
instructions name. Rows are written as they come; a data set of many gigabytes takes little memory.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.teaching.samples import Sample
from scenegraph import InputError
from scenegraph.storage import replacing

SHOWN_FRAMES = 8
"""Frames of a video that stand for it, spread evenly; MIMIC-IT's dense captions show as many and more."""

ROWS = 64
"""Pictures that are written at a time."""

_INDEX = "__index_level_0__"

Frames = Mapping[str, Sequence[int]]
"""The frames that stand for a video, by its uri."""


def shown_frames(num_frames: int, most: int = SHOWN_FRAMES) -> list[int]:
    """At most so many frames, the first and the last among them.

    >>> shown_frames(5, 3), shown_frames(2), shown_frames(1)
    ([0, 2, 4], [0, 1], [0])
    """
    return sorted(set(np.linspace(0, num_frames - 1, min(most, num_frames)).round().astype(int).tolist()))


def picture_ids(media: str, frames: Frames | None = None) -> list[str]:
    """The ids of the pictures of a medium: of a video whose frames are known, one each.

    >>> picture_ids("a.jpg"), picture_ids("v.mp4", {"v.mp4": [0, 9]})
    (['GG_IMG_a.jpg'], ['GG_IMG_v.mp4#frame=0', 'GG_IMG_v.mp4#frame=9'])
    """
    if frames is None or media not in frames:
        return [f"GG_IMG_{media}"]
    return [f"GG_IMG_{media}#frame={frame}" for frame in frames[media]]


def wanted(samples: Iterable[Sample]) -> dict[str, set[int | None]]:
    """What samples show, by uri: single frames of a video ("differences"), or None for all of the medium."""
    found: dict[str, set[int | None]] = {}
    for sample in samples:
        for media in sample.media:
            uri, mark, frame = media.rpartition("#frame=")
            if mark and frame.isdecimal():
                found.setdefault(uri, set()).add(int(frame))
            else:
                found.setdefault(media, set()).add(None)
    return found


def write_table(path: Path, pictures: Iterable[tuple[str, bytes]]) -> int:
    """Write pictures; gives how many there are.

    Args:
        path: of the table.
        pictures: ids, each once, and the bytes of picture files.

    Raises:
        InputError: pyarrow is not installed, or the disk is full.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError("a table of pictures needs pyarrow: pip install 'groundgraph[video]'") from None
    schema = pa.schema([("base64", pa.string()), (_INDEX, pa.string())], metadata={"pandas": json.dumps(_pandas())})
    written = 0
    rows: list[dict[str, str]] = []
    with replacing(path) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        for identity, content in pictures:
            rows.append({"base64": base64.urlsafe_b64encode(content).decode(), _INDEX: identity})
            if len(rows) == ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
            written += 1
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return written


def _pandas() -> dict[str, object]:
    """What tells pandas that the ids are the index."""
    columns = [
        {"name": name, "field_name": field, "pandas_type": "unicode", "numpy_type": "object", "metadata": None}
        for name, field in (("base64", "base64"), (None, _INDEX))
    ]
    return {"index_columns": [_INDEX], "column_indexes": [], "columns": columns, "pandas_version": "2.0.0"}
