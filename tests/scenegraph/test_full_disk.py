"""A disk that is full, for real: a limit on the size of files, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import os, resource, sys
from dataclasses import replace
import numpy as np
from scenegraph import InputError, files
from scenegraph.formats.psg import PSGWriter
from tests.factories import VOCABULARY, park

def limited(size, action):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        action()
    except InputError as error:
        print("refused:", error)
    else:
        print("done")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

folder = sys.argv[1]
picture = np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8)
"""


def run(body, folder):
    program = [sys.executable, "-c", PROGRAM + body, str(folder)]
    finished = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
@pytest.mark.parametrize("masks", ["rle", "png"])
def test_saving_a_graph(tmp_path, masks):
    lines = run(
        f"""
path = folder + "/a.scenegraph.json"
small = park().restricted_to([0])
files.save(small, path, {masks!r})
limited(600, lambda: files.save(park(), path, {masks!r}))
print(files.load(path) == small)
""",
        tmp_path,
    )
    assert lines[0].startswith("refused: ") and "File too large); nothing was changed" in lines[0]
    assert lines[1] == "True"
    assert len(list(tmp_path.iterdir())) == (1 if masks == "rle" else 2)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
def test_writing_a_data_set(tmp_path):
    lines = run(
        """
writer = PSGWriter(folder, VOCABULARY)
def named(name):
    return replace(park(), source=replace(park().source, uri=name))
for name in "acde":
    writer.add(named(name), picture)
notes = os.path.getsize(folder + "/psg.json.partial")
limited(500, lambda: writer.add(named("b"), picture))          # the picture does not fit
limited(notes + 100, lambda: writer.add(named("b"), picture))  # the pictures fit, the note does not
limited(notes + 100, writer.close)                             # the list fits
print(sorted(writer.done))
""",
        tmp_path,
    )
    assert [line.split(":")[0] for line in lines[:2]] == ["refused", "refused"]
    assert "b.jpg" in lines[0] and "psg.json.partial" in lines[1]
    assert lines[2:] == ["done", "['a', 'c', 'd', 'e']"]
    assert not list(tmp_path.rglob("*.part"))
