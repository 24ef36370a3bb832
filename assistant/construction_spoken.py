"""The constructions of speech: where two things are at once, what goes on between them, which there are more of."""

from __future__ import annotations

from assistant.construction_programs import Builds, counts_compared
from assistant.constructions import constructions
from assistant.programs import Between, Locate
from assistant.steps import Nodes, Related, The


def _acts(thing: Nodes) -> bool:
    """Whether a thing is told by what it does: "between the cat kicking the ball and the dog chasing it" is a time."""
    return isinstance(thing, The) and isinstance(thing.nodes, Related)


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
