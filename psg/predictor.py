"""From a photo to its scene graph, with a trained model."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from mmdet.registry import MODELS
from mmengine import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DefaultScope
from tqdm import tqdm

import psg.models  # noqa: F401 - registers the models that checkpoints name
from psg.checkpoints import check_vocabulary, describe, description_of, load_weights, read_checkpoint
from psg.transforms import build_pipeline
from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.images import ImageSource


class Predictor:
    """A trained model that turns pictures into graphs.

    >>> from psg import Predictor
    >>> predictor = Predictor.from_checkpoint("work_dirs/psgformer")  # doctest: +SKIP
    >>> graph = predictor.predict("photo.jpg")  # doctest: +SKIP

    Args:
        config: the config file that the model was trained with; None takes what the checkpoint says
            (`Predictor.from_checkpoint`).
        checkpoint: a file that tools/train.py wrote.
        device: "cpu", "cuda:1", ...; a GPU if there is one.

    Raises:
        InputError: a file is missing, is no checkpoint or config, or the two do not fit together; the
            message lists what does not fit.
    """

    def __init__(
        self, config: str | Path | None, checkpoint: str | Path, device: str | torch.device | None = None
    ) -> None:
        content = read_checkpoint(checkpoint)
        description = description_of(content, checkpoint) if config is None else _from_config(config, content)
        self.checkpoint = Path(checkpoint)
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        try:
            with DefaultScope.overwrite_default_scope("mmdet"):
                self.model = MODELS.build(description["model"])
        except (KeyError, TypeError, AssertionError) as error:
            raise InputError(f"{config or checkpoint}: the model cannot be built ({error})") from error
        load_weights(self.model, content, checkpoint)
        self.model.to(self.device).eval()
        self.pipeline = build_pipeline(description["pipeline"])

    @classmethod
    def from_checkpoint(cls, path: str | Path, device: str | torch.device | None = None) -> "Predictor":
        """The model of a checkpoint, built from the description inside it (data, never code).

        Raises:
            InputError: as for the class; or the checkpoint has no description.
        """
        return cls(None, path, device)

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that predicted graphs use."""
        return self.model.vocabulary

    def predict(self, image: ImageSource) -> SceneGraph:
        """The graph of one picture: a path, a Pillow image, or an array uint8 [height, width, 3] RGB.

        Raises:
            InputError: the picture cannot be read.
        """
        return self._predict([image])[0]

    def predict_many(
        self, images: Iterable[ImageSource], batch_size: int = 8, progress: bool = True
    ) -> Iterator[SceneGraph]:
        """The graphs of many pictures, in order, as they are made.

        Args:
            images: as for `predict`; pictures of one batch are padded to the largest.
            batch_size: pictures at a time.
            progress: show a bar (on stderr).

        Raises:
            InputError: a picture cannot be read; the graphs of earlier batches have been given by then.
        """
        total = len(images) if isinstance(images, Sized) else None
        with tqdm(total=total, desc="predict", unit=" pictures", disable=not progress) as bar:
            remaining = iter(images)
            while batch := list(islice(remaining, batch_size)):
                for graph in self._predict(batch):
                    bar.update()
                    yield graph

    @torch.inference_mode()
    def _predict(self, images: Sequence[ImageSource]) -> list[SceneGraph]:
        batch = pseudo_collate([self.pipeline(_item(image)) for image in images])
        graphs = [sample.pred_graph for sample in self.model.test_step(batch)]
        return [
            replace(
                graph,
                source=replace(graph.source, uri=_name(image)),
                metadata={**graph.metadata, "model": type(self.model).__name__, "checkpoint": self.checkpoint.name},
            )
            for graph, image in zip(graphs, images, strict=True)
        ]


def _item(image: ImageSource) -> dict[str, Any]:
    return {"img_path": str(image)} if isinstance(image, (str, Path)) else {"img": image, "img_path": ""}


def _name(image: ImageSource) -> str:
    return Path(image).name if isinstance(image, (str, Path)) else ""


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
    check_vocabulary(checkpoint, given, path)
    description["model"]["vocabulary"] = given
    return description
