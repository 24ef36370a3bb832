"""Words around a question that ask for nothing: please, can you tell me, in the picture, right now."""

from collections.abc import Callable
from functools import partial

from assistant.text import NUMBERS


def _phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for text in texts for phrase in text.split(", "))


_OPENINGS = _phrases(
    "thanks, thank you",
    "hello there, hi there, hey there, show me, please, hey, hi, hello, so, and, ok, okay, well, now, also, "
    "then, just, hmm, excuse me, listen",
    "can you tell me, could you tell me, can you please tell me, could you please tell me, tell me, please tell me",
    "do you know, i would like to know, i would love to know, i would like you to tell me, i want to know, i wonder",
    "i am wondering, by the way, can you say, could you say, would you tell me, let me know, can you, could you",
    "would you, is it true that, is it the case that, is it correct that, in your opinion, according to the graph",
    "yes, indeed, correct, true, here, we see, i see, you can see, we can see, i can see",
    *(f"the {noun} shows that, the {noun} shows" for noun in ("graph", "scene graph", "picture", "image", "video")),
    "it shows that, it shows",
)
_ENDINGS = _phrases(
    "in here, out here, in this one, on this one, in that one, on that one",
    "please, right now, now, at the moment, at this moment, exactly, in total, altogether, somewhere, in it, for me",
    "is not it, is it not, or what, anywhere, somewhere, around, around here, here, over there, thanks, thank you",
    "or something, or anything, or whatever, or something like that, or anything like that, or the like",
    "overall, currently, in all, all together, or not, at all",
)
_ANYWHERE = _phrases(
    "at any time, at any point, at some point, at some time, at one point, at any moment, at any stage",
    "by any chance, happen to, in fact, of course, in total, altogether, if any, please, at all, anywhere",
    "currently, actually, really, exactly, presently, simply, maybe, still, already, ever, perhaps, apparently",
)


def _by_word(phrases: tuple[tuple[str, ...], ...], place: int) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """Phrases with their numbers, by the word at a place of each."""
    table: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, phrase in enumerate(phrases):
        table.setdefault(phrase[place], []).append((number, phrase))
    return table


_OPENINGS_BY_WORD, _ENDINGS_BY_WORD = _by_word(_OPENINGS, 0), _by_word(_ENDINGS, -1)
_ANYWHERE_BY_WORD = _by_word(_ANYWHERE, 0)
_PERHAPS_IDLE = frozenset((*_ANYWHERE_BY_WORD, "down", "up", "got"))
"""Words of which a question may not need what they open."""
_AFTER_SHOW_ME = frozenset({"where", "who", "what", "which"})
_POSTURES = frozenset(
    {"sitting", "sit", "sits", "sat", "lying", "lie", "lies", "laying", "standing", "stand", "stands", "stood"}
)
_KEEPS = _POSTURES | {"stay", "stays", "stayed", "keep", "keeps", "kept", "remain", "remains", "remained"}
_HOLDS = frozenset(
    {"holding", "hold", "holds", "held", "carrying", "carry", "carries", "carried", "wearing", "wear", "wears", "worn"}
)
PICTURES = frozenset(
    {"picture", "image", "photo", "photograph", "scene", "video", "clip", "graph", "pic", "shot", "footage", "movie"}
    | {"snapshot", "screenshot", "scan", "recording", "sequence", "film", "reconstruction"}
)
"""What people call that which the graph describes."""
_SCENES = PICTURES | {"room"}
_COUNTED = frozenset({*NUMBERS, "half"})
"""Before these "exactly" says something."""
_GIVEN = frozenset(
    {"annotated", "given", "whole", "entire", "attached", "present", "current", "provided", "displayed", "above"}
    | {"scanned", "room", "drone", "robot", "indoor", "3d", "rgb-d", "depth"}
)
"""What may stand between "in the" and "picture"."""
_DETERMINED = frozenset({"the", "this", "that", "my", "our", "your"})
_INSIDE = frozenset({"during", "in", "on", "of", "from", "within", "inside", "throughout"})
_HAS = frozenset({"has", "have", "had", "with", "having"})
_VERBS = frozenset({"is", "are", "was", "were", "does", "do", "did"})
_IN_HAND = _HOLDS | _HAS
_BODY = frozenset({"hand", "hands", "head", "body", "arm", "arms", "lap"})


def without_courtesies(tokens: list[str], reaches: Callable[[str], bool]) -> list[str]:
    """The words that matter.

    Args:
        tokens: the words of a question or statement.
        reaches: whether a word names a category of the vocabulary; such words are always kept.

    >>> without_courtesies("can you tell me what is in the picture please".split(), lambda word: False)
    ['what', 'is']
    """
    kept = _without_places(_without_idle(tokens), reaches)
    before = None
    while before != kept:
        before = kept
        last = -1
        while (found := _next(_OPENINGS_BY_WORD, kept[:1], last, partial(_opens, kept))) is not None:
            last, length = found
            kept = kept[length:]
        last = -1
        while (found := _next(_ENDINGS_BY_WORD, kept[-1:], last, partial(_ends, kept))) is not None:
            last, length = found
            kept = kept[:-length]
    return kept


_Phrase = tuple[str, ...]


def _next(
    table: dict[str, list[tuple[int, _Phrase]]], word: list[str], last: int, fits: Callable[[_Phrase], bool]
) -> tuple[int, int] | None:
    """The number and length of the first phrase behind some number that fits."""
    listed = table.get(word[0], ()) if word else ()
    return next(((number, len(phrase)) for number, phrase in listed if number > last and fits(phrase)), None)


def _ends(tokens: list[str], phrase: _Phrase) -> bool:
    said = len(tokens) > len(phrase) and tuple(tokens[-len(phrase) :]) == phrase
    return said and not (phrase == ("in", "it") and _holds_something(tokens))


def _holds_something(tokens: list[str]) -> bool:
    """Whether something, and not the picture, has a thing in it: "a cup with a ball in it"."""
    of_picture = not _SCENES.isdisjoint(tokens) or tokens[1:2] in (["this"], ["that"], ["it"])
    return not _HAS.isdisjoint(tokens) and not of_picture and tokens.count("it") == 1


def _opens(tokens: list[str], phrase: tuple[str, ...]) -> bool:
    if tuple(tokens[: len(phrase)]) != phrase or len(tokens) <= len(phrase):
        return False
    following = tokens[len(phrase)]
    if phrase == ("show", "me"):
        return following in _AFTER_SHOW_ME  # "show me the dogs" asks, "show me where it is" is a courtesy
    claimed = following == "the" and not _VERBS.isdisjoint(tokens) and "of" not in tokens[:5]
    if phrase == ("just",) and (following in _COUNTED or claimed):
        return False  # "just one of the two is red", "just the dog is on the bench"
    return following != "see" or len(phrase) != 2  # "can you see a dog" asks, "can you list the dogs" does not


def _without_idle(tokens: list[str]) -> list[str]:
    """Without phrases that say nothing, the "down" of "sitting down" and the "got" of "has got"."""
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] not in _PERHAPS_IDLE:
            kept.append(tokens[at])
            at += 1
            continue
        listed = _ANYWHERE_BY_WORD.get(tokens[at], ())
        phrase = next((p for _, p in listed if tuple(tokens[at : at + len(p)]) == p), None)
        counted = (*tokens[at + 1 : at + 2], "")[0] in _COUNTED
        at_end = at == len(tokens) - 1 and tokens[0] in ("is", "are", "was", "were") and tokens[1] == "the"
        resting = at_end or (bool(kept) and kept[-1] in (*_KEEPS, "the", "a"))  # "is the dog still?", "the still dog"
        kept_still = phrase == ("still",) and bool(kept) and resting
        never = phrase == ("ever",) and tokens[at + 1 : at + 2] in (["not"], ["without"])  # not always
        if phrase is not None and not (kept_still or never) and not (phrase == ("exactly",) and counted):
            at += len(phrase)
            continue
        last = kept[-1] if kept else ""
        posture = tokens[at] in ("down", "up") and last in _POSTURES
        has_got = tokens[at] == "got" and (last in ("has", "have") or (at == len(tokens) - 1 and "has" in kept))
        if has_got and last not in ("has", "have"):  # "what has he got"
            kept[kept.index("has")] = "does"
            kept.append("have")
        if not posture and not has_got:
            kept.append(tokens[at])
        at += 1
    return kept


def _without_places(tokens: list[str], reaches: Callable[[str], bool]) -> list[str]:
    """Without "in the picture", and without "in his hands" after what is held in them."""
    if _INSIDE.isdisjoint(tokens):
        return tokens
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        determiner, noun = (*tokens[at + 1 : at + 3], "", "")[:2]
        given = noun in _GIVEN and determiner in _DETERMINED and (*tokens[at + 3 : at + 4], "")[0] in _SCENES
        noun = (*tokens[at + 3 : at + 4], "")[0] if given else noun
        picture = determiner in _DETERMINED and noun in _SCENES
        body = determiner in ("his", "her", "their", "its", "the") and noun in _BODY and bool(_IN_HAND & set(kept))
        after = (*tokens[at + 3 : at + 4], "")[0]  # "in the frame 3", "in the frame of the world"
        frame = noun == "frame" and not given and not after[:1].isdecimal() and after != "of" and determiner != ""
        whole = tokens[at] == "throughout" and tokens[:1] != ["how"]  # asks of all the time
        picture = picture or (frame and determiner in ("the", "this", "that"))
        if tokens[at] in _INSIDE and (picture or body) and not whole and not reaches(noun):
            at += 4 if given else 3
            continue
        kept.append(tokens[at])
        at += 1
    return kept
