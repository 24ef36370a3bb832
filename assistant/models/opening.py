"""From what a user names (an address, a folder, a function) to a language model."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.models.base import LanguageModel, Message
from scenegraph import InputError

Completer = Callable[[Sequence[Message]], str]


class Function:
    """A language model that is a Python function of the messages."""

    def __init__(self, function: Completer) -> None:
        self.function = function

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self.function, "__name__", "a function")

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> str:
        """What the function returns."""
        return str(self.function(messages))


def open_model(
    where: "str | Path | LanguageModel | Completer | None", model: str | None = None, api_key: str | None = None
) -> LanguageModel | None:
    """The language model that a user names.

    Args:
        where: an address (http://127.0.0.1:8000/v1), a local Hugging Face folder, a function of the
            messages, a language model, or None for none.
        model: name of the model at a server; the first one that it lists if None.
        api_key: sent to the server as a bearer token.

    Raises:
        InputError: it is none of these.
    """
    if where is None or isinstance(where, LanguageModel):
        return where
    if callable(where):
        return Function(where)
    text = str(where)
    if text.startswith(("http://", "https://")):
        from assistant.models.server import Server  # needs httpx

        return Server(text, model, api_key)
    if Path(text).is_dir():
        from assistant.models.local import LocalModel  # needs torch and transformers

        return LocalModel(Path(text))
    raise InputError(
        f"language model {text[:200]!r}: expected the address of an OpenAI-compatible server (http://host:port/v1) "
        "or an existing local Hugging Face folder"
    )
