"""PanopticFPN, MaskFormer and Mask2Former from mmdet: a config and a checkpoint.

Kirillov et al. 2019, "Panoptic Feature Pyramid Networks"; Cheng et al. 2021 and 2022, "MaskFormer" and
"Mask2Former". Without compiled operations mmdet runs on `psg.ops`; Mask2Former's deformable attention
then takes mmcv's own torch path on the CPU and that of `psg.ops` on a GPU.
"""

import sys
import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float64, Int64, Integer
from mmdet.evaluation.functional import INSTANCE_OFFSET
from mmdet.models.detectors import MaskFormer
from mmdet.models.detectors.panoptic_two_stage_segmentor import TwoStagePanopticSegmentor
from mmdet.registry import DATASETS, MODELS
from mmdet.structures import DetDataSample
from mmengine import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData
from torch import Tensor

from psg.checkpoints import load_weights, read_checkpoint
from psg.fitting import RGB
from psg.postprocess import PostProcessing
from psg.segmenters.interface import NamedSegmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import UNKNOWN, Naming
from psg.segmenters.queries import PUBLISHED, known_probabilities, map_of
from scenegraph import InputError, Mask, Vocabulary
from scenegraph.masks import intersections
from scenegraph.panoptic import masks_from_ids


class MMDetSegmenter(NamedSegmenter):
    """A panoptic model of mmdet.

    >>> MMDetSegmenter("panoptic-fpn_r50_fpn_1x_coco.py", "panoptic_fpn_r50.pth")  # doctest: +SKIP

    Args:
        config: mmdet's config file (a program: use only those that you trust).
        checkpoint: its weights.
        vocabulary: the names that maps shall use; None: the model's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: see `psg.segmenters.names.Naming`.
        postprocessing: how the queries of MaskFormer and Mask2Former become segments; PanopticFPN has
            thresholds in its config.

    Raises:
        InputError: a file is missing or broken, the model is of another kind, the weights do not fit, or
            classes are unknown to the vocabulary.
    """

    def __init__(
        self,
        config: str | Path,
        checkpoint: str | Path,
        vocabulary: Vocabulary | None = None,
        device: str | torch.device | None = None,
        drop_unknown: bool = False,
        postprocessing: PostProcessing = PUBLISHED,
    ) -> None:
        content = read_checkpoint(checkpoint)
        self.config = Path(config)
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        settings = _settings(self.config)
        # mmdet greets when its data sets are imported, and standard output is for results.
        with DefaultScope.overwrite_default_scope("mmdet"), redirect_stdout(sys.stderr):
            self.model = _built(settings, self.config)
            steps = settings.test_dataloader.dataset.pipeline
            self.pipeline = Compose([step for step in steps if not step["type"].split(".")[-1].startswith("Load")])
            classes, things = _classes(content["meta"], settings)
        load_weights(self.model, content, checkpoint)
        self.model.to(self.device).eval()
        self.naming = Naming.of(classes, vocabulary, str(self.config), things, drop_unknown)
        self.postprocessing = postprocessing
        self._table = torch.from_numpy(self.naming.table).to(self.device)

    @property
    def name(self) -> str:
        """The name of the config."""
        return self.config.stem

    @torch.inference_mode()
    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        data = self.model.data_preprocessor(pseudo_collate([self._item(image) for image in images]), False)
        inputs, samples = data["inputs"], data["data_samples"]
        features = self.model.extract_feat(inputs)
        find = self._by_queries if isinstance(self.model, MaskFormer) else self._by_boxes
        return find(features, samples)

    def _item(self, image: RGB) -> dict[str, Any]:
        blue_first = np.ascontiguousarray(image[..., ::-1])
        size = image.shape[:2]
        return self.pipeline({"img": blue_first, "img_shape": size, "ori_shape": size, "img_id": 0, "img_path": ""})

    def _by_queries(self, features: Any, samples: Sequence[DetDataSample]) -> list[PanopticMap]:
        logits, masks = self.model.panoptic_head.predict(features, samples)
        count, things = len(self.vocabulary.categories), len(self.vocabulary.things)
        return [
            map_of(
                self.postprocessing.segments(
                    known_probabilities(logits[i].float(), self._table, count),
                    masks[i].float(),
                    1,
                    tuple(sample.img_shape[:2]),
                    tuple(sample.ori_shape[:2]),
                    things,
                ),
                self.vocabulary,
            )
            for i, sample in enumerate(samples)
        ]

    def _by_boxes(self, features: Any, samples: Sequence[DetDataSample]) -> list[PanopticMap]:
        proposals = self.model.rpn_head.predict(features, samples, rescale=False)
        found = self.model.roi_head.predict(features, proposals, samples, rescale=True)
        stuff = self.model.semantic_head.predict(features, [sample.metainfo for sample in samples], True)
        # mmdet's fusion writes into nothing that it was given, but returns no scores: they are found again.
        fused = self.model.panoptic_fusion_head.predict(found, stuff)
        return [
            self._fused(result.sem_seg[0].cpu().numpy(), instances, likely)
            for result, instances, likely in zip(fused, found, stuff, strict=True)
        ]

    def _fused(
        self, coded: Integer[np.ndarray, "h w"], instances: InstanceData, likely: Float[Tensor, "s h w"]
    ) -> PanopticMap:
        """The map from mmdet's coded one (class + `INSTANCE_OFFSET` * number); the code of void names no class."""
        codes, ids = np.unique(coded.astype(np.int64), return_inverse=True)
        ids = ids.reshape(coded.shape).astype(np.int32)
        labels = codes % INSTANCE_OFFSET
        known = np.append(self.naming.table, UNKNOWN)[np.minimum(labels, len(self.naming.table))]
        thing = codes >= INSTANCE_OFFSET
        scores = np.where(thing, _scores_of_things(ids, labels, instances), _scores_of_stuff(ids, len(labels), likely))
        kept = known >= 0
        renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
        return PanopticMap.of_ids(renumbered[ids], known[kept], scores[kept].clip(0, 1), self.vocabulary)


def _scores_of_things(
    ids: Integer[np.ndarray, "h w"], labels: Int64[np.ndarray, " n"], instances: InstanceData
) -> Float64[np.ndarray, " n"]:
    """Score of the detection that every segment was cut out of: the best of its class that covers most of it."""
    masks = [Mask.from_array(mask) for mask in instances.masks.cpu().numpy().astype(bool)]
    if not masks:
        return np.zeros(len(labels))
    segments = masks_from_ids(ids, np.arange(len(labels)))
    areas = np.array([segment.area for segment in segments])
    share = intersections(masks, segments) / areas
    share[instances.labels.cpu().numpy()[:, None] != labels[None]] = 0
    scores = instances.scores.double().cpu().numpy()
    return np.where(share >= share.max(axis=0), scores[:, None], 0).max(axis=0) * (share.max(axis=0) > 0)


def _scores_of_stuff(
    ids: Integer[np.ndarray, "h w"], count: int, likely: Float[Tensor, "s h w"]
) -> Float64[np.ndarray, " n"]:
    """Mean probability, over the pixels of a segment, of the class that won there."""
    best = likely.softmax(0).max(0).values.double().cpu().numpy()
    total = np.bincount(ids.ravel(), weights=best.ravel(), minlength=count)
    return total / np.bincount(ids.ravel(), minlength=count).clip(min=1)


def _settings(path: Path) -> Config:
    if not path.is_file():
        raise InputError(f"{path}: there is no such config file; mmdet's are in its folder .mim/configs")
    try:
        settings = Config.fromfile(path)
        settings.model.backbone.init_cfg = None  # the checkpoint has all weights
        settings.test_dataloader.dataset.pipeline  # noqa: B018 - raises where there is none
    except (AttributeError, SyntaxError, OSError, TypeError, ValueError, KeyError) as error:
        raise InputError(f"{path}: cannot be read as the config of an mmdet model ({error})") from error
    return settings


def _built(settings: Config, path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # mmdet warns of settings of losses, which play no part
            model = MODELS.build(settings.model)
    except (KeyError, TypeError, AssertionError, AttributeError, ValueError) as error:
        raise InputError(f"{path}: the model cannot be built ({error})") from error
    if not isinstance(model, (MaskFormer, TwoStagePanopticSegmentor)):
        raise InputError(
            f"{path}: is a {type(model).__name__}; expected a panoptic model: PanopticFPN, MaskFormer or Mask2Former"
        )
    return model


def _classes(meta: Mapping[str, Any], settings: Config) -> tuple[list[str], list[str] | None]:
    """Names of all classes and of the things: from the checkpoint, the config, or the data set that it names."""
    dataset = settings.test_dataloader.dataset
    kind = DATASETS.get(dataset.type)
    for known in (meta.get("dataset_meta"), dataset.get("metainfo"), getattr(kind, "METAINFO", None), meta):
        names = {str(key).lower(): value for key, value in (known or {}).items()}
        if names.get("classes"):
            things = names.get("thing_classes")
            return list(names["classes"]), list(things) if things else None
    return [], None
