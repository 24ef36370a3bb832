"""Answers in metres: by hand, exact on true graphs of the simulated world, within their errors on noisy ones."""

from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from assistant import Assistant, Reason, Status
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.outcomes import Outcome
from assistant.program_line import from_line
from assistant.schemas import ANSWER_SCHEMA
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from benchmarks.assistant_metres import asked_as_program, noisy, right
from scenegraph import Camera, InputError, Node, SceneGraph, Segment, Source, Track4D, Tube, Vocabulary
from toyworld import clips
from toyworld.metric_questions import metric_questions

WORDS = Vocabulary(("person", "dog", "car", "cup"), ("grass",), ("on",))
PLACES = {
    # node: (category, its centre in three frames)
    1: ("person", [(-1, 0, 2)] * 3),
    2: ("dog", [(0, 0, 4), (0.5, 0, 4), (3, 0, 4)]),
    3: ("car", [(2, 0, 2)] * 3),
    4: ("cup", [(0.5, -0.5, 2)] * 3),
    5: ("grass", [(0, 1, 3), (4, 1, 9), (9, 1, 9)]),
}


def yard(error=0.1, poses=None, places=None):
    """A person left and a car right of the camera, a cup between them, a dog that runs behind to the right."""
    nodes = []
    for node, (category, centres) in (places or PLACES).items():
        tube = Tube({f: Segment.from_box((node, 0, node + 1, 1), 8, 16) for f in range(len(centres))})
        track = Track4D(tube, np.array(centres, float), np.ones((len(centres), 3)), np.full((len(centres), 3), error))
        nodes.append(Node(node, WORDS.category_id(category), track))
    source = Source("rgbd", "yard", 8, 16, 3, 2.0, Camera(10, 10, 8, 4, poses))
    return SceneGraph(source, tuple(nodes), (), WORDS)


def run(line, graph=None):
    answer = Assistant(graph or yard()).run(from_line(line))
    jsonschema.validate(answer.to_json(), ANSWER_SCHEMA)
    return answer


def told(answer):
    return {(each.quantity, each.other): each for each in answer.measures}


def test_bearing_from_the_camera():
    answer = run("bearing(find(person))")
    assert answer.short == "2.24 m (± 0.1 m), 1 m to the left and 2 m ahead"
    assert "as the camera sees it" in answer.text and "frame 2" in answer.text
    length = told(answer)["distance", None]
    assert (length.value, length.error, length.frames, length.unit) == (pytest.approx(5**0.5), 0.1, ((2, 3),), "m")


def test_bearing_from_another_thing():
    """The dog is where it is last: 4 m right of the person and 2 m farther away."""
    answer = run("bearing(find(dog), the(find(person)))")
    offsets = {name: each.value for (name, _), each in told(answer).items()}
    assert offsets == {"distance": pytest.approx(20**0.5), "x": 4, "y": 0, "z": 2}
    assert told(answer)["distance", 1].error == pytest.approx(0.02**0.5)
    assert "4 m to the right and 2 m farther" in answer.short
    early = run("during(bearing(find(dog), the(find(person))), frames(0, 1))")
    assert told(early)["x", 1].value == 1 and told(early)["x", 1].frames == ((0, 1),)


def test_of_a_moving_camera_the_last_frame_counts():
    poses = np.tile(np.eye(4), (3, 1, 1))
    poses[2, 0, 3] = -1.0  # in the end the camera stands before the person
    answer = run("bearing(find(person))", yard(poses=poses))
    assert told(answer)["x", None].value == 0 and told(answer)["z", None].value == 2
    world = run("bearing(find(person), view=world)", yard(poses=poses))
    assert told(world)["x", None].value == -1


def test_what_moved():
    assert run("which(moved(find(anything)))").nodes == (2,)
    assert run("which(moved(find(anything), yes))").nodes == (1, 3, 4)
    assert told(run("which(moved(find(dog)))"))["displacement", None].value == 3
    # With an error of 1.1 m a way of 3 m is no sure move: 3 x 1.1 x sqrt 2 is more.
    assert run("which(moved(find(dog)))", yard(error=1.1)).status is Status.UNANSWERABLE
    assert run("which(moved(find(dog)))", yard(error=0.5)).nodes == (2,)


@pytest.mark.parametrize(
    ("question", "short", "told"),
    [
        ("Did the car move?", "no", "car-1 ends 0 m"),
        ("Did the dog move?", "yes", "dog-1 ends 3 m"),
        ("Did the dog stay where it was?", "no", "dog-1 ends 3 m"),
        ("Did all the dogs move?", "yes", "dog-1 ends 3 m"),
        ("Did all the cars move?", "no", "car-1 ends 0 m"),
    ],
)
def test_whether_a_measured_thing_moved_is_told_either_way(question, short, told):
    answer = Assistant(yard()).ask(question)
    assert answer.short.startswith(short) and told in answer.text
    asked = answer.program.question
    assert not disagreements(Executor(GraphIndex(yard())).run(asked), SqliteExecutor(yard()).run(asked))


def test_what_was_not_measured_may_have_moved():
    assert Assistant(yard(error=1.1)).ask("Did the grass move?").status is Status.UNANSWERABLE
    assert Assistant(yard()).ask("Did any cup move?").status is Status.UNANSWERABLE  # the graph may lack another


def test_what_is_behind_is_measured_where_no_relation_tells_it():
    assert run_english("Is the dog behind the car?") == "is_in_space(the(find(dog)), behind, the(find(car)))"
    assert run_english("What is behind the car?") == "which(in_space(find(anything), behind, the(find(car))))"


def run_english(question):
    answer = Assistant(yard()).ask(question)
    assert answer.status is Status.ANSWERED
    return answer.program.line


def test_how_far_it_moved():
    answer = run("measure(find(dog), displacement)")
    (way,) = answer.measures
    assert (way.value, way.error, way.frames) == (3, pytest.approx(0.02**0.5), ((0, 3),))
    assert "ends 3 m (± 0.14 m) from where it was first" in answer.text
    (length,) = run("measure(find(dog), path length)").measures
    assert length.value == 3 and length.error == pytest.approx(0.04**0.5)
    (speed,) = run("measure(find(dog), speed)").measures
    assert speed.value == 3 and speed.unit == "m/s"


def test_what_is_between():
    answer = run("which(in_between(find(anything), find(person), find(car)))")
    assert answer.nodes == (4,)
    assert {each.other for each in answer.measures} == {1, 3} and "away from" in answer.text
    assert run("exists(in_between(find(dog), find(person), find(car)))").status is Status.UNANSWERABLE
    # An angle of exactly 120 degrees is not between.
    third = {1: ("person", [(0, 0, 0)]), 2: ("dog", [(1, 0, 0)]), 3: ("car", [(-0.5, 3**0.5 / 2, 0)])}
    assert (
        run("which(in_between(find(person), find(dog), find(car)))", yard(places=third)).status is not Status.ANSWERED
    )


@pytest.mark.parametrize(
    ("question", "short", "told"),
    [
        ("Is the cup closer to the person than the car?", "yes", {(4, 1): 2.5**0.5, (3, 1): 3}),
        ("Is the car closer to the person than the cup?", "no", {(4, 1): 2.5**0.5, (3, 1): 3}),
        ("Is the person closer to the cup than to the car?", "yes", {(4, 1): 2.5**0.5, (3, 1): 3}),
        ("Is the dog farther from the car than the cup at the start?", "yes", {(2, 3): 8**0.5, (4, 3): 2.5**0.5}),
    ],
)
def test_two_distances_are_compared(question, short, told):
    """The cup is 1.6 m from the person and from the car, the person 3 m from the car."""
    answer = Assistant(yard()).ask(question)
    assert answer.short == short, answer.text
    assert {tuple(sorted((each.node, each.other))): round(each.value, 6) for each in answer.measures} == {
        tuple(sorted(pair)): round(metres, 6) for pair, metres in told.items()
    }


def test_two_distances_within_their_error_or_not_measured():
    assistant = Assistant(yard())
    assert assistant.ask("Is the cup closer to the person than to the car?").reason is Reason.WITHIN_ERROR
    assert assistant.ask("Is the cup as far from the person as the car?").short == "no"
    assert assistant.ask("Is the cup closer to itself than the car?").reason is not None
    assert Assistant(yard(error=0.0)).ask("Are the person and the car equally far from the cup?").short == "yes"


def test_of_two_dogs_it_is_asked_which_is_meant():
    two = yard(error=0.0, places={**PLACES, 6: ("dog", [(9, 0, 4)] * 3)})
    line = "compare_distances(the(find(cup)), less, the(find(car)), the(find(dog)))"
    assert run(line, two).reason is Reason.AMBIGUOUS_REFERENT
    nearest = run(line.replace("the(find(dog))", "find(dog)"), two)
    assert {each.other for each in nearest.measures} == {2}, "of several targets the nearest counts"


def test_from_somebodys_point_of_view():
    """The person looks along x at the car: what is farther from the camera is on the left."""
    assert run("is_in_space(find(dog), left of, find(car), from, find(person))").short == "yes"
    assert run("is_in_space(find(grass), left of, find(car), from, find(person))").short == "yes"
    assert run("is_in_space(find(grass), left of, find(car), camera)").short == "no"
    assert run("is_in_space(find(cup), in front of, find(car), from, find(person))").short == "yes"
    which = run("which(in_space(find(anything), left of, find(car), from, find(person)))")
    assert which.nodes == (2, 5) and "as seen from what was named" in which.notes[0]
    (way,) = run("is_in_space(find(dog), left of, find(car), from, find(person))").measures
    assert (way.node, way.other, way.quantity, way.frames) == (2, 3, "x", ((0, 3),)) and way.value < -way.error < 0
    assert f"dog-1 is {-way.value:.3g} m (± {way.error:.2g} m) to the left of car-1" in which.text
    assert which.text.endswith("measured at 0-1.5 s (frames 0-2).")
    (other,) = run("is_in_space(find(dog), right of, find(car), from, find(person))").measures
    assert other == way
    far = run("is_in_space(find(cup), left of, find(car), from, find(person))")
    assert abs(far.measures[0].value) <= far.measures[0].error
    assert far.status is Status.UNANSWERABLE and "error of measurement" in far.text  # straight ahead


def test_a_view_that_needs_nobody_or_somebody():
    for line in (
        "coordinates(find(dog), from, find(person))",
        "bearing(find(dog), find(person), facing)",
        "is_in_space(find(dog), left of, find(car), from)",
    ):
        with pytest.raises(InputError):
            run(line)


def test_graphs_without_metres():
    flat = clips.video(3, frames=4, size=(64, 80)).graph
    for line in ("bearing(find(anything))", "which(moved(find(anything)))", "measure(find(anything), displacement)"):
        assert run(line, flat).short == "not measured"
    between = run("which(in_between(find(anything), find(anything), find(anything)))", flat)
    assert between.nodes and "in the picture" in between.text and not between.measures


def test_frames_of_mean_values():
    (length,) = run("during(distance(find(dog), find(car)), frames(1))").measures
    assert length.frames == ((1, 3),) and length.value == pytest.approx(np.mean([2.5, 5**0.5]))


@pytest.fixture(scope="module", params=[10008, 10019])
def world(request):
    return clips.video(request.param, frames=12, rgbd=True, size=(64, 80)).graph


def outcomes(graph, asked) -> tuple[Outcome, Outcome]:
    program = asked_as_program(graph, asked)
    return Executor(GraphIndex(graph), True).run(program), SqliteExecutor(graph, True).run(program)


def test_exact_on_true_graphs_and_the_engines_agree(world):
    questions = metric_questions(world, 1)
    assert len({asked.family for asked in questions}) >= 5
    for asked in questions:
        first, second = outcomes(world, asked)
        assert right(world, asked, first) and not disagreements(first, second), asked


def test_within_the_errors_on_noisy_graphs(world):
    """Lengths within four standard deviations and some millimetres; yes and no are told only where it is sure."""
    blurred = noisy(world, 0.05, 3)
    for asked in metric_questions(world, 2):
        outcome = outcomes(blurred, asked)[0]
        assert outcome.status is not Status.ANSWERED or right(world, asked, outcome, deviations=4), asked


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Where is the dog from the camera?", "bearing(the(find(dog)))"),
        ("Where is the dog relative to the car?", "bearing(the(find(dog)), the(find(car)))"),
        ("In which direction is the dog?", "bearing(the(find(dog)))"),
        ("Which dogs moved?", "which(moved(find(dog)))"),
        ("What stayed?", "which(moved(find(anything), yes))"),
        ("Did the dog move?", "exists(moved(the(find(dog))))"),
        ("How far is the dog from where it started?", "measure(the(find(dog)), displacement)"),
        (
            "What is between the person and the car?",
            "which(in_between(find(anything), the(find(person)), the(find(car))))",
        ),
        (
            "Is the cup between the person and the car?",
            "exists(in_between(the(find(cup)), the(find(person)), the(find(car))))",
        ),
        (
            "From the point of view of the person, is the dog to the left of the car?",
            "is_in_space(the(find(dog)), left of, the(find(car)), from, the(find(person)))",
        ),
        (
            "Is the dog left of the car as seen from the person?",
            "is_in_space(the(find(dog)), left of, the(find(car)), from, the(find(person)))",
        ),
        (
            "Is the cup above the car?",
            "is_in_space(the(find(cup)), above, the(find(car)), world)",
        ),
        (
            "Is the cup to the left of the car?",
            "is_placed(the(find(cup)), left of, the(find(car)))",
        ),
        (
            "What is behind the car from the person's point of view?",
            "which(in_space(find(anything), behind, the(find(car)), from, the(find(person))))",
        ),
    ],
)
def test_english(question, line):
    assert Assistant(yard()).ask(question).program.line == line


def test_questions_need_metres(world):
    with pytest.raises(InputError, match="RGB-D"):
        metric_questions(clips.video(3, frames=3, size=(64, 80)).graph)
    assert metric_questions(world, 5) == metric_questions(world, 5)
    assert replace(world).source.kind == "rgbd"
