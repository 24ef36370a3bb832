"""STAR and AGQA: questions about situations in videos, by kind of question.

Wu et al., STAR: a benchmark for situated reasoning in real-world videos, 2021: accuracy of each of the
four question types, and their mean. Grunde-McLaughlin et al., AGQA: a benchmark for compositional
spatio-temporal reasoning, 2021: accuracy, open and binary, and by kind of reasoning.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, grouped, load, mean, need, rows_of, started
from assistant.benchmarks.judging import Judge
from assistant.benchmarks.reading import choice, lettered, normal
from scenegraph import InputError


def read_star(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions of STAR_train.json, STAR_val.json or STAR_test.json.

    Raises:
        InputError: another file, or a question without choices.
    """
    items = []
    for path in files:
        for number, row in enumerate(rows_of(path)):
            where = f"{path}: question {number}"
            key, video, question = need(row, ("question_id", "video_id", "question"), where)
            texts = [need(each, ("choice",), where)[0] for each in row.get("choices") or ()]
            if not texts:
                raise InputError(f"{where}: has no choices; expected a STAR file")
            answer = row.get("answer")
            if answer is None:
                raise InputError(f"{where}: has no answer (the test split is scored by its authors)")
            details = {"type": key.split("_")[0], "span": (row.get("start"), row.get("end"))}
            text = f"{question}\n{lettered(texts)}"
            items.append(Item(key, text, video, str(answer), tuple(texts), details))
    return items


def score_star(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Accuracy of each type of question, the mean of the types, and overall."""
    report = started("star", items, answers)
    hits = []
    for item in items:
        chosen = choice(answers[item.id].text, item.options) if item.id in answers else None
        if item.id in answers and chosen is None:
            report.problems["answers that name no option, scored as wrong"] += 1
        hits.append((item.details["type"], float(chosen is not None and item.options[chosen] == item.answer)))
    types = grouped(hits, "accuracy")
    known = [value for value in types.values() if value is not None]
    report.scores["mean of types"] = sum(known) / len(known) if known else None
    report.scores["accuracy"] = mean([hit for _, hit in hits])
    report.scores |= types
    return report


def read_agqa(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions of AGQA's balanced or unbalanced files: an object of question by id.

    Raises:
        InputError: another file.
    """
    items = []
    for path in files:
        value = load(path)
        if not isinstance(value, dict):
            raise InputError(f"{path}: expected an object of questions by id, as AGQA publishes them")
        for key, row in value.items():
            where = f"{path}: question {key}"
            if not isinstance(row, dict):
                raise InputError(f"{where}: expected an object")
            question, answer, video = need(row, ("question", "answer", "video_id"), where)
            details: dict[str, Any] = {name: row.get(name) for name in ("ans_type", "structural", "semantic", "steps")}
            details["global"] = row.get("global") or ()
            items.append(Item(key, question, video, answer, details=details))
    return items


def score_agqa(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Exact match: all, open and binary, by reasoning, structure and semantics."""
    report = started("agqa", items, answers)
    hits = {
        item.id: float(item.id in answers and normal(answers[item.id].text) == normal(item.answer)) for item in items
    }
    report.scores["accuracy"] = mean(list(hits.values()))
    for name in ("ans_type", "structural", "semantic"):
        pairs = [(str(item.details[name]), hits[item.id]) for item in items if item.details[name]]
        report.scores |= grouped(pairs, name)
    report.scores |= grouped(
        [(str(kind), hits[item.id]) for item in items for kind in item.details["global"]], "reasoning"
    )
    return report


STAR = Benchmark("star", "STAR_val.json", read_star, score_star)
AGQA = Benchmark("agqa", "test_balanced.txt or another question file", read_agqa, score_agqa)
