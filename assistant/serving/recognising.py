"""Sent pictures that are those of a served graph: they are answered from that graph, without any model.

A client that sends pictures (a benchmark, a page) cannot name the graph of each of them. Pictures are
compared by their pixels, so that a picture that was encoded again without loss is still known.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from jaxtyping import UInt8

from scenegraph import InputError
from scenegraph.images import read_image


class KnownPictures:
    """Graph names by the pixels of their pictures.

    Args:
        pictures: names of graphs, each with one of its pictures; of videos every frame is one.
    """

    def __init__(self, pictures: Iterable[tuple[str, UInt8[np.ndarray, "height width 3"]]] = ()) -> None:
        self._names: dict[bytes, str | None] = {}
        for name, picture in pictures:
            key = _digest(picture)
            # One picture under two graphs says nothing about which one is meant.
            self._names[key] = name if self._names.get(key, name) == name else None

    def __len__(self) -> int:
        return len(self._names)

    def name_of(self, content: bytes) -> str | None:
        """The name of the graph of a picture file; None if no graph has this picture.

        Raises:
            InputError: it is no picture, or several graphs have it.
        """
        key = _digest(read_image(content))
        if key in self._names and self._names[key] is None:
            raise InputError("several graphs have this very picture; name the one that is meant as the model")
        return self._names.get(key)


def _digest(picture: UInt8[np.ndarray, "height width 3"]) -> bytes:
    """A digest of size and pixels."""
    height, width = picture.shape[:2]
    return hashlib.blake2b(
        np.ascontiguousarray(picture).data, key=f"{height}x{width}".encode(), digest_size=16
    ).digest()
