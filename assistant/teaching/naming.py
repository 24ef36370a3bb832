"""How the text of instruction data calls the nodes of a graph.

A person calls a thing by its kind where there is one of it, else by what tells it from the others: a
colour, a place, what it does. `person-2` remains where nothing tells; pictures with written marks
(style "labels") are about nothing but such names.
"""

from collections import Counter
from typing import Literal

import numpy as np

from assistant.index import GraphIndex
from assistant.inflection import doing, plural
from assistant.names import plain, printable, shown_names
from assistant.nouns import PEOPLE
from assistant.phrasing import article, clause
from assistant.predicate_kinds import is_activity

Style = Literal["natural", "labels"]

_SIDES = ("leftmost", "rightmost", "largest", "smallest")


class Names:
    """Names of the nodes of one graph.

    Attributes:
        natural: node id to its name, for nodes that a person can name; without those that need a label.
    """

    def __init__(self, index: GraphIndex, style: Style = "natural") -> None:
        self.index = index
        self.style = style
        self.kinds = [printable(name) for name in shown_names(index.graph.vocabulary)]
        self.counts = Counter(node.category for node in index.nodes)
        self.natural: dict[int, str] = {}
        if style == "natural":
            self._by_kind()
            self._by_attribute()
            if index.graph.source.kind == "image":
                self._by_place()
            self._by_relation()

    def of(self, node_id: int) -> str:
        """`the dog`, `the leftmost person`, or `person-2`."""
        return self.natural.get(node_id) or self.index.label(node_id)

    def kind(self, category: int) -> str:
        """The kind of a node, without an article."""
        return self.kinds[category]

    def counted(self, category: int, number: int) -> str:
        """`a dog`, `3 people`.

        Stuff is not counted: `grass`.
        """
        if number == 1 or not self.index.graph.vocabulary.is_thing(category):
            return article(self.kinds[category])
        return f"{number} {plural(self.kinds[category])}"

    def _free(self) -> list[tuple[int, int]]:
        """Nodes without a name yet: (position, id)."""
        return [(at, node.id) for at, node in enumerate(self.index.nodes) if node.id not in self.natural]

    def _by_kind(self) -> None:
        shown = Counter(self.kinds[node.category] for node in self.index.nodes)
        for node in self.index.nodes:
            if shown[self.kinds[node.category]] == 1:
                self.natural[node.id] = f"the {self.kinds[node.category]}"

    def _by_attribute(self) -> None:
        for name in ("colour", "material", "state"):
            rows = self.index.attributes.get(name, [])
            told = Counter((self.index.nodes[at].category, str(value)) for at, value in rows)
            for at, value in rows:
                node = self.index.nodes[at]
                # A colour recorded of a person is that of clothes: nobody is called by it.
                if self.index.graph.category_name(node.id) in PEOPLE:
                    continue
                if node.id not in self.natural and told[node.category, str(value)] == 1 and str(value).isalpha():
                    self.natural[node.id] = f"the {value} {self.kinds[node.category]}"

    def _by_place(self) -> None:
        free = self._free()
        for category in {self.index.nodes[at].category for at, _ in free}:
            same = np.array([at for at, node in enumerate(self.index.nodes) if node.category == category])
            boxes, areas = self.index.boxes(same), self.index.areas(same)
            keys = boxes[:, 0], -boxes[:, 2], -areas, areas
            for side, key in zip(_SIDES, keys, strict=True):
                order = np.argsort(key, kind="stable")
                first = self.index.nodes[int(same[order[0]])].id
                # Two that are nearly level are not told apart by looking.
                apart = key[order[1]] - key[order[0]] > 0.02 * abs(key[order[0]]) + 1
                if first not in self.natural and apart:
                    self.natural[first] = f"the {side} {self.kinds[category]}"

    def _by_relation(self) -> None:
        graph = self.index.graph
        ties = [(at, graph.relations[at]) for at in range(len(graph.relations)) if self.index.believed[at]]
        told = Counter((graph.node(tie.subject).category, tie.predicate, tie.object) for _, tie in ties)
        named = dict(self.natural)
        for _, tie in ties:
            category = graph.node(tie.subject).category
            once = told[category, tie.predicate, tie.object] == 1
            if tie.subject in self.natural or tie.object not in named or tie.spans or not once:
                continue
            said = printable(doing(plain(graph.predicate_name(tie))))
            if is_activity(graph.predicate_name(tie)):
                self.natural[tie.subject] = f"the {self.kinds[category]} {said} {named[tie.object]}"


def gap(predicate: str) -> str | None:
    """The words of a predicate that stand after "is"; None for one that is a verb itself ("has").

    >>> gap("riding"), gap("on"), gap("has")
    ('riding', 'on', None)
    """
    words = clause("", predicate, "").strip()
    return words.removeprefix("is ") if words.startswith("is ") else None
