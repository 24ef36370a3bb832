"""VCTree: the nodes of a picture as a tree that the model grows itself.

Tang et al. 2019, "Learning to Compose Dynamic Tree Structures for Visual Contexts".
"""

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.two_stage.geometry import BOX_NUMBERS, OVERLAP_NUMBERS, overlap_code
from psg.two_stage.reasoning import PairClassifier, Reasoned, Scene, SteadyNorm, embed, position_layers
from psg.two_stage.trees import Forest, TreeDecoder, TreeLSTM
from psg.two_stage.words import word_vectors

_SLOW = 0.001


@MODELS.register_module()
class VCTree(BaseModule):
    """Scores of pairs, a tree from them, and tree LSTMs for objects, their names and edges.

    Args:
        object_channels: categories and background.
        predicate_channels: predicates and background.
        names: of the categories, for their word vectors.
        regions: width of node and union features.
        hidden: width of the states.
        pooled: width of the pair classifier.
        words: width of word vectors.
        positions: width of the code of a box.
        dropout: of the states in training.
        glove: see `psg.two_stage.words.word_vectors`.
        tree_weight: of the loss that teaches the pair scores which pairs are related.
    """

    def __init__(
        self,
        object_channels: int,
        predicate_channels: int,
        names: list[str],
        regions: int = 1024,
        hidden: int = 512,
        pooled: int = 4096,
        words: int = 200,
        positions: int = 128,
        dropout: float = 0.2,
        glove: str | None = None,
        tree_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.tree_weight = tree_weight
        vectors = word_vectors(["background", *names], words, glove)
        self.first_embedding, self.second_embedding = (
            nn.Embedding.from_pretrained(vectors.clone(), freeze=False) for _ in range(2)
        )
        self.position = position_layers(positions)
        self.scores = PairScores(regions, words, hidden)
        width = regions + words + positions
        self.object_lstm = TreeLSTM(width, hidden, dropout)
        self.decoder = TreeDecoder(width + hidden, hidden, vectors, dropout)
        self.edge_lstm = TreeLSTM(words + regions + hidden, hidden, dropout)
        self.pairs = PairClassifier(hidden, regions, pooled, predicate_channels, rectified=True)

    def forward(self, scene: Scene) -> Reasoned:
        """Logits of nodes and pairs, and in training `loss_tree`."""
        meanings = embed(self.first_embedding, scene)
        inputs = torch.cat((scene.regions, meanings, self.position(scene.box_codes)), 1)
        scores = self.scores(scene, meanings)
        forest = (
            scene.factual.states["forest"] if scene.factual else Forest.of_scores([each.sigmoid() for each in scores])
        )
        context = self.object_lstm(inputs, forest)
        channels = scene.decided
        object_logits = inputs.new_zeros(len(inputs), self.decoder.classify.out_features)
        if channels is None:
            object_logits, channels = self.decoder(torch.cat((inputs, context), 1), forest, scene.targets)
        edges = torch.cat((self.second_embedding(channels), scene.regions, context), 1)
        states = self.edge_lstm(edges, forest)
        relation_logits = self.pairs(states, scene.pairs, scene.unions)
        states = {"nodes": states, "scores": scores, "forest": forest}
        return Reasoned(object_logits, relation_logits, channels, self._loss(scores, scene), states)

    def _loss(self, scores: list[Tensor], scene: Scene) -> dict[str, Tensor]:
        if not scene.related:
            return {}
        losses = [
            functional.binary_cross_entropy_with_logits(table, (related | related.T).to(table.dtype))
            for table, related in zip(scores, scene.related, strict=True)
            if len(table)
        ]
        mean = torch.stack(losses).mean() if losses else torch.cat([table.flatten() for table in scores]).sum()
        return {"loss_tree": self.tree_weight * mean}


class PairScores(nn.Module):
    """How likely two nodes are related at all; what it reads is not changed by its loss.

    Args:
        regions: width of the node features.
        words: width of word vectors.
        hidden: width of the pair features.
    """

    def __init__(self, regions: int, words: int, hidden: int) -> None:
        super().__init__()
        quarter = hidden // 4
        self.region, self.word = nn.Linear(regions, quarter), nn.Linear(words, quarter)
        self.box = _normed(BOX_NUMBERS, quarter)
        self.overlap = _normed(OVERLAP_NUMBERS, quarter)
        self.shared, self.subject, self.object = (nn.Linear(hidden, hidden) for _ in range(3))
        self.classify = nn.Linear(3 * hidden, 1)

    def forward(self, scene: Scene, meanings: Float[Tensor, "n w"]) -> list[Tensor]:
        """Logits [n, n] for every picture."""
        nodes = scene.nodes
        parts = (
            self.region(scene.regions.detach()),
            self.word(meanings.detach()),
            self.box(scene.box_codes),
            self.overlap(overlap_code(nodes.boxes, scene.sizes, nodes.picture)),
        )
        shared = self.shared(torch.cat(parts, 1)).relu()
        subjects, objects = (layer(shared).relu().split(nodes.counts) for layer in (self.subject, self.object))
        return [self._table(*picture) for picture in zip(subjects, objects, strict=True)]

    def _table(self, subjects: Float[Tensor, "n d"], objects: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
        rows, columns = torch.broadcast_tensors(subjects[None], objects[:, None])
        return self.classify(torch.cat((rows * columns, rows, columns), 2))[..., 0]


def _normed(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, outputs), SteadyNorm(outputs, momentum=_SLOW), nn.ReLU(inplace=True))
