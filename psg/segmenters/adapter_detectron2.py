"""Panoptic models of detectron2, where it is installed.

detectron2 is on no package index and is built from its source; nothing else here needs it.
"""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Integer

from psg.fitting import RGB
from psg.segmenters.interface import NamedSegmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from scenegraph import InputError, Vocabulary

INSTALL = (
    "detectron2 is not installed. It is built from its source beside torch and torchvision: see INSTALL.md of "
    "github.com/facebookresearch/detectron2. Or use another segmenter: eomt, mask2former, mmdet"
)


class Detectron2Segmenter(NamedSegmenter):
    """A panoptic model of detectron2: PanopticFPN, and those of projects that keep its format.

    >>> Detectron2Segmenter("panoptic_fpn_R_50_3x.yaml", "panoptic_fpn_R_50_3x.pth")  # doctest: +SKIP

    Args:
        config: its YAML file.
        weights: a .pth with the model's state_dict (or with it under "model"). The .pkl files of the model
            zoo are pickles, which can run code; turn one that you trust into a .pth with detectron2's
            `DetectionCheckpointer(model).load(PKL)` and `torch.save({"model": model.state_dict()}, PTH)`.
        vocabulary: the names that maps shall use; None: the model's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: see `psg.segmenters.names.Naming`.

    Raises:
        InputError: detectron2 is not installed, a file is missing or broken, weights do not fit, or
            classes are unknown to the vocabulary.
    """

    def __init__(
        self,
        config: str | Path,
        weights: str | Path,
        vocabulary: Vocabulary | None = None,
        device: str | torch.device | None = None,
        drop_unknown: bool = False,
    ) -> None:
        try:
            settings = importlib.import_module("detectron2.config").get_cfg()
            engine = importlib.import_module("detectron2.engine")
            data = importlib.import_module("detectron2.data")
        except ImportError:
            raise InputError(INSTALL) from None
        self.config = Path(config)
        if not self.config.is_file():
            raise InputError(f"{config}: there is no such config file")
        state = _weights(Path(weights))
        settings.merge_from_file(str(config))
        settings.MODEL.DEVICE = str(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        settings.MODEL.WEIGHTS = ""
        self.predictor = engine.DefaultPredictor(settings)
        self.model = self.predictor.model
        _fill(self.model, state, weights)
        names = data.MetadataCatalog.get(settings.DATASETS.TEST[0])
        self.things, self.stuff = list(names.thing_classes), list(names.stuff_classes)
        # Stuff ids count from a place for "things" in one of its conventions, and from the first thing in another.
        stuff = [name for name in self.stuff if name != "things" and name not in self.things]
        classes = [*self.things, *stuff]
        self.naming = Naming.of(classes, vocabulary, str(config), self.things, drop_unknown)
        self._categories = dict(zip(classes, self.naming.table.tolist(), strict=True))

    @property
    def name(self) -> str:
        """The name of the config."""
        return f"detectron2 {self.config.stem}"

    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        return [self._map(*self.predictor(image[..., ::-1])["panoptic_seg"]) for image in images]

    def _map(self, ids: torch.Tensor, infos: Sequence[Mapping[str, Any]] | None) -> PanopticMap:
        """detectron2's result: ids from 1 (0 is void) and a record a segment."""
        if infos is None:
            raise InputError(
                f"{self.config}: gives a map without a list of segments (as Panoptic-DeepLab does); expected a model "
                "whose `panoptic_seg` comes with it, such as PanopticFPN"
            )
        numbers: Integer[np.ndarray, "h w"] = ids.cpu().numpy().astype(np.int64)
        known = [info for info in infos if self._category(info) >= 0]
        place = np.full(max(numbers.max(initial=0), *(info["id"] for info in infos), 0) + 1, -1, dtype=np.int64)
        place[[info["id"] for info in known]] = np.arange(len(known))
        scores = [min(max(float(info.get("score", 1.0)), 0.0), 1.0) for info in known]
        return PanopticMap.of_ids(place[numbers], [self._category(info) for info in known], scores, self.vocabulary)

    def _category(self, info: Mapping[str, Any]) -> int:
        names = self.things if info["isthing"] else self.stuff
        return self._categories.get(names[info["category_id"]], -1)


def _weights(path: Path) -> dict[str, torch.Tensor]:
    if path.suffix == ".pkl":
        raise InputError(
            f"{path}: is a pickle, which can run code when it is read; turn it into a .pth first: "
            "help(psg.segmenters.adapter_detectron2.Detectron2Segmenter)"
        )
    if not path.is_file():
        raise InputError(f"{path}: there is no such file of weights")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(f"{path}: is no file of weights, or was cut off ({type(error).__name__})") from None
    state = content.get("model", content) if isinstance(content, dict) else None
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise InputError(f"{path}: expected a state_dict of tensors, or one under 'model'")
    return state


def _fill(model: torch.nn.Module, state: dict[str, torch.Tensor], path: str | Path) -> None:
    try:
        missing, unexpected = model.load_state_dict(state, strict=False)
    except RuntimeError as error:  # another shape
        raise InputError(f"{path}: the weights do not fit the config ({str(error).splitlines()[-1].strip()})") from None
    if missing or unexpected:
        raise InputError(
            f"{path}: the weights do not fit the config: {len(missing)} are missing ({', '.join(missing[:5])}), "
            f"{len(unexpected)} unknown ({', '.join(unexpected[:5])})"
        )
