"""NExT-GQA: right answers that rest on the right moment.

Xiao et al., Can I trust your answer? Visually grounded video question answering, 2024, section 4.1, and
the evaluation published with it. Files: val.csv or test.csv, and gsub_val.json or gsub_test.json.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, load, mean, need, started, table
from assistant.benchmarks.judging import Judge
from assistant.benchmarks.overlap import iop, iou
from assistant.benchmarks.reading import choice, lettered
from scenegraph import InputError

GROUNDED = 0.5
"""Intersection over prediction from which an answer counts as grounded in Acc@GQA."""


def read(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions with the true stretches of time of those that have them.

    Raises:
        InputError: the files are not those of NExT-GQA.
    """
    tables = [path for path in files if path.suffix.lower() == ".csv"]
    if not tables:
        raise InputError("next-gqa: expected val.csv or test.csv, and gsub_val.json or gsub_test.json")
    located: dict[str, Any] = {}
    for path in files:
        if path not in tables:
            value = load(path)
            if not isinstance(value, dict) or not all(isinstance(v, dict) and "location" in v for v in value.values()):
                raise InputError(f"{path}: has no `location` by video; expected gsub_val.json or gsub_test.json")
            located |= value
    return [_item(row, number, path, located) for path in tables for number, row in enumerate(table(path), start=2)]


def _item(row: dict[str, str], number: int, path: Path, located: dict[str, Any]) -> Item:
    keys = ("video_id", "question", "answer", "qid", "a0", "a1", "a2", "a3", "a4")
    video, question, answer, qid, *options = need(row, keys, f"{path}: line {number}")
    # Some releases give the number of the right option, others its text.
    right = options[int(answer)] if answer in "01234" and answer not in options else answer
    grounds = located.get(video, {})
    spans = [tuple(map(float, span)) for span in grounds.get("location", {}).get(qid, ())]
    details = {"spans": spans, "type": row.get("type"), "duration": grounds.get("duration")}
    text = f"{question.rstrip('?')}?\n{lettered(options)}"
    return Item(f"{video}_{qid}", text, video, right, tuple(options), details)


def score(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Accuracy of all questions; grounding of those whose moment is known."""
    report = started("next-gqa", items, answers)
    right = {item.id: _is_right(item, answers, report) for item in items}
    report.scores["Acc@QA"] = mean([float(hit) for hit in right.values()])
    grounded = [item for item in items if item.details["spans"]]
    report.counts["questions with a true moment"] = len(grounded)
    rows = [(_best(item, answers, report), right[item.id]) for item in grounded]
    report.scores["Acc@GQA"] = mean([float(hit and over >= GROUNDED) for (over, _), hit in rows])
    for at, name in ((0, "IoP"), (1, "IoU")):
        values = [pair[at] for pair, _ in rows]
        report.scores[f"m{name}"] = mean(values)
        for threshold in (0.3, 0.5):
            report.scores[f"T{name}@{threshold}"] = mean([float(value >= threshold) for value in values])
    return report


def _is_right(item: Item, answers: Answers, report: Report) -> bool:
    if item.id not in answers:
        return False
    chosen = choice(answers[item.id].text, item.options)
    if chosen is None:
        report.problems["answers that name no option, scored as wrong"] += 1
        return False
    return item.options[chosen] == item.answer


def _best(item: Item, answers: Answers, report: Report) -> tuple[float, float]:
    """The best IoP and the best IoU over the true moments, of the longest span that was predicted."""
    spans = answers[item.id].spans if item.id in answers else ()
    if not spans:
        report.problems["answers without a stretch of time, grounded nowhere"] += item.id in answers
        return 0.0, 0.0
    predicted = max(spans, key=lambda span: span[1] - span[0])
    true = item.details["spans"]
    return max(iop(span, predicted) for span in true), max(iou(span, predicted) for span in true)


NEXT_GQA = Benchmark("next-gqa", "val.csv gsub_val.json (or test)", read, score)
