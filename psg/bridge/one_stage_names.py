"""The names of the parameters of the published PSGTR and PSGFormer, and ours for them."""

import re

_UNUSED = ("bbox_head.sop_query_update.",)
"""Parameters that the published PSGFormer stores and never uses."""

_HEADS = {"": "object_decoder.head", "sub_": "triplet_decoder.subject", "obj_": "triplet_decoder.object"}
"""Our names of the published heads that give class, box and mask, by the prefix of their parameters."""


def _head(found: re.Match[str]) -> str:
    return f"{_HEADS[found[1] or '']}."


def _number(found: re.Match[str], factor: int = 1, first: int = 1) -> int:
    return factor * (int(found[2]) - first)


_RULES = (
    (r"^bbox_head\.transformer\.encoder\.", "neck.encoder."),
    (r"^bbox_head\.transformer\.decoder\.", "triplet_decoder.decoder."),
    (r"^bbox_head\.transformer\.decoder1\.", "object_decoder.decoder."),
    (r"^bbox_head\.transformer\.decoder2\.", "relation_head.decoder."),
    (r"\.attentions\.0\.", ".self_attn."),
    (r"\.attentions\.1\.", ".cross_attn."),
    (r"\.ffns\.0\.", ".ffn."),
    (r"^bbox_head\.input_proj\.", "neck.projection."),
    (r"^bbox_head\.query_embed\.", "triplet_decoder.query_embedding."),
    (r"^bbox_head\.obj_query_embed\.", "object_decoder.query_embedding."),
    (r"^bbox_head\.rel_query_embed\.", "relation_head.query_embedding."),
    (r"^bbox_head\.sub_query_update\.", "relation_head.subject."),
    (r"^bbox_head\.obj_query_update\.", "relation_head.object."),
    (r"^bbox_head\.()class_embed\.", lambda found: f"{_head(found)}classify."),
    (r"^bbox_head\.(sub_|obj_)cls_embed\.", lambda found: f"{_head(found)}classify."),
    (
        r"^bbox_head\.(sub_|obj_)?box_embed\.layers\.(\d)\.",
        lambda found: f"{_head(found)}locate.{_number(found, 2, 0)}.",
    ),
    (r"^bbox_head\.(sub_|obj_)?bbox_attention\.q_linear\.", lambda found: f"{_head(found)}attention_map.query."),
    (r"^bbox_head\.(sub_|obj_)?bbox_attention\.k_linear\.", lambda found: f"{_head(found)}attention_map.key."),
    (
        r"^bbox_head\.(sub_|obj_)?mask_head\.lay(\d)\.",
        lambda found: f"{_head(found)}mask_head.convolutions.{_number(found)}.",
    ),
    (r"^bbox_head\.(sub_|obj_)?mask_head\.gn(\d)\.", lambda found: f"{_head(found)}mask_head.norms.{_number(found)}."),
    (
        r"^bbox_head\.(sub_|obj_)?mask_head\.adapter(\d)\.",
        lambda found: f"{_head(found)}mask_head.adapters.{_number(found)}.",
    ),
    (r"^bbox_head\.(sub_|obj_)?mask_head\.out_lay\.", lambda found: f"{_head(found)}mask_head.output."),
)

_PREDICATES = {False: "relation_head.classify.", True: "triplet_decoder.classify."}


def our_name(published: str, triplets: bool = False) -> str | None:
    """The name in `configs/_base_/models/psg*_detr_r50.py` of a published parameter; None if it is never used.

    Args:
        published: its name in a checkpoint.
        triplets: the checkpoint is one of PSGTR; both models call their classifier of predicates the same.

    >>> our_name("bbox_head.transformer.decoder2.layers.0.attentions.1.attn.out_proj.bias")
    'relation_head.decoder.layers.0.cross_attn.attn.out_proj.bias'
    >>> our_name("bbox_head.rel_cls_embed.bias", triplets=True)
    'triplet_decoder.classify.bias'
    """
    if published.startswith(_UNUSED):
        return None
    published = published.replace("bbox_head.rel_cls_embed.", _PREDICATES[triplets])
    for pattern, replacement in _RULES:
        published = re.sub(pattern, replacement, published)
    return published
