"""What a category can be in a layout, by the words of its name: ground, sky, container, ..."""

import re
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool

from scenegraph import SceneGraph

_KINDS: dict[str, tuple[str, ...]] = {
    "sky": ("sky",),
    "ceiling": ("ceiling",),
    "water": ("water", "sea", "river", "lake", "ocean", "pool"),
    "ground": (
        *("floor", "ground", "grass", "dirt", "road", "street", "pavement", "sidewalk", "sand", "snow", "gravel"),
        *("playingfield", "field", "platform", "railroad", "bridge", "path", "ice", "stairs", "roof", "earth", "mud"),
    ),
    "wall": ("wall", "window", "door", "mirror", "curtain"),
    "structure": ("tree", "trees", "house", "building", "fence", "tent", "mountain", "hill", "bush", "forest", "net"),
}
"""Every category is of one kind, the first that has a word of its name; of none: an object."""

_TRAITS: dict[str, tuple[str, ...]] = {
    "human": ("person", "people", "man", "woman", "child", "baby", "adult", "boy", "girl"),
    "animal": (
        *("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "monkey", "rabbit"),
        "animal",
    ),
    "container": (
        *("bowl", "cup", "glass", "vase", "box", "suitcase", "basket", "sink", "bus", "car", "train", "truck"),
        *("boat", "airplane", "oven", "microwave", "refrigerator", "toilet", "pot", "bin", "bucket", "crib"),
    ),
    "floating": ("boat", "ship", "surfboard", "canoe", "kayak", "duck"),
    "fixed": (
        *("clock", "tv", "light", "window", "door", "mirror", "sign", "banner", "curtain", "sink", "towel"),
        *("shelf", "cabinet", "lamp", "poster", "painting"),
    ),
    "hanging": ("curtain", "towel", "banner", "light", "lamp"),
    "enclosing": ("fence", "net", "cage", "frame"),
}
"""Further properties; a category may have several."""

_NOT_ALIVE = ("teddy", "hot")
"""A teddy bear sits where it is put; a hot dog too."""


@dataclass(frozen=True)
class Roles:
    """One flag a node; exactly one of the kinds is true for a node."""

    sky: Bool[np.ndarray, " n"]
    ceiling: Bool[np.ndarray, " n"]
    water: Bool[np.ndarray, " n"]
    ground: Bool[np.ndarray, " n"]
    wall: Bool[np.ndarray, " n"]
    structure: Bool[np.ndarray, " n"]
    object: Bool[np.ndarray, " n"]
    human: Bool[np.ndarray, " n"]
    animal: Bool[np.ndarray, " n"]
    container: Bool[np.ndarray, " n"]
    floating: Bool[np.ndarray, " n"]
    fixed: Bool[np.ndarray, " n"]
    hanging: Bool[np.ndarray, " n"]
    enclosing: Bool[np.ndarray, " n"]
    crowd: Bool[np.ndarray, " n"]
    """COCO's crowd segments: many objects under one mask, whose box says nothing."""

    @classmethod
    def of(cls, graph: SceneGraph) -> "Roles":
        """The roles of the nodes of a graph, in their order."""
        roles = [roles_of(name) for name in graph.vocabulary.categories]
        crowd = {"crowd"}
        named = [roles[node.category] | (crowd if node.attributes.get("iscrowd") else set()) for node in graph.nodes]
        return cls(**{field.name: np.array([field.name in has for has in named], dtype=bool) for field in fields(cls)})


def roles_of(name: str) -> set[str]:
    """The kind and the traits of a category name.

    >>> sorted(roles_of("floor-wood")), sorted(roles_of("teddy bear")), sorted(roles_of("person"))
    (['ground'], ['object'], ['human', 'object'])
    """
    words = set(re.findall(r"[a-z]+", name.lower()))
    kind = next((kind for kind, known in _KINDS.items() if words & set(known)), "object")
    traits = {trait for trait, known in _TRAITS.items() if words & set(known)}
    return {kind, *(traits - ({"animal"} if words & set(_NOT_ALIVE) else set()))}
