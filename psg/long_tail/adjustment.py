"""Logits of predicates, adjusted by how common the predicates are."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from scenegraph import InputError


class LogitAdjustment(nn.Module):
    """Adds the log frequency of predicates to logits in the loss, or subtracts it when predicting.

    Menon et al., "Long-tail learning via logit adjustment", ICLR 2021: equation 10 (the loss, from
    which a model learns balanced logits by itself) and equation 9 (after any training). Channel 0 is
    the background, which is no class of the tail and keeps its logit; the log frequencies have mean 0
    over the relations of the training data, so that predicates as a whole keep their place against it.

    Args:
        num_predicates: predicates, without background.
        train: strength in the loss, 0 for none, 1 for the balanced error; only one of `train` and
            `test` is usually above 0.
        test: strength when predicting; trades recall for mean recall without training again.
        counts: relations of every predicate in the training data; tools/train.py and tools/test.py
            count them.

    Raises:
        InputError: counts are missing where they are needed, negative, or not one a predicate; a
            strength is negative.

    >>> adjustment = LogitAdjustment(2, test=1.0, counts=[99, 1])
    >>> logits = torch.tensor([0.0, 2.0, 0.0])
    >>> adjusted = adjustment.at_test(logits)
    >>> float(adjusted[0]), bool(adjusted[2] > adjusted[1]), adjustment.for_loss(logits) is logits
    (0.0, True, True)
    """

    def __init__(
        self, num_predicates: int, train: float = 0.0, test: float = 0.0, counts: Sequence[int] | None = None
    ) -> None:
        super().__init__()
        if not (0 <= train < torch.inf and 0 <= test < torch.inf):  # false for NaN too
            raise InputError(f"logit_adjustment: train={train}, test={test}; expected strengths of 0 or more")
        if counts is None and (train or test):
            raise InputError(
                "logit_adjustment has no counts; tools/train.py and tools/test.py take them from the training data, "
                "elsewhere give logit_adjustment.counts = [relations of every predicate]"
            )
        counts = [1] * num_predicates if counts is None else list(counts)
        if len(counts) != num_predicates or min(counts, default=0) < 0:
            raise InputError(f"logit_adjustment has {len(counts)} counts; expected {num_predicates}, of 0 or more each")
        self.strengths = {"train": float(train), "test": float(test)}
        # One more of each: what never occurred is rare, not impossible.
        shares = torch.tensor(counts, dtype=torch.float64) + 1
        shares = shares / shares.sum()
        offsets = shares.log() - (shares * shares.log()).sum()
        self.register_buffer("offsets", torch.cat((offsets.new_zeros(1), offsets)).float(), persistent=False)

    def for_loss(self, logits: Float[Tensor, "*n p1"]) -> Float[Tensor, "*n p1"]:
        """Logits as the loss should see them."""
        return self._added(logits, self.strengths["train"])

    def at_test(self, logits: Float[Tensor, "*n p1"]) -> Float[Tensor, "*n p1"]:
        """Logits as predictions should be made from them."""
        return self._added(logits, -self.strengths["test"])

    def _added(self, logits: Tensor, strength: float) -> Tensor:
        return logits + strength * self.offsets if strength else logits
