"""The names of the published PSGFormer's parameters, and ours for them."""

import re

_UNUSED = ("bbox_head.sop_query_update.",)
"""Parameters that the published model stores and never uses."""

_RULES = (
    (r"^bbox_head\.transformer\.encoder\.", "neck.encoder."),
    (r"^bbox_head\.transformer\.decoder1\.", "object_decoder.decoder."),
    (r"^bbox_head\.transformer\.decoder2\.", "relation_head.decoder."),
    (r"\.attentions\.0\.", ".self_attn."),
    (r"\.attentions\.1\.", ".cross_attn."),
    (r"\.ffns\.0\.", ".ffn."),
    (r"^bbox_head\.input_proj\.", "neck.projection."),
    (r"^bbox_head\.obj_query_embed\.", "object_decoder.query_embedding."),
    (r"^bbox_head\.rel_query_embed\.", "relation_head.query_embedding."),
    (r"^bbox_head\.class_embed\.", "object_decoder.classify."),
    (r"^bbox_head\.box_embed\.layers\.(\d)\.", lambda found: f"object_decoder.locate.{2 * int(found[1])}."),
    (r"^bbox_head\.sub_query_update\.", "relation_head.subject."),
    (r"^bbox_head\.obj_query_update\.", "relation_head.object."),
    (r"^bbox_head\.rel_cls_embed\.", "relation_head.classify."),
    (r"^bbox_head\.bbox_attention\.q_linear\.", "object_decoder.attention_map.query."),
    (r"^bbox_head\.bbox_attention\.k_linear\.", "object_decoder.attention_map.key."),
    (r"^bbox_head\.mask_head\.lay(\d)\.", lambda found: f"object_decoder.mask_head.convolutions.{int(found[1]) - 1}."),
    (r"^bbox_head\.mask_head\.gn(\d)\.", lambda found: f"object_decoder.mask_head.norms.{int(found[1]) - 1}."),
    (r"^bbox_head\.mask_head\.adapter(\d)\.", lambda found: f"object_decoder.mask_head.adapters.{int(found[1]) - 1}."),
    (r"^bbox_head\.mask_head\.out_lay\.", "object_decoder.mask_head.output."),
)


def our_name(published: str) -> str | None:
    """The name in `configs/_base_/models/psgformer_detr_r50.py` of a published parameter; None if it is never used.

    >>> our_name("bbox_head.transformer.decoder2.layers.0.attentions.1.attn.out_proj.bias")
    'relation_head.decoder.layers.0.cross_attn.attn.out_proj.bias'
    """
    if published.startswith(_UNUSED):
        return None
    for pattern, replacement in _RULES:
        published = re.sub(pattern, replacement, published)
    return published
