"""Runs of training: data on first use, and going on where an earlier run stopped."""

import contextlib
import hashlib
import importlib
import io
import json
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from mmengine import Config
from mmengine.dist import barrier, get_dist_info, init_dist, is_main_process
from mmengine.registry import DATASETS, TASK_UTILS, DefaultScope
from tqdm import tqdm

from psg.checkpoints import (
    DESCRIPTION,
    best_checkpoint,
    check_vocabulary,
    checkpoint_file,
    iteration_of,
    load_weights,
    read_checkpoint,
)
from psg.hooks import SceneRunner
from psg.long_tail.effect import measure_means
from scenegraph import InputError

_DECISIVE = ("model", "train_dataloader", "optim_wrapper", "param_scheduler", "train_cfg", "randomness")
"""Parts of a config that decide what comes out of a training run."""

BUILT_IN = "toyworld"
"""Stands for the psg.json of the built-in data in configs."""

_LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")


def load_config(path: str | Path, options: Mapping[str, Any] | None = None) -> Config:
    """A config file with changes; the modules that it names are imported.

    Raises:
        InputError: the file is missing or cannot be read as a config.
    """
    if not Path(path).is_file():
        raise InputError(f"{path}: there is no such config file; configs/ has them")
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
        for registry in ("datasets", "evaluation"):  # they announce what they lack and we do not use
            importlib.import_module(f"mmdet.{registry}")
    try:
        config = Config.fromfile(path)
        config.merge_from_dict(dict(options or {}))
    except (SyntaxError, OSError, TypeError, ValueError, KeyError, AttributeError, AssertionError) as error:
        raise InputError(f"{path}: cannot be read as a config ({error})") from error
    return config


def work_folder(path: str | Path, root: str | Path = "work_dirs") -> Path:
    """Where the checkpoints of a config are kept: its path below configs/, so that equal names do not meet.

    >>> work_folder("configs/tiny/pvsg.py").as_posix(), work_folder("mine/other.py").as_posix()
    ('work_dirs/tiny/pvsg', 'work_dirs/other')
    """
    parts = Path(path).with_suffix("").parts
    below = parts[len(parts) - parts[::-1].index("configs") :] if "configs" in parts else parts[-1:]
    return Path(root, *below)


def train(config: Config, resume: bool = False, restart: bool = False) -> Path | None:
    """Run what a config describes, or the rest of it; returns the best checkpoint.

    A new run starts with random weights, with those of the checkpoint `config.load_from`, or, where
    `config.begin_from` has the arguments of `trained`, with what that run has learned.

    Args:
        config: with `work_dir`. Started by torchrun, all processes call this.
        resume: see `starting_point`.
        restart: see `starting_point`.

    Raises:
        InputError: data, config or an earlier run in the work folder cannot be used.
        KeyboardInterrupt: it was stopped, after saving a checkpoint.
    """
    config.launcher = start_processes()
    prepare(config)
    config.settings_digest = digest(config)
    start = starting_point(config, resume, restart)
    if start is not None and iteration_of(start) >= config.train_cfg.max_iters and best_checkpoint(config.work_dir):
        return best_checkpoint(config.work_dir)
    config.load_from, config.resume = (str(start), True) if start else (_first_weights(config), False)
    runner = SceneRunner.from_cfg(config)
    with _plain_errors():
        runner.train()
    barrier()  # the main process writes the checkpoints
    if config.get("val_dataloader") and best_checkpoint(config.work_dir) is None:
        runner.val()  # it was stopped between the last iteration and its validation
    return best_checkpoint(config.work_dir)


def trained(config: str, work_dir: str) -> Path:
    """The best checkpoint of a config; the run is made, or brought to its end, where that is needed.

    A checkpoint that is there without those of its run (one that was given away) is taken as it is.

    Args:
        config: file of the config.
        work_dir: folder of the run.

    Raises:
        InputError: as for `train`.
    """
    settings = load_config(config)
    settings.work_dir = work_dir
    newest = newest_checkpoint(work_dir)
    unfinished = newest is not None and iteration_of(newest) < settings.train_cfg.max_iters
    if unfinished or best_checkpoint(work_dir) is None:
        if is_main_process():
            tqdm.write(f"first {config}, in {work_dir}; if interrupted, the same command goes on", file=sys.stderr)
        train(settings)
    return checkpoint_file(work_dir)


def _first_weights(config: Config) -> str | None:
    """The checkpoint whose weights a new run starts with; None for random ones."""
    if config.get("load_from") is None and config.get("begin_from") is not None:
        return str(trained(**config.begin_from))
    return config.get("load_from")


def test(config: Config, checkpoint: str | Path) -> dict[str, float]:
    """Evaluate a checkpoint on the test data of a config; the main process gets all scores, others none.

    Raises:
        InputError: data or checkpoint cannot be used, or do not belong together.
    """
    content = read_checkpoint(checkpoint)
    config.launcher = start_processes()
    prepare(config)
    check_vocabulary(content, config.model.vocabulary, checkpoint)
    config.load_from, config.resume = None, False
    runner = SceneRunner.from_cfg(config)
    model = runner.model.module if hasattr(runner.model, "module") else runner.model
    load_weights(model, content, checkpoint)
    with _plain_errors():
        if any(getattr(module, "lacking", False) for module in model.modules()):
            measure_means(model, _dataset(config.train_dataloader.dataset))
        runner.test()
    return runner.test_evaluator.metrics[0].values


def start_processes() -> str:
    """Join the other processes if torchrun started this one; returns mmengine's name of the launcher."""
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        return "none"
    if torch.distributed.is_initialized():  # by the run that needs this one's weights
        return "pytorch"
    os.environ.setdefault("MKL_NUM_THREADS", "1")  # as torchrun sets OMP_NUM_THREADS; mmengine would warn
    if torch.cuda.is_available():
        init_dist("pytorch", backend="nccl")
    else:  # mmengine's function would choose a GPU
        torch.distributed.init_process_group("gloo")
    return "pytorch"


def prepare(config: Config) -> None:
    """Make the built-in data if it is missing, and give the model the vocabulary of its data set.

    `config.toyworld` (if there) holds the arguments of `toyworld.datasets.ensure_psg`; with `kind="pvsg"` those of
    `ensure_pvsg`, with `kind="psg4d-gta"` or `kind="psg4d-hoi"` those of `ensure_psg4d`. Where the config says
    "toyworld" instead of a file, that data set is meant. Data loaders with `num_workers="auto"` get a number that
    leaves the processor to the model.
    `config.stage_one` (if there) names what makes the input of a second stage, such as
    `pvsg.track_sets.TracksOfVideos`; its `prepare` gets the config.

    Raises:
        InputError: the data set is missing or broken, or the folder cannot be written.
    """
    if config.get("toyworld") is not None:
        if is_main_process():
            _made(config.toyworld)
        barrier()
        made = str(_made(config.toyworld))
        for part in config.values():
            _replace(part, made)
    if config.get("stage_one") is not None:
        TASK_UTILS.build(config.stage_one).prepare(config)
    if config.model.get("vocabulary") is None:
        config.model.vocabulary = _training_data(config).metainfo["vocabulary"]
    _count_predicates(config)
    for loader in _LOADERS:
        if config.get(loader) and config[loader].get("num_workers") == "auto":
            config[loader].num_workers = workers = _free_cores()
            config[loader].persistent_workers = workers > 0


def _made(settings: Mapping[str, Any]) -> Path:
    """The built-in data set of these settings, made if it is missing."""
    from toyworld import datasets

    makers = {"psg": datasets.ensure_psg, "pvsg": datasets.ensure_pvsg}
    makers |= {f"psg4d-{layout}": partial(datasets.ensure_psg4d, layout=layout) for layout in ("gta", "hoi")}
    options = dict(settings)
    kind = options.pop("kind", "psg")
    if kind not in makers:
        raise InputError(f"toyworld.kind={kind!r}; expected one of {', '.join(makers)}")
    return makers[kind](**options)


def _training_data(config: Config) -> Any:
    """The data set that the model learns from, without transforms."""
    with DefaultScope.overwrite_default_scope("mmdet"):
        return DATASETS.build({**config.train_dataloader.dataset, "pipeline": []})


def _count_predicates(config: Config) -> None:
    """Give every part of the model that lacks them the counts of the training data."""
    lacking = [each for each in _counting(config.model) if each.get("counts") is None]
    if lacking:
        counts = _training_data(config).predicate_counts().sum(axis=0)
        for each in lacking:
            each["counts"] = counts.tolist()


def _dataset(settings: Mapping[str, Any]) -> Any:
    with DefaultScope.overwrite_default_scope("mmdet"):
        return DATASETS.build(settings)


def _counting(part: Any) -> Iterator[Any]:
    """Parts that need counts: every `logit_adjustment`, and what says `counts=None`."""
    for key, inner in part.items() if isinstance(part, Mapping) else ():
        if isinstance(inner, Mapping) and (key == "logit_adjustment" or "counts" in inner):
            yield inner
        else:
            yield from _counting(inner)


def _replace(part: Any, path: str) -> None:
    if isinstance(part, Mapping):
        for key in ("ann_file", "frequency"):
            if part.get(key) == BUILT_IN:
                part[key] = path
        for inner in part.values():
            _replace(inner, path)


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Bad input that a data loading worker met, without the worker's traceback."""
    try:
        yield
    except InputError as error:
        marker = f"{InputError.__module__}.{InputError.__name__}: "
        raise InputError(str(error).rpartition(marker)[2].strip()) from error


def _free_cores() -> int:
    """Worker processes a training process may have: on a GPU the cores are free, on CPU the model needs them.

    On two cores a worker costs more than it saves: whenever it runs, one of the model's two threads waits
    for the other (measured: 40 pictures a second with a worker, 49 without).
    """
    cores, processes = len(os.sched_getaffinity(0)), get_dist_info()[1]
    return max(1, min(12, cores // processes - 1)) if torch.cuda.is_available() else int(cores > 2 * processes)


def digest(config: Config) -> str:
    """A fingerprint of what decides the result of a run; where it runs and how it logs do not."""
    parts = {name: config.get(name) for name in _DECISIVE}
    loader = {key: value for key, value in (parts["train_dataloader"] or {}).items() if "workers" not in key}
    text = json.dumps({**parts, "train_dataloader": loader}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def newest_checkpoint(folder: str | Path) -> Path | None:
    """The checkpoint of a run that has seen the most iterations."""
    return max(Path(folder).glob("iter_*.pth"), key=iteration_of, default=None)


def starting_point(config: Config, resume: bool, restart: bool) -> Path | None:
    """The checkpoint from which a run in `config.work_dir` goes on; None for a new run.

    A run with the same settings is continued, so the same command can be repeated until it is done.

    Args:
        config: with `work_dir` and `settings_digest` (see `digest`).
        resume: go on even if the settings differ.
        restart: delete the checkpoints there and begin anew.

    Raises:
        InputError: the folder holds a run with other settings, or a checkpoint that cannot be read.
    """
    found = newest_checkpoint(config.work_dir)
    if restart:
        _remove(path for name in ("iter", "best") for path in Path(config.work_dir).glob(f"{name}_*.pth"))
        return None
    if found is None or resume:
        return found
    settings = read_checkpoint(found)["meta"].get(DESCRIPTION, {}).get("settings")
    if settings != config.settings_digest:
        raise InputError(
            f"{found}: belongs to a run with other settings. Give another --work-dir, or --resume to go on with "
            "the new settings, or --restart to delete it and begin anew"
        )
    return found


def _remove(paths: Iterable[Path]) -> None:
    if is_main_process():
        for path in paths:
            path.unlink()
    barrier()
