"""An optimiser for short training runs from random weights: Muon for matrices, AdamW for the rest.

Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks",
kellerjordan.github.io/posts/muon) makes the momentum of a weight matrix orthogonal before it is
applied, so that rare directions are learned as fast as common ones. torch's own Muon takes matrices
only; here convolutions count as matrices too, one row an output channel, and equal sizes share one
batched computation.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import compress
from operator import not_
from typing import Any

import torch
from jaxtyping import Float
from mmengine.registry import OPTIMIZERS
from torch import Tensor
from torch.optim.adamw import adamw

from psg.precision import has_fast_bfloat16

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""Coefficients of the iteration: steepest at 0, singular values end between 0.7 and 1.2."""

_ITERATIONS = 4


@OPTIMIZERS.register_module()
class MuonAdamW(torch.optim.Optimizer):
    """Muon for weights whose smaller side is at least `smallest_side`, AdamW for all others.

    Embeddings, the layers that give classes and the first convolution are thin and go to AdamW, as
    Jordan et al. advise.

    Args:
        params: parameters or parameter groups.
        lr: learning rate of AdamW; that of Muon is `matrix_factor` times as high. A group's own `lr`,
            and any schedule, scale both.
        matrix_factor: see `lr`.
        momentum: of Muon (Nesterov).
        betas: of AdamW.
        eps: of AdamW.
        weight_decay: decoupled, times the learning rate of the weight.
        smallest_side: matrices with a smaller side go to AdamW.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        matrix_factor: float = 10.0,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.02,
        smallest_side: int = 64,
    ) -> None:
        defaults = {
            "lr": lr,
            "matrix_factor": matrix_factor,
            "momentum": momentum,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "smallest_side": smallest_side,
        }
        super().__init__(_merged(params), defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One update of every parameter that has a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            learning = [parameter for parameter in group["params"] if parameter.grad is not None]
            matrices = [is_matrix(parameter, group["smallest_side"]) for parameter in learning]
            self._muon(list(compress(learning, matrices)), group)
            self._adamw(list(compress(learning, map(not_, matrices))), group)
        return loss

    def _muon(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        if not matrices:
            return
        for matrix in matrices:
            if "momentum" not in self.state[matrix]:
                self.state[matrix]["momentum"] = torch.zeros_like(matrix)
        momenta = [self.state[matrix]["momentum"] for matrix in matrices]
        gradients = [matrix.grad for matrix in matrices]
        torch._foreach_mul_(momenta, group["momentum"])
        torch._foreach_add_(momenta, gradients)
        ahead = torch._foreach_add(gradients, momenta, alpha=group["momentum"])
        rate = group["lr"] * group["matrix_factor"]
        torch._foreach_mul_(matrices, 1 - rate * group["weight_decay"])
        of_size: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for position, matrix in enumerate(matrices):
            of_size[tuple(sorted(_shape(matrix)))].append(position)
        for positions in of_size.values():
            directions = orthogonal(torch.stack([_wide(ahead[position].flatten(1)) for position in positions])).float()
            for position, direction in zip(positions, directions, strict=True):
                matrix, (rows, columns) = matrices[position], _shape(matrices[position])
                change = direction.mT if rows > columns else direction
                matrix.add_(change.reshape(matrix.shape), alpha=-rate * max(1.0, rows / columns) ** 0.5)

    def _adamw(self, parameters: list[Tensor], group: dict[str, Any]) -> None:
        if not parameters:
            return
        for parameter in parameters:
            state = self.state[parameter]
            if "step" not in state:
                state["step"] = torch.zeros((), dtype=torch.float32, device=parameter.device)
                state["mean"], state["square"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        states = [self.state[parameter] for parameter in parameters]
        adamw(
            parameters,
            [parameter.grad for parameter in parameters],
            [state["mean"] for state in states],
            [state["square"] for state in states],
            [],
            [state["step"] for state in states],
            fused=True,
            amsgrad=False,
            beta1=group["betas"][0],
            beta2=group["betas"][1],
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            maximize=False,
        )


def _merged(params: Iterable[Any]) -> list[Any]:
    """Groups of equal settings as one: mmengine makes one a parameter, which would be as many small updates."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for group in params:
        given = {"params": group} if isinstance(group, Tensor) else group
        settings = {name: value for name, value in given.items() if name != "params"}
        members = given["params"]
        whole = merged.setdefault(tuple(sorted(settings.items())), settings | {"params": []})
        whole["params"].extend([members] if isinstance(members, Tensor) else members)
    return list(merged.values())


def is_matrix(parameter: Tensor, smallest_side: int) -> bool:
    """Whether a weight has at least `smallest_side` rows and columns; a convolution has a row an output channel."""
    return parameter.ndim >= 2 and min(_shape(parameter)) >= smallest_side


def _shape(parameter: Tensor) -> tuple[int, int]:
    return len(parameter), parameter[0].numel()


def _wide(matrix: Float[Tensor, "rows columns"]) -> Float[Tensor, "short long"]:
    return matrix if matrix.shape[0] <= matrix.shape[1] else matrix.mT


def orthogonal(wide: Float[Tensor, "n rows columns"]) -> Float[Tensor, "n rows columns"]:
    """The same directions with nearly equal singular values: Newton-Schulz iterations.

    The Frobenius norm of the Gram matrix bounds the largest singular value closer than that of the
    matrix does, which saves one of the usual five iterations. Computed in bfloat16 where that is fast;
    the iteration forgives its rounding.

    Args:
        wide: matrices with no more rows than columns; others cost more than their transposes.
    """
    wide = wide.bfloat16() if has_fast_bfloat16(wide.device) else wide.float()
    gram = wide @ wide.mT
    norm = torch.linalg.matrix_norm(gram.float(), keepdim=True).clamp(min=1e-14)
    gram, wide = (gram / norm).to(wide.dtype), (wide / norm.sqrt()).to(wide.dtype)
    first, third, fifth = _QUINTIC
    for iteration in range(_ITERATIONS):
        gram = wide @ wide.mT if iteration else gram
        wide = torch.baddbmm(wide, torch.baddbmm(gram, gram, gram, beta=third, alpha=fifth), wide, beta=first)
    return wide
