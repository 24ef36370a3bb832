"""A small data set of painted scenes with predictions, indexed once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from explorer.index import build
from explorer.manifest import Manifest
from scenegraph import SceneGraph
from tests.explorer.scenes import write_predictions, write_truth

COUNT = 24


@dataclass(frozen=True)
class Scenes:
    data: Path
    predictions: Path
    index: Path
    manifest: Manifest
    truth: list[SceneGraph]
    predicted: list[SceneGraph]


@pytest.fixture(scope="session")
def scenes(tmp_path_factory) -> Scenes:
    root = tmp_path_factory.mktemp("scenes")
    truth = write_truth(root / "data", COUNT)
    predicted = write_predictions(root / "predictions", truth)
    sources = {"truth": root / "data", "model": root / "predictions"}
    manifest = build(sources, root / "index", title="Painted scenes", progress=False)
    return Scenes(root / "data", root / "predictions", root / "index", manifest, truth, predicted)
