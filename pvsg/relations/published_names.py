"""The parameter names of OpenPVSG's relation models."""

from collections.abc import Mapping

from torch import Tensor

_PLACES = (
    ("transformer_encoder.layers.", "layers.layers."),
    ("pair_ffn.0.", "first."),
    ("pair_ffn.2.", "second."),
    ("conv_layers.", "convolutions."),
    ("fc1.", "first."),
    ("fc2.", "second."),
    ("span_head.", "spans."),
    ("pred_head.", "predicates."),
    ("layer_norm.", "norm."),
)


def renamed(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights of a published encoder, pair proposal or head under our names.

    The published checkpoints hold one such mapping for each of `subject_encoder`, `object_encoder`,
    `pair_proposal_model` and `relation_model`.

    >>> import torch
    >>> list(renamed({"fc1.weight": torch.zeros(1), "pair_ffn.2.bias": torch.zeros(1)}))
    ['first.weight', 'second.bias']
    """
    return {_renamed(name): value for name, value in weights.items()}


def _renamed(name: str) -> str:
    for published, ours in _PLACES:
        if name.startswith(published):
            return ours + name.removeprefix(published)
    return name
