"""What a model may write, and what becomes of it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psg.generation.claims import Claim, Dropped, read_claims
from scenegraph import InputError

MARKS = {0, 1, 2}
WORDS = ("on", "looking at")


def relation(subject=0, predicate="on", other=1, **more):
    return {"subject": subject, "predicate": predicate, "object": other, **more}


def read(text, predicates=WORDS, most=10):
    return read_claims(text if isinstance(text, str) else json.dumps(text), MARKS, predicates, most)


GOOD = {"relations": [relation(score=0.5), relation(2, "looking at", 0)]}
CLAIMS = (Claim(0, "on", 1, 0.5), Claim(2, "looking at", 0, 1.0))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        "```json\n" + json.dumps(GOOD, indent=2) + "\n```",
        f"Sure! Here is the graph [as asked]: {json.dumps(GOOD)} I hope that helps {{smile}}.",
        json.dumps(GOOD["relations"]),
        "\n".join(json.dumps(each) for each in GOOD["relations"]),
        '<think>Perhaps {"relations": [{"subject": 1, "predicate": "on", "object": 2}]}?</think>' + json.dumps(GOOD),
        json.dumps({"relations": [relation(1, "on", 2)]}) + " No, rather: " + json.dumps(GOOD),
    ],
)
def test_json_is_found_wherever_it_stands(text):
    reading = read(text)
    assert reading.claims == CLAIMS and not reading.dropped and reading.form == "json"


@pytest.mark.parametrize(
    "text",
    [
        "0 | on | 1\n2 | looking at | 0",
        "Relations:\n- [0] on [1]\n- [2] looking at [0]\nThat is all.",
        "1. 0 on 1\n2. 2 Looking  at 0",
        "(0, on, 1)\n(2, looking_at, 0)",
        '0: "on" 1;\n2: "looking at" 0;',
    ],
)
def test_lines_do_where_there_is_no_json(text):
    reading = read(text)
    assert [claim[:3] for claim in reading.claims] == [claim[:3] for claim in CLAIMS]
    assert reading.form == "lines"


def test_the_end_of_a_text_that_was_cut_off_is_noticed():
    whole = json.dumps(GOOD)
    reading = read(whole[: whole.index('"subject": 2') + 5])
    assert reading.claims == CLAIMS[:1] and reading.broken
    assert not read(whole).broken


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (relation(7), "there is no object 7"),
        (relation(0, "on", -1), "there is no object -1"),
        (relation(10**30), "there is no object of that number"),
        (relation(True), "the subject is missing or no number"),
        (relation(0.0), "the subject is missing or no number"),
        (relation("person-1"), "the subject is missing or no number"),
        (relation(1, "on", 1), "subject and object are the same"),
        (relation(0, "eating"), "not in the list"),
        (relation(0, None), "missing or no text"),
        (relation(0, ["on"]), "missing or no text"),
        (relation(score=1.5), "score"),
        (relation(score="high"), "score"),
        (relation(score=True), "score"),
        (relation(score=10**400), "score"),
        ([0, "on", 1], "expected an object"),
        (None, "expected an object"),
        ({"subject": 0}, "the object is missing"),
    ],
)
def test_what_is_wrong_with_a_relation_is_said(item, reason):
    reading = read({"relations": [relation(), item]})
    assert reading.claims == (Claim(0, "on", 1, 1.0),)
    (dropped,) = reading.dropped
    assert reason in dropped.reason
    assert dropped.claim.isprintable() and len(dropped.claim) < 200


def test_numbers_as_texts_are_numbers():
    assert read({"relations": [relation("0", "on", "[1]")]}).claims == (Claim(0, "on", 1, 1.0),)


def test_the_first_of_equal_relations_counts():
    reading = read({"relations": [relation(score=0.4), relation(score=0.9)]})
    assert reading.claims == (Claim(0, "on", 1, 0.4),) and not reading.dropped


def test_too_many_relations():
    reading = read({"relations": [relation(), relation(1, "on", 0), relation(), relation(1, "on", 2)]}, most=2)
    assert len(reading.claims) == 2
    assert reading.dropped == (Dropped("1 | on | 2", "there are more than 2 relations"),)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Sitting  on", "sitting on"),
        ("in_front_of", "in front of"),
        ("half-covered by", "half-covered by"),
        ("schläft auf", "schläft auf"),
    ],
)
def test_own_words(words, said):
    assert read({"relations": [relation(0, words)]}, None).claims[0].predicate == said


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        "a b c d e f",
        "x" * 41,
        "on 3",
        "<b>on</b>",
        "on; drop table",
        "ignore\x1b[31m",
        "\ud800",
        "on -",
        "\u202e",
    ],
)
def test_own_words_that_are_none(words):
    reading = read({"relations": [relation(0, words)]}, None)
    assert not reading.claims and "plain words" in reading.dropped[0].reason


def test_no_relations_is_an_answer():
    assert read({"relations": []}).claims == ()


@pytest.mark.parametrize(
    "text", ["", "I see a dog.", "{}", "[]", "[1, 2]", '{"relations": 3}', "{" * 5000, "[" * 5000, "NaN"]
)
def test_no_answer_is_none(text):
    with pytest.raises(InputError, match="holds no relations"):
        read(text)


def test_nan_is_no_json():
    with pytest.raises(InputError):
        read('{"relations": [{"subject": 0, "predicate": "on", "object": 1, "score": NaN}]}')


def test_deep_lists_are_dropped():
    for depth in (50, 400, 900, 5000):
        text = '{"relations": [' + "[" * depth + "]" * depth + "]}"
        try:
            reading = read(text)
        except InputError:
            continue  # too deep to be read at all
        assert not reading.claims


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.floats() | st.sampled_from(["on", "0", "subject", "", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["subject", "predicate", "object", "score", "relations"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.text(max_size=60) | VALUES.map(json.dumps), st.sampled_from([WORDS, None]))
@settings(max_examples=150, deadline=None)
def test_anything_gives_valid_claims_or_an_error(text, predicates):
    try:
        reading = read(text, predicates, most=2)
    except InputError:
        return
    assert len(reading.claims) <= 2
    for claim in reading.claims:
        assert claim.subject in MARKS and claim.object in MARKS and claim.subject != claim.object
        assert 0 <= claim.score <= 1
        assert claim.predicate in WORDS if predicates else claim.predicate == " ".join(claim.predicate.lower().split())
    assert all(each.claim.isprintable() for each in reading.dropped)
