"""Files of clouds: round trips, an independent reader, files of others, and what is no cloud."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError
from scenegraph.formats.clouds import READERS, WRITERS, CloudFile, read_cloud, write_cloud
from scenegraph.point_cloud import UNLABELLED, PointCloud

UP = np.array([0.0, 0.6, 0.8])


def cloud(count=50, seed=0, normals=True):
    random = np.random.default_rng(seed)
    directions = random.normal(size=(count, 3))
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-9)
    return PointCloud.of(
        random.normal(size=(count, 3)) * 10,
        random.integers(0, 256, (count, 3)),
        random.integers(-1, 5, count),
        directions if normals else None,
    )


def made(**options):
    return CloudFile(cloud(**options), UP, {0: "table-1", 3: 'a "cup"\n of tea', 4: "Häuschen"})


def assert_same(first, second, normals=False):
    np.testing.assert_array_equal(first.points, second.points)
    np.testing.assert_array_equal(first.colours, second.colours)
    np.testing.assert_array_equal(first.nodes, second.nodes)
    if normals:
        np.testing.assert_array_equal(first.normals, second.normals)


def test_glb_round_trip(tmp_path):
    write_cloud(tmp_path / "a.glb", made())
    found = read_cloud(tmp_path / "a.glb")
    assert_same(found.cloud, made().cloud)
    np.testing.assert_allclose(found.up, UP)
    assert found.names == dict(made().names)
    assert [path.name for path in tmp_path.iterdir()] == ["a.glb"]


def test_glb_as_the_specification_has_it(tmp_path):
    """Read with struct and json alone, by the rules of glTF 2.0 sections 3.6, 3.7 and 4.4."""
    write_cloud(tmp_path / "a.glb", made())
    content = (tmp_path / "a.glb").read_bytes()
    magic, version, total = struct.unpack_from("<4sII", content)
    assert (magic, version, total) == (b"glTF", 2, len(content)) and total % 4 == 0
    length, kind = struct.unpack_from("<I4s", content, 12)
    assert kind == b"JSON" and length % 4 == 0
    document = json.loads(content[20 : 20 + length])
    binary_length, kind = struct.unpack_from("<I4s", content, 20 + length)
    assert kind == b"BIN\0" and binary_length % 4 == 0 and 28 + length + binary_length == total
    assert document["buffers"] == [{"byteLength": binary_length}] and document["asset"]["version"] == "2.0"
    (primitive,) = document["meshes"][0]["primitives"]
    assert primitive["mode"] == 0
    rows = {}
    for name, at in primitive["attributes"].items():
        accessor = document["accessors"][at]
        view = document["bufferViews"][accessor["bufferView"]]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor["type"]]
        code = {5126: "f", 5121: "B"}[accessor["componentType"]]
        assert accessor["count"] == 50 and view["byteOffset"] % 4 == 0
        assert width * struct.calcsize(code) % 4 == 0  # every vertex begins at a multiple of 4
        assert view["byteLength"] == 50 * width * struct.calcsize(code)
        flat = struct.unpack_from(f"<{50 * width}{code}", content, 28 + length + view["byteOffset"])
        rows[name] = np.reshape(flat, (50, width))
    np.testing.assert_allclose(rows["POSITION"], cloud().points)
    assert document["accessors"][0]["min"] == rows["POSITION"].min(axis=0).tolist()
    assert document["accessors"][0]["max"] == rows["POSITION"].max(axis=0).tolist()
    assert rows["COLOR_0"][:, :3].tolist() == cloud().colours.tolist() and (rows["COLOR_0"][:, 3] == 255).all()
    assert rows["_NODE_ID"][:, 0].tolist() == cloud().nodes.tolist()
    matrix = np.reshape(document["nodes"][0]["matrix"], (4, 4)).T  # stored column by column
    np.testing.assert_allclose(matrix[:3, :3] @ UP, [0, 1, 0], atol=1e-9)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1)
    assert document["nodes"][document["scenes"][0]["nodes"][0]]["mesh"] == 0


def test_glb_upside_down(tmp_path):
    write_cloud(tmp_path / "a.glb", CloudFile(cloud()))
    np.testing.assert_allclose(read_cloud(tmp_path / "a.glb").up, [0, -1, 0])


def test_ply_round_trip(tmp_path):
    write_cloud(tmp_path / "a.ply", made())
    found = read_cloud(tmp_path / "a.ply")
    assert_same(found.cloud, made().cloud, normals=True)
    np.testing.assert_allclose(found.up, UP)
    assert found.names == {0: "table-1", 3: 'a "cup" of tea', 4: "Häuschen"}


def test_ply_bytes(tmp_path):
    """One point, byte by byte."""
    one = PointCloud.of([[1, 2, 3]], [[4, 5, 6]], [7])
    write_cloud(tmp_path / "a.ply", CloudFile(one, np.array([0.0, 0.0, 2.0])))
    head, body = (tmp_path / "a.ply").read_bytes().split(b"end_header\n")
    assert head.decode().splitlines() == [
        "ply",
        "format binary_little_endian 1.0",
        "comment up 0 0 1",
        "element vertex 1",
        *(f"property float {axis}" for axis in "xyz"),
        *(f"property uchar {name}" for name in ("red", "green", "blue")),
        "property int node",
    ]
    assert body == struct.pack("<3f3Bi", 1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize("order", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_ply_of_others(tmp_path, order):
    """Doubles, a mesh behind the points, a label, and a point that is not finite."""
    head = (
        f"ply\r\nformat {order} 1.0\r\ncomment made by others\r\nelement vertex 3\r\nproperty double x\r\n"
        "property double y\r\nproperty double z\r\nproperty ushort label\r\nelement face 1\r\n"
        "property list uchar int vertex_indices\r\nend_header\r\n"
    ).encode()
    rows = [(0.5, 1.0, -2.0, 3), (float("nan"), 1.0, 1.0, 4), (1.0, 2.0, 3.0, 65535)]
    if order == "ascii":
        body = "".join(" ".join(map(str, row)) + "\n" for row in rows).encode() + b"3 0 1 2\n"
    else:
        body = (
            b"".join(struct.pack((">" if "big" in order else "<") + "3dH", *row) for row in rows) + b"\3" + b"\0" * 12
        )
    (tmp_path / "a.ply").write_bytes(head + body)
    found = read_cloud(tmp_path / "a.ply")
    assert found.cloud.points.tolist() == [[0.5, 1, -2], [1, 2, 3]] and found.cloud.nodes.tolist() == [3, 65535]
    assert found.names == {} and found.cloud.normals is None


def test_pcd_of_others(tmp_path):
    """Colours packed into the bits of a float, padding, and an intensity that nobody asked for."""
    packed = struct.unpack("<f", struct.pack("<I", 0x0A141E))[0]
    head = (
        "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z rgb _ intensity label\nSIZE 4 4 4 4 1 4 4\nTYPE F F F F U F U\n"
        "COUNT 1 1 1 1 4 1 1\nWIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA {}\n"
    )
    rows = [(1.0, 2.0, 3.0, packed, 0, 0, 0, 0, 9.0, 5), (4.0, 5.0, 6.0, packed, 0, 0, 0, 0, 9.0, 6)]
    binary = b"".join(struct.pack("<4f4BfI", *row) for row in rows)
    (tmp_path / "binary.pcd").write_bytes(head.format("binary").encode() + binary)
    text = "".join(" ".join(repr(cell) for cell in row) + "\n" for row in rows)
    (tmp_path / "ascii.pcd").write_text(head.format("ascii") + text)
    for name in ("binary", "ascii"):
        found = read_cloud(tmp_path / f"{name}.pcd").cloud
        assert found.points.tolist() == [[1, 2, 3], [4, 5, 6]] and found.nodes.tolist() == [5, 6]
        assert found.colours.tolist() == [[10, 20, 30]] * 2
    (tmp_path / "packed.pcd").write_text(head.format("binary_compressed"))
    with pytest.raises(InputError, match="compressed=False"):
        read_cloud(tmp_path / "packed.pcd")


def test_npz_of_open3d(tmp_path):
    given = cloud(normals=False)
    shares = (given.colours / 255).astype(np.float32)
    np.savez(tmp_path / "a.npz", positions=given.points, colors=shares, labels=given.nodes[:, None])
    assert_same(read_cloud(tmp_path / "a.npz").cloud, given)
    np.savez(tmp_path / "b.npz", positions=given.points, colors=given.colours)
    assert read_cloud(tmp_path / "b.npz").cloud.colours.tolist() == given.colours.tolist()
    np.savez(tmp_path / "c.npz", positions=np.array([{"a": 1}], dtype=object))
    np.savez(tmp_path / "d.npz", positions=given.points, labels=given.nodes[1:])
    np.savez(tmp_path / "e.npz", points=given.points)
    for name, message in (("c", "none pickled"), ("d", "49 labels for 50 points"), ("e", "no array 'positions'")):
        with pytest.raises(InputError, match=message):
            read_cloud(tmp_path / f"{name}.npz")


def test_pickles_are_refused_with_the_safe_way(tmp_path):
    """ConceptGraphs keeps its maps as pkl.gz; a pickle that would run something does not run."""
    path = tmp_path / "map.pkl.gz"
    path.write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntR.")
    with pytest.raises(InputError, match=r"write_point_cloud\(NAME.ply"):
        read_cloud(path)
    assert not (tmp_path / "ran").exists()


def test_bad_input(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_cloud(tmp_path / "missing.ply")
    with pytest.raises(InputError, match="expected a cloud that ends with"):
        read_cloud(tmp_path / "a.obj")
    with pytest.raises(InputError, match="written with the ending"):
        write_cloud(tmp_path / "a.obj", made())
    for ending in WRITERS:
        with pytest.raises(InputError, match="no points; nothing was written"):
            write_cloud(tmp_path / f"a{ending}", CloudFile(cloud(count=0)))
    with pytest.raises(InputError, match="not all 0"):
        CloudFile(cloud(), np.zeros(3))
    huge = PointCloud.of(np.zeros((1, 3)), nodes=[1 << 25])
    with pytest.raises(InputError, match="16,777,216"):
        write_cloud(tmp_path / "a.glb", CloudFile(huge))
    with pytest.raises(InputError, match="1 of 2 points are not finite"):
        PointCloud.of([[0, 0, 0], [0, np.nan, 0]])
    with pytest.raises(InputError, match="nodes of a cloud have shape"):
        PointCloud.of(np.zeros((2, 3)), nodes=[1])
    assert not list(tmp_path.iterdir())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_files_give_messages(tmp_path_factory, data):
    """Cut off anywhere, or with any byte changed: a cloud or an InputError, never anything else."""
    folder = tmp_path_factory.mktemp("broken")
    ending = data.draw(st.sampled_from([".glb", ".ply", ".pcd"]))
    path = folder / f"a{ending}"
    if ending == ".pcd":
        head = (
            "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 5\nHEIGHT 1\nPOINTS 5\nDATA binary\n"
        )
        path.write_bytes(head.encode() + cloud(count=5).points.tobytes())
    else:
        write_cloud(path, made(count=5))
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        found = READERS[ending](path)
    except InputError as error:
        assert str(path) in str(error)
    else:
        assert found.cloud.points.shape[1] == 3 and np.isfinite(found.cloud.points).all()


def test_usd(tmp_path):
    """Without usd-core the remedy is named; with it the file is read back by Pixar's own library."""
    path = tmp_path / "a.usda"
    try:
        from pxr import Usd, UsdGeom
    except ModuleNotFoundError:
        with pytest.raises(InputError, match=r"groundgraph\[usd\]"):
            write_cloud(path, made())
        assert not list(tmp_path.iterdir())
        return
    for ending in (".usda", ".usdc"):
        path = tmp_path / f"a{ending}"
        write_cloud(path, made())
        stage = Usd.Stage.Open(str(path))
        points = UsdGeom.Points(stage.GetPrimAtPath("/Scene/Points"))
        np.testing.assert_allclose(np.array(points.GetPointsAttr().Get()), cloud().points)
        assert list(UsdGeom.PrimvarsAPI(points).GetPrimvar("node").Get()) == cloud().nodes.tolist()
        assert stage.GetPrimAtPath("/Scene/Node_3").GetDisplayName() == 'a "cup"\n of tea'
        assert path.read_bytes().startswith(b"#usda" if ending == ".usda" else b"PXR-USDC")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.usda", "a.usdc"]


def test_unlabelled():
    assert PointCloud.of(np.zeros((2, 3))).nodes.tolist() == [UNLABELLED] * 2
    chosen = cloud()[np.array([3, 1])]
    assert len(chosen) == 2 and chosen.normals.shape == (2, 3)
    assert np.isnan(cloud(count=0).bounds).all()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"labels": [0.0, np.nan]}, "column 'node' is not finite at 1 of 2 points"),
        ({"labels": [0.0, 1e30]}, "do not fit into 32 bits"),
        ({"labels": ["a", "b"]}, "column 'node' holds str"),
        ({"colors": np.full((2, 3), np.nan)}, "column 'red' is not finite at 2 of 2 points"),
        ({"positions": [["a", "b", "c"]] * 2}, "column 'x' holds str"),
        ({"positions": np.zeros((2, 3), dtype=complex)}, "column 'x' holds complex"),
    ],
)
def test_columns_that_are_no_numbers_are_named(tmp_path, columns, message):
    np.savez(tmp_path / "a.npz", **{"positions": np.zeros((2, 3))} | columns)
    with pytest.raises(InputError, match=f"a.npz: .*{message}"):
        read_cloud(tmp_path / "a.npz")
