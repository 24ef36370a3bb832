import json

import pytest

from scenegraph.formats.psg import PSGWriter
from scenegraph.formats.pvsg import PVSGWriter
from tests.factories import VOCABULARY
from tests.scenegraph.formats.psg_parks import named, picture
from tests.scenegraph.formats.pvsg_parks import CAPTIONS, QUESTIONS, frames, video


@pytest.fixture
def data_set(tmp_path):
    """Three pictures of the park; the last is the test split."""
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        for number in range(3):
            writer.add(named(f"park-{number}"), picture(number), test=number == 2)
    return tmp_path / "psg.json"


def changing(path):
    """A function that changes the first record of a data set, and gives its path."""

    def change(edit):
        value = json.loads(path.read_text())
        edit(value["data"][0])
        path.write_text(json.dumps(value))
        return path

    return change


@pytest.fixture
def broken(data_set):
    """Change the first record of the data set and open or validate it."""
    return changing(data_set)


@pytest.fixture
def pvsg_set(tmp_path):
    """A pvsg.json of two videos of the park, one of each split."""
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(video("videos/one.mp4"), frames(), "train", "vidor", CAPTIONS, QUESTIONS, "A park.")
        writer.add(video("two"), iter(frames(seed=9)), "val", "ego4d")
    return tmp_path / "pvsg.json"


@pytest.fixture
def changed_pvsg(pvsg_set):
    """Change the first record of the data set."""
    return changing(pvsg_set)
