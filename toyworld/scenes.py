"""Still pictures of the world in memory: `image(seed)`."""

from dataclasses import dataclass
from math import cos, sin
from random import Random

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8

from scenegraph import Node, Relation, SceneGraph, Segment, Source
from scenegraph.panoptic import masks_from_ids
from toyworld.entities import FREE, MOVING, Coat, Entity, State, body_of
from toyworld.ground import KINDS, backdrop
from toyworld.layout import Layout, still
from toyworld.names import PSG, Dialect
from toyworld.raster import Fragments, Parts, rasterise
from toyworld.relations import Fact, Moment
from toyworld.renderer import Composite, Decals, Look, compose, paint
from toyworld.shapes import place
from toyworld.views import View

SMALLEST_SIDE = 8
"""Pixels: no thing in a still picture is seen smaller than this, in height or in width."""

SMALLEST_AREA = 45
"""Pixels of a thing in a still picture."""

SMALLEST_SHARE = 0.40
"""Of a thing's pixels, at least, that nothing hides."""

SMALLEST_STUFF = 60
"""Pixels; a smaller patch of ground or tree is left unlabelled."""

VOID = -1
"""Value of `Scene.ids` where nothing is labelled."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture with its truth.

    `depth` is in metres along the camera's axis, 0 where there is none (sky); `ids` are node ids,
    `VOID` where nothing is labelled.
    """

    rgb: UInt8[np.ndarray, "height width 3"]
    depth: Float32[np.ndarray, "height width"]
    ids: Int32[np.ndarray, "height width"]
    graph: SceneGraph


def image(seed: int, size: tuple[int, int] = (128, 160), dialect: Dialect = PSG) -> Scene:
    """The still picture of a seed: the same seed and size give the same bytes, on any machine.

    >>> scene = image(7)
    >>> scene.rgb.shape, scene.graph.source.kind
    ((128, 160, 3), 'image')
    """
    random = Random(seed)
    layout = still(random, size)
    look, tints, sun = look_of(layout.coats, random)
    back = backdrop(layout.ground, layout.view, tints, look.seed)
    fragments, parts = rasterise_entities(layout.entities, layout.states, layout.view, sun)
    kept, composite, facts = _prune(
        layout, fragments, parts, lambda kept: compose(back, fragments, parts, len(kept), kept)
    )
    decals = decals_of(layout.entities, layout.states, layout.view, kept)
    rgb = paint(back, fragments, parts, composite, look, decals)
    ids, graph = _graph(f"{seed:08d}", layout, composite, facts, dialect)
    depth = np.where(np.isfinite(composite.depth), composite.depth, np.float32(0))
    return Scene(rgb, depth, ids, graph)


def look_of(coats: list[Coat], random: Random) -> tuple[Look, Float32[np.ndarray, "5 3"], tuple[float, float, float]]:
    """Colours of entities and picture, tints of the ground, and the direction to the sun in the world."""
    tint = np.array([random.uniform(0.93, 1.07) for _ in range(3)], dtype=np.float32)
    tints = np.array([[random.uniform(0.85, 1.15) for _ in range(3)] for _ in range(5)], dtype=np.float32)
    palettes = np.stack([coat.palette for coat in coats]) if coats else np.zeros((0, 6, 3), dtype=np.float32)
    look = Look(palettes, random.uniform(0.82, 1.12), tint, random.uniform(2.0, 7.0), random.randrange(1 << 16))
    turn, rise = random.uniform(-3.1, -0.1), random.uniform(0.5, 1.2)
    return look, tints, (cos(turn) * cos(rise), sin(turn) * cos(rise), sin(rise))


def rasterise_entities(
    entities: list[Entity], states: list[State], view: View, sun: tuple[float, float, float]
) -> tuple[Fragments, Parts]:
    """Fragments of all entities in their present poses."""
    placed = place(
        [body_of(entity, state) for entity, state in zip(entities, states, strict=True)],
        np.array([(state.x, state.y, state.z) for state in states], dtype=np.float32).reshape(-1, 3),
        np.array([state.heading for state in states], dtype=np.float32),
        np.array([entity.scale for entity in entities], dtype=np.float32),
    )
    return rasterise(placed, view, (np.array(sun) @ view.rotation).astype(np.float32))


def decals_of(entities: list[Entity], states: list[State], view: View, kept: Bool[np.ndarray, " n"]) -> Decals:
    """Shadows under entities and streaks behind what moves fast."""
    rows, flat = [], []
    for entity, state, here in zip(entities, states, kept, strict=True):
        if not here or (state.carrier != FREE and state.activity != "held"):
            continue
        right, away = view.seen_from(state.x, state.y)
        if away < 1.0:
            continue
        scale = view.focal / away
        x, foot = view.centre[0] + right * scale, view.horizon + view.height * scale
        radius = _SHADOW_RADIUS.get(entity.kind, 0.4) * entity.scale
        turn = abs(cos(state.heading - view.yaw + np.pi / 2))
        wide = radius * (turn + 0.45 * (1 - turn)) if entity.kind in ("car", "horse", "dog") else radius
        rows.append((x, foot, wide * scale, 0.55 * radius * scale * view.height / away, away, 0.0, 0.0))
        flat.append(True)
        if state.activity in ("drive", "roll"):
            long, high = (1.3, 1.2) if state.activity == "drive" else (0.6, 0.66)
            half = (1.7 if state.activity == "drive" else 0.33) * entity.scale
            back_x = x - cos(state.heading - view.yaw + np.pi / 2) * (half + long / 2) * scale
            for level in (0.25, 0.55, 0.85):
                rows.append(
                    (back_x, foot - level * high * scale, long / 2 * scale, 0.03 * scale + 0.5, away, 0.95, 0.75)
                )
                flat.append(False)
    return Decals(np.array(rows, dtype=np.float32).reshape(-1, 7), np.array(flat, dtype=bool))


_SHADOW_RADIUS = {"car": 1.75, "horse": 1.05, "dog": 0.62, "bench": 0.9, "table": 0.95, "tree": 1.2, "umbrella": 0.7}


def _prune(layout: Layout, fragments: Fragments, parts: Parts, composed) -> tuple[np.ndarray, Composite, list[Fact]]:  # noqa: ANN001
    """Leave out entities until everything is seen well and every "in front of" is clear."""
    kept = np.ones(len(layout.entities), dtype=bool)
    while True:
        composite = composed(kept)
        moment = Moment(layout.entities, layout.states, layout.ground, layout.view, kept)
        facts, doubtful = moment.facts()
        in_front, hardly = moment.in_front(facts, composite.hidden, composite.whole)
        bad = [*poorly_seen(layout.entities, composite, kept), *doubtful, *hardly]
        if not bad:
            return kept, composite, [*facts, *in_front]
        smallest = min(bad, key=lambda position: (int(composite.hidden[position, position]), position))
        _leave_out(layout.states, kept, smallest)


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
    bad = []
    seen = composite.hidden.diagonal()
    for position in np.flatnonzero(kept).tolist():
        if entities[position].kind == "tree":
            continue
        if seen[position] < max(SMALLEST_AREA, SMALLEST_SHARE * composite.whole[position]):
            bad.append(position)
            continue
        mask = composite.code == position
        rows, columns = mask.any(axis=1), mask.any(axis=0)
        if min(np.ptp(np.flatnonzero(rows)), np.ptp(np.flatnonzero(columns))) + 1 < SMALLEST_SIDE:
            bad.append(position)
    return bad


def _graph(
    uri: str, layout: Layout, composite: Composite, facts: list[Fact], dialect: Dialect
) -> tuple[Int32[np.ndarray, "height width"], SceneGraph]:
    """Node ids for pixels, and the graph: things in the order of the world, then stuff."""
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
    return ids, SceneGraph(Source("image", uri, height, width), tuple(nodes), tuple(relations), dialect.vocabulary)


def _attributes(layout: Layout, position: int | None) -> dict[str, str]:
    if position is None:
        return {}
    state = layout.states[position]
    attributes = {"colour": layout.coats[position].colour}
    if state.activity in MOVING:
        attributes["state"] = "moving"
    return attributes
