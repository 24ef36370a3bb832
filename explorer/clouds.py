"""Labelled clouds of whole scenes, as `groundgraph fuse` writes them, for the points of the page.

They lie beside the data: NAME.glb in the folder of the graph file NAME.scenegraph.json, or in that of the
data set file, where NAME is that of the video (with _ for /).
"""

from pathlib import Path

from explorer.sources import Entry, GraphSource, file_stamp

SUFFIX = ".glb"


def cloud_of(source: GraphSource, entry: Entry) -> Path | None:
    """The cloud of an item, if there is one; never a file outside the folder of its source."""
    root = source.root.resolve()
    for name in dict.fromkeys((entry.path, entry.name)):
        path = (root / f"{name}{SUFFIX}").resolve()
        if path.is_file() and path.is_relative_to(root):
            return path
    return None


def clouds_stamp(source: GraphSource) -> str:
    """Changes when a cloud comes, goes or is written anew in the folder of a source or in one right below it."""
    found = {*source.root.glob(f"*{SUFFIX}"), *source.root.glob(f"*/*{SUFFIX}")}
    return " ".join(file_stamp(path) for path in sorted(found) if path.is_file())
