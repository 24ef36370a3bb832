"""MagnifierBench: questions about small things in large pictures.

Li et al., OtterHD: a high-resolution multi-modality model, 2023, section 3. Files: data_instructions.json
in the MIMIC-IT layout, `{"data": {ID: {instruction, answer, image_ids}}}`. A question with lettered options is
scored by the option, any other by exact match, or by a judge where there is one.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, load, mean, need, started
from assistant.benchmarks.judging import Judge, one_of
from assistant.benchmarks.reading import normal, option
from scenegraph import InputError

_OPTION = re.compile(r"\(?\b([A-E])[).:]\s*(.+?)(?=\s*\(?\b[A-E][).:]\s|\s*$)", re.DOTALL)

_PROMPT = """Question: {question}
Right answer: {answer}
Given answer: {candidate}
Do the two answers say the same? Write 1 for yes or 0 for no, and nothing else."""


def read(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions with their options, read out of the instruction.

    Raises:
        InputError: another layout.
    """
    items = []
    for path in files:
        value = load(path)
        data = value.get("data") if isinstance(value, dict) else None
        if not isinstance(data, dict) or not all(isinstance(row, dict) for row in data.values()):
            raise InputError(f'{path}: expected {{"data": {{ID: {{"instruction", "answer", "image_ids"}}}}}}')
        for key, row in data.items():
            question, answer = need(row, ("instruction", "answer"), f"{path}: {key}")
            found = _OPTION.findall(question)
            letters = [letter for letter, _ in found]
            texts = tuple(" ".join(text.split()) for _, text in found)
            # Letters in order from A are options; a stray "A." in a sentence is not.
            if letters != list("ABCDE"[: len(letters)]) or len(letters) < 2:
                texts = ()
            media = (row.get("image_ids") or [""])[0]
            items.append(Item(key, question, str(media), answer, texts))
    return items


def score(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Accuracy of multiple choice, and of free answers."""
    report = started("magnifier", items, answers)
    hits = []
    for item in (each for each in items if each.options):
        chosen = option(answers[item.id].text, item.options) if item.id in answers else None
        if item.id in answers and chosen is None:
            report.problems["answers that name no option, scored as wrong"] += 1
        hits.append(float(chosen is not None and chosen == option(item.answer, item.options)))
    report.scores["multiple choice accuracy"] = mean(hits)
    free = [item for item in items if not item.options]
    report.scores["exact match of free answers"] = mean(
        [float(item.id in answers and normal(answers[item.id].text) == normal(item.answer)) for item in free]
    )
    if judge is not None:
        values = []
        for item in free:
            if item.id in answers:
                prompt = _PROMPT.format(question=item.question, answer=item.answer, candidate=answers[item.id].text)
                values.append(judge.ask(prompt, one_of(1, 0)))
        report.scores[f"free answers judged by {judge.name}"] = mean([value for value in values if value is not None])
    return report


MAGNIFIER = Benchmark("magnifier", "data_instructions.json", read, score)
