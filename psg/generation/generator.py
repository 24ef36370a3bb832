"""From segments and a vision-language model to a scene graph with its provenance."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.models import LanguageModel, Message, ModelError
from assistant.models.server import Server
from psg.generation.claims import Claim, Dropped, Reading, read_claims
from psg.generation.request import MOST_MARKS, MOST_RELATIONS, Request, prepare_request
from scenegraph import InputError, Relation, SceneGraph
from scenegraph.images import ImageSource

MAX_TOKENS = 3000
"""Of one answer: 60 relations have some 1,800 tokens, and models may think before they write."""

MAX_LISTED = 100
"""Dropped claims that a graph keeps; their number is always right."""

_SHOWN_BACK = 4000
_PROBLEMS_SHOWN = 20

KEY = "generator"
"""Where the provenance stands in the metadata of a graph."""


def generate_relations(
    graph: SceneGraph,
    image: ImageSource,
    model: LanguageModel,
    predicates: Sequence[str] | None = None,
    most: int = MOST_RELATIONS,
    most_marks: int = MOST_MARKS,
    max_tokens: int = MAX_TOKENS,
) -> SceneGraph:
    """The graph with the relations that a vision-language model sees in its picture; those it has are replaced.

    The model gets the picture with the node ids written on it. Its answer is checked claim by claim;
    if anything is wrong it is told so once; what is wrong then is dropped and listed.

    Args:
        graph: an image graph with the segments as nodes.
        image: its picture.
        model: see `assistant.models.open_model`.
        predicates: names that may be used; empty for any words; None for the names of the graph's
            vocabulary, or any words if it has none.
        most: at most so many relations.
        most_marks: at most so many nodes get a mark, the largest first.
        max_tokens: at most so many tokens in one answer.

    Returns:
        A graph with the same nodes; relations by descending score (1 where the model gave none). In
        an open vocabulary the predicates are the words that the model used. `metadata["generator"]`
        says which model was asked, where, what (hashes), with which marks, and what was dropped.

    Raises:
        InputError: as `prepare_request`.
        ModelError: the model cannot be reached, stalls, refuses, or wrote nothing usable twice.
    """
    return generate(prepare_request(graph, image, predicates, most, most_marks), model, max_tokens)


def generate(request: Request, model: LanguageModel, max_tokens: int = MAX_TOKENS) -> SceneGraph:
    """As `generate_relations`, for a question that is prepared.

    Raises:
        ModelError: as `generate_relations`.
    """
    readings: list[Reading] = []
    notes: list[str] = []
    if len(request.marks) > 1:  # else there is nothing to relate
        readings, notes = _converse(request, model, max_tokens)
    claims: dict[tuple[int, str, int], Claim] = {}
    dropped: list[Dropped] = []
    for reading in readings:
        for claim in reading.claims:
            if claim[:3] in claims or len(claims) < request.most:
                claims.setdefault(claim[:3], claim)
        dropped += reading.dropped
    provenance = {
        "kind": "vision-language model",
        **_identity(model),
        **request.identity,
        "marks": list(request.marks),
        "predicates": "open" if request.predicates is None else "closed",
        "turns": len(readings) + len(notes),
        "forms": [reading.form for reading in readings],
        "notes": notes,
        "dropped": [dict(each._asdict()) for each in dropped[:MAX_LISTED]],
        "dropped_count": len(dropped),
    }
    return _graph(request, list(claims.values()), provenance)


def generated_before(graph: SceneGraph, request: Request, model: LanguageModel) -> bool:
    """Whether a graph is the answer of the same model at the same place to the same question.

    A model whose name is not known yet (the first that a server lists) is taken to be the same.
    """
    made = graph.metadata.get(KEY)
    wanted = {**_identity(model), **request.identity}
    return isinstance(made, dict) and all(made.get(key) == value for key, value in wanted.items() if value is not None)


def _converse(request: Request, model: LanguageModel, max_tokens: int) -> tuple[list[Reading], list[str]]:
    """The readings of one or two answers, and what went wrong with an answer that could not be read."""
    messages: list[Message] = list(request.messages)
    readings: list[Reading] = []
    notes: list[str] = []
    for turn in range(2):
        text = ""
        try:
            text = model.complete(messages, request.schema, max_tokens)
            reading = read_claims(text, request.marks, request.predicates, request.most)
        except ModelError as error:
            if not readings:
                raise
            notes.append(f"repair: {error}")
            break
        except InputError as error:
            notes.append(f"answer {turn + 1}: {error}")
            complaint = f"That cannot be used: {error}. Write the JSON object only."
        else:
            readings.append(reading)
            if not (reading.dropped or reading.broken):
                break
            complaint = _complaint(reading)
        messages += [
            {"role": "assistant", "content": text[:_SHOWN_BACK]},
            {"role": "user", "content": complaint},
        ]
    if not readings:
        raise ModelError(f"the model wrote nothing that can be used, told once what was wrong ({notes[-1]})")
    return readings, notes


def _complaint(reading: Reading) -> str:
    lines = [f"- {claim}: {reason}" for claim, reason in reading.dropped[:_PROBLEMS_SHOWN]]
    if reading.broken:
        lines.append("- the JSON is cut off or damaged; write fewer relations")
    return "\n".join(
        [
            f"{len(reading.claims)} relations are kept. These cannot be used:",
            *lines,
            'Write corrected ones only, in the same form: {"relations": [...]}. An empty list leaves them out.',
        ]
    )


def _identity(model: LanguageModel) -> dict[str, str | None]:
    """Which model, where: names that hold no secrets."""
    if isinstance(model, Server):
        return {"model": model.model, "endpoint": model.endpoint}
    return {"model": model.name, "endpoint": None}


def _graph(request: Request, claims: list[Claim], provenance: dict[str, Any]) -> SceneGraph:
    graph = request.graph
    vocabulary = graph.vocabulary
    if request.predicates is None:
        vocabulary = replace(vocabulary, predicates=tuple(dict.fromkeys(claim.predicate for claim in claims)))
    relations = [
        Relation(claim.subject, vocabulary.predicate_id(claim.predicate), claim.object, claim.score) for claim in claims
    ]
    relations.sort(key=lambda relation: -relation.score)
    return replace(
        graph,
        vocabulary=vocabulary,
        relations=tuple(relations),
        metadata={**graph.metadata, KEY: provenance},
    )
