"""Questions as people chat, with the program that each of them asks for; what two programs would need stays unread."""

import pytest

from assistant.asides import without_aside
from assistant.chatting import chatted
from assistant.corrections import repaired
from assistant.lexicon import lexicon_of
from assistant.otherwise import also_does
from assistant.parser import Parser
from assistant.spoken_order import choice_first, reordered, wanted
from assistant.topics import about
from scenegraph import Vocabulary
from tests.assistant.questions_check import read_otherwise

VOCABULARY = Vocabulary(
    things=(
        *("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench", "umbrella", "kite"),
        *("couch", "suitcase"),
    ),
    stuff=("tree-merged", "road"),
    predicates=(
        *("riding", "holding", "chasing", "looking at", "kicking", "carrying", "wearing", "beside", "behind"),
        *("in front of", "on", "in"),
    ),
)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_chats.tsv")


def test_every_claim_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_claims.tsv")


@pytest.mark.parametrize(
    "asked",
    [
        "What colour is the dog on the sofa, sorry, the bench?",
        "Is the man on the horse, I mean the one on the bench, red?",
        "The dog or the cat, is it red?",
        "That dog, is it next to it?",
        "Is there a dog, and if there is, where is it?",
    ],
)
def test_what_may_be_meant_in_two_ways_is_left_unread(parser, asked):
    assert not parser.question(asked).questions


def test_what_claims_that_it_is_not_so_does_not_ask_whether_it_is(parser):
    for asked in ("That's not a dog on the sofa, is it?", "It's not a dog on the sofa."):
        assert not any(found.line.startswith("holds") for found in parser.question(asked).questions)


@pytest.mark.parametrize("plain", ["who rides the horse?", "is there a dog or a cat?", "the dog is red"])
def test_what_is_plain_is_left_as_it_is(plain):
    assert not list(chatted(plain))
    assert not list(reordered(plain))
    assert not list(about(plain))
    for change in (repaired, also_does, choice_first, wanted):
        assert change(plain) is None


def test_an_aside_that_names_what_is_asked_about_is_kept():
    text = "We bought a dog and I need to know who holds it"
    assert without_aside(text, lambda word: word == "dog") is None
