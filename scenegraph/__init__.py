"""The language of the project: panoptic scene graphs of images, videos and RGB-D scenes.

Needs numpy and Pillow only; importing it never imports a model library.
"""

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.masks import Mask
from scenegraph.regions import Region, Segment, Track4D, Tube
from scenegraph.spans import Span
from scenegraph.vocabulary import Vocabulary

__all__ = [
    "Camera",
    "InputError",
    "Mask",
    "Node",
    "Region",
    "Relation",
    "SceneGraph",
    "Segment",
    "Source",
    "Span",
    "Track4D",
    "Tube",
    "Vocabulary",
]
