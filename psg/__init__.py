"""From an image to a panoptic scene graph.

>>> from psg import Predictor  # doctest: +SKIP
>>> graph = Predictor.from_checkpoint("work_dirs/psgformer").predict("photo.jpg")  # doctest: +SKIP
"""

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_EXPORTS = {"Predictor": "psg.predictor", "predict_relations": "psg.geometric"}


class _MissingOps(MetaPathFinder, Loader):
    """Offers `psg.ops` as `mmcv._ext`; asked last, so that compiled operations win."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == "mmcv._ext" else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return importlib.import_module("psg.ops").extension()

    def exec_module(self, module: ModuleType) -> None:
        """The module is complete when it is created."""


if not any(isinstance(finder, _MissingOps) for finder in sys.meta_path):
    sys.meta_path.append(_MissingOps())


def __getattr__(name: str) -> Any:
    """Models and torch are imported by those who use them."""
    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module 'psg' has no attribute {name!r}")
