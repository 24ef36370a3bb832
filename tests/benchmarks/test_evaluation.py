"""The benchmark runs and finds equal numbers on both sides; its timings are not looked at."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "evaluation.py"


@pytest.mark.parametrize("options", [(), ("--overlapping",)])
def test_equal_numbers(options):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "--pictures", "2", *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "all numbers equal" in done.stdout and "ratio" in done.stdout and "peak memory" in done.stdout
