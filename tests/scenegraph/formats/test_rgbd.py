"""RGB-D folders: one room in three layouts, real frames, and everything that can be wrong with them."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scenegraph import Camera, InputError
from scenegraph.formats.rgbd import RGBDFolder, pose_error, validate
from scenegraph.formats.trajectories import open3d_text

SIZE = (96, 128)
FRAMES = 5


def camera():
    """Walks sideways through a room and looks around."""
    poses = np.tile(np.eye(4), (FRAMES, 1, 1))
    for frame, pose in enumerate(poses):
        c, s = np.cos(0.08 * frame), np.sin(0.08 * frame)
        pose[:3, :3] = [[c, 0, s], [0, 1, 0], [-s, 0, c]]
        pose[:3, 3] = 0.15 * frame, 0.02 * frame, 0.05 * frame
    return Camera(100.0, 101.0, 63.5, 47.5, poses)


def depth(frame):
    """Of a box-shaped room of 4 x 3 x 5 metres, exactly."""
    view = camera()
    rays = np.stack(np.meshgrid(np.arange(SIZE[1]), np.arange(SIZE[0])), axis=-1)
    rays = (rays - (view.cx, view.cy)) / (view.fx, view.fy)
    pose = view.poses[frame]
    directions = np.concatenate([rays, np.ones((*SIZE, 1))], axis=-1) @ pose[:3, :3].T
    with np.errstate(divide="ignore", invalid="ignore"):
        away = [
            (side - pose[axis, 3]) / directions[..., axis]
            for axis, far in enumerate((2, 1.5, 4))
            for side in (-far, far)
        ]
    return np.min([np.where(each > 0, each, np.inf) for each in away], axis=0)


def colour(frame):
    return np.full((*SIZE, 3), (40 * frame, 100, 30), dtype=np.uint8)


def quaternion(rotation):
    w = np.sqrt(1 + np.trace(rotation)) / 2
    x, y, z = (rotation[[2, 0, 1], [1, 2, 0]] - rotation[[1, 2, 0], [2, 0, 1]]) / (4 * w)
    return x, y, z, w


def save(folder, name, units, frame):
    Image.fromarray(np.round(depth(frame) * units).astype(np.uint16)).save(folder / name)


def seven_scenes(root):
    for frame in range(FRAMES):
        name = f"frame-{frame + 8:06d}"
        Image.fromarray(colour(frame)).save(root / f"{name}.color.png")
        save(root, f"{name}.depth.png", 1000, frame)
        np.savetxt(root / f"{name}.pose.txt", camera().poses[frame])
    np.savetxt(root / "camera-intrinsics.txt", camera().matrix)


def tum(root):
    lists = {"rgb": ["# time name"], "depth": ["# time name"], "groundtruth": ["# time tx ty tz qx qy qz qw"]}
    for name in ("rgb", "depth"):
        (root / name).mkdir()
    for frame in range(FRAMES):
        seconds = 1000 + frame / 30
        Image.fromarray(colour(frame)).save(root / "rgb" / f"{frame}.png")
        save(root / "depth", f"{frame}.png", 5000, frame)
        lists["rgb"].append(f"{seconds:.4f} rgb/{frame}.png")
        lists["depth"].append(f"{seconds + 0.004:.4f} depth/{frame}.png")
        pose = camera().poses[frame]
        numbers = (seconds - 0.003, *pose[:3, 3], *quaternion(pose[:3, :3]))
        lists["groundtruth"].append(" ".join(f"{number:.12f}" for number in numbers))
    for name, lines in lists.items():
        (root / f"{name}.txt").write_text("\n".join(lines))
    (root / "camera-intrinsics.txt").write_text("100 101 63.5 47.5\n")


def open3d(root):
    for name in ("color", "depth"):
        (root / name).mkdir()
    for frame in range(FRAMES):
        # Names without leading zeros: 10 follows 9
        Image.fromarray(colour(frame)).save(root / "color" / f"{frame + 7}.jpg", quality=95)
        save(root / "depth", f"{frame + 7}.png", 1000, frame)
    matrix = camera().matrix.T.ravel().tolist()
    value = {"width": SIZE[1], "height": SIZE[0], "intrinsic_matrix": matrix}
    (root / "camera_intrinsic.json").write_text(json.dumps(value))
    (root / "scene").mkdir()
    (root / "scene" / "trajectory.log").write_text(open3d_text(camera().poses))


LAYOUTS = {"7-scenes": seven_scenes, "tum": tum, "open3d": open3d}


@pytest.fixture(params=LAYOUTS)
def room(request, tmp_path):
    LAYOUTS[request.param](tmp_path)
    return request.param, tmp_path


@pytest.fixture
def scenes(tmp_path):
    seven_scenes(tmp_path)
    return tmp_path


def errors(root, **options):
    return [str(p) for p in validate(root, progress=False, **options) if p.severity == "error"]


def test_every_layout_gives_the_same_room(room):
    layout, root = room
    folder = RGBDFolder.open(root)
    assert folder.frames.layout == layout and len(folder) == FRAMES and folder.size == SIZE
    assert np.allclose(folder.camera.poses, camera().poses, atol=1e-6)
    assert np.allclose(folder.camera.matrix, camera().matrix)
    for frame, (picture, metres) in enumerate(folder):
        assert np.abs(picture.astype(int) - colour(frame)).max() <= 4
        assert metres.dtype == np.float32 and np.abs(metres - depth(frame)).max() <= 0.51 / 1000
    source = folder.source
    assert (source.kind, source.num_frames, source.camera) == ("rgbd", FRAMES, folder.camera)
    assert source.fps == pytest.approx(30, rel=0.01) if layout == "tum" else source.fps is None
    assert validate(root, progress=False) == []


def test_the_real_frames(real_data):
    root = real_data / "rgbd" / "tsdf_fusion_7scenes_style" / "rgbd-frames"
    folder = RGBDFolder.open(root)
    assert len(folder) == 15 and (folder.camera.fx, folder.camera.cx) == (585, 320)
    assert validate(root, progress=False) == []
    pair = (0, folder.depth(0)), (14, folder.depth(14))
    error = pose_error(folder.camera, *pair)
    inverted = pose_error(replace(folder.camera, poses=np.linalg.inv(folder.camera.poses)), *pair)
    assert error < 0.01 < 0.1 < inverted, f"median error {error:.2%}, with inverted poses {inverted:.2%}"
    # A scale that is five times too large shows, although the camera moves by 6.5 cm only
    assert "give that scale" in errors(root, units=5000)[0] and "invert them" not in str(errors(root, units=5000))


def test_wrong_scale_is_told_by_the_poses(scenes):
    (found,) = errors(scenes, units=5000)
    assert "with 1000 units a metre in place of 5000" in found
    assert "with 1000 units a metre in place of 200" in errors(scenes, units=200)[0]
    assert "with 1000 units a metre in place of 100 " in errors(scenes, units=100)[0]
    # By itself, a depth of micrometres is at least not plausible
    for path in scenes.glob("*.pose.txt"):
        path.unlink()
    found = [str(problem) for problem in validate(scenes, units=1e6, progress=False)]
    assert any("is 1e+06 units a metre the right scale?" in text for text in found)
    assert any("poses: there are none" in text for text in found)


def test_inverted_poses_are_told(scenes):
    for path in scenes.glob("*.pose.txt"):
        np.savetxt(path, np.linalg.inv(np.loadtxt(path)))
    (found,) = errors(scenes)
    assert "expected camera-to-world poses: invert them" in found


def test_depth_of_zero_and_of_all_bits_is_none(scenes):
    stored = np.full(SIZE, 1500, dtype=np.uint16)
    stored[0], stored[1] = 0, 65535
    Image.fromarray(stored).save(scenes / "frame-000008.depth.png")
    metres = RGBDFolder.open(scenes).depth(0)
    assert (metres[:2] == 0).all() and (metres[2:] == 1.5).all()


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (np.zeros(SIZE, dtype=np.uint16), "frame 1: no pixel has a depth"),
        (
            np.full((8, 9), 1500, dtype=np.uint16),
            r"000009.depth.png: depth is (8, 9) (height, width), colour is (96, 128)",
        ),
        (np.full(SIZE, 15, dtype=np.uint8), "pixels of kind 'L'; expected one channel of 16 bits"),
        (np.zeros((*SIZE, 3), dtype=np.uint8), "pixels of kind 'RGB'"),
    ],
)
def test_depth_that_is_none_is_named(scenes, stored, message):
    Image.fromarray(stored).save(scenes / "frame-000009.depth.png")
    assert message in "; ".join(errors(scenes))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda pose: pose * 2, "000010.pose.txt: the upper left 3 x 3 of the pose is no rotation"),
        (lambda pose: np.diag([1.0, 1, -1, 1]), "is no rotation"),
        (lambda pose: np.where(np.eye(4) > 0, np.nan, pose), "not finite"),
        (lambda pose: pose[:3], "3 rows; expected the 4 x 4 matrix"),
        (lambda pose: pose.T, "the last row of the pose is"),
    ],
)
def test_poses_that_are_none_are_named(scenes, edit, message):
    path = scenes / "frame-000010.pose.txt"
    np.savetxt(path, edit(np.loadtxt(path)))
    with pytest.raises(InputError, match=message):
        RGBDFolder.open(scenes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no intrinsics .* in it or above it; give fx, fy, cx, cy in pixels"),
        ("1 2 3\n", "1 rows of 3 numbers; expected a 3 x 3 matrix or fx fy cx cy"),
        ("a b c d\n", "expected rows of numbers"),
        ("100 100 128 96\n", "lies outside of the pictures, 128 x 96 .*another size"),
        ("100 100 640 360\n", "lies outside of the pictures, 128 x 96 .*another size"),
        ("0 100 64 48\n", "focal lengths above 0"),
        ("nan 100 64 48\n", "expected finite numbers"),
        ("100 0 64\n50 100 48\n0 0 1\n", "the matrix is not fx 0 cx"),
    ],
)
def test_intrinsics_that_are_none_are_named(scenes, content, message):
    path = scenes / "camera-intrinsics.txt"
    path.write_text(content) if content else path.unlink()
    with pytest.raises(InputError, match=message):
        RGBDFolder.open(scenes)
    assert RGBDFolder.open(scenes, intrinsics=(100.0, 101.0, 63.5, 47.5)).camera.fy == 101


def test_missing_parts_are_named(room):
    layout, root = room
    for pattern in {"7-scenes": ("*11.depth.png", "*10.pose.txt"), "tum": ("depth/3.png",), "open3d": ("depth/9.png",)}[
        layout
    ]:
        (path,) = root.glob(pattern)
        path.unlink()
        with pytest.raises(InputError, match=r"frames lack their|pictures in color and 4 in depth|without depth"):
            RGBDFolder.open(root)


def test_frames_out_of_order_are_named(tmp_path):
    (tmp_path / "a").mkdir()
    tum(tmp_path / "a")
    for name in ("rgb", "groundtruth", "depth"):
        path = tmp_path / "a" / f"{name}.txt"
        lines = path.read_text().splitlines()
        path.write_text("\n".join([lines[0], lines[2], lines[1], *lines[3:]]))
        with pytest.raises(InputError, match=rf"{name}\.txt: (frames|times) out of order"):
            RGBDFolder.open(tmp_path / "a")
        path.write_text("\n".join(lines))
    (tmp_path / "b").mkdir()
    open3d(tmp_path / "b")
    path = tmp_path / "b/scene/trajectory.log"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[5:] + lines[:5]))
    with pytest.raises(InputError, match="frames out of order: 0 follows 4"):
        RGBDFolder.open(tmp_path / "b")
    path.write_text("\n".join(lines[:-5]))
    with pytest.raises(InputError, match="4 poses for 5 frames"):
        RGBDFolder.open(tmp_path / "b")
    (tmp_path / "b/depth/7.png").rename(tmp_path / "b/depth/99.png")
    path.unlink()
    with pytest.raises(InputError, match=r"without depth of the same number: 7\.jpg"):
        RGBDFolder.open(tmp_path / "b")


def test_tum_frames_without_depth_or_pose_are_left_out(tmp_path):
    tum(tmp_path)
    path = tmp_path / "depth.txt"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if "depth/2.png" not in line))
    folder = RGBDFolder.open(tmp_path)
    assert [path.name for path in folder.frames.depth] == ["0.png", "1.png", "3.png", "4.png"]
    assert np.allclose(folder.camera.poses[2], camera().poses[3], atol=1e-6)
    (problem,) = validate(tmp_path, progress=False)
    assert problem.severity == "warning" and "1 colour pictures" in problem.message
    path.write_text("\n".join(f"{float(line.split()[0]) + 5} {line.split()[1]}" for line in lines[1:]))
    with pytest.raises(InputError, match="are the clocks the same"):
        RGBDFolder.open(tmp_path)
    path.write_text("\n".join(line.replace("depth/", "../depth/") for line in lines))
    with pytest.raises(InputError, match="not a path inside"):
        RGBDFolder.open(tmp_path)


def test_intrinsics_of_another_size_are_named(tmp_path):
    open3d(tmp_path)
    path = tmp_path / "camera_intrinsic.json"
    value = json.loads(path.read_text())
    for edit, message in (
        ({"width": 640}, r"it is of pictures of \(96, 640\) pixels"),
        ({"intrinsic_matrix": [1, 2]}, "expected 9 numbers"),
    ):
        path.write_text(json.dumps(value | edit))
        with pytest.raises(InputError, match=message):
            RGBDFolder.open(tmp_path)


def test_colour_of_another_size_is_named(scenes):
    Image.new("RGB", (20, 30)).save(scenes / "frame-000009.color.png")
    assert "frame 1 is (30, 20) pixels (height, width); frame 0 is (96, 128)" in "; ".join(errors(scenes))
    with pytest.raises(InputError, match="expected 96 x 128"):
        RGBDFolder.open(scenes).image(1)


def test_what_is_no_folder_is_refused(tmp_path):
    for root, options, message in (
        (tmp_path, {}, "no RGB-D folder"),
        (tmp_path / "none", {}, "no such folder"),
        (tmp_path, {"layout": "kitti"}, "expected 7-scenes, tum, open3d or 'auto'"),
        (tmp_path, {"layout": "7-scenes"}, "no frame of the layout"),
    ):
        with pytest.raises(InputError, match=message):
            RGBDFolder.open(root, **options)
    seven_scenes(tmp_path)
    with pytest.raises(InputError, match="0 units of depth a metre"):
        RGBDFolder.open(tmp_path, units=0)
    with pytest.raises(InputError, match="no frame 5; it has 5"):
        RGBDFolder.open(tmp_path).depth(5)
    (tmp_path / "frame-000009.depth.png").write_bytes(b"\x89PNG")
    assert "not a readable picture" in "; ".join(errors(tmp_path))


def test_a_wrong_scale_of_neighbouring_frames_is_a_warning(real_data, tmp_path):
    """Three frames within 5 mm: too near for an error, but another scale fits clearly better."""
    root = real_data / "rgbd/tsdf_fusion_7scenes_style"
    for path in root.glob("rgbd-frames/frame-00015[012].*"):
        shutil.copy(path, tmp_path)
    shutil.copy(root / "camera-intrinsics.txt", tmp_path)
    (found,) = validate(tmp_path, units=5000, progress=False)
    assert found.severity == "warning" and "with 1000 units a metre in place of 5000" in found.message
    assert validate(tmp_path, progress=False) == []


def test_a_colour_picture_that_is_cut_off_is_named(scenes):
    path = scenes / "frame-000009.color.png"
    path.write_bytes(path.read_bytes()[:60])
    assert "000009.color.png: the picture cannot be read" in "; ".join(errors(scenes))


def exchange(scenes, first, second, part):
    """Two frames get each other's file."""
    one, other = (scenes / f"frame-{number:06d}.{part}" for number in (first, second))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)


@pytest.mark.parametrize("part", ["pose.txt", "depth.png"])
def test_files_of_two_frames_that_are_exchanged_are_named(scenes, part):
    exchange(scenes, 9, 12, part)
    (found,) = [text for text in errors(scenes) if "in order" in text]
    assert "frames 1 (frame-000009.depth.png): depth and poses differ from the frames before and after" in found


def test_poses_in_millimetres_are_told(scenes):
    for path in scenes.glob("*.pose.txt"):
        pose = np.loadtxt(path)
        pose[:3, 3] *= 1000
        np.savetxt(path, pose)
    (found,) = errors(scenes)
    assert "poses: neighbouring frames share nothing" in found
    assert "with shifts of the poses divided by 1000 they differ by 0." in found and "expected metres" in found


def test_intrinsics_of_pictures_of_twice_the_size_are_told(scenes):
    (scenes / "camera-intrinsics.txt").write_text("200 202 127 95")
    (found,) = errors(scenes)
    assert "intrinsics: " in found and "with intrinsics times 0.5 they differ by 0." in found


@pytest.mark.parametrize("suffix", [".npy", ".tiff", ".exr"])
@pytest.mark.parametrize("layout", ["7-scenes", "open3d"])
def test_depth_in_other_files_says_how_to_store_it(tmp_path, layout, suffix):
    LAYOUTS[layout](tmp_path)
    for path in tmp_path.glob("*.depth.png" if layout == "7-scenes" else "depth/*.png"):
        path.rename(path.with_suffix(suffix))
    with pytest.raises(InputError, match=rf"depth is stored as .*{suffix} \(5 such files\); expected PNG with 16 bits"):
        RGBDFolder.open(tmp_path)


def test_poses_that_are_transposed_or_lost_say_so(scenes):
    path = scenes / "frame-000010.pose.txt"
    pose = np.loadtxt(path)
    np.savetxt(path, pose.T)
    with pytest.raises(InputError, match="is the matrix transposed"):
        RGBDFolder.open(scenes)
    np.savetxt(path, np.full((4, 4), -np.inf))
    with pytest.raises(InputError, match=r"000010.pose.txt: .* was the camera lost there\? Take such frames away"):
        RGBDFolder.open(scenes)
    path.write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match=r"not a text file .* expected text"):
        RGBDFolder.open(scenes)
