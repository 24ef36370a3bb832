"""What class pairs alone say about predicates, added to the logits of a model.

Zellers et al. 2018, "Neural Motifs", section 4.3: the logarithm of the counted distribution of predicates,
with pairs that bear none counted as background.
"""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from tqdm import tqdm

from scenegraph import InputError, Vocabulary
from scenegraph.formats.psg import PSGFile
from scenegraph.frequency import FrequencyModel

_LEAST = 1e-3
"""Added to counts and to probabilities, as published: what was never seen is unlikely, not impossible."""


class FrequencyBias(nn.Module):
    """A learned table of logits by class pair that starts as the logarithm of counts.

    Args:
        categories: how many there are.
        channels: predicates and background.
        published: the published IMP, Motifs and VCTree look one row and one column too far; True does the
            same.
    """

    def __init__(self, categories: int, channels: int, published: bool = False) -> None:
        super().__init__()
        self.categories, self.published = categories, published
        self.table = nn.Embedding(categories**2, channels)
        nn.init.zeros_(self.table.weight)

    def forward(self, subjects: Int64[Tensor, " m"], objects: Int64[Tensor, " m"]) -> Float[Tensor, "m p"]:
        """Logits of pairs by their 0-based categories.

        Raises:
            InputError: the published row lies outside the table.
        """
        rows = subjects * self.categories + objects
        if self.published:
            rows = rows + self.categories + 1
            if len(rows) and int(rows.max()) >= len(self.table.weight):
                raise InputError(
                    "published=True looks up row (subject + 1) * classes + object + 1 of the frequency table, which "
                    "the last category has not; use published=False"
                )
        return self.table(rows)

    @torch.no_grad()
    def count(self, path: str, vocabulary: Vocabulary) -> None:
        """Set the table from the training pictures of a psg.json.

        Raises:
            InputError: the file is missing or broken, or has another vocabulary.
        """
        file = PSGFile.open(path)
        model = FrequencyModel(vocabulary)
        chosen = tqdm(file.indices("train"), "class-pair frequency", leave=False)
        model.fit(file.graph(index, masks=False) for index in chosen)
        self.table.weight.copy_(log_frequencies(torch.from_numpy(model.related), torch.from_numpy(model.pairs)))


def log_frequencies(related: Int64[Tensor, "c c p"], pairs: Int64[Tensor, "c c"]) -> Float[Tensor, "rows channels"]:
    """Logarithms of the distribution over background (first) and predicates, one row a class pair.

    Args:
        related: pairs of nodes with each predicate, by subject and object class.
        pairs: pairs of nodes, with or without predicate.

    >>> log_frequencies(torch.tensor([[[3, 0]]]), torch.tensor([[4]])).exp().round(decimals=2).tolist()
    [[0.25, 0.75, 0.0]]
    """
    unrelated = (pairs - related.sum(-1)).clamp(min=0)[..., None]
    counts = torch.cat((unrelated, related), -1).flatten(0, 1).float() + _LEAST
    return (counts / counts.sum(1, keepdim=True) + _LEAST).log()
