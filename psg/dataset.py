"""A psg.json data set as an mmengine dataset."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64
from mmengine.dataset import BaseDataset
from mmengine.registry import DATASETS

import psg.long_tail.sampling  # noqa: F401 - registers the sampler that configs name
from psg.long_tail.counts import counts_by_picture
from psg.long_tail.subsets import long_tailed
from psg.transforms import build_pipeline
from scenegraph import InputError, Vocabulary
from scenegraph.checked_json import located
from scenegraph.formats.psg import PSGFile

_SPLITS = ("train", "val", "test", "all")


@DATASETS.register_module()
class PSGDataset(BaseDataset):
    """Pictures with their true graphs, read when they are asked for.

    The records stay on disk and the list of items is one array shared by all workers, so the 49,000
    items of the public set cost megabytes, not a gigabyte a worker. `vocabulary` is that of the file.

    Args:
        ann_file: the psg.json, below `data_root` unless it is an absolute path.
        data_root: the folder of the pictures; that of `ann_file` if it is empty.
        split: "train", "val", "test" or "all".
        held_out: "val" is the last so many pictures of the file's training split, and "train" the others:
            the file has no validation split, and the test split should choose nothing.
        keep_empty: keep pictures without relations (never useful in training).
        long_tail: keep a subset of the pictures whose commonest predicate is so many times as common as its
            rarest, see `psg.long_tail.subsets.long_tailed`; after `held_out`.
        relations_from: a psg.json, below `data_root` like `ann_file`, whose relations are learned from instead: one
            that tools/transfer_relations.py made of `ann_file`. Pictures are chosen by `ann_file`.
        predicates: "all" relations of an item, or "random": one a pair of segments, drawn anew
            each time, as OpenPSG trains.
        pipeline: transforms, first `LoadScene`, last `PackScene`.
        keep_graph: items carry the true graph, which metrics need; by default outside training.
        indices: only the first so many items, or those listed.
        lazy_init: open the file on first use.

    Raises:
        InputError: an option is not one of the above, a file is no psg.json, the split has no items, or
            `relations_from` is not for training or has other pictures.
    """

    def __init__(
        self,
        ann_file: str,
        data_root: str = "",
        split: str = "train",
        held_out: int = 0,
        keep_empty: bool = False,
        long_tail: float | None = None,
        relations_from: str | None = None,
        predicates: str = "all",
        pipeline: Sequence[dict[str, Any] | Callable] = (),
        keep_graph: bool | None = None,
        indices: int | Sequence[int] | None = None,
        lazy_init: bool = False,
        **options: Any,
    ) -> None:
        for name, value, known in (("split", split, _SPLITS), ("predicates", predicates, ("all", "random"))):
            if value not in known:
                raise InputError(f"{name}={value!r}; expected one of {', '.join(known)}")
        self.split = split
        self.held_out = held_out
        self.keep_empty = keep_empty
        self.long_tail = long_tail
        self.relations_from = relations_from
        self.predicates = predicates
        self.keep_graph = split != "train" if keep_graph is None else keep_graph
        super().__init__(ann_file, data_root=data_root, indices=indices, lazy_init=lazy_init, **options)
        self.pipeline = build_pipeline(pipeline)

    @property
    def vocabulary(self) -> Vocabulary:
        """Names of things, stuff and predicates in the file."""
        self.full_init()
        return self.file.vocabulary

    def load_data_list(self) -> list[dict[str, Any]]:
        """Open the file and list the records of the split."""
        self.file = PSGFile.open(self.ann_file, self.data_root or None)
        chosen = self.file.indices("train" if self.split == "val" else self.split, keep_empty=self.keep_empty)
        if self.split in ("train", "val"):
            kept = max(len(chosen) - self.held_out, 0)
            if chosen and not kept and self.split == "train":
                raise InputError(
                    f"{self.ann_file}: held_out={self.held_out} of {len(chosen)} training pictures leaves none to "
                    "learn from; give fewer: --cfg-options train_dataloader.dataset.held_out=N "
                    "val_dataloader.dataset.held_out=N"
                )
            chosen = chosen[:kept] if self.split == "train" else chosen[kept:]
        if not chosen:
            raise InputError(
                f"{self.ann_file}: the split {self.split!r} has no pictures"
                + ("" if self.keep_empty else " with relations")
            )
        if self.long_tail is not None:
            chosen = [chosen[at] for at in long_tailed(counts_by_picture(self.file, chosen), self.long_tail)]
        if self.relations_from is not None:
            self.file = self._replacement(self.relations_from)
        words = self.file.vocabulary
        # Plain lists: mmengine stores the metainfo in checkpoints, which are read as data only.
        names = {"things": list(words.things), "stuff": list(words.stuff), "predicates": list(words.predicates)}
        self._metainfo["vocabulary"] = names
        return [{"index": index} for index in chosen]

    def _replacement(self, name: str) -> PSGFile:
        """The file of `relations_from`, of the same pictures and names."""
        other = PSGFile.open(Path(self.data_root or "") / name, self.file.root)
        if self.split != "train":
            raise InputError(f"relations_from={name}: is for training; the split {self.split!r} keeps its relations")
        if other.image_ids != self.file.image_ids or other.vocabulary != self.file.vocabulary:
            raise InputError(
                f"relations_from={name}: has other pictures or names than {self.ann_file}; make it of that file with "
                "tools/transfer_relations.py"
            )
        return other

    def record_indices(self) -> list[int]:
        """The record of `file` that every item is."""
        self.full_init()
        return [super(PSGDataset, self).get_data_info(at)["index"] for at in range(len(self))]

    def predicate_counts(self) -> Int64[np.ndarray, "items predicates"]:
        """Relations of every predicate in every item, from the JSON alone."""
        return counts_by_picture(self.file, self.record_indices())

    def get_data_info(self, idx: int) -> dict[str, Any]:
        """What the first transform gets: `img_id`, `img_path` and `graph`.

        Raises:
            InputError: the record or its panoptic PNG is broken; the message names the record.
        """
        info = super().get_data_info(idx)
        index = info["index"]
        graph = self.file.graph(index, unique_relations=True)
        return info | {
            "img_id": self.file.image_ids[index],
            "img_path": str(self.file.image_path(index)),
            "item": f"{self.file.path.name}: {self.file.item(index)}",
            "graph": graph,
        }

    def prepare_data(self, idx: int) -> Any:
        """One item through the pipeline."""
        info = self.get_data_info(idx)
        graph = info["graph"]
        info["labels"] = np.array([node.category for node in graph.nodes], dtype=np.int64)
        triples = [relation.triple for relation in graph.relations]
        info["relations"] = np.array(triples, dtype=np.int64).reshape(-1, 3)
        if self.predicates == "random":
            info["relations"] = one_a_pair(info["relations"])
        with located(info["item"]):
            packed = self.pipeline(info)
        if packed is not None and not self.keep_graph and "graph" in packed["data_samples"]:
            del packed["data_samples"].graph
        return packed


def one_a_pair(relations: Int64[np.ndarray, "r 3"]) -> Int64[np.ndarray, "pairs 3"]:
    """One relation of every ordered pair, drawn uniformly (numpy's global generator); the order is kept.

    >>> len(one_a_pair(np.array([[0, 7, 1], [1, 3, 0], [0, 2, 1]])))
    2
    """
    drawn = np.random.permutation(len(relations))
    _, first = np.unique(relations[drawn][:, [0, 2]], axis=0, return_index=True)
    return relations[np.sort(drawn[first])]
