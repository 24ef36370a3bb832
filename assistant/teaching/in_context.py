"""In-context examples: samples of the same task on similar graphs, as Otter is taught with.

Source: Li et al., MIMIC-IT: Multi-modal in-context instruction tuning, section 3.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from assistant.teaching.samples import Sample

REMEMBERED = 64
"""Earlier samples of a template among which examples are looked for: enough to find similar graphs, little memory."""


@dataclass
class Examples:
    """The last samples of every template, and what their graphs hold.

    Args:
        number: examples a sample gets; 0 gives none.
    """

    number: int
    _last: dict[str, deque[tuple[str, str, frozenset[str]]]] = field(default_factory=dict)

    def related(self, sample: Sample, graph: str, kinds: frozenset[str]) -> Sample:
        """The sample with the ids of its examples: same template, other graphs, most kinds in common first."""
        if self.number < 1 or len(sample.turns) != 1:
            return sample
        family = sample.turns[0].family
        others = [entry for entry in self._last.get(family, ()) if entry[1] != graph]
        others.sort(key=lambda entry: -_alike(kinds, entry[2]))
        found = tuple(entry[0] for entry in others[: self.number])
        return replace(sample, related=(*sample.related, *found))

    def remember(self, samples: Iterable[Sample], graph: str, kinds: frozenset[str]) -> None:
        """Let the samples of a graph be examples for later graphs."""
        for sample in samples:
            if len(sample.turns) == 1:
                last = self._last.setdefault(sample.turns[0].family, deque(maxlen=REMEMBERED))
                last.append((sample.id, graph, kinds))


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Kinds in common over kinds of either."""
    return len(first & second) / max(len(first | second), 1)
