"""PSG4D in both layouts: what is written is read again, and the published conventions hold in the files."""

import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scenegraph import Camera, InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter, validate
from scenegraph.formats.psg4d.projections import Rage, camera_of, matrices, metric_depth, stored_depth
from tests.scenegraph.strategies import damaged

WORDS = Vocabulary(("person", "ball"), ("grass", "sky"), ("holding", "on"))
SIZE = (12, 16)
FRAMES = 3


def camera():
    poses = np.tile(np.eye(4), (FRAMES, 1, 1))
    for frame, pose in enumerate(poses):
        c, s = np.cos(0.3 * frame), np.sin(0.3 * frame)
        pose[:3, :3] = [[c, 0, s], [0, 1, 0], [-s, 0, c]]
        pose[:3, 3] = frame, 2.0, -frame / 2
    return Camera(20.0, 21.0, 7.0, 5.5, poses)


def region(x1, y1, x2, y2, frames=range(FRAMES)):
    array = np.zeros(SIZE, dtype=bool)
    array[y1:y2, x1:x2] = True
    return Tube({frame: Segment(Mask.from_array(array)) for frame in frames})


def film(uri="ZY1/H1/T1"):
    nodes = (
        Node(1, 0, region(2, 4, 6, 10)),
        Node(3, 1, region(7, 5, 9, 7, (1, 2))),
        Node(4, 1, region(12, 6, 14, 8)),
        Node(7, 2, region(0, 10, 16, 12)),
    )
    relations = (Relation(1, 0, 3, spans=(Span(0, 1), Span(2, 3))), Relation(1, 1, 7, spans=(Span(0, 3),)))
    source = Source("rgbd", uri, *SIZE, FRAMES, 5.0, camera())
    return SceneGraph(source, nodes, relations, WORDS)


def shots():
    random = np.random.default_rng(0)
    smooth = np.linspace(0, 255, SIZE[0] * SIZE[1] * 3).reshape(*SIZE, 3).astype(np.uint8)
    for _ in range(FRAMES):
        depth = random.uniform(0.5, 60.0, SIZE).astype(np.float32)
        depth[:3] = 0
        yield smooth, depth


def written(writer, root, graph=None):
    with writer(root, WORDS) as out:
        out.add(graph or film(), shots(), "val")
    return out.path


def test_gta_round_trip(tmp_path):
    file = GTAFile.open(written(GTAWriter, tmp_path))
    read, made = file.graph(0), film()
    assert (file.vocabulary, file.indices("val"), file.indices("train")) == (WORDS, [0], [])
    numbers = {1: 1, 3: 3, 4: 4, 7: 1007}
    assert [(n.id, n.category, n.region) for n in read.nodes] == [
        (numbers[n.id], n.category, n.region) for n in made.nodes
    ]
    expected = {(numbers[r.subject], r.predicate, numbers[r.object], r.spans) for r in made.relations}
    assert {(r.subject, r.predicate, r.object, r.spans) for r in read.relations} == expected
    assert read.source.camera.poses == pytest.approx(camera().poses, abs=1e-9)
    assert (read.source.camera.fx, read.source.camera.cy) == pytest.approx((20.0, 5.5))
    for frame, (rgb, depth) in enumerate(shots()):
        assert np.array_equal(file.image(0, frame), rgb)
        assert file.depth(0, frame) == pytest.approx(depth, rel=1e-4)
        assert ((file.depth(0, frame) == 0) == (depth == 0)).all()


def test_gta_files_follow_the_published_conventions(tmp_path):
    """Relation order, pixel-to-world by VP_inv, stuff above 1000 and only in the merged masks."""
    path = written(GTAWriter, tmp_path)
    record = json.loads(path.read_text())["data"][0]
    assert [1, "holding", 3, [0, 0]] in record["relations"] and [1, "holding", 3, [2, 2]] in record["relations"]
    assert json.loads((tmp_path / "video_cut.json").read_text()) == {"T1": [0, 2]}
    merged, visible = (np.load(tmp_path / kind / "T1" / "000001.npy") for kind in ("masks", "visible"))
    background = np.array(Image.open(tmp_path / "background_masks" / "T1" / "000001.bmp"))
    assert set(np.unique(visible)) == {0, 1, 3, 4}
    assert np.array_equal(merged, np.where((visible == 0) & (background > 0), background.astype(int) + 1000, visible))
    stored = np.load(tmp_path / "depth" / "T1" / "000001.npy")
    rage = np.load(tmp_path / "rage_matrices" / "T1" / "000001.npz")
    height, width = SIZE
    v, u = np.mgrid[:height, :width]
    clip = np.stack([2 * u / (width - 1) - 1, -2 * v / (height - 1) + 1, stored / 6.0 - 4e-5, np.ones(SIZE)], axis=-1)
    _, depth = list(shots())[1]
    some = depth > 0
    world = (clip @ rage["VP_inv"])[some]
    expected = camera().to_world(camera().points(depth), 1)[some]
    assert world[:, :3] / world[:, 3:] == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_gta_merges_masks_itself_where_they_were_not_merged(tmp_path):
    path = written(GTAWriter, tmp_path)
    whole = GTAFile.open(path).graph(0)
    for merged in (tmp_path / "masks" / "T1").iterdir():
        merged.unlink()
    assert GTAFile.open(path).graph(0) == whole
    for behind in (tmp_path / "background_masks" / "T1").iterdir():
        behind.unlink()
    bare = GTAFile.open(path).graph(0)
    assert {node.id for node in bare.nodes} == {1, 3, 4} and bare.metadata["unseen_objects"] == [1007]


def test_hoi_round_trip(tmp_path):
    file = HOIFile.open(written(HOIWriter, tmp_path))
    read, made = file.graph(0), film()
    assert read.nodes == made.nodes and set(read.relations) == set(made.relations)
    assert read.source == made.source and file.vocabulary == WORDS
    for frame, (rgb, depth) in enumerate(shots()):
        assert np.abs(file.image(0, frame).astype(int) - rgb).mean() < 6
        assert file.depth(0, frame) == pytest.approx(depth, abs=0.0005001)


def test_hoi_files_follow_the_published_conventions(tmp_path):
    """Relation order, transposed masks, class = mask id % 1000, one camera a first folder."""
    path = written(HOIWriter, tmp_path)
    record = json.loads(path.read_text())["data"][0]
    assert [1, 3, "holding", 2, 2] in record["relations"]
    classes = json.loads((tmp_path / "categories.json").read_text())
    assert [classes[str(coded["mask_id"] % 1000)] for coded in record["object"]] == ["person", "ball", "ball", "grass"]
    assert len({coded["mask_id"] for coded in record["object"]}) == 4
    mask = np.load(tmp_path / "HOI4D_mask/ZY1/H1/T1/mask/00000.npz")["array"]
    assert mask.shape == (16, 12) and mask[3, 5] == record["object"][0]["mask_id"]
    assert np.load(tmp_path / "camera_params/ZY1/intrin.npy") == pytest.approx(camera().matrix)
    assert json.loads((tmp_path / "hoi4d_id.json").read_text()) == {"0": "ZY1/H1/T1"}


def test_hoi_without_our_additions_is_read_too(tmp_path):
    path = written(HOIWriter, tmp_path)
    value = json.loads(path.read_text())
    for key in ("objects", "relations", "split"):
        del value[key]
    del value["data"][0]["meta"]
    path.write_text(json.dumps(value))
    file = HOIFile.open(path)
    assert file.vocabulary.predicates == ("holding", "on")
    assert {file.graph(0).category_name(node.id) for node in file.graph(0).nodes} == {"person", "ball", "grass"}


def test_a_camera_may_have_other_axes():
    """A view with z forward and y up (as Direct3D has it) gives the same camera and depth."""
    rage = matrices(camera(), 1, SIZE)
    turn = np.diag([1.0, 1.0, -1.0, 1.0])
    other = Rage(rage.VP, rage.VP_inv, turn @ rage.P, rage.P_inv @ turn)
    first, second = camera_of([rage], SIZE), camera_of([other], SIZE)
    assert first.poses == pytest.approx(second.poses) and first.cx == pytest.approx(second.cx)
    depth = np.full(SIZE, 7.5, dtype=np.float32)
    assert metric_depth(stored_depth(depth, other), other) == pytest.approx(depth, rel=1e-4)
    assert stored_depth(depth, other) == pytest.approx(stored_depth(depth, rage))


def test_an_interrupted_writer_continues(tmp_path):
    for writer in (GTAWriter, HOIWriter):
        root = tmp_path / writer.__name__
        with pytest.raises(RuntimeError), writer(root, WORDS) as out:
            out.add(film("A/1/x"), shots())
            raise RuntimeError
        assert not out.path.exists()
        with writer(root, WORDS) as again:
            assert len(again.done) == 1
            again.add(film("A/1/y"), shots())
        assert len(json.loads(again.path.read_text())["data"]) == 2


@pytest.mark.parametrize("writer", [GTAWriter, HOIWriter])
def test_what_cannot_be_stored_is_refused(tmp_path, writer):
    graph = film()
    with writer(tmp_path, WORDS) as out:
        with pytest.raises(InputError, match="camera"):
            out.add(replace(graph, source=replace(graph.source, camera=None)), shots())
        with pytest.raises(InputError, match="vocabulary"):
            out.add(replace(graph, vocabulary=Vocabulary(("a", "b"), ("c", "d"), ("e", "f"))), shots())
        with pytest.raises(InputError, match="3 frames"):
            out.add(graph, list(shots())[:2])
        with pytest.raises(InputError, match="depth"):
            out.add(graph, [(rgb, depth[:5]) for rgb, depth in shots()])
        with pytest.raises(InputError, match="not finite"):
            out.add(graph, [(rgb, np.full(SIZE, np.inf, dtype=np.float32)) for rgb, _ in shots()])
        out.add(graph, shots())
        with pytest.raises(InputError, match="already"):
            out.add(graph, shots())


def test_broken_files_are_named(tmp_path):
    gta, hoi = written(GTAWriter, tmp_path / "g"), written(HOIWriter, tmp_path / "h")
    mask = tmp_path / "g/masks/T1/000002.npy"
    np.save(mask, np.full((4, 16), 9, dtype=np.int32))
    with pytest.raises(InputError, match=r"mask of frame 2 has \(4, 16\) pixels"):
        GTAFile.open(gta).graph(0)
    np.save(mask, np.zeros(SIZE, dtype=np.int32))
    mask.write_bytes(mask.read_bytes()[:40])
    with pytest.raises(InputError, match=r"000002\.npy"):
        GTAFile.open(gta).graph(0)
    trajectory = tmp_path / "h/HOI4D_annotations/ZY1/H1/T1/3Dseg/output.log"
    trajectory.write_text("0 0 1\n1 0 0 0\n")
    with pytest.raises(InputError, match="trajectory"):
        HOIFile.open(hoi).graph(0)
    assert HOIFile.open(hoi).graph(0, camera=False).source.camera is None
    value = json.loads(gta.read_text())
    value["data"][0]["relations"] = [[1, 3, "holding", 0, 2]]
    gta.write_text(json.dumps(value))
    with pytest.raises(InputError, match=r"relations\[0\]"):
        GTAFile.open(gta)
    (tmp_path / "h" / "categories.json").unlink()
    with pytest.raises(InputError, match="categories"):
        HOIFile.open(hoi)


@pytest.mark.parametrize(("writer", "reader"), [(GTAWriter, GTAFile), (HOIWriter, HOIFile)])
def test_what_a_graph_cannot_hold_is_noted(tmp_path, writer, reader):
    path = written(writer, tmp_path)
    value = json.loads(path.read_text())
    record = value["data"][0]
    # object 4 is listed no more, 9 is listed and never seen, the ball is held longer than the video is
    kept = [coded for coded in record["object"] if coded["object_id"] != 4]
    record["object"] = [*kept, kept[0] | {"object_id": 9} | ({"mask_id": 9001} if reader is HOIFile else {})]
    held = [1, 3, "holding", 2, 99] if reader is HOIFile else [1, "holding", 3, [2, 99]]
    unseen = [1, 9, "on", 0, 1] if reader is HOIFile else [1, "on", 9, [0, 1]]
    record["relations"] = [held, unseen]
    path.write_text(json.dumps(value))
    graph = reader.open(path).graph(0)
    assert graph.relations == (Relation(1, 0, 3, spans=(Span(2, 3),)),) and graph.metadata["clipped_spans"] == 1
    assert graph.metadata["unseen_objects"] == [9]
    assert graph.metadata["dropped_relations"] == [
        {"relation": [1, "on", 9], "reason": "object 9 is not seen in any frame"}
    ]
    # its pixels stay unlabelled
    assert len(graph.metadata["unlisted_ids"]) == 1 and 4 not in {node.id for node in graph.nodes}
    record["object"].append(record["object"][0])
    path.write_text(json.dumps(value))
    with pytest.raises(InputError, match="used twice"):
        reader.open(path).graph(0)


def test_the_real_intrinsics_are_read(real_data):
    for path in sorted((real_data / "psg4d" / "hoi4d_camera_params").glob("*/intrin.npy")):
        matrix = np.load(path)
        assert 1000 < matrix[0, 0] < 1100 and matrix.shape == (3, 3)


# Validation


@pytest.fixture(params=["gta", "hoi"])
def data_set(request, tmp_path):
    writer, reader = {"gta": (GTAWriter, GTAFile), "hoi": (HOIWriter, HOIFile)}[request.param]
    path = written(writer, tmp_path)

    def check(**options):
        return [str(problem) for problem in validate(reader.open(path), progress=False, **options)]

    return request.param, tmp_path, check


FILES = {
    "gta": ("images/T1/000001.bmp", "depth/T1/000001.npy", "masks/T1/000001.npy"),
    "hoi": (
        "HOI4D_release/ZY1/H1/T1/align_rgb/00001.jpg",
        "HOI4D_release/ZY1/H1/T1/align_depth/00001.png",
        "HOI4D_mask/ZY1/H1/T1/mask/00001.npz",
    ),
}


def test_a_written_data_set_is_valid(data_set):
    assert data_set[2]() == []


def test_depth_that_cannot_be_true_is_named(data_set):
    kind, root, check = data_set
    path = root / FILES[kind][1]
    for depth, message in (
        (np.zeros(SIZE), "frame 1: no pixel has a depth"),
        (np.full(SIZE, 60.0), ""),
        (np.ones((4, 5)), r"frame 1: depth is (4, 5) (height, width), colour is (12, 16)"),
        (np.full(SIZE, 0.05), "frame 1: the median depth is 0.05 m; is it stored in another scale"),
    ):
        if kind == "hoi":
            Image.fromarray((depth * 1000).astype(np.uint16)).save(path)
        else:
            rage = matrices(camera(), 1, SIZE)
            np.save(path, stored_depth(depth.astype(np.float32), rage))
        found = check(masks=False)
        assert (message in "; ".join(found)) if message else not found, found
    path.write_bytes(path.read_bytes()[:20])
    assert path.name in "; ".join(check(masks=False)) and not check(frames=False)


def test_pictures_and_masks_that_do_not_fit_are_named(data_set):
    kind, root, check = data_set
    colour, _, mask = (root / name for name in FILES[kind])
    whole = colour.read_bytes()
    Image.new("RGB", (10, 12)).save(colour)
    assert "frame 1 is (12, 10) pixels" in "; ".join(check(masks=False))
    colour.write_bytes(whole[:-20])
    assert f"{colour.name}: the picture cannot be read" in "; ".join(check(masks=False))
    colour.unlink()
    assert f"{colour.name}: there is no such file" in "; ".join(check(masks=False))
    ids = np.zeros(SIZE, dtype=np.int32)  # upright, where HOI's are transposed
    np.save(mask, ids[:4]) if kind == "gta" else np.savez(mask, array=ids)
    expected = "is this one upright?" if kind == "hoi" else "the mask of frame 1 has (4, 16) pixels"
    assert expected in "; ".join(check(frames=False))


def test_cameras_that_are_none_are_named(data_set):
    kind, root, check = data_set
    if kind == "gta":
        path = root / "rage_matrices/T1/000002.npz"
        with np.load(path) as stored:
            values = dict(stored)
        np.savez(path, **values | {"VP_inv": np.eye(4)})
        assert "frame 2: VP_inv is not the inverse of VP" in "; ".join(check(masks=False))
        np.savez(path, **values | {"VP": values["VP"] * 2, "VP_inv": values["VP_inv"] / 2, "P_inv": np.eye(4)})
        assert "no rotation" in "; ".join(check(masks=False))
        exchanged = {"P": values["VP"], "P_inv": values["VP_inv"], "VP": values["P"], "VP_inv": values["P_inv"]}
        np.savez(path, **exchanged)
        assert "frame 2: P is no perspective projection" in "; ".join(check(masks=False))
        return
    log = root / "HOI4D_annotations/ZY1/H1/T1/3Dseg/output.log"
    lines = log.read_text().splitlines()
    for edit, message in (
        (lines[:-5], "2 poses; the video has 3 frames"),
        (lines[5:] + lines[:5], "frames out of order: 0 follows 2"),
        ([lines[0], "9 9 9 9", *lines[2:]], "frame 0: the upper left 3 x 3 of the pose is no rotation"),
        ([lines[0], "nan 0 0 0", *lines[2:]], "not finite"),
    ):
        log.write_text("\n".join(edit))
        assert message in "; ".join(check(masks=False))
    (root / "camera_params/ZY1/intrin.npy").unlink()
    assert "intrin.npy: there is no such file" in "; ".join(check(masks=False))


def test_cuts_and_splits_are_compared(tmp_path):
    file = GTAFile.open(written(GTAWriter, tmp_path))
    (tmp_path / "video_cut.json").write_text('{"T1": [5, 8], "T2": [1]}')
    assert "frames 5 to 8 are 4; the record has 3" in str(validate(file, False, False, False)[0])
    (tmp_path / "video_cut.json").unlink()
    assert validate(file, False, False, False)[0].severity == "warning"


@pytest.mark.parametrize(("writer", "reader"), [(GTAWriter, GTAFile), (HOIWriter, HOIFile)])
def test_frames_are_counted_where_the_record_does_not_say(tmp_path, writer, reader):
    path = written(writer, tmp_path)
    whole = reader.open(path).graph(0)
    value = json.loads(path.read_text())
    value["data"][0].pop("meta")
    path.write_text(json.dumps(value))
    graph = reader.open(path).graph(0)
    assert (graph.nodes, graph.source.num_frames, graph.source.size) == (whole.nodes, 3, SIZE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.parametrize(("writer", "reader"), [(GTAWriter, GTAFile), (HOIWriter, HOIFile)])
def test_a_damaged_file_is_read_or_refused(tmp_path, writer, reader, data):
    path = tmp_path / "whole"
    if not path.is_dir():
        written(writer, path)
    path = path / ("sailvos3d.json" if reader is GTAFile else "psg4d_hoi.json")
    if not path.with_suffix(".copy").exists():
        path.with_suffix(".copy").write_text(path.read_text())
    value = json.loads(path.with_suffix(".copy").read_text())
    path.write_text(json.dumps(data.draw(damaged(value))))
    with suppress(InputError):
        file = reader.open(path)
        found = validate(file, progress=False)
        broken = {problem.item for problem in found if problem.severity == "error"}
        for index in range(len(file)):
            try:
                file.graph(index)
            except InputError:
                assert f"video {file.videos[index]}" in broken
