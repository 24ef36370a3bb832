"""The names of the published two-stage heads' parameters, and ours for them."""

import re

HEAD = "relation_head."
"""Prefix of the head in a published checkpoint; the rest is the detector, which keeps its names."""

_REPEATED = ("context_layer.decoder_rnn.obj_embed.", "context_layer.decoder_rnn.out.")
"""VCTree stores the decoder's embedding and classifier twice: these are the second copies."""

_SHARED = (
    (r"^bbox_roi_extractor\.visual_bbox_head\.", "node_regions.project."),
    (r"^relation_roi_extractor\.visual_bbox_head\.", "union_regions.project."),
    (r"^relation_roi_extractor\.spatial_conv\.", "union_regions.rectangles."),
    (r"^context_layer\.obj_embed1\.", "reasoning.first_embedding."),
    (r"^context_layer\.obj_embed2\.", "reasoning.second_embedding."),
    (r"^context_layer\.pos_embed\.", "reasoning.position."),
    (r"^post_emb\.", "reasoning.pairs.ends."),
    (r"^post_cat\.", "reasoning.pairs.join."),
    (r"^up_dim\.", "reasoning.pairs.union."),
    (r"^rel_compress\.", "reasoning.pairs.classify."),
    (r"^(context_layer\.)?freq_bias\.obj_baseline\.", "frequency.table."),
)
_RULES = {
    "IMP": (
        (r"^context_layer\.obj_unary\.", "reasoning.node_input."),
        (r"^context_layer\.edge_unary\.", "reasoning.edge_input."),
        (r"^context_layer\.node_gru\.", "reasoning.node_cell."),
        (r"^context_layer\.edge_gru\.", "reasoning.edge_cell."),
        (r"^context_layer\.sub_vert_w_fc\.", "reasoning.subject_gate."),
        (r"^context_layer\.obj_vert_w_fc\.", "reasoning.object_gate."),
        (r"^context_layer\.out_edge_w_fc\.", "reasoning.outgoing_gate."),
        (r"^context_layer\.in_edge_w_fc\.", "reasoning.incoming_gate."),
        (r"^context_layer\.obj_fc\.", "reasoning.classify_object."),
        (r"^context_layer\.rel_fc\.", "reasoning.classify_predicate."),
    ),
    "Motifs": (
        (r"^context_layer\.obj_ctx_rnn\.", "reasoning.object_lstm."),
        (r"^context_layer\.edge_ctx_rnn\.", "reasoning.edge_lstm."),
        (r"^context_layer\.lin_obj_h\.", "reasoning.object_output."),
        (r"^context_layer\.lin_edge_h\.", "reasoning.edge_output."),
        (r"^context_layer\.decoder_rnn\.obj_embed\.", "reasoning.decoder.embedding."),
        (r"^context_layer\.decoder_rnn\.input_linearity\.", "reasoning.decoder.from_input."),
        (r"^context_layer\.decoder_rnn\.state_linearity\.", "reasoning.decoder.from_state."),
        (r"^context_layer\.decoder_rnn\.out_obj\.", "reasoning.decoder.classify."),
    ),
    "VCTree": (
        (r"^context_layer\.overlap_embed\.", "reasoning.scores.overlap."),
        (r"^context_layer\.box_embed\.", "reasoning.scores.box."),
        (r"^context_layer\.obj_reduce\.", "reasoning.scores.region."),
        (r"^context_layer\.emb_reduce\.", "reasoning.scores.word."),
        (r"^context_layer\.score_pre\.", "reasoning.scores.shared."),
        (r"^context_layer\.score_sub\.", "reasoning.scores.subject."),
        (r"^context_layer\.score_obj\.", "reasoning.scores.object."),
        (r"^context_layer\.vision_prior\.", "reasoning.scores.classify."),
        (r"^context_layer\.obj_ctx_rnn\.multi_layer_lstm\.0\.", "reasoning.object_lstm."),
        (r"^context_layer\.edge_ctx_rnn\.multi_layer_lstm\.0\.", "reasoning.edge_lstm."),
        (r"\.treeLSTM_foreward\.treeLSTM\.", ".up."),
        (r"\.treeLSTM_backward\.treeLSTM\.", ".down."),
        (r"^context_layer\.decoder_rnn\.decoderLSTM\.embed_layer\.", "reasoning.decoder.embedding."),
        (r"^context_layer\.decoder_rnn\.decoderLSTM\.embed_out_layer\.", "reasoning.decoder.classify."),
        (r"^context_layer\.decoder_rnn\.decoderLSTM\.", "reasoning.decoder.cell."),
        (r"\.px\.", ".straight."),
        (r"\.ioff?ux\.", ".from_input."),
        (r"\.ioffuh_left\.", ".from_left."),
        (r"\.ioffuh_right\.", ".from_right."),
        (r"\.iofuh\.", ".from_parent."),
    ),
    "GPSNet": (
        (r"^context_layer\.obj_embed\.", "reasoning.embedding."),
        (r"^context_layer\.project_input\.", "reasoning.node_input."),
        (r"^context_layer\.ws\.", "reasoning.from_subject."),
        (r"^context_layer\.wo\.", "reasoning.from_object."),
        (r"^context_layer\.wu\.", "reasoning.from_union."),
        (r"^context_layer\.w\.", "reasoning.attend."),
        (r"^context_layer\.W_t3\.", "reasoning.message."),
        (r"^context_layer\.trans\.", "reasoning.transform."),
        (r"^context_layer\.out_obj\.", "reasoning.classify_object."),
        (r"^w_proj1\.", "reasoning.subject."),
        (r"^w_proj2\.", "reasoning.object."),
        (r"^w_proj3\.", "reasoning.union."),
        (r"^out_rel\.", "reasoning.classify_predicate."),
    ),
}


def our_name(kind: str, published: str) -> str | None:
    """The name in `psg.two_stage.trunk.RelationTrunk` of a published head's parameter; None for a second copy.

    Args:
        kind: IMP, Motifs, VCTree or GPSNet.
        published: the name without `HEAD`.

    >>> our_name("IMP", "context_layer.out_edge_w_fc.0.bias")
    'reasoning.outgoing_gate.0.bias'
    """
    if kind == "VCTree" and published.startswith(_REPEATED):
        return None
    for pattern, replacement in (*_SHARED, *_RULES[kind]):
        published = re.sub(pattern, replacement, published)
    return published
