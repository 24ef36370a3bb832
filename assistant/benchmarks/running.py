"""Answers to the items of a benchmark: from a file of predictions, or from the assistant, going on where it stopped."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.answers import GroundedAnswer, RelationCitation
from assistant.assistant import Assistant
from assistant.benchmarks.items import Answer, Answers, Benchmark, Item, Report, load
from assistant.benchmarks.judging import Judge
from assistant.short_answers import short_answer
from scenegraph import InputError, SceneGraph
from scenegraph.formats.journal import Journal

ID_KEYS = ("question_id", "questionId", "question_idx", "qid", "id", "ID", "index", "item")
TEXT_KEYS = ("prediction", "pred", "text", "answer", "output", "response", "choice")
SPAN_KEYS = ("spans", "span", "segment", "time")

Find = Callable[[str], SceneGraph | None]
"""The graph of a medium, by the name that the benchmark gives it; None where there is none."""


def read_predictions(paths: Iterable[Path], items: Sequence[Item] = ()) -> dict[str, Answer]:
    """Predictions by item, from any of the layouts that benchmarks publish.

    An object of answers by id, a list (or JSON lines) of objects with an id and a text, an object of such
    lists (STAR), or an object of stretches of time by video and question (NExT-GQA); a later file adds to
    an earlier one, such as stretches of time to texts.

    Args:
        paths: the files.
        items: the questions, by which answers without an id are found (Video-ChatGPT).

    Raises:
        InputError: a file holds something else.
    """
    found: dict[str, Answer] = {}
    ids = _ids_of(items)
    for path in paths:
        for key, value in _pairs(load(path), path, ids):
            if _is_unanswered(value):
                continue
            answer = _answer(value, f"{path}: {key}")
            before = found.get(key)
            found[key] = answer if before is None else _merged(before, answer)
    return found


Ids = Mapping[tuple[str, str], list[str]]
"""The ids of items by medium and question (Video-ChatGPT), or by type and index (UPD)."""


def _ids_of(items: Sequence[Item]) -> Ids:
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        found.setdefault((item.media, item.question), []).append(item.id)
        if "problem" in item.details:
            found.setdefault((item.details["type"], str(item.details["index"])), []).append(item.id)
    return found


def _is_unanswered(value: Any) -> bool:
    """Whether a prediction is null, as programs write it of a call that failed."""
    if not isinstance(value, dict):
        return value is None
    fields = [value[key] for key in (*TEXT_KEYS, *SPAN_KEYS) if key in value]
    return bool(fields) and all(field is None for field in fields)


def _pairs(value: Any, path: Path, ids: Ids) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if isinstance(entry, list) and entry and isinstance(entry[0], dict):
                yield from _pairs(entry, path, ids)
            elif _is_by_question(entry):
                yield from ((f"{key}_{question}", spans) for question, spans in entry.items())
            else:
                yield str(key), entry
        return
    if not isinstance(value, list):
        raise InputError(f"{path}: expected predictions by id, or a list of objects with an id and a prediction")
    for number, row in enumerate(value):
        key = next((row[name] for name in ID_KEYS if name in row), None) if isinstance(row, dict) else None
        if key is None and isinstance(row, dict) and "video_name" in row:
            yield from _without_id(row, ids, f"{path}: entry {number}")
            continue
        if key is None:
            raise InputError(f"{path}: entry {number} has no id; expected one of {', '.join(ID_KEYS)}")
        named = ids.get((str(row.get("type")), str(key)), [str(key)])
        if len(named) > 1:
            raise InputError(f"{path}: entry {number} may be {', '.join(named)}; give one problem at a time")
        yield named[0], row


def _is_by_question(entry: Any) -> bool:
    """Whether an entry holds stretches of time by question, as NExT-GQA's file of moments does by video."""
    if not isinstance(entry, dict) or not entry or entry.keys() & {*TEXT_KEYS, *SPAN_KEYS, "attention"}:
        return False
    return all(isinstance(each, list) for each in entry.values())


def _without_id(row: Mapping[str, Any], ids: Ids, where: str) -> Iterable[tuple[str, Any]]:
    """Video-ChatGPT's layout: the question with its answer, or two questions with two."""
    for asked, answered in (("Q", "pred"), ("Q1", "pred1"), ("Q2", "pred2")):
        if asked in row:
            keys = ids.get((str(row["video_name"]), str(row[asked])))
            if keys is None:
                raise InputError(
                    f"{where}: the files have no question {str(row[asked])[:80]!r} of {row['video_name']!r}"
                )
            yield keys[-1], row.get(answered)


def _answer(value: Any, where: str) -> Answer:
    if isinstance(value, str | int | float):
        return Answer(str(value))
    if isinstance(value, list):
        return Answer("", _spans(value, where))
    if isinstance(value, dict):
        text = next((value[key] for key in TEXT_KEYS if isinstance(value.get(key), str | int | float)), None)
        spans = next((value[key] for key in SPAN_KEYS if value.get(key) is not None), ())
        if text is None and not spans:
            raise InputError(f"{where}: has neither a text ({', '.join(TEXT_KEYS)}) nor spans")
        return Answer("" if text is None else str(text), _spans(spans, where), _regions(value.get("attention")))
    raise InputError(f"{where}: {type(value).__name__}; expected a text, a stretch of time or an object")


def _spans(value: Any, where: str) -> tuple[tuple[float, float], ...]:
    """One `[start, end]`, or several."""
    rows = [value] if value and not isinstance(value[0], list | tuple) else value
    try:
        return tuple((min(map(float, row)), max(map(float, row))) for row in rows)
    except (TypeError, ValueError):
        raise InputError(f"{where}: {value!r:.80}; expected [start, end] or a list of them") from None


def _regions(grid: Any) -> tuple[tuple[tuple[float, float, float, float], float], ...]:
    """A square map of attention as cells: row i, column j covers (i/n, j/n) to ((i+1)/n, (j+1)/n), as GQA reads it."""
    if not isinstance(grid, list) or not grid or not isinstance(grid[0], list):
        return ()
    edge = 1 / len(grid)
    return tuple(
        ((i * edge, j * edge, (i + 1) * edge, (j + 1) * edge), float(weight))
        for i, row in enumerate(grid)
        for j, weight in enumerate(row)
    )


def _merged(first: Answer, second: Answer) -> Answer:
    return Answer(second.text or first.text, second.spans or first.spans, second.regions or first.regions)


def answer_items(
    items: Sequence[Item], graph_of: Find, journal_path: Path, settings: Mapping[str, Any], problems: Counter[str]
) -> dict[str, Answer]:
    """Answers of the assistant; every answer is a line of a journal, from which the same command goes on.

    Args:
        items: questions; those whose medium has no graph stay without an answer.
        graph_of: finds graphs.
        journal_path: where answers are kept.
        settings: options of `Assistant`; others than those of the journal are refused.
        problems: counts media without a graph.

    Raises:
        InputError: the journal is of another run.
    """
    journal = Journal(journal_path, {"answers": 1, "settings": {key: str(settings[key]) for key in sorted(settings)}})
    found = {entry["item"]: _stored(entry) for entry in journal.entries()}
    try:
        assistants: dict[str, Assistant | None] = {}
        for item in sorted(items, key=lambda item: item.media):
            if item.id in found:
                continue
            if item.media not in assistants:
                graph = graph_of(item.media)
                assistants = {item.media: None if graph is None else Assistant(graph, **settings)}
            assistant = assistants[item.media]
            if assistant is None:
                problems["items whose picture or video has no graph"] += 1
                continue
            answer = reply(assistant, item)
            journal.add({"item": item.id, **answer.to_json()})
            found[item.id] = answer
    finally:
        journal.close()
    return found


def _stored(entry: Mapping[str, Any]) -> Answer:
    """What `Answer.to_json` wrote."""
    spans = tuple((float(start), float(stop)) for start, stop in entry["spans"])
    regions = tuple(((box[0], box[1], box[2], box[3]), weight) for box, weight in entry["regions"])
    return Answer(entry["text"], spans, regions)


def reply(assistant: Assistant, item: Item) -> Answer:
    """The assistant's answer to an item in the words of benchmarks, with the times and regions that it rests on."""
    grounded = assistant.ask(item.question)
    return Answer(short_answer(assistant, grounded), _times(grounded), _boxes(assistant, grounded))


def _times(answer: GroundedAnswer) -> tuple[tuple[float, float], ...]:
    cited = [citation for citation in answer.citations if isinstance(citation, RelationCitation)]
    return tuple(dict.fromkeys(span for citation in cited for span in citation.seconds))


def _boxes(assistant: Assistant, answer: GroundedAnswer) -> tuple[tuple[tuple[float, float, float, float], float], ...]:
    """The boxes of the cited nodes, in fractions of the picture, with equal weights."""
    height, width = assistant.graph.source.size
    boxes = [box for citation in answer.citations if (box := getattr(citation, "box", None)) is not None]
    return tuple(((box[0] / width, box[1] / height, box[2] / width, box[3] / height), 1 / len(boxes)) for box in boxes)


def evaluate(benchmark: Benchmark, items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Scores, with what became of the judgements."""
    report = benchmark.score(items, answers, judge)
    if judge is not None:
        for reason, number in sorted(judge.counts.items()):
            report.counts[f"judgements {reason}"] = number
        report.notes.append(f"judge: {judge.name}; judgements that failed are left out of the means")
    return report
