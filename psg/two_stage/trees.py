"""Trees over the nodes of pictures, and LSTMs that climb up and down them.

Tang et al. 2019, "Learning to Compose Dynamic Tree Structures for Visual Contexts" (VCTree), sections 3.1
to 3.3. A level of all trees of a batch is one step, so the work of a batch is as deep as its deepest tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import Tensor, nn

from psg.two_stage.reasoning import likeliest

_NONE = -1


@dataclass(frozen=True)
class Forest:
    """Binary trees of a batch, level by level from the roots.

    `levels[d]` are the nodes at depth d. `above[d]` is the place of their parents in level d - 1 (roots:
    -1); `left[d]` and `right[d]` are the places of their children in level d + 1, -1 where there is none.
    """

    levels: tuple[Int64[Tensor, "..."], ...]
    above: tuple[Int64[Tensor, "..."], ...]
    left: tuple[Int64[Tensor, "..."], ...]
    right: tuple[Int64[Tensor, "..."], ...]

    @classmethod
    def of_scores(cls, scores: Sequence[Float[Tensor, "_ _"]]) -> "Forest":
        """One tree a picture: the maximum spanning tree of its pair scores, as a binary tree."""
        device = scores[0].device if scores else torch.device("cpu")
        counts = np.array([len(table) for table in scores], dtype=np.int64)
        padded = np.full((len(counts), max(counts, default=0), max(counts, default=0)), -np.inf, dtype=np.float32)
        for table, count, values in zip(padded, counts, scores, strict=True):
            table[:count, :count] = values.detach().float().cpu().numpy()
        left, right, parent, joined = _binary(*spanning_trees(padded, counts), counts)
        return cls._by_level(left, right, parent, joined, device)

    @classmethod
    def _by_level(
        cls, left: np.ndarray, right: np.ndarray, parent: np.ndarray, joined: np.ndarray, device: torch.device
    ) -> "Forest":
        depth = np.zeros(len(parent), dtype=np.int64)
        for node in joined:  # parents come before their children
            depth[node] = depth[parent[node]] + 1 if parent[node] != _NONE else 0
        levels = [np.flatnonzero(depth == level) for level in range(depth.max(initial=-1) + 1)]
        place = np.full(len(parent) + 1, _NONE, dtype=np.int64)  # the last entry answers for "none"
        for nodes in levels:
            place[nodes] = np.arange(len(nodes))
        tables = (levels, *([place[table[nodes]] for nodes in levels] for table in (parent, left, right)))
        return cls(*(tuple(torch.from_numpy(rows).to(device) for rows in table) for table in tables))


def spanning_trees(
    scores: Float32[np.ndarray, "b n n"], counts: Int64[np.ndarray, " b"]
) -> tuple[Int64[np.ndarray, "b n"], Int64[np.ndarray, "b n"]]:
    """Prim's algorithm on all pictures at once: the root has the highest mean score, then the best pair joins.

    Args:
        scores: [picture, inside, outside]; minus infinity beyond `counts`.
        counts: nodes of the pictures.

    Returns:
        The parent of every node (-1: root or no node), and the nodes in the order in which they joined (-1
        after the last).

    >>> table = np.array([[[0.5, 0.9, 0.1], [0.9, 0.5, 0.2], [0.1, 0.2, 0.5]]], dtype=np.float32)
    >>> parent, joined = spanning_trees(table, np.array([3]))
    >>> parent.tolist(), joined.tolist()
    ([[1, -1, 1]], [[1, 0, 2]])
    """
    batch, most = scores.shape[:2]
    parent, joined = np.full((2, batch, most), _NONE, dtype=np.int64)
    if not most:
        return parent, joined
    pictures = np.arange(batch)
    real = np.arange(most)[None] < counts[:, None]
    finite = np.where(np.isfinite(scores), scores, 0)
    new = np.where(real, finite.sum(2) / np.maximum(counts, 1)[:, None], -np.inf).argmax(1)
    outside, best = real.copy(), np.full((batch, most), -np.inf, dtype=np.float32)
    via = np.full((batch, most), _NONE, dtype=np.int64)
    for step in range(most):
        alive = step < counts
        joined[alive, step] = new[alive]
        parent[alive, new[alive]] = via[alive, new[alive]]
        outside[pictures, new] = False
        offered = scores[pictures, new]
        better = outside & (offered > best)
        best[better] = offered[better]
        via = np.where(better, new[:, None], via)
        new = np.where(outside, best, -np.inf).argmax(1)
    return parent, joined


def _binary(
    parent: Int64[np.ndarray, "b n"], joined: Int64[np.ndarray, "b n"], counts: Int64[np.ndarray, " b"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first child of a node stays its left child; every further one hangs right of its elder sibling.

    Returns:
        Left child, right child and parent of every node of the batch (rows counted over all pictures), and
        all nodes so that parents come first.
    """
    total = int(counts.sum())
    left, right, above = np.full((3, total), _NONE, dtype=np.int64)
    newest = np.full(total, _NONE, dtype=np.int64)
    starts = np.cumsum(counts) - counts
    order = []
    for picture, start in enumerate(starts):
        for place in joined[picture, : counts[picture]]:
            node, elder = start + place, parent[picture, place]
            order.append(node)
            if elder == _NONE:
                continue
            elder += start
            above[node] = elder if newest[elder] == _NONE else newest[elder]
            (left if newest[elder] == _NONE else right)[above[node]] = node
            newest[elder] = node
    return left, right, above, np.array(order, dtype=np.int64)


class UpwardCell(nn.Module):
    """From the leaves to the roots: a node hears its two children."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.straight = nn.Linear(inputs, hidden)
        self.from_input = nn.Linear(inputs, 6 * hidden)
        self.from_left, self.from_right = (nn.Linear(hidden, 6 * hidden) for _ in range(2))

    def forward(self, inputs: Float[Tensor, "n d"], forest: Forest, kept: Float[Tensor, "n h"]) -> Float[Tensor, "n h"]:
        """States of all nodes; `kept` is the dropout of their states."""
        straight, given = self.straight(inputs), self.from_input(inputs)
        state, memory = _nothing(inputs, self.hidden)
        states = []
        for nodes, left, right in reversed(list(zip(forest.levels, forest.left, forest.right, strict=True))):
            gates = given[nodes] + self.from_left(state[left]) + self.from_right(state[right])
            write, show, keep_left, keep_right, new, through = gates.chunk(6, 1)
            memories = write.sigmoid() * new.tanh()
            memories = memories + keep_left.sigmoid() * memory[left] + keep_right.sigmoid() * memory[right]
            shown = _highway(through, show, memories, straight[nodes]) * kept[nodes]
            states.append(shown)
            state, memory = _with_nothing(shown), _with_nothing(memories)
        return _in_order(states[::-1], forest, inputs, self.hidden)


class DownwardCell(nn.Module):
    """From the roots to the leaves: a node hears its parent."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.straight = nn.Linear(inputs, hidden)
        self.from_input = nn.Linear(inputs, 5 * hidden)
        self.from_parent = nn.Linear(hidden, 5 * hidden)

    def step(
        self, inputs: Float[Tensor, "n d"], state: Float[Tensor, "n h"], memory: Float[Tensor, "n h"]
    ) -> tuple[Float[Tensor, "n h"], Float[Tensor, "n h"]]:
        """States and memories of one level from those of its parents."""
        gates = self.from_input(inputs) + self.from_parent(state)
        write, show, keep, new, through = gates.chunk(5, 1)
        memories = write.sigmoid() * new.tanh() + keep.sigmoid() * memory
        return _highway(through, show, memories, self.straight(inputs)), memories

    def forward(self, inputs: Float[Tensor, "n d"], forest: Forest, kept: Float[Tensor, "n h"]) -> Float[Tensor, "n h"]:
        """States of all nodes; `kept` is the dropout of their states."""
        state, memory = _nothing(inputs, self.hidden)
        states = []
        for nodes, above in zip(forest.levels, forest.above, strict=True):
            shown, memories = self.step(inputs[nodes], state[above], memory[above])
            states.append(shown * kept[nodes])
            state, memory = _with_nothing(states[-1]), _with_nothing(memories)
        return _in_order(states, forest, inputs, self.hidden)


class TreeLSTM(nn.Module):
    """States of nodes from what lies below and above them in their tree.

    Args:
        inputs: width of the inputs.
        hidden: width of the states, half for each direction.
        dropout: of the states in training, one draw for all nodes of a batch.
    """

    def __init__(self, inputs: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.up, self.down = UpwardCell(inputs, hidden // 2), DownwardCell(inputs, hidden // 2)
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: Float[Tensor, "n d"], forest: Forest) -> Float[Tensor, "n h"]:
        """The states."""
        kept = [self.dropout(inputs.new_ones(1, cell.hidden)).expand(len(inputs), -1) for cell in (self.up, self.down)]
        return torch.cat((self.up(inputs, forest, kept[0]), self.down(inputs, forest, kept[1])), 1)


class TreeDecoder(nn.Module):
    """Names nodes from the roots down; a node knows the name of its parent.

    Args:
        inputs: width of the inputs.
        hidden: width of the states.
        vectors: word vectors of the channels.
        dropout: of the states in training.
    """

    def __init__(self, inputs: int, hidden: int, vectors: Float[Tensor, "k w"], dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(vectors) + 1, vectors.shape[1])
        self.embedding.weight.data[1:] = vectors  # row 0 says: no parent
        self.cell = DownwardCell(inputs + vectors.shape[1], hidden)
        self.classify = nn.Linear(hidden, len(vectors))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, inputs: Float[Tensor, "n d"], forest: Forest, targets: Int64[Tensor, " n"] | None
    ) -> tuple[Float[Tensor, "n k"], Int64[Tensor, " n"]]:
        """Logits, and the channels that were passed on: `targets` where given and not background."""
        state, memory = _nothing(inputs, self.cell.hidden)
        kept = self.dropout(inputs.new_ones(1, self.cell.hidden))
        taught = torch.zeros(len(inputs), dtype=torch.int64, device=inputs.device) if targets is None else targets
        logits, said = [], []
        names = taught.new_zeros(1)  # of the level above; the last entry answers for "no parent"
        for nodes, above in zip(forest.levels, forest.above, strict=True):
            words = torch.cat((inputs[nodes], self.embedding(names[above])), 1)
            shown, memories = self.cell.step(words, state[above], memory[above])
            logits.append(self.classify(shown * kept))
            said.append(torch.where(taught[nodes] > 0, taught[nodes], likeliest(logits[-1])))
            names = torch.cat((said[-1] + 1, taught.new_zeros(1)))
            state, memory = _with_nothing(shown * kept), _with_nothing(memories)
        channels = torch.cat(said)[torch.cat(forest.levels).argsort()] if said else taught
        return _in_order(logits, forest, inputs, self.classify.out_features), channels


def _highway(
    through: Float[Tensor, "n h"],
    show: Float[Tensor, "n h"],
    memory: Float[Tensor, "n h"],
    straight: Float[Tensor, "n h"],
) -> Float[Tensor, "n h"]:
    share = through.sigmoid()
    return share * (show.sigmoid() * memory.tanh()) + (1 - share) * straight


def _nothing(inputs: Float[Tensor, "n d"], hidden: int) -> tuple[Float[Tensor, "1 h"], Float[Tensor, "1 h"]]:
    """State and memory of what is not there: place -1 finds them."""
    return inputs.new_zeros(1, hidden), inputs.new_zeros(1, hidden)


def _with_nothing(values: Float[Tensor, "n h"]) -> Float[Tensor, "m h"]:
    return torch.cat((values, values.new_zeros(1, values.shape[1])))


def _in_order(
    rows: Sequence[Tensor], forest: Forest, inputs: Float[Tensor, "n d"], width: int
) -> Float[Tensor, "n {width}"]:
    """Rows of all levels in the order of the nodes."""
    if not rows:
        return inputs.new_zeros(0, width)
    return torch.cat(list(rows))[torch.cat(forest.levels).argsort()]
