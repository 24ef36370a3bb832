"""Our head: layout and appearance of a pair, and attention to the frames around each frame."""

import torch
from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations.geometry import PAIR_NUMBERS
from pvsg.relations.heads.head import PairLogits


@MODELS.register_module()
class WindowHead(nn.Module):
    """Attention over a window of frames, so that a stream needs no more than the window.

    A pair is what both tracks are (see `pvsg.relations.embedding`) and how they lie to each other
    (`pvsg.relations.geometry`). In every layer a frame attends to `back` frames before and `ahead` frames
    after it in which both tracks are seen; how far away a frame is enters as a bias. The outputs of a
    frame therefore do not depend on where in a video it lies.

    Args:
        dims: width of a pair, both tracks side by side.
        num_predicates: outputs.
        hidden: width inside.
        layers: of attention.
        heads: of the attention.
        back: frames before a frame that a layer sees.
        ahead: frames after it; a stream is answered so many frames late, times the layers.
        dropout: of pairs and layers.
        layout_numbers: how many numbers say how a pair lies to each other.
    """

    uses_layout = True

    def __init__(
        self,
        dims: int,
        num_predicates: int,
        hidden: int = 128,
        layers: int = 2,
        heads: int = 4,
        back: int = 8,
        ahead: int = 3,
        dropout: float = 0.1,
        layout_numbers: int = PAIR_NUMBERS,
    ) -> None:
        super().__init__()
        self.past, self.future = layers * back, layers * ahead
        self.tracks = nn.Linear(dims, hidden)
        self.layout = nn.Linear(layout_numbers, hidden)
        self.joined = nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, hidden))
        self.layers = nn.ModuleList(WindowLayer(hidden, heads, back, ahead, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.spans = nn.Linear(hidden, num_predicates)
        self.predicates = nn.Linear(hidden, num_predicates)
        for output in (self.spans, self.predicates):
            nn.init.constant_(output.bias, -3.0)  # few predicates hold: training starts near their share

    def tokens(
        self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"], layout: Float[Tensor, "p t g"]
    ) -> Float[Tensor, "p t h"]:
        """What is known of every pair in every frame, in view of its window."""
        hidden = self.joined(self.tracks(pairs) + self.layout(layout))
        for layer in self.layers:
            hidden = layer(hidden, present)
        return self.norm(hidden)

    def forward(
        self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"], layout: Float[Tensor, "p t g"]
    ) -> PairLogits:
        """Logits of pairs; where one of a pair is missing they mean nothing."""
        return self.read(self.tokens(pairs, present, layout))

    def read(self, tokens: Float[Tensor, "p t h"]) -> PairLogits:
        """Logits of tokens."""
        return PairLogits(self.predicates(tokens), self.spans(tokens))


class WindowLayer(nn.Module):
    """A pre-norm transformer layer in which frames attend to those around them that are seen.

    Args:
        dims: width.
        heads: of the attention.
        back: frames before a frame.
        ahead: frames after it.
        dropout: of both residual branches.
    """

    def __init__(self, dims: int, heads: int, back: int, ahead: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.back, self.ahead = heads, back, ahead
        self.first_norm, self.second_norm = nn.LayerNorm(dims), nn.LayerNorm(dims)
        self.queries_keys_values = nn.Linear(dims, 3 * dims)
        self.mixed = nn.Linear(dims, dims)
        self.distance = nn.Parameter(torch.zeros(heads, back + ahead + 1))
        self.feed_forward = nn.Sequential(nn.Linear(dims, 2 * dims), nn.GELU(), nn.Linear(2 * dims, dims))
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"]) -> Float[Tensor, "p t d"]:
        """Tokens after attention and feed-forward."""
        if not tokens.numel():
            return tokens
        split = self.queries_keys_values(self.first_norm(tokens)).unflatten(-1, (3, self.heads, -1))
        queries, keys, values = split.permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(queries, keys, values, self._bias(present))
        tokens = tokens + self.dropout(self.mixed(mixed.transpose(1, 2).flatten(2)))
        return tokens + self.dropout(self.feed_forward(self.second_norm(tokens)))

    def _bias(self, present: Bool[Tensor, "p t"]) -> Float[Tensor, "p heads t t"]:
        """By distance; minus infinity outside the window and for missing frames, but for a frame itself."""
        frames = torch.arange(present.shape[1], device=present.device)
        apart = frames[None] - frames[:, None]
        window = (apart >= -self.back) & (apart <= self.ahead)
        bias = self.distance[:, (apart + self.back).clamp(0, self.back + self.ahead)]
        seen = window & (present[:, None] | (apart == 0))
        return bias[None].masked_fill(~seen[:, None], -torch.inf)
