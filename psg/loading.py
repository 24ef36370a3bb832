"""A trained model that is ready to run, from its checkpoint."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from mmdet.registry import MODELS
from mmengine import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DefaultScope
from mmengine.structures import BaseDataElement

import psg.models  # noqa: F401 - registers the models that checkpoints name
from psg.checkpoints import (
    check_vocabulary,
    checkpoint_file,
    describe,
    description_of,
    load_weights,
    read_checkpoint,
    require_pictures,
)
from psg.transforms import build_pipeline
from scenegraph import InputError, SceneGraph


class TrainedModel:
    """A model with its weights and the way from a picture to its input.

    Args:
        config: the config file that it was trained with; None takes what the checkpoint says.
        checkpoint: a file that tools/train.py wrote, or the work folder of a run.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        pictures: it must take pictures.

    Raises:
        InputError: a file is missing, is no checkpoint or config, or the two do not fit together; the
            message lists what does not fit. Or it takes no pictures.
    """

    def __init__(
        self,
        config: str | Path | None,
        checkpoint: str | Path,
        device: str | torch.device | None = None,
        pictures: bool = False,
    ) -> None:
        self.path = checkpoint_file(checkpoint)
        content = read_checkpoint(self.path)
        description = description_of(content, checkpoint) if config is None else _from_config(config, content)
        check_vocabulary(content, description["model"].get("vocabulary"), checkpoint)
        if pictures:
            require_pictures(description, checkpoint)
        try:
            with DefaultScope.overwrite_default_scope("mmdet"):
                self.model = MODELS.build(description["model"])
        except (KeyError, TypeError, AssertionError) as error:
            raise InputError(f"{config or checkpoint}: the model cannot be built ({error})") from error
        load_weights(self.model, content, checkpoint)
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.model.to(self.device).eval()
        self.pipeline = build_pipeline(description["pipeline"])
        self.description = description

    def graphs(self, items: Sequence[dict[str, Any]]) -> list[SceneGraph]:
        """The graphs of pictures: items as `psg.transforms` describes them, before loading."""
        return [sample.pred_graph for sample in self.samples(items)]

    @torch.inference_mode()
    def samples(self, items: Sequence[dict[str, Any]]) -> list[BaseDataElement]:
        """All that the model says about pictures: `pred_graph`, and of a `PanopticSegmenter` also `pred_map`.

        Samples are `psg.samples.SceneGraphSample`, or what other models take.
        """
        return self.model.test_step(pseudo_collate([self.pipeline(item) for item in items]))


def _from_config(path: str | Path, checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    """The description that a config gives, with the vocabulary of the checkpoint."""
    if not Path(path).is_file():
        raise InputError(f"{path}: there is no such config file; configs/ has them")
    try:
        description = describe(Config.fromfile(path))
    except (AttributeError, SyntaxError, OSError, TypeError, ValueError, KeyError) as error:
        raise InputError(f"{path}: cannot be read as the config of a model ({error})") from error
    trained = checkpoint["meta"].get("dataset_meta", {}).get("vocabulary")
    given = description["model"].get("vocabulary") or trained
    if given is None:
        raise InputError(f"{path}: neither the config nor the checkpoint has a vocabulary; add model.vocabulary")
    description["model"]["vocabulary"] = given
    return description
