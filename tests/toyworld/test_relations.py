"""Relations of pictures, derived again from the world, the ids and the depth by other means."""

from itertools import permutations
from math import cos, hypot, sin

import numpy as np

from toyworld.entities import FREE
from toyworld.ground import KINDS
from toyworld.names import PSG, STATE_PREDICATES
from toyworld.stage import bounds, place_entities
from toyworld.views import camera_of

GROUND_NAMES = {PSG.categories[kind]: kind for kind in KINDS}
SUPPORT = {
    **dict.fromkeys(("stand", "kick"), "standing on"),
    **{"walk": "walking on", "run": "running on", "lie": "lying on", "park": "parked on", "drive": "driving on"},
    **dict.fromkeys(("sit", "squat"), "sitting on"),
    **dict.fromkeys(("rest", "roll"), "on"),
    "ride": "riding",
}


def named(picture):
    graph = picture.graph
    return {(relation.subject, graph.predicate_name(relation), relation.object) for relation in graph.relations}


def boxes(picture):
    """Lowest and highest world coordinates by node."""
    low, high = bounds(place_entities(picture.layout.entities, picture.layout.states), len(picture.layout.members))
    return {node: (low[member], high[member]) for node, member in picture.members.items()}


def test_support_is_complete_and_true(pictures):
    """Exactly one support relation for whoever and whatever is not held nor furniture, to what is under it."""
    for picture in pictures:
        graph, relations = picture.graph, named(picture)
        for node, member in picture.members.items():
            state = picture.layout.states[member]
            if state.activity == "held" or picture.layout.entities[member].kind in ("bench", "table"):
                assert not any(s == node and p in SUPPORT.values() for s, p, _ in relations)
                continue
            (found,) = [(p, o) for s, p, o in relations if s == node and p in SUPPORT.values() and p != "holding"]
            assert found[0] == SUPPORT[state.activity]
            if state.carrier == FREE:
                kind = KINDS[picture.layout.ground.at(state.x, state.y)]
                assert GROUND_NAMES[graph.category_name(found[1])] == kind
            else:
                assert picture.members[found[1]] == state.carrier


def test_what_lies_or_sits_on_something_touches_it(pictures):
    checked = 0
    for picture in pictures:
        extents = boxes(picture)
        for subject, predicate, object_ in named(picture):
            if object_ not in extents or predicate not in ("on", "sitting on", "lying on", "riding"):
                continue
            (low, high), (base, top) = extents[subject], extents[object_]
            assert (high[:2] > base[:2]).all() and (low[:2] < top[:2]).all(), "they overlap from above"
            assert base[2] < low[2] + 0.35 and low[2] < top[2] + 0.01, "the lower end is at the carrier's height"
            checked += 1
    assert checked > 5


def test_hands_touch_what_they_hold(pictures):
    checked = 0
    for picture in pictures:
        extents = boxes(picture)
        for subject, predicate, object_ in named(picture):
            if predicate in ("holding", "carrying"):
                (low, high), (base, top) = extents[subject], extents[object_]
                assert (high > base - 0.1).all() and (low < top + 0.1).all()
                moving = picture.layout.states[picture.members[subject]].activity in ("walk", "run")
                assert (predicate == "carrying") == moving
                checked += 1
    assert checked > 3


def test_in_front_means_nearer_and_covering(pictures):
    checked = 0
    for picture in pictures:
        for subject, predicate, object_ in named(picture):
            if predicate != "in front of":
                continue
            near, far = (picture.ids == node for node in (subject, object_))
            assert np.median(picture.depth[near]) < np.median(picture.depth[far])
            x1, y1, x2, y2 = picture.graph.node(object_).region.box
            reach = near[max(int(y1) - 2, 0) : int(y2) + 2, max(int(x1) - 2, 0) : int(x2) + 2]
            assert reach.any(), "the nearer one reaches into the box of the farther"
            checked += 1
    assert checked > 5


def test_beside_holds_exactly_for_close_neighbours_of_different_classes(pictures):
    rank = ("person", "dog", "horse", "backpack", "umbrella", "sports ball", "car", "bench", "dining table")
    checked = 0
    for picture in pictures:
        graph, relations = picture.graph, named(picture)
        grounded = [n for n, m in picture.members.items() if picture.layout.states[m].carrier == FREE]
        joined = {frozenset((s, o)) for s, p, o in relations if p in ("over", "kicking")}
        for first, second in permutations(grounded, 2):
            higher = rank.index(graph.category_name(first)) < rank.index(graph.category_name(second))
            one, two = (picture.layout.members[picture.members[node]].spot for node in (first, second))
            gap = abs(one.right - two.right) - one.half_right - two.half_right
            close = abs(one.away - two.away) < 0.7 and -0.35 < gap < 0.8
            expected = higher and close and frozenset((first, second)) not in joined
            assert ((first, "beside", second) in relations) == expected
            checked += expected
    assert checked > 5


def test_looking_at_is_along_the_heading_and_in_profile(pictures):
    checked = 0
    for picture in pictures:
        for subject, predicate, object_ in named(picture):
            if predicate != "looking at":
                continue
            state, target = (picture.layout.states[picture.members[node]] for node in (subject, object_))
            distance = hypot(target.x - state.x, target.y - state.y)
            along = ((target.x - state.x) * cos(state.heading) + (target.y - state.y) * sin(state.heading)) / distance
            assert along > 0.8 and distance < 4.5
            assert abs(cos(state.heading)) > 0.75, "the camera looks along +y and sees the face from the side"
            checked += 1
    assert checked


def test_a_pair_has_one_relation_and_no_mirror(pictures):
    for picture in pictures:
        pairs = [(s, o) for s, _, o in named(picture)]
        assert len(set(pairs)) == len(pairs)
        mirrored = {(s, p) for s, p, o in named(picture) if (o, p, s) in named(picture)}
        assert {p for _, p in mirrored} <= {"looking at"}


def test_masks_depth_and_camera_agree(pictures):
    for picture in pictures[:10]:
        camera = camera_of([picture.layout.view])
        points = camera.to_world(camera.points(picture.depth), 0)
        sky = [n.id for n in picture.graph.nodes if picture.graph.category_name(n.id) == "sky-other-merged"]
        assert (picture.depth[np.isin(picture.ids, sky)] == 0).all()
        for node, (low, high) in boxes(picture).items():
            inside = points[picture.ids == node]
            assert (inside > low - 0.12).all() and (inside < high + 0.12).all()
            middle = camera.project(camera.to_camera(((low + high) / 2).astype(float), 0))
            x1, y1, x2, y2 = picture.graph.node(node).region.box
            alone = np.array([x1 - 12, y1 - 12]) <= middle
            assert alone.all() and (middle <= np.array([x2 + 12, y2 + 12])).all()
        for node in picture.graph.nodes:
            if picture.graph.category_name(node.id) in ("grass-merged", "sand", "road", "sea"):
                height = points[picture.ids == node.id][:, 2]
                assert np.abs(height).max() < 1e-3


def test_state_predicates_are_predicates():
    assert set(STATE_PREDICATES) <= set(PSG.vocabulary.predicates)
