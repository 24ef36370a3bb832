"""What travels between the data set, the model and the metric: one picture with its truth and its prediction."""

from mmdet.structures import DetDataSample
from torch import Tensor

from psg.segmenters.maps import PanopticMap
from scenegraph import SceneGraph


class SceneGraphSample(DetDataSample):
    """One picture of a batch, without its pixels.

    Metainfo: `img_id`, `img_path`, `ori_shape` and `img_shape` (height, width), `scale_factor`
    (width, height), `flip`; the preprocessor adds `batch_input_shape`.

    `gt_instances` (InstanceData) has `labels` int64 [n], `bboxes` float32 [n, 4] xyxy and `masks`
    bool [n, h, w], all at `img_shape`; one instance a segment, things and stuff alike. A field that
    is not known is absent: `"gt_relations" in sample` tells.
    """

    gt_relations: Tensor
    """int64 [r, 3]: (subject, predicate, object), indexes into `gt_instances` and a 0-based predicate id."""

    graph: SceneGraph
    """The true graph at `ori_shape`."""

    pred_graph: SceneGraph
    """The predicted graph at `ori_shape`."""

    pred_map: PanopticMap
    """What a `psg.segmentation.PanopticSegmenter` found, with the features of its queries."""
