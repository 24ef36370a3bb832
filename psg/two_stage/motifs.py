"""Neural Motifs: the nodes of a picture as a sentence, read by LSTMs.

Zellers et al. 2018, "Neural Motifs: Scene Graph Parsing with Global Context", section 4.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from psg.two_stage.nodes import Nodes
from psg.two_stage.reasoning import PairClassifier, Reasoned, Scene, embed, likeliest, position_layers
from psg.two_stage.words import word_vectors


@MODELS.register_module()
class Motifs(BaseModule):
    """Object context, object decoder and edge context, all LSTMs over the nodes from right to left.

    Args:
        object_channels: categories and background.
        predicate_channels: predicates and background.
        names: of the categories, for their word vectors.
        regions: width of node and union features.
        hidden: width of the states.
        pooled: width of the pair classifier.
        words: width of word vectors.
        positions: width of the code of a box.
        dropout: of the decoder's states in training.
        glove: see `psg.two_stage.words.word_vectors`.
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
    ) -> None:
        super().__init__()
        vectors = word_vectors(["background", *names], words, glove)
        self.first_embedding, self.second_embedding = (
            nn.Embedding.from_pretrained(vectors.clone(), freeze=False) for _ in range(2)
        )
        self.position = position_layers(positions)
        width = regions + words + positions
        self.object_lstm = nn.LSTM(width, hidden, bidirectional=True, batch_first=True)
        self.object_output = nn.Linear(2 * hidden, hidden)
        self.decoder = LabelDecoder(width + hidden, hidden, vectors, dropout)
        self.edge_lstm = nn.LSTM(words + regions + hidden, hidden, bidirectional=True, batch_first=True)
        self.edge_output = nn.Linear(2 * hidden, hidden)
        self.pairs = PairClassifier(hidden, regions, pooled, predicate_channels)

    def forward(self, scene: Scene) -> Reasoned:
        """Logits of nodes and pairs."""
        order, lengths = sentences(scene.nodes)
        inputs = torch.cat((scene.regions, embed(self.first_embedding, scene), self.position(scene.box_codes)), 1)
        context = self.object_output(_read(self.object_lstm, inputs, order, lengths))
        channels = scene.decided
        object_logits = inputs.new_zeros(len(inputs), self.decoder.classify.out_features)
        if channels is None:
            object_logits, channels = self.decoder(torch.cat((inputs, context), 1), order, lengths, scene.targets)
        edges = torch.cat((self.second_embedding(channels), scene.regions, context), 1)
        states = self.edge_output(_read(self.edge_lstm, edges, order, lengths))
        relation_logits = self.pairs(states, scene.pairs, scene.unions)
        return Reasoned(object_logits, relation_logits, channels, states={"nodes": states})


class LabelDecoder(nn.Module):
    """A highway LSTM (Srivastava et al. 2015) that names one node after the other and knows the last name.

    Args:
        inputs: width of the inputs.
        hidden: width of the states.
        vectors: word vectors of the channels.
        dropout: of the states in training, one draw a sentence (Gal and Ghahramani 2016).
    """

    def __init__(self, inputs: int, hidden: int, vectors: Float[Tensor, "k w"], dropout: float) -> None:
        super().__init__()
        self.hidden, self.dropout = hidden, nn.Dropout(dropout)
        words = vectors.shape[1]
        self.embedding = nn.Embedding(len(vectors) + 1, words)
        self.embedding.weight.data[1:] = vectors  # row 0 says: nothing before
        self.from_input = nn.Linear(inputs + words, 6 * hidden)
        self.from_state = nn.Linear(hidden, 5 * hidden)
        self.classify = nn.Linear(hidden, len(vectors))

    def forward(
        self,
        inputs: Float[Tensor, "n d"],
        order: Int64[Tensor, " n"],
        lengths: Sequence[int],
        targets: Int64[Tensor, " n"] | None,
    ) -> tuple[Float[Tensor, "n k"], Int64[Tensor, " n"]]:
        """Logits, and the channels that were passed on: `targets` where given and not background."""
        if not lengths:
            return inputs.new_zeros(0, self.classify.out_features), order
        words = pad_sequence(inputs[order].split(list(lengths)), batch_first=True)
        taught = torch.zeros_like(order) if targets is None else targets[order]
        taught = pad_sequence(taught.split(list(lengths)), batch_first=True)
        state = memory = inputs.new_zeros(len(lengths), self.hidden)
        kept = self.dropout(torch.ones_like(state))
        last = self.embedding(taught.new_zeros(len(lengths)))
        logits, said = [], []
        for step in range(words.shape[1]):
            state, memory = self._step(torch.cat((words[:, step], last), 1), state, memory)
            state = state * kept
            logits.append(self.classify(state))
            said.append(torch.where(taught[:, step] > 0, taught[:, step], likeliest(logits[-1])))
            last = self.embedding(said[-1] + 1)
        inside = torch.arange(words.shape[1])[None] < torch.tensor(lengths)[:, None]
        inside = inside.to(order.device)
        back = order.argsort()
        return torch.stack(logits, 1)[inside][back], torch.stack(said, 1)[inside][back]

    def _step(
        self, inputs: Float[Tensor, "s d"], state: Float[Tensor, "s h"], memory: Float[Tensor, "s h"]
    ) -> tuple[Float[Tensor, "s h"], Float[Tensor, "s h"]]:
        """States and memories of all sentences after one more word."""
        *given, straight = self.from_input(inputs).chunk(6, 1)
        write, forget, new, show, through = (
            ours + theirs for ours, theirs in zip(given, self.from_state(state).chunk(5, 1), strict=True)
        )
        memory = write.sigmoid() * new.tanh() + forget.sigmoid() * memory
        share = through.sigmoid()
        return share * (show.sigmoid() * memory.tanh()) + (1 - share) * straight, memory


def sentences(nodes: Nodes) -> tuple[Int64[Tensor, " n"], tuple[int, ...]]:
    """The nodes of every picture from right to left, by the centres of their boxes.

    Returns:
        Rows of `nodes`, sentence after sentence, and the lengths of the sentences; pictures without nodes
        have none.
    """
    middle = nodes.boxes[:, 0] + nodes.boxes[:, 2]
    from_right = middle.argsort(descending=True, stable=True)
    by_picture = nodes.picture[from_right].argsort(stable=True)
    return from_right[by_picture], tuple(count for count in nodes.counts if count)


def _read(
    lstm: nn.LSTM, inputs: Float[Tensor, "n d"], order: Int64[Tensor, " n"], lengths: Sequence[int]
) -> Float[Tensor, "n h"]:
    """The states of an LSTM after every node, in the order of the nodes."""
    if not lengths:
        return inputs.new_zeros(0, 2 * lstm.hidden_size)
    words = pad_sequence(inputs[order].split(list(lengths)), batch_first=True)
    packed = pack_padded_sequence(words, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    states, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True)
    inside = torch.arange(states.shape[1])[None] < torch.tensor(lengths)[:, None]
    return states[inside.to(states.device)][order.argsort()]
