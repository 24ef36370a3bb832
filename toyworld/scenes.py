"""The world in memory: still pictures by `image(seed)`, videos by `video(seed)`."""

from dataclasses import dataclass
from random import Random

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8

from scenegraph import Node, Relation, SceneGraph, Segment, Source
from scenegraph.panoptic import masks_from_ids
from toyworld.clips import Clip, Frame, video
from toyworld.entities import MOVING, Entity, State
from toyworld.ground import KINDS, Backdrop, backdrop
from toyworld.layout import Layout, still
from toyworld.names import PSG, Dialect
from toyworld.raster import Fragments, Parts
from toyworld.relations import Fact, Moment
from toyworld.renderer import Composite, compose, paint
from toyworld.stage import decals_of, fragments_of, look_of, place_entities

__all__ = ["Clip", "Frame", "Scene", "image", "video"]

SMALLEST_SIDE = 8
"""Pixels: no thing in a still picture is seen smaller than this, in height or in width."""

SMALLEST_AREA = 70
"""Pixels of a thing in a still picture."""

SMALLEST_SHARE = 0.50
"""Of a thing's pixels, at least, that nothing hides."""

SMALLEST_STUFF = 60
"""Pixels; a smaller patch of ground or tree is left unlabelled."""

VOID = -1
"""Value of `Scene.ids` where nothing is labelled."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture with its truth.

    `depth` is in metres along the camera's axis, 0 where there is none (sky); `ids` are node ids,
    `VOID` where nothing is labelled; `layout` is the world as it was planned, `members` the position
    in it of each node that is a thing (what could not be seen well was left out of the picture).
    """

    rgb: UInt8[np.ndarray, "height width 3"]
    depth: Float32[np.ndarray, "height width"]
    ids: Int32[np.ndarray, "height width"]
    graph: SceneGraph
    layout: Layout
    members: dict[int, int]


def image(seed: int, size: tuple[int, int] = (128, 160), dialect: Dialect = PSG) -> Scene:
    """The still picture of a seed: the same seed and size give the same bytes, on any machine.

    >>> scene = image(7)
    >>> scene.rgb.shape, scene.graph.source.kind
    ((128, 160, 3), 'image')
    """
    random = Random(seed)
    layout = still(random, size)
    look, tints, sun = look_of([member.coat for member in layout.members], random)
    back = backdrop(layout.ground, layout.view, tints, look.seed)
    fragments, parts = fragments_of(place_entities(layout.entities, layout.states), layout.view, sun)
    kept, composite, facts = _prune(layout, back, fragments, parts)
    decals = decals_of(layout.entities, layout.states, layout.view, kept)
    rgb = paint(back, fragments, parts, composite, look, decals)
    ids, graph, members = _graph(f"{seed:08d}", layout, composite, facts, dialect)
    depth = np.where(np.isfinite(composite.depth), composite.depth, np.float32(0))
    return Scene(rgb, depth, ids, graph, layout, members)


def _prune(
    layout: Layout, back: Backdrop, fragments: Fragments, parts: Parts
) -> tuple[Bool[np.ndarray, " n"], Composite, list[Fact]]:
    """Leave out entities until everything is seen well and every "in front of" is clear."""
    kept = np.ones(len(layout.entities), dtype=bool)
    while True:
        composite = compose(back, fragments, parts, len(kept), kept)
        moment = Moment(layout.entities, layout.states, layout.ground, layout.view, kept)
        facts, doubtful = moment.facts()
        in_front, hardly = moment.in_front(facts, composite.hidden, composite.whole)
        leaving = poorly_seen(layout.entities, composite, kept)
        unclear = [*doubtful, *hardly]
        if not leaving and not unclear:
            return kept, composite, [*facts, *in_front]
        if not leaving:
            leaving = [min(unclear, key=lambda position: (int(composite.hidden[position, position]), position))]
        for position in leaving:
            _leave_out(layout.states, kept, position)


def _leave_out(states: list[State], kept: Bool[np.ndarray, " n"], position: int) -> None:
    """Remove an entity with all that it carries, and with whoever holds or kicks it (their pose would lie)."""
    leaving = [position]
    while leaving:
        gone = leaving.pop()
        if not kept[gone]:
            continue
        kept[gone] = False
        if states[gone].activity == "held":
            leaving.append(states[gone].carrier)
        leaving += [other for other, state in enumerate(states) if gone in (state.carrier, state.partner)]


def poorly_seen(entities: list[Entity], composite: Composite, kept: Bool[np.ndarray, " n"]) -> list[int]:
    """Positions of kept things that are too small or too hidden to be recognised."""
    seen = composite.hidden.diagonal()
    poor = (seen < SMALLEST_AREA) | (seen < SMALLEST_SHARE * composite.whole)
    poor |= composite.sides.min(axis=1) < SMALLEST_SIDE
    return [position for position in np.flatnonzero(poor & kept).tolist() if entities[position].kind != "tree"]


def _graph(
    uri: str, layout: Layout, composite: Composite, facts: list[Fact], dialect: Dialect
) -> tuple[Int32[np.ndarray, "height width"], SceneGraph, dict[int, int]]:
    """Node ids for pixels, the graph (things in the order of the world, then stuff), and who the things are."""
    entities = layout.entities
    n = len(entities)
    counts = np.bincount(composite.code.ravel(), minlength=n + len(KINDS))
    table = np.full(n + len(KINDS), VOID, dtype=np.int32)
    ends: dict[int, int] = {}
    kinds: list[tuple[str, int | None]] = []
    for position, entity in enumerate(entities):
        if entity.kind != "tree" and counts[position]:
            table[position] = ends[position] = len(kinds)
            kinds.append((entity.kind, position))
    trees = [position for position, entity in enumerate(entities) if entity.kind == "tree"]
    if counts[trees].sum() >= SMALLEST_STUFF:
        table[trees] = len(kinds)
        kinds.append(("tree", None))
    for kind, name in enumerate(KINDS):
        if counts[n + kind] >= SMALLEST_STUFF:
            table[n + kind] = ends[-1 - kind] = len(kinds)
            kinds.append((name, None))
    ids = table[composite.code]
    masks = masks_from_ids(ids, range(len(kinds)))
    nodes = [
        Node(number, dialect.category_ids[kind], Segment(mask), attributes=_attributes(layout, position))
        for number, ((kind, position), mask) in enumerate(zip(kinds, masks, strict=True))
    ]
    relations = [
        Relation(ends[fact.subject], dialect.predicate_ids[fact.predicate], ends[fact.object])
        for fact in facts
        if fact.subject in ends and fact.object in ends and fact.predicate in dialect.predicate_ids
    ]
    height, width = layout.view.size
    members = {number: position for number, (_, position) in enumerate(kinds) if position is not None}
    source = Source("image", uri, height, width)
    return ids, SceneGraph(source, tuple(nodes), tuple(relations), dialect.vocabulary), members


def _attributes(layout: Layout, position: int | None) -> dict[str, str]:
    if position is None:
        return {}
    member = layout.members[position]
    attributes = {"colour": member.coat.colour}
    if member.state.activity in MOVING:
        attributes["state"] = "moving"
    return attributes
