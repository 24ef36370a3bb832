"""What the looks of things add to what their names and places already say.

Tang et al., "Unbiased Scene Graph Generation from Biased Training", CVPR 2020: the total direct effect
(section 4.2). A trained model predicts twice. The second time it imagines every node with average looks,
all else being equal; what it says then is bias, and is subtracted.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from mmdet.utils import reduce_mean
from mmengine.dataset import pseudo_collate
from torch import Tensor, nn
from tqdm import tqdm

from psg.two_stage.reasoning import Reasoned, Scene
from scenegraph import InputError

WIPED = ("nodes", "nodes and pairs")
_PICTURES = 256
"""Training pictures from which missing means are measured: some thousand nodes, for a mean of each feature."""


class TotalDirectEffect(nn.Module):
    """Subtracts from the logits of pairs what the model would say if the nodes looked like the average node.

    Kept in the imagined scene: boxes and what follows from them (codes of boxes, the rectangles of a pair), the
    categories that were given or that the first pass found, VCTree's tree, and with `wipe="nodes"` the features
    of the unions, as Tang et al. keep them. Replaced by their means over the training data: the features of
    nodes, in object context, edge context and decoder; with `wipe="nodes and pairs"` those of unions too
    (rectangles included), so that only names and boxes of nodes are left. The frequency bias is in both passes
    alike, so a strength of 1 cancels it. Background is treated as the predicates are.

    The means are buffers that training keeps up to date, so any model can be tested so without training again.
    A checkpoint may lack them (older, or converted): tools/test.py then measures them on training pictures.

    Args:
        width: of the features of nodes and of unions.
        strength: of the subtraction when predicting; 0 for none, 1 for the total direct effect.
        wipe: one of `WIPED`.
        rate: each batch has at least this weight in the means, and early ones count alike: features change
            while a model learns, so old ones are forgotten.

    Raises:
        InputError: an argument is not possible.
    """

    optional_state = ("node_mean", "pair_mean", "batches")
    """Buffers that a checkpoint may lack."""

    def __init__(
        self,
        width: int,
        strength: float = 0.0,
        wipe: str = "nodes",
        rate: float = 0.01,
    ) -> None:
        super().__init__()
        if not 0 <= strength < torch.inf:  # false for NaN too
            raise InputError(f"total_direct_effect.strength={strength}: expected 0 or more")
        if wipe not in WIPED:
            raise InputError(f"total_direct_effect.wipe={wipe!r}: expected one of {', '.join(map(repr, WIPED))}")
        if not 0 < rate <= 1:
            raise InputError(f"total_direct_effect.rate={rate}: expected a weight above 0, at most 1")
        self.strength, self.wipe, self.rate = float(strength), wipe, rate
        self.register_buffer("node_mean", torch.zeros(width))
        self.register_buffer("pair_mean", torch.zeros(width))
        self.register_buffer("batches", torch.zeros((), dtype=torch.int64))

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """Means that a checkpoint lacks are unknown, not an error."""
        for name in self.optional_state:
            state_dict.setdefault(prefix + name, torch.zeros_like(getattr(self, name)))
        super()._load_from_state_dict(state_dict, prefix, *rest)

    @property
    def lacking(self) -> bool:
        """Whether means are needed and not there."""
        return bool(self.strength) and not int(self.batches)

    @torch.no_grad()
    def observe(self, nodes: Float[Tensor, "n d"], pairs: Float[Tensor, "m d"]) -> None:
        """Take a batch into the means; processes of one run share theirs. A batch without pairs changes nothing."""
        parts = (nodes.float(), pairs.float())
        counts = reduce_mean(nodes.new_tensor([float(len(part)) for part in parts]))
        sums = [reduce_mean(part.sum(0)) for part in parts]
        present = counts.all()  # a tensor: asking for its value would make a GPU wait
        weight = torch.where(present, (1 / (self.batches + 1)).clamp(min=self.rate), 0.0)
        for mean, total, count in zip((self.node_mean, self.pair_mean), sums, counts, strict=True):
            mean.lerp_(torch.where(present, total / count, 0.0), weight)
        self.batches += present

    def imagined(self, scene: Scene, factual: Reasoned) -> Scene:
        """The scene with average looks, in which names and tree stay as the first pass found them.

        Raises:
            InputError: there are no means.
        """
        if self.lacking:
            raise InputError(
                "total_direct_effect needs mean features of the training data, which this checkpoint does not hold: "
                "tools/test.py measures them, or train on with this version, which keeps them"
            )
        unions = self.pair_mean.expand_as(scene.unions) if self.wipe == "nodes and pairs" else scene.unions
        return replace(scene, regions=self.node_mean.expand_as(scene.regions), unions=unions, factual=factual)

    def direct(self, factual: Float[Tensor, "m p"], imagined: Float[Tensor, "m p"]) -> Float[Tensor, "m p"]:
        """Logits less those of the imagined scene.

        >>> effect = TotalDirectEffect(1, strength=1.0)
        >>> effect.direct(torch.tensor([[1.0, 5.0, 4.0]]), torch.tensor([[1.0, 4.5, 1.0]])).tolist()
        [[0.0, 0.5, 3.0]]
        """
        return factual - self.strength * imagined


@torch.no_grad()
def measure_means(model: nn.Module, dataset: Sequence[Any], batch_size: int = 8) -> None:
    """Give a model the means that its checkpoint lacks, from training pictures spread over a data set.

    Args:
        model: with `TotalDirectEffect`; it is in evaluation mode afterwards.
        dataset: packed training items.
        batch_size: pictures at a time.
    """
    model.eval()
    chosen = np.unique(np.linspace(0, len(dataset) - 1, min(_PICTURES, len(dataset))).round().astype(int))
    for start in tqdm(range(0, len(chosen), batch_size), "mean features (the checkpoint has none)"):
        items = [dataset[int(place)] for place in chosen[start : start + batch_size]]
        model(**model.data_preprocessor(pseudo_collate(items), False), mode="loss")
