"""EoMT, the encoder-only segmenter, as backbone, neck and object decoder.

Kerssies et al. 2025, "Your ViT is Secretly an Image Segmentation Model": object queries join the
patches of a plain vision transformer in its last blocks; there is no pyramid and no decoder. The
modules are those of transformers, so published weights fit; here they are run at any size and their
queries are handed on to a relation head.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from jaxtyping import Bool, Float, Int64
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional
from transformers import EomtConfig, EomtForUniversalSegmentation
from transformers.models.eomt.modeling_eomt import EomtEmbeddings, EomtLayer, EomtMaskHead, EomtScaleBlock

from psg.parts import long_attention
from psg.parts.features import Features, padding_mask, picture_sizes
from psg.parts.masked_objects import mask_losses
from psg.parts.matching import class_cost, class_loss, hungarian, mask_costs
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth
from scenegraph import InputError

_OUTSIDE = -20.0
"""Logit of masks in the padding: no segment there."""

_COMPARED = (
    *("hidden_size", "num_hidden_layers", "num_attention_heads", "mlp_ratio", "image_size", "patch_size"),
    *("num_blocks", "num_upscale_blocks", "num_queries", "num_register_tokens", "use_swiglu_ffn"),
)
"""What weights from elsewhere must agree in with the architecture of the config."""


@dataclass(frozen=True, kw_only=True)
class EomtFeatures(Features):
    """Features, and the whole sequence that the last blocks go on with: prefix tokens, then patches row by row."""

    sequence: Float[Tensor, "b n d"]

    @property
    def grid(self) -> tuple[int, int]:
        """Patches of the padded batch, (rows, columns)."""
        return self.memory.shape[-2], self.memory.shape[-1]


@dataclass(frozen=True)
class EomtObjects(Objects):
    """Objects, and the masks after every supervised block (the last is `mask_logits`)."""

    layer_logits: tuple[Tensor, ...]


@MODELS.register_module()
class EomtBackbone(BaseModule):
    """The blocks that see patches only.

    Args:
        architecture: arguments of transformers' `EomtConfig`.
        pretrained: a folder or a hub name with weights to start training from; a checkpoint of ours holds
            them itself.
    """

    def __init__(
        self, architecture: Mapping[str, Any], pretrained: str | None = None, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        self.config, self.pretrained = eomt_config(architecture), pretrained
        self.embeddings = EomtEmbeddings(self.config)
        nn.init.trunc_normal_(self.embeddings.cls_token, std=self.config.initializer_range)
        early = self.config.num_hidden_layers - self.config.num_blocks
        self.layers = nn.ModuleList(EomtLayer(self.config) for _ in range(early))

    def init_weights(self) -> None:
        """Take the weights of `pretrained`.

        Raises:
            InputError: there is no such model, or it has another architecture.
        """
        super().init_weights()
        if self.pretrained:
            self.load_state_dict(
                eomt_weights(self.pretrained, self.config, {"embeddings.": "embeddings.", "layers.": "layers."}, self)
            )

    def forward(self, images: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b n d"]:
        """Prefix tokens and patches; height and width must be multiples of the patch size."""
        patches = self.embeddings.patch_embeddings(images)
        grid = images.shape[-2] // self.config.patch_size, images.shape[-1] // self.config.patch_size
        prefix = torch.cat((self.embeddings.cls_token, self.embeddings.register_tokens), 1)
        sequence = torch.cat((prefix.expand(len(images), -1, -1).to(patches.dtype), patches + self._positions(grid)), 1)
        for layer in self.layers:
            sequence = layer(sequence)
        return sequence

    def _positions(self, grid: tuple[int, int]) -> Float[Tensor, "n d"]:
        """Learned positions, resampled where a picture has another number of patches than the weights know."""
        learned = self.embeddings.position_embeddings.weight
        side = self.config.image_size // self.config.patch_size
        if grid == (side, side):
            return learned
        square = learned.T.unflatten(1, (side, side))[None]
        return functional.interpolate(square, size=grid, mode="bicubic")[0].flatten(1).T


@MODELS.register_module()
class EomtNeck(BaseModule):
    """The patches as a map at their stride.

    Args:
        dims: width of the patches.
        patch_size: pixels of a patch's side.
        num_prefix_tokens: tokens before the patches (class and registers).
    """

    def __init__(self, dims: int, patch_size: int = 16, num_prefix_tokens: int = 5) -> None:
        super().__init__()
        self.patch_size, self.num_prefix_tokens = patch_size, num_prefix_tokens
        self.norm = nn.LayerNorm(dims)

    def forward(
        self, sequence: Float[Tensor, "b n d"], image_sizes: Sequence[tuple[int, int]], batch_size: tuple[int, int]
    ) -> EomtFeatures:
        """Features with one map; positions are zeros, since the patches carry theirs."""
        sizes = picture_sizes(image_sizes, sequence.device)
        grid = batch_size[0] // self.patch_size, batch_size[1] // self.patch_size
        patches = self.norm(sequence[:, self.num_prefix_tokens :])
        memory = patches.transpose(1, 2).unflatten(2, grid)
        stride = self.patch_size
        return EomtFeatures(
            maps={stride: memory},
            padding={stride: padding_mask(sizes, batch_size, grid)},
            positions={stride: torch.zeros_like(memory)},
            memory=memory,
            memory_stride=stride,
            sizes=sizes,
            padded=any(tuple(size) != tuple(batch_size) for size in image_sizes),
            sequence=sequence,
        )


@MODELS.register_module()
class EomtObjectDecoder(BaseModule):
    """The blocks that see patches and object queries, and the heads for classes and masks.

    Args:
        num_things: thing classes; with `num_stuff` the classes, things first, in the order of the weights.
        num_stuff: stuff classes.
        architecture: as for `EomtBackbone`.
        pretrained: as for `EomtBackbone`.
        new_classes: the weights know other classes: begin their last layer anew.
        masked_attention: every query looks only where its last mask was, as EoMT begins its training;
            published weights were trained out of it, which saves the masks in between.
        class_weight: of the cross-entropy of classes, in loss and matching.
        no_object_weight: of the background class in that cross-entropy.
        entropy_weight: of the binary cross-entropy of masks, in loss and matching.
        dice_weight: of the dice loss of masks, in loss and matching.
    """

    def __init__(
        self,
        num_things: int,
        num_stuff: int,
        architecture: Mapping[str, Any],
        pretrained: str | None = None,
        new_classes: bool = False,
        masked_attention: bool = False,
        class_weight: float = 2.0,
        no_object_weight: float = 0.1,
        entropy_weight: float = 5.0,
        dice_weight: float = 5.0,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.config, self.pretrained, self.new_classes = eomt_config(architecture), pretrained, new_classes
        self.num_classes, self.masked_attention = num_things + num_stuff, masked_attention
        self.class_weight, self.no_object_weight = class_weight, no_object_weight
        self.entropy_weight, self.dice_weight = entropy_weight, dice_weight
        dims = self.config.hidden_size
        self.mask_stride = self.config.patch_size // 2**self.config.num_upscale_blocks
        self.coarse_stride = 2 * self.mask_stride
        self.query = nn.Embedding(self.config.num_queries, dims)
        self.layers = nn.ModuleList(EomtLayer(self.config) for _ in range(self.config.num_blocks))
        self.layernorm = nn.LayerNorm(dims, eps=self.config.layer_norm_eps)
        self.upscale_block = EomtScaleBlock(self.config)
        self.mask_head = EomtMaskHead(self.config)
        self.class_predictor = nn.Linear(dims, self.num_classes + 1)

    def init_weights(self) -> None:
        """Take the weights of `pretrained`.

        Raises:
            InputError: there is no such model, or it has another architecture or other classes.
        """
        super().init_weights()
        if not self.pretrained:
            return
        early = self.config.num_hidden_layers - self.config.num_blocks
        names = {f"layers.{early + block}.": f"layers.{block}." for block in range(self.config.num_blocks)}
        names |= {name: name for name in ("query.", "layernorm.", "upscale_block.", "mask_head.", "class_predictor.")}
        weights = eomt_weights(self.pretrained, self.config, names, None if self.new_classes else self)
        if self.new_classes:
            weights |= {f"class_predictor.{name}": value for name, value in self.class_predictor.state_dict().items()}
        self.load_state_dict(weights)

    def forward(self, features: EomtFeatures, truth: Truth | None = None) -> EomtObjects:
        """Objects of every picture; the truth is not used."""
        queries = self.query.weight.expand(len(features.sequence), -1, -1).to(features.sequence.dtype)
        sequence = torch.cat((queries, features.sequence), 1)
        states, masks = [], []
        for layer in self.layers:
            visible = None
            if self.training or self.masked_attention:  # every block is supervised in training
                state, mask = self._look(sequence, features)
                states.append(state)
                masks.append(mask)
                visible = self._visible(mask, features, sequence) if self.masked_attention else None
            sequence = layer(sequence, visible)
        state, mask = self._look(sequence, features)
        states.append(state)
        masks.append(mask)
        return EomtObjects(
            queries=state,
            positions=torch.zeros_like(state),
            class_logits=self.class_predictor(torch.stack(states)).float(),
            mask_logits=mask,
            mask_stride=self.mask_stride,
            coarse_logits=functional.avg_pool2d(mask, 2),
            coarse_stride=self.coarse_stride,
            layer_logits=tuple(masks),
        )

    def _look(
        self, sequence: Float[Tensor, "b n d"], features: EomtFeatures
    ) -> tuple[Float[Tensor, "b q d"], Float[Tensor, "b q h w"]]:
        """The states of the queries, and their masks."""
        normed = self.layernorm(sequence)
        states = normed[:, : self.config.num_queries]
        patches = normed[:, -features.grid[0] * features.grid[1] :]
        pixels = self.upscale_block(patches.transpose(1, 2).unflatten(2, features.grid))
        logits = torch.einsum("bqc,bchw->bqhw", self.mask_head(states), pixels).float()
        if features.padded:
            factor = self.config.patch_size // self.mask_stride
            outside = features.padding[self.config.patch_size]
            outside = outside.repeat_interleave(factor, 1).repeat_interleave(factor, 2)
            logits = logits.masked_fill(outside[:, None], _OUTSIDE)
        return states, logits

    def _visible(
        self, mask: Float[Tensor, "b q h w"], features: EomtFeatures, sequence: Float[Tensor, "b n d"]
    ) -> Float[Tensor, "b 1 n n"]:
        """0 where attention may go and a large negative number elsewhere: queries see the patches of their mask."""
        queries, length = self.config.num_queries, sequence.shape[1]
        inside = functional.interpolate(mask, size=features.grid, mode="bilinear").flatten(2) > 0
        seen: Bool[Tensor, "b n n"] = inside.new_ones(len(mask), length, length)
        seen[:, :queries, length - inside.shape[-1] :] = inside
        return torch.where(seen, 0.0, -1e9)[:, None].to(sequence.dtype)

    @torch.no_grad()
    def match(self, objects: EomtObjects, truth: Truth) -> Int64[Tensor, "l b g"]:
        """The query that answers for every segment, block by block."""
        masks = truth.masks_at(self.coarse_stride)
        costs = [mask_costs(functional.avg_pool2d(logits, 2), masks) for logits in objects.layer_logits]
        entropy, dice = (torch.stack(cost) for cost in zip(*costs, strict=True))
        cost = self.class_weight * class_cost(objects.class_logits, truth.labels)
        return hungarian(cost + self.entropy_weight * entropy + self.dice_weight * dice, truth.counts)

    def loss(self, objects: EomtObjects, truth: Truth) -> tuple[dict[str, Tensor], Int64[Tensor, "l b g"]]:
        """Losses, each the sum over blocks, and every block's matching."""
        matched = self.match(objects, truth)
        masks = truth.masks_at(self.mask_stride)
        pairs = [
            mask_losses(gather_queries(logits, assignment), masks, assignment >= 0)
            for logits, assignment in zip(objects.layer_logits, matched, strict=True)
        ]
        classes = class_loss(objects.class_logits, matched, truth.labels, self.num_classes, self.no_object_weight)
        return {
            "loss_class": self.class_weight * classes,
            "loss_mask": self.entropy_weight * sum(entropy for entropy, _ in pairs),
            "loss_dice": self.dice_weight * sum(dice for _, dice in pairs),
        }, matched


def eomt_config(architecture: Mapping[str, Any]) -> EomtConfig:
    """The config of transformers, checked.

    Raises:
        InputError: a value has the wrong type, or there are fewer blocks than blocks with queries.
    """
    try:
        config = EomtConfig(**architecture)
    except (TypeError, ValueError, StrictDataclassError) as error:
        raise InputError(f"architecture of EoMT: {error}") from error
    if config.num_blocks > config.num_hidden_layers:
        raise InputError(
            f"architecture of EoMT: queries join in the last {config.num_blocks} of {config.num_hidden_layers} blocks"
        )
    config._attn_implementation = long_attention.NAME
    return config


def eomt_weights(
    pretrained: str, config: EomtConfig, names: Mapping[str, str], like: nn.Module | None
) -> dict[str, Tensor]:
    """Weights of a model in transformers' format whose names begin with a key of `names`, renamed to its value.

    Args:
        pretrained: a folder or a hub name.
        config: the architecture that is expected.
        names: beginnings of names, from and to.
        like: a module whose parameters must have the same shapes; None does not look.

    Raises:
        InputError: there is no such model, or it has another architecture or other classes.
    """
    try:
        model = EomtForUniversalSegmentation.from_pretrained(pretrained)
    except (OSError, ValueError) as error:
        raise InputError(f"{pretrained}: no EoMT could be read there ({str(error).splitlines()[0]})") from error
    different = [
        f"{name} {getattr(model.config, name)} instead of {getattr(config, name)}"
        for name in _COMPARED
        if getattr(model.config, name) != getattr(config, name)
    ]
    if different:
        raise InputError(f"{pretrained}: has another architecture than the config: {', '.join(different)}")
    weights = {
        renamed + name.removeprefix(begin): value
        for name, value in model.state_dict().items()
        for begin, renamed in names.items()
        if name.startswith(begin)
    }
    known = like.state_dict() if like is not None else {}
    other = [
        f"{name} {tuple(value.shape)} instead of {tuple(known[name].shape)}"
        for name, value in weights.items()
        if name in known and value.shape != known[name].shape
    ]
    if other:
        raise InputError(
            f"{pretrained}: knows other classes than the data set ({'; '.join(other)}); "
            "new_classes=True begins the last layer anew"
        )
    return {name: value for name, value in weights.items() if not known or name in known}
