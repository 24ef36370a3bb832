"""Questions that name the things to choose from: "who is taller, the man or the woman", "of the two, which ..."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.auxiliaries import BE
from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.comparing import picked_by_comparing, superlative
from assistant.dimensions import MORE, MOST, NEARER
from assistant.grammar import Phrases
from assistant.lexicon import Adjective
from assistant.programs import AttributeOf, Choose, ChooseValue, Count, Holds, Which
from assistant.ranked_phrases import how_many, several
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import (
    Called,
    Extreme,
    Find,
    Having,
    InSpace,
    MostRelated,
    Nearest,
    Nodes,
    Placed,
    Question,
    Related,
    Superlative,
    The,
    Union,
    Within,
)
from assistant.timed_programs import First

_KEEPING = (
    *(Related, Placed, InSpace, Having, Superlative, Extreme, Nearest, MostRelated, Within, ManyRelated, Measuring),
    *(Exceeding,),
)
"""Steps that may keep some of the alternatives."""
_BREAK = re.compile(r"[,:;?]|\s[-–—]")
_TAIL = re.compile(r"\s*(?:is it |was it |either )?([^:;?]+\sor\s[^,:;?]+?)[?.!\s]*", re.S)
_ASKS = re.compile(r"\b(?:what|who|whom|whose|which|how)\b")
_WHOSE = re.compile(r"\W*whose\b", re.IGNORECASE)
"""Whose is it, the man's or the woman's?"""
_HEADS = ("of", "between", "among", "out of", "from among")
_ASKING = ("what", "who", "whom", "which", "how")


def split(text: str) -> Iterator[tuple[str, str]]:
    """A question and the alternatives that may be named behind it; those with most alternatives first.

    >>> list(split("Who is tallest: the man, the dog or the woman?"))[0]
    ('Who is tallest', 'the man or the dog or the woman')
    """
    for sign in _BREAK.finditer(text):
        tail = _TAIL.fullmatch(text, sign.end())
        if tail is not None and _ASKS.search(text[: sign.start()].lower()):
            named = tail[1].replace("'s", "") if _WHOSE.match(text) else tail[1]
            yield text[: sign.start()], " or ".join(part.strip() for part in named.removesuffix(",").split(","))


def spelled_out(stem: Phrases, named: Sequence[str]) -> list[str]:
    """The words of alternatives, with the kind that is asked for in place of "one": the red *one* or the blue one."""
    kind = next(iter(stem.cores(1)), None) if "one" in named and stem.word(0) in ("which", "what") else None
    if kind is None:
        return list(named)
    return [word for token in named for word in (stem.tokens[1 : kind.stop] if token == "one" else [token])]


def names_alternatives(tail: Phrases) -> bool:
    """Whether words may name alternatives: things, values or numbers joined by "or"."""
    things = any(joined[-1].stop == len(tail.tokens) for joined in tail.joined(0, ("or",)))
    return things or all(
        tail.number(at) is not None or any(isinstance(entry, Adjective) for _, entry in tail.entries(at))
        for at, word in enumerate(tail.tokens)
        if word not in ("or", "a", "an", "the")
    )


def with_alternatives(question: Question, tail: Phrases, text: str) -> Question | None:
    """A question asked of the alternatives only; None where they do not fit it."""
    stop = len(tail.tokens)
    if isinstance(question, Which):
        joined = next((found for found in tail.joined(0, ("or",)) if found[-1].stop == stop), None)
        return None if joined is None else _which_of(question.nodes, joined)
    if isinstance(question, AttributeOf):
        values = [entry for at, word in enumerate(tail.tokens) if word != "or" for _, entry in tail.entries(at)]
        adjectives = [entry.value for entry in values if isinstance(entry, Adjective)]
        return ChooseValue(question.nodes, tuple(adjectives), question.attribute) if len(adjectives) > 1 else None
    if isinstance(question, First) and len(question.events) == 1:
        return _first_of(question, tail, stop)
    if isinstance(question, Count):
        options = [part.strip() for part in re.split(r",|\bor\b", text)]
        return Choose(question, tuple(filter(None, options)))
    return None


def _which_of(nodes: Nodes, joined: tuple[Phrase, ...]) -> Question | None:
    """(What is on it), the cup or the ball? Of what is taken for granted a kind says what it is: the thing on it."""
    kinds = [one.noun.word for one in joined if one.noun is not None and isinstance(one.nodes, Find | Called)]
    if isinstance(nodes, The) and len(set(kinds)) == len(joined) > 1 and not any(one.definite for one in joined):
        return Choose(Which(nodes), tuple(kinds))
    asked = _asked_of(nodes.nodes if isinstance(nodes, The) else nodes, _union(joined))
    return None if asked is None else Which(asked)


def _first_of(question: First, tail: Phrases, stop: int) -> Question | None:
    """(Which did he touch first), the cup or the ball? (Who came first), the dog or the cat?"""
    event = question.events[0]
    joined = next((found for found in tail.joined(0, ("or",)) if found[-1].stop == stop), None)
    if joined is None or len(joined) == 1 or not isinstance(event, Holds):
        return None
    at_object = event.objects == Find(None) and not _may_act(event.subjects, joined)
    named = (phrase.reference for phrase in joined)
    events = (replace(event, objects=one) if at_object else replace(event, subjects=one) for one in named)
    return First(tuple(events), question.last)


def _may_act(subjects: Nodes, joined: tuple[Phrase, ...]) -> bool:
    """Whether the alternatives are some of those who act: "who sits first, the child or the adult?"."""
    kinds = set(subjects.categories or ()) if isinstance(subjects, Find) else set()
    return bool(kinds) and all(one.noun is not None and kinds.issuperset(one.noun.categories or "?") for one in joined)


def headed(phrases: Phrases, at: int = 0) -> Iterator[tuple[int, Nodes]]:
    """(Of the dog and the cat), which one is smaller: the place after the head, the things to choose from."""
    for start in phrases.literals(at, _HEADS):
        for joined in phrases.joined(start, ("and", "or")):
            if phrases.word(joined[-1].stop) not in _ASKING:
                continue
            if len(joined) > 1:
                yield joined[-1].stop, _union(joined)
            elif (joined[0].definite and joined[0].plural) or joined[0].universal:  # "of the dogs": of all dogs
                yield joined[0].stop, joined[0].nodes


def narrowed(question: Question, nodes: Nodes) -> Question | None:
    """A question asked of some nodes only."""
    asked = _asked_of(question.nodes, nodes) if isinstance(question, Which) else None
    return None if asked is None else Which(asked)


def which_is_more(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Which (one) is larger? Who is taller? Of what there is; of the things named before or behind, where some are."""
    if phrases.word(at) in BE:
        for joined in phrases.joined(at + 1, ("or",)):
            dimension = MORE.get(phrases.word(joined[-1].stop))
            if len(joined) > 1 and dimension is not None:
                yield Reading(joined[-1].stop + 1, Which(superlative(phrases, dimension)(_union(joined))))
    if phrases.word(at) not in ("which", "who", "what"):
        return
    yield from _which_several(phrases, at + 1)
    start = at + 1
    found: list[tuple[int, Nodes]] = (
        [(start, Find(None))] if phrases.word(at) != "who" else [(start, Find(phrases.people, word="person"))]
    )
    found += [(start + 1, Find(None))] if phrases.word(start) in ("one", "ones", "thing", "object") else []
    kinds = phrases.cores(start) if phrases.word(at) != "who" else ()
    found += [(kind.stop, kind.nodes) for kind in kinds if (kind.number or 1) == 1]  # "which two cars are largest"
    for stop, nodes in found:
        if phrases.word(stop) not in BE:
            continue
        word = stop + 2 if phrases.word(stop + 1) == "the" else stop + 1
        for table in (MORE, MOST):
            if phrases.word(word) in table:
                yield Reading(word + 1, Which(superlative(phrases, table[phrases.word(word)])(nodes)), 0.3)
        for end, said in phrases.standing(word, NEARER):
            if not said.endswith(("er", "away", "distant")):
                continue
            end = phrases.after(end, ("to the camera", "from the camera")) or end
            yield Reading(end, Which(Superlative(nodes, "distance", NEARER[said].least)), 0.3)


def _which_several(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(Which) two cars are (the) largest, nearest to the bench, the furthest to the left?"""
    if how_many(phrases, at) == 1:
        return
    for kind in phrases.cores(at):
        for said in picked_by_comparing(phrases, kind.stop + 1) if phrases.word(kind.stop) in BE else ():
            picked = several(replace(kind, definite=True), replace(kind, nodes=said.narrow(kind.nodes)))
            if picked is not None and not kind.definite:
                yield Reading(said.stop, Which(picked.nodes), kind.cost + said.cost)


def _union(joined: tuple[Phrase, ...]) -> Nodes:
    return Union(tuple(phrase.meant for phrase in joined))


def _asked_of(nodes: Nodes, union: Nodes) -> Nodes | None:
    """What is asked of the nodes, asked of others; None where they are some already."""
    if isinstance(nodes, _KEEPING):
        asked = _asked_of(nodes.nodes, union)
        return None if asked is None else replace(nodes, nodes=asked)
    return union if isinstance(nodes, Find) else None
