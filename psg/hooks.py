"""What training adds to mmengine: checkpoints that are data and always whole, clean stops, a quiet console."""

import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import Hook
from mmengine.logging import MMLogger
from mmengine.model import MMDistributedDataParallel
from mmengine.registry import HOOKS, RUNNERS
from mmengine.runner import Runner
from torch import nn

from psg.checkpoints import DESCRIPTION, describe
from scenegraph.storage import write_atomically


@register_backend("atomic", force=True)
class AtomicBackend(LocalBackend):
    """Local files, written whole or not at all: `CheckpointHook(backend_args=dict(backend="atomic"))`."""

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write a file; a full disk is an InputError and leaves the old file as it was."""
        Path(filepath).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(filepath, obj)


@HOOKS.register_module()
class DescribeCheckpoint(Hook):
    """Makes a checkpoint complete (which model, which names) and readable as data."""

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the description; leave out log buffers, which are objects of classes."""
        checkpoint["meta"][DESCRIPTION] = describe(runner.cfg) | {"settings": runner.cfg.get("settings_digest", "")}
        hub = checkpoint["message_hub"]
        known = hub["runtime_info"]
        plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in known.items()}
        resumed = {key: value for key, value in hub["resumed_keys"].items() if key in known}
        checkpoint["message_hub"] = {"log_scalars": {}, "runtime_info": plain, "resumed_keys": resumed}


@HOOKS.register_module()
class StopCleanly(Hook):
    """Ctrl-C or SIGTERM ends training after the running iteration, with a checkpoint; twice, at once."""

    priority = "LOWEST"

    def __init__(self) -> None:
        self.asked = False
        self._previous: dict[int, Any] = {}

    def before_train(self, runner: Runner) -> None:
        """Listen. Data loading workers inherit this and survive a Ctrl-C that reaches the whole group."""
        if threading.current_thread() is threading.main_thread():  # others cannot listen
            self._previous = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}

    def after_train(self, runner: Runner) -> None:
        """Listen no more."""
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: dict[str, Any] | None = None
    ) -> None:
        """Save and stop if asked to."""
        self._stop(runner, runner.iter + 1)

    def after_val_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Any = None) -> None:
        """Save and stop if asked to; the validation is lost."""
        self._stop(runner, runner.iter)

    def _ask(self, number: int, frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def _stop(self, runner: Runner, done: int) -> None:
        if not self.asked:
            return
        self.after_train(runner)
        runner.save_checkpoint(
            runner.work_dir,
            f"iter_{done}.pth",
            meta={"iter": done, "epoch": runner.epoch},
            by_epoch=False,
            backend_args={"backend": "atomic"},
        )
        raise KeyboardInterrupt


@RUNNERS.register_module()
class SceneRunner(Runner):
    """mmengine's Runner that writes environment, config and parameter settings to the log file only."""

    def build_logger(self, *arguments: Any, **options: Any) -> MMLogger:
        """Log warnings to the console until training starts."""
        logger = super().build_logger(*arguments, **options)
        self._console = [handler for handler in logger.handlers if type(handler).__name__ == "StreamHandler"]
        self._levels = [handler.level for handler in self._console]
        for handler in self._console:
            handler.setLevel("WARNING")
            handler.addFilter(lambda record: "will be deprecated" not in record.getMessage())  # mmengine's own calls
        return logger

    def wrap_model(self, model_wrapper_cfg: dict[str, Any] | None, model: nn.Module) -> nn.Module:
        """Several processes on CPU too, where mmengine would name a GPU."""
        if not self.distributed or torch.cuda.is_available() or model_wrapper_cfg is not None:
            return super().wrap_model(model_wrapper_cfg, model)
        unused = self.cfg.get("find_unused_parameters", False)
        return MMDistributedDataParallel(module=model, find_unused_parameters=unused)

    def call_hook(self, fn_name: str, **arguments: Any) -> None:
        """Log to the console as well once the work begins."""
        super().call_hook(fn_name, **arguments)
        if fn_name in ("before_train", "before_val", "before_test"):
            for handler, level in zip(self._console, self._levels, strict=True):
                handler.setLevel(level)
        if fn_name == "before_train" and self.iter:
            self.logger.info(f"going on from iteration {self.iter} of {self.max_iters}")
