"""What all benchmarks share: questions, answers, scores, and reading files that may be broken."""

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError, checked_json

if TYPE_CHECKING:
    from assistant.benchmarks.judging import Judge

Span = tuple[float, float]
"""Start and end, in the unit of the benchmark: seconds, or frames."""


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes:
        id: as predictions name it.
        question: what is asked, with options where it has some, as a model gets it.
        media: the picture or video, as the benchmark names it.
        answer: the right answer.
        options: texts of the options, in order.
        details: whatever else the score needs.
    """

    id: str
    question: str
    media: str
    answer: str
    options: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Answer:
    """What was answered to an item.

    Attributes:
        text: the answer; may be "".
        spans: the stretches of time that it names or rests on.
        regions: where it looked: boxes x0, y0, x1, y1 in fractions of the picture, each with its weight;
            weights sum to 1.
    """

    text: str
    spans: tuple[Span, ...] = ()
    regions: tuple[tuple[tuple[float, float, float, float], float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"text": self.text, "spans": self.spans, "regions": self.regions}


Answers = Mapping[str, Answer]


@dataclass
class Report:
    """The scores of one benchmark.

    Attributes:
        benchmark: its name.
        scores: metric to value; None where the files do not allow it.
        counts: items, answered, missing, unreadable, and the like.
        problems: what was wrong, each with how often.
        notes: how to read the scores.
    """

    benchmark: str
    scores: dict[str, float | None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "benchmark": self.benchmark,
            "scores": self.scores,
            "counts": self.counts,
            "problems": dict(self.problems),
            "notes": self.notes,
        }

    def table(self) -> str:
        """Scores and counts for a person."""
        lines = [self.benchmark]
        for name, value in self.scores.items():
            lines.append(f"  {name:<40}{'not measured' if value is None else f'{value:12.2f}':>12}")
        lines += [f"  {name:<40}{number:>12,}" for name, number in self.counts.items()]
        lines += [f"  problem: {text} ({number:,} times)" for text, number in self.problems.most_common()]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


@dataclass(frozen=True)
class Benchmark:
    """An adapter.

    Attributes:
        name: as the command line calls it.
        files: which published files it reads, for people.
        read: from files (and options such as the setting) to items.
        score: from items and answers to a report; a judge where one is needed and given.
        judged: whether scores need a language model as judge.
    """

    name: str
    files: str
    read: Callable[[Sequence[Path], Mapping[str, str]], list[Item]]
    score: Callable[[Sequence[Item], Answers, "Judge | None"], Report]
    judged: bool = False


def mean(values: Sequence[float]) -> float | None:
    """The mean in percent, or None of nothing.

    >>> mean([1, 0]), mean([])
    (50.0, None)
    """
    return 100.0 * sum(values) / len(values) if values else None


def started(benchmark: str, items: Sequence[Item], answers: Answers) -> Report:
    """A report that counts items, answers, and what is missing or belongs to no item."""
    ids = {item.id for item in items}
    missing = sum(item.id not in answers for item in items)
    report = Report(benchmark, counts={"items": len(items), "answered": len(items) - missing, "missing": missing})
    if missing:
        report.problems["items without an answer, scored as wrong"] = missing
    if unknown := sum(key not in ids for key in answers):
        report.problems["answers to items that the files do not have"] = unknown
    return report


def load(path: Path) -> Any:
    """The value of a JSON file, or the list of the values of JSON lines (whatever the suffix says).

    Raises:
        InputError: it is neither.
    """
    text = checked_json.read_text(path)
    with checked_json.located(str(path)):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2:
                return checked_json.parse(text)
            return [_line(number, line) for number, line in enumerate(lines, start=1)]


def _line(number: int, line: str) -> Any:
    with checked_json.located(f"line {number}"):
        return checked_json.parse(line)


def table(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV or TSV file with a header.

    Raises:
        InputError: the file cannot be read.
    """
    text = checked_json.read_text(path)
    csv.field_size_limit(min(sys.maxsize, 1 << 28))  # pictures stand in such files as base64
    delimiter = "\t" if path.suffix.lower() == ".tsv" or "\t" in text.partition("\n")[0] else ","
    try:
        yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise InputError(f"{path}: is no table with a header ({error})") from None


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The records of a file: a table, a list of objects, JSON lines.

    Raises:
        InputError: it holds no list of objects.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return list(table(path))
    value = load(path)
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value = value["data"]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InputError(f"{path}: expected a list of objects (JSON, JSON lines, CSV or TSV)")
    return value


def need(row: Mapping[str, Any], keys: Sequence[str], where: str) -> list[str]:
    """Values of a record as texts.

    Raises:
        InputError: a key is missing; another version of the file, or another file.
    """
    missing = [key for key in keys if row.get(key) is None]
    if missing:
        has = ", ".join(list(row)[:12])
        raise InputError(f"{where}: has no {', '.join(missing)}; it has {has}. Is it another version of the file?")
    return [str(row[key]) for key in keys]


def grouped(pairs: Sequence[tuple[str, float]], prefix: str) -> dict[str, float | None]:
    """Means in percent by group, under `prefix/group`."""
    groups: dict[str, list[float]] = {}
    for group, value in pairs:
        groups.setdefault(group, []).append(value)
    return {f"{prefix}/{group}": mean(values) for group, values in sorted(groups.items())}
