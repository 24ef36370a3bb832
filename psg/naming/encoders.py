"""Pictures and texts as vectors that can be compared."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, UInt8

from scenegraph import InputError

BATCH_SIZE = 64


@runtime_checkable
class Encoder(Protocol):
    """What naming needs of a model: vectors of any length, compared by their angle."""

    @property
    def name(self) -> str:
        """What a record calls it."""

    @property
    def scale(self) -> float:
        """Factor from cosine similarities to logits (the inverse temperature of the model's training)."""

    def encode_images(self, images: Sequence[UInt8[np.ndarray, "_ _ 3"]]) -> Float32[np.ndarray, "n channels"]:
        """One row a picture (RGB, sizes may differ)."""

    def encode_texts(self, texts: Sequence[str]) -> Float32[np.ndarray, "n channels"]:
        """One row a text."""


class ClipEncoder:
    """A model of the CLIP family (Radford et al. 2021) in a local transformers folder; nothing is downloaded.

    Args:
        folder: with config, safetensors weights, tokenizer and image processor.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        batch_size: pictures or texts at a time.

    Raises:
        InputError: the folder holds no such model.
    """

    def __init__(self, folder: str | Path, device: str | None = None, batch_size: int = BATCH_SIZE) -> None:
        import torch
        from transformers import AutoModel, AutoProcessor

        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise InputError(f"{folder}: there is no such folder; expected a CLIP model saved by transformers")
        if batch_size < 1:
            raise InputError(f"batch size {batch_size}: expected 1 or more")
        self.batch_size = batch_size
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        try:
            self.processor = AutoProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            self.model = AutoModel.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
        except Exception as error:  # transformers raises many kinds for a folder of another sort
            said = " ".join(str(error).split())[:200]
            raise InputError(f"{folder}: holds no CLIP model that can be loaded ({said})") from None
        missing = [each for each in ("get_text_features", "get_image_features") if not hasattr(self.model, each)]
        if missing or not hasattr(self.processor, "image_processor"):
            kind = type(self.model).__name__
            raise InputError(
                f"{folder}: holds a {kind}; expected a model that encodes texts and pictures, such as CLIP"
            )
        self.model.to(self.device).eval()

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def scale(self) -> float:
        """The learned logit scale; 100 where the model has none, as CLIP's had after training."""
        learned = getattr(self.model, "logit_scale", None)
        return 100.0 if learned is None else float(learned.detach().float().exp())

    def encode_images(self, images: Sequence[UInt8[np.ndarray, "_ _ 3"]]) -> Float32[np.ndarray, "n channels"]:
        """One row a picture, as the processor of the folder resizes and normalises it."""
        parts = []
        for start in range(0, len(images), self.batch_size):
            batch = images[start : start + self.batch_size]
            inputs = self.processor.image_processor(list(batch), return_tensors="pt", input_data_format="channels_last")
            parts.append(self._run(self.model.get_image_features, pixel_values=inputs["pixel_values"]))
        return _rows(parts)

    def encode_texts(self, texts: Sequence[str]) -> Float32[np.ndarray, "n channels"]:
        """One row a text; what is longer than the model reads is cut."""
        parts = []
        for start in range(0, len(texts), self.batch_size):
            batch = texts[start : start + self.batch_size]
            inputs = self.processor.tokenizer(list(batch), padding=True, truncation=True, return_tensors="pt")
            parts.append(self._run(self.model.get_text_features, **inputs))
        return _rows(parts)

    def _run(self, features: Any, **inputs: Any) -> Float32[np.ndarray, "n channels"]:
        import torch

        with torch.inference_mode():
            found = features(**{name: value.to(self.device) for name, value in inputs.items()})
        # Older transformers give the projected vectors themselves, newer ones an output that holds them.
        vectors = found if isinstance(found, torch.Tensor) else found.pooler_output
        return vectors.float().cpu().numpy()


def _rows(parts: list[np.ndarray]) -> Float32[np.ndarray, "n channels"]:
    return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)
