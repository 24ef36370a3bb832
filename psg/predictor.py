"""From a photo to its scene graph: with a trained model, with any segmenter, or with both."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from psg.fitting import RGB, fitted, restored, seen
from psg.geometric import predict_relations
from psg.provenance import weights_digest
from psg.segmenters import PanopticMap, Segmenter, segmenter_of
from psg.tiles import TiledSegmenter, Tiling, predict_tiles
from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.images import ImageSource, read_image

SegmenterSource = Segmenter | str | Callable[[Vocabulary | None], Segmenter]

_TWO_STAGE = ("predcls", "sgcls", "sgdet")
"""Modes of models that find relations among given segments."""


class Predictor:
    """What turns pictures into graphs: a trained model, a segmenter, or both.

    >>> from psg import Predictor
    >>> predictor = Predictor.from_checkpoint("work_dirs/psgformer")  # doctest: +SKIP
    >>> graph = predictor.predict("photo.jpg")  # doctest: +SKIP
    >>> Predictor(segmenter="eomt:models/eomt", tile=1024).predict("aerial.tif")  # doctest: +SKIP

    A one-stage model finds segments and relations; a two-stage model finds relations among the
    segments of `segmenter`; without a model relations come from the layout (`psg.geometric`).

    Args:
        config: the config file that the model was trained with; None takes what the checkpoint says
            (`Predictor.from_checkpoint`).
        checkpoint: a file that tools/train.py wrote; None for a segmenter without a model.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        segmenter: finds the segments: a segmenter, a text for `psg.segmenters.segmenter_of`, or a function
            that makes one, given the model's vocabulary (None without a model).
        tile: see large pictures in tiles of so many pixels a side (`psg.tiles`), which finds small
            things. A one-stage model then relates what is within a tile.
        overlap: pixels that neighbouring tiles share; by default a quarter of a tile.

    Raises:
        InputError: a file is missing, is no checkpoint or config, or model, files and segmenter do not
            fit together; the message lists what does not fit.
    """

    def __init__(
        self,
        config: str | Path | None = None,
        checkpoint: str | Path | None = None,
        device: Any = None,
        segmenter: SegmenterSource | None = None,
        tile: int | None = None,
        overlap: int | None = None,
    ) -> None:
        self.tile, self.overlap = tile, overlap
        if tile is not None:
            Tiling.of((1, 1), tile, overlap)  # refuses what is not possible before anything is loaded
        if checkpoint is None and segmenter is None:
            raise InputError("nothing to predict with: give a checkpoint, a segmenter, or both")
        if checkpoint is None and config is not None:
            raise InputError(f"{config}: a config needs the checkpoint that was trained with it")
        self._trained = None
        self._refines = False
        if checkpoint is not None:
            from psg.loading import TrainedModel  # torch and mmdet take seconds, and the layout needs neither

            self._trained = TrainedModel(config, checkpoint, device, True)
        if isinstance(segmenter, str):
            segmenter = partial(segmenter_of, segmenter, device=device)
        if segmenter is not None and not isinstance(segmenter, Segmenter):
            segmenter = segmenter(self.model.vocabulary if self.model else None)
        self.segmenter = self._checked(segmenter)

    def _checked(self, segmenter: Segmenter | None) -> Segmenter | None:
        """The segmenter in tiles if so wanted, and the model told that segments are given."""
        takes_segments = getattr(self.model, "mode", None) in _TWO_STAGE
        if segmenter is None:
            if takes_segments and self.model.mode != "sgdet":
                raise InputError(
                    f"{self.checkpoint}: finds relations among given segments; say what finds the segments "
                    "(segmenter=..., --segmenter eomt:FOLDER)"
                )
            return None
        if self.model is not None:
            if not takes_segments:
                raise InputError(
                    f"{self.checkpoint}: {type(self.model).__name__} finds its own segments; leave out the segmenter, "
                    "or leave the checkpoint out for spatial relations of the segmenter's segments"
                )
            if segmenter.vocabulary.categories != self.model.vocabulary.categories:
                raise InputError(
                    f"{segmenter.name}: its categories are not those of {self.checkpoint}; build it with "
                    "vocabulary=predictor.model.vocabulary"
                )
            self._refines = self.model.mode != "predcls"
            if self.model.mode == "sgdet":  # the segments are at hand, with their categories
                self.model.mode = "predcls"
        return segmenter if self.tile is None else TiledSegmenter(segmenter, self.tile, self.overlap)

    @classmethod
    def from_checkpoint(
        cls,
        path: str | Path,
        device: Any = None,
        segmenter: SegmenterSource | None = None,
        tile: int | None = None,
        overlap: int | None = None,
    ) -> "Predictor":
        """The model of a checkpoint, built from the description inside it (data, never code).

        Raises:
            InputError: as for the class; or the checkpoint has no description.
        """
        return cls(None, path, device, segmenter, tile, overlap)

    @property
    def model(self) -> Any:
        """The trained model, or None."""
        return self._trained.model if self._trained else None

    @property
    def trained(self) -> Any:
        """The trained model with the way to its input, a `psg.loading.TrainedModel`, or None."""
        return self._trained

    @property
    def checkpoint(self) -> Path | None:
        """The file of the model's weights."""
        return self._trained.path if self._trained else None

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that predicted graphs use; without a model, predicates may be added to them."""
        return self.segmenter.vocabulary if self.model is None else self.model.vocabulary

    @property
    def description(self) -> dict[str, Any]:
        """What made a graph, for its metadata."""
        described: dict[str, Any] = {}
        if self.model is not None:
            described |= {"model": type(self.model).__name__, "checkpoint": self.checkpoint.name}
            described["weights"] = self._weights
        if self.segmenter is not None:
            described["segmenter"] = self.segmenter.name
        return described if self.tile is None else described | {"tile": self.tile}

    @cached_property
    def _weights(self) -> str:
        return weights_digest(self.model)

    def predict(self, image: ImageSource) -> SceneGraph:
        """The graph of one picture: a path, a Pillow image, or an array uint8 [height, width, 3] RGB.

        Raises:
            InputError: the picture cannot be read, or the segmenter has no segments of it.
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

    def _predict(self, images: Sequence[ImageSource]) -> list[SceneGraph]:
        pictures, names = [read_image(image) for image in images], [_name(image) for image in images]
        if self.segmenter is not None:
            maps = self.segmenter.segment_many(pictures, names)
            graphs = [self._related(*pair) for pair in zip(pictures, maps, strict=True)]
        elif self.tile is not None:
            tilings = [Tiling.of(picture.shape[:2], self.tile, self.overlap) for picture in pictures]
            graphs = [predict_tiles(*pair, self._whole) for pair in zip(pictures, tilings, strict=True)]
        else:
            graphs = self._whole(pictures)
        return [
            replace(graph, source=replace(graph.source, uri=name), metadata={**graph.metadata, **self.description})
            for graph, name in zip(graphs, names, strict=True)
        ]

    def _whole(self, pictures: Sequence[RGB]) -> list[SceneGraph]:
        """The graphs that a one-stage model finds, each picture seen at once."""
        inputs = [fitted(picture) for picture in pictures]
        graphs = self._trained.graphs([{"img": image, "img_path": ""} for image, _ in inputs])
        return [
            restored(graph, part, picture.shape[:2])
            for graph, (_, part), picture in zip(graphs, inputs, pictures, strict=True)
        ]

    def _related(self, picture: RGB, found: PanopticMap) -> SceneGraph:
        """The segments with relations, found on a picture no larger than networks see."""
        graph = found.graph()
        image, part = fitted(picture)
        small = seen(graph, part, image.shape[:2])
        if self.model is None:
            related = predict_relations(small)
        elif small.nodes:
            labels = found.categories[[node.id for node in small.nodes]]
            truth = {"graph": small, "labels": labels, "relations": np.zeros((0, 3), dtype=np.int64)}
            related = self._trained.graphs([{"img": image, "img_path": "", **truth}])[0]
        else:
            related = replace(small, vocabulary=self.model.vocabulary)
        renamed = {node.id: node for node in related.nodes} if self._refines else {}
        nodes = tuple(replace(renamed.get(node.id, node), region=node.region) for node in graph.nodes)
        return replace(graph, nodes=nodes, relations=related.relations, vocabulary=related.vocabulary)


def _name(image: ImageSource) -> str:
    return Path(image).name if isinstance(image, (str, Path)) else ""
