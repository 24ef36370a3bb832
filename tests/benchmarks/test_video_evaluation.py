"""The video benchmark runs and finds equal numbers on both sides; its timings are not looked at."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "video_evaluation.py"


def test_equal_numbers():
    done = subprocess.run([sys.executable, str(PROGRAM), "--frames", "8"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "all numbers equal" in done.stdout and "ratio" in done.stdout
