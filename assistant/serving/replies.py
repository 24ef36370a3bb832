"""Answers as chat completions, whole or as a stream of events."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant import showing
from assistant.answers import GroundedAnswer, Status
from assistant.conversation import pieces
from assistant.filling import fill
from assistant.retrieval import approximate_tokens
from assistant.serving.grounding import annotations
from assistant.serving.library import Library, Served
from assistant.serving.requests import Asked, Kind
from assistant.short_answers import letter, short_answer
from scenegraph import InputError

DONE = "data: [DONE]\n\n"


@dataclass(frozen=True)
class Reply:
    """An answer as it goes out.

    Attributes:
        model: the name that was asked for.
        content: the text of the message; None where `refusal` says why there is none.
        message: further fields of the message: annotations, grounding, attachments.
        usage: counts of tokens, as estimated by `retrieval.approximate_tokens`.
    """

    model: str
    content: str | None
    refusal: str | None
    message: dict[str, Any]
    usage: dict[str, int]
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def to_json(self) -> dict[str, Any]:
        """A `chat.completion`."""
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal, **self.message}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage}

    def events(self, include_usage: bool = False) -> Iterator[str]:
        """Server-sent events of `chat.completion.chunk`s, `[DONE]` at the end."""
        yield self._event({"role": "assistant", "content": ""})
        for piece in pieces(self.content or ""):
            yield self._event({"content": piece})
        if self.refusal:
            yield self._event({"refusal": self.refusal})
        yield self._event(self.message, "stop")
        if include_usage:
            yield _event({**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage})
        yield DONE

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def reply_to(library: Library, model: str, asked: Asked) -> Reply:
    """Answer a request.

    Raises:
        UnknownGraph: no graph of the model's name is served.
        InputError: a picture, a region or a schema cannot be used.
    """
    if asked.picture is not None:
        if not library.knows(model):
            library.get(model)  # says which there are
        served = library.of_picture(asked.picture)
    else:
        served = library.get(model)
    answer = served.assistant.chat(asked.messages, regions=asked.regions)
    content, refusal = _content(served, answer, asked)
    message: dict[str, Any] = {
        "annotations": annotations(served, answer, content or ""),
        "grounding": answer.to_json(),
    }
    attached = [part for kind in asked.kinds if (part := _attached(served, answer, kind)) is not None]
    if attached:
        message["attachments"] = attached
    return Reply(model, content, refusal, message, _usage(asked, content or refusal or ""))


def _content(served: Served, answer: GroundedAnswer, asked: Asked) -> tuple[str | None, str | None]:
    """The text and the refusal of the message; one of them is None."""
    if asked.schema is not None:
        try:
            value = fill(asked.schema, answer, served.assistant.index) if asked.schema else answer.to_json()
        except InputError:
            if answer.status is Status.ANSWERED:
                raise
            return None, answer.text  # how the protocol says that there is no such object
        return json.dumps(value, ensure_ascii=False), None
    text = answer.text
    if asked.form != "sentences":
        text = (letter(answer) if asked.form == "letter" else None) or short_answer(served.assistant, answer)
    if "trace" in asked.kinds and answer.program is not None:
        return "\n".join((text, "", *answer.program.trace)), None
    return text, None


def _attached(served: Served, answer: GroundedAnswer, kind: Kind) -> dict[str, Any] | None:
    """A kind of answer that is no text; None where the answer rests on no node."""
    graph, nodes = served.graph, showing.evidence(answer)
    if kind in ("text", "trace") or not nodes:
        return None
    frame = showing.evidence_frame(graph, answer)
    if kind == "clip" and graph.source.kind != "image":
        return _part(kind, "image/gif", showing.clip_gif(graph, answer, served.frames), frame)
    if kind == "mask":
        return _part(kind, "image/png", showing.mask_png(graph, nodes, frame), frame)
    return _part(kind, "image/png", showing.picture_png(graph, nodes, frame, served.frames), frame)


def _part(kind: str, media: str, content: bytes, frame: int) -> dict[str, Any]:
    url = f"data:{media};base64,{base64.b64encode(content).decode()}"
    return {"type": "image_url", "kind": kind, "frame": frame, "image_url": {"url": url}}


def _usage(asked: Asked, content: str) -> dict[str, int]:
    prompt = sum(approximate_tokens(message["content"]) for message in asked.messages)
    completion = approximate_tokens(content)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value)}\n\n"
