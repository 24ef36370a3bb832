"""He, she and it in a question before which nothing was named: the one person, the one thing, or it is asked back."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import GroundedAnswer
from assistant.asking_back import which_one
from assistant.lexicon import Adjective, Lexicon, Noun
from assistant.programs import Program
from assistant.text import MAX_CHARACTERS, normalise

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_PERSONAL = re.compile(r"\b(he|she|him|her|his|hers)\b(?: (?:own )?(\w+))?")
_ONE_PERSON = ({"he", "him", "his"}, {"she", "her", "hers"})


_THING = re.compile(r"\bit(s)?\b(?: own\b)?")


def about_the_unnamed(assistant: "Assistant", question: str) -> GroundedAnswer | None:
    """The answer to a question about him, her or it, where nobody and nothing was named before.

    One person in the graph is meant; of several it is asked back which. "It" is the one thing that the graph has,
    where it has but one. None otherwise, and where the question cannot be read for other reasons.
    """
    if len(question) > MAX_CHARACTERS:
        return None
    if _PERSONAL.search(question.lower()) is not None:
        return _about_the_person(assistant, question)
    return _about_the_thing(assistant, question) if _THING.search(question.lower()) is not None else None


def _about_the_thing(assistant: "Assistant", question: str) -> GroundedAnswer | None:
    """What animal is it? Is it an elephant? Of a picture of one thing."""
    index = assistant.index
    things = [node for node in index.nodes if index.graph.vocabulary.is_thing(node.category)]
    if len(things) != 1:
        return None
    name = index.label(things[0].id)
    said = _THING.sub(lambda it: f"{name}'s" if it[1] else name, normalise(question))
    read = assistant.parser.question(said).questions
    return assistant.best(read, question) if read else None


def _about_the_person(assistant: "Assistant", question: str) -> GroundedAnswer | None:
    index, lexicon = assistant.index, assistant.lexicon
    people = index.ids[np.flatnonzero(index.of_categories(lexicon.people))].tolist()
    name = index.label(people[0]) if len(people) == 1 else "the person"
    said = with_person(question, name, lambda word: _names_people(assistant, word), lambda word: _opens(lexicon, word))
    read = assistant.parser.question(said).questions if people and said is not None else ()
    if not read or len(people) == 1:
        return assistant.best(read, question) if read else None
    word = next(found[1] for found in _PERSONAL.finditer(normalise(question)))
    return which_one(index, question, word, people, assistant.closed_world, Program(read[0], "parser", ()))


def with_person(
    text: str, name: str, names_people: Callable[[str], bool], opens_noun: Callable[[str], bool]
) -> str | None:
    """A question with a name for he or she; None where it has neither, has both, or names people besides.

    Args:
        text: the question.
        name: of the person.
        names_people: whether a word names people.
        opens_noun: whether a noun, with what describes it, may begin with a word.

    >>> with_person("What is he doing with his cup?", "the person", lambda word: False, lambda word: word == "cup")
    "what is the person doing with the person's cup?"
    """
    plain = normalise(text)
    found = {one[1] for one in _PERSONAL.finditer(plain)}
    if not any(found and found <= sex for sex in _ONE_PERSON) or any(map(names_people, re.findall(r"[\w-]+", plain))):
        return None

    def person(pronoun: re.Match[str]) -> str:
        word, following = pronoun.groups()
        owner = word == "his" or (word == "her" and following is not None and opens_noun(following))
        said = f"{name}'s" if owner or word == "hers" else name
        return said if following is None else f"{said} {following}"

    return _PERSONAL.sub(person, plain)


def _names_people(assistant: "Assistant", word: str) -> bool:
    people = assistant.lexicon.beings.people
    nouns = (entry for _, entry in assistant.lexicon.at([word], 0) if isinstance(entry, Noun))
    return word in assistant.parser.called or any(not people.isdisjoint(noun.categories or ()) for noun in nouns)


def _opens(lexicon: Lexicon, word: str) -> bool:
    return any(isinstance(entry, Noun | Adjective) for _, entry in lexicon.at([word], 0))
