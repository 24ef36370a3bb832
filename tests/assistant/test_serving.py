"""The OpenAI-compatible server, asked by the unmodified `openai` client."""

import asyncio
import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from assistant import Assistant
from assistant.schemas import ANSWER_SCHEMA
from scenegraph import InputError
from tests.assistant.running import running
from tests.assistant.scenes import birthday, riders
from tests.factories import park

openai = pytest.importorskip("openai")
jsonschema = pytest.importorskip("jsonschema")
pytest.importorskip("fastapi")

from assistant.serving.app import create_app  # noqa: E402
from assistant.serving.library import Library  # noqa: E402

WHO = "Who is riding the horse?"


def photo(kind="PNG", size=(30, 20)):
    content = io.BytesIO()
    Image.fromarray(np.zeros((size[1], size[0], 3), dtype=np.uint8)).save(content, kind)
    return content.getvalue()


def predict(content):
    """A predictor that sees the park in every picture of its size."""
    from scenegraph.images import read_image

    if read_image(content).shape != (20, 30, 3):
        raise InputError("the picture is of another park")
    return park()


@pytest.fixture(scope="module")
def address():
    library = Library.of({"riders": riders(), "birthday": birthday()}, predict)
    with running(create_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0) as client:
        yield client


def ask(client, question, model="scenegraph/riders", **options):
    messages = question if isinstance(question, list) else [{"role": "user", "content": question}]
    return client.chat.completions.create(model=model, messages=messages, **options)


def test_models(client):
    names = [model.id for model in client.models.list()]
    assert names == ["scenegraph/birthday", "scenegraph/riders", "scenegraph/picture"]
    assert client.models.retrieve("scenegraph/riders").owned_by == "groundgraph"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("scenegraph/nobody")


def test_an_answer_with_its_evidence(client):
    completion = ask(client, WHO)
    message = completion.choices[0].message
    assert message.content == "person-1 is riding horse-1." and completion.choices[0].finish_reason == "stop"
    assert message.grounding == json.loads(json.dumps(Assistant(riders()).ask(WHO).to_json()))
    jsonschema.validate(message.grounding, ANSWER_SCHEMA)
    cited = [note.url_citation for note in message.annotations]
    assert [note.url for note in cited] == [
        "scenegraph://riders/relation/0",
        "scenegraph://riders/node/0#xywh=14,8,6,14",
        "scenegraph://riders/node/2#xywh=10,18,16,16",
    ]
    assert [message.content[note.start_index : note.end_index] for note in cited[1:]] == ["person-1", "horse-1"]
    usage = completion.usage
    assert usage.prompt_tokens > 3 and usage.completion_tokens > 3
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_times_are_in_the_address(client):
    message = ask(client, "When does the dog chase the ball?", "scenegraph/birthday").choices[0].message
    assert [each.url_citation.url for each in message.annotations[:2]] == [
        "scenegraph://birthday/relation/5#t=3.6,5.6",
        "scenegraph://birthday/node/9#t=2.4,2.6&xywh=34,24,8,9",
    ]


def test_a_stream(client):
    whole = ask(client, WHO).choices[0].message
    chunks = list(ask(client, WHO, stream=True, stream_options={"include_usage": True}))
    told = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(told) == whole.content and len(told) > 2
    last = next(chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason == "stop")
    assert last.choices[0].delta.grounding == whole.grounding
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens > 0
    assert not any(chunk.usage for chunk in ask(client, WHO, stream=True))


def test_the_asynchronous_client(address):
    async def talk():
        async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="unused") as client:
            answers = await asyncio.gather(*(ask(client, WHO) for _ in range(20)))
            stream = await ask(client, WHO, stream=True)
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
        return {answer.choices[0].message.content for answer in answers}, "".join(pieces)

    assert asyncio.run(talk()) == ({"person-1 is riding horse-1."}, "person-1 is riding horse-1.")


def test_follow_up_questions(client):
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": WHO},
        {"role": "assistant", "content": "dog-1 is."},
        {"role": "user", "content": [{"type": "text", "text": "And what is she holding?"}]},
    ]
    assert ask(client, messages).choices[0].message.content == "person-1 is holding umbrella-1."


def test_a_picture_becomes_a_graph(client):
    url = f"data:image/png;base64,{base64.b64encode(photo()).decode()}"
    parts = [{"type": "text", "text": "Who is holding the ball?"}, {"type": "image_url", "image_url": {"url": url}}]
    message = ask(client, [{"role": "user", "content": parts}], "scenegraph/picture").choices[0].message
    assert message.content == "person-1 is holding ball-1."
    assert message.annotations[0].url_citation.url.startswith("scenegraph://picture-")
    earlier = [{"role": "user", "content": parts}, {"role": "user", "content": "What is chasing it?"}]
    assert ask(client, earlier, "picture").choices[0].message.content == "dog-1 is chasing ball-1."
    parts[1]["image_url"]["url"] = url[:100] + "\n" + url[100:]  # some encoders break lines
    assert ask(client, [{"role": "user", "content": parts}], "picture").choices[0].message.content == message.content


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1:1/a.png",
            "file:///etc/passwd",
            "/etc/passwd",
            "data:text/plain;base64,aGk=",
            "data:image/png,x",
        ),
        *("data:image/png;base64,!!!", "data:image/png;base64,aGVsbG8=", "data:image/png;base64,"),
        f"data:image/png;base64,{base64.b64encode(photo(size=(9, 9))).decode()}",
    ],
)
def test_pictures_that_are_not_read(client, url):
    parts = [{"type": "text", "text": "Who?"}, {"type": "image_url", "image_url": {"url": url}}]
    with pytest.raises(openai.BadRequestError):
        ask(client, [{"role": "user", "content": parts}], "scenegraph/picture")


def decoded(part):
    return Image.open(io.BytesIO(base64.b64decode(part["image_url"]["url"].partition(",")[2])))


def test_kinds_of_answers(client):
    wanted = {"scenegraph": {"answer": ["mask", "picture", "clip", "trace"]}}
    message = ask(client, WHO, extra_body=wanted).choices[0].message
    mask, picture, clip = message.attachments
    area = np.array(decoded(mask))
    assert area.shape == (48, 64) and area[10, 16] == 255 and area[20, 40] == 0
    assert area.astype(bool).sum() == Assistant(riders()).graph.node(0).region.area
    assert decoded(picture).width >= 64 and clip["image_url"]["url"].startswith("data:image/png")
    assert "ANSWER = which" in message.content and message.content.startswith("person-1 is riding horse-1.")
    message = ask(client, "What is the dog chasing?", "scenegraph/birthday", extra_body=wanted).choices[0].message
    moving = decoded(message.attachments[2])
    assert moving.format == "GIF" and message.attachments[2]["frame"] == 18


def test_regions(client):
    here = {"scenegraph": {"regions": [{"point": [16, 12]}]}}
    assert ask(client, "What is this holding?", extra_body=here).choices[0].message.grounding["short"] == "umbrella-1"
    assert ask(client, "What is <point 16,12> holding?").choices[0].message.grounding["short"] == "umbrella-1"
    time = {"scenegraph": {"regions": [{"time": [4, 5]}]}}
    message = ask(client, "Is the dog chasing the ball?", "birthday", extra_body=time).choices[0].message
    assert message.grounding["short"] == "yes"
    with pytest.raises(openai.BadRequestError, match="outside the picture"):
        ask(client, "What is <point 900,900>?")


SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string"},
        "subject": {"type": "string"},
        "predicate": {"type": "string"},
        "object": {"type": "string"},
        "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
        "confidence": {"type": "number"},
    },
    "required": ["answer", "subject", "predicate", "object", "bbox", "confidence"],
    "additionalProperties": False,
}


def structured(schema):
    return {"type": "json_schema", "json_schema": {"name": "fact", "schema": schema, "strict": True}}


def test_json_in_the_form_of_the_callers_schema(client):
    message = ask(client, WHO, response_format=structured(SCHEMA)).choices[0].message
    filled = json.loads(message.content)
    jsonschema.validate(filled, SCHEMA)
    assert (filled["answer"], filled["subject"], filled["predicate"]) == ("person-1", "person-1", "riding")
    assert filled["bbox"] == [14, 8, 20, 22]
    anything = ask(client, WHO, response_format={"type": "json_object"}).choices[0].message
    assert json.loads(anything.content) == anything.grounding


def test_a_schema_that_cannot_be_filled(client):
    impossible = {"type": "object", "properties": {"weather": {"type": "number"}}, "required": ["weather"]}
    with pytest.raises(openai.BadRequestError, match="weather"):
        ask(client, WHO, response_format=structured(impossible))
    message = ask(client, "Who is riding the bicycle?", response_format=structured(SCHEMA)).choices[0].message
    assert message.content is None and "does not show" in message.refusal


def test_pydantic_models_of_the_client(client):
    pydantic = pytest.importorskip("pydantic")

    class People(pydantic.BaseModel):
        count: int
        labels: list[str]

    parsed = client.chat.completions.parse(
        model="scenegraph/riders",
        messages=[{"role": "user", "content": "How many people are there?"}],
        response_format=People,
    )
    assert parsed.choices[0].message.parsed == People(count=3, labels=["person-1", "person-2", "person-3"])


def test_unknown_models(client):
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client, WHO, "gpt-4")
    assert caught.value.code == "model_not_found" and "scenegraph/riders" in str(caught.value)
