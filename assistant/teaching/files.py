"""Instruction data in the formats in which models are tuned; samples come one by one and leave memory again.

LLaVA JSON (image, video or several images; `<image>` in the first question), MIMIC-IT (instructions, and
which belong together), OpenAI chat messages as JSON lines, and preference pairs as JSON lines with
prompt, chosen and rejected, as preference trainers read them.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from assistant.teaching.picture_table import Frames, picture_ids
from assistant.teaching.samples import Sample
from scenegraph import InputError
from scenegraph.checked_json import located
from scenegraph.storage import replacing

SAMPLES = "samples.jsonl"
"""Our own record, with programs and statements; every format is written from it."""


def read_samples(path: Path) -> Iterator[Sample]:
    """Samples of a run, one at a time.

    Raises:
        InputError: the file is missing, or a line is no sample.
    """
    try:
        stream = path.open(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None
    with stream:
        for number, line in enumerate(stream, start=1):
            with located(f"{path}: line {number}"):
                try:
                    yield Sample.from_json(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(f"expected a sample that `groundgraph data instruct` wrote ({error})") from None


def llava(samples: Iterable[Sample], stream: TextIO) -> int:
    """LLaVA's list of conversations; gives how many there are."""
    written = 0
    stream.write("[")
    for sample in samples:
        key = "video" if sample.video else "image"
        shown = {key: sample.media[0] if len(sample.media) == 1 else list(sample.media)} if sample.media else {}
        turns = []
        for at, turn in enumerate(sample.turns):
            marks = "<image>\n" * len(sample.media) if at == 0 else ""
            turns += [{"from": "human", "value": f"{marks}{turn.question}"}, {"from": "gpt", "value": turn.answer}]
        record = {"id": sample.id, **shown, "conversations": turns}
        stream.write(f"{',' if written else ''}\n{json.dumps(record, ensure_ascii=False)}")
        written += 1
    stream.write("\n]\n")
    return written


def messages(samples: Iterable[Sample], stream: TextIO) -> int:
    """OpenAI chat messages, a conversation a line."""
    written = 0
    for sample in samples:
        turns: list[dict[str, Any]] = []
        for at, turn in enumerate(sample.turns):
            turns.append({"role": "user", "content": _content(sample, turn.question, first=at == 0)})
            turns.append({"role": "assistant", "content": turn.answer})
        stream.write(json.dumps({"id": sample.id, "messages": turns}, ensure_ascii=False) + "\n")
        written += 1
    return written


def preferences(samples: Iterable[Sample], stream: TextIO) -> int:
    """Preference pairs: prompt, chosen and rejected as messages, a pair a line."""
    written = 0
    for sample in samples:
        if sample.rejected is None:
            continue
        record = {
            "id": sample.id,
            "prompt": [{"role": "user", "content": _content(sample, sample.turns[0].question, first=True)}],
            "chosen": [{"role": "assistant", "content": sample.turns[0].answer}],
            "rejected": [{"role": "assistant", "content": sample.rejected.answer}],
            "images": list(sample.media),
            "change": sample.rejected.change,
            "verdict": sample.rejected.verdict,
        }
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
        written += 1
    return written


def _content(sample: Sample, question: str, first: bool) -> list[dict[str, Any]]:
    """The parts of a user's turn; the media go before the first question."""
    kind = "video_url" if sample.video else "image_url"
    media = [{"type": kind, kind: {"url": uri}} for uri in sample.media] if first else []
    return [*media, {"type": "text", "text": question}]


def mimic_it(samples: Iterable[Sample], stream: TextIO, related: TextIO, frames: Frames | None = None) -> int:
    """MIMIC-IT: instructions by id, and the lists of instructions that belong together.

    Earlier turns of a conversation are related to the later ones; in-context examples and twins are
    related to the sample that names them. Pictures are named by ids, which `picture_table` makes of the
    names of the media.

    Args:
        samples: the samples.
        stream: gets the instructions, meta and data.
        related: gets the training file: id to related ids.
        frames: the frames that stand for each video; without them a video has one id.
    """
    meta = {"version": "0.0.1", "time": "", "author": "groundgraph"}
    stream.write(f'{{"meta": {json.dumps(meta)}, "data": {{')
    related.write("{")
    written = 0
    for sample in samples:
        before: list[str] = []
        for at, turn in enumerate(sample.turns):
            identity = _identity(sample.id, at)
            rel = [*before, *(_identity(other, 0) for other in sample.related)]
            record = {
                "instruction": turn.question,
                "answer": turn.answer,
                "image_ids": [each for uri in sample.media for each in picture_ids(uri, frames)],
                "rel_ins_ids": rel,
            }
            comma = "," if written else ""
            stream.write(f"{comma}\n{json.dumps(identity)}: {json.dumps(record, ensure_ascii=False)}")
            related.write(f"{comma}\n{json.dumps(identity)}: {json.dumps(rel)}")
            before.append(identity)
            written += 1
    stream.write("\n}}\n")
    related.write("\n}\n")
    return written


def _identity(sample: str, turn: int) -> str:
    return f"GG_INS_{sample.replace('/', '_')}_{turn}"


FORMATS = ("llava", "messages", "mimic-it", "dpo")
"""Formats that can be asked for."""


def write_format(name: str, folder: Path, frames: Frames | None = None) -> tuple[Path, int]:
    """Write one format of the samples in a folder; gives the file and how many records it holds.

    Args:
        name: one of `FORMATS`.
        folder: with the samples.
        frames: the frames that stand for each video, in MIMIC-IT.

    Raises:
        InputError: there are no samples, or the disk is full.
    """
    samples = read_samples(folder / SAMPLES)
    if name == "mimic-it":
        path, train = folder / "mimic_it_instructions.json", folder / "mimic_it_train.json"
        with (
            replacing(path) as first,
            replacing(train) as second,
            first.open("w", encoding="utf-8") as stream,
            second.open("w", encoding="utf-8") as related,
        ):
            return path, mimic_it(samples, stream, related, frames)
    file, write = _WRITERS[name]
    path = folder / file
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
        return path, write(samples, stream)


_WRITERS: dict[str, tuple[str, Callable[[Iterable[Sample], TextIO], int]]] = {
    "llava": ("llava.json", llava),
    "messages": ("messages.jsonl", messages),
    "dpo": ("dpo.jsonl", preferences),
}
