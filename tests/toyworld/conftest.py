"""Pictures and clips that several tests look at: made once."""

import pytest

from toyworld import scenes

FIRST_PICTURE = 100


@pytest.fixture(scope="session")
def pictures():
    """Fourteen still pictures."""
    return [scenes.image(seed) for seed in range(FIRST_PICTURE, FIRST_PICTURE + 14)]


@pytest.fixture(scope="session")
def clip():
    """An RGB-D clip of 24 frames whose graph is ready."""
    clip = scenes.video(4, frames=24, rgbd=True)
    assert clip.graph.relations
    return clip
