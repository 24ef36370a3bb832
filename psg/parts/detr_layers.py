"""The transformer layers of DETR as arguments of mmdet's encoder and decoder.

Carion et al. 2020, section 3.2 and appendix A.4: 6 + 6 layers of width 256 with 8 heads, a hidden width
of 2048, dropout 0.1, norms after each part. PSGTR and PSGFormer (Yang et al. 2022) use them unchanged.
"""

from typing import Any

from torch import nn


def encoder_layers(
    layers: int = 6, dims: int = 256, heads: int = 8, hidden: int = 2048, dropout: float = 0.1
) -> dict[str, Any]:
    """Arguments of mmdet's `DetrTransformerEncoder`."""
    layer = {"self_attn_cfg": _attention(dims, heads, dropout), "ffn_cfg": _feed_forward(dims, hidden, dropout)}
    return {"num_layers": layers, "layer_cfg": layer}


def decoder_layers(
    layers: int = 6, dims: int = 256, heads: int = 8, hidden: int = 2048, dropout: float = 0.1
) -> dict[str, Any]:
    """Arguments of mmdet's `DetrTransformerDecoder`."""
    layer = {
        "self_attn_cfg": _attention(dims, heads, dropout),
        "cross_attn_cfg": _attention(dims, heads, dropout),
        "ffn_cfg": _feed_forward(dims, hidden, dropout),
    }
    return {"num_layers": layers, "layer_cfg": layer, "return_intermediate": True}


def _attention(dims: int, heads: int, dropout: float) -> dict[str, Any]:
    return {"embed_dims": dims, "num_heads": heads, "dropout": dropout, "batch_first": True}


def _feed_forward(dims: int, hidden: int, dropout: float) -> dict[str, Any]:
    activation = {"type": "ReLU", "inplace": True}
    return {
        "embed_dims": dims,
        "feedforward_channels": hidden,
        "num_fcs": 2,
        "ffn_drop": dropout,
        "act_cfg": activation,
    }


def initialise(module: nn.Module) -> None:
    """Xavier for all matrices, as DETR does."""
    for parameter in module.parameters():
        if parameter.dim() > 1:
            nn.init.xavier_uniform_(parameter)
