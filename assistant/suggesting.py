"""The nearest question that can be answered, for one that could not be read."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain, islice

from assistant.index import GraphIndex
from assistant.lexicon import Noun
from assistant.names import plain
from assistant.parser import Parse, Parser
from assistant.predicate_kinds import is_activity
from assistant.text import ENGLISH
from assistant.text import words as words_of

_ALIKE = 0.75
"""How alike two spellings must be, from 0 to 1, for one to be taken for a slip of the other."""
_GRAMMAR = (
    *ENGLISH,
    *("doing", "holding", "wearing", "riding", "sitting", "standing", "looking", "picture", "many", "colour", "left"),
)
_TRIED = 12


def suggestions(question: str, parse: Parse, parser: Parser, index: GraphIndex) -> Iterator[str]:
    """Questions to offer, the nearest first; each of them can be read.

    First the question with slips of spelling undone, then questions about the things that it names,
    then one about the graph.
    """
    candidates = chain(respelled(question, parse, parser), _about_mentions(question, parser, index))
    for candidate in islice(candidates, _TRIED):
        if candidate.lower() != question.lower() and parser.question(candidate).questions:
            yield candidate


def respelled(question: str, parse: Parse, parser: Parser) -> Iterator[str]:
    """The question with slips of spelling undone: one or none."""
    if not parse.unknown or len(parse.unknown) > 3:
        return
    repaired = " ".join(words_of(question))
    for word in parse.unknown:
        # A slip keeps most letters: comparing with words of another length or with other ends is in vain.
        near = [
            known
            for known in (*_GRAMMAR, *parser.lexicon.reachable)
            if abs(len(known) - len(word)) <= 2 and (known[0] == word[0] or known[-1] == word[-1])
        ]
        close = get_close_matches(word, near, n=1, cutoff=_ALIKE)
        if not close:
            return
        repaired = f" {repaired} ".replace(f" {word} ", f" {close[0]} ").strip()
    yield f"{repaired[0].upper()}{repaired[1:]}?"


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
