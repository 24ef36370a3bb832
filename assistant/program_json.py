"""Programs as JSON: writing, reading with precise errors, and the JSON Schema for language models.

A step is an object with `op` and the step's fields: `{"op": "which", "nodes": {"op": "find",
"categories": ["person"]}}`. Reading checks every type, so a program that was read can be run.
"""

from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from assistant.program_check import check, required
from assistant.programs import BY_OPERATION, STEPS
from assistant.steps import MAX_DEPTH, MAX_STEPS, Event, Nodes, Predicate, Question, Step, Window
from scenegraph.checked_json import checked
from scenegraph.errors import InputError

MAX_NAMES = 1000
"""Names of one list in a program that comes from outside: far above any question, far below what hurts."""

_KINDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name, step in BY_OPERATION.items() if issubclass(step, kind))
    for kind in (Nodes, Question, Event, Window)
}
_ALL_HINTS: dict[type[Step], dict[str, Any]] = {step: get_type_hints(step) for step in STEPS}


def to_json(step: Step) -> dict[str, Any]:
    """A step and everything below it as plain JSON values."""
    written: dict[str, Any] = {"op": step.operation()}
    for item in fields(step):  # type: ignore[arg-type]
        value = getattr(step, item.name)
        if item.default is MISSING or value != item.default:
            written[item.name] = _plain(value)
    return written


def from_json(value: Any) -> Question:
    """The question that a JSON value describes.

    Raises:
        InputError: it describes none; the message names the place and what was expected.
    """
    reader = _Reader()
    question = reader.step(value, Question, "program", 0)
    assert isinstance(question, Question)
    check(question)
    return question


def schema(categories: tuple[str, ...], predicates: tuple[str, ...], node_ids: tuple[int, ...] = ()) -> dict[str, Any]:
    """A JSON Schema of the programs over these names, for structured output of a language model."""
    names = {
        "category": {"type": "string", "enum": list(categories)} if categories else {"type": "string"},
        "predicate_name": {"type": "string", "enum": list(predicates)} if predicates else {"type": "string"},
        "node_id": {"type": "integer", "enum": list(node_ids)} if node_ids else {"type": "integer"},
        "predicate": {
            "type": "object",
            "properties": {
                key: {"type": "array", "items": {"$ref": "#/$defs/predicate_name"}} for key in ("forward", "converse")
            },
            "additionalProperties": False,
        },
    }
    kinds = {
        kind.__name__.lower(): {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in members]}
        for kind, members in _KINDS.items()
    }
    steps = {name: _step_schema(step) for name, step in BY_OPERATION.items()}
    return {"$defs": {**names, **kinds, **steps}, "$ref": "#/$defs/question"}


class _Reader:
    """Reads one program and counts its steps."""

    def __init__(self) -> None:
        self.steps = 0

    def step(self, value: Any, kind: type, where: str, depth: int) -> Step:
        checked(value, "object", where)
        self.steps += 1
        if depth >= MAX_DEPTH or self.steps > MAX_STEPS:
            raise InputError(f"{where}: a program has at most {MAX_STEPS} steps and {MAX_DEPTH} levels")
        operation = value.get("op")
        if operation not in _KINDS[kind]:
            raise InputError(f"{where}.op: found {operation!r}; expected one of {', '.join(_KINDS[kind])}")
        step = BY_OPERATION[operation]
        known = {item.name: item for item in fields(step)}  # type: ignore[arg-type]
        for key in value:
            if key not in known and key != "op":
                raise InputError(f"{where}: {operation} has no field {key!r}; it has {', '.join(known) or 'none'}")
        given: dict[str, Any] = {}
        for name, item in known.items():
            if name in value:
                given[name] = self.argument(value[name], _hints(step)[name], f"{where}.{name}", depth)
            elif required(item):
                raise InputError(f"{where}: {operation} needs the field {name!r}")
        return step(**given)

    def argument(self, value: Any, kind: Any, where: str, depth: int) -> Any:
        origin = get_origin(kind)
        if origin is UnionType:
            if value is None:
                return None
            kind = next(option for option in get_args(kind) if option is not NoneType)
            return self.argument(value, kind, where, depth)
        if origin is Literal:
            if value not in get_args(kind):
                raise InputError(f"{where}: found {value!r}; expected one of {', '.join(get_args(kind))}")
            return value
        if origin is tuple:
            checked(value, "list", where)
            if len(value) > MAX_NAMES:
                raise InputError(f"{where}: {len(value)} entries; at most {MAX_NAMES} are read")
            inner = get_args(kind)[0]
            return tuple(self.argument(item, inner, f"{where}[{at}]", depth) for at, item in enumerate(value))
        if kind is Predicate:
            return self.predicate(value, where, depth)
        if isinstance(kind, type) and issubclass(kind, Step):
            return self.step(value, kind, where, depth + 1)
        return checked(value, {str: "text", int: "whole number", float: "number", bool: "flag"}[kind], where)

    def predicate(self, value: Any, where: str, depth: int) -> Predicate:
        if isinstance(value, str):  # what a person or a language model writes first
            return Predicate((value,), word=value)
        checked(value, "object", where)
        for key in value:
            if key not in {"forward", "converse", "word"}:
                raise InputError(f"{where}: unknown key {key!r}; expected forward, converse")
        forward, converse = (
            self.argument(value.get(key, []), tuple[str, ...], f"{where}.{key}", depth)
            for key in ("forward", "converse")
        )
        return Predicate(forward, converse, checked(value.get("word", ""), "text", f"{where}.word"))


def _hints(step: type[Step]) -> dict[str, Any]:
    return _ALL_HINTS[step]


def _plain(value: Any) -> Any:
    if isinstance(value, Step):
        return to_json(value)
    if isinstance(value, Predicate):
        return {
            key: list(entry) if isinstance(entry, tuple) else entry
            for key, entry in (("forward", value.forward), ("converse", value.converse), ("word", value.word))
            if entry
        }
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _step_schema(step: type[Step]) -> dict[str, Any]:
    shown = step.fields()
    return {
        "type": "object",
        "properties": {
            "op": {"const": step.operation()},
            **{item.name: _argument_schema(item.name, _hints(step)[item.name]) for item in shown},
        },
        "required": ["op", *(item.name for item in shown if required(item))],
        "additionalProperties": False,
    }


def _argument_schema(name: str, kind: Any) -> dict[str, Any]:
    origin = get_origin(kind)
    if origin is UnionType:
        inner = next(option for option in get_args(kind) if option is not NoneType)
        return {"anyOf": [_argument_schema(name, inner), {"type": "null"}]}
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin is tuple:
        inner = get_args(kind)[0]
        named = {"categories": "category", "nodes": "node_id"}
        plain = inner in (str, int) and name in named
        items = {"$ref": f"#/$defs/{named[name]}"} if plain else _argument_schema(name, inner)
        return {"type": "array", "items": items}
    if kind is Predicate:
        return {"$ref": "#/$defs/predicate"}
    if isinstance(kind, type) and issubclass(kind, Step):
        return {"$ref": f"#/$defs/{kind.__name__.lower()}"}
    return {"type": {str: "string", int: "integer", float: "number", bool: "boolean"}[kind]}
