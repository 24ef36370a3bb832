"""What the assistant asks of a language model."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable


class TextPart(TypedDict):
    """Words in a turn that has pictures too."""

    type: Literal["text"]
    text: str


class PictureAddress(TypedDict):
    """A picture as a `data:` address, so that no server fetches anything."""

    url: str


class PicturePart(TypedDict):
    """A picture in a turn."""

    type: Literal["image_url"]
    image_url: PictureAddress


class Message(TypedDict):
    """One turn of a conversation: a text, or for models that see texts and pictures."""

    role: Literal["system", "user", "assistant"]
    content: str | list[TextPart | PicturePart]


class ModelError(Exception):
    """A language model gave nothing usable; the message says why, in words for the user."""


@runtime_checkable
class LanguageModel(Protocol):
    """Anything that completes a conversation."""

    @property
    def name(self) -> str:
        """What to call it in notes to the user."""

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> str:
        """The text of the next turn.

        Args:
            messages: the conversation so far.
            schema: a JSON Schema that the text should follow; a model may ignore it.
            max_tokens: at most that many tokens are written.

        Raises:
            ModelError: there is no text.
        """


@runtime_checkable
class StreamingModel(LanguageModel, Protocol):
    """A language model that gives its text while it writes; closing the iterator stops it."""

    def stream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> Iterator[str]:
        """The text of the next turn in pieces; arguments and errors as for `complete`."""


def pieces(
    model: LanguageModel, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
) -> Iterator[str]:
    """The text of the next turn in pieces: one for a model that cannot stream.

    Raises:
        ModelError: there is no text.
    """
    if isinstance(model, StreamingModel):
        yield from model.stream(messages, schema, max_tokens)
    else:
        yield model.complete(messages, schema, max_tokens)
