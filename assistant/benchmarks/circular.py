"""MMBench and UPD: a multiple-choice question counts only if it is answered right in every order of its options.

Liu et al., MMBench: is your multi-modal model an all-around player?, 2023, section 4.2. Miyai et al.,
Unsolvable problem detection, 2024, sections 3 and 4: absent answer (AAD), incompatible answer set (IASD) and
incompatible visual question (IVQD); standard, UPD and dual accuracy.

Rotations of one question have indices that are equal modulo a million, in the published files and here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, grouped, mean, need, rows_of, started
from assistant.benchmarks.judging import Judge
from assistant.benchmarks.reading import LETTERS, lettered, normal, option, refuses
from scenegraph import InputError

ROTATION = 1_000_000
SETTINGS = ("base", "option", "instruction")
_EMPTY = frozenset({"", "nan", "none", "null"})

EXTRA_OPTION = {
    "aad": "None of the above",
    "iasd": "None of the above",
    "ivqd": "The image and question are irrelevant.",
}
"""What the option setting adds to the options of a question."""

INSTRUCTION = {
    "aad": 'If all the options are incorrect, answer "F. None of the above".',
    "iasd": 'If all the options are incorrect, answer "F. None of the above".',
    "ivqd": 'If the given image is irrelevant to the question, answer "F. The image and question are irrelevant.".',
}
"""What the instruction setting adds to the question, as published."""

_REFUSING_LETTER = re.compile(r"\W*F(?:\W|$)")
"""The letter that the instruction offers for refusing; no question has so many options."""


def read_mmbench(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions in every order of their options; orders that a file lacks are made.

    Raises:
        InputError: a row is no MMBench question.
    """
    rows = [(f"{path}: row {at}", row) for path in files for at, row in enumerate(rows_of(path), start=1)]
    items = [_item(where, row) for where, row in rows]
    given = {int(item.id) for item in items}
    made = [turned for item in items for turned in _rotations(item) if int(turned.id) not in given]
    # A file with rotations of its own holds all of them.
    return items + made if all(index < ROTATION for index in given) else items


def _item(where: str, row: Mapping[str, Any]) -> Item:
    index, question, answer = need(row, ("index", "question", "answer"), where)
    options = [str(row[letter]) for letter in "ABCDE" if _filled(row.get(letter))]
    if len(options) < 2:
        raise InputError(f"{where}: has {len(options)} options in its columns A, B, C, ...; expected two or more")
    if not index.isdecimal():
        raise InputError(f"{where}: index {index!r}; expected a whole number")
    hint = str(row["hint"]).strip() if _filled(row.get("hint")) else ""
    stem = f"{hint}\n{question}".strip()
    details = {"stem": stem, "category": row.get("category"), "l2": row.get("l2-category"), "type": row.get("type")}
    return Item(
        index, f"{stem}\n{lettered(options)}", str(row.get("image_path", index)), answer, tuple(options), details
    )


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip().lower() not in _EMPTY


def _rotations(item: Item) -> Iterator[Item]:
    """The question with its options moved on by one place, two places, and so on."""
    right = LETTERS.find(item.answer)
    for turn in range(1, len(item.options)):
        options = (*item.options[turn:], *item.options[:turn])
        letter = LETTERS[(right - turn) % len(options)] if 0 <= right < len(options) else item.answer
        text = f"{item.details['stem']}\n{lettered(options)}"
        yield Item(str(int(item.id) + turn * ROTATION), text, item.media, letter, options, item.details)


def score_mmbench(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Accuracy of the questions as they stand, and circular accuracy, by category."""
    report = started("mmbench", items, answers)
    right = {item.id: _names_the_letter(item, answers, report) for item in items}
    firsts = [item for item in items if int(item.id) < ROTATION]
    report.scores["vanilla accuracy"] = mean([float(right[item.id]) for item in firsts])
    report.counts["questions"] = len(firsts)
    circular = _circular(items, right)
    if any(item.id not in answers for item in items if int(item.id) >= ROTATION):
        report.notes.append("orders of the options were not answered: circular accuracy counts them as wrong")
    report.scores["circular accuracy"] = mean([float(hit) for hit in circular.values()])
    for name, key in (("category", "category"), ("l2-category", "l2")):
        pairs = [
            (str(item.details[key]), float(circular[int(item.id) % ROTATION])) for item in firsts if item.details[key]
        ]
        report.scores |= grouped(pairs, name)
    return report


def _names_the_letter(item: Item, answers: Answers, report: Report) -> bool:
    if item.id not in answers:
        return False
    chosen = option(answers[item.id].text, item.options)
    if chosen is None:
        report.problems["answers that name no option, scored as wrong"] += 1
    return chosen is not None and LETTERS[chosen] == item.answer


def _circular(items: Sequence[Item], right: Mapping[str, bool]) -> dict[int, bool]:
    """Question to whether all of its orders were answered right."""
    whole: dict[int, bool] = {}
    for item in items:
        index = int(item.id) % ROTATION
        whole[index] = whole.get(index, True) and right[item.id]
    return whole


def read_upd(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Pairs of solvable and unsolvable questions, in a setting.

    Args:
        files: the published rows (JSON, JSON lines or TSV), whose `type` is standard or upd.
        options: `problem` (aad, iasd, ivqd; else found in the file's name) and `setting` (base, option,
            instruction).

    Raises:
        InputError: a row is no UPD question, or the options name no problem or setting.
    """
    setting = options.get("setting", "base")
    if setting not in SETTINGS:
        raise InputError(f"setting {setting!r}; expected one of {', '.join(SETTINGS)}")
    items = []
    for path in files:
        problem = options.get("problem") or next((each for each in EXTRA_OPTION if each in path.name.lower()), "")
        if problem not in EXTRA_OPTION:
            raise InputError(f"{path}: say which problem it holds: --set problem=aad, iasd or ivqd")
        for at, row in enumerate(rows_of(path), start=1):
            item = _item(f"{path}: row {at}", row)
            if item.details["type"] not in ("standard", "upd"):
                raise InputError(f"{path}: row {at}: type {item.details['type']!r}; expected standard or upd")
            items.append(_in_setting(item, problem, setting, row))
    return items


def _in_setting(item: Item, problem: str, setting: str, row: Mapping[str, Any]) -> Item:
    """A question as it is asked in a setting; its id names the problem and whether it is solvable."""
    extra = EXTRA_OPTION[problem]
    options = item.options
    if setting == "option" and normal(extra) not in map(normal, options):
        options = (*options, extra)
    text = f"{item.details['stem']}\n{lettered(options)}"
    if setting == "instruction":
        text = f"{text}\n{INSTRUCTION[problem]}"
    masked = row.get("masked_answer")
    details = {
        **item.details,
        "problem": problem,
        "index": int(item.id),
        "masked": str(masked) if _filled(masked) else None,
        "extra": extra,
        "instructed": setting == "instruction",
    }
    return Item(f"{problem}/{item.details['type']}/{item.id}", text, item.media, item.answer, options, details)


def score_upd(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Standard, UPD and dual accuracy of each problem; all orders of the options must be right."""
    report = started("upd", items, answers)
    right = {item.id: _detects(item, answers, report) for item in items}
    for problem in sorted({item.details["problem"] for item in items}):
        sides = []
        for kind in ("standard", "upd"):
            own = [item for item in items if item.details["problem"] == problem and item.details["type"] == kind]
            whole: dict[int, bool] = {}
            for item in own:
                index = item.details["index"] % ROTATION
                whole[index] = whole.get(index, True) and right[item.id]
            sides.append(whole)
            report.scores[f"{problem} {kind}"] = mean([float(hit) for hit in whole.values()])
        both = sides[0].keys() & sides[1].keys()
        report.scores[f"{problem} dual"] = mean([float(sides[0][index] and sides[1][index]) for index in both])
        if len(both) < len(sides[0].keys() | sides[1].keys()):
            report.problems[f"{problem}: questions without their other half, left out of dual accuracy"] = len(
                sides[0].keys() ^ sides[1].keys()
            )
    return report


def _detects(item: Item, answers: Answers, report: Report) -> bool:
    """Of a solvable question the right option, of an unsolvable one a refusal (or the answer that was masked)."""
    if item.id not in answers:
        return False
    text = answers[item.id].text
    chosen = option(text, item.options)
    refused = refuses(text) or (item.details["instructed"] and _REFUSING_LETTER.match(text) is not None)
    if item.details["type"] == "standard":
        if chosen is None and not refused:
            report.problems["answers that name no option, scored as wrong"] += 1
        return chosen is not None and LETTERS[chosen] == item.answer
    masked = item.details["masked"]
    if masked is not None and option(text, (masked, "\0")) == 0 and chosen is None:
        return True
    if chosen is not None:
        return normal(item.options[chosen]) == normal(item.details["extra"])
    if not refused:
        report.problems["answers that neither choose nor refuse, scored as wrong"] += 1
    return refused


MMBENCH = Benchmark("mmbench", "mmbench_dev_*.tsv", read_mmbench, score_mmbench)
UPD = Benchmark("upd", "rows of MM-UPD (mm_aad_*, mm_iasd_*, mm_ivqd_*)", read_upd, score_upd)
