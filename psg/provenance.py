"""What a result was made with, as flat values that a file can say and a later run can compare."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from inspect import signature
from typing import Any

import torch
from torch import nn

Settings = dict[str, Any]
"""Plain values by dotted name."""

_DIGITS = 16
"""Of SHA-256 in hexadecimal: 64 bits, so that two sets of weights that differ never look alike by chance."""


def flat(values: Mapping[str, Any], name: str = "") -> Settings:
    """Nested values by dotted name.

    >>> flat({"memory": 0.9, "affinity": {"gate": 18.47}}, "tracker")
    {'tracker.memory': 0.9, 'tracker.affinity.gate': 18.47}

    Args:
        values: plain values, and dicts of them.
        name: of the whole, in front of every name.
    """
    start, found = f"{name}." if name else "", {}
    for key, value in values.items():
        found |= flat(value, start + key) if isinstance(value, Mapping) else {start + key: value}
    return found


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The way back from `flat`.

    >>> nested({"tracker.memory": 0.9, "tracker.affinity.gate": 18.47})
    {'tracker': {'memory': 0.9, 'affinity': {'gate': 18.47}}}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        inner = found
        for each in outer:
            inner = inner.setdefault(each, {})
        inner[last] = value
    return found


def arguments_of(made: Any) -> Settings:
    """What an object was made with: its constructor's arguments, which it keeps under their names.

    Defaults are among them, since they may change; data classes are written out.
    """
    kept = {name: getattr(made, name) for name in signature(type(made)).parameters}
    return flat({name: asdict(value) if is_dataclass(value) else value for name, value in kept.items()})


def weights_digest(model: nn.Module) -> str:
    """16 hexadecimal digits that are the same for equal weights, whatever file they came from.

    Args:
        model: its parameters and buffers count, with their names and types.
    """
    digest = hashlib.sha256()
    for name, value in model.state_dict().items():
        digest.update(f"{name} {value.dtype} {tuple(value.shape)};".encode())
        digest.update(value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()[:_DIGITS]
