"""The examples in docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

import assistant
import explorer
import scenegraph
import toyworld

MODULES = sorted(
    module.name
    for package in (scenegraph, toyworld, assistant, explorer)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("name", [*(p.__name__ for p in (scenegraph, toyworld, assistant, explorer)), *MODULES])
def test_examples_hold(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
