"""Checkpoints, read as data: weights, and a description from which the model can be built again.

Training stores the description under `meta["groundgraph"]`: `model` (its config, with the
vocabulary) and `pipeline` (from a picture to the model's input). Nothing in a file is ever run:
`torch.load(weights_only=True)`, and types are plain names that a registry knows.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from mmengine import Config
from torch import nn

from scenegraph import InputError

DESCRIPTION = "groundgraph"
"""The key of the description in a checkpoint's meta."""

_TYPE = re.compile(r"(mm[a-z]+\.)?[A-Za-z_]\w*")
"""`PSGFormer`, `mmdet.ResNet`: a dotted path would make a registry import it."""

_LISTED = 8


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """A checkpoint with `state_dict` (tensors by name) and `meta`, on the CPU.

    Args:
        path: a file, or the work folder of a training run: its best checkpoint.

    Raises:
        InputError: the file is missing, cut off, no checkpoint, or holds objects other than data.
    """
    path = checkpoint_file(path)
    content = read_data(path)
    weights = content.get("state_dict")
    if not isinstance(weights, dict) or not all(isinstance(value, torch.Tensor) for value in weights.values()):
        raise InputError(
            f"{path}: expected a checkpoint with `state_dict` and `meta`, found the keys {_few(map(str, content))}"
        )
    return content | {"meta": content["meta"] if isinstance(content.get("meta"), dict) else {}}


def read_data(path: Path) -> dict[str, Any]:
    """The dict that a PyTorch file holds, tensors on the CPU; nothing in it is run.

    Raises:
        InputError: the file is missing, cut off, no dict, or holds objects other than data.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such checkpoint file; tools/train.py makes one")
    if not path.stat().st_size:
        raise InputError(f"{path}: the file is empty; copy the checkpoint again")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        strange = re.search(r"GLOBAL ([\w.]+)", str(error))
        if strange:
            raise InputError(
                f"{path}: holds an object of type {strange[1]}, which is no weight; it is not loaded, because "
                "reading it could run code. Save `state_dict` and `meta` of plain values instead"
            ) from None
        raise InputError(f"{path}: is no PyTorch checkpoint, or was cut off") from None
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        why = f" ({error})" if isinstance(error, OSError) else ""
        raise InputError(f"{path}: is no PyTorch checkpoint, or was cut off{why}") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected a checkpoint with `state_dict` and `meta`, found {type(content).__name__}")
    return content


def checkpoint_file(path: str | Path) -> Path:
    """The path itself; of the work folder of a training run its best checkpoint.

    Raises:
        InputError: the folder holds none.
    """
    path = Path(path)
    found = best_checkpoint(path) if path.is_dir() else path
    if found is None:
        raise InputError(f"{path}: this folder holds no best_*.pth; tools/train.py --work-dir {path} makes one")
    return found


def best_checkpoint(folder: str | Path) -> Path | None:
    """The checkpoint of a run that did best in validation."""
    return max(Path(folder).glob("best_*.pth"), key=iteration_of, default=None)


def iteration_of(path: Path) -> int:
    """The training step of a checkpoint, from its file name; -1 if that does not say."""
    number = re.search(r"iter_(\d+)\.pth$", path.name)
    return int(number[1]) if number else -1


def describe(config: Config) -> dict[str, Any]:
    """What a checkpoint says about its model: plain values only. Of videos also what found the segments."""
    described = {
        "model": config.model.to_dict(),
        "pipeline": [step.to_dict() for step in config.test_dataloader.dataset.pipeline],
    }
    return described | ({"stage_one": config.stage_one.to_dict()} if config.get("stage_one") else {})


def takes_tracks(path: str | Path) -> bool:
    """Whether the model of a checkpoint looks at tracks of videos, not at pictures.

    Raises:
        InputError: as `read_checkpoint` and `description_of`.
    """
    return _without_pictures(description_of(read_checkpoint(path), path))


def require_pictures(description: Mapping[str, Any], path: str | Path) -> None:
    """Refuse a description whose model takes no pictures.

    Raises:
        InputError: it looks at tracks of videos.
    """
    if _without_pictures(description):
        raise InputError(
            f"{path}: a {description['model'].get('type')}, which finds relations in videos, not in single pictures; "
            "give it a video or a folder of its frames (groundgraph predict clip.mp4), in Python pvsg.predictor"
        )


def _without_pictures(description: Mapping[str, Any]) -> bool:
    """Models of tracks have no transforms, since nothing is to be loaded."""
    return not description["pipeline"]


def description_of(checkpoint: Mapping[str, Any], path: str | Path) -> dict[str, Any]:
    """The description that training stored.

    Raises:
        InputError: there is none (a checkpoint of another program), or it names types by a path.
    """
    description = checkpoint["meta"].get(DESCRIPTION)
    if description is None and "converted" in checkpoint["meta"]:
        raise InputError(
            f"{path}: weights of a segmenter, which finds no relations; name them with their config beside the "
            f"checkpoint of a relation model: --segmenter mmdet:CONFIG.py,{path}"
        )
    if not isinstance(description, dict) or not {"model", "pipeline"} <= set(description):
        raise InputError(
            f"{path}: does not say which model it belongs to (it was not written by tools/train.py); "
            "`groundgraph convert` reads published weights; for others give the config file too: "
            "psg.Predictor(config, checkpoint)"
        )
    for name in _types(description):
        if not isinstance(name, str) or not _TYPE.fullmatch(name):
            raise InputError(f"{path}: names the type {name!r}; expected the name of a registered class")
    return description


def check_vocabulary(checkpoint: Mapping[str, Any], names: Mapping[str, Any] | None, path: str | Path) -> None:
    """Refuse a checkpoint that was trained with other names: weights know names by their place only.

    Raises:
        InputError: `names` (things, stuff, predicates) differ from those that training stored; the message
            lists where.
    """
    trained = checkpoint["meta"].get("dataset_meta", {}).get("vocabulary")
    for kind, known in (trained or {}).items():
        differing = [] if names is None else _differing(known, names.get(kind, ()))
        if differing:
            raise InputError(
                f"{path}: was trained with other {kind}: {_few(differing)}. "
                "Use the data set and the config that it was trained with"
            )


def _differing(known: Iterable[str], given: Iterable[str]) -> list[str]:
    """Where two lists of names differ, in words; a list that is too short has nothing there."""
    return [
        f"{place}: {_named(theirs)} instead of {_named(ours)}"
        for place, (theirs, ours) in enumerate(zip_longest(known, given))
        if theirs != ours
    ]


def _named(name: str | None) -> str:
    return "nothing" if name is None else repr(name)


def load_weights(model: nn.Module, checkpoint: Mapping[str, Any], path: str | Path) -> None:
    """Put the weights into a model that has exactly these parameters, but for what `optional_state` names.

    Raises:
        InputError: names or shapes differ; the message lists them.
    """
    given, wanted = checkpoint["state_dict"], model.state_dict()
    optional = optional_state(model)
    missing = [name for name in wanted if name not in given and name not in optional]
    unexpected = [name for name in given if name not in wanted]
    reshaped = [
        f"{name} {tuple(given[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in wanted.items()
        if name in given and given[name].shape != tensor.shape
    ]
    diverged = [name for name in wanted if name in given and given[name].isnan().any()]
    problems = [
        f"{len(names)} {what}: {_few(names)}"
        for what, names in (
            ("parameters of the model are missing", missing),
            ("parameters are unknown to the model", unexpected),
            ("parameters have another shape", reshaped),
            ("parameters are not numbers (NaN): the training diverged", diverged),
        )
        if names
    ]
    if problems:
        raise InputError(
            f"{path}: the checkpoint does not fit the model {type(model).__name__}. "
            + ". ".join(problems)
            + ". "
            + ("Use an earlier checkpoint" if diverged else "Use the config it was trained with")
        )
    model.load_state_dict(given)


def optional_state(model: nn.Module) -> frozenset[str]:
    """Names in the state of a model that a checkpoint may lack: what its modules list as `optional_state`."""
    return frozenset(
        f"{prefix}.{name}" if prefix else name
        for prefix, module in model.named_modules()
        for name in getattr(module, "optional_state", ())
    )


def _types(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("type", "_scope_"):
                yield inner
            else:
                yield from _types(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _types(inner)


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_LISTED]) + (f", ... ({len(listed) - _LISTED} more)" if len(listed) > _LISTED else "")
