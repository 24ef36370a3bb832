"""The first of the highest values, as argmax gives it."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from psg.winners import first_highest_


@given(st.integers(1, 9), st.integers(0, 5), st.integers(1, 4), st.integers(0, 10**6))
def test_is_argmax_with_the_first_of_equals(rows, height, width, seed):
    values = torch.randint(-2, 3, (rows, height, width), generator=torch.Generator().manual_seed(seed)).float()
    expected = (values == values.amax(0)).int().argmax(0)
    assert torch.equal(first_highest_(values.clone()), expected)


def test_infinite_values_count_and_nan_gives_a_row():
    values = torch.tensor([[-torch.inf, 1.0, torch.nan], [-torch.inf, torch.inf, 0.0]])
    assert first_highest_(values).tolist() == [0, 1, 1]


def test_many_rows_are_told_apart():
    values = torch.zeros(1000, 2)
    values[[700, 999], [0, 1]] = 1
    assert first_highest_(values).tolist() == [700, 999]
