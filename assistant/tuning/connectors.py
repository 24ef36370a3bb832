"""From graph features to the tokens of a language model: linear, two layers, Q-Former, Perceiver resampler.

All of them read tokens (b, n, inputs) with a mask (b, n) and give tokens (b, m, outputs) with theirs.
Linear layers keep every token (m = n); Q-Former and resampler give a fixed number.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from scenegraph import InputError

INITIAL = 0.02
"""Standard deviation of learned queries at the start, as in BERT and in the sources."""

Tokens = tuple[Float[Tensor, "b m outputs"], Bool[Tensor, "b m"]]


class Linear(nn.Module):
    """One linear layer a token (Liu et al., "Visual Instruction Tuning", 2023, section 4.1, equation 1)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = nn.Linear(inputs, outputs)

    def forward(self, tokens: Float[Tensor, "b n inputs"], seen: Bool[Tensor, "b n"]) -> Tokens:
        """Every token by itself."""
        return self.project(tokens), seen


class Mlp(nn.Module):
    """Linear, GELU, linear (Liu et al., "Improved Baselines with Visual Instruction Tuning", 2023, section 3.2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = nn.Sequential(nn.Linear(inputs, outputs), nn.GELU(), nn.Linear(outputs, outputs))

    def forward(self, tokens: Float[Tensor, "b n inputs"], seen: Bool[Tensor, "b n"]) -> Tokens:
        """Every token by itself."""
        return self.project(tokens), seen


def feed_forward(dims: int, growth: int = 4) -> nn.Sequential:
    """Norm, wider layer with GELU, back: the feed-forward part of the blocks below."""
    return nn.Sequential(nn.LayerNorm(dims), nn.Linear(dims, growth * dims), nn.GELU(), nn.Linear(growth * dims, dims))


class QFormer(nn.Module):
    """Learned queries that attend to each other and, every second block, to the inputs.

    Li et al., "BLIP-2", 2023, section 3.1 and figure 2: 32 queries of 768 in 12 blocks, cross-attention
    in every other one, then one linear layer to the language model (section 3.3).

    Args:
        inputs: width of the input tokens.
        outputs: width of the language model.
        queries: how many tokens come out.
        dims: width inside.
        layers: blocks.
        heads: attention heads.
    """

    def __init__(
        self, inputs: int, outputs: int, queries: int = 32, dims: int = 768, layers: int = 12, heads: int = 12
    ) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, dims) * INITIAL)
        self.blocks = nn.ModuleList(_QueryBlock(inputs, dims, heads, crossing=at % 2 == 0) for at in range(layers))
        self.norm = nn.LayerNorm(dims)
        self.project = nn.Linear(dims, outputs)

    def forward(self, tokens: Float[Tensor, "b n inputs"], seen: Bool[Tensor, "b n"]) -> Tokens:
        """The queries after they have read the inputs; an empty graph leaves them as they are."""
        queries = self.queries.expand(len(tokens), -1, -1)
        for block in self.blocks:
            queries = block(queries, tokens, seen)
        return self.project(self.norm(queries)), _all_seen(queries)


class _QueryBlock(nn.Module):
    def __init__(self, inputs: int, dims: int, heads: int, crossing: bool) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(dims)
        self.self_attention = nn.MultiheadAttention(dims, heads, batch_first=True)
        self.cross_norm = nn.LayerNorm(dims) if crossing else None
        # The zero key is there to look at where a graph has no token at all.
        self.cross_attention = (
            nn.MultiheadAttention(dims, heads, kdim=inputs, vdim=inputs, batch_first=True, add_zero_attn=True)
            if crossing
            else None
        )
        self.feed_forward = feed_forward(dims)

    def forward(self, queries: Tensor, tokens: Tensor, seen: Tensor) -> Tensor:
        normed = self.self_norm(queries)
        queries = queries + self.self_attention(normed, normed, normed, need_weights=False)[0]
        if self.cross_attention is not None and self.cross_norm is not None:
            normed = self.cross_norm(queries)
            read = self.cross_attention(normed, tokens, tokens, key_padding_mask=~seen, need_weights=False)[0]
            queries = queries + read
        return queries + self.feed_forward(queries)


class PerceiverResampler(nn.Module):
    """Learned latents that attend to the inputs and to themselves at once.

    Alayrac et al., "Flamingo", 2022, section 3.1 and appendix A.1.1: 64 latents in 6 layers, keys and
    values from inputs and latents together, a feed-forward layer of growth 4, a norm at the end.

    Args:
        inputs: width of the input tokens.
        outputs: width of the language model.
        latents: how many tokens come out.
        dims: width inside.
        layers: blocks.
        heads: attention heads.
    """

    def __init__(
        self, inputs: int, outputs: int, latents: int = 64, dims: int = 1024, layers: int = 6, heads: int = 8
    ) -> None:
        super().__init__()
        self.widen = nn.Linear(inputs, dims)
        self.latents = nn.Parameter(torch.randn(latents, dims) * INITIAL)
        self.blocks = nn.ModuleList(_LatentBlock(dims, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(dims)
        self.project = nn.Linear(dims, outputs)

    def forward(self, tokens: Float[Tensor, "b n inputs"], seen: Bool[Tensor, "b n"]) -> Tokens:
        """The latents after they have read the inputs."""
        read, latents = self.widen(tokens), self.latents.expand(len(tokens), -1, -1)
        for block in self.blocks:
            latents = block(latents, read, seen)
        return self.project(self.norm(latents)), _all_seen(latents)


class _LatentBlock(nn.Module):
    def __init__(self, dims: int, heads: int) -> None:
        super().__init__()
        self.input_norm, self.latent_norm = nn.LayerNorm(dims), nn.LayerNorm(dims)
        self.attention = nn.MultiheadAttention(dims, heads, batch_first=True)
        self.feed_forward = feed_forward(dims)

    def forward(self, latents: Tensor, tokens: Tensor, seen: Tensor) -> Tensor:
        normed = self.latent_norm(latents)
        keys = torch.cat([self.input_norm(tokens), normed], dim=1)
        hidden = torch.cat([~seen, seen.new_zeros(latents.shape[:2])], dim=1)
        latents = latents + self.attention(normed, keys, keys, key_padding_mask=hidden, need_weights=False)[0]
        return latents + self.feed_forward(latents)


class GatedCrossAttention(nn.Module):
    """A layer between two of a frozen language model that lets its words look at the graph.

    Alayrac et al., "Flamingo", 2022, section 3.1.2 and figure 4: cross-attention and feed-forward layer,
    each times the tanh of a number that starts at 0, so that the language model starts as it was.

    Args:
        dims: width of the language model.
        inputs: width of the graph's tokens.
        heads: attention heads.
    """

    def __init__(self, dims: int, inputs: int, heads: int = 8) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dims)
        self.attention = nn.MultiheadAttention(
            dims, heads, kdim=inputs, vdim=inputs, batch_first=True, add_zero_attn=True
        )
        self.feed_forward = feed_forward(dims)
        self.attention_gate, self.feed_forward_gate = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))

    def forward(
        self, words: Float[Tensor, "b t dims"], tokens: Float[Tensor, "b n inputs"], seen: Bool[Tensor, "b n"]
    ) -> Float[Tensor, "b t dims"]:
        """The words, with what they found in the graph."""
        read = self.attention(self.norm(words), tokens, tokens, key_padding_mask=~seen, need_weights=False)[0]
        words = words + torch.tanh(self.attention_gate) * read
        return words + torch.tanh(self.feed_forward_gate) * self.feed_forward(words)


def pooled_tubes(
    tokens: Float[Tensor, "*b t n dims"], seen: Bool[Tensor, "*b t"] | None = None
) -> Float[Tensor, "*b t_and_n dims"]:
    """Tokens of a tube over time, t frames of n places, as t + n tokens.

    The mean over the places gives a token a frame, the mean over the frames a token a place (Maaz et al.,
    "Video-ChatGPT", 2024, section 3.1). Frames in which the node is not seen count for nothing.

    Args:
        tokens: features of every place in every frame.
        seen: frames in which the node is seen; None for all.

    >>> pooled_tubes(torch.ones(5, 4, 8)).shape
    torch.Size([9, 8])
    """
    if seen is None:
        seen = tokens.new_ones(tokens.shape[:-2], dtype=torch.bool)
    kept = tokens * seen[..., None, None]
    number = seen.sum(-1).clamp(min=1)[..., None, None]
    return torch.cat([kept.mean(-2), kept.sum(-3) / number], dim=-2)


KINDS: dict[str, type[nn.Module]] = {
    "linear": Linear,
    "mlp": Mlp,
    "qformer": QFormer,
    "perceiver": PerceiverResampler,
}


def connector(kind: str, inputs: int, outputs: int, **options: Any) -> nn.Module:
    """A connector by name.

    Raises:
        InputError: there is none of that name, or it does not know an option.
    """
    if kind not in KINDS:
        raise InputError(f"connector {kind!r}; expected one of {', '.join(KINDS)}")
    try:
        return KINDS[kind](inputs, outputs, **options)
    except TypeError as error:
        raise InputError(f"connector {kind}: {error}") from None


def _all_seen(tokens: Tensor) -> Tensor:
    return torch.ones(tokens.shape[:2], dtype=torch.bool, device=tokens.device)
