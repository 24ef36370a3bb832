"""The examples in docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("scenegraph", "toyworld", "psg", "pvsg", "assistant", "explorer")
MODULES = sorted(
    module.name
    for package in PACKAGES
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
)

pytestmark = pytest.mark.filterwarnings("ignore:faster_coco_eval")  # mmdet, when it is imported


@pytest.mark.parametrize("name", [*PACKAGES, *MODULES])
def test_examples_hold(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0
