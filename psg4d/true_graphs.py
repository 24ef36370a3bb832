"""True graphs of PSG4D data sets with places in metres, which their masks and depth give."""

from dataclasses import replace

import numpy as np

from psg4d.lifter import Lifter
from psg4d.lifting import KINECT, RENDERED
from psg4d.videos import PSG4DFile
from scenegraph import InputError, SceneGraph
from scenegraph.formats.psg4d import GTAFile


def measured_graph(file: PSG4DFile, index: int) -> SceneGraph:
    """The true graph of a video whose nodes have places, sizes and their errors in every frame.

    The depth of GTA is rendered and has no noise, that of HOI is of a Kinect. A node without a pixel in any frame stays
    as it is.

    >>> graph = measured_graph(PSG4DFile.open("psg4d_gta/sailvos3d.json"), 0)  # doctest: +SKIP
    >>> graph.nodes[0].region.positions  # doctest: +SKIP

    Raises:
        InputError: the record, a mask, a depth picture or the camera is broken, or there is no camera.
    """
    graph = file.graph(index)
    source = graph.source
    where = f"{file.path.name}: {file.item(index)}"
    if source.camera is None:
        raise InputError(f"{where}: there is no camera, without which nothing can be measured")
    things = {node.id for node in graph.nodes if graph.vocabulary.is_thing(node.category)}
    lifter = Lifter(source.camera, things, RENDERED if isinstance(file.file, GTAFile) else KINECT)
    for frame in range(source.num_frames):
        ids = np.full(source.size, -1, dtype=np.int32)
        seen = []
        for node in graph.nodes:
            segment = node.region.segment(frame)
            if segment is not None:
                ids[segment.mask.array()] = len(seen)
                seen.append(node.id)
        depth = file.frame(index, frame).depth
        lifter.add(frame, ids, depth, seen)
    tracks = lifter.tracks()
    return replace(graph, nodes=tuple(replace(node, region=tracks.get(node.id, node.region)) for node in graph.nodes))
