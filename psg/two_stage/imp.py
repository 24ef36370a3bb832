"""Iterative message passing: nodes and edges are GRUs that tell each other what they are.

Xu et al. 2017, "Scene Graph Generation by Iterative Message Passing", section 3.3.
"""

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.two_stage.reasoning import Reasoned, Scene, likeliest


@MODELS.register_module()
class IMP(BaseModule):
    """Message passing between nodes and edges.

    Args:
        object_channels: categories and background.
        predicate_channels: predicates and background.
        regions: width of node and union features.
        hidden: width of the states.
        iterations: rounds of messages.
    """

    def __init__(
        self,
        object_channels: int,
        predicate_channels: int,
        regions: int = 1024,
        hidden: int = 512,
        iterations: int = 2,
    ) -> None:
        super().__init__()
        self.iterations = iterations
        self.node_input = nn.Linear(regions, hidden)
        self.edge_input = nn.Linear(regions, hidden)
        self.node_cell = nn.GRUCell(hidden, hidden)
        self.edge_cell = nn.GRUCell(hidden, hidden)
        self.subject_gate, self.object_gate, self.outgoing_gate, self.incoming_gate = (
            nn.Sequential(nn.Linear(2 * hidden, 1), nn.Sigmoid()) for _ in range(4)
        )
        self.classify_object = nn.Linear(hidden, object_channels)
        self.classify_predicate = nn.Linear(hidden, predicate_channels)

    def forward(self, scene: Scene) -> Reasoned:
        """Logits of nodes and pairs."""
        nodes = self.node_cell(self.node_input(scene.regions))
        edges = self.edge_cell(self.edge_input(scene.unions).relu())
        for _ in range(self.iterations):
            nodes, edges = self._round(scene, nodes, edges)
        object_logits = self.classify_object(nodes)
        channels = likeliest(object_logits) if scene.decided is None else scene.decided
        return Reasoned(object_logits, self.classify_predicate(edges), channels, states={"nodes": nodes})

    def _round(
        self, scene: Scene, nodes: Float[Tensor, "n h"], edges: Float[Tensor, "m h"]
    ) -> tuple[Float[Tensor, "n h"], Float[Tensor, "m h"]]:
        """Both update from the states of the last round."""
        subjects, objects = nodes[scene.pairs.subject], nodes[scene.pairs.object]
        with_subject, with_object = torch.cat((subjects, edges), 1), torch.cat((objects, edges), 1)
        to_edges = self.subject_gate(with_subject) * subjects + self.object_gate(with_object) * objects
        to_nodes = torch.zeros_like(nodes)
        to_nodes = to_nodes.index_add(0, scene.pairs.subject, self.outgoing_gate(with_subject) * edges)
        to_nodes = to_nodes.index_add(0, scene.pairs.object, self.incoming_gate(with_object) * edges)
        return self.node_cell(to_nodes, nodes), self.edge_cell(to_edges, edges)
