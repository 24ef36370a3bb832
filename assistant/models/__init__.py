"""Language models behind one small interface: an OpenAI-compatible server or a local folder.

Nothing that a model says is trusted: `assistant.roles` validates and checks it.
"""

from assistant.models.base import (
    LanguageModel,
    Message,
    ModelError,
    PicturePart,
    StreamingModel,
    TextPart,
    pieces,
)
from assistant.models.opening import open_model

__all__ = [
    "LanguageModel",
    "Message",
    "ModelError",
    "PicturePart",
    "StreamingModel",
    "TextPart",
    "open_model",
    "pieces",
]
