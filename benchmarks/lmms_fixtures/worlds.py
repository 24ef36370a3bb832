"""Simulated pictures and videos with their graphs, on disk as `groundgraph serve --recognise` wants them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from assistant.names import shown_names
from scenegraph import SceneGraph, files
from toyworld import clips, scenes
from toyworld.asking import Question
from toyworld.questions import questions

SHOWN_FRAMES = 8
"""Frames of a video that a question is asked with, spread evenly."""


@dataclass(frozen=True)
class World:
    """One graph with its pictures: one of an image, `SHOWN_FRAMES` of a video."""

    name: str
    graph: SceneGraph
    pictures: tuple[np.ndarray, ...]

    def asked(self, *families: str, rounds: int = 1) -> list[Question]:
        """Questions of some families, their answers with kinds for labels ("person" for "person-2")."""
        found = [each for seed in range(rounds) for each in questions(self.graph, seed) if each.family in families]
        distinct = {each.question: each for each in found}
        return list(distinct.values())

    def spoken(self, text: str) -> str:
        """An answer with kinds for labels."""
        names = shown_names(self.graph.vocabulary)
        labels = {self.graph.label(node.id): names[node.category] for node in self.graph.nodes}
        for label in sorted(labels, key=len, reverse=True):
            text = text.replace(label, labels[label])
        return text


def make(folder: Path, images: int, videos: int, frames: int, seed: int) -> list[World]:
    """Render worlds; graphs go to FOLDER/graphs, pictures and folders of frames to FOLDER/pictures."""
    found = []
    for kind, count in (("image", images), ("video", videos)):
        for number in range(seed, seed + count):
            name = f"{kind}{number}"
            if kind == "image":
                scene = scenes.image(number)
                graph, pictures = scene.graph, [scene.rgb]
                _save(scene.rgb, folder / "pictures" / f"{name}.png")
            else:
                clip = clips.video(number, frames=frames)
                graph, pictures = clip.graph, [frame.rgb for frame in clip]
                for at, picture in enumerate(pictures):
                    _save(picture, folder / "pictures" / name / f"{at:04d}.png")
            (folder / "graphs").mkdir(parents=True, exist_ok=True)
            files.save(graph, folder / "graphs" / f"{name}.scenegraph.json")
            shown = np.linspace(0, len(pictures) - 1, min(SHOWN_FRAMES, len(pictures))).round().astype(int)
            found.append(World(name, graph, tuple(pictures[at] for at in shown)))
    return found


def _save(picture: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)
