import math

import pytest

from scenegraph.checked_json import is_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((0, True), (-1.5, True), (10**300, True), (10**400, False), (-(10**400), False), (math.nan, False)),
        *((math.inf, False), (True, False), ("1", False), (None, False)),
    ],
)
def test_numbers_are_finite_and_fit_a_float(value, number):
    assert is_number(value) is number
