"""The nearest question that can be answered, for one that could not be read."""

from collections.abc import Iterator
from itertools import chain, islice

from assistant.auxiliaries import BE, DO, HAVE
from assistant.index import GraphIndex
from assistant.lexicon import Lexicon, Noun
from assistant.names import plain
from assistant.parser import Parse, Parser
from assistant.predicate_kinds import is_activity
from assistant.pronouns import PRONOUNS
from assistant.text import ENGLISH
from assistant.text import words as words_of

_SLIPS = ((3, 1), (6, 2))
"""From how many letters on so many slips may lie between two spellings of a word."""
_GRAMMAR = (
    *ENGLISH,
    *("doing", "holding", "wearing", "riding", "sitting", "standing", "looking", "picture", "many", "colour", "left"),
)
_TRIED = 16
_SHORTENED, _LONG = 10, 20
"""Shorter questions that are tried, and from how many words on none is."""
_KEPT = PRONOUNS | ENGLISH | {"no", "never", "nobody", "none", "nothing", "without", "neither", "nor", "but", "am"}
"""Words without which a question would ask the opposite, or be no sentence."""


def suggestions(question: str, parse: Parse, parser: Parser, index: GraphIndex) -> Iterator[str]:
    """Questions to offer, the nearest first; each of them can be read.

    First the question with slips of spelling undone, then without what is not known or without a word of it, then
    questions about the things that it names, then one about the graph.
    """
    shorter = islice(_shortened(question, parse, parser), _SHORTENED)
    candidates = chain(respelled(question, parse, parser), shorter, _about_mentions(question, parser, index))
    for candidate in islice(candidates, _TRIED):
        if candidate.lower() != question.lower() and parser.question(candidate).questions:
            yield candidate


def respelled(question: str, parse: Parse, parser: Parser) -> Iterator[str]:
    """The question with slips of spelling undone: one or none."""
    if not parse.unknown or len(parse.unknown) > 3:
        return
    repaired = " ".join(words_of(question))
    for word in parse.unknown:
        meant = _meant(word, parser.lexicon)
        if meant is None:
            return
        repaired = f" {repaired} ".replace(f" {word} ", f" {meant} ").strip()
    yield _asked(repaired)


def _asked(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}?"


def _shortened(question: str, parse: Parse, parser: Parser) -> Iterator[str]:
    """The question without the words that nothing knows, then without one word: those that name things stay."""
    said = words_of(question)
    if len(said) > _LONG or _KEPT.intersection(parse.unknown):
        return
    if parse.unknown and len(parse.unknown) < len(said):
        yield _asked(" ".join(word for word in said if word not in parse.unknown))
        return
    asks = said[1:2] and said[1] in (*BE, *DO, *HAVE)  # "why is she holding it", but not "how often does she"
    for at in reversed(range(len(said))):
        named = any(isinstance(entry, Noun) for _, entry in parser.lexicon.at(said, at))
        needed = named or said[at] in parser.called or said[at] in _KEPT
        if len(said) > 2 and (asks if at == 0 else not needed):
            yield _asked(" ".join((*said[:at], *said[at + 1 :])))


def _meant(word: str, lexicon: Lexicon) -> str | None:
    """The known word with the fewest slips; of those, what names something in the graph before what only asks."""
    allowed = max((slips for letters, slips in _SLIPS if len(word) >= letters), default=0)
    letters = set(word)
    named = [known for known in lexicon.reachable if known not in ENGLISH]
    best = None
    for known in (*named, *_GRAMMAR):
        # A slip keeps most letters: comparing with words of another length or with other ends is in vain.
        if abs(len(known) - len(word)) > allowed or (known[0] != word[0] and known[-1] != word[-1]):
            continue
        if len(letters.symmetric_difference(known)) > 2 * allowed:  # one slip exchanges one letter for another
            continue
        slips = _slips(word, known)
        if slips <= allowed:
            best, allowed = known, slips - 1  # the next one must be better
    return best


def _slips(typed: str, known: str) -> int:
    """How many letters were left out, added, mistaken or swapped with their neighbour.

    The distance of optimal string alignment (Damerau 1964, with each letter touched at most once).

    >>> _slips("hosre", "horse"), _slips("persn", "person"), _slips("those", "horse")
    (1, 1, 2)
    """
    before, above = list[int](), list(range(len(known) + 1))
    for row, letter in enumerate(typed, 1):
        line = [row]
        for at, other in enumerate(known, 1):
            line.append(min(above[at] + 1, line[-1] + 1, above[at - 1] + (letter != other)))
            if row > 1 and at > 1 and letter == known[at - 2] and other == typed[row - 2]:
                line[-1] = min(line[-1], before[at - 2] + 1)
        before, above = above, line
    return above[-1]


def _about_mentions(question: str, parser: Parser, index: GraphIndex) -> Iterator[str]:
    """Questions about the nodes that the words name, best recorded ones first; else about any node."""
    tokens = parser.tokens(question)
    graph = index.graph
    named: list[int] = []
    for at in range(len(tokens)):
        for _, entry in parser.lexicon.at(tokens, at):
            if isinstance(entry, Noun) and entry.categories:
                mask = index.of_categories(entry.categories)
                named.extend(int(position) for position in mask.nonzero()[0][:4])
    places = list(dict.fromkeys(named)) or list(range(min(len(index.ids), 4)))
    for position in places:
        label = index.shown[position]
        own = [graph.relations[at] for at in index.relations_of(int(index.ids[position]))]
        if any(
            relation.subject == index.ids[position] and is_activity(graph.predicate_name(relation)) for relation in own
        ):
            yield f"What is {label} doing?"
        for relation in own[:1]:
            if relation.object == index.ids[position]:
                yield f"What is {plain(graph.predicate_name(relation))} {label}?"
        yield f"Where is {label}?"
    yield "What does the picture show?"
