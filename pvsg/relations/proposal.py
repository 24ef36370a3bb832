"""Which pairs of tracks are worth a closer look."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class PairProposal(nn.Module):
    """A logit for every ordered pair of tracks: OpenPVSG's pair proposal, all pairs at a time.

    The published network sees subject and object side by side. Its first layer is a sum of a part for
    the subject and one for the object, so each is computed once a track and added for every pair.

    Args:
        dims: width of encoded tracks.
        hidden: of the network between.
        published: take the maximum over all frames; else over those in which the track is seen.
    """

    def __init__(self, dims: int = 256, hidden: int = 1024, published: bool = False) -> None:
        super().__init__()
        self.first = nn.Linear(2 * dims, hidden)
        self.second = nn.Linear(hidden, 1)
        self.published = published

    def summary(self, tracks: Float[Tensor, "n t d"], present: Bool[Tensor, "n t"]) -> Float[Tensor, "n d"]:
        """The maximum over time; zeros for a track without a frame."""
        if not self.published:
            tracks = tracks.masked_fill(~present[..., None], -torch.inf)
        highest = tracks.amax(1)
        return torch.where(highest.isneginf(), 0.0, highest)

    def forward(self, subjects: Float[Tensor, "n d"], objects: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
        """Logits of (subject, object) from the summaries; the diagonal is 0."""
        dims = subjects.shape[1]
        first = subjects @ self.first.weight[:, :dims].T
        second = objects @ self.first.weight[:, dims:].T + self.first.bias
        logits = self.second((first[:, None] + second[None]).relu())[..., 0]
        return logits * (1 - torch.eye(len(logits), device=logits.device))
