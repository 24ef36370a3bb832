"""PVSG from archives of the public layout: whole, resumed, and never where an archive wants to go."""

import hashlib
import json
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import InputError
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter, archives, preparation, validate
from scenegraph.formats.pvsg.preparation import prepare
from scenegraph.video_files import VideoWriter
from tests.factories import VOCABULARY, park_video

pytest.importorskip("cv2")

VIDEO = "0001_4164158586"
PUBLIC = {archive.kind: archive for archive in archives.ARCHIVES if archive.source == "vidor"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data set of one video, whose files the archives hold; frames are bright by number."""
    root = tmp_path_factory.mktemp("made")
    graph = park_video()
    frames = [np.full((20, 30, 3), 20 * number, dtype=np.uint8) for number in range(10)]
    with PVSGWriter(root, VOCABULARY) as writer:
        writer.add(graph, frames)
    value = json.loads(writer.path.read_text())
    value["data"][0]["video_id"] = VIDEO
    value["split"] = {"vidor": {"train": [VIDEO], "val": []}}
    writer.path.write_text(json.dumps(value))
    with VideoWriter(root / "film.avi", 5.0) as film:
        for frame in frames:
            film.add(frame)
    return root


@pytest.fixture
def root(made, tmp_path, monkeypatch):
    """A folder as after the download; the MD5s are those of what was packed."""
    folder = tmp_path / "data_zip" / "VidOR"
    folder.mkdir(parents=True)
    shutil.copy(made / "pvsg.json", tmp_path / "data_zip")
    with zipfile.ZipFile(folder / "vidor_videos.zip", "w") as zipped:
        zipped.write(made / "film.avi", f"some/where/{VIDEO}.mp4")
    with zipfile.ZipFile(folder / "vidor_masks.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for number in range(10):
            zipped.write(made / "vidor/masks/park.mp4" / f"{number:04d}.png", f"masks/{VIDEO}/{number:05d}.png")
        zipped.writestr("__MACOSX/._x", b"")
    adopt(tmp_path, monkeypatch)
    return tmp_path


def adopt(root, monkeypatch):
    """Take the packed archives for the published ones."""
    known = [
        archive._replace(md5=hashlib.md5((root / "data_zip" / archive.path).read_bytes()).hexdigest())
        if (root / "data_zip" / archive.path).is_file()
        else archive
        for archive in archives.ARCHIVES
    ]
    monkeypatch.setattr(preparation, "ARCHIVES", tuple(known))


def replaced(root, kind, entries):
    path = root / "data_zip" / PUBLIC[kind].path
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return path


def test_a_whole_data_set(root, made):
    assert prepare(root, progress=False, workers=1) == []
    assert validate(root / "pvsg.json", progress=False) == []
    file = PVSGFile.open(root / "pvsg.json")
    for node, true in zip(file.graph(0).nodes, park_video().nodes, strict=True):
        assert node.region == true.region
    levels = [np.asarray(Image.open(path)).mean() for path in file.frame_paths(0)]
    assert np.allclose(levels, 20 * np.arange(10), atol=6)


def test_what_is_done_is_not_done_again(root, monkeypatch):
    prepare(root, progress=False, workers=1)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    monkeypatch.setattr(archives.hashlib, "md5", None)
    assert prepare(root, progress=False, workers=1) == []
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()} == before
    # A mask that is lost comes back; frames that were being extracted are begun again
    mask = root / "vidor" / "masks" / VIDEO / "0004.png"
    mask.unlink()
    shutil.rmtree(root / "vidor" / "frames" / VIDEO)
    (root / "vidor" / "frames" / f".{VIDEO}.unfinished").mkdir()
    assert prepare(root, progress=False, workers=1) == []
    assert mask.is_file() and validate(root / "pvsg.json", progress=False) == []
    assert not list(root.rglob("*.unfinished")) and not list(root.rglob("*.part"))


def test_an_interruption_leaves_nothing_half(root, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(preparation, "write_atomically", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare(root, progress=False, workers=1, md5=False)
    assert not (root / "pvsg.json").exists() and not list((root / "vidor" / "frames").iterdir())
    monkeypatch.undo()
    assert prepare(root, progress=False, workers=1, md5=False) == []
    assert validate(root / "pvsg.json", progress=False) == []


def test_frames_may_be_jpeg_and_extracted_by_processes(root):
    assert prepare(root, progress=False, workers=2, picture="jpg") == []
    assert {path.suffix for path in (root / "vidor" / "frames" / VIDEO).iterdir()} == {".jpg"}
    assert validate(root / "pvsg.json", progress=False) == []


def test_what_is_missing_is_named_with_the_remedy(root, tmp_path):
    with pytest.raises(InputError, match=r"Ego4D/ego4d_videos\.zip(.|\n)*OpenPVSG"):
        prepare(root, sources=["ego4d"], progress=False)
    with pytest.raises(InputError, match="source 'coco'; expected vidor, epic_kitchen, ego4d"):
        prepare(root, sources=["coco"], progress=False)
    (root / "data_zip" / PUBLIC["masks"].path).unlink()
    with pytest.raises(InputError, match=r"vidor_masks\.zip"):
        prepare(root, progress=False)
    with pytest.raises(InputError, match=r"pvsg\.json: there is no such file.*(.|\n)*OpenPVSG"):
        prepare(tmp_path / "new", progress=False)
    assert not (tmp_path / "new").exists() and not (root / "pvsg.json").exists()


def test_another_md5_is_refused(root, monkeypatch):
    monkeypatch.setattr(preparation, "ARCHIVES", archives.ARCHIVES)
    with pytest.raises(InputError, match=rf"vidor_videos\.zip: its MD5 is .* published one {PUBLIC['videos'].md5}"):
        prepare(root, progress=False)
    assert not (root / "vidor").exists()
    assert prepare(root, progress=False, md5=False, workers=1) == []


def test_archives_do_not_say_where_files_go(root):
    png = b"\x89PNG\r\n\x1a\n" + b"x" * 20
    replaced(
        root, "masks", {f"../../../../{VIDEO}/0001.png": png, "../evil.png": png, f"/etc/{VIDEO}/../x/0002.png": png}
    )
    found = prepare(root, progress=False, md5=False, workers=1)
    assert {path.name for path in (root / "vidor" / "masks" / VIDEO).iterdir()} == {"0001.png", "0002.png"}
    assert not list(root.parent.glob("*.png")) and not (root.parent / VIDEO).exists()
    assert "../evil.png" in str(found[0]) and found[0].severity == "warning"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({f"{VIDEO}/0000.png": b"no picture"}, "is no PNG"),
        ({f"{VIDEO}/0000.png": b"\x89PNG\r\n\x1a\n" + b"0" * 5000}, "declares 5,008 bytes; it is not unpacked"),
    ],
)
def test_members_that_are_no_masks_are_refused(root, entries, message, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MASK", 1000)
    replaced(root, "masks", entries)
    with pytest.raises(InputError, match=message):
        prepare(root, progress=False, md5=False, workers=1)
    assert not (root / "vidor" / "masks" / VIDEO / "0000.png").exists()


def test_broken_archives_are_named(root):
    path = root / "data_zip" / PUBLIC["videos"].path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="no whole zip archive"):
        prepare(root, progress=False, md5=False, workers=1)
    damaged = bytearray(whole)
    damaged[200:400] = bytes(200)
    path.write_bytes(damaged)
    with pytest.raises(InputError, match="could not be unpacked"):
        prepare(root, progress=False, md5=False, workers=1)
    assert not list((root / "vidor" / "videos").iterdir())


def test_too_little_room_is_said_before_anything_is_unpacked(root, monkeypatch):
    monkeypatch.setattr(preparation.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 5, 5))
    with pytest.raises(InputError, match="GB are free; make room"):
        prepare(root, progress=False, md5=False)
    assert not (root / "vidor").exists()


def test_videos_that_are_not_as_stated_are_reported(root):
    path = root / "data_zip" / "pvsg.json"
    value = json.loads(path.read_text())
    value["data"][0]["meta"] |= {"num_frames": 12, "height": 22}
    value["data"].append({**value["data"][0], "video_id": "0002_1"})
    path.write_text(json.dumps(value))
    found = [str(problem) for problem in prepare(root, progress=False, workers=1)]
    assert any("there are no videos of 1 videos: 0002_1" in text for text in found)
    assert any("10 pictures at 5 a second; the record says 12" in text for text in found)
    assert any("pictures of (20, 30) pixels" in text for text in found)


def test_files_in_the_place_of_folders_are_named(root, made):
    (root / "vidor").mkdir()
    (root / "vidor" / "frames").write_text("no folder")
    with pytest.raises(InputError, match=r"frames/.*: the folder could not be made"):
        prepare(root, progress=False, md5=False, workers=1)
    with pytest.raises(InputError, match=r"film\.avi/set: the folder could not be made"):
        prepare(made / "film.avi" / "set", root / "data_zip", progress=False, md5=False)


def test_names_of_videos_stay_in_the_folder(root):
    path = root / "data_zip" / "pvsg.json"
    value = json.loads(path.read_text())
    value["data"][0]["video_id"] = "../../0001_1"
    path.write_text(json.dumps(value))
    with pytest.raises(InputError, match="is no name of a folder"):
        prepare(root, progress=False, md5=False)


def test_the_command(root, capsys):
    assert main(["data", "prepare", "pvsg", str(root), "--quiet", "--source", "vidor", "--workers", "1"]) == 0
    assert capsys.readouterr().out == f"{root / 'pvsg.json'}\n"
    assert main(["data", "check", "pvsg", str(root / "pvsg.json"), "--quiet"]) == 0
    assert main(["data", "prepare", "pvsg", str(root), "--source", "ego4d"]) == 2
    assert "these archives are missing" in capsys.readouterr().err
