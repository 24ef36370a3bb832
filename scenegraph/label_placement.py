"""Where to write the names of segments so that they can be read and told apart."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float64, Int

# What a label's place is worth, in shares: of the label that lies on its own segment, of the label
# that lies on other labels, of segments that it hides, and of the picture's diagonal that it is away
# from its segment. Found by looking at crowded pictures.
_ON_OWN, _ON_LABELS, _HIDES_OWN, _HIDES_OTHERS, _AWAY = 1.0, 3.0, 0.8, 0.5, 1.5
_HIDES_KEPT = 4.0
"""In place of the two `_HIDES` where segments are to stay visible."""

_MOVES, _FAR = 0.5, 0.12
"""What it costs that a label moves, in full from this share of the picture's diagonal on."""

_FREE_SHARE = 0.25
"""A label may hide this share of its own segment at no cost."""

_MOST_OVERLAP = 0.15
"""A label of which more lies on other labels is left out."""

_MOST_COVERED = 0.25
"""No more labels once they cover this share of the picture: it should still be seen."""


def place_labels(
    ids: Int[np.ndarray, "rows columns"],
    order: Sequence[int],
    sizes: Sequence[tuple[int, int]],
    keep_visible: bool = False,
    kept: Mapping[int, tuple[int, int]] | None = None,
) -> dict[int, tuple[int, int]]:
    """The upper left cell of the label of every segment that gets one.

    Labels are placed one after the other, each where it covers its own segment best, other labels
    and small segments least. Time grows with cells times labels; some hundred cells a side do.

    Args:
        ids: segment of every cell of a coarse grid over the picture, -1 for none.
        order: segments, the most important first.
        sizes: (rows, columns) of the label of every segment of `order`.
        keep_visible: rather write beside small segments than on them; for pictures of few segments.
        kept: (row, column) by segment where its label was in the picture before; it moves only where
            that is clearly better.

    Returns:
        (row, column) by segment. Segments without a cell, labels that would lie on others, and the
        last ones of a crowded picture are left out.
    """
    rows, columns = ids.shape
    hides_own, hides_others = (_HIDES_KEPT, _HIDES_KEPT) if keep_visible else (_HIDES_OWN, _HIDES_OTHERS)
    areas = np.bincount(ids[ids >= 0], minlength=max([*order, int(ids.max(initial=0))]) + 1)
    shares = np.where(ids >= 0, 1 / np.maximum(areas, 1)[ids], 0.0)  # of its segment, that a cell is
    all_shares = _table(shares)
    occupied = np.zeros(ids.shape, dtype=bool)
    places: dict[int, tuple[int, int]] = {}
    for segment, (height, width) in zip(order, sizes, strict=True):
        if occupied.mean() > _MOST_COVERED:
            break
        own = ids == segment
        if height > rows or width > columns or not own.any():
            continue
        size = (height, width)
        on_own = _window_sums(_table(own), size)
        on_labels = _window_sums(_table(occupied), size) / (height * width)
        hidden = on_own / areas[segment]
        value = (
            _ON_OWN * on_own / (height * width)
            - _ON_LABELS * on_labels
            - hides_own * np.maximum(hidden - _FREE_SHARE, 0)
            - hides_others * np.minimum(_window_sums(all_shares, size) - hidden, 1)
            - _AWAY * _distance(own, size)
        )
        if kept and segment in kept:
            value -= _MOVES * np.minimum(_steps(kept[segment], value.shape) / (_FAR * np.hypot(rows, columns)), 1)
        row, column = (int(place) for place in np.unravel_index(value.argmax(), value.shape))
        if on_labels[row, column] <= _MOST_OVERLAP:
            places[segment] = (row, column)
            occupied[row : row + height, column : column + width] = True
    return places


def _table(values: Float64[np.ndarray, "rows columns"] | Bool[np.ndarray, "rows columns"]) -> np.ndarray:
    """Sums of everything above and left of every corner."""
    return np.pad(values.cumsum(0, dtype=np.float64).cumsum(1), ((1, 0), (1, 0)))


def _window_sums(table: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Sums over every window of a size, by its upper left cell."""
    height, width = size
    return table[height:, width:] - table[:-height, width:] - table[height:, :-width] + table[:-height, :-width]


def _steps(start: tuple[int, int], shape: tuple[int, ...]) -> np.ndarray:
    """From every window to one, in cells."""
    return np.hypot((np.arange(shape[0]) - start[0])[:, None], np.arange(shape[1]) - start[1])


def _distance(own: Bool[np.ndarray, "rows columns"], size: tuple[int, int]) -> np.ndarray:
    """From the middle of every window to the middle of the segment, in diagonals of the grid."""
    rows, columns = np.nonzero(own)
    down = np.arange(own.shape[0] - size[0] + 1) + (size[0] - 1) / 2 - rows.mean()
    right = np.arange(own.shape[1] - size[1] + 1) + (size[1] - 1) / 2 - columns.mean()
    return np.hypot(down[:, None], right) / np.hypot(*own.shape)
