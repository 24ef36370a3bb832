"""Tests of the programs in tools/."""

import tests.psg  # noqa: F401 - mmdet before type-checked modules
