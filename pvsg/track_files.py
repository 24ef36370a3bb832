"""The file of tracked segments: what stage one gives to stage two.

`NAME.tracks.parquet` is a Parquet file with one row for every track in every frame where it is seen,
ordered by frame, and a JSON header in the file's metadata; docs/reference/tracks.md describes it. It
is written and read some hundred rows at a time, so a video of any length takes the same memory.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float32

from pvsg.tracked_frames import FORMAT, METRES, TrackedFrame, TracksHeader
from scenegraph import InputError, Mask
from scenegraph.checked_json import located
from scenegraph.storage import replacing

SUFFIX = ".tracks.parquet"
ROWS = 1024
"""Rows of a row group: with features of 256 numbers and masks of some kilobytes a few megabytes."""
_KEY = b"tracks"
_NO_METRES = np.zeros((0, METRES), dtype=np.float32)
_FEATURE_TYPES = ("float32", "float16")


class TrackWriter:
    """Writes a file frame by frame; use it in a `with` block.

    At the end of the block the file is there, whole; if anything is raised in it, no file is left and
    one that was there stays as it was.

    >>> with TrackWriter("clip.tracks.parquet", header) as writer:  # doctest: +SKIP
    ...     for frame in tracked_frames:
    ...         writer.write(frame)

    Args:
        path: the file; its folder must exist.
        header: of the video; where `num_frames` is None it becomes the last frame's number + 1.
        feature_type: "float32", or "float16" for files of half the size (2 decimal digits fewer).

    Raises:
        InputError: the type is unknown, or the file cannot be written.
    """

    def __init__(self, path: str | Path, header: TracksHeader, feature_type: str = "float32") -> None:
        if feature_type not in _FEATURE_TYPES:
            raise InputError(f"feature_type={feature_type!r}; expected one of {', '.join(_FEATURE_TYPES)}")
        self.path, self.header = Path(path), header
        self._schema = _schema(header, feature_type)
        self._numbers = np.dtype(feature_type)
        self._stack = ExitStack()
        self._next = 0
        self._waiting: list[TrackedFrame] = []

    def __enter__(self) -> "TrackWriter":
        temporary = self._stack.enter_context(replacing(self.path))
        try:
            self._file = self._stack.enter_context(pq.ParquetWriter(temporary, self._schema, compression="zstd"))
        except BaseException as error:
            if not self._stack.__exit__(type(error), error, error.__traceback__):
                raise
        return self

    def write(self, frame: TrackedFrame) -> None:
        """Append a frame; numbers must rise, and frames that are left out count as frames without tracks.

        Raises:
            InputError: the frame comes too early or too late, its masks or features have another size,
                or a category is not in the vocabulary.
        """
        last = self.header.num_frames
        if frame.frame < self._next or (last is not None and frame.frame >= last):
            raise InputError(
                f"{self.path.name}: frame {frame.frame} came; expected {self._next} or later"
                + ("" if last is None else f", before {last}")
            )
        _check(frame, self.header)
        self._next = frame.frame + 1
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) >= ROWS:
            self._flush()

    def end(self, num_frames: int) -> None:
        """Say that the video has at least so many frames, where the header does not know their number."""
        self._next = max(self._next, num_frames)

    def _flush(self) -> None:
        rows = _batch(self._waiting, self._schema, self._numbers)
        self._waiting.clear()
        if rows.num_rows:
            self._file.write_batch(rows, row_group_size=ROWS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self._flush()
                frames = self._next if self.header.num_frames is None else self.header.num_frames
                written = replace(self.header, num_frames=frames)
                self._file.add_key_value_metadata({_KEY: json.dumps(written.as_json()).encode()})
            except BaseException as failure:
                self._stack.__exit__(type(failure), failure, failure.__traceback__)
                raise
        self._stack.__exit__(kind, error, trace)


def read_header(path: str | Path) -> TracksHeader:
    """The header of a file; `num_frames` is always known.

    Raises:
        InputError: the file is missing, cut off, or not of this format.
    """
    with opened(path) as file:
        return header_of(file)


def read_frames(path: str | Path) -> Iterator[TrackedFrame]:
    """All frames of a file in order, also those without tracks; some hundred rows are held at a time.

    Raises:
        InputError: the file is missing, cut off, not of this format, or holds values that no writer writes.
    """
    with opened(path) as file:
        header = header_of(file)
        following = 0
        for rows in _rows_of_frames(file):
            frame = int(rows["frame"][0].as_py())
            if not following <= frame < header.num_frames:
                raise InputError(f"frame {frame} came after {following - 1}; the video has {header.num_frames} frames")
            yield from _empty(range(following, frame), header)
            yield _frame(rows, header)
            following = frame + 1
        yield from _empty(range(following, header.num_frames), header)


def _empty(numbers: range, header: TracksHeader) -> Iterator[TrackedFrame]:
    return (TrackedFrame.empty(number, header.feature_size, header.metres) for number in numbers)


def _rows_of_frames(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """The rows of every frame that has some."""
    left: pa.Table | None = None
    for batch in file.iter_batches(batch_size=ROWS):
        table = pa.Table.from_batches([batch])
        if left is not None:
            table = pa.concat_tables([left, table]).combine_chunks()
        numbers = table["frame"].to_numpy()
        starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
        for start, stop in pairwise(starts):
            yield table.slice(start, stop - start)
        left = table.slice(starts[-1]) if len(starts) else None  # its frame may go on in the next batch
    if left is not None:
        yield left


def _schema(header: TracksHeader, feature_type: str) -> pa.Schema:
    number = pa.float32() if feature_type == "float32" else pa.float16()
    # Parquet has no lists of no numbers: without features there is no such column.
    optional = [("feature", pa.list_(number, header.feature_size))] if header.feature_size else []
    optional += [("metres", pa.list_(pa.float32(), METRES))] if header.metres else []
    columns = [
        ("frame", pa.int32()),
        ("track", pa.int64()),
        ("category", pa.int32()),
        ("score", pa.float32()),
        ("box", pa.list_(pa.float32(), 4)),
        ("mask", pa.binary()),
    ]
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns + optional])


def _batch(frames: Iterable[TrackedFrame], schema: pa.Schema, numbers: np.dtype) -> pa.RecordBatch:
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pa.RecordBatch.from_pylist([], schema=schema)
    columns: dict[str, Any] = {
        "frame": np.repeat([frame.frame for frame in frames], [len(frame) for frame in frames]),
        "track": np.concatenate([frame.tracks for frame in frames]),
        "category": np.concatenate([frame.categories for frame in frames]),
        "score": np.concatenate([frame.scores for frame in frames]),
        "box": np.concatenate([frame.boxes for frame in frames]),
        "mask": [str(mask.to_coco()["counts"]).encode() for frame in frames for mask in frame.masks],
        "feature": np.concatenate([frame.features for frame in frames]).astype(numbers),
        "metres": np.concatenate([_NO_METRES if frame.metres is None else frame.metres for frame in frames]),
    }
    return pa.RecordBatch.from_arrays([_column(columns[field.name], field.type) for field in schema], schema=schema)


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel(), kind.value_type), type=kind)
    return pa.array(values, kind)


def _check(frame: TrackedFrame, header: TracksHeader) -> None:
    where = f"{header.name}, frame {frame.frame}"
    if len(frame) and frame.masks[0].size != header.size:
        raise InputError(f"{where}: masks of {frame.masks[0].size} pixels; the video is {header.size}")
    if len(frame) and frame.features.shape[1] != header.feature_size:
        raise InputError(f"{where}: {frame.features.shape[1]} features a segment; expected {header.feature_size}")
    if len(frame) and (frame.metres is not None) != header.metres:
        raise InputError(f"{where}: comes {'without' if header.metres else 'with'} metres, unlike the header says")
    categories = len(header.vocabulary.categories)
    if len(frame) and not (frame.categories.min() >= 0 and frame.categories.max() < categories):
        raise InputError(f"{where}: category ids {sorted(set(frame.categories.tolist()))}; there are {categories}")
    if len(frame) and not (frame.scores.min() >= 0 and frame.scores.max() <= 1):
        raise InputError(f"{where}: scores {frame.scores.tolist()}; expected probabilities from 0 to 1")
    if not np.isfinite(frame.features).all():
        raise InputError(f"{where}: features that are not finite")


@contextmanager
def opened(path: str | Path) -> Iterator[pq.ParquetFile]:
    """The Parquet file; what goes wrong while it is read is an `InputError` that names it."""
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; expected NAME{SUFFIX}")
    with located(str(path)):
        try:
            with pq.ParquetFile(path) as file:
                yield file
        except (pa.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"not a whole Parquet file ({reason}); copy it again or make it anew") from None


def header_of(file: pq.ParquetFile) -> TracksHeader:
    """The header of an open file.

    Raises:
        InputError: the file holds something else, or tracks of another version.
    """
    text = (file.metadata.metadata or {}).get(_KEY)
    if text is None:
        raise InputError("a Parquet file of something else; expected tracks, as pvsg.tracks writes them")
    try:
        value = json.loads(text)
    except ValueError:
        raise InputError("the header is not JSON; the file was changed or is damaged") from None
    header = TracksHeader.of_json(value)
    found = file.schema_arrow.remove_metadata()
    if not any(found.equals(_schema(header, kind)) for kind in _FEATURE_TYPES):
        raise InputError(f"columns {', '.join(map(str, found))} are not those of {FORMAT}")
    return header


def numbers_of(column: pa.ChunkedArray, width: int) -> Float32[np.ndarray, "rows width"]:
    """A column of lists of numbers."""
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return flat.astype(np.float32).reshape(-1, width)


def _frame(rows: pa.Table, header: TracksHeader) -> TrackedFrame:
    number = int(rows["frame"][0].as_py())
    with located(f"frame {number}"):
        masks = [Mask.from_coco({"size": header.size, "counts": each}) for each in rows["mask"].to_pylist()]
        features = np.zeros((len(masks), 0), dtype=np.float32)
        frame = TrackedFrame(
            number,
            rows["track"].to_numpy(),
            rows["category"].to_numpy().astype(np.int64),
            rows["score"].to_numpy(),
            tuple(masks),
            numbers_of(rows["feature"], header.feature_size) if header.feature_size else features,
            numbers_of(rows["metres"], METRES) if header.metres else None,
        )
    _check(frame, header)
    return frame
