"""Which published model a checkpoint belongs to, from the names of its parameters."""

from collections.abc import Mapping

from torch import Tensor

from scenegraph import InputError

ONE_STAGE = ("PSGTR", "PSGFormer")
TWO_STAGE = ("IMP", "Motifs", "VCTree", "GPSNet")
DETR, ORIGINAL_DETR, PANOPTIC_FPN = "DETR", "original DETR", "PanopticFPN"

_SIGNS = {
    "PSGTR": "bbox_head.sub_cls_embed.weight",
    "PSGFormer": "bbox_head.rel_query_embed.weight",
    "VCTree": "relation_head.context_layer.vision_prior.weight",
    "IMP": "relation_head.context_layer.edge_gru.weight_ih",
    "GPSNet": "relation_head.context_layer.W_t3.0.weight",
    "Motifs": "relation_head.context_layer.decoder_rnn.input_linearity.weight",
    ORIGINAL_DETR: "detr.class_embed.weight",
    DETR: "bbox_head.class_embed.weight",
    PANOPTIC_FPN: "semantic_head.conv_logits.weight",
}
"""A parameter that no kind listed after it has."""

_BLOCKS = {6: 50, 23: 101}
"""Depth of a ResNet by the blocks of its third stage."""


def kind_of(weights: Mapping[str, Tensor], path: object) -> str:
    """The kind of published model.

    Raises:
        InputError: it is none of them.
    """
    found = next((kind for kind, sign in _SIGNS.items() if sign in weights), None)
    if found is None:
        raise InputError(
            f"{path}: none of the known models ({', '.join(_SIGNS)}); it has {len(weights)} parameters such as "
            f"{', '.join(sorted(weights)[:4])}"
        )
    return found


def depth_of(weights: Mapping[str, Tensor], path: object) -> int:
    """The depth of the ResNet: 50 or 101.

    Raises:
        InputError: it has another number of blocks.
    """
    blocks = {name.split(".")[2] for name in weights if name.startswith("backbone.layer3.")}
    if len(blocks) not in _BLOCKS:
        raise InputError(f"{path}: {len(blocks)} blocks in backbone.layer3; expected 6 (ResNet-50) or 23 (ResNet-101)")
    return _BLOCKS[len(blocks)]
