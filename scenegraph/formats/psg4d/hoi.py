"""PSG4D-HOI: a reader and a writer for its folder layout (HOI4D with scene graphs).

    psg4d_hoi.json, categories.json, hoi4d_id.json
    HOI4D_release/VIDEO/align_rgb/00000.jpg
    HOI4D_release/VIDEO/align_depth/00000.png     16 bits, millimetres, 0: none
    HOI4D_mask/VIDEO/mask/00000.npz               key "array": mask ids, transposed (width x height)
    HOI4D_annotations/VIDEO/3Dseg/output.log      camera-to-world poses, as Open3D writes trajectories
    camera_params/CAMERA/intrin.npy               3 x 3; CAMERA is the first part of VIDEO

VIDEO is a path such as ZY20210800001/H1/C14/N24/S367/s01/T1. A mask id is class + 1000 * instance;
`categories.json` names the classes. The published files state neither which classes are stuff nor a
list of predicates; ours do ("objects", "relations" and "split" in psg4d_hoi.json), and a file
without them is read with `STUFF` and the predicates in the order of their first use.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Int32

from scenegraph import checked_json
from scenegraph.cameras import Camera
from scenegraph.checked_json import checked, field, inside, located, names
from scenegraph.errors import InputError
from scenegraph.formats.journal import Journal
from scenegraph.formats.psg4d import common
from scenegraph.formats.rgbd.folder import pinhole, read_depth, require_centre
from scenegraph.formats.trajectories import open3d_text, read_open3d
from scenegraph.graph import SceneGraph, Source
from scenegraph.images import read_image
from scenegraph.masks import Mask
from scenegraph.storage import made_folder, write_atomically
from scenegraph.vocabulary import Vocabulary

INSTANCE = 1000
"""A mask id is class + INSTANCE * instance."""

STUFF = ("ground", "wall", "ceiling", "floor")
"""Classes that are stuff where the file does not say."""

FPS = 15.0
"""Frames a second of the decoded recordings (300 frames for 20 s)."""

MILLIMETRES = 1000.0

_JPEG = {"quality": 95, "subsampling": 0}


class HOIWriter:
    """Writes RGB-D videos in the HOI layout; continues an unfinished folder (skip what is in `done`).

    Raises:
        InputError: the folder cannot be written or holds an unfinished data set of another vocabulary.
    """

    def __init__(self, root: str | Path, vocabulary: Vocabulary, resume: bool = True) -> None:
        self.root = made_folder(Path(root))
        self.vocabulary = vocabulary
        self.path = self.root / "psg4d_hoi.json"
        classes = {"thing": list(vocabulary.things), "stuff": list(vocabulary.stuff)}
        self._head = {"objects": classes, "relations": list(vocabulary.predicates)}
        self._journal = Journal(self.root / "psg4d_hoi.json.partial", {"format": "psg4d-hoi", **self._head}, resume)
        self._done = {entry["record"]["video_id"] for entry in self._journal.entries()}

    @property
    def done(self) -> frozenset[str]:
        """Ids (paths) of the videos that are written."""
        return frozenset(self._done)

    def add(
        self,
        graph: SceneGraph,
        frames: Iterable[tuple[common.RGB, common.Depth]],
        split: Literal["train", "val"] = "train",
    ) -> None:
        """Write one video: colour and depth (metres, 0: none) of every frame, in order.

        Depth is rounded to millimetres; more than 65.535 m is none. The source's uri is the video's
        path; its first part names the camera.

        Raises:
            InputError: the graph cannot be stored, frames are missing or of the wrong size, the
                camera has other intrinsics already, or the disk is full; nothing of the video counts then.
        """
        common.check_graph(graph, self.vocabulary)
        video = graph.source.uri
        if video in self._done:
            raise InputError(f"video {video!r} is in the data set already; every video needs an id of its own")
        folders = {
            "rgb": inside(self.root, f"HOI4D_release/{video}/align_rgb", "uri"),
            "depth": inside(self.root, f"HOI4D_release/{video}/align_depth", "uri"),
            "mask": inside(self.root, f"HOI4D_mask/{video}/mask", "uri"),
            "camera": inside(self.root, f"HOI4D_annotations/{video}/3Dseg", "uri"),
        }
        for folder in folders.values():
            made_folder(folder)
        self._write_camera(graph, video.split("/")[0], folders["camera"])
        numbers = _mask_ids(graph)
        count = 0
        for count, (rgb, depth) in enumerate(frames, start=1):
            if count > graph.source.num_frames:
                break
            common.check_frame(graph, count - 1, rgb, depth)
            millimetres = np.round(depth.astype(np.float64) * MILLIMETRES)
            stored = np.where(millimetres > np.iinfo(np.uint16).max, 0, millimetres).astype(np.uint16)
            name = f"{count - 1:05d}"
            common.write_picture(folders["rgb"] / f"{name}.jpg", rgb, "JPEG", **_JPEG)
            common.write_picture(folders["depth"] / f"{name}.png", stored, "PNG")
            ids = common.id_map(graph, count - 1, numbers)
            common.write_array(folders["mask"] / f"{name}.npz", array=np.ascontiguousarray(ids.T))
        if count != graph.source.num_frames:
            raise InputError(f"video {video!r} has {graph.source.num_frames} frames; {count} were given (or more)")
        self._journal.add({"split": split, "record": self._record(graph, video, numbers)})
        self._done.add(video)

    def close(self) -> Path:
        """Write the three JSON files and return the path of psg4d_hoi.json."""
        entries = self._journal.entries()
        split: dict[str, list[str]] = {"train": [], "val": []}
        for entry in entries:
            split[entry["split"]].append(entry["record"]["video_id"])
        records = [entry["record"] for entry in entries]
        classes = {str(number): name for number, name in enumerate(self.vocabulary.categories, start=1)}
        numbered = {str(position): record["video_id"] for position, record in enumerate(records)}
        write_atomically(self.root / "categories.json", json.dumps(classes, ensure_ascii=False).encode())
        write_atomically(self.root / "hoi4d_id.json", json.dumps(numbered).encode())
        whole = {**self._head, "split": split, "data": records}
        write_atomically(self.path, json.dumps(whole, ensure_ascii=False).encode())
        self._journal.discard()
        return self.path

    def __enter__(self) -> "HOIWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.close()
        else:
            self._journal.close()

    def _write_camera(self, graph: SceneGraph, name: str, folder: Path) -> None:
        camera: Camera = graph.source.camera  # type: ignore[assignment]
        path = made_folder(inside(self.root, f"camera_params/{name}", "uri")) / "intrin.npy"
        if path.is_file() and not np.allclose(common.read_array(path), camera.matrix, rtol=1e-6):
            raise InputError(
                f"{path}: the camera {name!r} has other intrinsics; begin the uri with another camera name"
            )
        common.write_array(path, intrinsics=camera.matrix)
        text = open3d_text(camera.poses)  # type: ignore[arg-type]
        write_atomically(folder / "output.log", text.encode(), durable=False)

    def _record(self, graph: SceneGraph, video: str, numbers: dict[int, int]) -> dict[str, Any]:
        own = {node.id: node.id for node in graph.nodes}
        source = graph.source
        return {
            "video_id": video,
            "meta": {
                "num_frames": source.num_frames,
                "height": source.height,
                "width": source.width,
                "fps": source.fps or FPS,
            },
            "object": [{"object_id": node.id, "mask_id": numbers[node.id]} for node in graph.nodes],
            "relations": [[s, o, p, first, last] for s, p, o, first, last in common.rows_of(graph, own)],
        }


def _mask_ids(graph: SceneGraph) -> dict[int, int]:
    """Mask id by node id: 1-based class + 1000 * instance, instances counted from 1 within a class."""
    counts: dict[int, int] = {}
    numbers = {}
    for node in graph.nodes:
        counts[node.category] = counts.get(node.category, 0) + 1
        numbers[node.id] = node.category + 1 + INSTANCE * counts[node.category]
    return numbers


class HOIFile:
    """psg4d_hoi.json and the folders beside it; pictures are read when they are asked for.

    Attributes:
        vocabulary: things, stuff and predicates.
        videos: video ids (paths), in file order.
    """

    def __init__(self, path: Path, root: Path, value: dict[str, Any], classes: Mapping[str, Any]) -> None:
        self.path, self.root = path, root
        with located(str(path)):
            self._records = [checked(r, "object", f"data[{i}]") for i, r in enumerate(field(value, "data", "list"))]
            self.videos = tuple(field(r, "video_id", "text", f"data[{i}]") for i, r in enumerate(self._records))
            self.split = {
                part: names(value["split"], part, "split") for part in field(value, "split", "object", "", {})
            }
            self._rows = [_rows(record, f"data[{i}]") for i, record in enumerate(self._records)]
            listed = [str(name) for name in classes.values()]
            objects = field(value, "objects", "object", "", None)
            things = [name for name in listed if name not in STUFF] if objects is None else names(objects, "thing")
            stuff = [name for name in listed if name in STUFF] if objects is None else names(objects, "stuff")
            stated = names(value, "relations") if "relations" in value else None
            used = [predicate for rows in self._rows for _, predicate, *_ in rows]
            self.vocabulary = Vocabulary(tuple(things), tuple(stuff), common.predicates_of(stated, used))
        with located("categories.json"):
            for number in classes:
                if not number.strip().isdecimal():
                    raise InputError(f"the key {number!r}; expected the number of a class, such as '12'")
            self._classes = {int(number): self.vocabulary.category_id(str(name)) for number, name in classes.items()}

    @classmethod
    def open(cls, path: str | Path, root: str | Path | None = None) -> "HOIFile":
        """Read a psg4d_hoi.json and the categories.json beside it.

        Raises:
            InputError: a file is missing, truncated, or of another kind.
        """
        path = Path(path)
        value, classes = checked_json.read(path), checked_json.read(path.with_name("categories.json"))
        with located(str(path)):
            checked(value, "object", "the file")
            checked(classes, "object", "categories.json")
        return cls(path, path.parent if root is None else Path(root), value, classes)

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
        folder = self._folder(index, "HOI4D_release", "align_rgb")
        return common.num_frames(field(self._records[index], "meta", "object", default={}), folder, "*.jpg")

    def frame_paths(self, index: int) -> list[Path]:
        """The colour pictures of a video, by frame."""
        folder = self._folder(index, "HOI4D_release", "align_rgb")
        return [folder / f"{frame:05d}.jpg" for frame in range(self.num_frames(index))]

    def image(self, index: int, frame: int) -> common.RGB:
        """A colour picture."""
        return read_image(self._folder(index, "HOI4D_release", "align_rgb") / f"{frame:05d}.jpg")

    def depth(self, index: int, frame: int) -> common.Depth:
        """Depth in metres along the camera's axis, 0 where there is none."""
        stored = read_depth(self._folder(index, "HOI4D_release", "align_depth") / f"{frame:05d}.png")
        return (stored / MILLIMETRES).astype(np.float32)

    def ids(self, index: int, frame: int) -> Int32[np.ndarray, "height width"]:
        """Mask ids of a frame, upright."""
        path = self._folder(index, "HOI4D_mask", "mask") / f"{frame:05d}.npz"
        return np.ascontiguousarray(common.read_ids(path, "array").T)

    def camera(self, index: int) -> Camera:
        """Intrinsics and poses of a video."""
        name = self.videos[index].split("/")[0]
        path = inside(self.root, f"camera_params/{name}/intrin.npy", "video_id")
        matrix = common.read_array(path)
        if matrix.shape != (3, 3):
            raise InputError(f"{path}: an array of shape {matrix.shape}; expected the 3 x 3 matrix of a camera")
        poses = read_open3d(self._folder(index, "HOI4D_annotations", "3Dseg") / "output.log")
        return Camera(*pinhole(matrix, path), poses)

    def graph(self, index: int, camera: bool = True, masks: bool = True) -> SceneGraph:
        """The true graph of a video, tubes and spans; node ids are the object ids of the file.

        Args:
            index: the video.
            camera: read its trajectory.
            masks: read its masks; see `common.build_graph`.

        Raises:
            InputError: the record, a mask or the camera is broken; the message names the video.
        """
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: there is no video {index}; it has {len(self)}, counted from 0")
        record = self._records[index]
        with located(f"{self.path.name}: video {self.videos[index]}"):
            meta = field(record, "meta", "object", default={})
            frames = self.num_frames(index)
            height, width = common.stated_size(meta) or self.image(index, 0).shape[:2]
            view = self.camera(index) if camera else None
            if view is not None:
                require_centre(view.cx, view.cy, (height, width))
            source = Source(
                "rgbd",
                self.videos[index],
                height,
                width,
                frames,
                float(field(meta, "fps", "number", "meta", FPS)),
                view,
            )
            categories, numbers = self._objects(record)
            read = (lambda frame: self.ids(index, frame)) if masks else None
            return common.build_graph(source, self.vocabulary, categories, self._rows[index], read, numbers)

    def masks(self, index: int, frame: int, source: Source) -> dict[int, Mask]:
        """The masks of one frame by object id.

        Raises:
            InputError: the record or the mask is broken.
        """
        with located(f"{self.path.name}: video {self.videos[index]}"):
            _, numbers = self._objects(self._records[index])
            return common.frame_masks(source, self.ids(index, frame), numbers, frame)[0]

    def _objects(self, record: dict[str, Any]) -> tuple[dict[int, int], dict[int, int]]:
        """Category by object id, and object id by mask id."""
        categories: dict[int, int] = {}
        numbers: dict[int, int] = {}
        for position, coded in enumerate(field(record, "object", "list")):
            where = f"object[{position}]"
            checked(coded, "object", where)
            number, mask = (field(coded, key, "whole number", where) for key in ("object_id", "mask_id"))
            if mask % INSTANCE not in self._classes:
                raise InputError(
                    f"{where}.mask_id: {mask} has class {mask % INSTANCE}, which categories.json does not name"
                )
            if number in categories or mask in numbers:
                raise InputError(f"{where}: object id {number} or mask id {mask} is used twice")
            categories[number], numbers[mask] = self._classes[mask % INSTANCE], number
        return categories, numbers

    def _folder(self, index: int, tree: str, kind: str) -> Path:
        return inside(self.root, f"{tree}/{self.videos[index]}/{kind}", "video_id")


def _rows(record: dict[str, Any], where: str) -> list[common.Row]:
    rows = []
    for position, row in enumerate(field(record, "relations", "list", where)):
        place = f"{where}.relations[{position}]"
        if not isinstance(row, list) or len(row) != 5:
            raise InputError(f"{place}: expected [subject, object, predicate, first, last], found {json.dumps(row)}")
        subject, object_, first, last = (checked(row[at], "whole number", place) for at in (0, 1, 3, 4))
        rows.append((subject, checked(row[2], "text", place), object_, first, last))
    return rows
