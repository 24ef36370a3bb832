"""From entities and their states to what the renderer needs: solids in place, colours, shadows, streaks."""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

import numpy as np
from jaxtyping import Bool, Float32

from toyworld.entities import FREE, Coat, Entity, State, body_of
from toyworld.raster import Fragments, Parts, rasterise
from toyworld.renderer import Decals, Look
from toyworld.shapes import Placed, place
from toyworld.views import View

Direction = tuple[float, float, float]


def look_of(coats: Sequence[Coat], random: Random) -> tuple[Look, Float32[np.ndarray, "5 3"], Direction]:
    """Colours of entities and picture, tints of the ground, and the direction to the sun in the world."""
    tint = np.array([random.uniform(0.93, 1.07) for _ in range(3)], dtype=np.float32)
    tints = np.array([[random.uniform(0.85, 1.15) for _ in range(3)] for _ in range(5)], dtype=np.float32)
    palettes = np.stack([coat.palette for coat in coats]) if coats else np.zeros((0, 6, 3), dtype=np.float32)
    look = Look(palettes, random.uniform(0.82, 1.12), tint, random.uniform(2.0, 7.0), random.randrange(1 << 16))
    turn, rise = random.uniform(-3.1, -0.1), random.uniform(0.5, 1.2)
    return look, tints, (cos(turn) * cos(rise), sin(turn) * cos(rise), sin(rise))


def place_entities(entities: Sequence[Entity], states: Sequence[State]) -> Placed:
    """The bodies of all entities in their present poses, in the world."""
    return place(
        [body_of(entity, state) for entity, state in zip(entities, states, strict=True)],
        np.array([(state.x, state.y, state.z) for state in states], dtype=np.float32).reshape(-1, 3),
        np.array([state.heading for state in states], dtype=np.float32),
        np.array([entity.scale for entity in entities], dtype=np.float32),
    )


def fragments_of(placed: Placed, view: View, sun: Direction) -> tuple[Fragments, Parts]:
    """Fragments of placed bodies; the sun's direction is given in the world."""
    return rasterise(placed, view, (np.array(sun) @ view.rotation).astype(np.float32))


def bounds(placed: Placed, entities: int) -> Float32[np.ndarray, "2 entities 3"]:
    """The lowest and the highest coordinates of every entity, in the world, metres."""
    low = np.full((entities, 3), np.inf, dtype=np.float32)
    high = np.full((entities, 3), -np.inf, dtype=np.float32)
    reach = placed.limb_radii[:, :, None]
    for points, owners in ((placed.limb_ends - reach, placed.limb_owners), (placed.faces, placed.face_owners)):
        np.minimum.at(low, owners, points.min(axis=1))
    for points, owners in ((placed.limb_ends + reach, placed.limb_owners), (placed.faces, placed.face_owners)):
        np.maximum.at(high, owners, points.max(axis=1))
    return np.stack([low, high])


def decals_of(entities: Sequence[Entity], states: Sequence[State], view: View, kept: Bool[np.ndarray, " n"]) -> Decals:
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
        turn = abs(cos(state.heading - view.yaw + pi / 2))
        wide = radius * (turn + 0.45 * (1 - turn)) if entity.kind in ("car", "horse", "dog") else radius
        rows.append((x, foot, wide * scale, 0.55 * radius * scale * view.height / away, away, 0.0, 0.0))
        flat.append(True)
        if state.activity in ("drive", "roll"):
            long, high = (1.3, 1.2) if state.activity == "drive" else (0.6, 0.66)
            half = (1.7 if state.activity == "drive" else 0.33) * entity.scale
            back_x = x - cos(state.heading - view.yaw + pi / 2) * (half + long / 2) * scale
            for level in (0.25, 0.55, 0.85):
                rows.append(
                    (back_x, foot - level * high * scale, long / 2 * scale, 0.03 * scale + 0.5, away, 0.95, 0.75)
                )
                flat.append(False)
    return Decals(np.array(rows, dtype=np.float32).reshape(-1, 7), np.array(flat, dtype=bool))


_SHADOW_RADIUS = {"car": 1.75, "horse": 1.05, "dog": 0.62, "bench": 0.9, "table": 0.95, "tree": 1.2, "umbrella": 0.7}
