"""Answers in the form of a caller's schema."""

import jsonschema
import pytest

from assistant import Assistant
from assistant.filling import fill
from scenegraph import InputError
from tests.assistant.scenes import birthday, riders
from tests.assistant.test_maps import room


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


LISTED = {"type": "array", "items": record(start=NUMBER, end=NUMBER)}


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
        ("Is there a dog?", record(type={"const": "answer"}, found={"const": True}), {"type": "answer", "found": True}),
        ("How many people are there?", record(answer={"type": ["string", "boolean", "null"]}), {"answer": "3"}),
        ("How many people are there?", record(answer={"type": ["null", "integer"]}), {"answer": 3}),
        ("What colour is the car?", record(color=TEXT), {"color": "blue"}),
        ("What colour is the car?", record(pattern={"type": ["string", "null"]}), {"pattern": None}),
        ("Who is riding the horse?", record(who={"allOf": [record(id=WHOLE, name=TEXT)]}),
         {"who": {"id": 0, "name": "person-1"}}),
        ("Who is riding the horse?", record(answer={"type": "array", "items": TEXT}), {"answer": ["person-1"]}),
        ("Who is riding the horse?", {"type": "array", "items": record(id=WHOLE)}, [{"id": 0}]),
        ("How many people are there?", WHOLE, 3),
        ("Is there a dog?", FLAG, True),
        ("Who is riding the horse?", TEXT, "person-1"),
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


@pytest.mark.parametrize(
    ("question", "schema", "value"),
    [
        ("How often does the adult hold the cup?", record(count=WHOLE), {"count": 2}),
        ("When does the dog chase the ball?", record(times=LISTED), {"times": [{"start": 3.6, "end": 5.6}]}),
        ("When does the dog chase the ball?", record(answer=LISTED), {"answer": [{"start": 3.6, "end": 5.6}]}),
        ("How long does the dog chase the ball?", record(seconds=NUMBER, unit=TEXT), {"seconds": 2.0, "unit": "s"}),
        ("How long does the dog chase the ball?", NUMBER, 2.0),
    ],
)
def test_times_and_quantities(question, schema, value):
    assert filled(Assistant(birthday()), question, schema) == value


def test_a_distance():
    value = filled(Assistant(room()), "How far is the lamp from the table?", record(metres=NUMBER))
    assert value["metres"] == pytest.approx(1.656, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "schema"),
    [
        ("Is the cow in the picture?", record(answer={"const": "yes"})),
        ("Is the cow in the picture?", {"anyOf": [record(found={"const": True}), record(found={"const": False})]}),
        ("Is the car red?", record(answer={"const": "yes"})),
        ("Who is riding the horse?", record(type={"const": "dog"})),
        ("How many people are there?", record(count={"const": 2})),
        ("Who is riding the horse?", record(answer=WHOLE)),
    ],
)
def test_a_constant_of_the_schema_is_no_answer(assistant, question, schema):
    with pytest.raises(InputError):
        filled(assistant, question, schema)


SELF = {"$ref": "#"}


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [SELF] * 10},
        {"oneOf": [{"type": "object"}, SELF]},
        {"oneOf": [TEXT, {"$ref": "#/$defs/0"}],
         "$defs": {str(at): {"allOf": [{"$ref": f"#/$defs/{at + 1}"}] * 2} for at in range(23)} | {"23": True}},
        {"$ref": "#/required", "required": ["answer"]},
        {"not": {"$ref": "http://127.0.0.1:1/schema.json"}},
        {"properties": {"a": {"$id": "http://127.0.0.1:1/schema.json", **TEXT}}},
        record(**{f"property {at}": {"type": ["string", "null"]} for at in range(3000)}),
    ],
)  # fmt: skip
def test_schemas_that_ask_for_endless_work_or_lead_elsewhere(assistant, schema):
    with pytest.raises(InputError):
        filled(assistant, "Who is riding the horse?", schema)
