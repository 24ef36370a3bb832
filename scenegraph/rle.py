"""COCO's compressed run-length text: run lengths to and from a short ASCII string.

Each number is written in groups of five bits, lowest first, with a continuation bit and an offset
of 48; from the fourth number on the difference to the number two places before is stored. (The
format is defined by the COCO API; this is an independent vectorised implementation.)
"""

import numpy as np
from jaxtyping import Int64

from scenegraph.errors import InputError

_OFFSET = 48
_MORE = 0x20
_SIGN = 0x10


def encode_counts(counts: Int64[np.ndarray, " runs"]) -> str:
    """Run lengths to COCO's text.

    >>> encode_counts(np.array([2, 3, 4]))
    '234'
    """
    values = counts.astype(np.int64)
    values[3:] -= counts[1:-2]
    groups = np.empty((len(values), 7), dtype=np.int64)
    needed = np.ones(len(values), dtype=np.int64)
    rest = values
    for place in range(groups.shape[1]):
        low = rest & 0x1F
        rest = rest >> 5
        done = np.where(low & _SIGN, rest == -1, rest == 0)
        groups[:, place] = np.where(done, low, low | _MORE)
        if done.all():  # after two or three places: runs are short
            break
        needed += (needed == place + 1) & ~done
    written = np.arange(groups.shape[1]) < needed[:, None]
    return (groups[written] + _OFFSET).astype(np.uint8).tobytes().decode("ascii")


def decode_counts(text: str) -> Int64[np.ndarray, " runs"]:
    """COCO's text to run lengths.

    Raises:
        InputError: the text holds characters outside the alphabet or ends inside a number.
    """
    try:
        codes = np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.int64) - _OFFSET
    except UnicodeEncodeError:
        raise InputError("the run-length text holds characters that are not ASCII") from None
    if len(codes) == 0:
        return np.zeros(0, dtype=np.int64)
    if codes.min() < 0 or codes.max() >= 64:
        raise InputError("the run-length text holds characters outside '0' to 'o'")
    last = (codes & _MORE) == 0
    if not last[-1]:
        raise InputError("the run-length text ends inside a number; it was cut off")
    number = np.concatenate(([0], np.cumsum(last)[:-1]))
    first = np.concatenate(([0], np.flatnonzero(last)[:-1] + 1))
    place = np.arange(len(codes)) - first[number]
    if place.max() > 6:
        raise InputError("the run-length text holds a number of more than 35 bits")
    values = np.zeros(number[-1] + 1, dtype=np.int64)
    np.add.at(values, number, (codes & 0x1F) << (5 * place))
    ends = np.flatnonzero(last)
    negative = (codes[ends] & _SIGN) != 0
    values -= np.where(negative, np.int64(1) << (5 * (place[ends] + 1)), 0)
    # counts[i] = values[i] + counts[i - 2] from the fourth number on: two interleaved running sums.
    counts = values.copy()
    counts[1::2] = np.cumsum(values[1::2])
    counts[2::2] = np.cumsum(values[2::2])
    return counts
