import json

import jsonschema
import numpy as np
import pytest

from assistant import program_json
from assistant.programs import During, Exists, Frames, Seconds, Which
from assistant.steps import Find, Pick, Predicate, Related, The
from scenegraph import InputError
from tests.assistant.graphs import VOCABULARY
from tests.assistant.random_programs import random_question

RIDER = Which(Related(Find(("person",)), Predicate(("riding",)), The(Find(("horse",)))))


def test_one_line_form():
    assert RIDER.line == "which(related(find(person), riding, the(find(horse))))"
    assert Find(None).line == "find(anything)"
    assert Find((), word="unicorn").line == "find(nothing called unicorn)"
    assert Predicate(("on",), ("over",)).flipped().line == "over|~on"
    assert During(Exists(Pick((3,))), Seconds(1.0)).line == "during(exists(pick(3)), seconds(1))"


def test_words_do_not_count_when_programs_are_compared():
    assert Find(("person",), word="man") == Find(("person",), word="somebody")
    assert Predicate(("looking at",), word="watching") == Predicate(("looking at",))


def test_flipping_twice_gives_the_predicate_back():
    predicate = Predicate(("behind",), ("in front of",), "behind")
    assert predicate.flipped().flipped() == predicate
    assert predicate.flipped().flipped().word == "behind"


def test_json_round_trip_and_schema():
    schema = program_json.schema(VOCABULARY.categories, VOCABULARY.predicates)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for seed in range(60):
        question = random_question(np.random.default_rng(seed), timed=True)
        written = json.loads(json.dumps(program_json.to_json(question)))
        assert program_json.from_json(written) == question
        assert validator.is_valid(written), question.line
    assert not validator.is_valid({"op": "which", "nodes": {"op": "find", "categories": ["unicorn"]}})


def test_a_predicate_may_be_written_as_its_name():
    tree = program_json.to_json(RIDER)
    tree["nodes"]["predicate"] = "riding"
    assert program_json.from_json(tree) == RIDER


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "program: expected an object, found 3"),
        ({"op": "erase"}, "program.op: found 'erase'; expected one of exists"),
        ({"op": "find"}, "program.op: found 'find'"),
        ({"op": ["which"]}, "program.op: found"),
        ({"op": "which"}, "program: which needs the field 'nodes'"),
        ({"op": "which", "nodes": {"op": "find"}, "limit": 3}, "program: which has no field 'limit'"),
        ({"op": "which", "nodes": {"op": "find", "categories": [3]}}, "program.nodes.categories[0]: expected a text"),
        ({"op": "which", "nodes": {"op": "pick", "nodes": [True]}}, "program.nodes.nodes[0]: expected a whole number"),
        ({"op": "is_placed", "nodes": {"op": "find"}, "direction": "near", "others": {"op": "find"}}, "direction"),
        ({"op": "which", "nodes": {"op": "find", "categories": ["a"] * 2000}}, "at most 1000"),
    ],
)
def test_errors_name_the_place(value, message):
    with pytest.raises(InputError) as caught:
        program_json.from_json(value)
    assert message in str(caught.value)


def test_deep_and_long_programs_are_refused():
    nested = {"op": "find"}
    for _ in range(50):
        nested = {"op": "the", "nodes": nested}
    with pytest.raises(InputError, match="levels"):
        program_json.from_json({"op": "which", "nodes": nested})
    with pytest.raises(InputError, match="steps"):
        program_json.from_json({"op": "all_of", "questions": [{"op": "exists", "nodes": {"op": "find"}}] * 200})


def test_windows_may_be_open():
    assert Frames(3).line == "frames(3)"
    assert program_json.from_json(program_json.to_json(During(RIDER, Frames(3)))) == During(RIDER, Frames(3))
