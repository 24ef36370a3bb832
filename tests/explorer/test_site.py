"""A static copy holds everything that the page needs, as plain files."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from explorer import layout, site, thumbnails
from explorer.index import build
from explorer.manifest import Manifest
from scenegraph import InputError, files
from tests.explorer.scenes import write_truth


@pytest.fixture
def page(tmp_path, monkeypatch):
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("the page")
    (folder / "assets" / "index-abc.js").write_text("0")
    monkeypatch.setattr(site, "page_folder", lambda: folder)
    return folder


@pytest.fixture
def index(tmp_path):
    write_truth(tmp_path / "data", 3)
    build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    return tmp_path / "index"


def test_the_copy_needs_nothing_else(index, page, tmp_path):
    home = site.export(index, tmp_path / "site", progress=False)
    shutil.rmtree(tmp_path / "data")
    shutil.rmtree(index)
    shutil.rmtree(page)
    copy = tmp_path / "site" / "index"
    assert home.read_text() == "the page" and (tmp_path / "site" / "assets" / "index-abc.js").is_file()
    manifest = Manifest.read(copy)
    assert all((manifest.columns(copy) / name).is_file() for name in manifest.table_names())
    assert json.loads((copy / "service.json").read_text()) == {"ask": False, "search": False, "predict": False}
    graph = files.load(layout.graph_path(copy, "truth", "scene-001"))
    assert graph.nodes[0].region.mask.area > 0
    for path in (layout.image_path(copy, "scene-001", ".jpg"), layout.thumbnail_path(copy, "scene-001")):
        assert not path.is_symlink()
        assert Image.open(path).size[0] > 0


def test_a_second_export_brings_the_copy_up_to_date(index, page, tmp_path):
    site.export(index, tmp_path / "site", progress=False)
    shutil.rmtree(tmp_path / "data")
    write_truth(tmp_path / "data", 2)
    build({"truth": tmp_path / "data"}, index, progress=False)
    site.export(index, tmp_path / "site", progress=False)
    copy = tmp_path / "site" / "index"
    assert Manifest.read(copy).items == 2
    assert not layout.image_path(copy, "scene-002", ".jpg").exists()
    assert len(list((copy / "columns").iterdir())) == 1


def test_nothing_else_is_overwritten(index, page, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no exported site"):
        site.export(index, tmp_path / "home", progress=False)
    with pytest.raises(InputError, match="inside the index"):
        site.export(index, index / "site", progress=False)
    assert (tmp_path / "home" / "thesis.txt").read_text() == "years of work"


def test_thumbnails_are_small_upright_and_made_once(index, tmp_path):
    picture = tmp_path / "data" / "images" / "scene-001.jpg"
    rotated = Image.Exif()
    rotated[0x0112] = 6  # turn by 90 degrees to see it upright
    Image.fromarray(np.zeros((300, 1200, 3), np.uint8)).save(picture, exif=rotated)
    path = thumbnails.ensure(index, "scene-001", ".jpg")
    made = path.stat().st_mtime_ns
    assert Image.open(path).size == (thumbnails.SIDE // 4, thumbnails.SIDE)
    assert thumbnails.ensure(index, "scene-001", ".jpg").stat().st_mtime_ns == made


def test_all_thumbnails_but_those_of_broken_pictures(index, tmp_path):
    (tmp_path / "data" / "images" / "scene-001.jpg").write_bytes(b"no picture")
    (tmp_path / "data" / "images" / "scene-002.jpg").unlink()
    problems = thumbnails.ensure_all(index, progress=False)
    assert len(problems) == 2
    assert [layout.thumbnail_path(index, f"scene-00{i}").is_file() for i in range(3)] == [True, False, False]
