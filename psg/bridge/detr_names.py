"""The names of a panoptic DETR's parameters: those of its authors, and those of mmdet 2 that OpenPSG uses.

Carion et al. 2020, "End-to-End Object Detection with Transformers". A DETR has the encoder, decoder and
heads that PSGFormer's objects and PSGTR's triplets start from.
"""

import re
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from psg.bridge.one_stage_names import our_name
from psg.bridge.vocabularies import coco_ids

ORIGINAL = "detr."
"""Prefix of the parameters in the authors' files, but for two heads that have none."""

ORIGINAL_CLASSES = 251
"""Rows of the authors' classifier: all COCO numbers from 0 to 249, and the background."""

_RULES = (
    (r"^detr\.backbone\.0\.body\.", "backbone."),
    (r"^detr\.transformer\.", "bbox_head.transformer."),
    (r"^detr\.(input_proj|query_embed|class_embed)\.", r"bbox_head.\1."),
    (r"^detr\.bbox_embed\.", "bbox_head.box_embed."),
    (r"^(bbox_attention|mask_head)\.", r"bbox_head.\1."),
    (r"\.self_attn\.", ".attentions.0.attn."),
    (r"\.multihead_attn\.", ".attentions.1.attn."),
    (r"\.linear1\.", ".ffns.0.layers.0.0."),
    (r"\.linear2\.", ".ffns.0.layers.1."),
    (r"\.norm([123])\.", lambda found: f".norms.{int(found[1]) - 1}."),
    (r"\.decoder\.norm\.", ".decoder.post_norm."),
)
_HEADS = ("class_embed", "box_embed", "bbox_attention", "mask_head")


def from_original(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The authors' weights under mmdet's names, with the classes of the PSG data.

    Their classifier has a row for every COCO number; batch normalisations do not count batches.
    """
    renamed = {}
    for name, tensor in weights.items():
        for pattern, replacement in _RULES if not name.startswith("detr.backbone") else _RULES[:1]:
            name = re.sub(pattern, replacement, name)
        if name.startswith("bbox_head.class_embed.") and len(tensor) == ORIGINAL_CLASSES:
            tensor = tensor[[*coco_ids(), ORIGINAL_CLASSES - 1]]
        renamed[name] = tensor
        if name.endswith(".running_var"):
            renamed[name.replace("running_var", "num_batches_tracked")] = torch.tensor(0)
    return renamed


def starts(published: str, triplets: bool) -> Iterator[str]:
    """Our names of what starts from a DETR's parameter: in PSGTR, subjects and objects both start from its heads.

    >>> list(starts("bbox_head.class_embed.bias", triplets=True))
    ['triplet_decoder.subject.classify.bias', 'triplet_decoder.object.classify.bias']
    """
    head, _, rest = published.removeprefix("bbox_head.").partition(".")
    if triplets and head in _HEADS:
        names = [f"bbox_head.{end}_{'cls_embed' if head == 'class_embed' else head}.{rest}" for end in ("sub", "obj")]
    elif triplets:
        names = [published]
    else:
        names = [
            published.replace(".transformer.decoder.", ".transformer.decoder1.").replace(
                "bbox_head.query_embed.", "bbox_head.obj_query_embed."
            )
        ]
    for name in names:
        ours = our_name(name, triplets)
        if ours is not None:
            yield ours
