"""The point-cloud segmenter: points with colours in, panoptic labels of the points out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.registry import MODELS
from mmengine.model import BaseModel
from torch import Tensor

from psg4d.points.instances import (
    CandidateMerging,
    Candidates,
    DynamicMasks,
    FieldHeads,
    Fields,
    gathered,
    joined,
    merged,
    otsu,
    peaks,
)
from psg4d.points.losses import CubeTruth, field_losses, mask_losses
from psg4d.points.network import SparseUNet
from psg4d.points.samples import PointSample
from psg4d.points.voxels import Voxels, levels_of, voxelise
from scenegraph import InputError, Vocabulary


class PointSegments(NamedTuple):
    """What is found in one cloud of n points.

    Attributes:
        segment: of every point, -1 for none.
        categories: of the segments; things, then stuff.
        scores: of the segments.
        semantic: class of every point.
    """

    segment: Int64[Tensor, " n"]
    categories: Int64[Tensor, " s"]
    scores: Float[Tensor, " s"]
    semantic: Int64[Tensor, " n"]


@MODELS.register_module()
class PointSegmenter(BaseModel):
    """DKNet (Wu et al. 2022) with stuff: kernels for things, the semantic class for stuff.

    It differs from the published network in its training, which has no stages: candidates are all true
    middles and the peaks of heat from the first step on, and a candidate answers for the instance that its
    cube lies in (DKNet waits 20 and 24 epochs, and matches by distance and class).

    Args:
        vocabulary: `things`, `stuff` and `predicates`: lists of names, from the data set.
        voxel: side of a cube, metres.
        most_voxels: cubes at most in a batch; see `psg4d.points.voxels.voxelise`.
        widths: of the U-Net's levels.
        blocks: of the U-Net, a level and direction.
        dims: of mask and kernel features.
        radius: metres within which two candidates are one.
        least_heat: a candidate has at least this heat.
        most_candidates: of a cloud.
        least_cubes: instances of fewer cubes are left out.
        least_score: instances of a lower score are left out.
        data_preprocessor: of mmengine.
        init_cfg: of mmengine.

    Raises:
        InputError: there is no vocabulary, or a size is not above 0.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Sequence[str]] | None = None,
        voxel: float = 0.02,
        most_voxels: int = 200_000,
        widths: Sequence[int] = (32, 64, 96, 128),
        blocks: int = 1,
        dims: int = 16,
        radius: float = 0.3,
        least_heat: float = 0.3,
        most_candidates: int = 150,
        least_cubes: int = 10,
        least_score: float = 0.2,
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data_preprocessor, init_cfg)
        if vocabulary is None:
            raise InputError("the model has no vocabulary; tools/train.py takes it from the data set")
        if not (voxel > 0 and radius > 0 and most_voxels > 0):
            raise InputError(f"voxel={voxel}, radius={radius}, most_voxels={most_voxels}; expected more than 0")
        self.vocabulary = Vocabulary.of_names(vocabulary)
        self.voxel, self.most_voxels, self.radius = voxel, most_voxels, radius
        self.least_heat, self.most_candidates = least_heat, most_candidates
        self.least_cubes, self.least_score = least_cubes, least_score
        self.network = SparseUNet(6, widths, blocks)
        self.heads = FieldHeads(widths[0], len(self.vocabulary.categories), dims)
        self.merging = CandidateMerging(dims)
        self.masks = DynamicMasks(dims)

    def forward(
        self,
        inputs: Sequence[Float[Tensor, "_ 6"]],
        data_samples: Sequence[PointSample] | None = None,
        mode: Literal["tensor", "loss", "predict"] = "tensor",
    ) -> Any:
        """A batch of clouds: x, y, z in metres, red, green, blue from -1 to 1.

        Args:
            inputs: the clouds; they may differ in size.
            data_samples: see `PointSample`.
            mode: "loss" for a dict of losses, "predict" for the samples with what was found, "tensor" for
                `Fields` of all cubes and the cubes.
        """
        fields, voxels = self.fields(inputs)
        if mode == "tensor":
            return fields, voxels
        if mode == "loss":
            return self._losses(fields, voxels, data_samples)
        counts = [len(cloud) for cloud in inputs]
        for number, (sample, owner) in enumerate(zip(data_samples, voxels.owner.split(counts), strict=True)):
            sample.found = self.segments(*self._cloud(fields, voxels, number), owner)
        return data_samples

    def fields(self, clouds: Sequence[Float[Tensor, "_ 6"]]) -> tuple[Fields, Voxels]:
        """What the network says of every cube of a batch."""
        points = torch.cat(list(clouds))
        sizes = points.new_tensor([len(cloud) for cloud in clouds], dtype=torch.int64)
        cloud = torch.arange(len(clouds), device=points.device).repeat_interleave(sizes)
        voxels = voxelise(points[:, :3], cloud, self.voxel, self.most_voxels)
        levels = levels_of(voxels.cells, self.network.num_levels)
        return self.heads(self.network(voxels.means(points), levels)), voxels

    def _cloud(self, fields: Fields, voxels: Voxels, number: int) -> tuple[Fields, Voxels]:
        """The part of one cloud; its cubes keep their numbers within the batch as `cells`' rows."""
        inside = voxels.cells[:, 0] == number
        first = int(inside.nonzero()[0]) if inside.any() else 0
        part = voxels._replace(cells=voxels.cells[inside], owner=voxels.owner.new_tensor([first]))
        return Fields(*(each[inside] for each in fields)), part

    def _losses(self, fields: Fields, voxels: Voxels, samples: Sequence[PointSample]) -> dict[str, Tensor]:
        found: list[dict[str, Tensor]] = []
        semantic = torch.cat([sample.semantic for sample in samples])
        instance = torch.cat([sample.instance for sample in samples])
        labels = _of_cubes(voxels, semantic), _of_cubes(voxels, instance)
        for number in range(len(samples)):
            inside = voxels.cells[:, 0] == number
            own, part = self._cloud(fields, voxels, number)
            truth = CubeTruth.of(*(each[inside] for each in labels), part.centres)
            found.append(field_losses(own, part.centres, truth) | self._instance_losses(own, part.centres, truth))
        return {name: torch.stack([each[name] for each in found]).mean() for name in found[0]}

    def _instance_losses(self, fields: Fields, centres: Float[Tensor, "v 3"], truth: CubeTruth) -> dict[str, Tensor]:
        things = truth.instance >= 0
        aimed = centres + fields.offset.detach()
        hot = peaks(aimed, fields.heat.sigmoid(), self.radius, self.least_heat, self.most_candidates)
        true = _nearest(truth.middle, centres, truth.instance)
        cubes = torch.cat((true, hot[truth.instance[hot] >= 0]))
        if not len(cubes):
            nothing = sum(each.sum() for each in fields) * 0
            for part in (self.merging, self.masks):
                nothing = nothing + sum(each.sum() for each in part.parameters()) * 0
            return {"loss_merge": nothing, "loss_mask": nothing}
        found = gathered(cubes, fields, centres, things, self.radius)
        owner = truth.instance[cubes]
        same = owner[:, None] == owner[None]
        whole = joined(found, owner, len(truth.middle))
        wanted = truth.instance[None] == torch.arange(len(truth.middle), device=owner.device)[:, None]
        logits = self.masks(whole, fields.masks, centres)
        return {
            "loss_merge": mask_losses(self.merging(found), same),
            "loss_mask": mask_losses(logits, wanted),
        }

    @torch.no_grad()
    def segments(self, fields: Fields, voxels: Voxels, owner: Int64[Tensor, " n"]) -> PointSegments:
        """Segments of one cloud.

        Args:
            fields: of its cubes.
            voxels: its cubes; `owner` holds the number of the first of them in the batch.
            owner: the cube of every point, numbered in the batch.
        """
        semantic = fields.semantic.argmax(1)
        num_things, classes = len(self.vocabulary.things), len(self.vocabulary.categories)
        things, centres = semantic < num_things, voxels.centres
        segment = torch.full_like(semantic, -1)
        categories, scores = [], []
        for mask, probability in zip(*self._instances(fields, centres, things), strict=True):
            free = mask & (segment < 0)
            if int(free.sum()) < self.least_cubes or probability < self.least_score:
                continue
            votes = fields.semantic[free, :num_things].softmax(1).mean(0)
            segment[free] = len(categories)
            categories.append(int(votes.argmax()))
            scores.append(float(probability))
        for stuff in range(num_things, classes):
            inside = (semantic == stuff) & (segment < 0)
            if inside.any():
                segment[inside] = len(categories)
                categories.append(stuff)
                scores.append(float(fields.semantic[inside].softmax(1)[:, stuff].mean()))
        cube = owner - voxels.owner if len(owner) else owner
        device = semantic.device
        return PointSegments(
            segment[cube],
            torch.tensor(categories, dtype=torch.int64, device=device),
            torch.tensor(scores, dtype=torch.float32, device=device),
            semantic[cube],
        )

    def _instances(
        self, fields: Fields, centres: Float[Tensor, "v 3"], things: Bool[Tensor, " v"]
    ) -> tuple[Bool[Tensor, "k v"], Float[Tensor, " k"]]:
        """Masks of the instances among the cubes of things, and how sure they are, the surest first."""
        heat = torch.where(things, fields.heat.sigmoid(), 0.0)
        cubes = peaks(centres + fields.offset, heat, self.radius, self.least_heat, self.most_candidates)
        if not len(cubes):
            return things.new_zeros(0, len(things)), fields.heat.new_zeros(0)
        found: Candidates = gathered(cubes, fields, centres, things, self.radius)
        group = merged(found, self.merging(found))
        whole = joined(found, group, int(group.max()) + 1)
        inside = things.nonzero()[:, 0]
        probabilities = self.masks(whole, fields.masks[inside], centres[inside]).sigmoid()
        chosen = probabilities > otsu(probabilities)[:, None].clamp(min=0.3)
        best = probabilities.argmax(0)
        chosen &= best[None] == torch.arange(len(probabilities), device=best.device)[:, None]
        sure = (probabilities * chosen).sum(1) / chosen.sum(1).clamp(min=1)
        masks = things.new_zeros(len(chosen), len(things))
        masks[:, inside] = chosen
        order = sure.argsort(descending=True)
        return masks[order], sure[order]


def _of_cubes(voxels: Voxels, labels: Int64[Tensor, " n"]) -> Int64[Tensor, " v"]:
    """The commonest label of the points of every cube, -1 counting as a label; of equally common ones the lowest."""
    lowest = int(labels.min()) if len(labels) else 0
    width = int(labels.max()) - lowest + 1 if len(labels) else 1
    pairs, count = torch.unique(voxels.owner * width + labels - lowest, return_counts=True)
    order = torch.argsort(count, descending=True, stable=True)
    order = order[torch.argsort(pairs[order] // width, stable=True)]
    cube = pairs[order] // width
    first = torch.ones_like(cube, dtype=torch.bool)
    first[1:] = cube[1:] != cube[:-1]
    return pairs[order][first] % width + lowest


def _nearest(
    middles: Float[Tensor, "i 3"], centres: Float[Tensor, "v 3"], instance: Int64[Tensor, " v"]
) -> Int64[Tensor, " i"]:
    """Of every instance the cube that is nearest to its middle."""
    if not len(middles):
        return instance.new_zeros(0)
    distance = torch.cdist(middles, centres)
    own = instance[None] == torch.arange(len(middles), device=instance.device)[:, None]
    return torch.where(own, distance, torch.inf).argmin(1)
