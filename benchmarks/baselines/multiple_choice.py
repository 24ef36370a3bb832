"""Paired multiple-choice questions over graphs, answerable and not; the truth by plain code.

Nothing of the assistant takes part: what is so is read off nodes and relations, names are put into
sentences by the few rules below. After Miyai et al. 2024 (Unsolvable Problem Detection): the correct
option is removed, the options are of another kind, the question is asked of another graph.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from scenegraph import SceneGraph

MARKERS = frozenset({"merged", "other", "stuff", "things", "thing"})
STYLES = ("({}) ", "{}) ", "{}. ", "{}: ")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown")
NUMBERS = ("0", "1", "2", "3", "4", "5", "6", "7")


@dataclass(frozen=True)
class Unsolvable:
    """A question that has no answer, and why: "no correct option", "incompatible options", "absent object"."""

    reason: str
    graph: int
    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A question of a graph with its options, the place of the right one, and an unanswerable twin."""

    family: str
    graph: int
    question: str
    options: tuple[str, ...]
    right: int
    twin: Unsolvable


def rotated(options: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every rotation of the options: how far they were moved, the options."""
    for by in range(len(options)):
        yield by, options[by:] + options[:by]


def written(question: str, options: tuple[str, ...], style: str) -> str:
    """A question with its options in one typography."""
    lines = (style.format("ABCDEFGH"[at]) + option for at, option in enumerate(options))
    return "\n".join((question, *lines))


def pairs(graphs: list[SceneGraph], count: int, seed: int, options: int = 3) -> Iterator[Pair]:
    """That many pairs over the graphs, of every family and every kind of twin in turn."""
    random = Random(seed)
    facts = [Facts(graph) for graph in graphs]
    made = 0
    while made < count:
        at = random.randrange(len(graphs))
        family = (_of_object, _of_subject, _of_number, _of_attribute, _at_moment)[made % 5]
        asked = family(facts[at], random, options)
        if asked is None:
            family = random.choice((_of_object, _of_subject, _of_number))
            asked = family(facts[at], random, options)
        if asked is None:
            continue
        question, right, wrong, subject, kind = asked
        chosen = _shuffled(right, wrong[: options - 1], random)
        twin = _twin(made // 5 % 3, at, (question, wrong, subject, kind), facts, random, options)
        if twin is not None:
            yield Pair(family.__name__.removeprefix("_"), at, question, chosen, chosen.index(right), twin)
            made += 1


class Facts:
    """What a graph shows, by names."""

    def __init__(self, graph: SceneGraph) -> None:
        self.graph = graph
        self.names = {node.id: said(graph.category_name(node.id)) for node in graph.nodes}
        self.present = set(self.names.values())
        listed = list(self.names.values())
        self.single = [node for node, name in self.names.items() if listed.count(name) == 1]
        all_names = dict.fromkeys(said(name) for name in graph.vocabulary.categories)
        self.known = [name for name in all_names if not _alike(name, all_names)]

    def predicate(self, relation: object) -> str:
        """The predicate of a relation."""
        return self.graph.predicate_name(relation)  # type: ignore[arg-type]

    def told(self) -> list[tuple[int, str, int, object]]:
        """(subject, predicate, object, relation) of activities whose ends have names of their own."""
        rows = [(tie.subject, self.predicate(tie), tie.object, tie) for tie in self.graph.relations]
        return [row for row in rows if row[1].split()[0].endswith("ing")]


Asked = tuple[str, str, list[str], str, str]
"""Question, right option, wrong options, the noun that it takes for granted, the kind of its options."""


def _of_object(facts: Facts, random: Random, options: int) -> Asked | None:
    """What is the dog chasing?"""
    rows = [row for row in facts.told() if row[0] in facts.single and row[0] != row[2]]
    if not rows:
        return None
    subject, predicate, other, _ = random.choice(rows)
    objects = {facts.names[row[2]] for row in rows if row[0] == subject and row[1] == predicate}
    name = facts.names[subject]
    touched = _touched(facts, subject)
    wrong = _distractors(facts, touched | {name}, random)
    if len(objects) != 1 or len(wrong) < options or facts.names[other] not in facts.known:
        return None
    return f"What is the {name} {predicate}?", facts.names[other], wrong, name, "noun"


def _of_subject(facts: Facts, random: Random, options: int) -> Asked | None:
    """What is chasing the ball?"""
    rows = [row for row in facts.told() if row[2] in facts.single and row[0] != row[2]]
    if not rows:
        return None
    subject, predicate, other, _ = random.choice(rows)
    subjects = {facts.names[row[0]] for row in rows if row[2] == other and row[1] == predicate}
    name = facts.names[other]
    wrong = _distractors(facts, _touched(facts, other) | {name}, random)
    if len(subjects) != 1 or len(wrong) < options or facts.names[subject] not in facts.known:
        return None
    return f"What is {predicate} the {name}?", facts.names[subject], wrong, name, "noun"


def _of_number(facts: Facts, random: Random, options: int) -> Asked | None:
    """How many dogs are there?"""
    countable = [name for name in facts.present & set(facts.known) if name.split()[-1] not in ("people", "sheep")]
    if not countable:
        return None
    name = random.choice(sorted(countable))
    count = str(list(facts.names.values()).count(name))
    wrong = [number for number in NUMBERS if number != count]
    random.shuffle(wrong)
    return f"How many {plural(name)} are there?", count, wrong, name, "number"


def _of_attribute(facts: Facts, random: Random, options: int) -> Asked | None:
    """What colour is the car?"""
    recorded = [node for node in facts.single if facts.graph.node(node).attributes.get("colour") in COLOURS]
    if not recorded:
        return None
    node = random.choice(recorded)
    value = str(facts.graph.node(node).attributes["colour"])
    wrong = [colour for colour in COLOURS if colour != value]
    random.shuffle(wrong)
    return f"What colour is the {facts.names[node]}?", value, wrong, facts.names[node], "colour"


def _at_moment(facts: Facts, random: Random, options: int) -> Asked | None:
    """What is the dog chasing at frame 7?"""
    graph = facts.graph
    rows = [row for row in facts.told() if row[0] in facts.single and row[3].spans]  # type: ignore[attr-defined]
    if graph.source.kind == "image" or not rows:
        return None
    subject, predicate, other, relation = random.choice(rows)
    span = random.choice(relation.spans)  # type: ignore[attr-defined]
    frame = random.randrange(span.start, span.stop)
    now = {
        facts.names[row[2]]
        for row in facts.told()
        if row[:2] == (subject, predicate)
        and (not row[3].spans or any(each.start <= frame < each.stop for each in row[3].spans))  # type: ignore[attr-defined]
    }
    name = facts.names[subject]
    wrong = _distractors(facts, _touched(facts, subject) | {name}, random)
    if len(now) != 1 or len(wrong) < options or facts.names[other] not in facts.known:
        return None
    return f"What is the {name} {predicate} at frame {frame}?", facts.names[other], wrong, name, "noun"


def _twin(
    kind: int, at: int, asked: tuple[str, list[str], str, str], facts: list[Facts], random: Random, options: int
) -> Unsolvable | None:
    question, wrong, subject, of = asked
    if kind == 0:
        return Unsolvable("no correct option", at, question, tuple(wrong[:options]))
    if kind == 1:
        others = {"noun": (COLOURS, NUMBERS), "number": (COLOURS,), "colour": (NUMBERS,)}[of]
        return Unsolvable("incompatible options", at, question, tuple(random.sample(random.choice(others), options)))
    strangers = [
        place
        for place, other in enumerate(facts)
        if subject not in other.present
        and not any(_kind_of(subject, name) for name in other.present)
        and "frame" not in question
        and other.graph.vocabulary == facts[at].graph.vocabulary
    ]
    if not strangers:
        return Unsolvable("no correct option", at, question, tuple(wrong[:options]))
    return Unsolvable("absent object", random.choice(strangers), question, tuple(wrong[:options]))


def _touched(facts: Facts, node: int) -> set[str]:
    """Names of all that a node has any relation with."""
    ends = ((tie.subject, tie.object) for tie in facts.graph.relations if node in (tie.subject, tie.object))
    return {facts.names[end] for pair in ends for end in pair}


def _distractors(facts: Facts, taken: set[str], random: Random) -> list[str]:
    found = [name for name in facts.known if not any(name == other or _kind_of(name, other) for other in taken)]
    random.shuffle(found)
    return found


PEOPLE = frozenset({"person", "adult", "child", "baby", "man", "woman", "boy", "girl"})


def _kind_of(name: str, other: str) -> bool:
    """Whether two names may stand for the same thing."""
    if name in PEOPLE and other in PEOPLE:
        return True
    return name.split()[-1] == other.split()[-1]


def _alike(name: str, names: dict[str, None]) -> bool:
    return sum(name.split()[-1] == other.split()[-1] for other in names) > 1


def _shuffled(right: str, wrong: list[str], random: Random) -> tuple[str, ...]:
    options = [right, *wrong]
    random.shuffle(options)
    return tuple(options)


def said(name: str) -> str:
    """A category as people say it: "tree-merged" is a tree, "wall-brick" a brick wall."""
    parts = [part for part in name.replace("_", " ").lower().split("-") if part not in MARKERS] or [name]
    return " ".join((*parts[1:], parts[0]))


def plural(name: str) -> str:
    """More than one: people, children, buses, babies, knives."""
    irregular = {"person": "people", "child": "children", "sheep": "sheep", "knife": "knives", "skis": "skis"}
    if name in irregular:
        return irregular[name]
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"
