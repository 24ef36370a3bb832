"""Published checkpoints into ours: every parameter finds its place, or the file is refused.

OpenPSG (Yang et al. 2022) and mmdet 2 store `{"meta": ..., "state_dict": ...}`, the authors of DETR
`{"model": ...}`. What is written can be used at once: it says which model it is, which names it uses,
and which file (by its SHA-256) it was made from.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mmdet
import torch
from mmdet.registry import MODELS
from mmengine import Config
from mmengine.registry import DefaultScope
from torch import Tensor, nn

import psg.models  # noqa: F401 - registers the models
from psg.bridge import descriptions, detr_names, kinds, one_stage_names
from psg.bridge.vocabularies import names_for
from psg.checkpoints import DESCRIPTION, optional_state, read_data
from scenegraph import InputError, Vocabulary
from scenegraph.storage import write_atomically

_LISTED = 30

_OLD_NAMES = (
    (r"(bbox_head\..*)\.self_attn\.", r"\1.attentions.0."),
    (r"(bbox_head\..*)\.multihead_attn\.", r"\1.attentions.1."),
    (r"(bbox_head\..*)\.ffn\.", r"\1.ffns.0."),
    (r"(bbox_head\..*\.decoder[12]?)\.norm\.", r"\1.post_norm."),
    (r"(bbox_head\.)query_embedding\.", r"\1query_embed."),
)
"""What mmdet renamed when transformers got version 2; weights with the new names are not touched."""


@dataclass(frozen=True)
class Converted:
    """What was written: `files` by what they are, and `untrained`, parameters that the source does not have."""

    kind: str
    files: dict[str, Path]
    parameters: int
    sha256: str
    untrained: tuple[str, ...] = ()


@dataclass
class _Source:
    """A published checkpoint as read."""

    path: Path
    weights: dict[str, Tensor]
    meta: Mapping[str, Any]
    sha256: str
    used: set[str] = field(default_factory=set)

    def record(self, kind: str, untrained: Iterable[str] = ()) -> dict[str, Any]:
        """What the result says about where it comes from."""
        known = {key: self.meta[key] for key in ("exp_name", "epoch", "iter", "mmdet_version") if key in self.meta}
        kept = {key: value for key, value in known.items() if isinstance(value, (str, int, float))}
        return {"file": self.path.name, "sha256": self.sha256, "kind": kind, "untrained": list(untrained)} | kept


def convert(
    path: str | Path,
    output: str | Path,
    names: str | Path | None = None,
    start: str | None = None,
    published: bool = False,
) -> Converted:
    """Write our checkpoint of a published one.

    PSGTR, PSGFormer and the four two-stage models become models of ours; a two-stage file holds its
    segmenter too, which is written beside it (`OUTPUT.segmenter.pth`). A panoptic FPN becomes weights
    for `mmdet:CONFIG,WEIGHTS`. A panoptic DETR becomes a model to start training from, whose relation
    side has random weights.

    Args:
        path: the published file; nothing in it is run.
        output: the file to write.
        names: a psg.json with the names that the weights were trained with; default: the public data's.
        start: what a DETR becomes, PSGTR or PSGFormer.
        published: make graphs as the published code does, with its mistakes (PSGTR, PSGFormer).

    Raises:
        InputError: the file cannot be read as data, is of no known kind, has other numbers of classes
            than the names, or parameters are missing, left over or of another shape; the message lists them.
    """
    source = _read(Path(path))
    kind = kinds.kind_of(source.weights, path)
    if start is not None and (start not in kinds.ONE_STAGE or kind not in (kinds.DETR, kinds.ORIGINAL_DETR)):
        raise InputError(f"--as {start}: is for a panoptic DETR, with {' or '.join(kinds.ONE_STAGE)}; {path} is {kind}")
    output = Path(output)
    if kind in kinds.TWO_STAGE:
        return _two_stage(source, kind, output, names)
    if kind == kinds.PANOPTIC_FPN:
        return _panoptic_fpn(source, output)
    if kind in kinds.ONE_STAGE:
        return _one_stage(source, kind, output, names, published)
    return _detr(source, kind, start or "PSGFormer", output, names)


def _one_stage(source: _Source, kind: str, output: Path, names: str | Path | None, published: bool) -> Converted:
    triplets = kind == "PSGTR"
    classifier = "bbox_head.sub_cls_embed.weight" if triplets else "bbox_head.class_embed.weight"
    words = _words(source, classifier, "bbox_head.rel_cls_embed.weight", names)
    queries = "bbox_head.query_embed.weight" if triplets else "bbox_head.rel_query_embed.weight"
    describe = descriptions.psgtr if triplets else descriptions.psgformer
    depth = kinds.depth_of(source.weights, source.path)
    described = describe(depth, _rows(source, queries), words) | {"published": published}
    model = _built(described)
    _fill(model, source, lambda name: [one_stage_names.our_name(name, triplets)])
    _write(output, model, described, words, source.record(kind))
    return Converted(kind, {"model": output}, len(source.weights), source.sha256)


def _detr(source: _Source, kind: str, start: str, output: Path, names: str | Path | None) -> Converted:
    if kind == kinds.ORIGINAL_DETR:
        source.weights = detr_names.from_original(source.weights)
    words = _words(source, "bbox_head.class_embed.weight", None, names)
    triplets = start == "PSGTR"
    describe = descriptions.psgtr if triplets else descriptions.psgformer
    depth = kinds.depth_of(source.weights, source.path)
    described = describe(depth, _rows(source, "bbox_head.query_embed.weight"), words)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = _built(described)
        model.init_weights()
    own = ("classify", "relation_head") if not triplets else ("triplet_decoder.classify",)
    untrained = tuple(name for name in model.state_dict() if name.startswith(own))
    _fill(model, source, lambda name: list(detr_names.starts(name, triplets)), untrained)
    _write(output, model, described, words, source.record(kind, untrained))
    return Converted(f"{kind} for {start}", {"model": output}, len(source.weights), source.sha256, untrained)


def _two_stage(source: _Source, kind: str, output: Path, names: str | Path | None) -> Converted:
    from psg.two_stage import model, trunk  # noqa: F401 - registers the model, which brings what only it needs
    from psg.two_stage import published_names as two_stage_names

    head = two_stage_names.HEAD
    detector = {name: tensor for name, tensor in source.weights.items() if not name.startswith(head)}
    beside = output.with_suffix(".segmenter.pth")
    depth = kinds.depth_of(source.weights, source.path)
    config = _fpn_config(depth)
    segmenter = _checked_fpn(_Source(source.path, detector, source.meta, source.sha256), config)
    predicates = next(
        (
            name
            for name in ("rel_compress", "out_rel", "context_layer.rel_fc")
            if f"{head}{name}.weight" in source.weights
        ),
        "rel_compress",
    )
    words = _words(source, None, f"{head}{predicates}.weight", names)
    described = descriptions.two_stage(kind, depth, words, f"mmdet:{config},{beside.resolve()}")
    relations = _built(described)

    def ours(name: str) -> list[str | None]:
        if not name.startswith(head):
            return [name if name.startswith(("backbone.", "neck.")) else None]
        renamed = two_stage_names.our_name(kind, name.removeprefix(head))
        return [renamed and f"head.{renamed}"]

    _fill(relations, source, ours, optional_state(relations))
    _write_weights(beside, segmenter, source.record(kinds.PANOPTIC_FPN))
    _write(output, relations, described, words, source.record(kind))
    files = {"model": output, "segmenter": beside}
    return Converted(kind, files, len(source.weights), source.sha256)


def _panoptic_fpn(source: _Source, output: Path) -> Converted:
    config = _fpn_config(kinds.depth_of(source.weights, source.path))
    model = _checked_fpn(source, config)
    _write_weights(output, model, source.record(kinds.PANOPTIC_FPN))
    return Converted(kinds.PANOPTIC_FPN, {"segmenter": output}, len(source.weights), source.sha256)


def _fpn_config(depth: int) -> Path:
    """The config of the panoptic FPN that mmdet brings; both schedules have the same model."""
    folder = Path(mmdet.__file__).parent / ".mim" / "configs" / "panoptic_fpn"
    return folder / f"panoptic-fpn_r{depth}_fpn_1x_coco.py"


def _checked_fpn(source: _Source, config: Path) -> nn.Module:
    settings = Config.fromfile(config).model
    settings.backbone.init_cfg = None
    model = _built(settings)
    _fill(model, source, lambda name: [name])
    return model


def _read(path: Path) -> _Source:
    content = read_data(path)
    found = next((content[key] for key in ("state_dict", "model") if isinstance(content.get(key), Mapping)), content)
    weights = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
    strange = [str(name) for name, value in found.items() if not isinstance(value, Tensor)]
    if not weights or strange:
        listed = _listed(strange or map(str, content))
        raise InputError(f"{path}: expected tensors under `state_dict` or `model`, found {listed}")
    meta = content["meta"] if isinstance(content.get("meta"), Mapping) else {}
    if DESCRIPTION in meta:
        raise InputError(f"{path}: is a checkpoint of groundgraph already; use it as it is")
    if all(name.startswith("module.") for name in weights):
        weights = {name.removeprefix("module."): value for name, value in weights.items()}
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _Source(path, {_modern(name): value for name, value in weights.items()}, meta, digest)


def _modern(name: str) -> str:
    for pattern, replacement in _OLD_NAMES:
        name = re.sub(pattern, replacement, name)
    return name


def _rows(source: _Source, name: str) -> int:
    if name not in source.weights:
        raise InputError(f"{source.path}: has no parameter {name}; the file is incomplete")
    return len(source.weights[name])


def _words(source: _Source, classes: str | None, predicates: str | None, names: str | Path | None) -> Vocabulary:
    """The vocabulary, whose sizes two classifiers (with a row for the background each) tell."""
    if classes is None:  # a two-stage head: its classifier is the parameter with as many rows as the embedding
        found = [name for name in source.weights if re.search(r"\.(obj_fc|out_obj|embed_out_layer)\.weight$", name)]
        classes = found[0] if found else "relation_head.context_layer.out_obj.weight"
    numbers = _rows(source, classes) - 1, _rows(source, predicates) - 1 if predicates else None
    return names_for(*numbers, source.meta, names, source.path)


def _built(described: Mapping[str, Any]) -> nn.Module:
    with DefaultScope.overwrite_default_scope("mmdet"), warnings.catch_warnings(action="ignore"):  # about losses
        return MODELS.build(dict(described))


def _fill(
    model: nn.Module,
    source: _Source,
    ours: Callable[[str], Iterable[str | None]],
    untrained: Iterable[str] = (),
) -> None:
    """Put all weights in their places.

    Args:
        model: takes them.
        source: gives them.
        ours: our names for a published one; None where the weight is known and not used.
        untrained: our names that need not be filled.

    Raises:
        InputError: parameters are missing, left over, or of another shape.
    """
    wanted, places = model.state_dict(), [(name, published) for published in source.weights for name in ours(published)]
    given = {name: source.weights[published] for name, published in places if name}
    theirs = dict(places)
    unknown = [theirs[name] for name in given if name not in wanted]
    missing = [name for name in wanted if name not in given and name not in set(untrained)]
    twice = [published for name, published in places if name and theirs[name] != published]
    reshaped = [
        f"{theirs[name]} {tuple(tensor.shape)} instead of {tuple(wanted[name].shape)}"
        for name, tensor in given.items()
        if name in wanted and tensor.shape != wanted[name].shape
    ]
    problems = [
        f"{len(listed)} parameters {what}: {_listed(listed)}"
        for what, listed in (
            ("are missing", missing),
            ("are unknown", unknown),
            ("mean what another one means", twice),
            ("have another shape", reshaped),
        )
        if listed
    ]
    if problems:
        raise InputError(f"{source.path}: cannot become a {type(model).__name__}. " + ". ".join(problems))
    kept = {name: wanted[name] for name in untrained}
    model.load_state_dict(kept | given)


def _write(
    output: Path, model: nn.Module, described: dict[str, Any], words: Vocabulary, record: dict[str, Any]
) -> None:
    description = {"model": described, "pipeline": descriptions.PIPELINE, "settings": ""}
    vocabulary = {"dataset_meta": {"vocabulary": words.names}}
    _save(output, model, {DESCRIPTION: description, "converted": record} | vocabulary)


def _write_weights(output: Path, model: nn.Module, record: dict[str, Any]) -> None:
    """Weights that are used with a config of mmdet."""
    _save(output, model, {"converted": record})


def _save(output: Path, model: nn.Module, meta: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    torch.save({"meta": meta, "state_dict": dict(model.state_dict())}, buffer)
    write_atomically(output, buffer.getvalue())


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f", ... ({len(listed) - _LISTED} more)" if len(listed) > _LISTED else ""
    return ", ".join(listed[:_LISTED]) + more
