"""Videos that are files: every frame that the page shows is the one that the graph speaks of, in whatever order."""

import os
import shutil
import time
from dataclasses import replace

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from explorer import films, layout, site
from explorer.columns import read_table
from explorer.films import Film, Films
from explorer.index import build
from explorer.server import create_app
from scenegraph import InputError, files
from scenegraph.video_files import read_video
from tests.explorer.scenes import write_film

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def film(tmp_path):
    """An index of a graph of a clip that is looked at five times a second, and the clip, which has ten."""
    graph = write_film(tmp_path / "clips", tmp_path / "graphs")
    build({"graphs": tmp_path / "graphs"}, tmp_path / "index", pictures=[tmp_path / "clips"], progress=False)
    return graph, tmp_path / "clips" / "walk.avi", tmp_path / "index"


@pytest.fixture
def client(film):
    with TestClient(create_app(film[2]), base_url="http://127.0.0.1:8765") as client:
        yield client


def shade(path):
    return np.asarray(Image.open(path)).mean()


def test_the_index_knows_the_frames_of_a_file(film):
    graph, clip, index = film
    (item,) = read_table(next((index / "columns").iterdir()) / "items.parquet").to_pylist()
    assert (item["picture"], item["frame_pictures"]) == (".jpg", graph.source.num_frames)
    assert shade(layout.image_path(index, "walk", ".jpg")) == pytest.approx(shade_of(clip, 0), abs=2)
    assert Film.of(index, "walk") == Film(str(clip), 5.0, graph.source.num_frames)


def shade_of(clip, frame, fps=5.0):
    return list(read_video(clip, fps))[frame].mean()


def test_frames_in_any_order_are_those_that_the_predictor_saw(film, client):
    graph, clip, _ = film
    seen = [picture.mean() for picture in read_video(clip, graph.source.fps)]
    assert len(seen) == graph.source.num_frames and min(np.diff(seen)) > 10
    for frame in (7, 0, 3, 9, 2, 7):
        answer = client.get(f"/index/frames/lk/walk/{frame:06d}.jpg")
        assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
        place = layout.frame_path(film[2], "walk", frame, ".jpg")
        assert place.read_bytes() == answer.content and shade(place) == pytest.approx(seen[frame], abs=2)
    assert client.get("/index/thumbnails/lk/walk.jpg").status_code == 200


def test_a_frame_that_is_not_there_is_no_frame(film, client):
    for name in ("000010.jpg", "999999999.jpg", "000001.png", "000001.avi", "..%2fwalk.json"):
        assert client.get(f"/index/frames/lk/walk/{name}").status_code == 404
    assert client.get("/index/films/lk/walk.json").status_code == 404  # where the file is stays here
    film[1].unlink()
    answer = client.get("/index/frames/lk/walk/000005.jpg")
    assert answer.status_code == 404 and str(film[1].parent) not in answer.text


def test_a_file_that_changed_is_decoded_again(film):
    _, clip, index = film
    frames = Films(index)
    before = shade(frames.frame("walk", 8))
    graph = write_film(clip.parent, index.parent / "more", dark=True)
    os.utime(clip, (time.time() + 5, time.time() + 5))
    after = shade(frames.frame("walk", 8))
    assert graph.source.num_frames == 10 and after < before - 20
    assert after == pytest.approx(shade_of(clip, 8), abs=2)


def test_what_was_decoded_in_time_is_kept(film):
    impatient = Films(film[2], seconds=-1.0)
    with pytest.raises(TimeoutError):
        impatient.frame("walk", 5)
    Films(film[2]).frame("walk", 5)
    assert impatient.frame("walk", 5).is_file() and impatient.frame("walk", 2).is_file()


def test_a_file_that_ends_early_says_so(film):
    films.add(film[2], "walk", Film(str(film[1]), 5.0, 50))
    frames = Films(film[2])
    for _ in range(2):
        with pytest.raises(InputError, match="ends after 10 frames"):
            frames.frame("walk", 30)
    assert frames.frame("walk", 9).is_file()


def test_few_files_are_open(film, monkeypatch):
    monkeypatch.setattr(films, "OPEN", 1)
    frames = Films(film[2])
    films.add(film[2], "walk2", Film(str(film[1]), 10.0, 20))
    for frame in (4, 8):
        assert shade(frames.frame("walk", frame)) == pytest.approx(shade(frames.frame("walk2", 2 * frame)), abs=2)
    assert len(frames._open) == 1


def bytes_of(index):
    return {path.stem: path.stat().st_size for path in (index / "frames").rglob("*.jpg")}


def test_what_is_kept_is_bounded_and_what_went_is_decoded_again(film):
    seen = [picture.mean() for picture in read_video(film[1], 5.0)]
    Films(film[2]).frame("walk", 9)
    sizes = bytes_of(film[2])
    assert len(sizes) == 10
    room = sum(sizes.values()) // 2
    shutil.rmtree(film[2] / "frames")
    frames = Films(film[2], room=room)
    for frame in (9, 0, 5, 9, 3, 8, 1):
        assert shade(frames.frame("walk", frame)) == pytest.approx(seen[frame], abs=2)
        assert sum(bytes_of(film[2]).values()) <= room
    assert layout.frame_path(film[2], "walk", 0, films.SUFFIX).with_name(films.MARK).is_file()


def test_what_was_shown_last_stays(film):
    Films(film[2]).frame("walk", 7)
    for frame in range(8):  # times that differ, on any disk
        os.utime(layout.frame_path(film[2], "walk", frame, ".jpg"), (frame, frame))
    frames = Films(film[2], room=int(1.1 * sum(bytes_of(film[2]).values())))
    frames.frame("walk", 0)
    frames.frame("walk", 9)
    left = bytes_of(film[2])
    assert {"000000", "000008", "000009"} <= set(left) and "000001" not in left


def test_no_room_still_shows_each_frame(film):
    frames = Films(film[2], room=0)
    for frame in (4, 2):
        assert shade(frames.frame("walk", frame)) == pytest.approx(shade_of(film[1], frame), abs=2)
        assert len(bytes_of(film[2])) == 1


def test_a_broken_file_is_a_missing_picture(tmp_path):
    write_film(tmp_path / "clips", tmp_path / "graphs")
    (tmp_path / "clips" / "walk.avi").write_bytes(b"no video")
    options = {"pictures": [tmp_path / "clips"], "progress": False}
    assert build({"graphs": tmp_path / "graphs"}, tmp_path / "index", **options).missing_pictures == 1
    assert Film.of(tmp_path / "index", "walk") is None
    write_film(tmp_path / "clips", tmp_path / "elsewhere")
    assert build({"graphs": tmp_path / "graphs"}, tmp_path / "index", **options).missing_pictures == 0


def test_only_files_in_named_folders_are_opened(tmp_path):
    graph = write_film(tmp_path / "clips", tmp_path / "graphs")
    source = replace(graph.source, uri=str(tmp_path / "clips" / "walk.avi"))
    files.save(replace(graph, source=source), tmp_path / "graphs" / "walk.scenegraph.json")
    assert build({"graphs": tmp_path / "graphs"}, tmp_path / "index", progress=False).missing_pictures == 1


def test_a_folder_of_pictures_is_a_video_too(tmp_path):
    graph = write_film(tmp_path / "clips", tmp_path / "graphs")
    (tmp_path / "clips" / "walk.avi").unlink()
    folder = tmp_path / "clips" / "walk.avi"
    folder.mkdir()
    for frame in range(graph.source.num_frames):
        Image.new("RGB", (30, 20), (20 * frame, 0, 0)).save(folder / f"{frame:03d}.png")
    build({"graphs": tmp_path / "graphs"}, tmp_path / "index", pictures=[tmp_path / "clips"], progress=False)
    place = layout.frame_path(tmp_path / "index", "walk", 6, ".png")
    assert Image.open(place).getpixel((0, 0)) == (120, 0, 0)


def test_a_static_copy_has_every_frame(film, tmp_path, monkeypatch):
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("the page")
    monkeypatch.setattr(site, "page_folder", lambda: page)
    seen = [picture.mean() for picture in read_video(film[1], 5.0)]
    site.export(film[2], tmp_path / "site", progress=False)
    shutil.rmtree(film[1].parent)
    copy = tmp_path / "site" / "index"
    found = [shade(layout.frame_path(copy, "walk", frame, ".jpg")) for frame in range(len(seen))]
    assert found == pytest.approx(seen, abs=2)
    told = [path for path in copy.rglob("*.json") if str(film[1].parent).encode() in path.read_bytes()]
    assert not told and not (copy / "films").exists()
