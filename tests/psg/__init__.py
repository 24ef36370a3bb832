"""Tests of psg; importing it first lets the test files import mmdet.models in any order."""

import psg  # noqa: F401
