"""Motion-aware contrastive learning: what moves alike under one relation is alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from pvsg.relations.clip import Clip
from pvsg.relations.objectives import PairTruth

if TYPE_CHECKING:
    from pvsg.relations.model import VideoSample


class _Rows(NamedTuple):
    """Related pairs under one predicate, each as tokens of a few of its frames."""

    tokens: Float[Tensor, "r s h"]
    triples: Int64[Tensor, "r 3"]
    """Subject category, predicate, object category."""
    video: Int64[Tensor, " r"]
    moves: Bool[Tensor, " r"]


class MotionContrast(nn.Module):
    """The loss of Nguyen et al. 2024, "Motion-aware Contrastive Learning for Temporal Panoptic Scene Graphs".

    A relation is near to the same triple (by class) in another video of the batch, and far from other
    triples of its own video and from itself with its frames shuffled; the last only where something
    moves, since what stands still looks the same in any order. How near two relations are is an
    optimal transport between their frames (section 3.3). Ours differs in that the cost of moving a frame
    also counts how far it is moved in time: without that, transport does not see an order.

    Args:
        weight: of the loss.
        frames: of a relation that are looked at, spread over its spans.
        most: relations a video.
        time: cost of moving a frame from the beginning to the end, against 1 minus a cosine.
        temperature: of the similarities.
        motion: shares of the picture a frame, on average, from which on a pair counts as moving.
        iterations: of Sinkhorn's algorithm.
        smoothness: entropy of the transport.
    """

    def __init__(
        self,
        weight: float = 0.1,
        frames: int = 6,
        most: int = 24,
        time: float = 1.0,
        temperature: float = 0.2,
        motion: float = 0.01,
        iterations: int = 20,
        smoothness: float = 0.1,
    ) -> None:
        super().__init__()
        self.weight, self.frames, self.most, self.time = weight, frames, most, time
        self.temperature, self.motion, self.iterations, self.smoothness = temperature, motion, iterations, smoothness

    def forward(
        self,
        tokens: Sequence[Float[Tensor, "p t h"]],
        truths: Sequence[tuple[Clip, "VideoSample", PairTruth]],
    ) -> Float[Tensor, ""]:
        """The loss over the videos of a batch; 0 where no triple occurs in two of them."""
        parts = [
            self._rows(each, clip, truth, number)
            for number, (each, (clip, _, truth)) in enumerate(zip(tokens, truths, strict=True))
        ]
        rows = _Rows(*(torch.cat(fields) for fields in zip(*parts, strict=True)))
        same = (rows.triples[:, None] == rows.triples[None]).all(-1)
        elsewhere = rows.video[:, None] != rows.video[None]
        positive, negative = same & elsewhere, ~same & ~elsewhere
        if not positive.any():
            return sum(each.sum() for each in tokens) * 0
        near = self.similarity(rows.tokens[:, None], rows.tokens[None]) / self.temperature
        shuffled = rows.tokens[:, torch.randperm(self.frames, device=near.device)]
        against = (self.similarity(rows.tokens, shuffled) / self.temperature).masked_fill(~rows.moves, -torch.inf)
        good = near.masked_fill(~positive, -torch.inf).logsumexp(1)
        bad = torch.cat((near.masked_fill(~negative, -torch.inf), against[:, None]), 1).logsumexp(1)
        anchors = positive.any(1)
        return self.weight * (torch.logaddexp(good, bad) - good)[anchors].mean()

    def similarity(self, first: Float[Tensor, "*n s h"], second: Float[Tensor, "*m s h"]) -> Float[Tensor, "*k"]:
        """Minus the cost of the cheapest smooth transport of the frames of one relation to those of another."""
        cosine = nn.functional.normalize(first, dim=-1) @ nn.functional.normalize(second, dim=-1).mT
        at = torch.linspace(0, 1, self.frames, device=first.device)
        cost = 1 - cosine + self.time * (at[:, None] - at[None]).abs()
        with torch.no_grad():  # the plan is held fixed, as usual: its change is of second order
            plan = -cost / self.smoothness
            for _ in range(self.iterations):
                plan = plan - plan.logsumexp(-1, keepdim=True)
                plan = plan - plan.logsumexp(-2, keepdim=True)
            plan = plan.exp() / self.frames
        return -(plan * cost).sum((-2, -1))

    def _rows(self, tokens: Float[Tensor, "p t h"], clip: Clip, truth: PairTruth, video: int) -> _Rows:
        pair, predicate = (truth.active & truth.together[..., None]).any(1).nonzero(as_tuple=True)
        chosen = torch.randperm(len(pair), device=pair.device)[: self.most]
        pair, predicate = pair[chosen], predicate[chosen]
        active = truth.active[pair, :, predicate] & truth.together[pair]
        frames = _spread(active, self.frames)
        ends = truth.pairs[pair]
        triples = torch.stack((clip.categories[ends[:, 0]], predicate, clip.categories[ends[:, 1]]), 1)
        return _Rows(
            tokens[pair[:, None], frames],
            triples,
            torch.full_like(pair, video),
            _speed(clip, ends, active) > self.motion,
        )


def _spread(active: Bool[Tensor, "r t"], count: int) -> Int64[Tensor, "r s"]:
    """`count` of the active frames of every row, evenly spread; some repeat where there are fewer."""
    total = active.sum(1, keepdim=True)
    wanted = (torch.arange(count, device=active.device) + 0.5) / count * total
    return (active.cumsum(1)[:, None] <= wanted.floor()[..., None]).sum(-1).clamp(max=active.shape[1] - 1)


def _speed(clip: Clip, ends: Int64[Tensor, "r 2"], active: Bool[Tensor, "r t"]) -> Float[Tensor, " r"]:
    """How far the faster of two tracks moves from frame to frame, on average over the active frames."""
    both = clip.present[:, 1:] & clip.present[:, :-1]
    steps = clip.centres[..., :2].diff(dim=1).norm(dim=-1) * both
    fastest = torch.maximum(steps[ends[:, 0]], steps[ends[:, 1]])
    return (fastest * active[:, 1:]).sum(1) / active[:, 1:].sum(1).clamp(min=1)
