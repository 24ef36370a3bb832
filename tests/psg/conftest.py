"""Fixtures of the psg tests."""

import pytest

from tests.psg import data


@pytest.fixture(scope="session")
def psg_json(tmp_path_factory):
    """A data set of 8 training and 4 test pictures."""
    return data.write(tmp_path_factory.mktemp("psg"))
