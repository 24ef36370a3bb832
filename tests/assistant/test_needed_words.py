"""The words without which a regular expression over words cannot match."""

import re
import sys
from pathlib import Path

import pytest

from assistant.needed_words import ByNeededWords, needed_words
from assistant.rewording import _COMPILED, _INDEX

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from parser_questions import templates


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^(?:measure|give me) (how far|how tall) ", [["give", "measure"], ["how"]]),
        (r"(?<=\w) (?:roughly|give or take)$", [["give", "roughly"]]),
        (r"\b(?:in|at) the(?: very)? end\b", [["at", "in"], ["the"], ["end"]]),
        ("^(?:x )?(?:the |a )?dog$", [["dog"]]),
        ("^(?:the|a)?dog$", []),  # "thedog" is one word
        ("^a dog|a cat$", []),
        ("colou?r of (?!it)", [["of"]]),
        ("^(?:one )+two", []),
        (r"^is (?:\w+ing|being) it$", [["is"], ["it"]]),
    ],
)
def test_needed_words_of_patterns(pattern, words):
    assert [sorted(each) for each in needed_words(pattern)] == words


def test_no_paraphrase_is_missed_for_want_of_a_word():
    asked = [template.question for name in ("held_out_sixth.tsv",)
             for template in templates.read(name)]  # fmt: skip
    texts = [" ".join(re.findall(r"[a-z]+|[?.]", question.lower())) for question in asked]
    for text in texts:
        words = set(text.split())
        tried = set(_INDEX.among(words))
        assert not [pattern.pattern for number, (pattern, _) in enumerate(_COMPILED)
                    if number not in tried and pattern.search(text)]  # fmt: skip


def test_patterns_are_found_by_the_words_that_they_need():
    red, dog, cat = frozenset({"red", "blue"}), frozenset({"dog"}), frozenset({"cat"})
    index = ByNeededWords([(dog, red), (), (cat,), (red,)])
    assert list(index.among({"the", "blue", "dog"})) == [0, 1, 3]
    assert list(index.among({"the", "blue", "dog"}, allowed=0b1010)) == [1, 3]
    assert list(index.among(set())) == [1]
    assert list(ByNeededWords([]).among({"dog"})) == []
