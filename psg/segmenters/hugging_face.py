"""EoMT and Mask2Former from transformers: a local folder, or a hub name that is in the local cache.

Kerssies et al. 2025, "Your ViT is Secretly an Image Segmentation Model" (EoMT); Cheng et al. 2022,
"Masked-attention Mask Transformer" (Mask2Former).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional
from transformers import AutoConfig, AutoImageProcessor, AutoModelForUniversalSegmentation
from transformers.image_transforms import get_size_with_aspect_ratio

from psg.fitting import RGB
from psg.postprocess import PostProcessing
from psg.segmenters.interface import NamedSegmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from psg.segmenters.queries import PUBLISHED, known_probabilities, map_of
from scenegraph import InputError, Vocabulary

KINDS = {"eomt": ("eomt", "eomt_dinov3"), "mask2former": ("mask2former",)}
"""Model types of transformers by the names that we give them."""


class HuggingFaceSegmenter(NamedSegmenter):
    """A segmenter of transformers.

    >>> segmenter = HuggingFaceSegmenter("models/eomt")  # doctest: +SKIP
    >>> segmenter.segment("photo.jpg").graph()  # doctest: +SKIP

    Args:
        location: a folder with `config.json`, weights and `preprocessor_config.json`, or a name on the
            hub. Nothing is downloaded.
        kind: "eomt" or "mask2former" to insist on one; None takes either.
        vocabulary: the names that maps shall use; None: the model's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: see `psg.segmenters.names.Naming`.
        postprocessing: how queries become segments.

    Raises:
        InputError: there is no such model, it is of another kind, weights are missing, or its classes
            are unknown to the vocabulary.
    """

    def __init__(
        self,
        location: str | Path,
        kind: str | None = None,
        vocabulary: Vocabulary | None = None,
        device: str | torch.device | None = None,
        drop_unknown: bool = False,
        postprocessing: PostProcessing = PUBLISHED,
    ) -> None:
        self.location = str(location)
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        config = _loaded(AutoConfig, self.location)
        allowed = KINDS[kind] if kind else tuple(name for names in KINDS.values() for name in names)
        if config.model_type not in allowed:
            raise InputError(
                f"{location}: is a model of type {config.model_type!r}; expected one of {', '.join(allowed)}"
            )
        self.processor = _loaded(AutoImageProcessor, self.location)
        self.model = self._model().to(self.device).eval()
        classes = [config.id2label[label] for label in sorted(config.id2label)]
        self.naming = Naming.of(classes, vocabulary, self.location, drop_unknown=drop_unknown)
        self.postprocessing = postprocessing
        self._table = torch.from_numpy(self.naming.table).to(self.device)

    @property
    def name(self) -> str:
        """Type and folder of the model."""
        return f"{self.model.config.model_type} {Path(self.location).name}"

    def _model(self) -> Any:
        model, report = _loaded(AutoModelForUniversalSegmentation, self.location, output_loading_info=True)
        wrong = sorted({*report["missing_keys"], *(str(entry) for entry in report["mismatched_keys"])})
        if wrong:  # transformers fills these with random numbers
            raise InputError(
                f"{self.location}: {len(wrong)} weights are missing or have another shape, {', '.join(wrong[:5])}; "
                "is the download complete?"
            )
        return model

    @torch.inference_mode()
    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        inputs, content = self._inputs(images)
        output = self.model(pixel_values=inputs["pixel_values"].to(self.device), **self._mask_of(inputs))
        logits = output.class_queries_logits.float()
        features = self._features(output)
        masks = output.masks_queries_logits
        padded = inputs["pixel_values"].shape[-2:]
        return [
            self._map(logits[i], _trimmed(masks[i], padded, content[i]), features[i], image.shape[:2])
            for i, image in enumerate(images)
        ]

    def _inputs(self, images: Sequence[RGB]) -> tuple[Any, list[tuple[int, int]]]:
        """The network's input, and the (height, width) of every picture in it, the rest being padding."""
        options = {"return_tensors": "pt", "input_data_format": "channels_last"}
        if self.model.config.model_type in KINDS["mask2former"]:
            inputs = self.processor(images=list(images), **options)
            shown = inputs["pixel_mask"] > 0
            return inputs, [(int(mask[:, 0].sum()), int(mask[0].sum())) for mask in shown]
        side = int(np.max(self.model.config.image_size))
        size = {"shortest_edge": side, "longest_edge": side}
        inputs = self.processor(images=list(images), size=size, do_pad=True, do_split_image=False, **options)
        return inputs, [_fitting(image.shape[:2], side) for image in images]

    def _mask_of(self, inputs: Any) -> dict[str, Tensor]:
        return {"pixel_mask": inputs["pixel_mask"].to(self.device)} if "pixel_mask" in inputs else {}

    def _features(self, output: Any) -> Float[Tensor, "b q d"]:
        if self.model.config.model_type in KINDS["mask2former"]:
            return output.transformer_decoder_last_hidden_state.float()
        return output.last_hidden_state[:, : self.model.config.num_queries].float()

    def _map(
        self,
        logits: Float[Tensor, "q classes"],
        masks: Float[Tensor, "q h w"],
        features: Float[Tensor, "q d"],
        size: tuple[int, int],
    ) -> PanopticMap:
        probabilities = known_probabilities(logits, self._table, len(self.vocabulary.categories))
        segments = self.postprocessing.segments(
            probabilities, masks.float(), 1, tuple(masks.shape[1:]), size, len(self.vocabulary.things)
        )
        return map_of(segments, self.vocabulary, features)


def _loaded(kind: Any, location: str, **options: Any) -> Any:
    """From a folder or the local cache, never from the network."""
    local = Path(location).is_dir()
    try:
        return kind.from_pretrained(location, local_files_only=True, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        advice = (
            "expected config.json, preprocessor_config.json and model.safetensors of EoMT or Mask2Former in it"
            if local
            else f"there is no such folder, and the hub's local cache has none; get it with: hf download {location}"
        )
        raise InputError(f"{location}: cannot be used as a segmenter, {advice} ({reason})") from None


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    height, width = get_size_with_aspect_ratio(size, side, side)
    return int(height), int(width)


def _trimmed(
    logits: Float[Tensor, "q h w"], padded: Sequence[int], content: tuple[int, int]
) -> Float[Tensor, "q height width"]:
    """The masks without padding, at the network's resolution where the padding does not end on a cell."""
    strides = [whole / cells for whole, cells in zip(padded, logits.shape[1:], strict=True)]
    cells = [part / stride for part, stride in zip(content, strides, strict=True)]
    if not all(value.is_integer() for value in cells):
        logits = functional.interpolate(logits[None].float(), size=tuple(padded), mode="bilinear")[0]
        cells = list(content)
    return logits[:, : int(cells[0]), : int(cells[1])]
