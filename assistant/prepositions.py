"""Predicates as they are said before their object, where data leaves a preposition out: "sitting", "away", "larger"."""

from functools import lru_cache

from assistant.inflection import doing, gerund_of

_AFTER: dict[str, str] = {
    **dict.fromkeys(("sitting", "standing", "lying", "kneeling", "sleeping", "resting", "leaning", "running"), "on"),
    **dict.fromkeys(("looking", "staring", "gazing", "pointing", "shouting", "smiling", "laughing"), "at"),
    **dict.fromkeys(("talking", "speaking", "listening", "next"), "to"),
    **dict.fromkeys(("away", "far", "falling"), "from"),
    **dict.fromkeys(("larger", "bigger", "smaller", "taller", "shorter"), "than"),
    **dict.fromkeys(("faster", "slower", "higher", "lower", "older", "younger"), "than"),
    **{"crawling": "on", "hanging": "on", "swimming": "in", "dancing": "with", "unsure": "about"},
}
"""The preposition after a last word that takes no object of its own."""
_SAID: dict[str, str] = {
    "front": "in front of",
    "left": "to the left of",
    "right": "to the right of",
    "other relationship": "in another relation to",
    "have it on the back": "carrying on the back",
}
"""Last words, or whole predicates, in whose place others are said."""


@lru_cache(maxsize=4096)
def before_object(predicate: str) -> str:
    """A plain predicate in the -ing form, with the preposition that its object needs.

    >>> before_object("sit"), before_object("walk away"), before_object("stand left"), before_object("hold")
    ('sitting on', 'walking away from', 'standing to the left of', 'holding')
    >>> before_object("larger"), before_object("on"), before_object("sitting on")
    ('larger than', 'on', 'sitting on')
    >>> before_object("sits")
    'sits on'
    """
    if predicate in _SAID:
        return _SAID[predicate]
    said = doing(predicate)
    head, space, last = said.rpartition(" ")
    if last in _SAID:
        return f"{head}{space}{_SAID[last]}"
    after = _AFTER.get(last) or (_AFTER.get(gerund_of(said[:-1])) if said.endswith("s") and not head else None)
    return f"{said} {after}" if after else said
