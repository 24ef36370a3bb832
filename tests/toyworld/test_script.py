"""Phases over time: who is where, and what is carried by whom."""

from random import Random

import pytest

from toyworld.entities import FREE, Entity
from toyworld.script import SPEED, Script
from toyworld.world import make_world


def script_with_two():
    script = Script(Random(0))
    person = script.add(Entity("person", 1.0, 0), 0.0, 8.0, 0.0, "stand")
    ball = script.add(Entity("ball", 1.0, 0), 1.0, 8.0, 0.0)
    return script, person, ball


def test_a_walk_takes_its_time_and_ends_standing():
    script, person, _ = script_with_two()
    script.wait(2.0)
    arrival = script.move(person, 2.2, 8.0, "walk")
    assert arrival == pytest.approx(2.0 + 2.2 / SPEED["walk"])
    assert [script.states(time)[person].activity for time in (1.9, 2.1, arrival + 0.1)] == ["stand", "walk", "stand"]
    assert script.states(3.0)[person].x == pytest.approx(SPEED["walk"])
    assert script.states(99.0)[person].x == pytest.approx(2.2)


def test_an_interrupted_walk_stops_where_it_is():
    script, person, _ = script_with_two()
    script.move(person, 2.2, 8.0, "walk")
    script.wait(1.0)
    script.act(person, "squat")
    assert script.states(5.0)[person].activity == "squat"
    assert script.states(5.0)[person].x == pytest.approx(SPEED["walk"])


def test_what_is_held_moves_with_its_holder():
    script, person, ball = script_with_two()
    script.wait(1.0)
    script.give(ball, person)
    script.move(person, 3.0, 8.0, "walk")
    before, during = script.states(0.5)[ball], script.states(2.5)[ball]
    assert (before.activity, before.carrier) == ("rest", FREE)
    assert (during.activity, during.carrier) == ("held", person)
    assert abs(during.x - script.states(2.5)[person].x) < 0.8 and during.z > 0.3
    script.wait(4.0)
    script.drop(ball, 4.0, 8.0)
    assert script.states(5.5)[ball].z == 0.0


def test_riders_and_sitters_are_carried():
    script, person, _ = script_with_two()
    horse = script.add(Entity("horse", 1.0, 0), 4.0, 8.0, 0.0, "stand")
    script.wait(1.0)
    script.put(person, horse, (-0.05, 0.0), 1.3, "ride")
    script.move(horse, 7.0, 8.0, "run")
    rider, mount = script.states(1.8)[person], script.states(1.8)[horse]
    assert (rider.activity, rider.carrier, rider.heading) == ("ride", horse, mount.heading)
    assert rider.x == pytest.approx(mount.x - 0.05) and rider.z == pytest.approx(1.3)


def test_a_throw_rises_and_arrives():
    script, _, ball = script_with_two()
    arrival = script.fly(ball, (0.0, 8.0, 1.5), (3.0, 8.0, 1.0), 1.0)
    assert script.states(0.5)[ball].z > 2.0
    assert script.states(arrival)[ball].x == pytest.approx(3.0)


def test_worlds_are_the_same_for_the_same_seed_and_everyone_has_a_state_at_all_times():
    first, second = (make_world(Random(3), 8.0) for _ in range(2))
    assert first.phases == second.phases and first.path == second.path
    for time in (0.0, 3.3, 7.9, 100.0):
        states = first.states(time)
        assert len(states) == len(first.entities)
        assert all(state.carrier < len(states) for state in states)
