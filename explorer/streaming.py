"""Tables of an index read piece by piece: however long they are, one row group of each is in memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Int64

from scenegraph import InputError


class ItemTable:
    """A table in item order, of which the row groups that hold wanted items are read.

    Args:
        path: a table that `explorer.columns.write_table` wrote, with the column `item`.
        columns: what to read of it, beside `item`.
        opened: the same table, opened before with other columns: what is known of the file is then kept once.

    Raises:
        InputError: the file is missing, damaged, or lacks a column; also while it is read.
    """

    def __init__(self, path: Path, columns: Sequence[str], opened: "ItemTable | None" = None) -> None:
        self.path = path
        self.columns = ["item", *columns]
        try:
            self._file = pq.ParquetFile(path) if opened is None else opened._file
            self._extents = [*self._first_and_last()]
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(error) from None
        missing = set(self.columns) - set(self._file.schema_arrow.names)
        if missing:
            raise InputError(f"{path}: lacks the columns {', '.join(sorted(missing))}; build the index again")
        self._number = -1
        self._items: Int64[np.ndarray, " rows"] = np.zeros(0, dtype=np.int64)
        self._values: list[np.ndarray] = []

    def groups(self, first: int = 0, stop: int | None = None) -> Iterator[pa.Table]:
        """The row groups with items from `first` up to, but not with, `stop`; their ends may hold others too."""
        for number, (least, most) in enumerate(self._extents):
            if most >= first and (stop is None or least < stop):
                yield self._read(number)

    def of(self, item: int) -> Iterator[tuple[Any, ...]]:
        """The rows of one item without `item`, as Python values; they may lie across the border of two groups.

        Fast where items are asked for in ascending order: a group is then read once.
        """
        for number, (least, most) in enumerate(self._extents):
            if least <= item <= most:
                self._turn_to(number)
                start, stop = np.searchsorted(self._items, (item, item + 1))
                yield from zip(*(values[start:stop].tolist() for values in self._values), strict=True)

    def _first_and_last(self) -> Iterator[tuple[int, int]]:
        metadata = self._file.metadata
        column = self._file.schema_arrow.get_field_index("item")
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            if group.num_rows:
                stored = group.column(column).statistics
                yield int(stored.min), int(stored.max)

    def _turn_to(self, number: int) -> None:
        if number != self._number:
            table = self._read(number)
            self._items, *self._values = (table[name].to_numpy() for name in self.columns)
            self._number = number

    def _read(self, number: int) -> pa.Table:
        try:
            # One thread: every further one keeps memory of its own for what it has decoded.
            return self._file.read_row_group(number, columns=self.columns, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> InputError:
        return InputError(f"{self.path}: not a readable table ({error}); build the index again")
