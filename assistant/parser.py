"""From a question in English to programs, without a model.

Either the whole question is read or none of it. "Could not be parsed" says something about this
parser, never about the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant import among
from assistant.answers import Reason
from assistant.asides import counted_by_asker, without_aside
from assistant.auxiliaries import BE, DO
from assistant.claims import of_claims
from assistant.clauses import CAPTION, conjoined
from assistant.construction_table import CONSTRUCTIONS
from assistant.corrections import repaired
from assistant.courtesies import PICTURES, without_courtesies
from assistant.dimensions import MORE, MOST, NOUNS, PLAIN
from assistant.directions import SIDES
from assistant.framing import asking, frames
from assistant.grammar import Phrases
from assistant.lasting import ALWAYS, lasting, lasts
from assistant.lexicon import Adjective, Lexicon, Noun
from assistant.naming import Labels
from assistant.options import Choice, choice
from assistant.otherwise import also_does, otherwise, said_later, values_listed
from assistant.programs import Choose, During, Not
from assistant.readings import Reading
from assistant.rewording import reworded
from assistant.same_values import without_others
from assistant.sayings import Vantage
from assistant.spoken_order import choice_first, wanted
from assistant.spots import MARKS, alone, in_parts
from assistant.steps import MAX_DEPTH, Question, YesNoQuestion, depth
from assistant.text import ENGLISH, MAX_CHARACTERS, MAX_WORDS, NUMBERS, looks_foreign, words
from assistant.units import METRES
from assistant.when import MARKERS
from assistant.whole_questions import WholeQuestions, remembered

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
_COMPARING = frozenset({*PLAIN, *MORE, *MOST, *NOUNS, *METRES, *SIDES, "exactly", "first", "last", "longer", "lasts"})

_BREAKS = frozenset(",.;:")
"""Signs without one of which a question has no clause beside it."""
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


def _put_straight(text: str) -> str:
    """A question whose words would be misread as they stand, in the order in which they are meant."""
    if not _BREAKS & set(text):
        return also_does(text) or text
    listed = values_listed(text)
    meant = repaired(listed) or listed
    put = said_later(meant) or counted_by_asker(meant) or also_does(meant) or choice_first(meant) or wanted(meant)
    return put or meant


def _denied(question: Question) -> Question | None:
    """The opposite of a yes/no question, None for any other."""
    if isinstance(question, During):
        inner = _denied(question.question)
        return None if inner is None else replace(question, question=inner)
    return Not(question) if isinstance(question, YesNoQuestion) else None


class Parser:
    """Reads questions and statements about one graph.

    Args:
        lexicon: the words that reach the graph.
        called: node ids by label, in lower case.
        attributes: names of the attributes that the graph records.
        measured: the graph holds metres, so that sizes are meant in metres.
        pictured: a picture shows where things are; otherwise "above" is meant in the world.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        called: Mapping[str, int],
        attributes: frozenset[str] = frozenset(),
        measured: bool = False,
        pictured: bool = True,
    ) -> None:
        self.lexicon = lexicon
        self.called = Labels(called)
        self.measured = measured
        self._usual = None if pictured else Vantage("world")
        self.attributes = attributes

    def question(self, text: str) -> Parse:
        """The programs that a question may mean."""
        return self._parse(text, statements_only=False)

    def statement(self, text: str) -> Parse:
        """The yes/no questions that a statement answers: "a man rides a horse" asks whether one does."""
        return self._parse(text, statements_only=True)

    def tokens(self, text: str) -> list[str]:
        """The words that matter: hyphens that no name has are opened, courtesies are dropped."""
        return self._plain(self._opened(text))

    def _opened(self, text: str) -> list[str]:
        opened: list[str] = []
        for token in words(text):
            known = token in self.called or self.lexicon.knows(token) or token.rpartition("-")[2].isdigit()
            opened.extend(
                [token] if known or "-" not in token else [part for part in token.split("-") if part] or [token]
            )
        return opened

    def _plain(self, tokens: list[str]) -> list[str]:
        said = reworded(in_parts(without_others(tokens, self.attributes), self._reaches))
        return reworded(without_courtesies(said, self._reaches))

    def _parse(self, text: str, statements_only: bool) -> Parse:
        asked = None if statements_only or len(text) > 4 * MAX_CHARACTERS else choice(text)
        stem = text if asked is None else asked.stem
        if len(stem) > MAX_CHARACTERS:
            return Parse(reason=Reason.TOO_LONG)
        stem = stem if statements_only else of_claims(stem) or _put_straight(asking(stem))
        opened = self._opened(stem)
        tokens = self._plain(opened)
        if not tokens:
            return Parse(reason=Reason.EMPTY)
        if len(tokens) > MAX_WORDS:
            return Parse(reason=Reason.TOO_LONG)
        found = [] if statements_only or asked is not None else self._among(stem)
        found = found or (self._claimed(opened) if statements_only else self._worded(opened))
        if not found and not statements_only:
            found = self._otherwise(stem, asked)
        if not found and statements_only:
            lasts_on = ALWAYS in lasting(opened)
            found = conjoined(self._claimed if lasts_on else self._stated, opened if lasts_on else tokens)
        if asked is not None:
            found = [replace(one, question=Choose(one.question, asked.options)) for one in found]
        found = [reading for reading in found if depth(reading.question) <= MAX_DEPTH]
        if not found:
            return self._unread(tokens)
        good = (reading.question for reading in found if reading.cost <= found[0].cost + _NEARLY_AS_GOOD)
        return Parse(tuple(dict.fromkeys(good))[:_READINGS])

    def _among(self, text: str) -> list[Reading]:
        """A question with the alternatives behind it: "who is taller, the man or the woman?"."""
        for stem, named in among.split(text):
            asked = self.tokens(stem)
            tail = self._phrases(among.spelled_out(self._phrases(asked, None), self.tokens(named)), None)
            named_well = among.names_alternatives(tail)
            found = [
                replace(reading, question=question)
                for reading in (self._read(asked, False) if named_well else ())
                if (question := among.with_alternatives(reading.question, tail, named)) is not None
            ]
            if found:
                return found
        return []

    def _claimed(self, opened: list[str]) -> list[Reading]:
        """Readings of a statement, which may say that it is so all of the time."""
        said = lasting(opened)
        if ALWAYS not in said:
            return self._stated(self._plain(opened))
        said.remove(ALWAYS)
        found = self._stated(self._plain(said))
        return [replace(one, question=asked) for one in found if (asked := lasts(one.question)) is not None]

    def _stated(self, tokens: list[str]) -> list[Reading]:
        return self._read(tokens, True)

    def _worded(self, opened: list[str]) -> list[Reading]:
        """Readings of a question, then of what its words mean where they can mean nothing else."""
        found = self._framed(opened)
        said = opened if found else lasting(alone(opened))
        return self._framed(said) if said != opened else found

    def _framed(self, opened: list[str]) -> list[Reading]:
        """Readings of a question without what stands around it."""
        for framed in frames(opened):
            plain = self._plain(framed.tokens)
            found = self._read(plain, False)
            if not found:
                kept = without_courtesies(framed.tokens, self._reaches)
                found = self._read(kept, False) if kept != plain else []
            framed_so = framed.tokens != opened  # "is it true that the car is red and the cup is blue"
            if not found and (framed_so or plain[:1] in (["the"], ["there"])):
                joined = conjoined(lambda words: self._read(words, True), plain)
                found = [one for one in joined if framed_so or one.cost < CAPTION]
            if framed.denied:
                found = [replace(one, question=said) for one in found if (said := _denied(one.question)) is not None]
            if found:
                return found
        return []

    def _otherwise(self, text: str, asked: Choice | None) -> list[Reading]:
        """Readings of a question put in other words that say the same, where it cannot be read as it stands."""
        question = without_aside(text, self._matters)
        for other in (*((question,) if question is not None else ()), *otherwise(question or text, asked is not None)):
            found = [] if asked is not None else self._among(other)
            found = found or self._worded(self._opened(other))
            if found:
                return found
        return []

    def _read(self, tokens: list[str], statements_only: bool) -> list[Reading]:
        """Readings of all the words, the most natural first."""
        whole = WholeQuestions(remembered(self._phrases), self.attributes)
        return sorted(whole.readings(tokens, statements_only), key=lambda reading: reading.cost)

    def _phrases(self, tokens: list[str], vantage: Vantage | None) -> Phrases:
        return Phrases(tokens, self.lexicon, self.called, self.measured, vantage or self._usual, self.attributes)

    def _reaches(self, word: str) -> bool:
        return any(isinstance(entry, Noun) and entry.categories for _, entry in self.lexicon.at([word], 0))

    def _matters(self, word: str) -> bool:
        """Whether a word by itself says something of the graph."""
        return any(
            bool(entry.categories) if isinstance(entry, Noun)
            else isinstance(entry, Adjective) or bool(entry.predicate.forward or entry.predicate.converse)
            for _, entry in self.lexicon.at([word], 0)
        )  # fmt: skip

    def _unread(self, tokens: list[str]) -> Parse:
        """Why nothing was read."""
        known = {*ENGLISH, *BE, *DO, *NUMBERS, *MARKERS, *_JUDGEMENT, *_STRUCTURE, *PICTURES, *_COMPARING, *MARKS}
        known |= CONSTRUCTIONS.words
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
