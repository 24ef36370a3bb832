"""A psg.json whose training relations are transferred, with a note of everything that was changed."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from psg.dataset import PSGDataset
from psg.long_tail.pair_scores import digest_of
from psg.long_tail.transfer import Annotated, Unannotated, external_transfer, internal_transfer
from scenegraph import InputError
from scenegraph.formats.record_index import RecordFile
from scenegraph.storage import replacing

NOTE = "relation_transfer"
"""Key of the note in the file, and in every changed record; readers of psg.json ignore keys they do not know."""


@dataclass(frozen=True)
class Changes:
    """What changes in which record: (subject, predicate, object) to a new predicate, and new relations."""

    relabelled: Mapping[int, Mapping[tuple[int, int, int], int]]
    added: Mapping[int, list[tuple[int, int, int]]]

    @classmethod
    def of(cls, relations: Annotated, pairs: Unannotated, internal: float, external: float) -> "Changes":
        """Internal and external transfer of what a model said (`psg.long_tail.pair_scores`)."""
        predicates = internal_transfer(relations, internal)
        moved = (predicates != relations.predicate).nonzero()[0]
        relabelled: dict[int, dict[tuple[int, int, int], int]] = defaultdict(dict)
        for place in moved.tolist():
            old = (relations.subject[place], relations.predicate[place], relations.object[place])
            relabelled[int(relations.picture[place])][tuple(map(int, old))] = int(predicates[place])
        added: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for place in external_transfer(pairs, external).tolist():
            new = (pairs.subject[place], pairs.predicate[place], pairs.object[place])
            added[int(pairs.picture[place])].append(tuple(map(int, new)))
        return cls(dict(relabelled), dict(added))

    @property
    def moves(self) -> Counter[tuple[int, int]]:
        """How many relations went from one predicate to another."""
        return Counter((old[1], new) for of_picture in self.relabelled.values() for old, new in of_picture.items())

    @property
    def additions(self) -> Counter[int]:
        """How many relations of a predicate are new."""
        return Counter(predicate for of_picture in self.added.values() for _, predicate, _ in of_picture)


def write(
    path: Path, dataset: PSGDataset, changes: Changes, checkpoint: Path, internal: float, external: float
) -> None:
    """Write the psg.json of a data set with changed relations; all else stays as it is.

    The file says under `relation_transfer` what it was made from, and every changed record under the same key
    which relations were what before (`relabelled`: [row, old predicate]) and which are new (`added`: rows).

    Raises:
        InputError: it would replace the file that it is made from, a change is about a record that is not
            among the data set's pictures, or the disk is full.
    """
    source = Path(dataset.file.path)
    if path.resolve() == source.resolve():
        raise InputError(f"{path}: is the file that the relations are taken from; give another name")
    allowed = set(dataset.record_indices())
    if not {*changes.relabelled, *changes.added} <= allowed:
        raise InputError(f"{path}: relations of pictures outside the training data would change")
    names = dataset.file.vocabulary.predicates
    note = {
        "method": "IETrans (Zhang et al. 2022)",
        "source": {"file": source.name, "sha256": digest_of(source)},
        "checkpoint": {"file": checkpoint.name, "sha256": digest_of(checkpoint)},
        "internal": internal,
        "external": external,
        "training_pictures": len(allowed),
        "relabelled": [[names[old], names[new], number] for (old, new), number in changes.moves.most_common()],
        "added": [[names[predicate], number] for predicate, number in changes.additions.most_common()],
    }
    records = RecordFile.open(source, lambda position, record: None)
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
        stream.write('{"data": [\n')
        for index, record in enumerate(tqdm(records, path.name, total=len(records), unit="picture", leave=False)):
            stream.write(",\n" if index else "")
            stream.write(json.dumps(_changed(record, index, changes), ensure_ascii=False))
        stream.write("\n],\n" + json.dumps({**records.others, NOTE: note}, ensure_ascii=False)[1:] + "\n")


def _changed(record: dict[str, Any], index: int, changes: Changes) -> dict[str, Any]:
    relabelled, added = changes.relabelled.get(index, {}), changes.added.get(index, [])
    if not relabelled and not added:
        return record
    rows, before = [], []
    for subject, other, predicate in _once(record["relations"]):
        new = relabelled.get((subject, predicate, other), predicate)
        if new != predicate:
            before.append([len(rows), predicate])
        rows.append([subject, other, new])
    places = list(range(len(rows), len(rows) + len(added)))
    rows += [[subject, other, predicate] for subject, predicate, other in added]
    return {**record, "relations": rows, NOTE: {"relabelled": before, "added": places}}


def _once(rows: Iterable[list[int]]) -> Iterable[tuple[int, ...]]:
    """Rows without repetitions."""
    return dict.fromkeys(map(tuple, rows))
