"""Fixtures of the tests of programs."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a program in this process, which has imported mmdet already; exit code, stdout and stderr."""

    def inside(program, *words):
        spec = importlib.util.spec_from_file_location(f"tools_{program}", ROOT / "tools" / f"{program}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(sys, "argv", [f"tools/{program}.py", *map(str, words)])
        code = module.main()
        return code, *capsys.readouterr()

    return inside
