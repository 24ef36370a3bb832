"""An answer as JSON in the form that the caller's schema describes.

Properties are filled by their names: `count`, `nodes`, `subject`, `box`, `confidence` and so on mean what
they say, under their usual other names too. Values come from the answer and its evidence only. What the
answer does not hold becomes null where the schema allows that, is left out where it is not required,
and is an error otherwise; nothing is made up to please a schema.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry

from assistant.answers import GroundedAnswer, NodeCitation, RelationCitation, Status
from assistant.index import GraphIndex
from assistant.names import plain
from scenegraph import InputError

MAX_DEPTH = 24
_FORBIDDEN = ("pattern", "patternProperties", "$dynamicRef")
"""Patterns of a caller may take for ever to match; answers need none."""

_OTHER_NAMES = {
    "short": ("answer", "value", "result", "final answer", "output", "choice", "option"),
    "text": ("explanation", "sentence", "response", "reply", "description", "rationale", "summary", "statement"),
    "yes": ("exists", "holds", "is true", "verdict", "present", "supported", "found", "answer", "result", "value"),
    "count": ("number", "total", "amount", "how many", "quantity", "answer", "result", "value"),
    "ids": ("node ids", "object ids", "answer ids"),
    "labels": ("names", "answers", "entities", "who", "what"),
    "nodes": ("objects", "things", "items", "detections", "instances", "people", "regions", "boxes"),
    "relations": ("triples", "triplets", "edges", "facts", "evidence", "claims", "citations", "relationships"),
    "score": ("confidence", "probability", "certainty"),
    "id": ("node", "node id", "object id", "identifier"),
    "label": ("name", "title", "tag", "entity"),
    "category": ("class", "type", "kind", "class name", "noun"),
    "box": ("bbox", "bounding box", "rectangle", "xyxy"),
    "mask": ("segmentation", "rle"),
    "predicate": ("relation", "verb", "relationship", "action", "activity"),
    "subject": ("actor", "agent", "source", "head"),
    "object": ("target", "patient", "tail"),
    "seconds": ("times", "intervals", "time ranges", "spans", "segments"),
    "start": ("start time", "from", "begin", "start seconds", "first second"),
    "end": ("end time", "to", "until", "stop", "end seconds", "last second"),
    "x1": ("left", "xmin", "x min", "x"),
    "y1": ("top", "ymin", "y min", "y"),
    "x2": ("right", "xmax", "x max"),
    "y2": ("bottom", "ymax", "y max"),
    "width": ("w",),
    "height": ("h",),
}
"""Our name of a value, and what callers call it."""

Facts = Mapping[str, Any]
"""Values by name; a value may be facts again (a node, a relation) or a list of them."""


def fill(schema: Mapping[str, Any], answer: GroundedAnswer, index: GraphIndex) -> Any:
    """The answer in the form of a JSON Schema.

    Args:
        schema: what the caller wants; references within the schema are followed, others are not.
        answer: an answer about the graph of `index`.
        index: the graph.

    Returns:
        Plain JSON values that the schema accepts.

    Raises:
        InputError: the schema is none, has patterns, or asks for what the answer does not hold.
    """
    _check(schema)
    value = _Filler(schema).fit(schema, _answer(answer, index), "answer", 0)
    validator = Draft202012Validator(schema, registry=Registry())
    try:
        validator.validate(value)
    except ValidationError as error:
        raise InputError(f"the answer does not fit the schema: {error.message[:300]}") from None
    return value


def _check(schema: Mapping[str, Any]) -> None:
    for key, depth in _keys(schema, 0):
        if key in _FORBIDDEN or depth > MAX_DEPTH:
            what = f"{key!r} is not supported" if key in _FORBIDDEN else f"it is nested more than {MAX_DEPTH} levels"
            raise InputError(f"response schema: {what}")
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        raise InputError(f"response schema: {error.message[:300]}") from None


def _keys(value: Any, depth: int) -> Iterator[tuple[str, int]]:
    if depth > MAX_DEPTH + 1:
        yield "", depth
        return
    for key, inner in value.items() if isinstance(value, Mapping) else (("", each) for each in value):
        yield str(key), depth
        if isinstance(inner, Mapping | list):
            yield from _keys(inner, depth + 1)


class _Filler:
    """Fits facts to one schema."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
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
        if depth > MAX_DEPTH:
            raise InputError(f"{where}: the schema is nested too deeply")
        if not isinstance(schema, Mapping):
            return _plain(value)
        if "$ref" in schema:
            return self.fit(self._referenced(schema["$ref"], where), value, where, depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _chosen(schema["enum"], value, where)
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._first(options, value, where, depth)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind is None:
            return _plain(value)
        if isinstance(kind, list):
            return self._first([{**schema, "type": each} for each in kind], value, where, depth)
        return self._kinds[kind](value, where, schema, depth)

    def _first(self, options: list[Any], value: Any, where: str, depth: int) -> Any:
        problem: InputError | None = None
        # null comes last: it would take everything.
        for option in sorted(options, key=lambda option: isinstance(option, Mapping) and option.get("type") == "null"):
            try:
                return self.fit(option, value, where, depth + 1)
            except InputError as error:
                problem = problem or error
        raise problem or InputError(f"{where}: the schema allows nothing")

    def _referenced(self, reference: Any, where: str) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise InputError(f"{where}: only references within the schema are followed, not {str(reference)[:80]!r}")
        found: Any = self.root
        for part in filter(None, reference[1:].split("/")):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or key not in found:
                raise InputError(f"{where}: the schema has no {reference[:80]!r}")
            found = found[key]
        return found

    def _object(self, value: Any, where: str, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise InputError(f"{where}: the answer holds no object there")
        properties = schema.get("properties", {})
        if not properties:
            return {key: _plain(each) for key, each in value.items()}
        filled = {}
        for name, wanted in properties.items():
            problem = InputError(
                f"{where}.{name}: the answer holds nothing of that name; it has {', '.join(sorted(value))}. "
                "Allow null where there may be nothing"
            )
            for found in _found(name, value):
                try:
                    filled[name] = self.fit(wanted, found, f"{where}.{name}", depth + 1)
                    break
                except InputError as error:
                    problem = error
            else:
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
        if isinstance(value, _Box):
            value = [value[edge] for edge in ("x1", "y1", "x2", "y2")]
        values = value if isinstance(value, list) else [value] if value is not None else None
        if values is None:
            raise InputError(f"{where}: the answer holds no list there")
        most = schema.get("maxItems", len(values))
        items = schema.get("items", {})
        return [self.fit(items, each, f"{where}[{at}]", depth + 1) for at, each in enumerate(values[:most])]


def _found(name: str, facts: Facts) -> Iterator[Any]:
    """Values that a name may mean, the likeliest first."""
    wanted = plain(name).replace("-", " ")
    if wanted in facts:
        yield facts[wanted]
    for ours, others in _OTHER_NAMES.items():
        if wanted in others and ours in facts:
            yield facts[ours]


def _answer(answer: GroundedAnswer, index: GraphIndex) -> Facts:
    """The values of an answer; those that it does not have are absent."""
    answered = answer.status is Status.ANSWERED
    cited = [citation for citation in answer.citations if isinstance(citation, NodeCitation)]
    meant = [citation for citation in cited if citation.node in answer.nodes] if answer.nodes else cited
    ties = [citation for citation in answer.citations if isinstance(citation, RelationCitation)]
    nodes = {citation.node: _node(citation, index) for citation in cited}
    facts: dict[str, Any] = {
        "text": answer.text,
        "question": answer.question,
        "status": str(answer.status),
        "reason": None if answer.reason is None else str(answer.reason),
        "nodes": [nodes[citation.node] for citation in meant],
        "cited nodes": list(nodes.values()),
        "relations": [_relation(citation, index) for citation in ties],
        "ids": [citation.node for citation in meant],
        "labels": [index.label(citation.node) for citation in meant],
        "seconds": [list(span) for citation in ties for span in citation.seconds],
    }
    if answered:
        facts["short"] = answer.short
        if answer.short in ("yes", "no"):
            facts["yes"] = answer.short == "yes"
        elif answer.short.isdigit():
            facts["count"] = int(answer.short)
        else:
            facts["count"] = len(answer.nodes) or None
        if ties:
            facts |= {key: each for key, each in facts["relations"][0].items() if key not in facts}
        if len(answer.nodes) == 1 and meant:
            facts |= {key: each for key, each in facts["nodes"][0].items() if key not in facts or key == "score"}
        if answer.confidence is not None:
            facts["score"] = answer.confidence
    return {key: each for key, each in facts.items() if each is not None}


def _node(citation: NodeCitation, index: GraphIndex) -> Facts:
    node = index.graph.node(citation.node)
    facts: dict[str, Any] = {plain(str(name)): value for name, value in node.attributes.items()}
    facts |= {
        "attributes": dict(node.attributes),
        "id": citation.node,
        "label": index.label(citation.node),
        "category": index.graph.category_name(citation.node),
        "score": citation.score,
        "frame": citation.frame,
    }
    segment = node.region.segment(citation.frame)
    if segment is not None and segment.mask is not None:
        facts["mask"] = segment.mask.to_coco()
    if citation.box is not None:
        x1, y1, x2, y2 = citation.box
        facts["box"] = _Box(x1=x1, y1=y1, x2=x2, y2=y2, width=x2 - x1, height=y2 - y1)
    return facts


class _Box(dict[str, float]):
    """A box: an object with its edges, or a list of four numbers, xyxy."""


def _relation(citation: RelationCitation, index: GraphIndex) -> Facts:
    facts: dict[str, Any] = {
        "subject": {"id": citation.subject, "label": index.label(citation.subject)},
        "predicate": citation.predicate,
        "object": {"id": citation.object, "label": index.label(citation.object)},
        "sentence": citation.label,
        "score": citation.score,
        "seconds": [list(span) for span in citation.seconds],
        "frames": [list(span) for span in citation.spans],
    }
    if citation.seconds:
        facts |= {"start": citation.seconds[0][0], "end": citation.seconds[-1][1]}
    return facts


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
    """Null stands for whatever fits nothing else."""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
