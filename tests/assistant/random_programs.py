"""Random programs over the vocabulary of `graphs`."""

from typing import get_args

from assistant.bounded_steps import Bound, Exceeding, ManyRelated, Measuring
from assistant.programs import (
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Count,
    CountIs,
    Describe,
    Doing,
    During,
    Exists,
    Frames,
    HasAttribute,
    Holds,
    HowLong,
    HowOften,
    IsA,
    IsPlaced,
    Locate,
    Not,
    Summarise,
    When,
    Which,
)
from assistant.steps import (
    Extreme,
    Find,
    Having,
    InPicture,
    Part,
    Pick,
    Placed,
    Predicate,
    Related,
    Sharing,
    The,
    Union,
)
from assistant.timed_programs import Always, Seen
from tests.assistant.graphs import FRAMES, VOCABULARY

DIRECTIONS = ("left of", "right of", "above", "below", "overlapping")


def random_nodes(random, depth=2):
    """A step that gives nodes."""
    kind = random.integers(0, 15 if depth else 3)
    if kind <= 1 or (kind == 2 and depth):
        return Find(tuple(sorted(random.choice(VOCABULARY.categories, size=random.integers(1, 3)).tolist())))
    if kind == 2:
        return Pick((int(random.integers(0, 12)), int(random.integers(0, 12))))
    if kind == 3:
        return Find(None)
    if kind in (4, 5):
        return Related(random_nodes(random, depth - 1), random_predicate(random), random_nodes(random, depth - 1))
    if kind == 6:
        return The(random_nodes(random, depth - 1), bool(random.integers(0, 2)))
    if kind == 7:
        direction = DIRECTIONS[random.integers(0, 5)]
        return Placed(random_nodes(random, depth - 1), direction, random_nodes(random, depth - 1))
    if kind == 8:
        return Union((random_nodes(random, depth - 1), random_nodes(random, depth - 1)))
    if kind == 9:
        return InPicture(random_nodes(random, depth - 1), str(random.choice(get_args(Part))), random.random() < 0.3)
    if kind == 10:
        attribute = "colour" if random.random() < 0.7 else "kind"
        return Sharing(random_nodes(random, depth - 1), random_nodes(random, depth - 1), attribute)
    if kind == 11:
        nodes, others = random_nodes(random, depth - 1), random_nodes(random, depth - 1)
        return ManyRelated(nodes, random_predicate(random), others, int(random.integers(1, 3)), random.random() < 0.5)
    if kind in (12, 13):
        return (random_measuring if kind == 12 else random_exceeding)(random, depth)
    return (
        Having(random_nodes(random, depth - 1), str(random.choice(["red", "blue"])), "colour")
        if random.random() < 0.5
        else Extreme(random_nodes(random, depth - 1), "left")
    )


def random_measuring(random, depth):
    """Nodes by an amount of what a picture has."""
    quantity, most = [("area", 60), ("box width", 10), ("box height", 10), ("relations", 5)][random.integers(0, 4)]
    amount = float(random.integers(0, most)) if random.random() < 0.7 else float(random.uniform(0, most))
    return Measuring(random_nodes(random, depth - 1), quantity, str(random.choice(get_args(Bound))), amount)


def random_exceeding(random, depth):
    """Nodes by what others have of what a picture has."""
    quantity, how = (str(random.choice(names)) for names in (("area", "box width", "relations"), get_args(Bound)))
    nodes, others = random_nodes(random, depth - 1), random_nodes(random, depth - 1)
    return Exceeding(nodes, quantity, how, others, random.random() < 0.5)


def random_predicate(random):
    """One or two names, forwards or backwards."""
    names = tuple(sorted(set(random.choice(VOCABULARY.predicates, size=2).tolist())))
    return Predicate(names) if random.random() < 0.6 else Predicate(names[:1], names[1:])


def random_question(random, timed=False):
    """A question of any family."""
    first, second = random_nodes(random), random_nodes(random, 1)
    holds = Holds(first, random_predicate(random), second, bool(random.integers(0, 2)))
    choices = [
        *(Exists(first), Count(first), CountIs(first, int(random.integers(0, 4))), Which(first), holds),
        *(
            IsPlaced(first, "above", second, bool(random.integers(0, 2))),
            IsA(first, ("person", "dog")),
            HasAttribute(first, "red", "colour"),
        ),
        *(AttributeOf(first, "colour"), Doing(first), Locate(first), Between(first, second), Describe(first)),
        *(Summarise(), Not(holds), AllOf((Exists(first), holds)), AnyOf((Exists(second), holds))),
    ]
    if timed:
        start = int(random.integers(0, FRAMES))
        window = Frames(start, int(random.integers(start + 1, FRAMES + 2)))
        lies = IsPlaced(first, DIRECTIONS[random.integers(0, 5)], second, bool(random.integers(0, 2)))
        choices = [*choices, *(When(holds), HowLong(holds), HowOften(holds))]
        choices += [Always(event) for event in (holds, lies, lies, Seen(first), Seen(second))]
        question = choices[random.integers(0, len(choices))]
        return During(question, window) if random.random() < 0.5 else question
    return choices[random.integers(0, len(choices))]
