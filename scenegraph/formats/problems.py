"""What a validator found wrong with a data set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Finding(NamedTuple):
    """A field of an item and what is wrong with it; checks yield these, validators add the item."""

    field: str
    message: str
    severity: Severity = "error"


Findings = Iterator[Finding]


def limited(frames: Iterable[list[Finding]], most: int = 3) -> Findings:
    """The findings of the first frames that have any; how many more there are is said in one."""
    troubled = 0
    for found in frames:
        troubled += bool(found)
        if troubled <= most:
            yield from found
    if troubled > most:
        yield Finding("frames", f"{troubled - most} more frames have such problems")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one item of a data set.

    An error makes the item unusable or its truth wrong; a warning is legal but worth knowing
    (a picture without relations, a relation that is listed twice).
    """

    item: str
    field: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.item}: {self.field}: {self.message}"
