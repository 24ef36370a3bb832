"""Questions whose exact answers the simulated world knows."""

import pytest

from assistant import Assistant, RelationCitation, Status
from assistant.verbs import COVERS, SYMMETRIC
from toyworld import clips, scenes
from toyworld.questions import questions


def frames(answer):
    """The spans that an answer cites, as the questions write them."""
    return {f"{a}-{b}" for c in answer.citations if isinstance(c, RelationCitation) for a, b in c.spans}


def found(graph, answer, asked):
    """What an answer says, in the form in which the question's family gives its answers."""
    if asked.family in ("existence", "count", "yes-no", "colour"):
        return {answer.short}
    if asked.family in ("where", "doing", "while"):
        cited = [c for c in answer.citations if isinstance(c, RelationCitation) and c.relation in asked.relations]
        return {f"{c.predicate} {graph.label(c.object)}" for c in cited} & set(asked.answers)
    if asked.family == "absent":
        return {"none"} if answer.status is Status.UNANSWERABLE else {answer.short}
    if asked.family == "when":
        return frames(answer)
    if asked.family == "how-long":
        return {f"{float(answer.short.split()[0]):.1f} seconds"}
    if asked.family == "how-often":
        return {answer.short.split()[0]}
    if asked.family == "order":
        first = answer.citations[0]
        (expected,) = asked.answers
        return {expected} if first.relation == expected_first(graph, asked) else {first.label}
    return {graph.label(node) for node in answer.nodes}


def expected_first(graph, asked):
    return min(asked.relations, key=lambda at: graph.relations[at].spans[0].start)


def implied(graph, asked, label):
    """Whether something follows from the graph that the questions, which match names exactly, leave out.

    Sitting on is on, and what is beside me I am beside.
    """
    for relation in graph.relations:
        predicate, ends = graph.predicate_name(relation), (graph.label(relation.subject), graph.label(relation.object))
        if label in ends and (predicate in COVERS["on"] or predicate in SYMMETRIC):
            return True
    return False


def check(graph, seed):
    assistant = Assistant(graph, closed_world=True)
    for asked in questions(graph, seed):
        answer = assistant.ask(asked.question)
        said = found(graph, answer, asked)
        assert set(asked.answers) <= said, (asked.question, asked.answers, answer.text)
        for extra in said - set(asked.answers):
            assert asked.family in ("who", "what", "two-hop") and implied(graph, asked, extra), (asked.question, extra)


@pytest.mark.parametrize("seed", range(12))
def test_pictures(seed):
    check(scenes.image(seed).graph, seed)


@pytest.mark.parametrize("seed", range(2))
def test_videos(seed):
    check(clips.video(seed, frames=30).graph, seed)


def test_scenes_in_space():
    check(clips.video(3, frames=20, rgbd=True).graph, 3)
