"""What the task files (*.yaml) call: from a document to a prompt with pictures, and from a reply to scores.

lmms-eval loads this file by its path; the package `assistant` must be importable beside it (PYTHONPATH).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.benchmarks.lmms_eval import scoring
from assistant.benchmarks.lmms_eval.citing import read_said, schema
from assistant.benchmarks.reading import lettered
from scenegraph import Span, files

Document = Mapping[str, Any]

REFUSE = "If no option is right, or what the question asks about is not there, say: None of the above."
LETTER = "Answer with the option's letter from the given choices directly."

mean_known = scoring.mean_known
dual = scoring.dual


def pictures(document: Document) -> list[Any]:
    """The pictures of a document, as PIL images."""
    return [picture.convert("RGB") for picture in document["images"]]


def cited_prompt(document: Document, lmms_eval_specific_kwargs: Mapping[str, Any] | None = None) -> str:
    """The question, and the form of the answer with what it rests on."""
    wanted = json.dumps(schema(bool(document["video"])))
    return f"{document['question']}\nAnswer as JSON that follows this schema:\n{wanted}"


def choice_prompt(document: Document, lmms_eval_specific_kwargs: Mapping[str, Any] | None = None) -> str:
    """The question with its options, and the way out."""
    return f"{document['question']}\n{lettered(document['options'])}\n{REFUSE}\n{LETTER}"


def target(document: Document) -> str:
    """The right answer, for people."""
    if "options" in document:
        return "none" if document["right"] < 0 else str(document["options"][document["right"]])
    return ", ".join(document["answers"]) or "cannot be answered"


def cited_results(document: Document, results: Sequence[str | None]) -> dict[str, float | None]:
    """Scores of one answer with citations; names begin with `scene_graph_` where lmms-eval has its own."""
    spans = tuple(
        Span(int(start), int(stop)) for start, stop in zip(document["starts"], document["stops"], strict=True)
    )
    truth = scoring.Truth(
        files.loads(document["graph"]),
        tuple(document["answers"]),
        tuple(document["nodes"]),
        tuple(document["relations"]),
        spans,
        document["family"] == "when",
    )
    scores = scoring.score(truth, read_said(results[0] or ""))
    names = ("span_iou", "span_iop", "grounded_accuracy") if document["video"] else ()
    return {name: scores.get(name) for name in (*scores, *names)}


def choice_results(document: Document, results: Sequence[str | None]) -> dict[str, Any]:
    """Scores of one multiple-choice question: of a solvable one, of an unsolvable one, and for the pair."""
    twin = document["right"] < 0
    right = scoring.chosen(results[0] or "", tuple(document["options"]), None if twin else document["right"])
    return {
        "standard_accuracy": None if twin else right,
        "refusal_accuracy": right if twin else None,
        "dual_accuracy": {"pair": document["pair"], "twin": twin, "right": right},
    }
