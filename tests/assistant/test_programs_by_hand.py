"""Every family of questions on small scenes whose answers are plain to see."""

from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant, RelationCitation, Status, Verdict
from assistant.answers import Reason
from assistant.differences import difference, joined, same_nodes
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.measured_programs import Measure
from assistant.program_line import from_line, from_trace
from assistant.programs import STEPS, Count, During, Exists, Seconds, Which
from assistant.steps import Find, Pick
from groundgraph.main import main
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Track4D, Tube, Vocabulary, files
from tests.assistant.scenes import birthday, riders

THROW, EAT = "holds(find(child), throwing, find(ball))", "holds(find(child), eating, find(cake))"
CHASE, BITE = "holds(find(dog), chasing, find(ball))", "holds(find(dog), biting, find(ball))"
HOLD = "holds(find(adult), holding, find(cup))"
CATEGORIES = ("person", "dog", "car")
PLACES = ((0.0, 0.0, 4.0), (-2.0, 0.0, 4.0), (3.0, 0.0, 8.0))
EXTENTS = ((0.5, 1.8, 0.4), (0.3, 0.6, 0.9), (1.8, 1.5, 4.2))


def street(errors=(0.1, 0.1, 0.1), fps=2.0):
    """A person 4 m ahead, a dog 2 m to the left, a car behind and to the right that moves 1 m a frame."""
    nodes = []
    for node, (place, extent, error) in enumerate(zip(PLACES, EXTENTS, errors, strict=True)):
        tube = Tube({frame: Segment.from_box((node * 10, 0, node * 10 + 8, 9), 40, 60) for frame in range(3)})
        moved = np.array([np.add(place, (0.0, 0.0, frame if node == 2 else 0.0)) for frame in range(3)])
        spread = None if error is None else np.full((3, 3), error)
        nodes.append(
            Node(node, node, Track4D(tube, moved, np.tile(extent, (3, 1)), spread), attributes={"colour": "red"})
        )
    vocabulary = Vocabulary(CATEGORIES, (), ("looking at", "beside"))
    source = Source("rgbd", "street", 40, 60, 3, fps)
    return SceneGraph(source, tuple(nodes), (Relation(0, 0, 2), Relation(1, 1, 0)), vocabulary)


@pytest.fixture(scope="module")
def scenes():
    made = {"riders": riders(), "birthday": birthday(), "street": street()}
    return {name: Executor(GraphIndex(graph)) for name, graph in made.items()}


@pytest.mark.parametrize(
    ("scene", "line", "nodes"),
    [
        ("riders", "intersection(find(person), related(find(anything), holding, find(umbrella)))", {0}),
        ("riders", "except(find(person), pick(0))", {1, 11}),
        ("riders", "superlative(find(person), area)", {1}),
        ("riders", "superlative(find(person), box width, yes)", {11}),
        ("riders", "superlative(find(anything), relations)", {2, 6}),
        (
            "riders",
            "most_related(find(anything), walking on|standing on|~walking on|~standing on|~on, find(anything))",
            {6},
        ),
        ("birthday", "superlative(find(adult), frames seen)", {1}),
        ("street", "superlative(find(anything), volume)", {2}),
        ("street", "superlative(find(anything), height, yes)", {1}),
        ("street", "superlative(find(anything), speed)", {2}),
        ("street", "nearest(except(find(anything), pick(0)), pick(0))", {1}),
        ("street", "nearest(except(find(anything), pick(0)), pick(0), yes)", {2}),
        ("street", "within(find(anything), 2.5, pick(0))", {1}),
        ("street", "in_space(find(anything), left of, pick(0))", {1}),
        ("street", "in_space(find(anything), behind, pick(0))", {2}),
        ("street", "in_space(find(anything), right of, find(person), facing, find(dog))", {2}),
    ],
)
def test_sets_of_nodes(scenes, scene, line, nodes):
    assert set(scenes[scene].run(from_line(f"which({line})")).nodes) == nodes


@pytest.mark.parametrize(
    ("scene", "line", "verdict"),
    [
        ("riders", "exactly_one_of(exists(find(dog)), exists(find(horse)))", Verdict.CONTRADICTED),
        ("riders", "exactly_one_of(exists(find(dog)), not(exists(find(horse))))", Verdict.SUPPORTED),
        ("riders", "exactly_one_of(exists(find(dog)), exists(find(cat)))", Verdict.NOT_IN_GRAPH),
        ("riders", "alike(pick(0|1), kind)", Verdict.SUPPORTED),
        ("riders", "alike(pick(0|2), kind)", Verdict.CONTRADICTED),
        ("riders", "alike(pick(2|14), colour, yes)", Verdict.SUPPORTED),
        ("riders", "alike(pick(0|14), colour)", Verdict.NOT_IN_GRAPH),
        ("riders", "compare(pick(2), area, more, pick(3))", Verdict.SUPPORTED),
        ("riders", "compare(pick(3), area, more, pick(2))", Verdict.CONTRADICTED),
        ("riders", "compare(pick(2), area, equal, pick(2))", Verdict.SUPPORTED),
        ("riders", "compare_counts(find(person), more, find(dog))", Verdict.SUPPORTED),
        ("riders", "compare_counts(find(dog), equal, find(horse))", Verdict.SUPPORTED),
        (
            "riders",
            "exists(except(find(person), related(find(anything), holding, find(anything))))",
            Verdict.NOT_IN_GRAPH,
        ),
        ("street", "is_in_space(find(dog), left of, find(person))", Verdict.SUPPORTED),
        ("street", "is_in_space(find(dog), right of, find(person))", Verdict.CONTRADICTED),
        ("street", "is_in_space(find(dog), in front of, find(person))", Verdict.NOT_IN_GRAPH),
        ("street", "compare(find(car), distance, more, find(dog))", Verdict.SUPPORTED),
        (
            "birthday",
            "allen(holds(find(child), sitting on, find(floor)), meets, holds(find(child), standing on, find(floor)))",
            Verdict.SUPPORTED,
        ),
        (
            "birthday",
            "allen(holds(find(child), throwing, find(ball)), before, holds(find(dog), biting, find(ball)))",
            Verdict.SUPPORTED,
        ),
        (
            "birthday",
            "allen(holds(find(child), throwing, find(ball)), after, holds(find(dog), biting, find(ball)))",
            Verdict.CONTRADICTED,
        ),
        ("birthday", "allen(holds(find(dog), biting, find(ball)), during, seen(find(dog)))", Verdict.SUPPORTED),
        ("birthday", "during(seen(pick(9)), frames(0, 5))", Verdict.NOT_IN_GRAPH),
    ],
)
def test_yes_or_no(scenes, scene, line, verdict):
    assert scenes[scene].run(from_line(line)).verdict is verdict


def test_a_complete_graph_settles_what_is_left_out():
    line = "exists(except(find(person), related(find(anything), holding, find(anything))))"
    assert Executor(GraphIndex(riders()), closed_world=True).run(from_line(line)).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("line", "value", "error"),
    [
        ("measure(find(dog), height)", 0.6, None),
        ("measure(find(car), volume)", 1.8 * 1.5 * 4.2, None),
        ("measure(find(car), speed)", 2.0, 0.2),
        ("measure(find(car), path length)", 2.0, 0.2),
        ("measure(find(person), distance)", 4.0, 0.1),
        ("measure(find(person), area)", 72.0, None),
        ("distance(find(person), find(dog))", 2.0, np.hypot(0.1, 0.1)),
        ("during(distance(find(person), find(car)), frames(0, 1))", 5.0, np.hypot(0.1, 0.1)),
    ],
)
def test_quantities(scenes, line, value, error):
    (measured,) = scenes["street"].run(from_line(line)).measures
    assert measured.value == pytest.approx(value)
    assert measured.error == (None if error is None else pytest.approx(error))


def test_coordinates_in_three_views(scenes):
    def place(view):
        return [each.value for each in scenes["street"].run(from_line(f"coordinates(find(car){view})")).measures]

    assert place("") == pytest.approx([3, 0, 9])
    assert place(", world") == pytest.approx([3, 0, 9])
    assert place(", facing, find(car)") == pytest.approx([0, 0, np.hypot(3, 9)])


def test_what_lies_within_the_error_is_not_told():
    engine = Executor(GraphIndex(street(errors=(3.0, 3.0, 0.1))))
    outcome = engine.run(from_line("is_in_space(find(dog), left of, find(person))"))
    assert outcome.reason is Reason.WITHIN_ERROR
    outcome = engine.run(from_line("compare(find(dog), distance, more, find(person))"))
    assert outcome.reason is Reason.WITHIN_ERROR


def test_a_view_that_faces_what_was_not_measured_tells_nothing():
    graph = street()
    sky = Node(7, 1, graph.nodes[0].region.tube)
    engine = Executor(GraphIndex(SceneGraph(graph.source, (*graph.nodes, sky), graph.relations, graph.vocabulary)))
    for line in (
        "which(in_space(find(anything), below, find(anything), facing, pick(7)))",
        "is_in_space(pick(0), above, pick(1), facing, pick(7))",
        "coordinates(pick(0), facing, pick(7))",
    ):
        assert engine.run(from_line(line)).reason is Reason.NOT_MEASURED


def test_metres_of_a_picture_are_not_measured(scenes):
    for line in (
        "measure(find(dog), height)",
        "distance(find(dog), find(horse))",
        "which(within(find(dog), 3, find(horse)))",
    ):
        assert scenes["riders"].run(from_line(line)).reason is Reason.NOT_MEASURED
    assert (
        Executor(GraphIndex(street(fps=None))).run(from_line("measure(find(car), speed)")).reason is Reason.NOT_MEASURED
    )


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("choose_value(find(horse), red|brown)", "brown"),
        ("choose(which(related(find(anything), riding, find(horse))), a dog|a person|a cat)", "a person"),
        ("choose(count(find(person)), 2|3|four)", "3"),
        ('choose(exists(find(dog)), "yes"|"no")', "yes"),
        ("choose(doing(find(dog)), sitting on grass|chasing the ball)", "none of them"),
        ("choose(doing(find(dog)), sitting on grass|chasing sports ball)", "chasing sports ball"),
        ("choose(count(find(person)), red|blue)", "no option fits"),
        ("choose(which(find(dog)), a cat|a horse)", "none of them"),
        ("path(find(umbrella), find(horse))", "2 relations"),
        ("path(pick(9), pick(14))", "not shown"),
        ("common(pick(0|1))", "person"),
    ],
)
def test_choices_and_paths(line, short):
    assert Assistant(riders()).run(from_line(line)).short == short


@pytest.mark.parametrize(
    ("line", "short"),
    [
        (f"longest({CHASE}, {BITE})", "dog-1 is chasing ball-1"),
        (f"allen_of({CHASE}, {BITE})", "meets"),
        (f"time_between({THROW}, {BITE})", "2 s (10 frames)"),
        ("when(seen(find(cup)))", "0-6 s (frames 0-29)"),
        ("happens(find(ball), first)", "child-1 is throwing ball-1"),
        ("happens(find(ball), last)", "dog-1 is biting ball-1"),
        (f"during(happens(find(dog)), amid({THROW}, {EAT}))", "dog-1 is chasing ball-1 and dog-1 is biting ball-1"),
        (f"during(doing(pick(1)), occurrence({HOLD}, -1))", "standing on floor-1 and holding cup-1"),
        ("changed(frames(0, 1), frames(20, 21), find(ball))", "1 begun, ball-1 appeared"),
        ("changed(frames(0, 1), frames(1, 2))", "nothing"),
        (f"during(happens(which=first), after({THROW}))", "dog-1 is chasing ball-1"),
        ("during(happens(find(child), first), frames(20, 25))", "child-1 is standing on floor-1"),
    ],
)  # fmt: skip
def test_time(line, short):
    assert Assistant(birthday()).run(from_line(line)).short == short


def test_answers_cite_frames_and_seconds():
    answer = Assistant(birthday()).ask(
        "What happened between the child throwing the ball and the child eating the cake?"
    )
    chase = next(c for c in answer.citations if isinstance(c, RelationCitation) and c.predicate == "chasing")
    assert chase.spans == ((18, 28),) and chase.seconds == ((3.6, 5.6),)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What happened before the child threw the ball?", "*"),
        ("What did the child do first?", "child-1 is sitting on floor-1"),
        ("What happens to the ball?", "child-1 is throwing ball-1, dog-1 is chasing ball-1 and dog-1 is biting ball-1"),
        ("When is the dog visible?", "2.4-8 s (frames 12-39)"),
        ("How long is the cup visible?", "6 s (30 frames)"),
        ("Which lasts longer: the child eats the cake or the dog chases the ball?", "dog-1 is chasing ball-1"),
        ("How long is it between the child throwing the ball and the dog biting the ball?", "2 s (10 frames)"),
        ("What changed between frames 2 and 20?", "2 begun, 1 ended, ball-1 and dog-1 appeared"),
        ("What changed between 2 and 5 seconds?", "*"),
        ("What changed after the child threw the ball?", "*"),
        ("What changed?", "*"),
        ("What is the child doing until the child throws the ball?", "sitting on floor-1 and standing on floor-1"),
        ("Who is holding the cup in the first second?", "adult-1"),
        ("Which begins first: the child throws the ball or the dog appears?", "dog-1 is seen"),
    ],
)  # fmt: skip
def test_questions_about_time(question, short):
    answer = Assistant(birthday()).ask(question)
    assert answer.status is Status.ANSWERED and short in ("*", answer.short)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not(which(find(dog)))", "program: only a yes/no question can be negated"),
        ("during(not(count(find(dog))), frames(0, 3))", "program.question: only a yes/no question"),
        ("all_of(exists(find(dog)), count(find(dog)))", "only yes/no questions can be joined"),
        ("coordinates(find(dog), facing)", "`facing` names nodes"),
        ("which(within(find(dog), -1, find(car)))", "program.nodes: the metres are negative"),
        ("choose(which(find(dog)), cat)", "needs 2 to 26 options"),
        ("which(superlative(find(dog), happiness))", "character 29: found 'happiness'; expected one of area"),
        ("count(exists(find(dog)))", "character 6: found exists; expected a step that gives nodes"),
        ("find(dog)", "found find; expected a step that is a question"),
        ("which(pick(99999999999999999999))", "found a number of 20 digits"),
    ],
)
def test_programs_that_are_refused(line, message):
    with pytest.raises(InputError) as caught:
        from_line(line)
    assert message in str(caught.value)


def forged(step, **changed):
    """A step with arguments that its constructor, watched in tests, would not let pass."""
    for name, value in changed.items():
        object.__setattr__(step, name, value)
    return step


def test_programs_put_together_in_python_are_checked_as_well():
    engine = Executor(GraphIndex(riders()))
    dogs = Find(("dog",))
    for program, message in (
        (forged(Which(dogs), nodes="dog"), "program.nodes: found str; expected nodes"),
        (forged(Which(dogs), nodes=Exists(dogs)), "program.nodes: found exists; expected nodes"),
        (forged(Count(dogs), nodes=forged(Pick((3,)), nodes=[3])), "program.nodes.nodes: found list; expected a tuple"),
        (forged(Measure(dogs, "area"), quantity="joy"), "program.quantity: found 'joy'; expected one of area"),
        (During(Which(dogs), Seconds(float("nan"))), "program.window.start: found nan; expected a finite number"),
    ):
        with pytest.raises(InputError) as caught:
            engine.run(program)
        assert message in str(caught.value)


def test_traces_are_read_back():
    answer = Assistant(riders()).ask("What is the person on the horse holding?")
    assert answer.program is not None and from_trace(answer.program.trace) == from_line(answer.program.line)
    with pytest.raises(InputError, match="trace line 0"):
        from_trace(["nonsense"])
    with pytest.raises(InputError, match="no line that begins"):
        from_trace(["N0 = find(dog): 1 node (3)"])


def test_difference_of_two_pictures():
    before = riders()
    nodes = tuple(node for node in before.nodes if node.id != 3)
    ties = tuple(tie for tie in before.relations if 3 not in (tie.subject, tie.object))
    added = Relation(1, before.vocabulary.predicate_id("holding"), 5)
    after = SceneGraph(before.source, nodes, (*ties, added), before.vocabulary)
    assert same_nodes(before, after) == {node.id: node.id for node in nodes}
    answer = difference(before, after)
    assert answer.short == "1 begun, 2 ended, dog-1 gone"
    assert answer.text == (
        "Begun: person-2 is holding umbrella-1 in the second picture; ended: dog-1 is chasing sports ball-1 in the "
        "first picture and dog-1 is running on grass-1 in the first picture; gone: dog-1."
    )
    assert "frame" not in " ".join(claim.text for claim in answer.claims)
    with pytest.raises(InputError, match="one to one"):
        joined(before, after, {0: 0, 1: 0})
    assert difference(before, before).short == "nothing"


def test_difference_of_graphs_of_other_sizes_and_names():
    other = birthday()
    graph = joined(riders(), other)
    assert len(graph.nodes) == len(riders().nodes) + len(other.nodes) and graph.source.num_frames == 2
    assert {"cake", "horse"} <= set(graph.vocabulary.things)
    assert "in the first graph" in difference(riders(), other).text


def test_the_reference_page_names_every_operation():
    page = Path(__file__).parents[2] / "docs" / "reference" / "programs.md"
    text = page.read_text(encoding="utf-8")
    assert not [
        step.operation()
        for step in STEPS
        if f"`{step.operation()}(" not in text and f" {step.operation()}(" not in text
    ]


def test_a_program_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "riders.scenegraph.json"
    files.save(riders(), path)
    assert main(["ask", str(path), "--program", "count(find(person))"]) == 0
    assert "3 people" in capsys.readouterr().out
    assert (
        main(["ask", str(path), "--program", '{"op": "exists", "nodes": {"op": "find", "categories": ["cat"]}}']) == 3
    )
    assert main(["ask", str(path), "--program", "count(find(person)"]) == 2
    assert "expected" in capsys.readouterr().err
