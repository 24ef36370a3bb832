"""Nodes by what others have: sets by comparison, worked out by hand, and the questions that ask for them."""

from itertools import product

import pytest

from assistant import Assistant, Reason, Status, Verdict
from assistant.bounded_steps import OPPOSITE, Exceeding
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line
from assistant.programs import Exists, Which
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from assistant.steps import Find, Pick, The
from scenegraph import InputError
from tests.assistant.scenes import birthday, riders
from tests.assistant.test_programs_of_amounts import garden, outcome, run

# heights of the garden: people 1.9, 1.8 and 1.2 m, a dog 0.5 m, balls 0.2 m, a bench 0.8 m;
# from the camera: people 2, 5 and 2.05 m (± 0.1 m), the dog 6 m (± 0.5 m), balls 3 m, the bench 5 m (± 0.1 m)


@pytest.mark.parametrize(
    ("line", "nodes"),
    [
        ("exceeding(find(person), height, more, the(find(bench)))", (0, 1, 2)),
        ("exceeding(find(anything), height, less, the(find(bench)))", (3, 4, 5, 6)),
        ("exceeding(find(anything), height, at least, pick(1))", (0,)),  # never of itself
        ("exceeding(find(person), height, more, find(person))", (0, 1)),
        ("exceeding(find(person), height, more, find(person), yes)", (0,)),
        ("exceeding(find(person), height, less, find(person), yes)", (2,)),
        ("exceeding(find(ball), height, at least, find(ball), yes)", (4, 5, 6)),
        ("exceeding(find(anything), height, more, pick(2|3))", (0, 1, 2, 7)),
        ("exceeding(find(anything), height, more, pick(2|3), yes)", (0, 1, 2)),  # node 2 is held against node 3 only
        # 2.05 m is neither more nor less than 2 m with an error of 0.1 m each.
        ("exceeding(find(person), distance, more, pick(0))", (1,)),
        ("exceeding(find(person), distance, less, pick(1))", (0, 2)),
        ("exceeding(find(anything), distance, more, find(person), yes)", (1, 3)),
        ("exceeding(exceeding(find(anything), height, more, pick(3)), height, less, pick(1))", (2, 7)),
        ("related(find(anything), ~holding, the(exceeding(find(person), height, more, pick(1))))", (4, 5)),
    ],
)
def test_which(line, nodes):
    assert run(f"which({line})").nodes == nodes
    assert run(f"count({line})").short.startswith(str(len(nodes)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("exceeding(find(dog), height, more, find(person))", Reason.ABSENT_OBJECT),
        ("exceeding(find(dog), height, more, find(dog))", Reason.ABSENT_OBJECT),
        ("exceeding(find(dog), height, more, find(dog), yes)", Reason.ABSENT_OBJECT),
        ("exceeding(pick(2), distance, more, pick(0))", Reason.WITHIN_ERROR),
        ("exceeding(pick(2), distance, at most, pick(0))", Reason.WITHIN_ERROR),
        ("exceeding(find(dog), height, more, find(grass))", Reason.ABSENT_OBJECT),
        ("exceeding(find(grass), height, more, find(dog))", Reason.ABSENT_OBJECT),
    ],
)
def test_none(line, reason):
    answer = run(f"exists({line})")
    assert (answer.status, answer.reason) == (Status.UNANSWERABLE, reason)


def test_in_a_complete_graph_none_means_no():
    assert outcome("exists(exceeding(find(dog), height, more, find(person)))", True).verdict is Verdict.CONTRADICTED
    assert outcome("exists(exceeding(pick(2), distance, more, pick(0)))", True).verdict is Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("exceeding(the(find(bench)), height, more, the(find(dog)))", Verdict.SUPPORTED),
        ("exceeding(the(find(bench)), height, more, the(find(person), yes))", Verdict.CONTRADICTED),
        ("exceeding(the(find(bench)), height, more, pick(2|3))", Verdict.SUPPORTED),
        ("exceeding(the(find(bench)), height, more, pick(2|3), yes)", Verdict.CONTRADICTED),
        # The graph may lack a person that is smaller; one that is taller is enough against "every person".
        ("exceeding(the(find(bench)), height, more, find(person))", Verdict.NOT_IN_GRAPH),
        ("exceeding(the(find(bench)), height, more, find(person), yes)", Verdict.CONTRADICTED),
        ("exceeding(find(bench), height, more, the(find(person), yes))", Verdict.NOT_IN_GRAPH),
        # Of its height nothing is held against the person itself.
        ("exceeding(the(find(anything), yes), height, more, pick(0))", Verdict.CONTRADICTED),
        ("exceeding(pick(0), height, more, pick(0))", Verdict.NOT_IN_GRAPH),
        # Further relations may be lacking.
        ("exceeding(the(find(dog)), relations, more, the(find(bench)))", Verdict.NOT_IN_GRAPH),
        ("exceeding(the(find(bench)), relations, more, the(find(dog)))", Verdict.SUPPORTED),
    ],
)
def test_of_given_things_it_is_told_either_way(line, verdict):
    assert outcome(f"exists({line})").verdict is verdict


def test_it_rests_on_the_measures_of_both():
    answer = run("which(exceeding(find(person), height, more, pick(1)))")
    assert [(each.node, each.value) for each in answer.measures] == [(0, 1.9), (1, 1.8)]
    assert "the height of person-1 is 1.9 m and the height of person-2 is 1.8 m" in answer.text
    no = run("exists(exceeding(the(find(dog)), height, more, the(find(bench))))")
    assert no.short == "no" and "The height of dog-1 is 0.5 m and the height of bench-1 is 0.8 m" in no.text
    close = run("exists(exceeding(pick(2), distance, more, pick(0)))")
    assert close.short == "too close" and [each.node for each in close.measures] == [2, 0]
    # Of those that it exceeds, not of all that it was held against.
    some = run("which(exceeding(pick(7), height, more, find(anything)))")
    assert {each.node for each in some.measures} == {7, 3, 4, 5, 6}


def test_a_list_that_is_cut_short_names_what_they_exceed():
    text = run("which(exceeding(find(anything), width, less, the(find(bench))))").text
    assert "and 2 more" in text and "bench-1 is 1.5 m" in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("exceeding(find(dog), height, more, the(find(person)))", "a dog taller than the person"),
        ("exceeding(find(dog), height, at least, find(person))", "a dog no shorter than a person"),
        ("exceeding(find(dog), volume, less, find(ball), yes)", "a dog smaller than every ball"),
        ("exceeding(find(ball), distance, more, the(find(dog)))", "a ball farther from the camera than the dog"),
        ("exceeding(find(dog), relations, more, the(find(bench)))", "a dog in more relations than the bench"),
        ("exceeding(find(person), volume, more, the(find(bench)))", "a person larger than the bench"),
    ],
)
def test_what_is_missing_is_named(line, words):
    assert f"does not show {words}" in run(f"which({line})").text


def test_what_was_not_measured_is_neither_more_nor_less():
    graph = riders()
    executor = Executor(GraphIndex(graph))
    asked = [from_line(f"exists(exceeding(the(find(dog)), volume, {how}, the(find(person))))") for how in OPPOSITE]
    assert {executor.run(each).reason for each in asked} == {Reason.NOT_MEASURED}


@pytest.mark.parametrize("quantity", ["height", "distance", "volume"])
@pytest.mark.parametrize("how", ["more", "less"])
def test_of_one_other_a_set_says_what_compare_says(quantity, how):
    executor = Executor(GraphIndex(garden()))
    for one, other in product(range(8), range(8)):
        compared = executor.run(from_line(f"compare(pick({one}), {quantity}, {how}, pick({other}))"))
        kept = executor.run(Which(Exceeding(Pick((one,)), quantity, how, Pick((other,)))))
        assert (kept.nodes == (one,)) == (compared.verdict is Verdict.SUPPORTED)
        if one != other:
            told = executor.run(Exists(Exceeding(Pick((one,)), quantity, how, Pick((other,)))))
            assert (told.verdict, told.reason) == (compared.verdict, compared.reason)


@pytest.mark.parametrize("how", OPPOSITE)
@pytest.mark.parametrize("every", [False, True])
def test_of_all_that_is_measured_either_it_or_its_opposite_is_so(how, every):
    executor = Executor(GraphIndex(riders()))
    step = Exceeding(Find(None), "area", how, The(Find(("person",)), True), every)
    first, second = (set(executor.run(Which(each)).nodes) for each in (step, step.opposite))
    assert not first & second and first | second == {node.id for node in riders().nodes}
    assert step.opposite.opposite == step


def test_in_a_stretch_of_time():
    graph = birthday()
    seen = "exceeding(find(anything), frames seen"
    programs = {
        f"which({seen}, less, the(find(cup))))": (8, 9),
        f"during(which({seen}, more, the(find(ball)))), frames(0, 20))": (1, 2, 4, 5, 6, 7),
        "which(exceeding(find(adult), area, more, the(find(table))))": (),
    }
    for line, nodes in programs.items():
        found = Executor(GraphIndex(graph)).run(from_line(line))
        assert not disagreements(found, SqliteExecutor(graph).run(from_line(line)))
        assert found.nodes == nodes, line


def test_an_event_that_nobody_can_tell_names_what_was_measured():
    line = "allen_of(seen(exceeding(pick(2), distance, more, pick(0))), seen(find(dog)))"
    assert [each.node for each in outcome(line).measures] == [2, 0]


def test_what_cannot_be_run():
    with pytest.raises(InputError, match="at least"):
        from_line("which(exceeding(find(dog), height, equal, find(person)))")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who is taller than the bench?", "person-1, person-2 and person-3"),
        ("Who is taller than person-2?", "person-1"),
        ("Who is not taller than person-2?", "person-3"),
        ("How many people are farther from the camera than person-1?", "1"),
        ("Is anyone shorter than the dog?", "not shown"),
        ("Is there anything wider than the dog?", "yes"),
        ("Are all balls smaller than the dog?", "yes"),
        ("Are all people taller than the bench?", "yes"),
        ("Are all things smaller than the dog?", "no"),
        ("Is everything smaller than the bench?", "yes"),
        ("Is the dog taller than every ball?", "yes"),
        ("Is the dog taller than every person?", "no"),
        ("Is the dog taller than a ball?", "yes"),
        ("Is the dog taller than a person?", "not shown"),
        ("Is the bench taller than the dog?", "yes"),
        ("Which balls are bigger than the people?", "not shown"),
        ("What is the person taller than person-2 holding?", "ball-1 and ball-2"),
        ("Who is taller than the dog, person-1 or person-3?", "person-1 and person-3"),
        ("What is the dog taller than?", "ball-1, ball-2 and ball-3"),
        ("Does anything move faster than the dog?", "too close"),
    ],
)
def test_answers(question, short):
    assert Assistant(garden()).ask(question).short == short


def test_which_of_several_is_meant_is_asked_back():
    answer = Assistant(riders()).ask("Which person is bigger than the person?")
    assert answer.short == "which one?" and "person-1 (person-2)" in answer.text
