"""What a program must be before it is run: every argument of its type, every rule kept, bounded in size.

Programs from JSON and from one-line form have passed through here, and the executors look again, so a
program that was put together in Python gets the same precise message as one from outside.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from assistant.bounded_steps import ManyRelated, Measuring
from assistant.measured_programs import Bearing, Coordinates, IsInSpace
from assistant.programs import (
    AllOf,
    AnyOf,
    Choose,
    ChoosePart,
    ChooseValue,
    Count,
    ExactlyOneOf,
    MoreBy,
    Not,
    asks_yes_or_no,
    kind_of,
)
from assistant.ranked_steps import MAX_RANK, Ranked
from assistant.steps import MAX_DEPTH, MAX_STEPS, InSpace, Intersection, Predicate, Question, Step, Union, Within
from assistant.timed_programs import First, Frames, HowLong, HowOften, Longest, Occurrence, Seconds, inner
from scenegraph.errors import InputError

MAX_INTEGER = (1 << 53) - 1
"""Larger ids and counts do not survive JSON."""

MAX_OPTIONS = 26
"""Options of a multiple-choice question: as many as there are letters to name them."""


def check(program: Question) -> None:
    """Refuse a program that cannot be run.

    Raises:
        InputError: the message names the place (`program.nodes.quantity`), what stands there and what
            was expected.
    """
    if not isinstance(program, Question):
        raise InputError(f"program: found {_kind(program)}; expected a step that is a question")
    try:
        _check(program)
    except TypeError:  # an argument that cannot be hashed, such as a list: say which
        _check.__wrapped__(program)
        raise


@lru_cache(maxsize=4096)
def _check(program: Question) -> None:
    left = MAX_STEPS
    waiting: list[tuple[Step, str, int]] = [(program, "program", 0)]
    while waiting:
        step, where, level = waiting.pop()
        left -= 1
        if level >= MAX_DEPTH or left < 0:
            raise InputError(
                f"{where}: the program is nested more than {MAX_DEPTH} levels deep or has more than {MAX_STEPS} steps"
            )
        kind: Any = type(step)
        arguments, rules = _of_step(kind)
        for name, look in arguments:
            waiting += [(below, place, level + 1) for place, below in look(getattr(step, name), f"{where}.{name}")]
        for broken, message in rules:
            if broken(step):
                raise InputError(f"{where}: {message}")


def required(item: Field[Any]) -> bool:
    """Whether a step cannot do without an argument."""
    return item.default is MISSING and item.default_factory is MISSING


Look = Callable[[Any, str], Iterable[tuple[str, Step]]]
"""Checks an argument and gives the steps below it with their places."""


@lru_cache(maxsize=256)
def _of_step(step: type[Step]) -> tuple[tuple[tuple[str, Look], ...], tuple[tuple[Callable[[Any], bool], str], ...]]:
    """What checks each argument of a step, and the rules for it."""
    hints = get_type_hints(step)
    arguments = tuple((item.name, _look(hints[item.name])) for item in fields(step))  # type: ignore[arg-type]
    return arguments, tuple((broken, message) for kinds, broken, message in _RULES if issubclass(step, kinds))


@lru_cache(maxsize=256)
def _look(hint: Any) -> Look:
    """What checks arguments of a type."""
    origin = get_origin(hint)
    if origin is UnionType:
        inner = _look(next(kind for kind in get_args(hint) if kind is not NoneType))
        return lambda value, where: () if value is None else inner(value, where)
    if origin is Literal:
        return _look_at_literal(get_args(hint))
    if origin is tuple:
        return _look_at_tuple(_look(get_args(hint)[0]))
    return _look_at_plain(hint)


def _look_at_literal(names: tuple[Any, ...]) -> Look:
    def look(value: Any, where: str) -> Iterable[tuple[str, Step]]:
        if value not in names:
            raise InputError(f"{where}: found {value!r}; expected one of {', '.join(names)}")
        return ()

    return look


def _look_at_tuple(inner: Look) -> Look:
    def look(value: Any, where: str) -> Iterable[tuple[str, Step]]:
        if not isinstance(value, tuple):
            raise InputError(f"{where}: found {_kind(value)}; expected a tuple")
        return [below for at, item in enumerate(value) for below in inner(item, f"{where}[{at}]")]

    return look


def _look_at_plain(hint: Any) -> Look:
    """What checks arguments that are no union, tuple or one of several names."""
    accepted = (int, float) if hint is float else hint
    names = _look_at_tuple(_look_at_plain(str)) if hint is Predicate else None
    expected = _EXPECTED.get(hint, hint.__name__.lower())

    def look(value: Any, where: str) -> Iterable[tuple[str, Step]]:
        if not isinstance(value, accepted) or (isinstance(value, bool) and hint is not bool):
            raise InputError(f"{where}: found {_kind(value)}; expected {expected}")
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise InputError(f"{where}: found a number of {len(str(value))} digits; expected at most {MAX_INTEGER:,}")
        if isinstance(value, float) and not isfinite(value):
            raise InputError(f"{where}: found {value}; expected a finite number")
        if names is not None and isinstance(value, Predicate):
            names(value.forward, f"{where}.forward")
            names(value.converse, f"{where}.converse")
        return ((where, value),) if isinstance(value, Step) else ()

    return look


_EXPECTED: dict[Any, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def _kind(value: Any) -> str:
    return value.operation() if isinstance(value, Step) else type(value).__name__


def _view_is_wrong(step: Any) -> bool:
    return (step.view in ("facing", "from")) != (step.facing is not None)


def _options_are_wrong(step: Any) -> bool:
    return not 2 <= len(step.options) <= MAX_OPTIONS


def _numbers_are_wrong(step: Any) -> bool:
    kinds = {kind_of(part) for part in (step.first, step.second)}
    return len(kinds) > 1 or not kinds <= {Count, HowLong, HowOften} or _nested(step.first) or _nested(step.second)


def _rank_is_wrong(step: Any) -> bool:
    return not 1 <= step.rank <= MAX_RANK or not 1 <= step.number <= MAX_RANK


def _nested(question: Any) -> bool:
    return isinstance(inner(question), MoreBy)


_RULES: tuple[tuple[Any, Callable[[Any], bool], str], ...] = (
    (Not, lambda step: not asks_yes_or_no(step.question), "only a yes/no question can be negated"),
    (
        AllOf | AnyOf | ExactlyOneOf,
        lambda step: not step.questions or not all(map(asks_yes_or_no, step.questions)),
        "only yes/no questions can be joined, and at least one is needed",
    ),
    (MoreBy, _numbers_are_wrong, "needs two counts, two durations or two numbers of times"),
    (Union | Intersection, lambda step: not step.parts, "needs at least one part"),
    (First | Longest, lambda step: not step.events, "needs at least one event"),
    (ChooseValue, lambda step: not step.values, "needs at least one value"),
    (ChoosePart, lambda step: not step.parts, "needs at least one part of the picture"),
    (InSpace | IsInSpace | Coordinates, _view_is_wrong, "`facing` names nodes for the views facing and from only"),
    (Coordinates, lambda step: step.view == "from", "the view from looks at other nodes, and here are none"),
    (Bearing, lambda step: step.view not in ("camera", "world"), "the views of a bearing are camera and world"),
    (Within, lambda step: step.metres < 0, "the metres are negative; expected 0 or more"),
    (Measuring, lambda step: step.amount < 0, "the amount is negative; expected 0 or more"),
    (Ranked, _rank_is_wrong, f"the rank and the number are 1 to {MAX_RANK}"),
    (Ranked, lambda step: step.rank > 1 and step.number > 1, "either a rank or a number above 1, not both"),
    (ManyRelated, lambda step: step.number < 1, "the number is less than 1; expected 1 or more"),
    (Occurrence, lambda step: step.number == 0, "times are counted from 1, or from -1 at the end; found 0"),
    (Choose, _options_are_wrong, f"needs 2 to {MAX_OPTIONS} options"),
    (Choose, lambda step: isinstance(step.question, Choose), "a multiple-choice question cannot hold another one"),
    (Frames | Seconds | Occurrence, lambda step: abs(getattr(step, "start", 0)) > 1e15, "that time is too far off"),
)
"""(steps, what is wrong with them, what is said)."""
