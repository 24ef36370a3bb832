"""Fixtures of the psg tests."""

import importlib

import pytest

from tests.psg import data

importlib.import_module("psg")  # supplies the compiled operations that mmdet.models asks for
# What a type-checked module imports first is compiled anew, with its warnings: so not from there.
importlib.import_module("mmdet.models")


@pytest.fixture(scope="session")
def psg_json(tmp_path_factory):
    """A data set of 8 training and 4 test pictures."""
    return data.write(tmp_path_factory.mktemp("psg"))
