"""What a question about a graph is, how it is stored, and how its phrases are made."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from scenegraph import InputError, Relation, SceneGraph
from scenegraph.checked_json import located, parse, read_text
from scenegraph.spans import merge
from scenegraph.storage import write_atomically


@dataclass(frozen=True)
class Question:
    """A question about one graph and what a right answer says.

    Attributes:
        graph: the graph's `source.uri`.
        family: existence, count, who, what, where, doing, yes-no, two-hop, colour, absent, when,
            how-long, how-often, order, while.
        question: English.
        answers: the right answer as a set of short texts: "yes", "no", a number, labels such as
            "person-2", categories, "PREDICATE LABEL", or "START-STOP" in frames (half-open).
        answerable: False where the question asks about something that is not there.
        reason: why it cannot be answered, "absent object", else "".
        nodes: ids of the nodes that the answer rests on.
        relations: positions of its relations in the graph.
        spans: frames [start, stop) that it is about.
    """

    graph: str
    family: str
    question: str
    answers: tuple[str, ...]
    answerable: bool = True
    reason: str = ""
    nodes: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def write_questions(path: str | Path, asked: Iterable[Question]) -> None:
    """Write questions as JSON lines, whole or not at all.

    Raises:
        InputError: the folder is missing or the disk is full.
    """
    write_atomically(path, "".join(question.json + "\n" for question in asked).encode())


def read_questions(path: str | Path) -> list[Question]:
    """Questions from JSON lines that `write_questions` wrote.

    Raises:
        InputError: the file is missing or a line is no question.
    """
    listed = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        with located(f"{path}: line {number}"):
            value = parse(line)
            if not isinstance(value, dict) or set(value) != set(Question.__dataclass_fields__):
                raise InputError(f"expected an object with {', '.join(Question.__dataclass_fields__)}")
            spans = tuple((int(a), int(b)) for a, b in value.pop("spans"))
            lists = {key: tuple(value.pop(key)) for key in ("answers", "nodes", "relations")}
            listed.append(Question(**value, **lists, spans=spans))
    return listed


_WORDS = {"sky-other-merged": "sky", "grass-merged": "grass", "tree-merged": "trees", "sports ball": "ball"}
_PLURALS = {"person": "people", "bench": "benches", "child": "children"}
_MASS = frozenset({"grass", "sand", "sky", "sea", "water", "ground", "road", "trees", "tree"})
PLACES = ("on", "over", "in front of", "beside")


def word(graph: SceneGraph, node: int) -> str:
    """How a question names a node's category."""
    return spoken(graph.category_name(node))


def spoken(category: str) -> str:
    """A category as people say it: "grass-merged" is grass."""
    return _WORDS.get(category, category)


def plural(noun: str) -> str:
    """`person` -> `people`."""
    return _PLURALS.get(noun, noun if noun in _MASS else noun + "s")


def with_article(noun: str) -> str:
    """`dog` -> `a dog`."""
    if noun in _MASS:
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


class Asker:
    """One graph, and what the families need to know about it."""

    def __init__(self, graph: SceneGraph, random: Random) -> None:
        self.graph = graph
        self.random = random
        self.counts = Counter(graph.category_name(node.id) for node in graph.nodes)
        self.things = [node.id for node in graph.nodes if graph.vocabulary.is_thing(node.category)]
        self.single = {node.id for node in graph.nodes if self.counts[graph.category_name(node.id)] == 1}
        self.predicate = [graph.predicate_name(relation) for relation in graph.relations]

    def make(self, family: str, question: str, answers: Iterable[str], **rest: object) -> Question:
        """A question of a family."""
        text = question[0].upper() + question[1:]
        return Question(self.graph.source.uri, family, text, tuple(answers), **rest)  # type: ignore[arg-type]

    def the(self, node: int) -> str | None:
        """A phrase that names the node and no other: by category, or by colour and category."""
        noun = word(self.graph, node)
        if node in self.single:
            return f"the {noun}"
        mine = self.graph.node(node)
        colour = mine.attributes.get("colour")
        twins = [
            other.id
            for other in self.graph.nodes
            if other.category == mine.category and other.attributes.get("colour") == colour
        ]
        return f"the {colour} {noun}" if colour and twins == [node] else None

    def with_ends(
        self, subject: int | None = None, predicate: str | None = None, object_: int | None = None
    ) -> list[int]:
        """Positions of the relations that fit."""
        return [
            position
            for position, relation in enumerate(self.graph.relations)
            if (subject is None or relation.subject == subject)
            and (predicate is None or self.predicate[position] == predicate)
            and (object_ is None or relation.object == object_)
        ]

    def evidence(self, positions: Iterable[int]) -> dict[str, tuple]:
        """Nodes, relations and spans of some relations."""
        listed = tuple(positions)
        relations = [self.graph.relations[position] for position in listed]
        nodes = {end for relation in relations for end in (relation.subject, relation.object)}
        spans = merge(span for relation in relations for span in relation.spans)
        return {"nodes": tuple(sorted(nodes)), "relations": listed, "spans": tuple(tuple(span) for span in spans)}

    def pick(self, positions: Iterable[int]) -> Relation | None:
        """One relation at random."""
        listed = list(positions)
        return self.graph.relations[self.random.choice(listed)] if listed else None

    def clause(self, relation: Relation, verb: str = "") -> str:
        """`the dog chasing the ball`, with a verb between `the dog is chasing the ball`."""
        predicate = self.graph.predicate_name(relation)
        return f"{self.the(relation.subject)} {verb}{predicate} {self.the(relation.object)}"

    def lasting(self) -> list[int]:
        """Positions of the relations with spans whose ends can both be named."""
        relations = enumerate(self.graph.relations)
        return [p for p, r in relations if r.spans and self.the(r.subject) and self.the(r.object)]

    def deed(self, position: int) -> str:
        """`riding horse-1`: what the subject of a relation does, as an answer."""
        return f"{self.predicate[position]} {self.graph.label(self.graph.relations[position].object)}"
