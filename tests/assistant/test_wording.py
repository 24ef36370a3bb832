"""Benchmarks say in words how they want an answer, and send pictures without the name of a graph."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from assistant import Assistant
from assistant.serving.recognising import KnownPictures
from assistant.serving.wording import read_wording
from assistant.short_answers import letter, short_answer
from scenegraph import InputError
from tests.assistant.running import running
from tests.assistant.scenes import HEIGHT, WIDTH, birthday, riders

openai = pytest.importorskip("openai")
pytest.importorskip("fastapi")

from assistant.serving.app import create_app  # noqa: E402
from assistant.serving.library import Library  # noqa: E402

OPTIONS = "What is the dog chasing?\nA. cat\nB. sports ball\nC. cup"
DIRECTLY = "Answer with the option's letter from the given choices directly."


@pytest.mark.parametrize(
    ("text", "question", "form"),
    [
        ("Who runs?", "Who runs?", "sentences"),
        ("Who runs?\nAnswer the question using a single word or phrase.", "Who runs?", "short"),
        ("Is there a cat? Please answer yes or no.", "Is there a cat?", "short"),
        ("Look at the image carefully and count the objects. Answer with just a number, without any additional text. "
         "How many cats?", "How many cats?", "short"),
        (f"{OPTIONS}\n{DIRECTLY}", OPTIONS, "letter"),
        (f"{OPTIONS}\nPlease answer directly with only the letter of the correct option and nothing else.", OPTIONS,
         "letter"),
        ("Note: You only need to respond with A, B without providing any additional information.\n\nHow many cats? "
         "Select from the following choices.\n(A) 1\n(B) 2", "How many cats?\n(A) 1\n(B) 2", "letter"),
        ("What is written in the letter?", "What is written in the letter?", "sentences"),
        ("Who answers with a single word?", "Who answers with a single word?", "sentences"),
        (f'{OPTIONS}\nIf all the options are incorrect, answer "F. None of the above".\n{DIRECTLY}', OPTIONS, "letter"),
        ("If the given image is irrelevant to the question, say: The image and question are irrelevant.\nWho?", "Who?",
         "sentences"),
        (DIRECTLY, DIRECTLY, "letter"),  # nothing is left to ask: the question says so
        ("", "", "sentences"),
    ],
)  # fmt: skip
def test_instructions_are_told_from_the_question(text, question, form):
    wording = read_wording(text)
    assert (wording.question, wording.form, wording.schema) == (question, form, None)


def test_a_schema_in_the_text():
    wording = read_wording('Who runs?\nAnswer as JSON that follows this schema:\n{"type": "object"}\n')
    assert wording.question == "Who runs?" and wording.schema == {"type": "object"}
    for bad in ("{broken", "[1]", ""):
        with pytest.raises(InputError, match="schema in the text"):
            read_wording(f"Who runs? Answer as JSON that follows this schema: {bad}")


def test_long_lines_are_read_at_once():
    text = "answer " * 20_000
    assert read_wording(text).question == text.strip()


def test_short_answers_and_letters():
    complete = Assistant(riders(), closed_world=True)
    for question, short, chosen in (
        ("Who is riding the horse?", "person", None),
        ("Is there a zebra?", "no", None),
        (OPTIONS, "sports ball", "B"),
        ("What is the dog chasing?\nA. cat\nB. cup", None, None),
    ):
        answer = complete.ask(question)
        assert letter(answer) == chosen
        assert short is None or short_answer(complete, answer) == short
    assert short_answer(Assistant(riders()), Assistant(riders()).ask("Is there a zebra?")) != "no"


# --- the server ----------------------------------------------------------------------------------------------------


def picture(seed, height=HEIGHT, width=WIDTH):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def sent(array, kind="PNG"):
    content = io.BytesIO()
    Image.fromarray(array).save(content, kind)
    return {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"},
    }


@pytest.fixture(scope="module")
def client():
    pictures = (("riders", 0), ("birthday", 1), ("birthday", 2), ("birthday", 3), ("riders", 3))
    known = KnownPictures([(name, picture(seed)) for name, seed in pictures])
    library = Library.of({"riders": riders(), "birthday": birthday()}, known=known, closed_world=True)
    with (
        running(create_app(library)) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client,
    ):
        yield client


def asked(client, text, *pictures):
    content = [{"type": "text", "text": text}, *pictures]
    completion = client.chat.completions.create(
        model="scenegraph/picture", messages=[{"role": "user", "content": content}]
    )
    return completion.choices[0].message


def test_a_sent_picture_is_answered_from_its_own_graph(client):
    assert "scenegraph/picture" in [model.id for model in client.models.list()]
    assert asked(client, "Who is riding the horse?", sent(picture(0))).content == "person-1 is riding horse-1."
    again = sent(picture(0), "BMP")  # encoded in another way, the same pixels
    assert asked(client, f"{OPTIONS}\n{DIRECTLY}", again).content == "B"
    frames = [sent(picture(1)), sent(picture(2))]
    question = "Is there a cake? Answer the question using a single word or phrase."
    assert asked(client, question, *frames).content == "yes"
    assert asked(client, question.replace("cake", "zebra"), *frames).content == "no"


def test_pictures_of_no_graph_or_of_several_are_refused(client):
    for array, message in ((picture(9), "none of the served graphs"), (picture(3), "several graphs")):
        with pytest.raises(openai.BadRequestError, match=message):
            asked(client, "Who runs?", sent(array))
    with pytest.raises(openai.BadRequestError, match="schema in the text"):
        asked(client, "Who runs? Answer as JSON that follows this schema: {", sent(picture(0)))


def record(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def test_json_is_asked_for_in_the_text(client):
    mask = record(size={"type": "array"}, counts={"type": "string"})
    node = record(id={"type": "integer"}, category={"type": "string"}, mask=mask)
    relation = record(subject={"type": "integer"}, predicate={"type": "string"}, object={"type": "integer"})
    lists = {"cited_nodes": {"type": "array", "items": node}, "relations": {"type": "array", "items": relation}}
    schema = record(answer={"type": ["string", "null"]}, **lists)
    text = f"Who is riding the horse?\nAnswer as JSON that follows this schema:\n{json.dumps(schema)}"
    value = json.loads(asked(client, text, sent(picture(0))).content)
    assert value["relations"] == [{"subject": 0, "predicate": "riding", "object": 2}]
    assert {node["category"] for node in value["cited_nodes"]} == {"person", "horse"}
    assert all(node["mask"]["size"] == [HEIGHT, WIDTH] for node in value["cited_nodes"])
    unknown = json.loads(asked(client, text.replace("riding the horse", "riding the zebra"), sent(picture(0))).content)
    assert unknown["answer"] is None
