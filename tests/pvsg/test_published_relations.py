"""Encoders, pair proposal, heads and losses are those that were published."""

import json

import numpy as np
import pytest
import torch

from pvsg.relations.encoders import ObjectEncoder
from pvsg.relations.heads.convolution import ConvolutionHead
from pvsg.relations.heads.filter import FilterHead
from pvsg.relations.heads.head import FrameHead
from pvsg.relations.heads.transformer import TransformerHead
from pvsg.relations.losses import span_loss, weighted_cross_entropy, zlpr
from pvsg.relations.proposal import PairProposal
from pvsg.relations.published_names import renamed

HEADS = {"vanilla": FrameHead, "filter": FilterHead, "conv": ConvolutionHead, "transformer": TransformerHead}


@pytest.fixture(scope="module")
def arrays(golden):
    with np.load(golden / "pvsg" / "model_fixture.npz") as file:
        return {name: torch.from_numpy(file[name]) for name in file}


def load(module, arrays, name):
    weights = {key.removeprefix(f"{name}.w."): value for key, value in arrays.items() if key.startswith(f"{name}.w.")}
    module.load_state_dict(renamed(weights))
    return module.eval()


@pytest.mark.parametrize("name", HEADS)
@torch.no_grad()
def test_heads(name, arrays):
    head = load(HEADS[name](32, 57, published=True), arrays, name)
    logits = head(arrays["x"], torch.zeros(5, 9, dtype=torch.bool))
    torch.testing.assert_close(logits.spans, arrays[f"{name}.out_span"], atol=1e-5, rtol=0)
    torch.testing.assert_close(logits.overall, arrays[f"{name}.out_prob"], atol=1e-5, rtol=0)


@torch.no_grad()
def test_encoder_and_pair_proposal(arrays):
    encoder = load(ObjectEncoder(16, 32, published=True), arrays, "encoder")
    present = torch.zeros(6, 9, dtype=torch.bool)
    encoded = encoder(arrays["f"], present)
    torch.testing.assert_close(encoded, arrays["encoder.out"], atol=1e-5, rtol=0)
    proposal = load(PairProposal(16, 24, published=True), arrays, "pair")
    backwards = encoder(arrays["f"].flip(1), present)
    logits = proposal(proposal.summary(encoded, present), proposal.summary(backwards, present))
    torch.testing.assert_close(logits, arrays["pair.out"], atol=1e-5, rtol=0)


def test_losses(arrays, golden):
    wanted = json.loads((golden / "pvsg" / "expected.json").read_text())["losses"]
    logits, truth = arrays["loss.y_pred"], arrays["loss.y_true"] > 0
    found = {
        "zlpr_pair": zlpr(logits.reshape(1, -1), truth.reshape(1, -1)),
        "zlpr_rows": zlpr(logits, truth),
        "rew_bce": weighted_cross_entropy(logits, truth, arrays["loss.counts"]),
        "zlpr_span": span_loss(arrays["loss.span_pred"], arrays["loss.gt_span"] > 0),
    }
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        {name: wanted[name] for name in found}, abs=1e-4
    )
    assert int((arrays["loss.gt_span"] > 0).any(1).sum()) == wanted["span_rows"]


@pytest.mark.parametrize("name", HEADS)
def test_missing_frames_say_nothing(name, arrays):
    """Whatever stands in a frame where one of a pair is missing, the other frames' logits stay."""
    head = load(HEADS[name](32, 57), arrays, name)
    present = torch.ones(5, 9, dtype=torch.bool)
    present[:, 4] = present[2, 1:] = False
    other = arrays["x"] + 7.0 * ~present[..., None]
    with torch.no_grad():
        first, second = head(arrays["x"], present), head(other, present)
    torch.testing.assert_close(first.spans[present], second.spans[present])
    torch.testing.assert_close(first.predicates[present], second.predicates[present])


def test_missing_tracks_say_nothing(arrays):
    encoder = load(ObjectEncoder(16, 32), arrays, "encoder")
    present = torch.ones(6, 9, dtype=torch.bool)
    present[3, 2:5] = present[:, 7] = False
    with torch.no_grad():
        first = encoder(arrays["f"], present)
        second = encoder(arrays["f"] + 5.0 * ~present[..., None], present)
    torch.testing.assert_close(first, second)
    assert not first[~present].any()


def test_no_pairs_and_no_tracks():
    for head in (kind(32, 3) for kind in HEADS.values()):
        logits = head(torch.zeros(0, 4, 32), torch.zeros(0, 4, dtype=torch.bool))
        assert logits.spans.shape == logits.predicates.shape == (0, 4, 3)
    none = torch.zeros(0, 4, 16), torch.zeros(0, 4, dtype=torch.bool)
    assert ObjectEncoder(16, 32)(*none).shape == (0, 4, 16)
    assert zlpr(torch.zeros(0, 3), torch.zeros(0, 3, dtype=torch.bool)) == 0
