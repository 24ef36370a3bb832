"""Parquet files as the `datasets` library reads them, with pictures as a feature."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from scenegraph.storage import replacing

_PICTURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_TYPES: dict[str, tuple[pa.DataType, Any]] = {
    "text": (pa.string(), {"dtype": "string", "_type": "Value"}),
    "whole": (pa.int64(), {"dtype": "int64", "_type": "Value"}),
    "flag": (pa.bool_(), {"dtype": "bool", "_type": "Value"}),
    "texts": (pa.list_(pa.string()), {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"}),
    "wholes": (pa.list_(pa.int64()), {"feature": {"dtype": "int64", "_type": "Value"}, "_type": "List"}),
    "picture": (_PICTURE, {"_type": "Image"}),
    "pictures": (pa.list_(_PICTURE), {"feature": {"_type": "Image"}, "_type": "List"}),
}


def encoded(picture: np.ndarray) -> dict[str, Any]:
    """A picture (height x width x 3, uint8) as a stored PNG."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return {"bytes": content.getvalue(), "path": None}


def write_rows(path: Path, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table.

    Args:
        path: made with its folders.
        kinds: column to its kind (text, whole, flag, texts, wholes, picture, pictures).
        rows: with these columns.
    """
    features = {name: _TYPES[kind][1] for name, kind in kinds.items()}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    schema = pa.schema([(name, _TYPES[kind][0]) for name, kind in kinds.items()], metadata=metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema), temporary)


def write_card(folder: Path, configurations: Mapping[str, str], split: str) -> None:
    """Say in README.md which files belong to which configuration of a data set."""
    lines = ["---", "configs:"]
    for name, file in configurations.items():
        lines += [f"- config_name: {name}", "  data_files:", f"  - split: {split}", f"    path: {file}"]
    (folder / "README.md").write_text("\n".join([*lines, "---", ""]), encoding="utf-8")
