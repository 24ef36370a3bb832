"""JSON Schemas of what the assistant gives out: the contract of `to_json()`."""

from typing import Any

from assistant.answers import Reason, Status, Verdict

_SPANS = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}
_SECONDS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_NODE = _object(
    {
        "kind": {"const": "node"},
        "node": {"type": "integer"},
        "label": {"type": "string"},
        "score": {"type": "number"},
        "frame": {"type": "integer"},
        "box": {"type": ["array", "null"], "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
    }
)
_RELATION = _object(
    {
        "kind": {"const": "relation"},
        "relation": {"type": "integer"},
        "subject": {"type": "integer"},
        "predicate": {"type": "string"},
        "object": {"type": "integer"},
        "label": {"type": "string"},
        "score": {"type": "number"},
        "spans": _SPANS,
        "seconds": _SECONDS,
    }
)
_CLAIM = _object(
    {
        "text": {"type": "string"},
        "verdict": {"enum": [str(verdict) for verdict in Verdict]},
        "subject": _or_null("integer"),
        "predicate": _or_null("string"),
        "object": _or_null("integer"),
        "citations": {"type": "array", "items": {"type": "integer"}},
    }
)
_MEASURE = _object(
    {
        "node": {"type": "integer"},
        "other": _or_null("integer"),
        "quantity": {"type": "string"},
        "value": {"type": "number"},
        "error": _or_null("number"),
        "unit": _or_null("string"),
        "frames": _SPANS,
    }
)
_CITATIONS = {"type": "array", "items": {"oneOf": [_NODE, _RELATION]}}
_PROGRAM = _object(
    {
        "author": {"enum": ["parser", "language model", "caller"]},
        "line": {"type": "string"},
        "tree": {"type": "object"},
        "trace": {"type": "array", "items": {"type": "string"}},
    }
)

ANSWER_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "groundgraph answer",
    **_object(
        {
            "schema": {"const": "groundgraph-answer/1"},
            "question": {"type": "string"},
            "text": {"type": "string"},
            "short": {"type": "string"},
            "status": {"enum": [str(status) for status in Status]},
            "reason": {"enum": [None, *(str(reason) for reason in Reason)]},
            "claims": {"type": "array", "items": _CLAIM},
            "citations": _CITATIONS,
            "evidence_count": {"type": "integer"},
            "program": {"anyOf": [_PROGRAM, {"type": "null"}]},
            "confidence": _or_null("number"),
            "nodes": {"type": "array", "items": {"type": "integer"}},
            "notes": {"type": "array", "items": {"type": "string"}},
            "options": {"type": "array", "items": {"type": "integer"}},
            "suggestion": _or_null("string"),
            "inference": _or_null("string"),
            "closed_world": {"type": "boolean"},
            "source": {"type": ["object", "null"]},
            "measures": {"type": "array", "items": _MEASURE},
        }
    ),
}
"""Of `GroundedAnswer.to_json()`."""

VERIFICATION_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "groundgraph verification",
    **_object(
        {
            "schema": {"const": "groundgraph-verification/1"},
            "supported": {"type": "boolean"},
            "claims": {"type": "array", "items": _CLAIM},
            "citations": _CITATIONS,
            "unread": {"type": "array", "items": {"type": "string"}},
        }
    ),
}
"""Of `Verification.to_json()`."""
