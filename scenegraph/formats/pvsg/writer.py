"""Video scene graphs as a pvsg.json data set."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
from jaxtyping import Int32, UInt8
from PIL import Image

from scenegraph.checked_json import plain_name
from scenegraph.errors import InputError
from scenegraph.formats.journal import Journal
from scenegraph.graph import SceneGraph
from scenegraph.masks import Mask, overlapping, paint
from scenegraph.palette import palette
from scenegraph.regions import Tube
from scenegraph.storage import made_folder, write_atomically
from scenegraph.vocabulary import Vocabulary

MAX_OBJECTS = 255
"""Masks are palette PNGs with 8 bits a pixel; 0 is void."""

_PNG_LEVEL = 1


class PVSGWriter:
    """Writes frames, palette masks and, when it is closed, the pvsg.json that lists them.

    Every finished video is noted in `pvsg.json.partial`; after a kill a new writer for the same
    folder and vocabulary continues: skip what is in `done`.

    Raises:
        InputError: the folder cannot be written, or holds an unfinished data set of another vocabulary.
    """

    def __init__(self, root: str | Path, vocabulary: Vocabulary, resume: bool = True) -> None:
        self.root = Path(root)
        self.vocabulary = vocabulary
        self.path = self.root / "pvsg.json"
        made_folder(self.root)
        header = {"format": "pvsg", "classes": _classes(vocabulary)}
        self._journal = Journal(self.root / "pvsg.json.partial", header, resume)
        self._done = {entry["record"]["video_id"] for entry in self._journal.entries()}

    @property
    def done(self) -> frozenset[str]:
        """Ids of the videos that are written."""
        return frozenset(self._done)

    def __len__(self) -> int:
        return len(self._done)

    @staticmethod
    def id_of(graph: SceneGraph) -> str:
        """The video id that a graph gets: the last part of the name of its source.

        Raises:
            InputError: the source gives no name.
        """
        return plain_name(graph.source.uri)

    def add(
        self,
        graph: SceneGraph,
        frames: Iterable[UInt8[np.ndarray, "height width 3"]],
        split: Literal["train", "val"] = "train",
        source: str = "vidor",
        captions: Sequence[Mapping[str, Any]] = (),
        qa_pairs: Sequence[Mapping[str, Any]] = (),
        summary: str = "",
    ) -> None:
        """Write the frames and masks of one video and note it.

        The video id is that of `id_of`. Node ids 1 to n become the object ids; other ids are numbered anew
        from 1, in ascending order, unless there are texts, which name objects by their ids, and all ids fit.

        Args:
            graph: a video graph with tubes of masks that do not overlap, and a frame rate.
            frames: one RGB picture for every frame of the source, in order.
            split: train or val.
            source: the collection, a folder below the root.
            captions: `{"time": "0000-0008", "description": ...}`; the graph's own if not given.
            qa_pairs: `{"time": "0018", "question": ..., "answer": ...}`; the graph's own if not given.
            summary: a sentence; the graph's own if not given.

        Raises:
            InputError: the graph cannot be stored in this format, the id is used already, frames are
                missing, or the disk is full; nothing of the video counts then.
        """
        video_id = self.id_of(graph)
        if video_id in self._done:
            raise InputError(f"video {video_id!r} is in the data set already; every video needs an id of its own")
        if split not in ("train", "val"):
            raise InputError(f"split {split!r}; expected 'train' or 'val'")
        given = {"captions": list(captions), "qa_pairs": list(qa_pairs), "summary": summary}
        texts = {key: value or graph.metadata.get(key, value) for key, value in given.items()}
        numbers = self._checked(graph, named=any(texts.values()))
        record = self._record(graph, video_id, numbers, texts)
        folders = [self.root / plain_name(source) / kind / video_id for kind in ("frames", "masks")]
        for folder in folders:
            made_folder(folder)
        count = -1
        for count, frame in enumerate(frames):
            if count >= graph.source.num_frames:
                break
            _write_frame(folders, count, frame, _id_map(graph, count, numbers))
        if count + 1 != graph.source.num_frames:
            came = "more" if count >= graph.source.num_frames else count + 1
            raise InputError(f"video {video_id!r} has {graph.source.num_frames} frames; {came} pictures were given")
        self._journal.add({"split": split, "source": plain_name(source), "record": record})
        self._done.add(video_id)

    def close(self) -> Path:
        """Write pvsg.json, whole or not at all, and return its path; the data set is complete then.

        Raises:
            InputError: the disk is full; the notes stay, so that closing can be tried again.
        """
        entries = self._journal.entries()
        split: dict[str, dict[str, list[str]]] = {}
        for entry in entries:
            parts = split.setdefault(entry["source"], {"train": [], "val": []})
            parts[entry["split"]].append(entry["record"]["video_id"])
        head = json.dumps({**_classes(self.vocabulary), "split": split}, ensure_ascii=False)
        data = ",\n".join(json.dumps(entry["record"], ensure_ascii=False) for entry in entries)
        write_atomically(self.path, f'{head[:-1]},\n"data": [\n{data}\n]}}\n'.encode())
        self._journal.discard()
        return self.path

    def __enter__(self) -> "PVSGWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._journal.close()

    def _checked(self, graph: SceneGraph, named: bool) -> dict[int, int]:
        """Object id by node id, after checking that the format can hold the graph; texts that name ids keep them."""
        source = graph.source
        if source.kind != "video" or source.fps is None:
            raise InputError(
                f"pvsg.json holds videos with a frame rate; {source.uri!r} is {source.kind}, {source.fps} fps"
            )
        if graph.vocabulary is not self.vocabulary and graph.vocabulary != self.vocabulary:
            raise InputError(f"{source.uri!r} has another vocabulary than the data set; ids would be mixed up")
        unseen = [coded["object_id"] for coded in graph.metadata.get("unseen_objects", ())]
        ids = sorted({node.id for node in graph.nodes} | set(unseen))
        if len(ids) > MAX_OBJECTS:
            raise InputError(f"{source.uri!r} has {len(ids)} objects; a palette mask holds at most {MAX_OBJECTS}")
        for node in graph.nodes:
            segments = node.region.segments.values() if isinstance(node.region, Tube) else ()
            if not any(segment.mask is not None and segment.mask.area for segment in segments):
                raise InputError(f"node {node.id} of {source.uri!r} has no mask with pixels; pvsg.json needs one")
        if named and ids and ids[0] >= 1 and ids[-1] <= MAX_OBJECTS:
            return {node_id: node_id for node_id in ids}
        return {node_id: position for position, node_id in enumerate(ids, start=1)}

    def _record(
        self, graph: SceneGraph, video_id: str, numbers: dict[int, int], texts: dict[str, Any]
    ) -> dict[str, Any]:
        source, metadata = graph.source, graph.metadata
        fps = int(source.fps) if source.fps == int(source.fps or 0) else source.fps
        objects = [
            {
                "object_id": numbers[node.id],
                "category": graph.vocabulary.categories[node.category],
                "is_thing": graph.vocabulary.is_thing(node.category),
                "status": list(node.attributes.get("status", ())),
            }
            for node in graph.nodes
        ]
        objects += [
            dict(unseen, object_id=numbers[unseen["object_id"]]) for unseen in metadata.get("unseen_objects", ())
        ]
        whole = ((0, source.num_frames),)
        relations: list[list[Any]] = [
            [
                numbers[relation.subject],
                numbers[relation.object],
                graph.predicate_name(relation),
                [[start, stop - 1] for start, stop in relation.spans or whole],
            ]
            for relation in graph.relations
        ]
        for note in metadata.get("dropped_relations", ()):
            subject, target, *rest = note["relation"]
            relations.append([numbers[subject], numbers[target], *rest])
        return {
            "video_id": video_id,
            "meta": {
                "height": source.height,
                "width": source.width,
                "fps": fps,
                "duration": metadata.get("duration", source.num_frames / (source.fps or 1.0)),
                "num_frames": source.num_frames,
            },
            "objects": sorted(objects, key=lambda coded: coded["object_id"]),
            "relations": relations,
            **texts,
        }


def _id_map(graph: SceneGraph, frame: int, numbers: dict[int, int]) -> Int32[np.ndarray, "height width"]:
    masks: list[Mask] = []
    lookup = [0]
    for node in graph.nodes:
        segment = node.region.segment(frame)
        if segment is None:
            continue
        if segment.mask is None:
            raise InputError(f"node {node.id} of {graph.source.uri!r} has a box and no mask in frame {frame}")
        masks.append(segment.mask)
        lookup.append(numbers[node.id])
    if overlapping(masks):
        raise InputError(f"masks of {graph.source.uri!r} overlap in frame {frame}; a mask PNG holds one id a pixel")
    return np.array(lookup, dtype=np.int32)[paint(masks, *graph.source.size) + 1]


def _write_frame(
    folders: Sequence[Path], number: int, frame: UInt8[np.ndarray, "height width 3"], ids: Int32[np.ndarray, "h w"]
) -> None:
    if frame.dtype != np.uint8 or frame.shape != (*ids.shape, 3):
        raise InputError(f"frame {number} is {frame.dtype} {frame.shape}; expected uint8 {(*ids.shape, 3)}")
    mask = Image.fromarray(np.ascontiguousarray(ids, dtype=np.uint8), mode="P")
    mask.putpalette(palette().tobytes())
    for folder, picture in zip(folders, (Image.fromarray(frame), mask), strict=True):
        buffer = io.BytesIO()
        picture.save(buffer, format="PNG", compress_level=_PNG_LEVEL)
        write_atomically(folder / f"{number:04d}.png", buffer.getvalue(), durable=False)


def _classes(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "objects": {"thing": list(vocabulary.things), "stuff": list(vocabulary.stuff)},
        "relations": list(vocabulary.predicates),
    }
