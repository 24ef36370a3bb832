"""Toyworld pictures with 60 or more objects: a square seen from a higher camera, 480 x 640 pixels.

Everything but the number of groups, the camera and the depth of the scene is toyworld's own: the same
things, stories, rules and relations.
"""

from bisect import bisect
from itertools import accumulate
from math import pi
from pathlib import Path
from random import Random
from unittest import mock

from tqdm import tqdm

from scenegraph.formats.psg import PSGFile, PSGWriter
from toyworld import layout, scenes
from toyworld.layout import Layout, join, make_ground, settle
from toyworld.names import PSG
from toyworld.stories import STORIES
from toyworld.views import View

SIZE = (480, 640)
OBJECTS = 60
GROUPS = 90
"""Groups that are tried; about half find room."""
NEAREST, FARTHEST = 12.0, 34.0
"""Metres from the camera between which things stand."""
FIRST_SEED = 1 << 30
"""Beyond the seeds of toyworld's data sets."""


def crowd(random: Random, size: tuple[int, int]) -> Layout:
    """In place of `toyworld.layout.still`: as many groups as find room."""
    view = View(0.0, 0.0, random.uniform(8.5, 10.0), pi / 2, random.uniform(0.38, 0.45), size)
    made = Layout(make_ground(random), view)
    stories, bounds = list(STORIES), list(accumulate(STORIES.values()))
    for number in range(GROUPS):
        first = len(made.members)
        if settle(made, stories[bisect(bounds, random.random() * bounds[-1])], random, number):
            join(made, first, random)
    return made


def picture(seed: int) -> scenes.Scene:
    """The crowd of a seed; it may have fewer than `OBJECTS` objects."""
    with (
        mock.patch.multiple(layout, NEAREST=NEAREST, FARTHEST=FARTHEST),
        mock.patch.object(scenes, "still", crowd),
    ):
        return scenes.image(FIRST_SEED + seed, SIZE)


def ensure_crowds(root: Path, train: int, test: int) -> PSGFile:
    """Pictures with at least `OBJECTS` objects as a psg.json data set, made on first use (2 to 3 seconds each)."""
    path = root / "psg.json"
    if not path.is_file():
        with PSGWriter(root, PSG.vocabulary) as writer, tqdm(total=train + test, desc="crowds") as bar:
            seed = found = 0
            while found < train + test:
                scene = picture(seed)
                seed += 1
                if len(scene.graph.nodes) >= OBJECTS:
                    writer.add(scene.graph, scene.rgb, test=found >= train)
                    found += 1
                    bar.update()
    return PSGFile.open(path)
