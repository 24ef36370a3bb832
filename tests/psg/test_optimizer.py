import copy

import pytest
import torch
from torch import nn

from psg.optimizer import MuonAdamW, is_matrix, orthogonal


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.Conv2d(32, 40, 3), nn.Flatten(), nn.Linear(40 * 16, 64), nn.Linear(64, 2)
    )


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 8, 20), (2, 20, 8)])
def test_singular_values_become_nearly_equal(shape):
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    made = orthogonal(matrices).float()
    assert made.shape == matrices.shape
    values = torch.linalg.svdvals(made)
    assert values.min() > 0.4 and values.max() < 1.4
    # The directions are kept: the product with the matrix is close to its symmetric square root.
    agreement = torch.einsum("nij,nij->n", made, matrices) / torch.linalg.svdvals(matrices).sum(-1)
    assert (agreement > 0.7).all()


def test_thin_weights_go_to_adamw():
    names = {name for name, parameter in network().named_parameters() if is_matrix(parameter, 32)}
    assert names == {"1.weight", "3.weight"}


def test_what_is_no_matrix_is_updated_as_by_adamw():
    ours, theirs = network(), network()
    optimizers = (
        MuonAdamW(ours.parameters(), lr=1e-2, weight_decay=0.1, smallest_side=32),
        torch.optim.AdamW(theirs.parameters(), lr=1e-2, weight_decay=0.1),
    )
    generator = torch.Generator().manual_seed(1)
    for _ in range(3):
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            mine.grad = torch.randn(mine.shape, generator=generator)
            other.grad = mine.grad.clone()
        for optimizer in optimizers:
            optimizer.step()
    for (name, mine), other in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        if is_matrix(mine, 32):
            assert not torch.allclose(mine, other), name
        else:
            torch.testing.assert_close(mine, other, msg=name)


def test_the_loss_falls_and_a_restored_run_goes_on_equally():
    model = network()
    optimizer = MuonAdamW([{"params": [parameter]} for parameter in model.parameters()], lr=1e-3)
    pictures, labels = torch.randn(16, 3, 8, 8), torch.arange(16) % 2

    def advance(model, optimizer, steps):
        for _ in range(steps):
            loss = nn.functional.cross_entropy(model(pictures), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    first = advance(model, optimizer, 1)
    advance(model, optimizer, 4)
    restored = copy.deepcopy(model)
    again = MuonAdamW([{"params": [parameter]} for parameter in restored.parameters()], lr=1e-3)
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert advance(model, optimizer, 10) == advance(restored, again, 10) < 0.7 * first


def test_parameters_without_gradient_are_left_alone():
    model = network()
    before = [parameter.clone() for parameter in model.parameters()]
    MuonAdamW(model.parameters()).step()
    assert all(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))
