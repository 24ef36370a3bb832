"""English for sets of nodes: "a person riding a horse", "the largest of the dogs"."""

from collections.abc import Callable

from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.inflection import plural
from assistant.names import plain
from assistant.ordinals import ordinal
from assistant.phrasing import DIRECTIONS, PARTS, VIEWS, article, in_full, listed
from assistant.ranked_steps import Ranked
from assistant.steps import (
    Called,
    Except,
    Extreme,
    Find,
    Having,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Nodes,
    Pick,
    Placed,
    Predicate,
    Related,
    Sharing,
    Superlative,
    The,
    Union,
    Within,
)
from assistant.text import NUMBERS
from assistant.units import OF_QUANTITY
from assistant.verbs import PLACES

_SIDES = {
    "left": "leftmost",
    "right": "rightmost",
    "top": "topmost",
    "bottom": "lowest",
    "largest": "largest",
    "smallest": "smallest",
}
_SUPERLATIVES = {
    "area": ("largest", "smallest"),
    "box width": ("widest", "narrowest"),
    "box height": ("tallest", "shortest"),
    "relations": ("most related", "least related"),
    "frames seen": ("longest seen", "shortest seen"),
    "width": ("widest", "narrowest"),
    "height": ("tallest", "shortest"),
    "depth": ("deepest", "shallowest"),
    "length": ("longest", "shortest"),
    "volume": ("largest", "smallest"),
    "distance": ("farthest", "nearest"),
    "speed": ("fastest", "slowest"),
    "path length": ("farthest travelled", "least travelled"),
    "displacement": ("farthest moved", "least moved"),
}
_WORDS = {number: word for word, number in NUMBERS.items()}
_COMPARATIVES = {
    "area": ("{}larger than {}", "{}smaller than {}"),
    "box width": ("{}wider than {}", "{}narrower than {}"),
    "box height": ("{}taller than {}", "{}shorter than {}"),
    "relations": ("in {}more relations than {}", "in {}fewer relations than {}"),
    "frames seen": ("seen {}longer than {}", "seen for {}less time than {}"),
    "width": ("{}wider than {}", "{}narrower than {}"),
    "height": ("{}taller than {}", "{}shorter than {}"),
    "depth": ("{}deeper than {}", "{}shallower than {}"),
    "length": ("{}longer than {}", "{}shorter than {}"),
    "volume": ("{}larger than {}", "{}smaller than {}"),
    "distance": ("{}farther from the camera than {}", "{}nearer to the camera than {}"),
    "speed": ("{}faster than {}", "{}slower than {}"),
    "path length": ("that travelled {}farther than {}", "that travelled {}less far than {}"),
    "displacement": ("that moved {}farther than {}", "that moved {}less far than {}"),
}
"""Quantities against those of others: more, less; what is no smaller has at least as much."""
_AMOUNTS = {
    "area": "covering {}",
    "relations": "in {} relations",
    "frames seen": "seen in {} frames",
    "distance": "{} away from the camera",
    "path length": "that travelled {}",
    "displacement": "that ended {} from where it was first",
}


def described(step: Nodes, label: Callable[[int], str], number: int | None = None) -> str:
    """What a step describes: "a person riding a horse", "the red ball", "2 dogs"."""
    if isinstance(step, The) and isinstance(step.nodes, Pick):
        return listed([label(node) for node in step.nodes.nodes], "and" if step.plural else "or")
    if isinstance(step, The):
        return f"the {_bare(step.nodes, label, 2 if step.plural else 1)}"
    if isinstance(step, Pick):
        return listed([label(node) for node in step.nodes], "or")
    if isinstance(step, Intersection) and isinstance(step.parts[-1], Pick) and len(step.parts) == 2:
        among = listed([label(node) for node in step.parts[-1].nodes])
        return f"{described(step.parts[0], label, number)} {f'among {among}' if among else 'there'}"
    if isinstance(step, Union | Intersection):
        return _joint(step, label, number)
    alone = step.number if isinstance(step, Ranked) else 1
    if isinstance(step, Nearest | MostRelated | Superlative):
        return f"the {_bare(step, label, alone if number is None else number).removeprefix('the ')}"
    if isinstance(step, Find) and step.categories is None and number is None:
        return "anything"
    if isinstance(step, Find) and not step.categories and "-" in step.word:
        return step.word  # a label that no node has
    words = _bare(step, label, alone if number is None else number)
    if number is not None:
        return f"{number} {words}"
    named = _named(step)
    if named is not None and not isinstance(step, Extreme):
        return words if len(named.nodes) == 1 else f"one {words}"
    if words.startswith("anything"):
        return words
    return f"the {words}" if isinstance(step, Extreme) or _definite(step) else article(words)


def _joint(step: Union | Intersection, label: Callable[[int], str], number: int | None) -> str:
    """What is in any of some sets, or in all of them: "2 dogs that are also the tallest animals"."""
    if isinstance(step, Union) or number is None:
        joint = "or" if isinstance(step, Union) else "that is also"
        return listed([described(part, label) for part in step.parts], joint)
    others = listed([described(part, label) for part in step.parts[1:]])
    return f"{number} {_bare(step.parts[0], label, number)} that {'is' if number == 1 else 'are'} also {others}"


def the_most(step: Nodes, label: Callable[[int], str], several: bool = False) -> str:
    """What a step that compares nodes picks, in the singular or the plural: "the tallest animals"."""
    return f"the {_bare(step, label, 2 if several else 1)}"


def _definite(step: Nodes) -> bool:
    """Whether a description narrows "the dog", not just any."""
    while not isinstance(step, The) and isinstance(getattr(step, "nodes", None), Nodes):
        step = step.nodes  # type: ignore[attr-defined]
    return isinstance(step, The)


def _named(step: Nodes) -> Pick | None:
    """The nodes by name that a description narrows."""
    while not isinstance(step, Pick) and isinstance(getattr(step, "nodes", None), Nodes):
        step = step.nodes  # type: ignore[attr-defined]
    return step if isinstance(step, Pick) else None


def _bare(step: Nodes, label: Callable[[int], str], number: int) -> str:
    """A description without its article."""
    if isinstance(step, Pick) and len(step.nodes) > 1:
        return f"of {listed([label(node) for node in step.nodes])}"
    if isinstance(step, Find):
        noun = step.word or (" or ".join(map(plain, step.categories or ())) if step.categories else "")
        noun = noun or ("thing" if step.categories is None else "such thing")
        if step.categories is None and number == 1:
            return "anything" if step.word in ("", "anything", "something") else noun
        return noun if number == 1 else plural(noun)
    if isinstance(step, Called):
        return step.name if number == 1 else plural(step.name)
    if isinstance(step, Having):
        return f"{step.value} {_bare(step.nodes, label, number)}"
    if isinstance(step, Extreme):
        return _furthest(step, _kind(step.nodes, label, number))
    if isinstance(step, Related):
        tie = _tie(step.predicate, described(step.others, label))
        both = isinstance(step.nodes, Related) and tie.partition(" ")[0].endswith("ing")  # no horse eats a sandwich
        return f"{_bare(step.nodes, label, number)} {'and ' * both}{tie}"
    if isinstance(step, Placed):
        return f"{_bare(step.nodes, label, number)} {DIRECTIONS[step.direction]} {described(step.others, label)}"
    if isinstance(step, InPicture):
        where = f"elsewhere than {PARTS[step.part]}" if step.outside else PARTS[step.part]
        return f"{_bare(step.nodes, label, number)} {where}"
    if isinstance(step, Sharing):
        return f"{_bare(step.nodes, label, number)} of the same {step.attribute} as {described(step.others, label)}"
    if isinstance(step, The):
        return _bare(step.nodes, label, number)
    return _bare_measured(step, label, number)


def _bare_measured(step: Nodes, label: Callable[[int], str], number: int) -> str:
    """A description by quantities and places, without its article."""
    if isinstance(step, Superlative):
        return _picked(step, _SUPERLATIVES[step.quantity][step.least], _kind(step.nodes, label, number))
    if isinstance(step, Nearest):
        others = described(step.others, label)
        away = f"farthest from {others}" if step.farthest else f"nearest to {others}"
        if step.rank > 1:
            return f"{_kind(step.nodes, label, number)} {ordinal(step.rank)} {away}"
        return f"{_several(step)}{_kind(step.nodes, label, number)} {away}"
    if isinstance(step, MostRelated):
        return f"{_bare(step.nodes, label, number)} {_tie(step.predicate, f'most {_bare(step.others, label, 2)}')}"
    if isinstance(step, ManyRelated):
        others = f"{'at least ' if step.at_least else ''}{step.number} {_bare(step.others, label, step.number)}"
        return f"{_bare(step.nodes, label, number)} {_tie(step.predicate, others)}"
    if isinstance(step, Measuring | Exceeding):
        said = _bounded(step) if isinstance(step, Measuring) else _exceeding(step, label)
        return f"{_bare(step.nodes, label, number)} {said}"
    if isinstance(step, Within):
        return f"{_bare(step.nodes, label, number)} within {step.metres:g} m of {described(step.others, label)}"
    if isinstance(step, InSpace):
        where = f"{DIRECTIONS[step.direction]} {described(step.others, label)}"
        return f"{_bare(step.nodes, label, number)} {where}, {VIEWS[step.view]}"
    if isinstance(step, InBetween):
        ends = described(step.first, label), described(step.second, label)
        return f"{_bare(step.nodes, label, number)} between {ends[0]} and {ends[1]}"
    if isinstance(step, Moved):
        return f"{_bare(step.nodes, label, number)} that {'stayed' if step.still else 'moved'}"
    if isinstance(step, Except):
        return f"{_bare(step.nodes, label, number)} other than {described(step.others, label)}"
    return described(step, label)


def _furthest(step: Extreme, kind: str) -> str:
    """Leftmost dog, second dog from the left."""
    if step.rank > 1 and step.which not in ("largest", "smallest"):
        return f"{ordinal(step.rank)} {kind} from the {step.which}"
    return _picked(step, _SIDES[step.which], kind)


def _picked(step: Ranked, most: str, kind: str) -> str:
    """Largest dog, second largest dog, two largest dogs."""
    return f"{f'{ordinal(step.rank)} ' if step.rank > 1 else _several(step)}{most} {kind}"


def _several(step: Ranked) -> str:
    """How many a step picks, where they are several: "two "."""
    return "" if step.number == 1 else f"{_WORDS.get(step.number, step.number)} "


def _kind(step: Nodes, label: Callable[[int], str], number: int) -> str:
    """What is compared, without its article: of anything the largest thing."""
    words = _bare(step, label, number)
    return f"thing{words.removeprefix('anything')}" if words.startswith("anything") else words


def _bounded(step: Measuring) -> str:
    """`with a height of more than 1.8 m`, `at most 2 m away from the camera`."""
    bound = f"{step.how} than" if step.how in ("more", "less") else step.how
    amount = f"{bound} {step.amount:g} {OF_QUANTITY.get(step.quantity, '')}".strip()
    return _AMOUNTS.get(step.quantity, f"with a {step.quantity} of {{}}").format(amount)


def _exceeding(step: Exceeding, label: Callable[[int], str]) -> str:
    """`taller than the man`, `no smaller than every cat`."""
    less, strictly = step.how in ("less", "at least"), step.how in ("more", "less")
    each = step.every and not isinstance(step.others, The | Pick)
    others = f"every {_kind(step.others, label, 1)}" if each else described(step.others, label)
    return _COMPARATIVES[step.quantity][less].format("" if strictly else "no ", others)


def _tie(predicate: Predicate, other: str) -> str:
    word = predicate.word or (predicate.forward or predicate.converse or ("related to",))[0]
    if word.startswith("~") or (not predicate.word and not predicate.forward and predicate.converse):
        word = word.removeprefix("~")
        return f"that {'something' if other == 'anything' else other} is {word}"
    if other == "anything" and " " not in word and word not in PLACES:
        return word
    return f"{in_full(word, predicate.forward)} {other}"


def said_of(subject: str, predicate: Predicate, other: str) -> str:
    """What was asked of two nodes, as a clause without a verb form: `person-1 riding horse-1`."""
    tie = _tie(predicate, other)
    return (
        f"{subject} {tie}" if not tie.startswith("that ") else f"{other} {predicate.word.removeprefix('~')} {subject}"
    )
