"""What the text of a question asks of the form of its answer: one word, the letter of an option, JSON.

Clients that can send text only say it in words: "Answer the question using a single word or phrase."
Benchmarks append such sentences, and would otherwise get whole sentences, which they count as wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scenegraph import InputError, checked_json

AnswerForm = Literal["sentences", "short", "letter"]

LONGEST = 200
"""Characters of a sentence that is looked at; instructions are shorter, and long lines would take long."""

_SCHEMA = re.compile(r"answer as json that follows this schema:", re.IGNORECASE)
_ANSWER = r"(?:note: )?(?:please )?(?:you only need to |you should )?(?:directly )?(?:answer|respond|reply|output)\b"
_LETTERS = (
    rf"{_ANSWER}.*\bletter\b.*",
    rf"{_ANSWER} with \(?[A-H]\)?(?:(?:,| or|, or) \(?[A-H]\)?)+.*",
)
_SHORT = (
    rf"{_ANSWER}.*\b(?:single|one|short) (?:word|phrase|number)\b.*",
    rf"{_ANSWER}.*\b(?:just|only) (?:a|the|one) (?:number|word|phrase)\b.*",
    rf"{_ANSWER}(?: the question)?(?: with| using)?(?: just| only)? \W?yes\W? or \W?no\b.*",
)
_TALK = (
    r"if (?:all|none|no|the) .*\b(?:options?|answers?|image|picture|video|question)\b.*"
    r"\b(?:say|answer|reply|choose):? .*",
    r"(?:please )?(?:select|choose|pick) (?:the (?:correct|right|best) )?(?:\w+ )?from .*",
    r"(?:please )?look at the (?:image|picture|video) .*",
)


@dataclass(frozen=True)
class Wording:
    """A question apart from what it asks of its answer.

    Attributes:
        question: the text without instructions.
        form: whole sentences, a short answer, or the letter of an option.
        schema: a JSON Schema that the answer is to follow; None for text.
    """

    question: str
    form: AnswerForm = "sentences"
    schema: Mapping[str, Any] | None = None


def read_wording(text: str) -> Wording:
    r"""Take a text apart into question and instructions.

    Raises:
        InputError: what should be a JSON Schema is none.

    >>> read_wording("Is there a dog?\nAnswer the question using a single word or phrase.")
    Wording(question='Is there a dog?', form='short', schema=None)
    >>> read_wording("What is it?\nA. dog\nB. cat\nAnswer with the option's letter from the given choices directly.")
    Wording(question='What is it?\nA. dog\nB. cat', form='letter', schema=None)
    >>> read_wording('Who runs?\nAnswer as JSON that follows this schema:\n{"type": "object"}').schema
    {'type': 'object'}
    """
    schema = None
    found = _SCHEMA.search(text)
    if found is not None:
        with checked_json.located("the schema in the text"):
            schema = checked_json.parse(text[found.end() :].strip())
            if not isinstance(schema, dict):
                raise InputError("expected a JSON object after 'follows this schema:', and nothing behind it")
        text = text[: found.start()]
    form: AnswerForm = "sentences"
    kept = []
    for line in text.splitlines(keepends=True):
        # A line without a question may be one instruction with stops in it; else its sentences are looked at.
        whole = None if "?" in line else _instruction(line.strip().rstrip("."))
        for piece in [line] if whole else re.split(r"(?<=[.?!])(?=\s)", line):
            kind = whole or _instruction(piece.strip().rstrip("."))
            if kind is None:
                kept.append(piece)
            elif kind != "sentences":
                form = kind
    question = "".join(kept).strip()
    return Wording(question or text.strip(), form, schema)


def _instruction(sentence: str) -> AnswerForm | None:
    """What a sentence asks of the answer ("sentences": nothing, it is only talk); None for no instruction."""
    if not 0 < len(sentence) <= LONGEST:
        return None
    for patterns, form in ((_LETTERS, "letter"), (_SHORT, "short"), (_TALK, "sentences")):
        if any(re.fullmatch(pattern, sentence, re.IGNORECASE) for pattern in patterns):
            return form  # type: ignore[return-value]
    return None
