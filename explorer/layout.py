"""Where things lie in an index folder.

    INDEX/
      manifest.json                                  written last: the index as it was, or as it is now
      columns/VERSION/items.parquet                  one row an item (a picture, a video)
      columns/VERSION/SET.{graphs,nodes,relations}.parquet
      graphs/SET/SHARD/KEY.scenegraph.json           one graph, readable by every groundgraph command
      graphs/SET/SHARD/KEY.png                       its panoptic PNG where the masks stay in the data set (a link)
      images/SHARD/KEY.jpg                           the picture (a link into the data set)
      frames/SHARD/KEY/000012.jpg                    the pictures of a video, by frame (links, or decoded when shown)
      films/SHARD/KEY.json                           where the file of a video is (`explorer.films`)
      depth/SHARD/KEY/000012.png                     of RGB-D videos: millimetres, for the points of the page
      clouds/SHARD/KEY.glb                           the points of a whole scene, of `groundgraph fuse` (a link)
      thumbnails/SHARD/KEY.jpg                       made when first shown, or all at once for a static copy

KEY is the item's id where that is a plain word, else a digest of it; SHARD is its last two characters.
"""

import hashlib
import os
import shutil
from pathlib import Path

from explorer.manifest import KEY
from scenegraph import InputError


def key_of(item_id: str) -> str:
    """The item's name in file names and addresses.

    >>> key_of("107902"), key_of("Été/1")
    ('107902', '87f5b3d3e31653ae')
    """
    return item_id if KEY.fullmatch(item_id) else hashlib.blake2b(item_id.encode(), digest_size=8).hexdigest()


def shard(key: str) -> str:
    """The folder of a key: a folder of a hundred thousand files is slow in many programs."""
    return key[-2:].rjust(2, "0")


def graph_path(index: Path, graphs: str, key: str) -> Path:
    """The graph file of an item in a set."""
    return index / "graphs" / graphs / shard(key) / f"{key}.scenegraph.json"


def panoptic_path(index: Path, graphs: str, key: str) -> Path:
    """The panoptic PNG that the graph file refers to."""
    return index / "graphs" / graphs / shard(key) / f"{key}.png"


def image_path(index: Path, key: str, suffix: str) -> Path:
    """The picture of an item; the suffix has its dot."""
    return index / "images" / shard(key) / f"{key}{suffix}"


def frame_path(index: Path, key: str, frame: int, suffix: str) -> Path:
    """The picture of a frame of a video."""
    return index / "frames" / shard(key) / key / f"{frame:06d}{suffix}"


def film_path(index: Path, key: str) -> Path:
    """What says where the video file of an item is; never part of a static copy."""
    return index / "films" / shard(key) / f"{key}.json"


def depth_path(index: Path, key: str, frame: int) -> Path:
    """The depth of a frame of an RGB-D video."""
    return index / "depth" / shard(key) / key / f"{frame:06d}.png"


def cloud_path(index: Path, key: str) -> Path:
    """The cloud of the whole scene of an item."""
    return index / "clouds" / shard(key) / f"{key}.glb"


def thumbnail_path(index: Path, key: str) -> Path:
    """The small picture of an item."""
    return index / "thumbnails" / shard(key) / f"{key}.jpg"


def link(target: Path, place: Path) -> None:
    """Make `place` stand for the file `target`: a symbolic link, or a copy where links are not possible.

    Raises:
        InputError: neither can be made.
    """
    goal = str(target.resolve())
    try:
        if place.is_symlink() and str(place.readlink()) == goal:
            return
        temporary = place.with_name(f".{place.name}.{os.getpid()}.part")
        temporary.unlink(missing_ok=True)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary.symlink_to(goal)
        except (NotImplementedError, PermissionError):
            shutil.copyfile(goal, temporary)
        temporary.replace(place)
    except OSError as error:
        raise InputError(f"{place}: could not be made ({error.strerror or error})") from None
