"""Vectors of category names: from a local GloVe file, else drawn at random and learned.

Pennington et al. 2014, "GloVe": a text file with a word and its numbers a line. Nothing is downloaded.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from scenegraph import InputError


def word_vectors(
    names: Sequence[str], dims: int, glove: str | Path | None = None, seed: int = 0
) -> Float[Tensor, "n {dims}"]:
    """A vector for every name, normally distributed where the file does not know it.

    A name of several words takes the vector of the longest that is known ("dining table": "dining").

    Args:
        names: of categories.
        dims: numbers a vector.
        glove: a GloVe file, for example glove.6B.200d.txt; None draws all vectors.
        seed: of the draws.

    Raises:
        InputError: the file is missing, is no GloVe file, or has vectors of another length.

    >>> word_vectors(["dog", "tree-merged"], 4).shape
    torch.Size([2, 4])
    """
    vectors = torch.randn(len(names), dims, generator=torch.Generator().manual_seed(seed))
    if glove is None:
        return vectors
    candidates = [_candidates(name) for name in names]
    known = dict(_read(Path(glove), dims, {word for words in candidates for word in words}))
    for position, words in enumerate(candidates):
        found = next((known[word] for word in words if word in known), None)
        if found is not None:
            vectors[position] = found
    return vectors


def _candidates(name: str) -> list[str]:
    """The name itself, then its words, the longest first."""
    plain = name.lower().strip()
    return [plain, *sorted(re.findall(r"[a-z]+", plain), key=len, reverse=True)]


def _read(path: Path, dims: int, wanted: set[str]) -> Iterator[tuple[str, Tensor]]:
    if not path.is_file():
        raise InputError(f"{path}: there is no such file of word vectors; leave `glove` out to learn them instead")
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                word, *numbers = line.rstrip().split(" ")
                if number == 1 and len(numbers) != dims:
                    raise InputError(f"{path}: has vectors of {len(numbers)} numbers; expected {dims}")
                if word in wanted:
                    yield word, torch.tensor([float(value) for value in numbers]).reshape(dims)
    except (UnicodeDecodeError, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: is no file of word vectors, a word and {dims} numbers a line ({error})") from None
