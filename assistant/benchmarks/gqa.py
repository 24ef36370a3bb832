"""GQA: accuracy, consistency, validity, plausibility, grounding, distribution.

Hudson and Manning, GQA: a new dataset for real-world visual reasoning, 2019, section 4.4, and the
evaluation published with it. Files: a questions file (val_balanced_questions.json, ...), optionally
the choices file (validity, plausibility) and the scene graphs (grounding).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, load, mean, need, started
from assistant.benchmarks.judging import Judge
from assistant.benchmarks.reading import normal
from scenegraph import InputError

Box = tuple[float, float, float, float]


def read(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions with what the scores need of the other files.

    Raises:
        InputError: none of the files holds GQA questions.
    """
    questions: dict[str, Any] = {}
    choices: dict[str, Any] = {}
    scenes: dict[str, Any] = {}
    for path in files:
        value = load(path)
        first = next(iter(value.values()), None) if isinstance(value, dict) else None
        if isinstance(first, dict) and "question" in first:
            questions |= value
        elif isinstance(first, dict) and "valid" in first:
            choices |= value
        elif isinstance(first, dict) and "objects" in first:
            scenes |= value
        else:
            raise InputError(f"{path}: neither questions, choices nor scene graphs of GQA")
    if not questions:
        raise InputError(f"{', '.join(map(str, files))}: there are no GQA questions; give a *_questions.json")
    return [_item(key, row, choices.get(key), scenes) for key, row in questions.items()]


def _item(key: str, row: dict[str, Any], choice: dict[str, Any] | None, scenes: dict[str, Any]) -> Item:
    question, answer, image = need(row, ("question", "answer", "imageId"), f"question {key}")
    types = row.get("types") or {}
    details = {
        "balanced": row.get("isBalanced", True),
        "open": types.get("structural") == "query",
        "structural": types.get("structural"),
        "semantic": types.get("semantic"),
        "entailed": [other for other in row.get("entailed") or () if other != key],
        "group": (row.get("groups") or {}).get("global"),
        "valid": _group(row, choice, "valid"),
        "plausible": _group(row, choice, "plausible"),
        "regions": _regions(row, scenes.get(image)),
    }
    return Item(key, question, image, answer, details=details)


def _group(row: dict[str, Any], choice: dict[str, Any] | None, name: str) -> frozenset[str] | None:
    """The answers that fit a question; a question for what is common is answered by a kind of attribute."""
    if choice is None:
        return None
    if "Common" in ((row.get("types") or {}).get("detailed") or ""):
        return frozenset({"color", "material", "shape"})
    return frozenset(map(normal, choice.get(name) or ()))


def _regions(row: dict[str, Any], scene: dict[str, Any] | None) -> list[Box] | None:
    """The regions that question and answer are about, in fractions of the picture."""
    if scene is None:
        return None
    pointers = row.get("annotations") or {}
    regions: list[Box] = []
    for part in ("question", "fullAnswer"):
        for pointer in (pointers.get(part) or {}).values():
            found = scene["objects"].get(pointer)
            if found is not None:
                x, y, width, height = (float(found[edge]) for edge in ("x", "y", "w", "h"))
                across, down = float(scene["width"]), float(scene["height"])
                regions.append((x / across, y / down, (x + width) / across, (y + height) / down))
    if any("scene" in step for step in row.get("semantic") or ()):
        regions.append((0.0, 0.0, 1.0, 1.0))
    return regions


def score(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Scores over the balanced questions; consistency also looks at the others that they entail."""
    balanced = [item for item in items if item.details["balanced"]]
    others = {item.id for item in items if not item.details["balanced"]}
    report = started("gqa", balanced, {key: answer for key, answer in answers.items() if key not in others})
    by_id = {item.id: item for item in items}
    right = {item.id: item.id in answers and normal(answers[item.id].text) == normal(item.answer) for item in items}
    hits = [float(right[item.id]) for item in balanced]
    report.scores["accuracy"] = mean(hits)
    for name, wanted in (("binary", False), ("open", True)):
        report.scores[name] = mean([float(right[item.id]) for item in balanced if item.details["open"] is wanted])
    report.scores["consistency"] = _consistency(balanced, by_id, right, report)
    for name, key in (("validity", "valid"), ("plausibility", "plausible")):
        known = [item for item in balanced if item.details[key] is not None]
        fits = [float(item.id in answers and normal(answers[item.id].text) in item.details[key]) for item in known]
        report.scores[name] = mean(fits)
    report.scores["grounding"] = _grounding(balanced, answers)
    report.scores["distribution (lower is better)"] = _distribution(balanced, answers)
    for kind in ("structural", "semantic"):
        for name in sorted({str(item.details[kind]) for item in balanced if item.details[kind]}):
            of_kind = [float(right[item.id]) for item in balanced if item.details[kind] == name]
            report.scores[f"{kind}/{name}"] = mean(of_kind)
    report.notes.append("answers compare in lower case, without a full stop; the published score compares as they are")
    return report


def _consistency(
    balanced: Sequence[Item], by_id: Mapping[str, Item], right: Mapping[str, bool], report: Report
) -> float | None:
    """Of the questions answered right: the share of right answers among the questions that they entail."""
    scores = []
    for item in balanced:
        entailed = [other for other in item.details["entailed"] if other in by_id]
        if absent := len(item.details["entailed"]) - len(entailed):
            report.problems["entailed questions that the file does not have"] += absent
        if right[item.id] and entailed:
            scores.append(sum(right[other] for other in entailed) / len(entailed))
    return mean(scores)


def _grounding(items: Sequence[Item], answers: Answers) -> float | None:
    """Mean share of the attention that falls on the regions of question and answer."""
    scores = []
    for item in items:
        regions = item.details["regions"]
        if regions is not None and item.id in answers and answers[item.id].regions:
            cells = answers[item.id].regions
            scores.append(sum(weight * _covered(cell, region) for region in regions for cell, weight in cells))
    return mean(scores)


def _covered(cell: Box, region: Box) -> float:
    """The share of a cell that lies in a region."""
    sides = [min(cell[at + 2], region[at + 2]) - max(cell[at], region[at]) for at in (0, 1)]
    area = (cell[2] - cell[0]) * (cell[3] - cell[1])
    return max(sides[0], 0.0) * max(sides[1], 0.0) / area if area > 0 else 0.0


def _distribution(items: Sequence[Item], answers: Answers) -> float | None:
    """Chi square of the predicted against the true answers of each group, weighted by its size, over 100."""
    gold: dict[str, Counter[str]] = {}
    predicted: dict[str, Counter[str]] = {}
    for item in items:
        group = item.details["group"]
        if group is not None:
            gold.setdefault(group, Counter())[normal(item.answer)] += 1
            said = predicted.setdefault(group, Counter())
            said[normal(answers[item.id].text) if item.id in answers else ""] += 1
    size = sum(counts.total() for counts in gold.values())
    if not size:
        return None
    total = 0.0
    for group, counts in gold.items():
        chi = sum((predicted[group][answer] - number) ** 2 / number for answer, number in counts.items())
        total += chi * counts.total()
    return total / size / 100


GQA = Benchmark("gqa", "*_questions.json [*_choices.json] [*_sceneGraphs.json]", read, score)
