"""Long-tailed subsets and repeated sampling."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from psg.dataset import PSGDataset
from psg.long_tail.sampling import RepeatFactorSampler, repeat_factors
from psg.long_tail.subsets import long_tailed
from scenegraph import InputError
from tests.psg.data import WORDS


def test_counts_of_a_data_set(psg_json):
    dataset = PSGDataset(str(psg_json))
    counts = dataset.predicate_counts()
    assert counts.shape == (8, len(WORDS.predicates))
    for row, at in zip(counts, range(8), strict=True):
        relations = dataset.get_data_info(at)["graph"].relations
        assert row.tolist() == np.bincount([r.predicate for r in relations], minlength=5).tolist()
    assert (PSGDataset(str(psg_json), indices=[5, 2]).predicate_counts() == counts[[5, 2]]).all()


def test_a_long_tailed_split(psg_json):
    whole = PSGDataset(str(psg_json)).predicate_counts()
    dataset = PSGDataset(str(psg_json), long_tail=8)
    pictures = (dataset.predicate_counts() > 0).sum(axis=0)
    assert 0 < len(dataset) < 8
    assert (pictures <= (whole > 0).sum(axis=0)).all() and pictures.min() <= 1


def test_the_numbers_of_pictures_fall_off():
    rows = np.zeros((6000, 4), dtype=np.int64)
    rows[np.arange(6000), np.arange(6000) % 4] = 2  # four predicates, equally common, never together
    kept = long_tailed(rows, imbalance=27)
    assert sorted((rows[kept] > 0).sum(axis=0).tolist(), reverse=True) == [1500, 500, 166, 55]
    assert (long_tailed(rows, 1) == np.arange(6000)).all()
    assert not np.array_equal(kept, long_tailed(rows, 27, seed=1))


@given(
    arrays(np.int64, st.tuples(st.integers(0, 40), st.integers(1, 5)), elements=st.integers(0, 2)),
    st.floats(1, 1000),
)
@settings(max_examples=60, deadline=None)
def test_no_predicate_exceeds_its_share(rows, imbalance):
    kept = long_tailed(rows, imbalance)
    assert len(set(kept.tolist())) == len(kept) and sorted(kept) == kept.tolist()
    before, after = (np.sort((part > 0).sum(axis=0))[::-1] for part in (rows, rows[kept]))
    most = before[0] * imbalance ** (-np.arange(len(before)) / max((before > 0).sum() - 1, 1))
    assert (after <= np.maximum(most + 1e-6, 1)).all()


def test_factors_by_hand():
    counts = np.array([[1, 0, 0]] * 15 + [[3, 1, 0]] * 4 + [[0, 0, 1]])
    # Shares: 19/20, 4/20, 1/20.
    factors = repeat_factors(counts, threshold=0.4)
    assert factors[:15].tolist() == [1] * 15
    assert factors[15:19] == pytest.approx([np.sqrt(2)] * 4)
    assert factors[19] == pytest.approx(np.sqrt(8))
    assert repeat_factors(np.zeros((3, 2), dtype=np.int64), 0.5).tolist() == [1, 1, 1]
    assert repeat_factors(np.zeros((0, 2), dtype=np.int64), 0.5).shape == (0,)


class Counted:
    """A data set that knows counts only."""

    def __init__(self, counts):
        self.counts = np.array(counts)

    def __len__(self):
        return len(self.counts)

    def predicate_counts(self):
        return self.counts


RARE = Counted([[1, 0]] * 96 + [[1, 1]] * 4)


def test_rare_pictures_come_as_often_as_their_factor_says():
    sampler = RepeatFactorSampler(RARE, threshold=0.25, seed=0)
    assert sampler.factors[-1].item() == pytest.approx(2.5)
    rounds = 200
    drawn = np.bincount(list(islice(sampler, rounds * (96 + 10))), minlength=100)
    assert drawn[:96].mean() == pytest.approx(rounds, rel=0.02)
    assert drawn[96:].mean() == pytest.approx(2.5 * rounds, rel=0.05)


def test_a_round_holds_every_picture():
    first = list(islice(RepeatFactorSampler(RARE, 0.25, seed=3), 96 + 8))
    assert set(range(100)) <= set(list(islice(RepeatFactorSampler(RARE, 0.25, seed=3), 96 + 12)))
    assert first == list(islice(RepeatFactorSampler(RARE, 0.25, seed=3), 96 + 8))
    assert first != list(islice(RepeatFactorSampler(RARE, 0.25, seed=4), 96 + 8))
    ordered = list(islice(RepeatFactorSampler(RARE, 0.25, shuffle=False, seed=0), 104))
    assert ordered == sorted(ordered)


def test_a_run_that_goes_on_finds_its_place():
    whole = list(islice(RepeatFactorSampler(RARE, seed=1), 300))
    resumed = RepeatFactorSampler(RARE, seed=1)
    resumed.skip(120)
    assert list(islice(resumed, 180)) == whole[120:]


def test_processes_take_turns():
    whole = RepeatFactorSampler(RARE, seed=1)
    parts = []
    for rank in range(2):
        part = RepeatFactorSampler(RARE, seed=1)
        part.rank, part.world_size = rank, 2
        part.indices = part._indices_of_rank()
        parts.append(list(islice(part, 100)))
    assert [index for pair in zip(*parts, strict=True) for index in pair] == list(islice(whole, 200))


def test_wrong_options(psg_json):
    for threshold in (0.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="threshold"):
            RepeatFactorSampler(RARE, threshold, seed=0)
    with pytest.raises(InputError, match="counts no predicates"):
        RepeatFactorSampler([1, 2], seed=0)
    for imbalance in (0.5, float("nan"), float("inf")):
        with pytest.raises(InputError, match="long_tail"):
            PSGDataset(str(psg_json), long_tail=imbalance)


def test_predicates_that_stand_together_still_get_the_tail():
    generator = np.random.default_rng(0)
    rows = (generator.random((4000, 6)) < np.array([0.8, 0.7, 0.6, 0.5, 0.4, 0.3])).astype(np.int64)
    pictures = (rows[long_tailed(rows, 40)] > 0).sum(axis=0)
    assert 40 <= pictures.max() / pictures.min() < 60
