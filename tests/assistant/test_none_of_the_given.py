"""Yes/no questions about given nodes, where the picture or the metres tell that none is such as was asked for."""

from random import Random

import pytest

from assistant import Assistant, Status, Verdict
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line
from assistant.programs import Count, CountIs, Exists
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from assistant.steps import (
    Except,
    Extreme,
    Find,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Pick,
    Placed,
    Predicate,
    Superlative,
    The,
    Within,
)
from tests.assistant.graphs import VOCABULARY
from tests.assistant.scenes import riders
from tests.assistant.test_engines import graph_of
from tests.assistant.test_metres import yard


def given(random: Random):
    """The nodes of a kind, or nodes by id; now and then not given."""
    kind = Find((random.choice(VOCABULARY.categories),)) if random.random() < 0.7 else Find(None)
    ids = tuple(random.choices(range(9), k=random.randint(0, 2)))
    return random.choice([The(kind), The(kind, True), Pick(ids), Pick(ids), kind])


def steps(random: Random):
    nodes, others, third = (given(random) for _ in range(3))
    yield Within(nodes, random.uniform(0, 3), others)
    yield InBetween(nodes, others, third)
    yield Intersection((nodes, others))
    yield Except(nodes, others)
    yield Placed(nodes, random.choice(["left of", "overlapping"]), others)
    yield InSpace(nodes, random.choice(["left of", "behind", "above"]), others, random.choice(["camera", "world"]))
    yield InPicture(nodes, "left half")
    yield Moved(nodes)
    choice = random.choice([nodes, kind_of(nodes), Find(None), Find(None)])
    quantities = ["area", "box width", "distance", "volume", "relations", "frames seen"]
    for most in (
        Superlative(choice, random.choice(quantities), random.random() < 0.5),
        Extreme(choice, random.choice(["left", "bottom", "largest", "smallest"])),
        Nearest(choice, others, random.random() < 0.5),
        MostRelated(choice, Predicate(VOCABULARY.predicates[:2]), others),
    ):
        yield Intersection((nodes, most))


def kind_of(nodes):
    return nodes.nodes if isinstance(nodes, The) else Find(None)


@pytest.mark.parametrize("kind", ["image", "video", "rgbd"])
@pytest.mark.parametrize("closed_world", [False, True])
def test_the_engines_agree(kind, closed_world):
    none = 0
    for seed in range(6):
        graph, random = graph_of(kind, seed), Random(seed)
        engines = Executor(GraphIndex(graph, 0.2), closed_world), SqliteExecutor(graph, closed_world, 0.2)
        for step in [step for _ in range(4) for step in steps(random)]:
            for program in (Exists(step), Count(step), CountIs(step, random.randint(0, 1), random.random() < 0.5)):
                first, second = (engine.run(program) for engine in engines)
                assert not disagreements(first, second), program.line
                none += first.status is Status.ANSWERED and first.failure is None and first.number == 0
    assert none > 2


def test_distances_are_told_once():
    line = "exists(intersection(pick(2), nearest(within(find(anything), 5, pick(3)), pick(3))))"
    told = Executor(GraphIndex(yard(), 0.2)).run(from_line(line)).measures
    assert len({each[:3] for each in told}) == len(told) > 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "exists(in_between(the(find(dog)), the(find(horse)), the(find(tree-merged))))",
            "No. dog-1 is not between horse-1 and tree-1 in the picture.",
        ),
        (
            "exists(placed(the(find(dog)), left of, the(find(horse))))",
            "No. By their boxes in the picture, dog-1 is not to the left of horse-1.",
        ),
        ("exists(intersection(the(find(dog)), pick(2)))", "No. dog-1 is at the right of the picture."),
        ("exists(except(the(find(dog)), pick(3)))", "No. dog-1 is at the right of the picture."),
        (
            "count(in_picture(the(find(dog)), left half))",
            "The graph shows 0 dogs in the left half of the picture: dog-1 is not in the left half of the picture and "
            "dog-1 is at the right of the picture.",
        ),
        (
            "count_is(in_picture(the(find(dog)), left half), 1)",
            "No. dog-1 is not in the left half of the picture and dog-1 is at the right of the picture.",
        ),
        (
            "count_is(in_picture(the(find(dog)), left half), 0)",
            "Yes. dog-1 is not in the left half of the picture and dog-1 is at the right of the picture.",
        ),
        (
            "exists(intersection(the(find(dog)), superlative(find(dog|horse), box height)))",
            "No. horse-1 is the tallest dog or horse: the box height of horse-1 is 16 pixels and the box height of "
            "dog-1 is 7 pixels.",
        ),
        (
            "exists(intersection(pick(0), extreme(find(person), right)))",
            "No. person-3 is the rightmost person: person-3 is at the bottom right of the picture and person-1 is at "
            "the top left of the picture.",
        ),
        (
            "exists(intersection(the(find(dog)), extreme(find(anything), largest)))",
            "No. grass-1 is the largest thing: grass-1 covers 528 pixels and dog-1 covers 49 pixels.",
        ),
        (
            "count(intersection(the(find(dog)), superlative(find(dog|horse), area)))",
            "The graph shows 0 dogs that are also the largest dog or horse: horse-1 is the largest dog or horse: "
            "horse-1 covers 256 pixels and dog-1 covers 49 pixels.",
        ),
        ("count(intersection(find(dog), pick(2|6)))", "The graph shows 0 dogs among horse-1 and grass-1."),
    ],
)
def test_the_picture_tells(line, text):
    answer = Assistant(riders()).run(from_line(line))
    assert answer.status is Status.ANSWERED and answer.text == text and answer.citations
    assert all(claim.citations for claim in answer.claims)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("exists(in_between(find(dog), the(find(horse)), the(find(tree-merged))))", Verdict.NOT_IN_GRAPH),
        ("exists(in_between(the(find(dog)), the(find(horse)), find(tree-merged)))", Verdict.NOT_IN_GRAPH),
        ("exists(in_between(the(find(cat)), the(find(horse)), the(find(tree-merged))))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(find(dog), pick(2)))", Verdict.NOT_IN_GRAPH),
        ("exists(within(the(find(dog)), 1, the(find(horse))))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(the(find(horse)), superlative(find(dog|horse), box height)))", Verdict.SUPPORTED),
        ("exists(intersection(find(dog), superlative(find(dog|horse), box height)))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(the(find(cat)), superlative(find(dog|horse), box height)))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(the(find(dog)), superlative(find(person), box height)))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(the(find(dog)), superlative(find(dog|horse), height)))", Verdict.NOT_IN_GRAPH),
        ("exists(intersection(the(find(dog)), superlative(find(anything), relations)))", Verdict.NOT_IN_GRAPH),
        (
            "exists(intersection(pick(1), most_related(find(person), eating|riding, find(anything))))",
            Verdict.NOT_IN_GRAPH,
        ),
    ],
)
def test_what_the_graph_may_lack_is_left_open(line, verdict):
    assert Executor(GraphIndex(riders(), 0.2)).run(from_line(line)).verdict is verdict


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("exists(within(the(find(dog)), 0.5, the(find(car))))", "No. dog-1 is "),
        ("exists(in_between(the(find(car)), the(find(dog)), the(find(person))))", "not between dog-1 and person-1 by"),
        (
            "exists(intersection(the(find(dog)), nearest(find(anything), the(find(car)))))",
            "the thing nearest to the car: ",
        ),
        (
            "exists(intersection(the(find(dog)), superlative(find(anything), distance, yes)))",
            "No. cup-1 is the nearest thing: ",
        ),
        ("exists(in_space(the(find(car)), behind, the(find(dog)), camera))", "in metres, car-1 is not behind dog-1"),
    ],
)
def test_the_metres_tell(line, words):
    answer = Assistant(yard()).run(from_line(line))
    assert answer.status is Status.ANSWERED and answer.short == "no" and words in answer.text


def test_nothing_by_id_is_read_back():
    program = Count(Intersection((Find(("dog",)), Pick(()))))
    assert from_line(program.line) == program
