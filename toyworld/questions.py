"""Questions about a true graph with exact answers, for testing whoever answers from graphs.

The graph counts as complete: what it does not say is not so. Answers are computed from nodes and
relations directly; no program or parser of the project takes part. On disk a question is a line of
JSON (toyworld.asking).
"""

from collections.abc import Callable, Iterator
from random import Random

from scenegraph import Relation, SceneGraph, Span
from scenegraph.spans import covered
from toyworld.asking import PLACES, Asker, Question, plural, read_questions, spoken, with_article, write_questions

__all__ = ["FAMILIES", "TEMPORAL", "Question", "questions", "read_questions", "write_questions"]

YES, NO, NONE = "yes", "no", "none"


def existence(ask: Asker) -> Iterator[Question]:
    """Is there a dog?"""
    name = ask.random.choice(ask.graph.vocabulary.categories)
    noun = spoken(name)
    nodes = tuple(node.id for node in ask.graph.nodes if ask.graph.category_name(node.id) == name)
    form = ask.random.choice(("is there {}?", "do you see {}?", "can you see {} here?"))
    yield ask.make("existence", form.format(with_article(noun)), (YES if nodes else NO,), nodes=nodes)


def count(ask: Asker) -> Iterator[Question]:
    """How many dogs are there?"""
    name = ask.random.choice(ask.graph.vocabulary.things)
    nodes = tuple(node.id for node in ask.graph.nodes if ask.graph.category_name(node.id) == name)
    form = ask.random.choice(("how many {} are there?", "how many {} can you see?", "what is the number of {}?"))
    yield ask.make("count", form.format(plural(spoken(name))), (str(len(nodes)),), nodes=nodes)


def who(ask: Asker) -> Iterator[Question]:
    """Who is riding the horse?"""
    people = {"person", "adult", "child"}
    positions = [
        position
        for position, relation in enumerate(ask.graph.relations)
        if ask.graph.category_name(relation.subject) in people and ask.the(relation.object)
    ]
    if relation := ask.pick(positions):
        predicate = ask.graph.predicate_name(relation)
        found = [
            position
            for position in ask.with_ends(None, predicate, relation.object)
            if ask.graph.category_name(ask.graph.relations[position].subject) in people
        ]
        labels = {ask.graph.label(ask.graph.relations[position].subject) for position in found}
        yield ask.make("who", f"who is {predicate} {ask.the(relation.object)}?", sorted(labels), **ask.evidence(found))


def what(ask: Asker) -> Iterator[Question]:
    """What is the person holding? What is on the table?"""
    positions = [position for position, r in enumerate(ask.graph.relations) if ask.the(r.subject)]
    if relation := ask.pick(positions):
        predicate = ask.graph.predicate_name(relation)
        found = ask.with_ends(relation.subject, predicate)
        labels = {ask.graph.label(ask.graph.relations[position].object) for position in found}
        text = f"what is {ask.the(relation.subject)} {predicate}?"
        yield ask.make("what", text, sorted(labels), **ask.evidence(found))
    positions = [
        position
        for position, r in enumerate(ask.graph.relations)
        if ask.predicate[position] in PLACES and ask.the(r.object)
    ]
    if relation := ask.pick(positions):
        predicate = ask.graph.predicate_name(relation)
        found = ask.with_ends(None, predicate, relation.object)
        labels = {ask.graph.label(ask.graph.relations[position].subject) for position in found}
        yield ask.make(
            "what", f"what is {predicate} {ask.the(relation.object)}?", sorted(labels), **ask.evidence(found)
        )


def where(ask: Asker) -> Iterator[Question]:
    """Where is the ball?"""
    candidates = [node for node in ask.things if ask.the(node)]
    if not candidates:
        return
    node = ask.random.choice(candidates)
    found = [
        position
        for position in ask.with_ends(node)
        if ask.predicate[position].split()[-1] == "on" or ask.predicate[position] in (*PLACES, "riding")
    ]
    if found:
        answers = {ask.deed(p) for p in found}
        yield ask.make("where", f"where is {ask.the(node)}?", sorted(answers), **ask.evidence(found))


def doing(ask: Asker) -> Iterator[Question]:
    """What is the dog doing?"""
    candidates = [
        node
        for node in ask.things
        if ask.the(node) and any(ask.predicate[position] not in PLACES for position in ask.with_ends(node))
    ]
    if not candidates:
        return
    node = ask.random.choice(candidates)
    found = [position for position in ask.with_ends(node) if ask.predicate[position] not in PLACES]
    answers = {ask.deed(p) for p in found}
    yield ask.make("doing", f"what is {ask.the(node)} doing?", sorted(answers), **ask.evidence(found))


def yes_no(ask: Asker) -> Iterator[Question]:
    """Is the person riding the horse? Half of them are not so."""
    named = [node.id for node in ask.graph.nodes if ask.the(node.id)]
    true = [p for p, r in enumerate(ask.graph.relations) if r.subject in named and r.object in named]
    relation = ask.pick(true)
    if relation is None:
        return
    subject, predicate, object_ = relation.subject, ask.graph.predicate_name(relation), relation.object
    if ask.random.random() < 0.5:
        predicate = ask.random.choice(ask.graph.vocabulary.predicates)
    found = ask.with_ends(subject, predicate, object_)
    evidence = ask.evidence(found) if found else {"nodes": tuple(sorted((subject, object_)))}
    text = f"is {ask.the(subject)} {predicate} {ask.the(object_)}?"
    yield ask.make("yes-no", text, (YES if found else NO,), **evidence)


def two_hop(ask: Asker) -> Iterator[Question]:
    """What is the person riding the horse looking at? One end is named only by its relation."""
    relations = ask.graph.relations
    for first in ask.random.sample(range(len(relations)), len(relations)):
        key, middle = relations[first].object, relations[first].subject
        if not ask.the(key) or middle not in ask.things:
            continue
        category = ask.graph.category_name(middle)
        same = [
            p
            for p in ask.with_ends(None, ask.predicate[first], key)
            if ask.graph.category_name(relations[p].subject) == category
        ]
        second = [p for p in ask.with_ends(middle) if relations[p].object != key]
        if len(same) != 1 or not second:
            continue
        predicate = ask.predicate[ask.random.choice(second)]
        found = [p for p in second if ask.predicate[p] == predicate]
        labels = {ask.graph.label(relations[p].object) for p in found}
        text = f"what is the {spoken(category)} {ask.predicate[first]} {ask.the(key)} {predicate}?"
        yield ask.make("two-hop", text, sorted(labels), **ask.evidence((first, *found)))
        return


def colour(ask: Asker) -> Iterator[Question]:
    """What colour is the car? Only where the graph says."""
    known = [node for node in ask.things if node in ask.single and "colour" in ask.graph.node(node).attributes]
    if known:
        node = ask.random.choice(known)
        form = ask.random.choice(("what colour is {}?", "what is the colour of {}?"))
        yield ask.make(
            "colour", form.format(ask.the(node)), (ask.graph.node(node).attributes["colour"],), nodes=(node,)
        )


def absent(ask: Asker) -> Iterator[Question]:
    """A question about something that is not there."""
    missing = [name for name in ask.graph.vocabulary.things if not ask.counts[name]]
    if not missing:
        return
    noun = spoken(ask.random.choice(missing))
    form = ask.random.choice(
        ("what is the {} doing?", "where is the {}?", "who is beside the {}?", "what is the {} on?")
    )
    yield ask.make("absent", form.format(noun), (NONE,), answerable=False, reason="absent object")


def when(ask: Asker) -> Iterator[Question]:
    """When is the dog chasing the ball?"""
    if relation := ask.pick(ask.lasting()):
        position = ask.graph.relations.index(relation)
        text = f"when is {ask.clause(relation)}?"
        yield ask.make("when", text, (_frames(span) for span in relation.spans), **ask.evidence((position,)))


def how_long(ask: Asker) -> Iterator[Question]:
    """For how many frames, and in how many separate stretches."""
    if relation := ask.pick(ask.lasting()):
        evidence = ask.evidence((ask.graph.relations.index(relation),))
        seconds = covered(relation.spans) / (ask.graph.source.fps or 1.0)
        text = f"for how long is {ask.clause(relation)}?"
        yield ask.make("how-long", text, (f"{seconds:.1f} seconds",), **evidence)
        text = f"how many times is {ask.clause(relation)}?"
        yield ask.make("how-often", text, (str(len(relation.spans)),), **evidence)


def order(ask: Asker) -> Iterator[Question]:
    """What happens first: two relations that begin at different times."""
    nameable = ask.lasting()
    starts = {position: ask.graph.relations[position].spans[0].start for position in nameable}
    pairs = [(a, b) for a in nameable for b in nameable if starts[a] < starts[b]]
    if pairs:
        first, second = ask.random.choice(pairs)
        shown = [first, second] if ask.random.random() < 0.5 else [second, first]
        clauses = [ask.clause(ask.graph.relations[position], "is ") for position in shown]
        text = f"which begins first: {clauses[0]}, or {clauses[1]}?"
        yield ask.make("order", text, (ask.clause(ask.graph.relations[first], "is "),), **ask.evidence((first, second)))


def meanwhile(ask: Asker) -> Iterator[Question]:
    """What is X doing while Y is happening?"""
    for key in ask.random.sample(ask.lasting(), len(ask.lasting())):
        relation = ask.graph.relations[key]
        others = [node for node in ask.things if ask.the(node) and node not in (relation.subject, relation.object)]
        ask.random.shuffle(others)
        for node in others:
            found = [
                p
                for p in ask.with_ends(node)
                if ask.predicate[p] not in PLACES and _share_frames(ask.graph.relations[p], relation)
            ]
            if found:
                answers = {ask.deed(p) for p in found}
                text = f"what is {ask.the(node)} doing while {ask.clause(relation, 'is ')}?"
                yield ask.make("while", text, sorted(answers), **ask.evidence((key, *found)))
                return


def _frames(span: Span) -> str:
    return f"{span.start}-{span.stop}"


def _share_frames(first: Relation, second: Relation) -> bool:
    return any(max(a.start, b.start) < min(a.stop, b.stop) for a in first.spans for b in second.spans)


Family = Callable[[Asker], Iterator[Question]]

FAMILIES: tuple[Family, ...] = (existence, count, who, what, where, doing, yes_no, two_hop, colour, absent)
TEMPORAL: tuple[Family, ...] = (when, how_long, order, meanwhile)


def questions(graph: SceneGraph, seed: int = 0) -> list[Question]:
    """Some questions of every family that the graph allows, the same for the same seed.

    >>> from toyworld import scenes
    >>> all(asked.question.endswith("?") for asked in questions(scenes.image(2).graph))
    True
    """
    ask = Asker(graph, Random(seed))
    families = FAMILIES if graph.source.kind == "image" else (*FAMILIES, *TEMPORAL)
    return [asked for family in families for asked in family(ask)]
