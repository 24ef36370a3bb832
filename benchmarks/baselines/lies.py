"""True and false sentences about a graph, by plain code that knows nothing of the assistant.

A sentence is false here only where it is false beyond doubt: what may follow from the graph in some other
way (a cup on a table is under no table; beside holds both ways) is left out.
"""

from collections import Counter
from dataclasses import replace

from scenegraph import SceneGraph

BOTH_WAYS = {"beside", "next to", "near", "talking to", "in front of", "behind", "over", "under", "above", "below"}
"""Predicates whose converse is said with another word or the same one; they are not swapped."""

GENERAL = BOTH_WAYS | {"on", "in", "looking at", "carrying", "holding", "wearing"}
"""Predicates that may follow from others; no relation is changed into one of these."""

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "brown", "grey", "orange", "purple", "pink")
INVENTED = ("dragon", "unicorn", "submarine", "teapot", "wizard")


class Facts:
    """What a graph says, ready for looking up."""

    def __init__(self, graph: SceneGraph) -> None:
        self.graph = graph
        self.ids = [node.id for node in graph.nodes]
        self.triples = {(tie.subject, graph.predicate_name(tie), tie.object) for tie in graph.relations}
        self.joined = {(tie.subject, tie.object) for tie in graph.relations}
        self.per_pair = Counter((tie.subject, tie.object) for tie in graph.relations)
        self.count = Counter(graph.category_name(node) for node in self.ids)
        self.present = sorted(self.count)
        self.absent = [name for name in graph.vocabulary.categories if name not in self.count]

    def name(self, node):
        """`person-1`, as the assistant shows it: without the marks that data sets append."""
        category, _, number = self.graph.label(node).rpartition("-")
        return f"{said(category)}-{number}"


def said(category):
    """How people say a category."""
    return category.replace("-other-merged", "").replace("-merged", "").replace("-other", "")


def true_sentences(facts, random):
    """(kind, sentence) that the graph supports."""
    graph = facts.graph
    for tie in graph.relations:
        subject, predicate, other = facts.name(tie.subject), graph.predicate_name(tie), facts.name(tie.object)
        yield "relation", f"{subject} is {predicate} {other}."
        yield "relation by id", f"{subject} [{tie.subject}] is {predicate} {other} [{tie.object}]."
        yield "relation of kinds", f"{_a(graph, tie.subject)} is {predicate} {_a(graph, tie.object)}."
        if tie.spans and graph.source.fps:
            start, stop = random.choice(tie.spans)
            yield "time", f"{subject} is {predicate} {other} in frame {random.randrange(start, stop)}."
    for category, number in facts.count.items():
        yield "existence", f"There is {_article(said(category))}."
        if graph.vocabulary.is_thing(graph.vocabulary.category_id(category)):
            word = said(category)
            yield "count", f"There {'is' if number == 1 else 'are'} {number} {word if number == 1 else _plural(word)}."
    for node in graph.nodes:
        yield "kind", f"{facts.name(node.id)} is {_article(said(graph.category_name(node.id)))}."
        colour = node.attributes.get("colour") or node.attributes.get("color")
        if colour in COLOURS:
            yield "attribute", f"{facts.name(node.id)} is {colour}."


def false_sentences(facts, random):
    """(kind, sentence) that the graph does not support, each by one change of a true one."""
    graph = facts.graph
    predicates = [name for name in graph.vocabulary.predicates if name not in GENERAL]
    for tie in graph.relations:
        subject, predicate, other = facts.name(tie.subject), graph.predicate_name(tie), facts.name(tie.object)
        stranger = random.choice(facts.ids)
        if _apart(facts, stranger, tie.object):
            yield "other subject", f"{facts.name(stranger)} is {predicate} {other}."
            yield "other subject by id", f"{facts.name(stranger)} [{stranger}] is {predicate} {other} [{tie.object}]."
        stranger = random.choice(facts.ids)
        if _apart(facts, tie.subject, stranger):
            yield "other object", f"{subject} is {predicate} {facts.name(stranger)}."
        if predicate not in BOTH_WAYS and (tie.object, tie.subject) not in facts.joined:
            yield "roles swapped", f"{other} is {predicate} {subject}."
        changed = random.choice(predicates)
        if changed != predicate and facts.per_pair[tie.subject, tie.object] == 1:
            yield "other predicate", f"{subject} is {changed} {other}."
        yield "negation", f"{subject} is not {predicate} {other}."
        yield (
            "invented id",
            f"{subject} [{tie.subject}] is {predicate} {other} [{max(facts.ids) + random.randint(1, 99)}].",
        )
        yield (
            "invented label",
            f"{said(graph.category_name(tie.subject))}-{random.randint(40, 99)} is {predicate} {other}.",
        )
        yield "invented thing", f"{subject} is {predicate} the {random.choice(INVENTED)}."
        outside = _outside(graph, tie, facts, random)
        if outside is not None:
            yield "wrong time", f"{subject} is {predicate} {other} in frame {outside}."
    for category, number in facts.count.items():
        if graph.vocabulary.is_thing(graph.vocabulary.category_id(category)):
            yield "wrong count", f"There are {number + random.randint(1, 5)} {_plural(said(category))}."
            yield "denied", f"There is no {said(category)}."
    for category in facts.absent:
        yield "absent thing", f"There is {_article(said(category))}."
    for node in graph.nodes:
        wrong = random.choice([name for name in facts.present if name != graph.category_name(node.id)] or ["dragon"])
        yield "other kind", f"{facts.name(node.id)} is {_article(said(wrong))}."
        colour = node.attributes.get("colour") or node.attributes.get("color")
        if colour in COLOURS:
            changed = random.choice([other for other in COLOURS if other != colour])
            yield "other attribute", f"{facts.name(node.id)} is {changed}."


def with_captions(graph, text):
    """The graph with a text hidden in a category's name and in attributes of its nodes."""
    vocabulary = graph.vocabulary
    used = graph.nodes[0].category
    things = tuple(
        f'{name} "]}} {text}' if at == used and vocabulary.is_thing(used) else name
        for at, name in enumerate(vocabulary.things)
    )
    nodes = tuple(replace(node, attributes={**node.attributes, "caption": text}) for node in graph.nodes)
    return SceneGraph(graph.source, nodes, graph.relations, replace(vocabulary, things=things))


def _apart(facts, first, second):
    """Whether no relation joins two nodes in any direction, so that nothing about them can be so."""
    return first != second and not {(first, second), (second, first)} & facts.joined


def _outside(graph, tie, facts, random):
    """A frame in which a relation does not hold, where no other relation of the pair may stand in for it."""
    if not tie.spans or facts.per_pair[tie.subject, tie.object] > 1:
        return None
    frames = set(range(graph.source.num_frames))
    for start, stop in tie.spans:
        frames -= set(range(start, stop))
    return random.choice(sorted(frames)) if frames else None


def _a(graph, node):
    return _article(said(graph.category_name(node)))


def _article(noun):
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _plural(noun):
    irregular = {"person": "people", "child": "children", "bench": "benches"}
    return irregular.get(noun, f"{noun}s")
