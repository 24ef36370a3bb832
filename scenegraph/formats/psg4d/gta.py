"""PSG4D-GTA: a reader and a writer for its folder layout.

    sailvos3d.json, video_cut.json
    images/VIDEO/000000.bmp         RGB
    depth/VIDEO/000000.npy          float32, see projections.py
    rage_matrices/VIDEO/000000.npz  VP, VP_inv, P, P_inv
    camera/VIDEO/000000.yaml        position, rotation and field of view, for reading by people
    visible/VIDEO/000000.npy        ids of things, 0 elsewhere
    background_masks/VIDEO/000000.bmp  background ids
    masks/VIDEO/000000.npy          visible, with background id + 1000 where it is 0

A video's frames may be a cut of a longer recording: `video_cut.json` gives [first, last], both
included, and the files are numbered from 0 again.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int32

from scenegraph import checked_json
from scenegraph.cameras import Camera
from scenegraph.checked_json import checked, field, inside, located, names, plain_name
from scenegraph.errors import InputError
from scenegraph.formats.journal import Journal
from scenegraph.formats.psg4d import common
from scenegraph.formats.psg4d.projections import Rage, camera_of, matrices, metric_depth, stored_depth
from scenegraph.graph import SceneGraph, Source
from scenegraph.images import read_image
from scenegraph.masks import Mask
from scenegraph.panoptic import read_id_map
from scenegraph.storage import made_folder, write_atomically
from scenegraph.vocabulary import Vocabulary

BACKGROUND = 1000
"""Added to the id of a background (stuff) in the merged masks."""

USUAL_FPS = 8.0
"""Frames a second where the file does not say; about that of the recordings the set is taken from."""


class GTAWriter:
    """Writes RGB-D videos in the GTA layout; continues an unfinished folder (skip what is in `done`).

    Things keep their node ids (1 to 999); stuff gets its node id + 1000.

    Raises:
        InputError: the folder cannot be written or holds an unfinished data set of another vocabulary.
    """

    def __init__(self, root: str | Path, vocabulary: Vocabulary, resume: bool = True) -> None:
        self.root = made_folder(Path(root))
        self.vocabulary = vocabulary
        self.path = self.root / "sailvos3d.json"
        classes = {"thing": list(vocabulary.things), "stuff": list(vocabulary.stuff)}
        self._head = {"objects": classes, "relations": list(vocabulary.predicates)}
        self._journal = Journal(self.root / "sailvos3d.json.partial", {"format": "psg4d-gta", **self._head}, resume)
        self._done = {entry["record"]["video_id"] for entry in self._journal.entries()}

    @property
    def done(self) -> frozenset[str]:
        """Ids of the videos that are written."""
        return frozenset(self._done)

    def add(
        self,
        graph: SceneGraph,
        frames: Iterable[tuple[common.RGB, common.Depth]],
        split: Literal["train", "val"] = "train",
    ) -> None:
        """Write one video: colour and depth (metres, 0: none) of every frame, in order.

        Raises:
            InputError: the graph cannot be stored, frames are missing or of the wrong size, or the
                disk is full; nothing of the video counts then.
        """
        common.check_graph(graph, self.vocabulary)
        video = plain_name(graph.source.uri)
        if video in self._done:
            raise InputError(f"video {video!r} is in the data set already; every video needs an id of its own")
        numbers = self._numbers(graph)
        count = 0
        for count, (rgb, depth) in enumerate(frames, start=1):
            if count > graph.source.num_frames:
                break
            common.check_frame(graph, count - 1, rgb, depth)
            self._write_frame(graph, video, count - 1, rgb, depth, numbers)
        if count != graph.source.num_frames:
            raise InputError(f"video {video!r} has {graph.source.num_frames} frames; {count} were given (or more)")
        self._journal.add({"split": split, "record": self._record(graph, video, numbers)})
        self._done.add(video)

    def close(self) -> Path:
        """Write the two JSON files and return the path of sailvos3d.json."""
        entries = self._journal.entries()
        split: dict[str, list[str]] = {"train": [], "val": []}
        for entry in entries:
            split[entry["split"]].append(entry["record"]["video_id"])
        records = [entry["record"] for entry in entries]
        cuts = {record["video_id"]: [0, record["meta"]["num_frames"] - 1] for record in records}
        write_atomically(self.root / "video_cut.json", json.dumps(cuts).encode())
        whole = {**self._head, "split": split, "data": records}
        write_atomically(self.path, json.dumps(whole, ensure_ascii=False).encode())
        self._journal.discard()
        return self.path

    def __enter__(self) -> "GTAWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.close()
        else:
            self._journal.close()

    def _numbers(self, graph: SceneGraph) -> dict[int, int]:
        numbers: dict[int, int] = {}
        for node in graph.nodes:
            thing = self.vocabulary.is_thing(node.category)
            number = node.id if thing or node.id > BACKGROUND else node.id + BACKGROUND
            if not (0 < number < BACKGROUND if thing else BACKGROUND < number < BACKGROUND + 256):
                raise InputError(
                    f"node {node.id} of {graph.source.uri!r}: the layout holds things 1-999 and stuff 1-255"
                )
            numbers[node.id] = number
        return numbers

    def _write_frame(
        self,
        graph: SceneGraph,
        video: str,
        frame: int,
        rgb: common.RGB,
        depth: common.Depth,
        numbers: dict[int, int],
    ) -> None:
        def path(kind: str, suffix: str) -> Path:
            return made_folder(self.root / kind / video) / f"{frame:06d}{suffix}"

        camera: Camera = graph.source.camera  # type: ignore[assignment]
        rage = matrices(camera, frame, graph.source.size)
        ids = common.id_map(graph, frame, numbers)
        background = np.where(ids > BACKGROUND, ids - BACKGROUND, 0).astype(np.uint8)
        common.write_picture(path("images", ".bmp"), rgb, "BMP")
        common.write_array(path("depth", ".npy"), depth=stored_depth(depth, rage))
        common.write_array(path("rage_matrices", ".npz"), **rage._asdict())
        common.write_array(path("visible", ".npy"), ids=np.where(ids < BACKGROUND, ids, 0).astype(np.int32))
        common.write_picture(path("background_masks", ".bmp"), background, "BMP")
        common.write_array(path("masks", ".npy"), ids=ids)
        write_atomically(path("camera", ".yaml"), _camera_text(camera, frame, graph.source.height), durable=False)

    def _record(self, graph: SceneGraph, video: str, numbers: dict[int, int]) -> dict[str, Any]:
        source = graph.source
        return {
            "video_id": video,
            "meta": {
                "num_frames": source.num_frames,
                "height": source.height,
                "width": source.width,
                "fps": source.fps or USUAL_FPS,
            },
            "object": [
                {
                    "object_id": numbers[node.id],
                    "category": graph.vocabulary.categories[node.category],
                    "is_thing": graph.vocabulary.is_thing(node.category),
                }
                for node in graph.nodes
            ],
            "relations": [[s, p, o, [first, last]] for s, p, o, first, last in common.rows_of(graph, numbers)],
        }


class GTAFile:
    """sailvos3d.json and the folders beside it; pictures are read when they are asked for.

    Attributes:
        vocabulary: things, stuff and predicates of the file.
        videos: video ids, in file order.
    """

    def __init__(self, path: Path, root: Path, value: dict[str, Any]) -> None:
        self.path, self.root = path, root
        with located(str(path)):
            objects = field(value, "objects", "object")
            self._records = [checked(r, "object", f"data[{i}]") for i, r in enumerate(field(value, "data", "list"))]
            self.videos = tuple(field(r, "video_id", "text", f"data[{i}]") for i, r in enumerate(self._records))
            self.split = {part: names(value["split"], part, "split") for part in field(value, "split", "object")}
            self._rows = [_rows(record, f"data[{i}]") for i, record in enumerate(self._records)]
            stated = names(value, "relations") if "relations" in value else None
            used = [predicate for rows in self._rows for _, predicate, *_ in rows]
            self.vocabulary = Vocabulary(
                names(objects, "thing", "objects"),
                names(objects, "stuff", "objects"),
                common.predicates_of(stated, used),
            )

    @classmethod
    def open(cls, path: str | Path, root: str | Path | None = None) -> "GTAFile":
        """Read a sailvos3d.json; `root` is the folder with images/, depth/, ... (default: that of the file).

        Raises:
            InputError: the file is missing, truncated, or of another kind.
        """
        value = checked_json.read(path)
        with located(str(path)):
            checked(value, "object", "the file")
        return cls(Path(path), Path(path).parent if root is None else Path(root), value)

    def __len__(self) -> int:
        return len(self._records)

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the videos of a split (train, val or all).

        Raises:
            InputError: there is no such split.
        """
        if split == "all":
            return list(range(len(self)))
        if split not in self.split:
            raise InputError(f"split {split!r}; the file has {', '.join(self.split) or 'none'}, or 'all'")
        positions = {video: position for position, video in enumerate(self.videos)}
        return [positions[video] for video in self.split[split] if video in positions]

    def num_frames(self, index: int) -> int:
        """Frames of a video: what the record says, else how many pictures there are.

        Raises:
            InputError: neither is there, or the number is none.
        """
        folder = self._file(index, "images", 0, ".bmp").parent
        return common.num_frames(self._meta(index), folder, "*.bmp")

    def frame_paths(self, index: int) -> list[Path]:
        """The colour pictures of a video, by frame."""
        return [self._file(index, "images", frame, ".bmp") for frame in range(self.num_frames(index))]

    def image(self, index: int, frame: int) -> common.RGB:
        """A colour picture."""
        return read_image(self._file(index, "images", frame, ".bmp"))

    def depth(self, index: int, frame: int) -> common.Depth:
        """Depth in metres along the camera's axis, 0 where there is none."""
        return metric_depth(self.projected_depth(index, frame), self.matrices(index, frame))

    def projected_depth(self, index: int, frame: int) -> Float[np.ndarray, "..."]:
        """Depth as it is stored, see `projections`; numbers that are not finite stand for none."""
        path = self._file(index, "depth", frame, ".npy")
        stored = common.read_array(path)
        if stored.dtype.kind != "f":
            raise InputError(f"{path}: an array of {stored.dtype.name}; expected projected depth, floating point")
        return stored

    def matrices(self, index: int, frame: int) -> Rage:
        """View and projection of a frame.

        Raises:
            InputError: a matrix is missing, is not 4 x 4, or holds numbers that are not finite.
        """
        path = self._file(index, "rage_matrices", frame, ".npz")
        rage = Rage(*(common.read_array(path, key).astype(np.float64) for key in Rage._fields))
        for key, matrix in rage._asdict().items():
            if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
                raise InputError(f"{path}: {key} has shape {matrix.shape}; expected 4 x 4 finite numbers")
        return rage

    def ids(self, index: int, frame: int) -> Int32[np.ndarray, "height width"]:
        """Object ids of a frame, stuff above 1000: the merged masks, or merged here where they are not there."""
        merged = self._file(index, "masks", frame, ".npy")
        if merged.is_file():
            return common.read_ids(merged)
        visible = common.read_ids(self._file(index, "visible", frame, ".npy"))
        behind = self._file(index, "background_masks", frame, ".bmp")
        if not behind.is_file():
            return visible
        background = read_id_map(behind)
        return np.where((visible == 0) & (background > 0), background + BACKGROUND, visible).astype(np.int32)

    def camera(self, index: int) -> Camera:
        """Intrinsics and poses of a video."""
        height, width = self._size(index, self._meta(index))
        return camera_of([self.matrices(index, frame) for frame in range(self.num_frames(index))], (height, width))

    def graph(self, index: int, camera: bool = True, masks: bool = True) -> SceneGraph:
        """The true graph of a video, tubes and spans; node ids are the object ids of the file.

        Args:
            index: the video.
            camera: read its matrices.
            masks: read its masks; see `common.build_graph`.

        Raises:
            InputError: the record, a mask or a matrix is broken; the message names the video.
        """
        with located(f"{self.path.name}: video {self.videos[index]}"):
            meta = self._meta(index)
            source = Source(
                "rgbd",
                f"images/{self.videos[index]}",
                *self._size(index, meta),
                self.num_frames(index),
                float(field(meta, "fps", "number", "meta", USUAL_FPS)),
                self.camera(index) if camera else None,
            )
            read = (lambda frame: self.ids(index, frame)) if masks else None
            return common.build_graph(source, self.vocabulary, self._categories(index), self._rows[index], read)

    def masks(self, index: int, frame: int, source: Source) -> dict[int, Mask]:
        """The masks of one frame by object id.

        Raises:
            InputError: the record or the mask is broken.
        """
        with located(f"{self.path.name}: video {self.videos[index]}"):
            listed = {number: number for number in self._categories(index)}
            return common.frame_masks(source, self.ids(index, frame), listed, frame)[0]

    def _categories(self, index: int) -> dict[int, int]:
        """Category by object id."""
        categories: dict[int, int] = {}
        for position, coded in enumerate(field(self._records[index], "object", "list")):
            where = f"object[{position}]"
            number = field(checked(coded, "object", where), "object_id", "whole number", where)
            if number in categories:
                raise InputError(f"{where}.object_id: {number} is used twice")
            categories[number] = self.vocabulary.category_id(field(coded, "category", "text", where))
        return categories

    def _meta(self, index: int) -> dict[str, Any]:
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: there is no video {index}; it has {len(self)}, counted from 0")
        return field(self._records[index], "meta", "object", default={})

    def _size(self, index: int, meta: dict[str, Any]) -> tuple[int, int]:
        height, width = common.stated_size(meta) or self.image(index, 0).shape[:2]
        return height, width

    def _file(self, index: int, kind: str, frame: int, suffix: str) -> Path:
        return inside(self.root, f"{kind}/{self.videos[index]}/{frame:06d}{suffix}", "video_id")


def _rows(record: dict[str, Any], where: str) -> list[common.Row]:
    rows = []
    for position, row in enumerate(field(record, "relations", "list", where)):
        place = f"{where}.relations[{position}]"
        if not isinstance(row, list) or len(row) != 4 or not isinstance(row[3], list) or len(row[3]) != 2:
            raise InputError(f"{place}: expected [subject, predicate, object, [first, last]], found {json.dumps(row)}")
        subject, object_, first, last = (checked(n, "whole number", place) for n in (row[0], row[2], *row[3]))
        rows.append((subject, checked(row[1], "text", place), object_, first, last))
    return rows


def _camera_text(camera: Camera, frame: int, height: int) -> bytes:
    """A few lines of YAML; nothing reads them but people."""
    pose = camera.poses[frame]  # type: ignore[index]
    field_of_view = float(np.degrees(2 * np.arctan(height / (2 * camera.fy))))
    lines = {"position": pose[:3, 3].tolist(), "rotation": pose[:3, :3].tolist(), "vertical_fov": field_of_view}
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items()).encode()
