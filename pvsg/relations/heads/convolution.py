"""A head that convolves pairs over time."""

from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations.heads.head import FrameHead

_SIZE = 5


@MODELS.register_module()
class ConvolutionHead(FrameHead):
    """OpenPVSG's "1D conv" head: one convolution of all channels over five frames (the paper says three).

    Args:
        dims: width of a pair.
        num_predicates: outputs.
        layers: convolutions, each followed by a ReLU.
        published: see `FrameHead`.
    """

    def __init__(self, dims: int, num_predicates: int, layers: int = 1, published: bool = False) -> None:
        super().__init__(dims, num_predicates, published)
        self.convolutions = nn.ModuleList(nn.Conv1d(dims, dims, _SIZE, padding=_SIZE // 2) for _ in range(layers))
        self.past = self.future = layers * (_SIZE // 2)

    def over_time(self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"]) -> Float[Tensor, "p t d"]:
        """Neighbouring frames through learned filters; beyond the ends are zeros."""
        channels = pairs.mT
        for convolution in self.convolutions:
            channels = convolution(channels).relu()
        return channels.mT
