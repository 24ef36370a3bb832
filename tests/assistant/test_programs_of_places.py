"""Parts of the picture, equal values and "all the time" on small scenes whose answers are plain to see."""

import pytest

from assistant import Assistant, Status, Verdict
from assistant.answers import Reason
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line
from assistant.sqlite_engine import SqliteExecutor
from scenegraph import InputError, Node, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from tests.assistant.scenes import birthday, riders

YES, NO, OPEN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH


def toys():
    """Red and blue things in the corners and the middle of a picture of 90 x 90 pixels; one of no known colour."""
    rows = (
        ("block", (0, 0, 20, 20), {"colour": "red"}),
        ("block", (70, 0, 90, 20), {"Color": "Red", "size": "small"}),
        ("cone", (70, 70, 90, 90), {"colour": ["blue", "red"]}),
        ("cone", (35, 35, 55, 55), {"colour": "blue", "size": "small"}),
        ("cone", (0, 40, 10, 50), {}),
    )
    vocabulary = Vocabulary(("block", "cone"), (), ("on",))
    nodes = tuple(
        Node(at, vocabulary.category_id(name), Segment.from_box(box, 90, 90), attributes=attributes)
        for at, (name, box, attributes) in enumerate(rows)
    )
    return SceneGraph(Source("image", "toys", 90, 90), nodes, (), vocabulary)


GRAPHS = {"toys": toys, "riders": riders, "birthday": birthday}


@pytest.fixture(scope="module")
def engines():
    made = {name: make() for name, make in GRAPHS.items()}
    return {
        (name, closed): (Executor(GraphIndex(graph), closed), SqliteExecutor(graph, closed))
        for name, graph in made.items()
        for closed in (False, True)
    }


@pytest.mark.parametrize(
    ("line", "nodes"),
    [
        ("in_picture(find(anything), left)", {0, 4}),
        ("in_picture(find(anything), top)", {0, 1}),
        ("in_picture(find(anything), top left)", {0}),
        ("in_picture(find(anything), bottom right)", {2}),
        ("in_picture(find(anything), middle)", {3}),
        ("in_picture(find(anything), left half)", {0, 4}),
        ("in_picture(find(anything), right half)", {1, 2}),
        ("in_picture(find(cone), left, yes)", {2, 3}),
        ("sharing(find(anything), pick(0), colour)", {1, 2}),
        ("sharing(find(block), pick(2), colour)", {0, 1}),
        ("sharing(find(anything), find(block), colour)", {2}),
        ("sharing(find(anything), pick(3), size)", {1}),
        ("sharing(find(anything), pick(3), kind)", {2, 4}),
        ("sharing(find(anything), pick(3), color)", {2}),
        ("in_between(find(anything), pick(0), pick(2))", {3}),
        ("in_between(find(anything), find(block), pick(2))", {3}),
        ("in_between(find(anything), pick(1), pick(3))", set()),
        ("placed(find(anything), overlapping, find(anything))", set()),
    ],
)
def test_sets_of_nodes(engines, line, nodes):
    for engine in engines["toys", False]:
        assert set(engine.run(from_line(f"which({line})")).nodes) == nodes


@pytest.mark.parametrize(
    ("line", "verdict", "closed"),
    [
        ("exists(in_picture(the(find(block)), top))", YES, YES),
        ("exists(in_picture(the(find(block)), bottom))", NO, NO),
        ("exists(in_picture(find(block), bottom))", OPEN, NO),
        ("exists(in_picture(pick(3), left half))", NO, NO),  # on the line between the halves
        ("not(exists(in_picture(the(find(block), yes), top, yes)))", YES, YES),
        ("exists(sharing(find(anything), pick(4), colour))", OPEN, OPEN),
        ("exists(sharing(find(block), pick(3), colour))", OPEN, NO),
        ("exists(sharing(find(block), the(find(block)), colour))", OPEN, NO),
    ],
)
def test_verdicts_in_pictures(engines, line, verdict, closed):
    for world, expected in ((False, verdict), (True, closed)):
        for engine in engines["toys", world]:
            assert engine.run(from_line(line)).verdict is expected, line


def passing():
    """A dog and a ball that cross the picture and overlap in frames 3 and 4 of 8; a cat that is gone by then."""
    ways = ((8, lambda at: (10 * at, 0, 10 * at + 15, 10)), (8, lambda at: (72 - 10 * at, 5, 82 - 10 * at, 9)))
    ways += ((3, lambda at: (30, 0, 45, 10)),)
    vocabulary = Vocabulary(("dog", "ball", "cat"), (), ("on",))
    nodes = tuple(
        Node(at, at, Tube({frame: Segment.from_box(box(frame), 20, 100) for frame in range(frames)}))
        for at, (frames, box) in enumerate(ways)
    )
    return SceneGraph(Source("video", "passing", 20, 100, 8, 4.0), nodes, (), vocabulary)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("is_placed(pick(0), overlapping, pick(1))", YES),
        ("is_placed(pick(1), overlapping, pick(0))", YES),
        ("is_placed(pick(1), overlapping, pick(2))", NO),  # at the same place, at other times
        ("during(is_placed(pick(0), overlapping, pick(1)), frames(0, 3))", NO),
        ("always(is_placed(pick(0), overlapping, pick(1)))", NO),
        ("during(always(is_placed(pick(0), overlapping, pick(1))), frames(3, 5))", YES),
        ("is_placed(pick(0), overlapping, pick(0))", NO),
        ("when(is_placed(pick(0), overlapping, pick(1)))", (Span(3, 5),)),
    ],
)
def test_boxes_overlap_in_the_same_frame(line, told):
    graph = passing()
    for engine in (Executor(GraphIndex(graph)), SqliteExecutor(graph)):
        outcome = engine.run(from_line(line))
        assert told in (outcome.verdict, *(timing.spans for timing in outcome.timings)), line


@pytest.mark.parametrize(
    ("line", "verdict", "closed"),
    [
        ("always(holds(the(find(cake)), on, the(find(table))))", YES, YES),
        ("always(holds(the(find(dog)), chasing, the(find(ball))))", OPEN, NO),
        ("during(always(holds(the(find(dog)), chasing, the(find(ball)))), frames(20, 25))", YES, YES),
        ("always(holds(the(find(child)), sitting on, the(find(floor))))", NO, NO),  # it stands on it later
        ("always(holds(find(child), sitting on|standing on, find(floor)))", YES, YES),  # one after the other
        ("always(seen(the(find(child))))", YES, YES),
        ("always(seen(the(find(cup))))", OPEN, NO),
        ("always(seen(find(adult)))", YES, YES),
        ("always(seen(the(find(adult), yes)))", OPEN, NO),  # one of them comes later
        ("during(always(seen(find(cup))), frames(30))", OPEN, NO),
        ("always(is_placed(the(find(child)), left of, the(find(table))))", YES, YES),
        ("always(is_placed(the(find(child)), right of, the(find(table))))", NO, NO),
        ("always(is_placed(the(find(dog)), left of, the(find(table))))", OPEN, OPEN),  # no box before frame 12
        ("not(always(holds(the(find(dog)), chasing, the(find(ball)))))", OPEN, YES),
        ("always(holds(the(find(cat)), on, the(find(table))))", OPEN, OPEN),
    ],
)
def test_verdicts_all_the_time(engines, line, verdict, closed):
    for world, expected in ((False, verdict), (True, closed)):
        for engine in engines["birthday", world]:
            assert engine.run(from_line(line)).verdict is expected, line


def test_a_part_is_chosen(engines):
    for engine in engines["toys", False]:
        chosen = engine.run(from_line("choose_part(pick(1), left half|right half)"))
        assert [part for *_, part in chosen.values] == ["right half"]
        assert engine.run(from_line("choose_part(pick(3), left|right)")).reason is Reason.NO_CORRECT_OPTION
        assert engine.run(from_line("choose_part(the(find(block)), left|right)")).status is Status.AMBIGUOUS
        assert engine.run(from_line("choose(choose_part(pick(1), left half|right half), left|right)")).number == 1


def test_the_other_thing_that_is_meant_is_asked_back(engines):
    for engine in engines["toys", False]:
        outcome = engine.run(from_line("which(sharing(find(anything), the(find(cone)), colour))"))
        assert outcome.status is Status.UNANSWERABLE or outcome.nodes == (0, 1)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("in_picture(find(dog), centre)", "expected one of left, right"),
        ("choose_part(find(dog), nothing)", "at least one part"),
        ("choose_part(find(dog), left|north)", "expected one of left, right"),
        ("sharing(find(dog), find(cat))", "sharing needs attribute"),
        ("always(exists(find(dog)))", "expected a step that gives event"),
    ],
)
def test_what_is_no_program_is_refused(line, words):
    with pytest.raises(InputError, match=words):
        from_line(line if line.startswith(("choose", "always")) else f"which({line})")


@pytest.mark.parametrize(
    ("scene", "line", "text", "short"),
    [
        (
            "riders",
            "exists(in_picture(the(find(dog)), left))",
            "No. dog-1 is not on the left of the picture and dog-1 is at the right of the picture.",
            "no",
        ),
        (
            "riders",
            "choose_part(the(find(dog)), left half|right half)",
            "dog-1 is in the right half of the picture.",
            "right",
        ),
        (
            "toys",
            "which(sharing(find(block), pick(0), colour))",
            "The colour of block-2 is red, as that of block-1.",
            "block-2",
        ),
        (
            "toys",
            "which(in_between(find(cone), pick(0), pick(2)))",
            "cone-2 is between block-1 and cone-1 in the picture.",
            "cone-2",
        ),
        (
            "riders",
            "is_placed(the(find(horse)), overlapping, the(find(dog)))",
            "No. By their boxes in the picture, horse-1 is not overlapping dog-1.",
            "no",
        ),
        (
            "birthday",
            "always(holds(the(find(dog)), chasing, the(find(ball))))",
            "The graph does not show dog-1 chasing ball-1 all the time. "
            "It shows: dog-1 is chasing ball-1 at 3.6-5.6 s (frames 18-27).",
            "not shown",
        ),
        (
            "birthday",
            "always(is_placed(the(find(child)), right of, the(find(table))))",
            "No. By their boxes in the picture, child-1 is not to the right of table-1 all the time.",
            "no",
        ),
    ],
)
def test_answers_in_words(scene, line, text, short):
    answer = Assistant(GRAPHS[scene]()).run(from_line(line))
    assert (answer.text, answer.short) == (text, short)
    assert answer.citations and answer.claims


def test_a_place_is_claimed_and_cited():
    answer = Assistant(riders()).run(from_line("which(in_picture(find(person), left))"))
    (claim,) = answer.claims
    assert (claim.subject, claim.predicate, claim.object) == (0, "on the left of the picture", None)
    assert answer.citations[claim.citations[0]].node == 0
    assert any("centres of boxes" in note for note in answer.notes)


def test_a_single_picture_has_no_time():
    answer = Assistant(riders()).run(from_line("always(holds(find(dog), chasing, find(anything)))"))
    assert answer.reason is Reason.TIME_NOT_RECORDED
