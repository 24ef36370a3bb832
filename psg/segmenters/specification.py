"""A segmenter from a short text, as the command line and configs write it."""

from collections.abc import Callable
from typing import Any

from psg.segmenters.interface import Segmenter
from scenegraph import InputError, Vocabulary

FORMS = {
    "eomt": "eomt:FOLDER",
    "mask2former": "mask2former:FOLDER",
    "mmdet": "mmdet:CONFIG.py,WEIGHTS.pth",
    "detectron2": "detectron2:CONFIG.yaml,WEIGHTS.pth",
    "groundgraph": "groundgraph:CHECKPOINT.pth",
    "maps": "maps:PNG_FOLDER,PANOPTIC.json",
}
"""How each kind is written."""


def segmenter_of(
    text: str,
    vocabulary: Vocabulary | None = None,
    device: Any = None,
    drop_unknown: bool = False,
) -> Segmenter:
    """The segmenter that a text like "eomt:models/eomt" names.

    Args:
        text: one of `FORMS`.
        vocabulary: the names that maps shall use; None: the segmenter's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: leave out classes that the vocabulary lacks instead of refusing them.

    Raises:
        InputError: the text is none of these forms, or the segmenter cannot be loaded.

    >>> segmenter_of("yolo:x")
    Traceback (most recent call last):
    ...
    scenegraph.errors.InputError: segmenter 'yolo:x': expected one of eomt:FOLDER, ...
    """
    kind, _, rest = text.partition(":")
    form = FORMS.get(kind)
    parts = [part.strip() for part in rest.split(",")]
    if form is None or not all(parts) or len(parts) != form.count(",") + 1:
        expected = form or f"one of {', '.join(FORMS.values())}"
        raise InputError(f"segmenter {text!r}: expected {expected}")
    options: dict[str, Any] = {"vocabulary": vocabulary, "drop_unknown": drop_unknown}
    if kind in ("eomt", "mask2former"):
        options["kind"] = kind
    if kind != "maps":
        options["device"] = device
    return _class(kind)(*parts, **options)


def _class(kind: str) -> Callable[..., Segmenter]:
    """Imported here: every back end brings a library that takes seconds to load."""
    if kind in ("eomt", "mask2former"):
        from psg.segmenters.hugging_face import HuggingFaceSegmenter

        return HuggingFaceSegmenter
    if kind == "mmdet":
        from psg.segmenters.openmmlab import MMDetSegmenter

        return MMDetSegmenter
    if kind == "detectron2":
        from psg.segmenters.adapter_detectron2 import Detectron2Segmenter

        return Detectron2Segmenter
    if kind == "maps":
        from psg.segmenters.given import GivenMaps

        return GivenMaps
    from psg.segmenters.trained import TrainedSegmenter

    return TrainedSegmenter
