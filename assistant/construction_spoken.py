"""The constructions of speech: where two things are at once, what goes on between them, which there are more of."""

from __future__ import annotations

from assistant.construction_programs import Builds, counts_compared
from assistant.constructions import constructions
from assistant.programs import AllOf, Between, Locate
from assistant.sayings import Gap
from assistant.steps import Nodes, Question, Related, The

_EACH_OTHER = "(each other|one another|each the other)"


def _acts(thing: Nodes) -> bool:
    """Whether a thing is told by what it does: "between the cat kicking the ball and the dog chasing it" is a time."""
    return isinstance(thing, The) and isinstance(thing.nodes, Related)


def _each_other(one: Nodes, other: Nodes, gap: Gap) -> Question:
    """Are they looking at each other? What holds both ways, as being beside, is asked once."""
    there, back = gap.held_by(one, other), gap.held_by(other, one)
    return there if set(gap.predicate.forward) == set(gap.predicate.converse) else AllOf((there, back))


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda group: Locate(group),
        (
            "where $BE <group>",
            "where $BE <group> (located|situated|found|placed|positioned|standing|sitting|hiding|hidden)",
            "$TELL (me|us)? where <group> (are|were)",
        ),
    ),
    (
        lambda thing: Locate(thing),
        (
            "where $BE <thing> (hiding|lurking|hanging out|hanging about|tucked away|stashed|hidden away) (out|away"
            "|at)?",
        ),
    ),
    (
        lambda one, other: None if _acts(one) and _acts(other) else Between(one, other),
        (
            "what $BE (going on|happening|up|the deal|the story|the relation|the connection|the link) (between|with)? "
            "<thing:one> (and|with|to) <thing:other>",
            "what (connects|links|joins|ties|relates) <thing:one> (and|with|to) <thing:other>",
        ),
    ),
    (
        _each_other,
        (
            f"$BE <thing:one> and <thing:other> (both)? <verb_ing:gap> {_EACH_OTHER}",
            f"$DO <thing:one> and <thing:other> (both)? <verb:gap> {_EACH_OTHER}",
        ),
    ),
    (
        counts_compared("more"),
        (
            "(do|can) (you|we|i) (see|find|count|spot|have) more <set:one> than <set:other>",
            "<plural:one> outnumber <plural:other>",
        ),
    ),
    (
        counts_compared("less"),
        ("(do|can) (you|we|i) (see|find|count|spot|have) (fewer|less) <set:one> than <set:other>",),
    ),
)

SPOKEN_FORMS = constructions(_FORMS)
"""Tried in no order: every reading counts."""
