"""From a question in English to programs, without a model.

Either the whole question is read or none of it. "Could not be parsed" says something about this
parser, never about the graph.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.answers import Reason
from assistant.courtesies import PICTURES, without_courtesies
from assistant.grammar import BE, DO, Phrases
from assistant.lexicon import Lexicon, Noun
from assistant.programs import AllOf, During, Exists
from assistant.questions import Questions
from assistant.steps import MAX_DEPTH, Question, depth
from assistant.text import ENGLISH, MAX_CHARACTERS, MAX_WORDS, NUMBERS, looks_foreign, words
from assistant.when import MARKERS, windows
from assistant.yes_no import Reading

_JUDGEMENT = frozenset(
    {"why", "should", "would", "could", "will", "might", "may", "shall", "reason", "reasons", "purpose", "potential"}
    | {"likely", "probably", "infer", "inferred", "feel", "feels", "feeling", "think", "thinks", "thinking", "mood"}
    | {"emotion", "emotions", "intend", "intends", "wants", "happy", "sad", "next", "meaning", "funny", "unusual"}
)
"""Words of questions about what no graph records: reasons, intentions, feelings, the future."""

_STRUCTURE = frozenset(
    {
        "many",
        "much",
        "doing",
        "made",
        "long",
        "often",
        "times",
        "time",
        "kind",
        "type",
        "sort",
        "number",
        "frame",
        "between",
    }
    | {
        "frames",
        "second",
        "seconds",
        "list",
        "name",
        "show",
        "find",
        "describe",
        "locate",
        "count",
        "related",
        "relation",
    }
    | {
        "relationship",
        "tell",
        "me",
        "happening",
        "happens",
        "going",
        "all",
        "both",
        "each",
        "every",
        "no",
        "none",
        "than",
    }
    | {
        "side",
        "left",
        "right",
        "above",
        "below",
        "before",
        "after",
        "while",
        "them",
        "him",
        "her",
        "his",
        "their",
        "its",
    }
    | {
        "more",
        "most",
        "less",
        "fewer",
        "same",
        "other",
        "else",
        "only",
        "also",
        "if",
        "whether",
        "for",
        "from",
        "as",
        "up",
    }
)
"""Words that the grammar knows by itself."""

_NEARLY_AS_GOOD = 0.25
"""Readings whose cost is within this of the best are tried as well; the graph decides among them."""
_READINGS = 4


@dataclass(frozen=True)
class Parse:
    """What was read.

    Attributes:
        questions: readings, the most natural first; empty if there is none.
        reason: why there is none.
        unknown: the words that nothing here knows.
    """

    questions: tuple[Question, ...] = ()
    reason: Reason | None = None
    unknown: tuple[str, ...] = ()


class Parser:
    """Reads questions and statements about one graph.

    Args:
        lexicon: the words that reach the graph.
        called: node ids by label, in lower case.
        attributes: names of the attributes that the graph records.
    """

    def __init__(self, lexicon: Lexicon, called: Mapping[str, int], attributes: frozenset[str] = frozenset()) -> None:
        self.lexicon = lexicon
        self.called = called
        self.attributes = attributes

    def question(self, text: str) -> Parse:
        """The programs that a question may mean."""
        return self._parse(text, statements_only=False)

    def statement(self, text: str) -> Parse:
        """The yes/no questions that a statement answers: "a man rides a horse" asks whether one does."""
        return self._parse(text, statements_only=True)

    def tokens(self, text: str) -> list[str]:
        """The words that matter: hyphens that no name has are opened, courtesies are dropped."""
        opened: list[str] = []
        for token in words(text):
            known = token in self.called or self.lexicon.knows(token) or token.rpartition("-")[2].isdigit()
            opened.extend([token] if known or "-" not in token else token.split("-"))
        return without_courtesies(opened, self._reaches)

    def _parse(self, text: str, statements_only: bool) -> Parse:
        if len(text) > MAX_CHARACTERS:
            return Parse(reason=Reason.TOO_LONG)
        tokens = self.tokens(text)
        if not tokens:
            return Parse(reason=Reason.EMPTY)
        if len(tokens) > MAX_WORDS:
            return Parse(reason=Reason.TOO_LONG)
        found = sorted(self._whole(tokens, statements_only), key=lambda reading: reading.cost)
        if not found and statements_only:
            found = self._conjoined(tokens)
        found = [reading for reading in found if depth(reading.question) <= MAX_DEPTH]
        if not found:
            return self._unread(tokens)
        good = (reading.question for reading in found if reading.cost <= found[0].cost + _NEARLY_AS_GOOD)
        return Parse(tuple(dict.fromkeys(good))[:_READINGS])

    def _whole(self, tokens: list[str], statements_only: bool) -> Iterator[Reading]:
        """Readings of all the words, with a stretch of time before or after the question or without."""
        yield from self._readings(tokens, statements_only)
        if not any(token in MARKERS for token in tokens):
            return
        questions = self._questions(tokens)
        for start in range(1, len(tokens)):
            for stop, window in windows(tokens, questions, start):
                if stop == len(tokens):
                    for reading in self._readings(tokens[:start], statements_only):
                        yield Reading(stop, During(reading.question, window), reading.cost + 0.1)
        for stop, window in windows(tokens, questions, 0):
            for reading in self._readings(tokens[stop:], statements_only):
                yield Reading(len(tokens), During(reading.question, window), reading.cost + 0.1)

    def _conjoined(self, tokens: list[str]) -> list[Reading]:
        """Statements joined by "and" or "while", each read by itself."""
        for at, token in enumerate(tokens):
            if token in ("and", "while", "but") and 0 < at < len(tokens) - 1:
                first = sorted(self._whole(tokens[:at], True), key=lambda reading: reading.cost)
                if not first:
                    continue
                rest = sorted(self._whole(tokens[at + 1 :], True), key=lambda reading: reading.cost)
                rest = rest or self._conjoined(tokens[at + 1 :])
                if rest:
                    joint = AllOf((first[0].question, rest[0].question))
                    return [Reading(len(tokens), joint, first[0].cost + rest[0].cost)]
        return []

    def _readings(self, tokens: list[str], statements_only: bool) -> Iterator[Reading]:
        questions = self._questions(tokens)
        start = 1 if tokens and tokens[0] in ("if", "whether", "that") else 0
        if not statements_only and not start:
            yield from (reading for reading in questions.readings() if reading.stop == len(tokens))
        for reading in questions.yes_no.statements(start):
            if reading.stop == len(tokens):
                yield Reading(reading.stop, reading.question, reading.cost + (0 if statements_only or start else 1))
        if statements_only:
            for phrases in questions.phrases.joined(0):  # "a man riding a horse", as captions are written
                if phrases[-1].stop == len(tokens):
                    parts = tuple(Exists(phrase.nodes) for phrase in phrases)
                    cost = 1 + sum(phrase.cost for phrase in phrases)
                    yield Reading(len(tokens), parts[0] if len(parts) == 1 else AllOf(parts), cost)

    def _questions(self, tokens: list[str]) -> Questions:
        return Questions(Phrases(tokens, self.lexicon, self.called), self.attributes)

    def _reaches(self, word: str) -> bool:
        return any(isinstance(entry, Noun) and entry.categories for _, entry in self.lexicon.at([word], 0))

    def _unread(self, tokens: list[str]) -> Parse:
        """Why nothing was read."""
        known = {*ENGLISH, *BE, *DO, *NUMBERS, *MARKERS, *_JUDGEMENT, *_STRUCTURE, *PICTURES}
        unknown = tuple(
            token
            for token in dict.fromkeys(tokens)
            if token not in known and not self.lexicon.knows(token) and token not in self.called
            and any(character.isalpha() for character in token)
        )  # fmt: skip
        if looks_foreign(tokens):
            return Parse(reason=Reason.NOT_ENGLISH, unknown=unknown)
        if _JUDGEMENT & set(tokens) or tokens[:2] == ["how", "come"]:
            return Parse(reason=Reason.NEEDS_JUDGEMENT, unknown=unknown)
        return Parse(reason=Reason.UNKNOWN_WORD if unknown else Reason.UNKNOWN_FORM, unknown=unknown)
