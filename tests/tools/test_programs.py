"""tools/train.py and tools/test.py as a person runs them: exit codes, interruptions, several processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scenegraph import files
from tests.psg import data

ROOT = Path(__file__).parents[2]
PATIENCE = 500
"""Seconds that a run may take on a busy machine before the test gives up."""


def command(program, *words):
    return [sys.executable, str(ROOT / "tools" / f"{program}.py"), *map(str, words)]


def environment():
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default"}


def start(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, env=environment(), check=False)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """The tiny config on 8 + 4 drawn pictures."""
    folder = tmp_path_factory.mktemp("drawn")
    path = data.write(folder / "data")
    lines = [f"_base_ = [{str(ROOT / 'configs' / 'tiny' / 'psgformer.py')!r}]", "toyworld = None"]
    for name in ("train", "val", "test"):
        lines.append(f"{name}_dataloader = dict(batch_size=2, dataset=dict(ann_file={str(path)!r}))")
    lines += ["val_evaluator = dict(subsets=None)", f"test_evaluator = dict(subsets=None, frequency={str(path)!r})"]
    written = folder / "drawn.py"
    written.write_text("\n".join(lines))
    return written


@pytest.fixture(scope="module")
def finished(config, tmp_path_factory):
    """A work folder after training."""
    work = tmp_path_factory.mktemp("finished")
    result = start(*command("train", config, "--work-dir", work, "--seed", 3))
    assert result.returncode == 0, result.stderr
    assert "the best checkpoint is" in result.stdout
    return work


@pytest.mark.parametrize("program", ["train", "test"])
def test_help_teaches(program, run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run(program, "--help")
    assert f"tools/{program}.py configs/psgformer.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "none.py"), "none.py: there is no such config file"),
        (("test", "{config}", "none.pth"), "none.pth: there is no such checkpoint"),
        (("test", "{config}", "{config}"), "no PyTorch checkpoint"),
        (("train", "{config}", "--cfg-options", "train_dataloader.dataset.ann_file=none.json"), "none.json"),
    ],
)
def test_bad_input_is_a_message_and_exit_code_2(words, message, config, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, errors = run(*(word.format(config=config) for word in words))
    assert code == 2
    assert message in errors
    assert "Traceback" not in errors
    assert not list(tmp_path.rglob("*.pth"))


@pytest.mark.slow
def test_evaluation_writes_scores_and_graphs(config, finished, tmp_path, run):
    best = next(finished.glob("best_*.pth"))
    wanted = ("--out", tmp_path / "graphs", "--json", tmp_path / "scores.json", "--legacy")
    code, printed, errors = run("test", config, best, *wanted)
    assert code == 0, errors
    assert "strict sgdet" in printed
    assert "what the model adds" in printed
    scores = json.loads((tmp_path / "scores.json").read_text())["scores"]
    assert scores["images"] == 4
    assert "legacy openpsg/R@20" in scores
    graphs = [files.load(path) for path in sorted((tmp_path / "graphs").iterdir())]
    assert [graph.source.uri for graph in graphs] == [f"images/{number:06d}.jpg" for number in range(8, 12)]


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(config, tmp_path):
    """SIGKILL after the first checkpoint; the same command continues at a checkpoint and finishes."""
    words = command("train", config, "--work-dir", tmp_path, "--cfg-options", "train_cfg.max_iters=40")
    with (tmp_path / "console.txt").open("w") as console:
        process = subprocess.Popen(words, stdout=console, stderr=subprocess.STDOUT, env=environment())
        wait_for(lambda: list(tmp_path.glob("iter_*.pth")), process)
        process.kill()
        process.wait()
    left = max(int(path.stem.split("_")[1]) for path in tmp_path.glob("iter_*.pth"))
    assert left < 40
    result = start(*words)
    assert result.returncode == 0, result.stderr
    assert f"going on from iteration {left} of 40" in result.stdout
    seen = [int(number) for number in re.findall(r"Iter\(train\) \[ *(\d+)/40\]", result.stdout)]
    assert seen == list(range(left + 2, 41, 2))
    assert (tmp_path / "iter_40.pth").exists()


@pytest.mark.slow
def test_control_c_leaves_a_checkpoint(config, tmp_path):
    words = command(
        *("train", config, "--work-dir", tmp_path, "--cfg-options", "train_cfg.max_iters=100000"),
        *(
            "train_cfg.val_interval=100000",
            "default_hooks.checkpoint.interval=100000",
            "train_dataloader.num_workers=1",
        ),
    )
    console = tmp_path / "console.txt"
    with console.open("w") as stream:
        process = subprocess.Popen(
            words, stdout=stream, stderr=subprocess.STDOUT, env=environment(), start_new_session=True
        )
        wait_for(lambda: "Iter(train)" in console.read_text(), process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
        assert process.wait(PATIENCE) == 130, console.read_text()
    (checkpoint,) = tmp_path.glob("iter_*.pth")
    assert int(checkpoint.stem.split("_")[1]) > 0
    assert "the same command goes on" in console.read_text()
    assert "Traceback" not in console.read_text()


@pytest.mark.slow
def test_two_processes_train_and_score_as_one(config, finished, tmp_path, run):
    """Under torchrun (gloo): training runs, and a checkpoint gets exactly the scores of one process."""
    torchrun = (sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone")
    train = command("train", config, "--work-dir", tmp_path / "two", "--cfg-options", "train_cfg.max_iters=4")
    result = start(*torchrun, *train[1:])
    assert result.returncode == 0, result.stderr
    assert list((tmp_path / "two").glob("best_*.pth"))
    best = next(finished.glob("best_*.pth"))
    assert run("test", config, best, "--json", tmp_path / "one.json")[0] == 0
    result = start(*torchrun, *command("test", config, best, "--json", tmp_path / "two.json")[1:])
    assert result.returncode == 0, result.stderr
    one, two = (json.loads((tmp_path / f"{name}.json").read_text())["scores"] for name in ("one", "two"))
    assert one == two


@pytest.mark.slow
def test_the_built_in_data_are_made_on_first_use(tmp_path, run):
    config = ROOT / "configs" / "tiny" / "psgformer.py"
    root = tmp_path / "toyworld"
    result = start(*command("train", config, "--work-dir", tmp_path / "work", "--cfg-options", f"toyworld.root={root}"))
    assert result.returncode == 0, result.stderr
    assert (root / "psg.json").is_file()
    assert "toyworld" in result.stderr  # the progress bar
    best = next((tmp_path / "work").glob("best_*.pth"))
    code, printed, errors = run("test", config, best, "--cfg-options", f"toyworld.root={root}")
    assert code == 0, errors
    assert "strict[state]" in printed


def wait_for(condition, process):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, "the run ended before it was interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.05)
