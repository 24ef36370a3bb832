"""Conversations by kind: references, what is left out, corrections, times of earlier turns, answers to asking back.

They stand in `conversations.tsv`.
"""

from pathlib import Path

import pytest

from assistant import Assistant, Status
from assistant.conversation import Conversation
from tests.assistant.scenes import birthday, riders
from tests.assistant.test_metres import yard
from tests.assistant.test_properties import assert_citations_exist


@pytest.fixture(scope="module")
def assistants():
    return {"riders": Assistant(riders()), "birthday": Assistant(birthday()), "yard": Assistant(yard())}


def talk(assistant, turns):
    conversation = Conversation(assistant)
    answers = [conversation.ask(turn) for turn in turns.split(" || ")]
    for answer in answers:
        assert_citations_exist(assistant.graph, answer)
    return answers


def short(answer):
    return {Status.AMBIGUOUS: "?", Status.UNPARSED: "-"}.get(answer.status, answer.short)


def rows():
    lines = Path(__file__).with_name("conversations.tsv").read_text("utf-8").splitlines()
    return [pytest.param(*line.split("\t"), id=line.split("\t")[1]) for line in lines if line[:1] != "#"]


@pytest.mark.parametrize(("scene", "turns", "said"), rows())
def test_conversations(assistants, scene, turns, said):
    assert short(talk(assistants[scene], turns)[-1]) == said


@pytest.mark.parametrize(
    ("turns", "note"),
    [
        ("Which animals are there? || Which of them is brown?", "'them' was read as horse-1 and dog-1"),
        ("Which animals are there? || What is the brown one doing?", "'the brown one' was read as horse-1"),
        ("Who is riding the horse? || Who is that person looking at?", "'that person' was read as person-1"),
        ("Who is eating? || Who else is eating?", "'else' was read as other than person-3"),
        ("Is the dog running? || And the horse?", "what the question leaves out is taken from the one before"),
        ("What is the person doing? || the second", "'the second' was read as person-2"),
        ("Is the dog running? || Are you sure?", "the question before is asked again"),
        ("Who rides the horse? || Where is the person?", "taken to mean person-1, of which was spoken before"),
    ],
)
def test_what_was_understood_is_told(assistants, turns, note):
    assert note in talk(assistants["riders"], turns)[-1].notes


def test_a_time_of_an_earlier_turn_is_told(assistants):
    answer = talk(assistants["birthday"], "What is the dog doing at 6 seconds? || And before that?")[-1]
    assert "'before that' was read as a time relative to what was said before" in answer.notes


def test_thanks_are_no_question_and_keep_the_thread(assistants):
    answers = talk(assistants["riders"], "Is the dog running? || Thanks a lot! || ok || The horse too?")
    assert [answer.status for answer in answers[1:3]] == [Status.UNPARSED] * 2
    assert answers[1].short == "no question" and answers[3].short == "no"


def test_a_question_that_was_not_read_is_none_to_take_from(assistants):
    turns = "Is the dog running? || Would the weather report be accurate tomorrow || And the horse?"
    assert talk(assistants["riders"], turns)[-1].status is not Status.ANSWERED


@pytest.mark.parametrize("question", ["Who is holding the cup?", "How many dogs are there?", "Is the child standing?"])
def test_a_whole_question_keeps_its_meaning(assistants, question):
    assistant = assistants["birthday"]
    before = "What is the dog doing at 6 seconds? || And the child? || " + question
    assert talk(assistant, before)[-1].program == assistant.ask(question).program


def test_a_chat_of_five_questions():
    assistant = Assistant(riders())
    asked = ["Which animals are there?", "What is the brown one doing?", "And the other one?", "thanks", "what colour?"]
    answers = [assistant.chat([{"role": "user", "content": one} for one in asked[: at + 1]]) for at in range(5)]
    assert [answer.nodes for answer in answers[:3]] == [(2, 3), (2,), (3,)]
    assert answers[3].short == "no question" and answers[4].short == "not recorded"


ODD = (
    "and",
    "or?",
    "the other",
    "which one",
    "them",
    "no",
    "not",
    "not , ",
    "else",
    "before that",
    "5",
    "the",
    "one one",
)


@pytest.mark.parametrize("scene", ["birthday"])
@pytest.mark.parametrize(
    "odd", [*ODD, "the one " * 3, "who else " * 9, "(((", "\U0001f415?", "it's its it", "what about"]
)
def test_odd_turns(assistants, scene, odd):
    turns = " || ".join(("Which things are there?", odd, odd, f"and {odd}?", "Is there a dog?"))
    answers = talk(assistants[scene], turns)
    assert all(answer.text and answer.to_json() for answer in answers)
    assert short(answers[-1]) in ("yes", "not shown")
