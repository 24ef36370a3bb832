"""FunQA: where a funny, creative or magic moment lies, and how well it is told.

Xie et al., FunQA: towards surprising video comprehension, 2024, section 4. Tasks H1, C1 and M1 by
intersection over union of frames; H2-H4, C2-C4, M2 and M3 by text overlap; C5 by the distance of two scores.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, mean, need, rows_of, started
from assistant.benchmarks.judging import Judge, last_number
from assistant.benchmarks.overlap import iou
from assistant.benchmarks.reading import numbers, span
from assistant.benchmarks.text_metrics import bleu, cider_d, rouge_l, sentence_bleu
from scenegraph import InputError

LOCALISATION = ("H1", "C1", "M1")
SCORES = ("C5",)
TEXTS = ("H2", "H3", "H4", "C2", "C3", "C4", "M2", "M3")

_PROMPT = """Compare a description with a reference description of the same moment of a video.
Question: {question}
Reference: {answer}
Description: {candidate}
How much of the reference does the description say, without contradicting it? Write one whole number from 0 (nothing)
to 100 (all of it), and nothing else."""


def read(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions of funqa_test.json, reference.json and the like.

    Raises:
        InputError: a record is none of FunQA.
    """
    items = []
    for path in files:
        for number, row in enumerate(rows_of(path)):
            where = f"{path}: record {number}"
            key, task, question, video, output = need(
                row, ("ID", "task", "instruction", "visual_input", "output"), where
            )
            if task not in (*LOCALISATION, *TEXTS, *SCORES):
                raise InputError(f"{where}: task {task!r}; expected H1-H4, C1-C5 or M1-M3")
            details = {"task": task, "truth": _truth(task, output, where)}
            items.append(Item(key, question, video, output, details=details))
    return items


def _truth(task: str, output: str, where: str) -> tuple[float, float] | float | None:
    """The true frames or score of the tasks that are measured by numbers."""
    if task in LOCALISATION:
        frames = span(output)
        if frames is None:
            raise InputError(f"{where}: output {output[:40]!r}; expected two frame numbers")
        return frames
    if task in SCORES:
        found = numbers(output)
        if not found:
            raise InputError(f"{where}: output {output[:40]!r}; expected a score")
        return found[0]
    return None


def score(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """One row of scores for every task that the files hold."""
    report = started("funqa", items, answers)
    for task in sorted({item.details["task"] for item in items}):
        own = [item for item in items if item.details["task"] == task]
        if task in LOCALISATION:
            overlaps = [_overlap(item, answers, report) for item in own]
            report.scores[f"{task} mean IoU"] = mean(overlaps)
            report.scores[f"{task} IoU >= 0.5"] = mean([float(overlap >= 0.5) for overlap in overlaps])
        elif task in SCORES:
            report.scores[f"{task} mean distance"] = _distance(own, answers, report)
        else:
            _texts(task, own, answers, report)
            if judge is not None:
                _judged(task, own, answers, report, judge)
    report.notes.append(
        "text overlap over words without punctuation; CIDEr-D from 0 to 10 times 10, others in percent; BLEU-4 of "
        "sentences is FunQA's own: smoothed, averaged, words with their punctuation"
    )
    return report


def _overlap(item: Item, answers: Answers, report: Report) -> float:
    if item.id not in answers:
        return 0.0
    found = span(answers[item.id].text)
    if found is None and answers[item.id].spans:
        found = max(answers[item.id].spans, key=lambda each: each[1] - each[0])
    if found is None:
        report.problems["answers without two frame numbers, scored as no overlap"] += 1
        return 0.0
    return iou(item.details["truth"], found)


def _distance(items: Sequence[Item], answers: Answers, report: Report) -> float | None:
    """Mean distance of scores, over the answers that hold one."""
    distances = []
    for item in items:
        found = numbers(answers[item.id].text) if item.id in answers else []
        if found:
            distances.append(abs(found[0] - item.details["truth"]))
        elif item.id in answers:
            report.problems["answers without a score, left out of the mean distance"] += 1
    return sum(distances) / len(distances) if distances else None


def _texts(task: str, items: Sequence[Item], answers: Answers, report: Report) -> None:
    said = [answers[item.id].text if item.id in answers else "" for item in items]
    truth = [[item.answer] for item in items]
    report.scores[f"{task} BLEU-4"] = 100 * bleu(said, truth)
    sentences = [sentence_bleu(text, item.answer) for text, item in zip(said, items, strict=True)]
    report.scores[f"{task} BLEU-4 of sentences"] = mean(sentences)
    report.scores[f"{task} ROUGE-L"] = 100 * rouge_l(said, truth)
    report.scores[f"{task} CIDEr-D"] = 10 * cider_d(said, truth)


def _judged(task: str, items: Sequence[Item], answers: Answers, report: Report, judge: Judge) -> None:
    values = []
    for item in items:
        if item.id in answers:
            prompt = _PROMPT.format(question=item.question, answer=item.answer, candidate=answers[item.id].text)
            value = judge.ask(prompt, last_number(0, 100))
            values += [] if value is None else [value]
    report.scores[f"{task} judged by {judge.name}"] = sum(values) / len(values) if values else None


FUNQA = Benchmark("funqa", "funqa_test.json or reference.json", read, score)
