"""Tuning in stages on the Trainer of transformers: first the connector alone, then it and the language model."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments

from assistant.tuning.model import GraphLanguageModel, freeze
from assistant.tuning.reading import Reading
from assistant.tuning.texts import World
from scenegraph import InputError

Draw = Callable[[int], World]
"""The world of a place in the training order, with its questions; the same for the same number."""

WEIGHTS = "weights.pt"
"""What a stage has learnt; where it lies, the stage is over."""

PARTS = ("connector", "language")


@dataclass(frozen=True)
class Stage:
    """One stage of tuning.

    Attributes:
        name: of its folder.
        steps: optimiser steps.
        learns: which parts learn: "connector", "language"; everything else keeps its weights.
        batch: sequences of a step on one device.
        accumulate: batches that are summed up for a step.
        learning_rate: at the top, after the warm-up; it falls along a cosine.
        warmup: steps.
        weight_decay: of AdamW.
        precision: "float32" or "bfloat16".
        checkpointing: forget activations and compute them again, for large models.
        save_every: steps between checkpoints.
    """

    name: str
    steps: int
    learns: Sequence[str]
    batch: int = 8
    accumulate: int = 1
    learning_rate: float = 1e-3
    warmup: int = 0
    weight_decay: float = 0.0
    precision: str = "float32"
    checkpointing: bool = False
    save_every: int = 200

    def __post_init__(self) -> None:
        if not self.learns or not set(self.learns) <= set(PARTS):
            raise InputError(f"stage {self.name!r} learns {self.learns}; expected one or both of {', '.join(PARTS)}")
        if self.steps < 1 or self.batch < 1 or not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise InputError(f"stage {self.name!r}: steps, batch and learning_rate must be above 0")


def stages_of(config: Mapping[str, Any], variant: str) -> list[Stage]:
    """The stages of a way in a config: each with what "schedule" says for all, and with what it says itself.

    >>> config = {"schedule": {"batch": 2}, "stages": {"text": [{"name": "tune", "steps": 9, "learns": ["language"]}]}}
    >>> stages_of(config, "text")[0].batch
    2

    Raises:
        InputError: the config has no stages of that way, or one with a setting that there is not.
    """
    if variant not in config["stages"]:
        raise InputError(f"the config has no stages for {variant!r}; it has {', '.join(config['stages'])}")
    try:
        return [Stage(**{**config.get("schedule", {}), **stage}) for stage in config["stages"][variant]]
    except TypeError as error:
        raise InputError(f"stages.{variant}: {error}") from None


class _Drawn(Dataset):
    def __init__(self, draw: Draw, length: int, first: int) -> None:
        self.draw, self.length, self.first = draw, length, first

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, at: int) -> World:
        return self.draw(self.first + at)


class _StageTrainer(Trainer):
    """Keeps what learns and nothing else, in a file that loads without running code."""

    def _save(self, output_dir: str | None = None, state_dict: dict | None = None) -> None:
        folder = Path(output_dir or self.args.output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(learnt(self.accelerator.unwrap_model(self.model)), folder / WEIGHTS)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        restore(self.accelerator.unwrap_model(model or self.model), Path(resume_from_checkpoint) / WEIGHTS)


def tune(
    model: GraphLanguageModel,
    reading: Reading,
    draw: Draw,
    stages: Sequence[Stage],
    folder: Path,
    seed: int = 0,
    progress: bool = True,
) -> list[dict[str, Any]]:
    """Tune a model stage by stage; what was done before in the folder is not done again.

    Args:
        model: its weights are changed in place.
        reading: makes its batches.
        draw: gives the training worlds; stages go on in its order where the one before ended.
        stages: in their order.
        folder: holds a folder a stage with checkpoints and, in the end, `WEIGHTS`.
        seed: of dropout and of the order.
        progress: show progress bars.

    Returns:
        The log: a dictionary with "stage", "step" and "loss" a few times in every stage that ran now.

    Raises:
        InputError: a stage lets a connector learn that the model does not have.
    """
    log: list[dict[str, Any]] = []
    first = 0
    for stage in stages:
        prepare(model, stage)
        weights = folder / stage.name / WEIGHTS
        length = stage.steps * stage.batch * stage.accumulate
        if weights.is_file():
            restore(model, weights)
        else:
            trainer = _StageTrainer(
                model=model,
                args=_arguments(stage, folder / stage.name, seed, progress),
                train_dataset=_Drawn(draw, length, first),
                data_collator=reading.batch,
            )
            with redirect_stdout(sys.stderr):  # the Trainer prints its losses where results are expected
                trainer.train(resume_from_checkpoint=_newest(folder / stage.name))
            trainer.save_model(str(folder / stage.name))
            log += [{"stage": stage.name, **row} for row in trainer.state.log_history if "loss" in row]
        first += length
    return log


def prepare(model: GraphLanguageModel, stage: Stage) -> None:
    """Freeze what a stage does not teach; save memory if it says so.

    Raises:
        InputError: it would teach a connector that is not there.
    """
    if "connector" in stage.learns and model.tokens is None:
        raise InputError(f"stage {stage.name!r} teaches the connector; this model reads no graph tokens")
    if stage.checkpointing:
        model.language.gradient_checkpointing_enable({"use_reentrant": False})
    freeze(model, "language" not in stage.learns)
    if hasattr(model.language, "peft_config"):  # LoRA: the adapters learn, what they adapt never does
        for name, parameter in model.language.named_parameters():
            parameter.requires_grad_("language" in stage.learns and "lora_" in name)
    for part in (model.tokens, model.gates):
        if part is not None:
            freeze(part, "connector" not in stage.learns)


def learnt(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The weights that learn, by name."""
    return {name: each.detach().cpu() for name, each in model.named_parameters() if each.requires_grad}


def restore(model: torch.nn.Module, path: Path) -> None:
    """Load weights that `learnt` gave.

    Raises:
        InputError: the file cannot be read, or holds the weights of another model.
    """
    try:
        weights: Mapping[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
        unknown = model.load_state_dict(weights, strict=False).unexpected_keys
    except Exception as error:  # torch raises many kinds for a file of another sort
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{path}: holds no weights of this model ({said}); delete the folder to begin anew") from None
    if unknown:
        raise InputError(f"{path}: holds weights of another model ({', '.join(unknown[:3])}); choose another folder")


def _newest(folder: Path) -> str | None:
    steps = [path for path in folder.glob("checkpoint-*") if (path / WEIGHTS).is_file()]
    return str(max(steps, key=lambda path: int(path.name.rpartition("-")[2]))) if steps else None


def _arguments(stage: Stage, folder: Path, seed: int, progress: bool) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(folder),
        max_steps=stage.steps,
        per_device_train_batch_size=stage.batch,
        gradient_accumulation_steps=stage.accumulate,
        learning_rate=stage.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=stage.warmup,
        weight_decay=stage.weight_decay,
        adam_beta2=0.98,
        max_grad_norm=1.0,
        bf16=stage.precision == "bfloat16",
        logging_steps=max(1, stage.steps // 50),
        save_steps=stage.save_every,
        save_total_limit=1,
        report_to=[],
        remove_unused_columns=False,
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=torch.cuda.is_available(),
        disable_tqdm=not progress,
        seed=seed,
    )
