"""Pictures with rare predicates more often."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from jaxtyping import Float64, Int64
from mmengine.dataset import InfiniteSampler
from mmengine.registry import DATA_SAMPLERS

from scenegraph import InputError


def repeat_factors(
    counts: Int64[np.ndarray, "pictures predicates"], threshold: float
) -> Float64[np.ndarray, " pictures"]:
    """How often every picture should be seen where others are seen once.

    max(1, sqrt(threshold / f)) for the rarest predicate of the picture, where f is the share of
    pictures that have it: Gupta et al., "LVIS", CVPR 2019, section 5.1 (repeat factor sampling), with
    predicates in place of categories, as the picture level of Li et al., "Bipartite Graph Network
    with Adaptive Message Passing", CVPR 2021, section 3.4.

    >>> repeat_factors(np.array([[5, 0], [1, 0], [1, 0], [1, 1]]), threshold=1.0).tolist()
    [1.0, 1.0, 1.0, 2.0]
    """
    if not 0 < threshold <= 1:
        raise InputError(f"threshold={threshold}: expected a share of the pictures, above 0 and at most 1")
    present = counts > 0
    shares = present.mean(axis=0) if len(counts) else np.ones(counts.shape[1])
    of_predicate = np.sqrt(np.divide(threshold, shares, out=np.ones(len(shares)), where=shares > 0))
    return np.where(present, of_predicate, 1.0).max(axis=1, initial=1.0)


@DATA_SAMPLERS.register_module()
class RepeatFactorSampler(InfiniteSampler):
    """mmengine's infinite sampler with pictures repeated by `repeat_factors`.

    In every round a picture of factor 2.3 is seen twice, and with probability 0.3 once more. All
    processes share one order and take turns in it; a run that goes on finds its place.

    Args:
        dataset: with `predicate_counts()`, such as `psg.dataset.PSGDataset`.
        threshold: predicates in a smaller share of the pictures are repeated.
        shuffle: in a new order every round.
        seed: of order and repetition; all processes agree on one if it is None.

    Raises:
        InputError: the dataset counts no predicates, or `threshold` is not in 0 to 1.
    """

    def __init__(self, dataset: Any, threshold: float = 0.1, shuffle: bool = True, seed: int | None = None) -> None:
        if not hasattr(dataset, "predicate_counts"):
            raise InputError(f"RepeatFactorSampler needs a PSGDataset; a {type(dataset).__name__} counts no predicates")
        self.factors = torch.from_numpy(repeat_factors(dataset.predicate_counts(), threshold))
        super().__init__(dataset, shuffle=shuffle, seed=seed)

    def _infinite_indices(self) -> Iterator[int]:
        generator = torch.Generator()
        generator.manual_seed(self.seed)
        whole = self.factors.floor()
        while True:
            drawn = torch.rand(len(self.factors), generator=generator, dtype=torch.float64)
            times = (whole + (drawn < self.factors - whole)).long()
            seen = torch.repeat_interleave(torch.arange(len(times)), times)
            yield from seen[torch.randperm(len(seen), generator=generator)].tolist() if self.shuffle else seen.tolist()
