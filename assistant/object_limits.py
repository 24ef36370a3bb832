"""What stands behind "what is the dog chasing": another verb, somebody else who does so too, or does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO, NOT
from assistant.lexicon import Form, Verb
from assistant.predicate_kinds import is_activity, is_spatial
from assistant.sayings import Gap, Phrase, held
from assistant.steps import Except, Find, Nodes, Related, Union, walk

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_TOO = ("too", "also", "as well")
HELD = frozenset({"holding", "carrying", "wearing", "eating", "drinking", "biting"})
_WHO = ("who", "whom")
_JOINTS = ("and", "or", "but")


def first_gap(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[tuple[Gap, str]]:
    """(What is the dog) chasing, both chasing, neither chasing: the verb, and the word before it."""
    opens = phrases.word(at) if phrases.word(at) in ("both", "neither") else ""
    for gap in phrases.gaps(at + bool(opens), forms):
        yield gap, opens


def limited(
    phrases: Phrases, gap: Gap, opens: str, kind: Nodes, subject: Phrase, forms: frozenset[Form]
) -> Iterator[tuple[int, Nodes]]:
    """What is asked for by a verb and by what follows it: the place after it, the nodes.

    Args:
        phrases: of the question.
        gap: the verb whose object is asked for.
        opens: "both" or "neither", where it stands before the verb.
        kind: what may be asked for.
        subject: who does it.
        forms: of the verb.
    """
    if gap.predicate.word.removeprefix("~") == "with" and phrases.word(0) in _WHO:
        return  # "who is the man eating with" asks for company
    nodes = held(gap, subject).narrow(kind)
    if not opens:
        yield gap.stop, nodes
        yield from _elsewhere(phrases, gap, nodes, kind)
        yield from _there(phrases, gap, subject, kind)
    also = phrases.literal(gap.stop, "as well as")
    link = "and" if also is not None else phrases.word(gap.stop)
    if link not in ({"both": ("and",), "neither": ("nor",)}.get(opens) or _JOINTS):
        return
    start = also or gap.stop + 1 + (phrases.word(gap.stop + 1) in ("also", "being"))
    denied = phrases.word(start) in NOT
    if denied == (link != "but"):
        return
    after = start + denied + (phrases.word(start + denied) == "being")
    for other in phrases.gaps(after, forms) or (phrases.gaps(after, AFTER_BE) if denied else ()):
        more = held(other, subject)
        if denied:  # "what does the man hold without looking at it"
            yield other.stop + (phrases.word(other.stop) in ("it", "them")), Except(nodes, more.narrow(kind))
        elif link == "nor":
            yield other.stop, Except(kind, Union((nodes, more.narrow(kind))))
        else:
            yield other.stop, more.narrow(nodes) if link == "and" else Union((nodes, more.narrow(kind)))


def _there(phrases: Phrases, gap: Gap, subject: Phrase, kind: Nodes) -> Iterator[tuple[int, Nodes]]:
    """(What is the man) holding on the horse, eating on the bench: what somebody has is where he is."""
    placed = [entry for _, entry in phrases.entries(gap.stop) if isinstance(entry, Verb) and entry.form == "state"]
    if (
        not placed
        or phrases.word(0) in _WHO
        or HELD.isdisjoint(gap.predicate.forward)
        or phrases.word(gap.stop) == "with"
    ):
        return
    for there in phrases.predications(gap.stop, AFTER_BE):
        if not there.asks_only:
            yield there.stop, held(gap, replace(subject, nodes=there.narrow(subject.nodes))).narrow(kind)


def _elsewhere(phrases: Phrases, gap: Gap, nodes: Nodes, kind: Nodes) -> Iterator[tuple[int, Nodes]]:
    """(What is the dog chasing) that the cat is not chasing, but the cat is not, but not the cat, and the cat too?"""
    link, at = phrases.word(gap.stop), gap.stop + 1
    if link not in ("that", "which", "but", "and", "while"):
        return
    denied_first = link in ("but", "and") and phrases.word(at) in NOT
    for other in phrases.things(at + denied_first):
        auxiliary = phrases.word(other.stop) in (*BE, *DO)
        end = other.stop + auxiliary
        denied = phrases.word(end) in NOT
        stop = end + 1 if denied else phrases.after(end, _TOO) or end
        also = held(gap, other).narrow(nodes) if stop > end and not denied else None
        if denied_first and not denied:
            yield other.stop, Except(nodes, held(gap, other).narrow(kind))
        elif denied and not denied_first:
            again = phrases.gaps(stop, _after(phrases.word(other.stop)))
            yield stop, Except(nodes, held(gap, other).narrow(kind))
            yield from ((one.stop, Except(nodes, held(one, other).narrow(kind))) for one in again if link != "that")
        elif also is not None and not denied_first:
            yield stop, also


def _after(auxiliary: str) -> frozenset[Form]:
    return AFTER_BE if auxiliary in BE else AFTER_DO


def identified(phrases: Phrases, at: int, anything: bool) -> Iterator[Phrase]:
    """Of what it may be asked what it is: "what is the man touching on the table" asks for what he touches."""
    plain = {core.stop for core in phrases.cores(at)} if anything else set()
    for phrase in phrases.things(at):
        if not anything or phrase.stop in plain or not any(map(does_idly, walk(phrase.nodes))):
            yield phrase


def does_idly(step: object) -> bool:
    """Whether something is described by what it does, without that to which it does so."""
    if not isinstance(step, Related) or step.others != Find(None):
        return False
    names = (step.predicate.word, *step.predicate.forward)
    return is_activity(step.predicate.word) and not any(map(is_spatial, names))
