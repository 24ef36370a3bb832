import json

import pytest

from scenegraph.formats.psg import PSGWriter
from tests.factories import VOCABULARY
from tests.scenegraph.formats.psg_parks import named, picture


@pytest.fixture
def data_set(tmp_path):
    """Three pictures of the park; the last is the test split."""
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        for number in range(3):
            writer.add(named(f"park-{number}"), picture(number), test=number == 2)
    return tmp_path / "psg.json"


@pytest.fixture
def broken(data_set):
    """Change the first record of the data set and open or validate it."""

    def change(edit):
        value = json.loads(data_set.read_text())
        edit(value["data"][0])
        data_set.write_text(json.dumps(value))
        return data_set

    return change
