"""A trained model as one file that runs without its code: a torch.export program or ONNX.

The network is exported, from the picture to classes, masks and candidate pairs; post-processing stays
in Python, since the number of segments differs between pictures. A file says in its metadata what is
needed to use it: names, size, colours of the padding, settings of the post-processing.
"""

import copy
import dataclasses
import io
import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.pairflash_head import CandidateRelations, ordered
from psg.postprocess import PostProcessing
from psg.psgformer import PSGFormer
from psg.samples import SceneGraphSample
from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.images import ImageSource, read_image
from scenegraph.storage import write_atomically

FORMATS = {".onnx": "ONNX", ".pt2": "torch.export"}
TOLERANCE = 1e-4
"""Largest difference of a probability between the file and the model, and of a mask logit, relative to 1."""
_METADATA = "groundgraph"
_OUTPUTS = ("class_probabilities", "mask_logits", "pairs", "predicates")
_SHARED_PAIRS = 0.99
"""Share of the candidates that both must have: rounding may exchange the last ones."""

Arrays = tuple[Float[Tensor, "1 q c"], Float[Tensor, "1 q hm wm"], Int64[Tensor, "1 k 2"], Float[Tensor, "1 k 2 p"]]


class Network(nn.Module):
    """What is exported: one picture of a fixed size, to tensors.

    Args:
        model: `PairFlash`, or `PSGFormer` with a `PairFlashHead`.

    Raises:
        InputError: the model's relation head does not choose pairs.
    """

    def __init__(self, model: PSGFormer) -> None:
        super().__init__()
        if not isinstance(model, PSGFormer) or not hasattr(model.relation_head, "num_pairs"):
            raise InputError(
                f"{type(model).__name__}: only models with a PairFlashHead can be exported; train configs/pairflash.py"
            )
        self.model = model
        self.register_buffer("mean", model.data_preprocessor.mean.clone())
        self.register_buffer("std", model.data_preprocessor.std.clone())

    def forward(self, image: Float[Tensor, "1 3 h w"]) -> Arrays:
        """Classes, masks, candidate pairs and their predicates (background first) of an RGB picture in 0 to 255."""
        size = (image.shape[-2], image.shape[-1])
        inputs = (image - self.mean) / self.std
        features = self.model.neck(self.model.backbone(inputs), [size] * len(inputs), size)
        objects, relations = self.model.decode(features, None)
        found: CandidateRelations = relations
        # As the model predicts: whoever uses the file takes the logits as they are.
        logits = self.model.relation_head.adjustment.at_test(found.logits)
        return objects.class_probabilities, objects.mask_logits, found.pairs, logits


@dataclass(frozen=True)
class Card:
    """What a file says about itself."""

    size: tuple[int, int]
    mask_stride: int
    padding: tuple[float, float, float]
    vocabulary: Mapping[str, list[str]]
    postprocessing: Mapping[str, Any]
    model: str
    candidates: int
    """Candidate pairs a picture."""

    @classmethod
    def read(cls, text: str | bytes | None, path: Path) -> "Card":
        """From the metadata of a file.

        Raises:
            InputError: there is none, or it lacks something.
        """
        try:
            content = json.loads(text or "")
            return cls(**{**content, "size": tuple(content["size"]), "padding": tuple(content["padding"])})
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"{path}: was not written by `groundgraph export` ({error})") from None


def export(model: PSGFormer, path: str | Path, size: tuple[int, int]) -> float:
    """Write a model for pictures of one size, and compare the file with the model.

    Args:
        model: see `Network`.
        path: a file that ends in .onnx or .pt2.
        size: (height, width) of the network's picture; others are resized to fit and padded.

    Returns:
        The largest difference between the file and the model on a random picture.

    Raises:
        InputError: the ending is another, the size does not suit the model, the package onnx is missing,
            or the file says something else than the model by more than `TOLERANCE`; it is deleted then.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise InputError(f"{path}: expected a name that ends in {' or '.join(FORMATS)}")
    divisor = model.data_preprocessor.pad_size_divisor
    if min(size) < 1 or any(side % divisor for side in size):
        raise InputError(f"size {size[0]} x {size[1]}: expected multiples of {divisor}, as the model was trained")
    # In float32 on the CPU, with plain memory: torch's writer takes weights with channels last for fragments.
    network = copy.deepcopy(Network(model)).cpu().eval().to(memory_format=torch.contiguous_format)
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0)) * 255
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # of torch about its own exporters
        expected = network(picture)
        program = torch.export.export(network, (picture,), strict=False)
        text = json.dumps(asdict(_card(model, size, expected)))
        written = (_onnx if path.suffix == ".onnx" else _program)(program, text)
    write_atomically(path, written)
    difference = compare(expected, ExportedModel(path).run(picture.numpy()))
    if not difference <= TOLERANCE:
        path.unlink()
        raise InputError(f"{path}: the file differs from the model by {difference:.1e}; at most {TOLERANCE} is allowed")
    return difference


def _card(model: PSGFormer, size: tuple[int, int], outputs: Arrays) -> Card:
    preprocessor, words = model.data_preprocessor, model.vocabulary
    padding = preprocessor.mean.flatten() + preprocessor.pad_value * preprocessor.std.flatten()
    return Card(
        size=size,
        mask_stride=size[0] // outputs[1].shape[-2],
        padding=tuple(padding.clamp(0, 255).tolist()),
        vocabulary=words.names,
        postprocessing=dataclasses.asdict(model.postprocessing),
        model=type(model).__name__,
        candidates=outputs[2].shape[1],
    )


def _program(program: torch.export.ExportedProgram, text: str) -> bytes:
    buffer = io.BytesIO()
    torch.export.save(program, buffer, extra_files={_METADATA: text})
    return buffer.getvalue()


def _onnx(program: torch.export.ExportedProgram, text: str) -> bytes:
    try:
        import onnx
        import onnxscript  # noqa: F401 - torch's exporter needs it
    except ImportError as error:
        raise InputError(f"ONNX needs the package {error.name}: pip install 'groundgraph[export]'") from None
    # It tells everybody without torchvision so, once for each of torchvision's functions.
    logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
    made = torch.onnx.export(
        program, dynamo=True, input_names=["image"], output_names=list(_OUTPUTS), verbose=False
    ).model_proto
    onnx.helper.set_model_props(made, {_METADATA: text})
    return made.SerializeToString()


def compare(expected: Arrays, given: Arrays) -> float:
    """The largest difference of probabilities, and of mask logits relative to their size where that exceeds 1.

    Infinite if the candidates are others.
    """
    classes = (expected[0] - given[0]).abs().max().item()
    masks = ((expected[1] - given[1]).abs() / expected[1].abs().clamp(min=1)).max().item()
    queries = expected[0].shape[1]
    tables = [ordered(each[2][0], each[3][0], queries) for each in (expected, given)]
    both = (tables[0].sum(-1) > 0) & (tables[1].sum(-1) > 0)
    if both.sum() < _SHARED_PAIRS * 2 * expected[2].shape[1]:
        return float("inf")
    predicates = (tables[0] - tables[1])[both].abs()
    return max(classes, masks, predicates.max().item() if len(predicates) else 0.0)


class ExportedModel:
    """A file that `export` wrote, used like `psg.Predictor`.

    >>> model = ExportedModel("pairflash.onnx")  # doctest: +SKIP
    >>> graph = model.predict("photo.jpg")  # doctest: +SKIP

    Args:
        path: .onnx, run by onnxruntime, or .pt2, run by torch. A .pt2 file is a program: open those of
            people you trust.

    Raises:
        InputError: the file is missing, is of another kind, or onnxruntime is missing.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path = Path(path)
        if not path.is_file():
            raise InputError(f"{path}: there is no such file; `groundgraph export` makes one")
        if path.suffix not in FORMATS:
            raise InputError(f"{path}: expected a file that ends in {' or '.join(FORMATS)}")
        self._run, text = _open_onnx(path) if path.suffix == ".onnx" else _open_program(path)
        self.card = Card.read(text, path)
        self.vocabulary = Vocabulary.of_names(self.card.vocabulary)
        self.postprocessing = PostProcessing(**self.card.postprocessing)

    def run(self, image: Float32[np.ndarray, "1 3 h w"]) -> Arrays:
        """The network alone; see `Network.forward`."""
        return self._run(image)

    def predict(self, image: ImageSource) -> SceneGraph:
        """The graph of one picture: a path, a Pillow image, or an array uint8 [height, width, 3] RGB.

        Raises:
            InputError: the picture cannot be read.
        """
        pixels = read_image(image)
        inputs, inner = self._fitted(pixels)
        classes, masks, pairs, logits = self._run(inputs)
        sample = SceneGraphSample(metainfo={"img_shape": inner, "ori_shape": pixels.shape[:2], "img_path": ""})
        if isinstance(image, (str, Path)):
            sample.set_metainfo({"img_path": Path(image).name})
        table = ordered(pairs[0], logits[0], classes.shape[1])
        graph = self.postprocessing.of_hypotheses(
            classes[0], masks[0], self.card.mask_stride, lambda kept: table[kept][:, kept], sample, self.vocabulary
        )
        return dataclasses.replace(
            graph, metadata={**graph.metadata, "model": self.card.model, "checkpoint": self.path.name}
        )

    def _fitted(self, pixels: np.ndarray) -> tuple[Float32[np.ndarray, "1 3 h w"], tuple[int, int]]:
        """A picture resized to fit, padded on the right and below, and its size within."""
        height, width = self.card.size
        share = min(height / pixels.shape[0], width / pixels.shape[1])
        inner = tuple(
            max(1, min(limit, round(side * share)))
            for side, limit in zip(pixels.shape[:2], (height, width), strict=True)
        )
        whole = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None].float()
        resized = functional.interpolate(whole, size=inner, mode="bilinear", antialias=share < 1)
        padded = torch.tensor(self.card.padding)[None, :, None, None].repeat(1, 1, height, width)
        padded[:, :, : inner[0], : inner[1]] = resized
        return padded.numpy(), inner


def _open_onnx(path: Path) -> tuple[Any, str | None]:
    try:
        import onnxruntime
    except ImportError:
        raise InputError(f"{path}: needs the package onnxruntime: pip install 'groundgraph[export]'") from None
    try:
        session = onnxruntime.InferenceSession(str(path), providers=onnxruntime.get_available_providers())
    except Exception as error:  # onnxruntime's errors have no common public base
        raise InputError(f"{path}: is no ONNX file, or was cut off ({str(error).splitlines()[0]})") from None

    def run(image: np.ndarray) -> Arrays:
        return tuple(torch.from_numpy(array) for array in session.run(list(_OUTPUTS), {"image": image}))

    return run, session.get_modelmeta().custom_metadata_map.get(_METADATA)


def _open_program(path: Path) -> tuple[Any, str | None]:
    extra = {_METADATA: ""}
    try:
        module = torch.export.load(path, extra_files=extra).module()
    except Exception as error:  # a file of another kind fails anywhere in torch's reader
        raise InputError(f"{path}: is no torch.export program, or was cut off ({error})") from None

    def run(image: np.ndarray) -> Arrays:
        with torch.inference_mode():
            return module(torch.from_numpy(image))

    return run, extra[_METADATA]
