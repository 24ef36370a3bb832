"""An answer as JSON in the form that the caller's schema describes.

Properties are filled by their names: `count`, `nodes`, `subject`, `box`, `confidence` and so on mean what
they say, under their usual other names too (`assistant.answer_facts`). Values come from the answer and its
evidence only. What the answer does not hold becomes null where the schema allows that, is left out where it
is not required, and is an error otherwise; nothing is made up to please a schema.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from assistant.answer_facts import AnswerFacts, Facts, Parts, answer_facts, found, known, spelled
from assistant.answers import GroundedAnswer
from assistant.index import GraphIndex
from assistant.names import plain
from scenegraph import InputError

MAX_DEPTH = 24

MAX_PARTS = 2000
"""Schemas within a schema; checking one takes about a millisecond."""

MAX_STEPS = 20_000
"""Parts of a schema that are tried, and references that are followed: a short one may ask for endless work."""

_FORBIDDEN = ("pattern", "patternProperties", "$dynamicRef", "$recursiveRef", "$id")
"""Patterns of a caller may take for ever to match, and answers need none; references stay within the schema."""

_NAMED = ("properties", "$defs", "definitions", "dependentSchemas")
"""Keywords whose keys are names."""

_DATA = ("const", "enum", "default", "examples", "required", "dependentRequired")
"""Keywords that hold no schemas."""

_TAGS = ("type", "kind", "object")
"""Names of properties that also tell objects of a schema apart."""


def fill(schema: Mapping[str, Any], answer: GroundedAnswer, index: GraphIndex) -> Any:
    """The answer in the form of a JSON Schema.

    Args:
        schema: what the caller wants; references within the schema are followed, others are not.
        answer: an answer about the graph of `index`.
        index: the graph.

    Returns:
        Plain JSON values that the schema accepts.

    Raises:
        InputError: the schema is none, has patterns, asks for what the answer does not hold, or for endless work.
    """
    _check(schema)
    categories = frozenset(map(plain, index.graph.vocabulary.categories))
    try:
        value = _Filler(schema, categories).fit(schema, answer_facts(answer, index), "answer", 0)
        _validator(schema).validate(value)
    except ValidationError as error:
        raise InputError(f"the answer does not fit the schema: {error.message[:300]}") from None
    except RecursionError:
        raise InputError("response schema: it refers to itself without end") from None
    return value


def _check(schema: Mapping[str, Any]) -> None:
    for number, (part, depth) in enumerate(_parts(schema, 0)):
        if number >= MAX_PARTS:
            raise InputError(f"response schema: it has more than {MAX_PARTS} parts")
        forbidden = next((key for key in _FORBIDDEN if key in part and (part is not schema or key != "$id")), None)
        if forbidden is not None or depth > MAX_DEPTH:
            what = f"{forbidden!r} is not supported" if forbidden else f"it is nested more than {MAX_DEPTH} levels"
            raise InputError(f"response schema: {what}")
        if "$ref" in part:
            _referenced(schema, part["$ref"])
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        raise InputError(f"response schema: {error.message[:300]}") from None


def _parts(schema: Any, depth: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    """The schemas within a schema, itself first, with how deep they stand."""
    if isinstance(schema, list):
        for each in schema:
            yield from _parts(each, depth)
    elif isinstance(schema, Mapping):
        yield schema, depth
        for key, inner in schema.items() if depth <= MAX_DEPTH else ():
            if key in _NAMED and isinstance(inner, Mapping):
                yield from _parts(list(inner.values()), depth + 1)
            elif key not in _DATA:
                yield from _parts(inner, depth + 1)


def _referenced(root: Mapping[str, Any], reference: Any) -> Any:
    """The schema that a reference names.

    Raises:
        InputError: it is elsewhere, or is not there.
    """
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise InputError(f"response schema: only references within it are followed, not {str(reference)[:80]!r}")
    place: Any = root
    for part in filter(None, reference[1:].split("/")):
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(place, list) and key.isdecimal() and int(key[:9]) < len(place):
            place = place[int(key[:9])]
        elif isinstance(place, Mapping) and key in place:
            place = place[key]
        else:
            raise InputError(f"response schema: it has no {reference[:80]!r}")
    if not isinstance(place, Mapping | bool):
        raise InputError(f"response schema: {reference[:80]!r} is no schema")
    return place


def _validator(schema: Mapping[str, Any]) -> Any:
    """A validator that follows so many references and no more."""
    left = MAX_STEPS
    follow = Draft202012Validator.VALIDATORS["$ref"]

    def counted(validator: Any, reference: Any, instance: Any, part: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise InputError("response schema: it refers to itself too often")
        yield from follow(validator, reference, instance, part) or ()

    return extend(Draft202012Validator, {"$ref": counted})(schema, registry=Registry())


class _Filler:
    """Fits facts to one schema."""

    def __init__(self, root: Mapping[str, Any], categories: frozenset[str]) -> None:
        self.root = root
        self.categories = categories
        self.left = MAX_STEPS
        self._kinds: dict[str, Callable[..., Any]] = {
            "object": self._object,
            "array": self._array,
            "string": _text,
            "integer": _whole,
            "number": _number,
            "boolean": _flag,
            "null": _null,
        }

    def fit(self, schema: Any, value: Any, where: str, depth: int) -> Any:
        """A value in the form of a schema.

        Raises:
            InputError: it has no such form.
        """
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise InputError(f"{where}: the schema is nested too deeply")
        if not isinstance(schema, Mapping):
            return _plain(value)
        if "$ref" in schema:
            return self.fit(_referenced(self.root, schema["$ref"]), value, where, depth + 1)
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._first(options, value, where, depth)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kind, list):
            return self._first([{**schema, "type": each} for each in kind], value, where, depth)
        listed = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(value, AnswerFacts) and (listed is not None or kind not in (None, "object")):
            return self._named("answer", schema, value, where, depth)
        if listed is not None:
            return _chosen(listed, value, where)
        if kind is None and len(schema.get("allOf", ())) == 1:
            return self.fit(schema["allOf"][0], value, where, depth + 1)
        return _plain(value) if kind is None else self._kinds[kind](value, where, schema, depth)

    def _first(self, options: list[Any], value: Any, where: str, depth: int) -> Any:
        problem: InputError | None = None
        for option in options:
            try:
                return self.fit(option, value, where, depth + 1)
            except InputError as error:
                problem = problem or error
        raise problem or InputError(f"{where}: the schema allows nothing")

    def _named(self, name: str, wanted: Any, facts: Facts, where: str, depth: int) -> Any:
        """What facts hold under a name, in the form that is wanted."""
        if isinstance(wanted, Mapping) and "const" in wanted and self._tags(name, wanted["const"]):
            return wanted["const"]
        problem = InputError(
            f"{where}: the answer holds nothing of that name; it has {', '.join(sorted(facts))}. "
            "Allow null where there may be nothing"
        )
        values = list(found(name, facts))
        if isinstance(wanted, Mapping) and wanted.get("type") == "array":
            values.sort(key=lambda value: not isinstance(value, list))
        for value in values:
            try:
                return self.fit(wanted, value, where, depth + 1)
            except InputError as error:
                problem = error
        raise problem

    def _tags(self, name: str, value: Any) -> bool:
        """Whether a constant says of what kind an object is, and nothing of the answer."""
        return not known(name) or (spelled(name) in _TAGS and plain(str(value)) not in self.categories)

    def _object(self, value: Any, where: str, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Mapping):
            raise InputError(f"{where}: the answer holds no object there")
        properties = schema.get("properties", {})
        if not properties:
            free = schema.get("additionalProperties") is not False
            return {key: _plain(each) for key, each in value.items()} if free else {}
        filled = {}
        for name, wanted in properties.items():
            try:
                filled[name] = self._named(name, wanted, value, f"{where}.{name}", depth)
            except InputError as problem:
                if name in schema.get("required", ()):
                    filled[name] = self._without(wanted, f"{where}.{name}", problem, depth)
        return filled

    def _without(self, wanted: Any, where: str, problem: InputError, depth: int) -> Any:
        """What a required property is where the answer holds nothing for it."""
        try:
            return self.fit(wanted, None, where, depth + 1)
        except InputError:
            raise problem from None

    def _array(self, value: Any, where: str, schema: Mapping[str, Any], depth: int) -> list[Any]:
        if isinstance(value, Parts):
            value = value.listed()
        values = value if isinstance(value, list) else [value] if value is not None else None
        if values is None:
            raise InputError(f"{where}: the answer holds no list there")
        most = schema.get("maxItems", len(values))
        items = schema.get("items", {})
        return [self.fit(items, each, f"{where}[{at}]", depth + 1) for at, each in enumerate(values[:most])]


def _chosen(options: list[Any], value: Any, where: str) -> Any:
    """The option that the answer names."""
    said = {plain(str(each)) for each in _names(value)}
    for option in options:
        if option is value or (isinstance(option, str) and plain(option) in said):
            return option
        if isinstance(option, bool | int | float) and not isinstance(value, str) and option == value:
            return option
    if value is None and None in options:
        return None
    raise InputError(f"{where}: the answer is none of {', '.join(map(str, options))[:200]}")


def _names(value: Any) -> Iterator[Any]:
    """What a value may be called: a node by its label, or by its category ("person" for person-1)."""
    if isinstance(value, Mapping):
        yield from (value[key] for key in ("label", "category") if key in value)
    elif isinstance(value, list) and len(value) == 1:
        yield from _names(value[0])
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    elif value is not None:
        yield value
        if isinstance(value, str):
            yield value.rpartition("-")[0]


def _text(value: Any, where: str, schema: Mapping[str, Any], depth: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Mapping) and "label" in value:
        return str(value["label"])
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    raise InputError(f"{where}: the answer holds no text there")


def _whole(value: Any, where: str, schema: Mapping[str, Any], depth: int) -> int:
    number = _number(value, where, schema, depth)
    if number != int(number):
        raise InputError(f"{where}: {number} is no whole number")
    return int(number)


def _number(value: Any, where: str, schema: Mapping[str, Any], depth: int) -> float:
    if isinstance(value, Mapping) and "id" in value:
        return int(value["id"])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise InputError(f"{where}: the answer holds no number there")


def _flag(value: Any, where: str, schema: Mapping[str, Any], depth: int) -> bool:
    if isinstance(value, bool):
        return value
    raise InputError(f"{where}: the answer is no yes or no")


def _null(value: Any, where: str, schema: Mapping[str, Any], depth: int) -> None:
    """Null stands for what the answer does not hold, never for what has another form."""
    if value is not None:
        raise InputError(f"{where}: the answer holds something there")


def _plain(value: Any) -> Any:
    if isinstance(value, Parts) and "x1" not in value:
        return value.listed()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
