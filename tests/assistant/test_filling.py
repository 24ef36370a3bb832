"""Answers in the form of a caller's schema."""

import jsonschema
import pytest

from assistant import Assistant
from assistant.filling import fill
from scenegraph import InputError
from tests.assistant.scenes import birthday, riders


@pytest.fixture(scope="module")
def assistant():
    return Assistant(riders())


def record(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TEXT, WHOLE, NUMBER, FLAG = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))


def filled(assistant, question, schema):
    value = fill(schema, assistant.ask(question), assistant.index)
    jsonschema.validate(value, schema)
    return value


@pytest.mark.parametrize(
    ("question", "schema", "value"),
    [
        ("How many people are there?", record(count=WHOLE), {"count": 3}),
        ("How many people are there?", record(answer=WHOLE), {"answer": 3}),
        ("How many people are there?", record(howMany=NUMBER), {"howMany": 3}),
        ("Is there a dog?", record(exists=FLAG), {"exists": True}),
        ("Is the car red?", record(answer=FLAG), {"answer": False}),
        ("Is there a dog?", record(answer={"enum": ["Yes", "No"]}), {"answer": "Yes"}),
        ("Who is riding the horse?", record(node_id=WHOLE, label=TEXT), {"node_id": 0, "label": "person-1"}),
        ("Who is riding the horse?", record(choice={"enum": ["dog", "person"]}), {"choice": "person"}),
        ("Who is riding the horse?", record(subject=WHOLE, object=WHOLE), {"subject": 0, "object": 2}),
        ("What colour is the car?", record(answer=TEXT), {"answer": "blue"}),
        ("What colour is the horse?", record(objects={"type": "array", "items": record(colour=TEXT)}),
         {"objects": [{"colour": "brown"}]}),
        ("Who is riding the horse?", record(box=record(x=NUMBER, y=NUMBER, width=NUMBER, height=NUMBER)),
         {"box": {"x": 14, "y": 8, "width": 6, "height": 14}}),
        ("Which people are there?", record(names={"type": "array", "items": TEXT, "maxItems": 2}),
         {"names": ["person-1", "person-2"]}),
        ("Who is riding the bicycle?", record(subject={"type": ["string", "null"]}, status=TEXT),
         {"subject": None, "status": "unanswerable"}),
        ("Who is riding the bicycle?", record(count={"anyOf": [{"type": "null"}, WHOLE]}), {"count": None}),
        ("Is there a dog?", record(version={"const": 2}), {"version": 2}),
    ],
)  # fmt: skip
def test_values_by_their_names(assistant, question, schema, value):
    assert filled(assistant, question, schema) == value


def test_relations_with_references_and_times():
    schema = {
        "$defs": {"fact": record(subject=TEXT, predicate=TEXT, object=TEXT, start=NUMBER, end=NUMBER)},
        **record(facts={"type": "array", "items": {"$ref": "#/$defs/fact"}}),
    }
    value = filled(Assistant(birthday()), "When does the dog chase the ball?", schema)
    fact = {"subject": "dog-1", "predicate": "chasing", "object": "ball-1", "start": 3.6, "end": 5.6}
    assert value == {"facts": [fact]}


def test_what_is_not_required_is_left_out(assistant):
    schema = {"type": "object", "properties": {"answer": TEXT, "mood": TEXT}, "required": ["answer"]}
    assert filled(assistant, "Who is riding the horse?", schema) == {"answer": "person-1"}


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (record(mood=TEXT), "mood"),
        (record(answer=FLAG), "answer"),
        (record(answer={"enum": ["cat", "cow"]}), "none of cat, cow"),
        (record(answer={"type": "string", "pattern": "(a+)+$"}), "'pattern' is not supported"),
        ({"$ref": "http://127.0.0.1:1/schema.json"}, "only references within"),
        ({"$ref": "#/nothing"}, "has no"),
        ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "nested too deeply"),
        ({"type": "tree"}, "response schema"),
        ({"type": "string", "minLength": 500}, "does not fit"),
        (record(a=record(b=record(c=TEXT))), "answer.a"),
    ],
)
def test_schemas_that_cannot_be_filled(assistant, schema, message):
    with pytest.raises(InputError, match=message):
        filled(assistant, "Who is riding the horse?", schema)


def test_a_schema_of_a_thousand_levels(assistant):
    schema = TEXT
    for _ in range(400):
        schema = record(a=schema)
    with pytest.raises(InputError, match="nested more than"):
        filled(assistant, "Is there a dog?", schema)
