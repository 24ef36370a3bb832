"""POPE: does a model see what is not there?

Li et al., Evaluating object hallucination in large vision-language models, 2023, section 5: accuracy,
precision, recall and F1 of "yes", and the share of "yes". Files: JSON lines such as coco_pope_popular.json.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, mean, need, rows_of, started
from assistant.benchmarks.judging import Judge
from assistant.benchmarks.reading import yes_or_no
from scenegraph import InputError


def read(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions; of several files, ids start with the name of the file.

    Raises:
        InputError: a line is no POPE question.
    """
    items = []
    for path in files:
        for number, row in enumerate(rows_of(path), start=1):
            where = f"{path}: line {number}"
            key, image, text, label = need(row, ("question_id", "image", "text", "label"), where)
            if label not in ("yes", "no"):
                raise InputError(f"{where}: label {label!r}; expected yes or no")
            items.append(Item(key if len(files) == 1 else f"{path.stem}/{key}", text, image, label))
    return items


def score(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Scores of "yes"; an answer that says neither is wrong, and counted."""
    report = started("pope", items, answers)
    said = [yes_or_no(answers[item.id].text) if item.id in answers else None for item in items]
    report.counts["unreadable"] = sum(
        word is None and item.id in answers for item, word in zip(items, said, strict=True)
    )
    pairs = [(item.answer, word) for item, word in zip(items, said, strict=True)]
    hits = sum(word == truth for truth, word in pairs)
    true_yes = sum(truth == word == "yes" for truth, word in pairs)
    predicted, actual = sum(word == "yes" for _, word in pairs), sum(truth == "yes" for truth, _ in pairs)
    precision = true_yes / predicted if predicted else 0.0
    recall = true_yes / actual if actual else 0.0
    report.scores["accuracy"] = 100 * hits / len(items) if items else None
    report.scores["accuracy of readable answers"] = mean([float(truth == word) for truth, word in pairs if word])
    if report.counts["unreadable"]:
        lenient = [word or ("yes" if item.id in answers else None) for item, word in zip(items, said, strict=True)]
        name = "accuracy, what is no 'no' read as yes"
        report.scores[name] = mean([float(word == item.answer) for word, item in zip(lenient, items, strict=True)])
        report.notes.append("POPE's own program reads answers without 'no' or 'not' as yes")
    report.scores["precision"], report.scores["recall"] = 100 * precision, 100 * recall
    report.scores["F1"] = 200 * precision * recall / (precision + recall) if precision + recall else 0.0
    report.scores["share of yes"] = 100 * predicted / len(items) if items else None
    return report


POPE = Benchmark("pope", "coco_pope_*.json (JSON lines)", read, score)
