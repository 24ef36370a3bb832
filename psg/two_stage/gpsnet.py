"""Messages that know their direction.

Lin et al. 2020, "GPS-Net: Graph Property Sensing Network for Scene Graph Generation", sections 3.2 and 3.4.
"""

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.two_stage.reasoning import Reasoned, Scene, embed, likeliest, position_layers
from psg.two_stage.words import word_vectors


@MODELS.register_module()
class GPSNet(BaseModule):
    """Direction-aware message passing, then a pair classifier by sums and differences.

    Args:
        object_channels: categories and background.
        predicate_channels: predicates and background.
        names: of the categories, for their word vectors.
        regions: width of node and union features, and of the states.
        messages: width of a message in each direction.
        words: width of word vectors.
        positions: width of the code of a box.
        glove: see `psg.two_stage.words.word_vectors`.
        published: the published code gives pairs that are not looked at the attention sigmoid(0) = 0.5;
            True does the same, otherwise they get none.
    """

    def __init__(
        self,
        object_channels: int,
        predicate_channels: int,
        names: list[str],
        regions: int = 1024,
        messages: int = 512,
        words: int = 200,
        positions: int = 128,
        glove: str | None = None,
        published: bool = False,
    ) -> None:
        super().__init__()
        self.published = published
        vectors = word_vectors(["background", *names], words, glove)
        self.embedding = nn.Embedding.from_pretrained(vectors, freeze=False)
        self.position = position_layers(positions)
        self.node_input = nn.Sequential(nn.Linear(regions + words + positions, regions), nn.ReLU())
        self.from_subject, self.from_object, self.from_union = (nn.Linear(regions, regions) for _ in range(3))
        self.attend = nn.Linear(regions, 1)
        self.message = nn.Sequential(nn.Linear(regions, messages), nn.ReLU())
        self.transform = nn.Sequential(
            nn.Linear(2 * messages, regions // 4),
            nn.LayerNorm(regions // 4),
            nn.ReLU(),
            nn.Linear(regions // 4, regions),
        )
        self.classify_object = nn.Linear(regions, object_channels)
        self.subject, self.object, self.union = (nn.Linear(regions, regions) for _ in range(3))
        self.classify_predicate = nn.Linear(regions, predicate_channels)

    def forward(self, scene: Scene) -> Reasoned:
        """Logits of nodes and pairs."""
        inputs = torch.cat((scene.regions, embed(self.embedding, scene), self.position(scene.box_codes)), 1)
        states = self.node_input(inputs)
        attention = self._attention(scene, states)
        told = self.message(states)
        messages = torch.cat((attention @ told, attention.T @ told), 1)
        states = (states + self.transform(messages)).relu()
        object_logits = self.classify_object(states)
        subjects, objects = self.subject(states)[scene.pairs.subject], self.object(states)[scene.pairs.object]
        relation_logits = self.classify_predicate(_fuse(_fuse(subjects, objects), self.union(scene.unions)))
        channels = likeliest(object_logits) if scene.decided is None else scene.decided
        return Reasoned(object_logits, relation_logits, channels, states={"nodes": states})

    def _attention(self, scene: Scene, states: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
        """How much a node listens to each other node of its picture; rows sum to 1 where there is another."""
        pairs, picture = scene.pairs, scene.nodes.picture
        ends = self.from_subject(states)[pairs.subject] * self.from_object(states)[pairs.object]
        weights = self.attend(ends * self.from_union(scene.unions))[:, 0].sigmoid()
        same = (picture[:, None] == picture[None]) & ~torch.eye(len(picture), dtype=torch.bool, device=picture.device)
        unseen = 0.5 * same.to(states.dtype) if self.published else torch.zeros_like(same, dtype=states.dtype)
        attention = unseen.index_put((pairs.subject, pairs.object), weights.to(states.dtype))
        return attention / attention.sum(1, keepdim=True).clamp(min=1e-9)


def _fuse(first: Float[Tensor, "m d"], second: Float[Tensor, "m d"]) -> Float[Tensor, "m d"]:
    """Large where both agree (Zhang et al. 2018, "Learning to Count Objects", section 4)."""
    return (first + second).relu() - (first - second).square()
