"""Which items an index has, and which graph of each set belongs to which item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from explorer.sources import Entry


@dataclass(frozen=True)
class Plan:
    """Which items there are, and which entry of each set belongs to which item.

    `ids` are the item ids in order; `entries[set]` and `rows[set]` are parallel: entry, row in `ids`.
    """

    ids: tuple[str, ...]
    entries: dict[str, list[Entry]]
    rows: dict[str, list[int]]

    def due(self, truth: str, name: str) -> tuple[list[int], list[str]]:
        """The items of which a predicted set owes a graph, and the names of the splits that they are.

        A set that predicted an item of a split speaks about all of it: what it left out is nothing found, or a
        model would gain by leaving out what is hard. What it says nothing of is another split, such as the one it
        was trained on. Splits of one name in two data sets are two: a model of images owes nothing of the videos
        whose split is called `train` too. Where the truth names no splits, all of it is one.
        """
        split = {
            row: (entry.source if entry.split else None, entry.split)
            for row, entry in zip(self.rows[truth], self.entries[truth], strict=True)
        }
        own = {split[row] for row in self.rows[name] if row in split}
        return [row for row, part in split.items() if part in own], sorted({part for _, part in own} - {""})


def plan_items(listing: Mapping[str, Sequence[Entry]]) -> Plan:
    """Give every entry its item.

    An item's id is the short name of its entries, or the longer one where the short name stands for
    several graphs of one set. Entries of later sets also find their item by the name of its picture.
    """
    repeated: set[str] = set()
    for entries in listing.values():
        seen: set[str] = set()
        for entry in entries:
            (repeated if entry.name in seen else seen).add(entry.name)
    rows: dict[str, int] = {}
    aliases: dict[str, str] = {}
    placed: dict[str, list[int]] = {}
    for name, entries in listing.items():
        used: set[str] = set()
        placed[name] = []
        for entry in entries:
            wanted = entry.path if entry.name in repeated else entry.name
            item = wanted if wanted in rows else aliases.get(wanted, wanted)
            copies = 1
            while item in used:
                copies += 1
                item = f"{wanted}~{copies}"
            used.add(item)
            placed[name].append(rows.setdefault(item, len(rows)))
            aliases.setdefault(PurePosixPath(entry.path).name, item)
    return Plan(tuple(rows), {name: list(entries) for name, entries in listing.items()}, placed)
