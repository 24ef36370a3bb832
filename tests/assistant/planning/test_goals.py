"""Goals in English and as JSON."""

import pytest

from assistant.planning import Goal, NoGoal, Planner
from assistant.planning.facts import ROBOT, START, Fact
from scenegraph import InputError
from tests.assistant.planning.kitchen import (
    APPLE,
    BOOK,
    BOTTLE,
    BOX,
    CUP,
    DOG,
    FLOOR,
    FRIDGE,
    HELD_CUP,
    PERSON,
    TABLE,
    kitchen,
)  # fmt: skip

PLANNER = Planner(kitchen())


@pytest.mark.parametrize(
    ("asked", "facts"),
    [
        ("bring the book to the person", {Fact("has", PERSON, BOOK)}),
        ("Please bring the book to the table.", {Fact("on", BOOK, TABLE)}),
        ("carry the apple to the box", {Fact("on", APPLE, BOX)}),
        ("put the apple into the box", {Fact("in", APPLE, BOX)}),
        ("move the book next to the fridge", {Fact("beside", BOOK, FRIDGE)}),
        ("give the person the apple", {Fact("has", PERSON, APPLE)}),
        ("hand the apple to the man", {Fact("has", PERSON, APPLE)}),
        ("pick up the book", {Fact("holds", ROBOT, BOOK)}),
        ("pick the book up", {Fact("holds", ROBOT, BOOK)}),
        ("could you grab cup-1", {Fact("holds", ROBOT, CUP)}),
        ("bring me the apple", {Fact("holds", ROBOT, APPLE), Fact("at", ROBOT, START)}),
        ("open the fridge", {Fact("open", FRIDGE)}),
        ("go to the dog", {Fact("at", ROBOT, DOG)}),
        ("find the dog", {Fact("at", ROBOT, DOG)}),
        ("look for the apple", {Fact("at", ROBOT, FRIDGE)}),
        ("empty the fridge", {Fact("on", APPLE, FLOOR)}),
        ("empty the box", {Fact("contains", BOX)}),
        ("clear the dog", {Fact("supports", DOG)}),
        ("take the apple out of the fridge", {Fact("off", APPLE, FRIDGE)}),
        ("put all cups in the box", {Fact("in", CUP, BOX), Fact("in", HELD_CUP, BOX)}),
        ("put the cups in the box", {Fact("in", CUP, BOX), Fact("in", HELD_CUP, BOX)}),
        ("put cup-1 and the apple in the box", {Fact("in", CUP, BOX), Fact("in", APPLE, BOX)}),
        ("put down the book", {Fact("on", BOOK, FLOOR)}),
        ("clear the table", {Fact("on", BOOK, FLOOR), Fact("on", BOX, FLOOR), Fact("on", CUP, FLOOR)}),
        ("put the cup on the book on the floor", {Fact("on", CUP, FLOOR)}),
        ("pick up the book and put it in the box", {Fact("in", BOOK, BOX)}),
        ("open the fridge and put the book in it", {Fact("open", FRIDGE), Fact("in", BOOK, FRIDGE)}),
        ("put the box in the fridge and close it", {Fact("in", BOX, FRIDGE), Fact("closed", FRIDGE)}),
        ("put cup-1 in the box and the apple on the table", {Fact("in", CUP, BOX), Fact("on", APPLE, TABLE)}),
        ("put the bottle that the dog is holding on the table", {Fact("on", BOTTLE, TABLE)}),
    ],
)
def test_english(asked, facts):
    goal = PLANNER.goal(asked)
    assert goal.options[0] == facts, goal


def test_any_one_will_do():
    options = PLANNER.goal("put a cup on the table").options
    assert set(options) == {frozenset({Fact("on", cup, TABLE)}) for cup in (CUP, HELD_CUP)}


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("put the cup on the table", "ambiguous", "cup-1 or cup-2"),
        ("bring the spoon to the table", "no such thing", "spoon"),
        ("bring two apples to the table", "no such thing", "only 1"),
        ("why is the cup on the table", "unread", "could not be read"),
        ("put the book on the ceiling", "unread", "not known here: ceiling"),
        ("", "unread", "no goal"),
        ("put the book on the book", "no such thing", "itself"),
    ],
)
def test_english_that_is_no_goal(asked, status, words):
    plan = PLANNER.plan(asked)
    assert plan.status == status and words in plan.text
    with pytest.raises(NoGoal):
        PLANNER.goal(asked)


def test_json():
    rows = [
        {"is": "on", "subject": "book-1", "object": BOX},
        {"is": "has", "subject": "person-1", "object": APPLE},
        {"is": "on", "subject": CUP, "object": TABLE, "not": True},
        {"is": "holds", "object": HELD_CUP},
        {"is": "at", "object": "cup-1"},
        {"is": "open", "subject": FRIDGE},
    ]
    assert PLANNER.goal(rows) == Goal(
        (
            frozenset(
                {
                    *(Fact("on", BOOK, BOX), Fact("has", PERSON, APPLE), Fact("off", CUP, TABLE)),
                    *(Fact("holds", ROBOT, HELD_CUP), Fact("at", ROBOT, TABLE), Fact("open", FRIDGE)),
                }
            ),
        )
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "expected 1 to"),
        (["on"], r"goal\[0\]"),
        ([{"is": "under", "subject": 1, "object": 2}], r"goal\[0\].is: found 'under'; expected one of on, in"),
        ([{"is": "on", "subject": 99, "object": 2}], r"goal\[0\].subject: found '99'"),
        ([{"is": "on", "subject": "spoon-1", "object": 2}], "no node is called 'spoon-1'"),
        ([{"is": "on", "subject": 1}], "`object` is missing"),
        ([{"is": "on", "subject": 1, "object": 1}], "two different things"),
        ([{"is": "open", "subject": 1, "not": True}], "can be negated"),
        ([{"is": "on", "subject": True, "object": 1}], "found 'True'"),
        ([{"is": "on", "subject": 1, "object": 2, "why": 3}], "why"),
    ],
)
def test_bad_json(rows, message):
    with pytest.raises(InputError, match=message):
        PLANNER.plan(rows)
