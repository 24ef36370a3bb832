"""What a chat completion asks for, read from a request that is not trusted."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.regions import Region, regions_of
from assistant.serving.errors import Refusal
from assistant.serving.wording import AnswerForm, read_wording

MAX_MESSAGES = 200
MAX_TEXT = 200_000
"""Characters of one message. A question has a few hundred at most; what is longer gets the status "too long"."""

MAX_PICTURE = 16 << 20
"""Bytes of a picture file."""

Kind = Literal["text", "mask", "picture", "clip", "trace"]


class StreamOptions(BaseModel):
    """`stream_options` of the protocol."""

    include_usage: bool | None = None


class Extension(BaseModel):
    """What the protocol has no field for: `extra_body={"scenegraph": {...}}` of OpenAI's client."""

    model_config = ConfigDict(extra="forbid")

    regions: list[Any] = Field(default_factory=list, max_length=16)
    answer: list[Kind] = Field(default_factory=list, max_length=5)


class ChatMessage(BaseModel):
    """One message; parts are text or pictures."""

    role: str = Field(max_length=32)
    content: str | list[dict[str, Any]] | None = None


class ChatRequest(BaseModel):
    """The fields of a chat completion that mean something here; others are accepted and passed over.

    Many clients send null for what they leave out.
    """

    model: str = Field(min_length=1, max_length=300)
    messages: list[ChatMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    response_format: dict[str, Any] | None = None
    n: int | None = None
    scenegraph: Extension = Field(default_factory=Extension)


@dataclass(frozen=True)
class Asked:
    """A request that was read.

    Attributes:
        messages: role and text, as `Assistant.chat` takes them.
        picture: the bytes of the last picture that came, None if none came.
        regions: what the last question points at.
        kinds: kinds of answer beside the text.
        schema: a JSON Schema that the text follows; {} for any JSON; None for plain text.
        form: what the question itself asks of the text: sentences, a short answer, the letter of an option.
    """

    messages: list[dict[str, str]]
    picture: bytes | None
    regions: tuple[Region, ...]
    kinds: tuple[Kind, ...]
    schema: Mapping[str, Any] | None
    form: AnswerForm = "sentences"


def read_request(request: ChatRequest) -> Asked:
    """What a request asks.

    Raises:
        Refusal: it asks for what is not offered, or is malformed.
        InputError: a region is malformed, or a schema in the question.
    """
    if request.n not in (None, 1):
        raise Refusal(400, "n: answers are exact, so there is one only", "n")
    messages: list[dict[str, str]] = []
    picture: bytes | None = None
    for at, message in enumerate(request.messages):
        text, own = _content(message, f"messages[{at}]")
        picture = picture if own is None else own
        messages.append({"role": message.role, "content": text})
    if messages[-1]["role"] != "user":
        raise Refusal(400, "messages: the last one must be of the user", "messages")
    wording = read_wording(messages[-1]["content"])
    messages[-1]["content"] = wording.question
    schema = _schema(request.response_format)
    return Asked(
        messages,
        picture,
        regions_of(request.scenegraph.regions),
        tuple(dict.fromkeys(request.scenegraph.answer)),
        wording.schema if schema is None else schema,
        wording.form,
    )


def _content(message: ChatMessage, where: str) -> tuple[str, bytes | None]:
    """The text of a message, and its last picture."""
    if message.content is None or isinstance(message.content, str):
        text, picture = message.content or "", None
    else:
        texts: list[str] = []
        picture = None
        for at, part in enumerate(message.content):
            match part.get("type"):
                case ("text" | "refusal") as kind if isinstance(part.get(kind), str):
                    texts.append(part[kind])
                case "image_url":
                    picture = _picture(part.get("image_url"), f"{where}.content[{at}]")
                case kind:
                    raise Refusal(400, f"{where}.content[{at}]: a part of type {str(kind)[:40]!r} is not read", where)
        text = "\n".join(texts)
    if len(text) > MAX_TEXT:
        raise Refusal(400, f"{where}: {len(text)} characters; at most {MAX_TEXT} are read", where)
    return text, picture


def _picture(value: Any, where: str) -> bytes:
    """The bytes of a data address; no other address is opened."""
    url = value.get("url") if isinstance(value, dict) else value
    if not isinstance(url, str) or not url.startswith("data:image/"):
        raise Refusal(400, f"{where}: send the picture itself, as data:image/...;base64,...; addresses are not opened")
    head, comma, coded = url.partition(",")
    if not comma or not head.endswith(";base64"):
        raise Refusal(400, f"{where}: expected data:image/...;base64,...")
    if len(coded) > MAX_PICTURE * 4 // 3 + 4:
        raise Refusal(413, f"{where}: a picture of more than {MAX_PICTURE >> 20} MB is not read")
    try:
        return base64.b64decode("".join(coded.split()), validate=True)  # some encoders break lines
    except (binascii.Error, ValueError):
        raise Refusal(400, f"{where}: the picture is not in base64") from None


def _schema(wanted: dict[str, Any] | None) -> dict[str, Any] | None:
    """The schema of `response_format`."""
    match (wanted or {}).get("type"):
        case None | "text":
            return None
        case "json_object":
            return {}
        case "json_schema":
            named = (wanted or {}).get("json_schema")
            schema = named.get("schema") if isinstance(named, dict) else None
            if not isinstance(schema, dict):
                raise Refusal(400, "response_format.json_schema.schema: expected a JSON Schema", "response_format")
            return schema
        case kind:
            raise Refusal(400, f"response_format.type {str(kind)[:40]!r} is not offered", "response_format")
