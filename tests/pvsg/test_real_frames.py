"""Real frames through the tracker, with given masks whose ids are shuffled in every frame."""

import json

import numpy as np
import pytest
from PIL import Image

from psg.segmenters.given import GivenMaps
from pvsg.tracking import Tracker, track_video
from pvsg.tracks import TrackedVideo
from scenegraph.masks import paint
from scenegraph.panoptic import read_id_map, write_id_map

ANIMAL = [{"id": 1, "name": "animal", "isthing": 1}, {"id": 2, "name": "ground", "isthing": 0}]


class GivenVideo:
    """A folder of panoptic PNGs with their list, as `GivenMaps` reads them.

    `objects[frame][id of the frame]` is the object that it shows.
    """

    def __init__(self, folder, categories=ANIMAL, seed=0):
        self.folder, self.categories = folder, categories
        self.annotations, self.objects = [], []
        self._generator = np.random.default_rng(seed)

    def add(self, name, objects, category_of):
        """Add a frame: an array of object numbers (0: void) and the category of every object."""
        present = np.unique(objects[objects > 0])
        ids = self._generator.permutation(len(present)) + 1
        table = np.zeros(objects.max() + 1, dtype=np.int32)
        table[present] = ids
        write_id_map(self.folder / f"{name}.png", table[objects])
        order = self._generator.permutation(len(present))
        segments = [{"id": int(ids[at]), "category_id": category_of[int(present[at])], "iscrowd": 0} for at in order]
        self.annotations.append({"image_id": len(self.objects), "file_name": f"{name}.png", "segments_info": segments})
        self.objects.append(objects)

    def tracked(self, pictures, path, **options):
        """The tracks of the pictures."""
        listed = self.folder / "all.json"
        images = [{"id": at, "file_name": each["file_name"]} for at, each in enumerate(self.annotations)]
        content = {"images": images, "annotations": self.annotations, "categories": self.categories}
        listed.write_text(json.dumps(content))
        segmenter = GivenMaps(self.folder, listed)
        track_video(pictures, segmenter, Tracker(**options), path, progress=False)
        return TrackedVideo.read(path)

    def switches(self, video):
        """How often an object is not in the track in which it was seen before, and how many tracks hold several."""
        switches, owners = 0, {}
        last = {}
        for frame, objects in enumerate(self.objects):
            segments = [tube.segment(frame) for tube in video.tubes]
            seen = [row for row, segment in enumerate(segments) if segment is not None]
            rows = paint([segments[row].mask for row in seen], *objects.shape)
            for number in np.unique(objects[objects > 0]).tolist():
                track = seen[np.bincount(rows[(objects == number) & (rows >= 0)]).argmax()]
                switches += last.get(number, track) != track
                last[number] = track
                owners.setdefault(track, set()).add(number)
        return switches, sum(len(each) > 1 for each in owners.values())


def sequence(real_data, name):
    """(pictures, foreground masks) of a DAVIS sequence."""
    pictures = sorted((real_data / "davis" / "JPEGImages" / "480p" / name).glob("*.jpg"))
    masks = [real_data / "davis" / "Annotations" / "480p" / name / f"{path.stem}.png" for path in pictures]
    return pictures, [np.asarray(Image.open(path).convert("L")) > 0 for path in masks]


@pytest.mark.parametrize("name", ["blackswan", "dog", "horsejump-high"])
def test_one_object_keeps_its_track(real_data, tmp_path, name):
    pictures, masks = sequence(real_data, name)
    given = GivenVideo(tmp_path)
    for path, mask in zip(pictures, masks, strict=True):
        given.add(path.stem, np.where(mask, 1, 2), {1: 1, 2: 2})
    video = given.tracked(pictures, tmp_path / "a")
    assert video.num_frames == len(pictures) >= 20 and video.present.all()
    assert len(video) == 2 and given.switches(video) == (0, 0)


def test_six_objects_that_cover_one_another(real_data, tmp_path):
    """Three real animals and their mirror images on one canvas, all of one class, ids shuffled: nobody is mixed up."""
    pictures, swan = sequence(real_data, "blackswan")
    masks = [swan, *(sequence(real_data, name)[1] for name in ("dog", "horsejump-high"))]
    given = GivenVideo(tmp_path)
    hidden = 0
    for frame in range(20):
        objects = np.zeros(swan[0].shape, dtype=np.int32)
        for number, each in enumerate(masks):
            objects[each[frame][:, ::-1]] = number + 4
            objects[each[frame]] = number + 1
        hidden += int(sum(2 * each[frame].sum() for each in masks) - (objects > 0).sum())
        given.add(pictures[frame].stem, objects, dict.fromkeys(range(1, 7), 1))
    assert hidden > 100_000  # pixels: they do cover one another
    video = given.tracked(pictures[:20], tmp_path / "a")
    assert given.switches(video) == (0, 0)
    assert len(video) == 6


def test_panoptic_frames_three_apart(real_data, tmp_path):
    """Four frames of a street whose ids are not tracked; a segment that a frame lacks is found again."""
    folder = real_data / "vipseg_deva"
    name = "12_1mWNahzcsAc"
    pictures = sorted((folder / "images" / name).glob("*.jpg"))
    sources = [folder / "source" / name / f"{path.stem}.json" for path in pictures]
    listed = [json.loads(source.read_text()) for source in sources]
    is_thing = {each["category_id"]: int(each["isthing"]) for segments in listed for each in segments}
    categories = [{"id": each, "name": f"class {each}", "isthing": thing} for each, thing in is_thing.items()]
    given = GivenVideo(tmp_path, categories)
    for path, source, segments in zip(pictures, sources, listed, strict=True):
        objects = read_id_map(source.with_suffix(".png"))
        given.add(path.stem, objects, {each["id"]: each["category_id"] for each in segments})
    video = given.tracked(pictures, tmp_path / "a")
    seen = sorted(video.present.sum(axis=1).tolist())
    assert len(video) == max(map(len, listed)) == 8 and seen[-7:] == [4] * 7 and seen[0] == 2
