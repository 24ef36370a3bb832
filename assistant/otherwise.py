"""A question in other words that ask the same, for what cannot be read as it stands.

Each step undoes one thing that English allows and the grammar does not have: lists with commas, modal verbs that only
soften, words that stress, what is introduced in one clause and asked about in the next. None of them takes away a word
that could change what is asked.
"""

import re
from collections.abc import Iterator

from assistant.chatting import chatted
from assistant.patterns import NO_GERUND, VALUE
from assistant.text import normalise
from assistant.topics import NAMED

_SOFTENING = "could|might|may|would|can|will"
_SEEN = "seen|located|observed|spotted|viewed|hidden|placed|positioned|situated|named|called"
_ABLE = rf"(?! (?!(?:{_SEEN})\b)\w+(?:ed|en)\W*$)"
"""Not before a bare participle: "what can be carried" asks what is possible."""
_BE_LATER = re.compile(rf"\b(?:{_SOFTENING})\b((?: not)?(?: [\w'-]+){{0,12}}?) be\b{_ABLE}")
_HAVE_LATER = re.compile(rf"\b(?:{_SOFTENING})\b((?: [\w'-]+){{1,8}}?) have (?=\w+(?:ed|en|t|d|n|w|k)\b)")
_STRESS = re.compile(
    r"\b(?:really|truly|actually|seriously|honestly|even(?! or | number|\W*$)|indeed"
    r"|certainly|definitely|clearly|obviously|possibly|perhaps|maybe|probably"
    r"|just about|by any chance|whatsoever|at all|so far|for sure|for certain|per chance|perchance|in there|out there"
    r"|in particular|specifically|precisely|basically|anyhow|somehow|apparently|visibly"
    r"|directly|immediately|straight(?! lin)"
    r"|right (?=next|beside|behind|in front|on top|under|above|below|by the|in the)"
    r"|too|also|as well|yet|(?<!and )then|though|either|physically|literally"
    r"|simply|merely|now|currently|presently)\b"
)
_ASKED_AGAIN = re.compile(
    r"^((?:what|who|whom|which|where|how)\b(?!.*\b(?:before|after|while|until|since|once|when|did)\b).*?),? again\W*$"
)
"""Who has the ball again? "Is the dog chasing it again?" asks of another time."""
_ONLY_WITHOUT_PAIR = re.compile(r"\beither\b(?=.*\bor\b)|\bthen\b(?=.*\bfirst\b)")
_ITEM = r"(?!(?:and|or|is|are|was|were|do|does|did|what|who|which|where|when|how|if)\b)[\w'-]+(?: [\w'-]+){0,5}?"
_LISTED = re.compile(rf"({_ITEM}), ((?:{_ITEM}, )*)({_ITEM}),? (and|or) ")
_INTRODUCED = re.compile(
    r"^(?:(?:hello|hi|hey|ok|okay|well|so|look)[,.!]? )*"
    r"(?:(?:i|we|you) (?:can )?see|here is|this is|there (?:is|are|was|were)|look at|consider|take|if (?:i|you|we) "
    r"(?:look|point|click|tap)(?: at| on| to)|pointing at|looking at"
    r"|(?:how|what) about|as for|as to|regarding|concerning|about|considering|given|now"
    r"|(?:the|this) (?:picture|image|photo|video|scene) (?:shows|contains|has))"
    r" (?:(?:a|an|the|some|one|two|three|this|that) )?(.+?)(?: here)?(?:[.;:!]| -| and| so|,) "
    r"(?:so |and |but |now |tell me )?"
    r"((?:what|who|which|where|when|how|is|are|does|do|did|was|were|can)\b.*)$"
)
_FRONTED = re.compile(
    rf"^(?:the|this|that|those|these) ({NAMED}|[^,:]+ and [^,:]+)[,:] "
    r"((?:what|who|whom|which|where|when|how|is|are|does|do|did|was|were|has|have)\b.*)$"
)
_PLACE_FIRST = re.compile(
    r"^((?:to the|on the|at the|left of|right of|above|below|behind|beside|next to|near|in front of|between|under|"
    r"within|inside|on top of|on|in|by) (?!what\b|which\b|whom\b)[^,]+), "
    r"((?:is|are|was|were) there|(?:what|who|which [\w-]+) (?:is|are|was|were)(?: there)?|how many [^,]+?|"
    r"(?:do|can|could) (?:you|we|i) (?:see|spot|find)) ?([^,]*?)\W*$"
)
"""To the left of the cup, is there a kite?"""
_TOPIC_FIRST = re.compile(
    r"^(?:and |the |any )?([\w -]+?)(?:,|:|;| -|\?) "
    r"(?:(is|are|was|were) there (?:any|some|one)|(how many)(?: of them)?)\b(.*?)\W*$"
)
"""Benches, are there any? Dogs: how many are there?"""
_MIDDLE = re.compile(
    r"^([^,]+), ((?:at|in|on|during|after|before|while|until|since|once|when|between|within|throughout|as)\b[^,]+), "
    r"([^,]+?)\W*$"
)
"""Does the dog, after it has chased the cat, ride the sofa?"""
_ASKED_BY = re.compile(
    r"^(?!(?:the|this|that|a|an|is|are|was|were|do|does|did|can|could|what|who|which|where|when|how)\b)"
    r"(?:[\w'-]+ ){1,4}?(?:(?:would (?:like|love)|wants?|wanted|needs?) to know|is wondering|wonders?|wondered|asks"
    r"|asked|is asking|keeps asking|is curious)(?: me| us)? ((?:(?:if|whether|what|who|whom|which|where|when|how)\b"
    r"|the (?:[\w-]+ ){0,2}(?:distance|height|width|depth|volume|speed|number|colou?r|position|coordinates)\b).*)$"
)
_SAID_BY = re.compile(
    r"^(?!(?:the|this|that|a|an|is|are|was|were|do|does|did|can|could|what|who|which|where|when|how)\b)"
    r"(?:[\w'-]+ ){1,3}?(?:says|said|thinks|believes|swears|claims|insists|reckons|told me|told us|is sure|bets"
    r"|guesses)"
    r"(?: that)? ((?:the|a|an|there|this|that|all|no|some|every|any)\b.*?),? "
    r"(?:(?:is|are|was|were|does|do|did) (?:not )?(?:it|there|he|she|they|this|that)(?: right| true| so| correct)?"
    r"|true|right|correct|yes or no)\W*$"
)
"""A person who is no part of the picture asks, or claims, what is asked about."""
_REFERS = re.compile(r"\b(it|he|she|they|them|him|this one|that one)\b")
_ITS = re.compile(r"\b(?:its|his|her|their) (colou?r|material|size|shape|height|width|location|position)\b")
_IS_THAT = re.compile(r"^(is|are|was|were) (?:that|this|those|these)\b(?= (?:a|an|the)\b)")
_LATER = re.compile(
    r"^((?:what|who|whom|which|where|when|how|is|are|was|were|does|do|did|has|have|can)\b[^,]*?)\b(it|he|she|they"
    r"|them|him|"
    r"her)\b([^,]*), ((?:the|this|that|these|those) (?!one\b)[^,]+?)\W*$"
)
_OPEN_ENDED = re.compile(r"^(?:the|this|that) .+ (?:is|are|was|were|has|looks|appears)[ :.]*$")
_PEOPLE = re.compile(r"\bthey\b")


_VALUES = re.compile(rf"\b({VALUE}), ({VALUE}),? or ({VALUE})\b")
_VALUES_OF = re.compile(
    rf"^(?:so |and |now |well,? )*what(?:'s| (is|are|was|were)) (the [^,:;]+?)(?: then)?[,:;] "
    rf"(?:is it |then )?((?:{VALUE})(?: or (?:{VALUE}))+)(?=\W*$)",
    re.IGNORECASE,
)


def values_listed(text: str) -> str:
    """A question with "or" between all the values that it lists: brown, white or black.

    >>> values_listed("So what is the dog then, brown, white or black?")
    'is the dog brown or white or black?'
    """
    return _VALUES_OF.sub(lambda of: f"{of[1] or 'is'} {of[2]} {of[3]}", _VALUES.sub(r"\1 or \2 or \3", text))


def said_later(text: str) -> str | None:
    """A question with what is named behind it in its place: "where is she, the girl on the bench?"; None for others.

    >>> said_later("Is it brown, the dog?")
    'is the dog brown?'
    """
    found = _LATER.match(normalise(text))
    if found is None or re.search(r"\b(?:or|and)\b", found[4]):
        return None
    before, _, after, name = found.groups()
    return f"{before}{name}{after}?"


_ALSO_DOES = re.compile(
    rf"^(is|are|was|were) ((?:the|that|this|those|these) [\w ]+?) ((?!{NO_GERUND})\w+ing(?: at)?) ((?:the|a|an"
    rf"|that|this) [\w ]+?) "
    rf"((?!{NO_GERUND})\w+ing(?: at)?) ([\w ]+?),? (?:as well|too)(\W*)$"
)


def also_does(text: str) -> str | None:
    """Of "is the man holding the bike pushing a car as well?", in which the man does both; None for others.

    >>> also_does("Is the man holding the bike pushing a car too?")
    'is the man who is holding the bike pushing a car?'
    """
    found = _ALSO_DOES.match(normalise(text))
    if found is None:
        return None
    be, subject, first, thing, second, other, end = found.groups()
    return f"{be} {subject} who {be} {first} {thing} {second} {other}{end}"


def otherwise(text: str, options: bool = False) -> Iterator[str]:
    """The same question in other words, each with all that were changed before.

    Args:
        text: the question.
        options: answers to choose from stand behind it.

    >>> list(otherwise("Could there really be a dog?"))
    ['is there really a dog?', 'is there a dog?']
    """
    plain = normalise(text)
    seen = {plain}
    for said in (plain, *chatted(plain)):
        for changed in (said, *_changes(said, options)):
            spaced = " ".join(changed.split())
            if spaced not in seen:
                seen.add(spaced)
                yield spaced


def _changes(plain: str, options: bool) -> Iterator[str]:
    asked_by, said_by = _ASKED_BY.match(plain), _SAID_BY.match(plain)
    if asked_by is not None:
        yield asked_by[1]
    if said_by is not None:
        yield f"is it true that {said_by[1]}"
    yield from _contracted(plain)
    plain = next(_contracted(plain), plain)
    yield from _reordered(plain)
    yield from _fragment(plain)
    referred = _referring(plain)
    if referred is not None:
        yield referred
        plain = referred
    listed = _with_links(plain)
    if listed != plain:
        yield listed
        plain = listed
    if re.search(r"\bwould\b.*\bwithout\b", plain):  # what would be so is not recorded
        return
    softened = _HAVE_LATER.sub(r"has\1", _BE_LATER.sub(r"is\1", plain))
    if softened != plain:
        yield softened
        plain = softened
    if not _ONLY_WITHOUT_PAIR.search(plain):
        plain = _STRESS.sub(" ", _ASKED_AGAIN.sub(r"\1", plain))
        yield plain
    if options and _OPEN_ENDED.match(plain):
        yield f"what colour is {plain.rstrip(' :.').rpartition(' ')[0]}"
    if _PEOPLE.search(plain) and not re.search(r"\b(?:the|an?|this|that|these|those)\b.*\bthey\b", plain):
        yield _PEOPLE.sub("somebody", plain)


_OWNED = (
    "own|point of view|viewpoint|vantage point|perspective|standpoint|eyes|shoes|view|side|place|position|path|distance"
    "|height|width|depth|volume|speed|size|displacement|colour|color|material|coordinates|bearing|left|right|world"
)
_SHORT = re.compile(rf"(?<=\w)'s (?!(?:{_OWNED})\b)")


def _contracted(plain: str) -> Iterator[str]:
    """The person's chasing the cat: is chasing it, not what belongs to the person."""
    places = [found.span() for found in _SHORT.finditer(plain)]
    subsets = [places, places[:1], places[-1:]] if len(places) > 1 else [places] if places else []
    for verb in ("is", "has"):
        for chosen in subsets:
            text = plain
            for start, stop in reversed(chosen):
                text = f"{text[:start]} {verb} {text[stop:]}"
            yield text


def _reordered(plain: str) -> Iterator[str]:
    """What stands before a comma, or between two, moved to where questions have it."""
    place, topic, middle = _PLACE_FIRST.match(plain), _TOPIC_FIRST.match(plain), _MIDDLE.match(plain)
    if place is not None:
        where, asks, rest = place.groups()
        yield f"{asks} {rest} {where}".replace("  ", " ")
    if topic is not None:
        name, exists, counts, rest = topic.groups()
        yield f"{exists} there any {name}{rest}" if exists else f"{counts} {name}{rest}"
    if middle is not None:
        before, when, after = middle.groups()
        yield f"{before} {after} {when}"


_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|be|do|does|did|has|have|had|can|could|will|would|may|might|shall|should|what|which|who"
    r"|whom|"
    r"whose|where|when|why|how|the|this|that|these|those|it|he|she|they|i|we|you|please|thanks)\b"
)


_NOT_ONE = re.compile(r"^not (?:even )?(?:a single|a|an|one|any) (.+)$")
_OF_ALL = frozenset({"not", "all", "every", "each", "everyone", "everybody", "everything", "most", "half"})
"""With these a phrase says something of what is there: "everyone sitting?"."""


def _fragment(plain: str) -> Iterator[str]:
    """Dog on the bench? A phrase without a verb that names nothing known asks whether there is such a thing."""
    first = plain.split(" ", 1)[0].rstrip("?.!")
    if plain.rstrip().endswith("?") and _SENTENCE.match(first) is None:
        none = _NOT_ONE.match(plain)
        if none is not None:
            yield f"is there no {none[1]}"
        elif first not in _OF_ALL:
            yield f"is there {plain}"


def _referring(plain: str) -> str | None:
    """There is a dog on the bench; what colour is it: what colour is the dog on the bench."""
    found = _INTRODUCED.match(plain) or _FRONTED.match(plain)
    if found is None:
        return None
    name, asked = found.groups()
    name = name.replace(" here with ", " with ")
    changed = _ITS.sub(lambda its: f"the {its[1]} of the {name}", asked, count=1)
    changed = _IS_THAT.sub(lambda verb: f"{verb[1]} the {name}", asked, count=1) if changed == asked else changed
    changed = _REFERS.sub(lambda _: f"the {name}", asked, count=1) if changed == asked else changed
    if changed == asked:
        said = name.split()
        heads = "|".join(re.escape(" ".join(said[:length])) for length in range(min(len(said), 3), 0, -1))
        changed = re.sub(rf"\b(?:that|this|the) (?:{heads})\b", lambda _: f"the {name}", asked, count=1)
    return None if changed == asked else changed


def _with_links(plain: str) -> str:
    """Dogs, cats and horses: dogs and cats and horses."""

    def joined(found: re.Match[str]) -> str:
        first, middle, last, link = found.groups()
        items = [first, *(item for item in middle.split(", ") if item), last]
        return f" {link} ".join(items) + f" {link} "

    return _LISTED.sub(joined, plain)
