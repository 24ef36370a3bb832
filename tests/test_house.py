"""The house of docs/conventions.md: import contracts, what the core may import, what may be committed."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked(*patterns):
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git repository")
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_types_hold():
    command = [str(Path(sys.executable).with_name("mypy")), "--no-incremental"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_core_imports_no_model_library():
    program = (
        "import sys, scenegraph, assistant\n"
        "heavy = {'torch', 'mmengine', 'mmdet', 'transformers', 'fastapi', 'networkx', 'scipy', 'pandas'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_machine_paths_or_download_addresses():
    path = re.compile(r"(^|[^A-Za-z0-9_.:/])/(home|root|work|mnt)/\w")
    address = re.compile(r'"resolved": *"https?:|index-url|--find-links')
    for file in tracked("*.py", "*.ts", "*.json", "*.md", "*.cfg", "*.toml", "*.txt", "Makefile", ".ci/*"):
        if file == Path(__file__):
            continue
        text = file.read_text(encoding="utf-8")
        assert not path.search(text), f"{file.relative_to(ROOT)} names a path of one machine"
        assert not address.search(text), f"{file.relative_to(ROOT)} names a package registry"


def test_nothing_large_or_foreign_is_committed():
    for file in tracked():
        name = str(file.relative_to(ROOT))
        assert file.stat().st_size <= 2 * 1024 * 1024, f"{name} is larger than 2 MB"
        assert "node_modules" not in name and not name.endswith(".min.js"), f"{name} is third-party code"


def test_golden_copy_is_compact():
    golden = [file.stat().st_size for file in tracked("tests/golden")]
    assert sum(golden) <= 6 * 1024 * 1024


def test_files_have_one_subject():
    long = {
        str(file.relative_to(ROOT)): lines
        for file in tracked("*.py", "*.ts")
        if (lines := file.read_text(encoding="utf-8").count("\n")) > 420
    }
    assert not long


@pytest.mark.slow
def test_wheel_holds_the_packages_and_nothing_else(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
    )
    (wheel,) = tmp_path.glob("groundgraph-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert top == {"scenegraph", "toyworld", "psg", "pvsg", "psg4d", "assistant", "explorer", "groundgraph"}
    assert "scenegraph/scenegraph.schema.json" in names and "scenegraph/py.typed" in names
    assert "psg/naming/psg_descriptors.json" in names
    if (ROOT / "explorer/static/dist/index.html").is_file():
        assert "explorer/static/dist/index.html" in names


def test_package_lock_can_be_read():
    lock = json.loads((ROOT / "explorer/page/package-lock.json").read_text())
    assert lock["lockfileVersion"] >= 2
