"""Answers worked out by hand on the two graphs of tests/factories.py."""

import json
from dataclasses import replace

import jsonschema
import pytest

from assistant import Assistant, NodeCitation, Reason, RelationCitation, Status, Verdict, Words
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line
from assistant.schemas import ANSWER_SCHEMA
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.spans import Span
from tests.factories import VOCABULARY, park, park_video


@pytest.fixture(scope="module")
def image():
    return Assistant(park())


@pytest.fixture(scope="module")
def video():
    return Assistant(park_video())


@pytest.fixture(scope="module")
def complete():
    return Assistant(park(), closed_world=True)


def test_who_is_answered_with_its_evidence(image):
    answer = image.ask("Who is holding the ball?")
    assert (answer.status, answer.short, answer.reason) == (Status.ANSWERED, "person-1", None)
    assert answer.text == "person-1 is holding ball-1."
    (claim,) = answer.claims
    assert (claim.subject, claim.predicate, claim.object, claim.verdict) == (0, "holding", 2, Verdict.SUPPORTED)
    cited = [answer.citations[at] for at in claim.citations]
    assert cited == [
        RelationCitation(1, 0, "holding", 2, "person-1 holding ball-1", 0.8),
        NodeCitation(0, "person-1", 0.9, 0, (2.0, 4.0, 8.0, 16.0)),
        NodeCitation(2, "ball-1", 0.7, 0, (10.0, 8.0, 13.0, 11.0)),
    ]
    assert answer.confidence == pytest.approx(0.7)  # the ball is the weakest piece of evidence
    assert answer.program.line == "which(related(find(person), holding, the(find(ball))))"
    assert answer.program.trace[0] == "N0 = find(person): 1 node (0)"
    assert answer.program.trace[-1] == "ANSWER = which(N3): nodes 0"


def test_two_hops_cite_both_relations(image):
    answer = image.ask("What colour is the ball that the person on the grass is holding?")
    assert answer.short == "red"
    assert {citation.relation for citation in answer.citations if isinstance(citation, RelationCitation)} == {0, 1}


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is the dog chasing?", "ball-1"),
        ("How many dogs are there?", "1"),
        ("What is the person doing?", "holding ball-1"),
        ("Where is the dog?", "dog-1 is on grass-1"),
        ("Where is the sky?", "at the top of the picture"),
        ("Is the ball red?", "yes"),
        ("Is the ball blue?", "no"),
        ("What colour is the ball?", "red"),
        ("What is under the dog?", "grass-1"),
        ("Who is on the grass?", "person-1"),
        ("What is on the grass?", "person-1 and dog-1"),
        ("Is the dog to the right of the person?", "yes"),
        ("Is the dog to the left of the person?", "no"),
        ("Is the sky above the grass?", "yes"),
        ("What is left of the dog?", "person-1 and ball-1"),
        ("What is the relation between the dog and the ball?", "chasing"),
        ("Is the dog an animal?", "yes"),
        ("Is the dog a person?", "no"),
        ("Is the person not holding the ball?", "no"),
    ],
)
def test_answered(image, question, short):
    answer = image.ask(question)
    assert (answer.status, answer.short) == (Status.ANSWERED, short)


def test_a_missing_relation_is_no_no(image):
    answer = image.ask("Is the dog holding the ball?")
    assert (answer.status, answer.reason, answer.short) == (
        Status.UNANSWERABLE,
        Reason.ABSENT_RELATION,
        "not shown",
    )
    assert answer.text == "The graph does not show dog-1 holding ball-1. It shows: dog-1 is chasing ball-1."
    assert answer.claims[0].verdict is Verdict.NOT_IN_GRAPH
    assert (answer.claims[0].subject, answer.claims[0].predicate, answer.claims[0].object) == (1, "holding", 2)
    assert answer.confidence is None


def test_a_missing_relation_is_no_in_a_complete_graph(complete):
    answer = complete.ask("Is the dog holding the ball?")
    assert (answer.status, answer.short, answer.claims[0].verdict) == (Status.ANSWERED, "no", Verdict.CONTRADICTED)
    assert complete.ask("Who is chasing the person?").short == "nobody"
    assert complete.ask("How many people are chasing the ball?").short == "0"


def test_even_a_complete_graph_cannot_speak_of_what_its_vocabulary_lacks(complete):
    for question in ("Is there a cat?", "Is the dog riding the ball?", "What is the cat doing?"):
        assert complete.ask(question).status is Status.UNANSWERABLE
    assert "vocabulary" in complete.ask("Is there a cat?").text


def test_what_a_question_takes_for_granted_must_be_there(complete):
    graph = park()
    without = SceneGraph(graph.source, graph.nodes[:1], (), graph.vocabulary)
    answer = Assistant(without, closed_world=True).ask("What is the dog chasing?")
    assert (answer.status, answer.reason) == (Status.UNANSWERABLE, Reason.ABSENT_OBJECT)
    assert answer.text == "The graph does not show a dog."


def test_the_opposite_of_a_one_way_relation_is_contradicted(image):
    answer = image.ask("Is the grass on the dog?")
    assert (answer.status, answer.short) == (Status.ANSWERED, "no")
    assert answer.text == "No. dog-1 is on grass-1."
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED, Verdict.CONTRADICTED]


def test_narrower_words_point_but_prove_nothing(image):
    pointed = image.ask("What is the woman holding?")
    assert pointed.short == "ball-1" and "woman" in pointed.notes[0]
    for question in ("Is there a woman?", "How many women are there?", "Is a woman holding the ball?"):
        answer = image.ask(question)
        assert (answer.status, answer.reason) == (Status.UNANSWERABLE, Reason.ATTRIBUTE_NOT_RECORDED)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Is there a cat?", Reason.ABSENT_OBJECT),
        ("Is there a second sky?", Reason.ABSENT_OBJECT),
        ("Is there a sky the whole time?", Reason.TIME_NOT_RECORDED),
        ("What colour is the dog?", Reason.ATTRIBUTE_NOT_RECORDED),
        ("When does the dog chase the ball?", Reason.TIME_NOT_RECORDED),
        ("What is the dog doing at 3 seconds?", Reason.TIME_NOT_RECORDED),
        ("What is node 17 doing?", Reason.ABSENT_OBJECT),
        ("What is person-9 doing?", Reason.ABSENT_OBJECT),
        ("Are there two dogs?", Reason.ABSENT_OBJECT),
    ],
)
def test_refusals_have_a_reason(image, question, reason):
    answer = image.ask(question)
    assert (answer.status, answer.reason) == (Status.UNANSWERABLE, reason)


def test_time(video):
    answer = video.ask("When does the person hold the ball?")
    assert answer.text == "person-1 is holding ball-1 at 0-0.8 s and 1.6-2 s (frames 0-3 and 8-9)."
    cited = next(citation for citation in answer.citations if isinstance(citation, RelationCitation))
    assert cited.spans == (Span(0, 4), Span(8, 10)) and cited.seconds == ((0.0, 0.8), (1.6, 2.0))
    assert video.ask("How long does the dog chase the ball?").short == "0.8 s (4 frames)"
    assert video.ask("How often does the person hold the ball?").short == "2 times"
    assert video.ask("What is the dog doing at 1 s?").short == "chasing ball-1"
    assert video.ask("What is the dog doing at 0 s?").reason is Reason.ABSENT_OBJECT  # it comes in frame 2
    assert video.ask("What is the dog doing at 0.5 s?").reason is Reason.ABSENT_RELATION
    assert video.ask("Who holds the ball at 2 s?").short == "person-1"  # the very end is the last frame
    assert video.ask("Who holds the ball at 2.1 s?").reason is Reason.OUTSIDE_TIME_RANGE
    assert video.ask("What does the person hold after the dog chases the ball?").short == "ball-1"
    for other in ("it", "the ball"):
        question = f"Is the person holding the ball while the dog is chasing {other}?"
        assert video.ask(question).reason is Reason.ABSENT_RELATION


def test_an_answer_about_a_moment_cites_that_moment_only(video):
    answer = video.ask("Who is holding the ball between frames 2 and 8?")
    cited = next(citation for citation in answer.citations if isinstance(citation, RelationCitation))
    assert cited.spans == (Span(2, 4), Span(8, 9))


def test_no_frame_rate_no_seconds():
    graph = park_video()
    source = Source("video", "park.mp4", 20, 30, 10)
    assistant = Assistant(SceneGraph(source, graph.nodes, graph.relations, graph.vocabulary))
    assert assistant.ask("Who holds the ball at 1 s?").reason is Reason.TIME_NOT_RECORDED
    assert assistant.ask("Who holds the ball in frame 1?").short == "person-1"
    assert assistant.ask("How long does the dog chase the ball?").short == "4 frames"


def test_asks_back_when_the_answer_depends_on_who_is_meant():
    graph = park()
    more = SceneGraph(
        graph.source,
        (*graph.nodes, type(graph.nodes[0])(5, 0, graph.nodes[1].region)),
        (*graph.relations, type(graph.relations[0])(5, 1, 1)),
        graph.vocabulary,
    )
    assistant = Assistant(more)
    answer = assistant.ask("What is the person holding?")
    assert (answer.status, answer.reason, answer.options) == (Status.AMBIGUOUS, Reason.AMBIGUOUS_REFERENT, (0, 5))
    assert answer.text.startswith("Which one do you mean: person-1 (ball-1) or person-2 (dog-1)?")
    assert assistant.ask("What are the people holding?").short == "dog-1 and ball-1".replace("dog-1", "dog-1")
    assert assistant.ask("What is person-2 holding?").short == "dog-1"
    assert assistant.ask("What is the person on the grass holding?").short == "ball-1"
    assert assistant.ask("Is the person holding the ball?").notes == (
        "the graph also shows person-2, for which it does not show this",
    )


def test_unparsed_names_the_nearest_question(image):
    answer = image.ask("What is the persn holdng?")
    assert (answer.status, answer.reason) == (Status.UNPARSED, Reason.UNKNOWN_WORD)
    assert answer.suggestion == "What is the person holding?"
    assert image.ask(answer.suggestion).status is Status.ANSWERED
    assert image.ask("Why is the dog chasing the ball?").reason is Reason.NEEDS_JUDGEMENT
    assert image.ask("Wo ist der Hund?").reason is Reason.NOT_ENGLISH


def test_words_of_the_grammar_are_not_called_unknown(image):
    answer = image.ask("What happened then changed the average colour, further?")
    assert answer.reason is Reason.UNKNOWN_FORM
    answer = image.ask("What happened to the frobnicated average colour, further?")
    assert answer.reason is Reason.UNKNOWN_WORD and "'frobnicated'," in answer.text


@pytest.mark.parametrize(
    ("question", "suggestion"),
    [
        ("Why is the dog chasing the ball?", "Is the dog chasing the ball?"),
        ("Which person is almost holding the ball?", "Which person is holding the ball?"),
        ("What is the blurry dog chasing?", "What is the dog chasing?"),
        ("How wildly is the dog chasing the ball?", "What is dog-1 doing?"),  # not "wildly is the dog chasing it"
        ("Why is the dog not chasing the ball?", "Is the dog not chasing the ball?"),
    ],
)
def test_a_shorter_question_is_offered(image, question, suggestion):
    answer = image.ask(question)
    assert answer.status is Status.UNPARSED and answer.suggestion == suggestion
    assert image.ask(suggestion).status is not Status.UNPARSED


def test_an_empty_graph_answers_nothing():
    source = Source("image", "nothing.png", 4, 4)
    assistant = Assistant(SceneGraph(source, (), (), VOCABULARY))
    for question in ("Is there a dog?", "How many dogs are there?", "What is in the picture?", "Who is on the grass?"):
        assert assistant.ask(question).status is Status.UNANSWERABLE
    bare = Assistant(SceneGraph(source, (), (), Vocabulary((), (), ())))
    assert bare.ask("What is in the picture?").text == "The graph does not show anything; it is empty."
    assert bare.ask("Who is riding the horse?").status is Status.UNANSWERABLE


def test_answers_are_json_of_one_schema(image, video, complete):
    validator = jsonschema.Draft202012Validator(ANSWER_SCHEMA)
    questions = ("Who is holding the ball?", "Is there a cat?", "When does the dog chase the ball?", "Why?", "", "x")
    for assistant in (image, video, complete):
        for question in (*questions, "How many balls are there?", "Is the grass on the dog?"):
            value = json.loads(json.dumps(assistant.ask(question).to_json()))
            assert not list(validator.iter_errors(value))


def test_user_words(tmp_path):
    path = tmp_path / "words.json"
    path.write_text(
        '{"same": [["dog", "doggo"]], "broader": {"plaything": ["ball"]}, "predicates": {"holding": ["wielding"]}}'
    )
    assistant = Assistant(park(), words=Words.read(path))
    assert assistant.ask("What is the doggo chasing?").short == "ball-1"
    assert assistant.ask("Who is wielding a plaything?").short == "person-1"
    path.write_text('{"synonyms": []}')
    with pytest.raises(InputError, match="synonyms"):
        Words.read(path)


def test_user_words_lead_on_to_other_words():
    """Broader words of broader words, built-in ones among them, and circles; a category stays what it is."""
    words = Words(
        broader=(("beast", ("creature",)), ("creature", ("animal", "beast")), ("dog", ("ball",)), ("loop", ("loop",))),
        narrower=(("sheepdog", ("herder",)), ("herder", ("dog",))),
    )
    assistant = Assistant(park(), words=words)
    assert assistant.ask("How many beasts are there?").short == "1"
    assert assistant.ask("What is the sheepdog chasing?").short == "ball-1"
    assert assistant.ask("How many dogs are there?").short == "1"
    assert assistant.ask("Is there a loop?").status == "unanswerable"


def test_a_program_can_be_run_without_words(image):
    asked = image.ask("Who is holding the ball?")
    again = image.run(asked.program.question)
    assert again.text == asked.text and again.program.author == "caller"


def cited(answer):
    return sorted(each.node for each in answer.citations if isinstance(each, NodeCitation))


def test_a_no_of_a_complete_graph_cites_where_it_looked(complete):
    """Of park(): 0 is the person, 1 the dog, 2 the ball, 3 the grass."""
    for question, ids in (
        ("Is the dog on the ball?", [1, 2]),
        ("Is anybody chasing the dog?", [0, 1]),
        ("What is on the ball?", [2]),
        ("How many dogs are on the ball?", [1, 2]),
        ("Is no dog on the ball?", [1, 2]),
    ):
        answer = complete.ask(question)
        assert (answer.status, cited(answer)) == (Status.ANSWERED, ids), question
        (claim,) = answer.claims
        assert claim.verdict is Verdict.CONTRADICTED and len(claim.citations) == len(ids)
    answer = complete.ask("Is there a bench?")
    assert answer.status is Status.UNANSWERABLE  # the vocabulary has no such name


def test_what_was_looked_for_in_the_whole_graph_singles_no_node_out():
    graph = park()
    without = replace(graph, nodes=graph.nodes[:1], relations=())
    answer = Assistant(without, closed_world=True).ask("Is there a dog?")
    assert (answer.short, answer.citations) == ("no", ())
    assert answer.notes == ("this rests on the whole graph (nodes: 1), which shows no such thing",)


def test_alternatives_tell_only_what_the_graph_shows():
    """One alternative is shown; of the other the graph tells nothing, which is no contradiction."""
    graph = park()
    shiny = replace(graph, nodes=(replace(graph.nodes[0], attributes={"attribute": "shiny"}), *graph.nodes[1:]))
    answer = Assistant(shiny).run(
        from_line("any_of(has_attribute(pick(0), shiny), has_attribute(pick(0), wooden, material))")
    )
    assert answer.text == "Yes. The attribute of person-1 is shiny."
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED] and cited(answer) == [0]
    answer = Assistant(shiny).run(
        from_line("all_of(has_attribute(pick(0), shiny), has_attribute(pick(0), red, attribute))")
    )
    assert answer.text == "No. The attribute of person-1 is shiny."


def home() -> SceneGraph:
    """Names as Action Genome and OpenLABEL have them: alternatives, underscores, denials, "is" in front."""
    place = [Segment.from_box((4 * at, 2, 4 * at + 3, 8), 10, 20) for at in range(3)]
    vocabulary = Vocabulary(
        ("person", "sofa/couch", "cup/glass/bottle"), (), ("looking_at", "not_looking_at", "isNear", "holding")
    )
    nodes = tuple(Node(at, at, region) for at, region in enumerate(place))
    ties = (Relation(0, 1, 1), Relation(0, 2, 1), Relation(0, 3, 2))
    return SceneGraph(Source("image", "home.png", 10, 20), nodes, ties, vocabulary)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Is there a couch?", "yes"),
        ("What is the person holding?", "cup/glass/bottle-1"),
        ("Is the person holding the glass?", "yes"),
        ("Who is holding cup/glass/bottle-1?", "person-1"),
        ("Is the person near the sofa?", "yes"),
        ("What is near the sofa?", "person-1"),
        ("Is the person looking at the sofa?", "no"),
        ("Is the person not looking at the sofa?", "yes"),
        ("Is the person looking at the cup?", "not shown"),
    ],
)
def test_names_as_data_sets_write_them(question, short):
    answer = Assistant(home()).ask(question)
    assert (answer.short, answer.reason) == (short, None if short != "not shown" else Reason.ABSENT_RELATION)


def test_a_denial_contradicts_in_both_engines():
    question = from_line("holds(pick(0), looking_at, pick(1))")
    outcomes = [engine.run(question) for engine in (Executor(GraphIndex(home())), SqliteExecutor(home()))]
    assert [outcome.opposing for outcome in outcomes] == [(0,), (0,)]
    assert not disagreements(*outcomes)
    assert Assistant(home()).verify("The person is looking at the sofa.").claims[0].verdict is Verdict.CONTRADICTED
