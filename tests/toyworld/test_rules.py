"""Rules at and around their thresholds, worked by hand."""

from math import pi
from random import Random

import pytest

from toyworld import rules, scenes
from toyworld.entities import FREE, Entity, State
from toyworld.ground import GRASS, ROAD, Ground, Strip
from toyworld.layout import Layout
from toyworld.relations import Fact, Moment, ground_end
from toyworld.rules import Spot, Verdict
from toyworld.views import View
from toyworld.world import make_world

VIEW = View(0.0, 0.0, 3.0, pi / 2, 0.25, (128, 160))


def spot(kind, right, away, half_right=0.3, half_away=0.3, grounded=True):
    return Spot(kind, right, away, half_right, half_away, grounded)


def moment(*pairs, ground=None):
    entities = [Entity(kind, 1.0, 0) for kind, _ in pairs]
    return Moment(entities, [state for _, state in pairs], ground or Ground(GRASS), VIEW)


@pytest.mark.parametrize(
    ("gap", "apart", "expected"),
    [
        (0.3, 0.0, Verdict.YES),
        (0.6, 0.5, Verdict.YES),
        (0.8, 0.0, Verdict.UNCLEAR),
        (0.3, 0.7, Verdict.UNCLEAR),
        (1.2, 0.0, Verdict.NO),
        (0.3, 0.9, Verdict.NO),
        (-0.4, 0.0, Verdict.UNCLEAR),
        (-0.6, 0.0, Verdict.NO),
    ],
)
def test_beside(gap, apart, expected):
    person, dog = spot("person", 0.0, 7.0), spot("dog", 0.6 + gap, 7.0 + apart)
    assert rules.beside(person, dog) is expected
    assert rules.beside(dog, person) is Verdict.NO, "only the higher class is the subject"


def test_beside_needs_the_ground_and_different_classes():
    person, held = spot("person", 0.0, 7.0), spot("ball", 0.9, 7.0, grounded=False)
    assert rules.beside(person, held) is Verdict.NO
    assert rules.beside(person, spot("child", 0.9, 7.0)) is Verdict.NO


def test_over_needs_the_item_under_the_top():
    table = spot("table", 0.0, 7.0, 0.95, 0.5)
    assert rules.over(table, spot("ball", 0.2, 7.1)) is Verdict.YES
    assert rules.over(table, spot("ball", 0.9, 7.0)) is Verdict.UNCLEAR
    assert rules.over(table, spot("ball", 2.0, 7.0)) is Verdict.NO
    assert rules.over(table, spot("dog", 0.0, 7.0)) is Verdict.NO
    assert rules.neighbours(spot("ball", 0.2, 7.1), table) == ("beside", Verdict.NO)


def test_gaze_takes_the_nearest_in_profile():
    facts, unclear = moment(
        ("person", State(0.0, 7.0, heading=0.0, activity="stand")),
        ("dog", State(2.2, 7.0, heading=0.0, activity="lie")),
        ("backpack", State(3.6, 7.1)),
    ).facts()
    assert not unclear and [f for f in facts if f.predicate == "looking at"] == [Fact(0, "looking at", 1)]
    facts, _ = moment(
        ("person", State(0.0, 9.0, heading=-pi / 2, activity="stand")), ("dog", State(0.0, 6.5, activity="lie"))
    ).facts()
    assert "looking at" not in {fact.predicate for fact in facts}, "a face towards the camera does not tell"


def test_somebody_who_walks_or_is_too_far_looks_at_nothing():
    for activity, x in (("walk", 2.2), ("stand", 4.5)):
        facts, _ = moment(("person", State(0.0, 7.0, heading=0.0, activity=activity)), ("ball", State(x, 7.0))).facts()
        assert "looking at" not in {fact.predicate for fact in facts}


def test_the_support_follows_activity_and_ground():
    ground = Ground(GRASS, (Strip(ROAD, 0.0, 2.0, 5.0),))
    facts, unclear = moment(
        ("person", State(0.0, 7.0, activity="run")),
        ("car", State(3.5, 9.0, heading=pi / 2, activity="drive")),
        ("bench", State(-3.0, 7.0, heading=-pi / 2)),
        ("child", State(-3.0, 7.0, 0.5, -pi / 2, "sit", carrier=2)),
        ("umbrella", State(-5.0, 9.5)),
        ground=ground,
    ).facts()
    assert not unclear
    assert set(facts) == {
        Fact(0, "running on", ground_end(GRASS)),
        Fact(1, "driving on", ground_end(ROAD)),
        Fact(3, "sitting on", 2),
        Fact(4, "on", ground_end(GRASS)),
    }
    _, unclear = moment(("person", State(2.05, 7.0, activity="stand")), ground=ground).facts()
    assert unclear == [0], "a foot on the border"


def test_what_is_in_the_hands():
    for activity, predicate in (("stand", "holding"), ("walk", "carrying"), ("run", "carrying")):
        facts, _ = moment(
            ("person", State(0.0, 7.0, activity=activity)), ("ball", State(0.4, 7.0, 1.0, 0.0, "held", carrier=0))
        ).facts()
        assert Fact(0, predicate, 1) in facts


def test_deeds_with_a_ball_hold_while_they_last():
    found = set()
    for seed in range(6):
        world = make_world(Random(seed), 10.0)
        for tick in range(25):
            states = world.states(tick * 0.4)
            for who, what, partner in Moment(world.entities, states, world.ground, VIEW).facts()[0]:
                if what in ("throwing", "catching"):
                    assert states[partner].activity == "fly" and states[who].activity == {"throwing": "throw"}.get(
                        what, "catch"
                    )
                elif what == "kicking":
                    assert states[who].activity == "kick" and states[partner].z == 0
                elif what == "chasing" and states[who].partner != FREE:
                    assert states[who].activity == "run" and states[partner].activity in ("run", "roll", "walk")
                else:
                    continue
                found.add(what)
    assert found == {"throwing", "catching", "kicking", "chasing"}


def test_a_world_without_anybody_is_a_picture_of_ground_and_sky(monkeypatch):
    monkeypatch.setattr(scenes, "still", lambda random, size: Layout(Ground(GRASS), VIEW))
    picture = scenes.image(0)
    assert {picture.graph.category_name(node.id) for node in picture.graph.nodes} == {
        "grass-merged",
        "sky-other-merged",
    }
    assert picture.graph.relations == () and picture.members == {}
