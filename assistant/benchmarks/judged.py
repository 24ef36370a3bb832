"""WorldQA, Video-ChatGPT and LLaVA-Bench: free answers, which only a judge can score.

Zhang et al., WorldQA: multimodal world knowledge in videos, 2024 (rubric 1, 0.5, 0.3, 0; multiple choice
exactly). Maaz et al., Video-ChatGPT, 2024, section 4.3 (five aspects, 0 to 5). Liu et al., Visual
instruction tuning, 2023, section 5.1 (two answers, 1 to 10 each; the ratio). The prompts are our own words
for the published criteria; a judge is named in the report, and judgements that failed are left out of the
means and counted. Without a judge, text overlap is reported under its own name.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.benchmarks.items import Answers, Benchmark, Item, Report, load, mean, need, rows_of, started
from assistant.benchmarks.judging import Judge, last_number, one_of, two_scores
from assistant.benchmarks.reading import normal, option
from assistant.benchmarks.text_metrics import cider_d, rouge_l
from scenegraph import InputError

RUBRIC = (1.0, 0.5, 0.3, 0.0)

_WORLDQA = """Grade a candidate answer to a question about a video by the reference answer.
1: it holds all key points of the reference. 0.5: it is right in part, and the rest is missing or goes
beyond the reference. 0.3: it is right in part, and the rest contradicts the reference. 0: none of the key points.
Question: {question}
Reference: {answer}
Candidate: {candidate}
Name the key points of the reference, say which of them the candidate holds, and write the grade alone on the last
line: 1, 0.5, 0.3 or 0."""

ASPECTS: dict[str, str] = {
    "correctness": "how correct the statements are, without misreadings or inventions",
    "detail": "how complete and how specific the answer is",
    "context": "how well it fits the context and the main points of the video",
    "temporal": "how well it keeps the order in which things happen",
    "consistency": "how consistent the two predicted answers are with each other and with the right answer",
}

_ASPECT = """Grade an answer about a video: {criterion}.
{question}
Right answer: {answer}
{candidate}
Write one whole number from 0 (worst) to 5 (best), and nothing else."""

_PAIR = """{context}

Question: {question}

[Assistant 1]
{first}

[Assistant 2]
{second}

{rule}"""

_RULE = """Grade both assistants from 1 to 10 on helpfulness, relevance, accuracy and level of detail. Write the two
grades, separated by a space, alone on the first line; then explain them."""


def read_worldqa(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Open and multiple-choice questions: those with an `option` list are multiple choice.

    Raises:
        InputError: a record is none of WorldQA.
    """
    items = []
    for path in files:
        for number, row in enumerate(rows_of(path)):
            where = f"{path}: record {number}"
            key, question, answer, video = need(row, ("question_idx", "question", "answer", "video_idx"), where)
            given = row.get("option") or ()
            texts = tuple(str(each).partition(".")[2].strip() or str(each) for each in given)
            text = "\n".join([question, *map(str, given)])
            items.append(Item(f"{'mc' if texts else 'open'}/{key}", text, video, answer, texts))
    return items


def score_worldqa(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """Multiple choice by the letter; open answers by the rubric, if there is a judge."""
    report = started("worldqa", items, answers)
    choices = [item for item in items if item.options]
    hits = []
    for item in choices:
        chosen = option(answers[item.id].text, item.options) if item.id in answers else None
        if item.id in answers and chosen is None:
            report.problems["answers that name no option, scored as wrong"] += 1
        right = option(item.answer, item.options)
        hits.append(float(chosen is not None and chosen == right))
    report.scores["multiple choice accuracy"] = mean(hits)
    free = [item for item in items if not item.options]
    _overlaps(free, answers, report)
    if judge is not None:
        grades = []
        for item in free:
            if item.id in answers:
                prompt = _WORLDQA.format(question=item.question, answer=item.answer, candidate=answers[item.id].text)
                grades.append(judge.ask(prompt, one_of(*RUBRIC)))
        report.scores[f"rubric, judged by {judge.name}"] = mean([grade for grade in grades if grade is not None])
    return report


def read_video_chatgpt(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions of generic_qa.json, temporal_qa.json and consistency_qa.json.

    Raises:
        InputError: a record is none of the three.
    """
    items = []
    for path in files:
        for number, row in enumerate(rows_of(path)):
            where = f"{path}: record {number}"
            video, answer = need(row, ("video_name", "A"), where)
            if row.get("Q1") is not None:
                questions = need(row, ("Q1", "Q2"), where)
                for which, question in enumerate(questions, start=1):
                    details = {"aspects": ("consistency",) if which == 1 else (), "other": f"{path.stem}/{number}/2"}
                    items.append(Item(f"{path.stem}/{number}/{which}", question, video, answer, details=details))
                continue
            (question,) = need(row, ("Q",), where)
            aspects = ("temporal",) if "temporal" in path.stem else ("correctness", "detail", "context")
            items.append(Item(f"{path.stem}/{number}", question, video, answer, details={"aspects": aspects}))
    return items


def score_video_chatgpt(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """The mean grade of each of the five aspects, from 0 to 5."""
    report = started("video-chatgpt", items, answers)
    _overlaps(items, answers, report)
    for aspect, criterion in ASPECTS.items():
        own = [item for item in items if aspect in item.details["aspects"]]
        grades = []
        for item in own if judge is not None else ():
            prompt = _aspect_prompt(item, aspect, criterion, answers, items)
            grade = None if prompt is None or judge is None else judge.ask(prompt, last_number(0, 5))
            grades += [] if grade is None else [grade]
        report.scores[f"{aspect} (0-5)"] = sum(grades) / len(grades) if grades else None
    if judge is None:
        report.notes.append("the five aspects need a judge (--judge); text overlap is not the score of the benchmark")
    return report


def _aspect_prompt(item: Item, aspect: str, criterion: str, answers: Answers, items: Sequence[Item]) -> str | None:
    if item.id not in answers:
        return None
    question, candidate = f"Question: {item.question}", f"Predicted answer: {answers[item.id].text}"
    if aspect == "consistency":
        other = next((each for each in items if each.id == item.details["other"]), None)
        if other is None or other.id not in answers:
            return None
        question = f"First question: {item.question}\nSecond question: {other.question}"
        candidate = (
            f"First predicted answer: {answers[item.id].text}\nSecond predicted answer: {answers[other.id].text}"
        )
    return _ASPECT.format(criterion=criterion, question=question, answer=item.answer, candidate=candidate)


def read_llava_bench(files: Sequence[Path], options: Mapping[str, str]) -> list[Item]:
    """Questions with the reference answers, the context and the rules of the judge.

    Files, told apart by what stands in them: questions (qa90_questions.jsonl), reference answers
    (qa90_gpt4_answer.jsonl), captions and boxes (caps_boxes_*.jsonl) or `caption` contexts, rule.json.

    Raises:
        InputError: questions or reference answers are missing.
    """
    questions: list[dict[str, Any]] = []
    references: dict[str, str] = {}
    contexts: dict[str, str] = {}
    rules: dict[str, str] = {}
    for path in files:
        value = load(path)
        if isinstance(value, dict):
            rules |= {name: str(rule.get("prompt")) for name, rule in value.items() if isinstance(rule, dict)}
            continue
        for number, row in enumerate(rows_of(path), start=1):
            where = f"{path}: line {number}"
            if "captions" in row or "caption" in row:
                contexts[need(row, ("image",), where)[0]] = _context(row)
            elif "image" in row:
                need(row, ("question_id", "text"), where)
                questions.append(row)
            else:
                key, text = need(row, ("question_id", "text"), where)
                references[key] = text
    if not questions or not references:
        raise InputError("llava-bench: expected a file of questions (with `image`) and one of reference answers")
    items = []
    for row in questions:
        key, image, kind = str(row["question_id"]), str(row["image"]), str(row.get("category", ""))
        if key not in references:
            raise InputError(f"llava-bench: question {key} has no reference answer")
        details = {"category": kind, "context": contexts.get(image, ""), "rule": rules.get(kind, rules.get("default"))}
        items.append(Item(key, str(row["text"]), image, references[key], details=details))
    return items


def _context(row: Mapping[str, Any]) -> str:
    """What a judge is told of a picture: captions, and boxes by name."""
    captions = row.get("captions") or [row.get("caption")]
    boxes = [f"{each.get('category')}: {each.get('bbox')}" for each in row.get("instances") or ()]
    return "\n".join([*map(str, captions), *boxes])


def score_llava_bench(items: Sequence[Item], answers: Answers, judge: Judge | None = None) -> Report:
    """The sum of our grades over that of the reference's, in percent, by category."""
    report = started("llava-bench", items, answers)
    _overlaps(items, answers, report)
    grades: dict[str, list[tuple[float, float]]] = {}
    for item in items if judge is not None else ():
        if item.id in answers and judge is not None:
            prompt = _PAIR.format(
                context=item.details["context"],
                question=item.question,
                first=item.answer,
                second=answers[item.id].text,
                rule=item.details["rule"] or _RULE,
            )
            pair = judge.ask(prompt, two_scores())
            if pair is not None:
                grades.setdefault(item.details["category"], []).append(pair)
                grades.setdefault("all", []).append(pair)
    for name in ("all", *sorted({item.details["category"] for item in items})):
        pairs = grades.get(name, [])
        report.scores[f"relative score, {name}"] = (
            100 * sum(own for _, own in pairs) / sum(reference for reference, _ in pairs) if pairs else None
        )
    if judge is None:
        report.notes.append(
            "the relative score needs a judge (--judge); text overlap is not the score of the benchmark"
        )
    else:
        report.notes.append(f"judged by {judge.name}; the reference answer is always assistant 1, as published")
    return report


def _overlaps(items: Sequence[Item], answers: Answers, report: Report) -> None:
    """Text overlap with the right answers, under its own name."""
    own = [item for item in items if item.id in answers]
    if own:
        said, truth = [answers[item.id].text for item in own], [[item.answer] for item in own]
        report.scores["text overlap: ROUGE-L"] = 100 * rouge_l(said, truth)
        report.scores["text overlap: CIDEr-D"] = 10 * cider_d(said, truth)
        equal = [float(normal(text) == normal(right[0])) for text, right in zip(said, truth, strict=True)]
        report.scores["exact match"] = mean(equal)


WORLDQA = Benchmark("worldqa", "WorldQA open and multiple-choice records", read_worldqa, score_worldqa, judged=True)
VIDEO_CHATGPT = Benchmark(
    "video-chatgpt",
    "generic_qa.json temporal_qa.json consistency_qa.json",
    read_video_chatgpt,
    score_video_chatgpt,
    judged=True,
)
LLAVA_BENCH = Benchmark(
    "llava-bench",
    "qa90_questions.jsonl qa90_gpt4_answer.jsonl caps_boxes_*.jsonl rule.json",
    read_llava_bench,
    score_llava_bench,
    judged=True,
)
