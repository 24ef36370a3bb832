"""Asking with the help of a language model, so that nothing unchecked is passed on as supported.

What the parser reads is executed exactly and needs no model. For the rest the model first tries to
write the program; where it writes none it may reason over the graph's prompt: its claims are checked
one by one, those that hold are told, and its conclusion is told only if `verify` supports all of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from assistant import roles
from assistant.answers import Claim, GroundedAnswer, NodeCitation, Reason, Status, Verdict, Verification
from assistant.checking import check_triples
from assistant.citing import Citations
from assistant.models import LanguageModel, ModelError
from assistant.phrasing import listed
from assistant.sentences import sentence
from scenegraph import InputError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

Role = Literal["program", "reason", "phrase"]


def assisted(assistant: Assistant, model: LanguageModel, answer: GroundedAnswer) -> GroundedAnswer:
    """The answer with what a language model can add; the answer itself, with a note, where it adds nothing."""
    try:
        if answer.status is not Status.UNPARSED:
            return _phrased(assistant, model, answer) if "phrase" in assistant.roles else answer
        return _programmed(assistant, model, answer) or _reasoned(assistant, model, answer) or _noted(
            answer, f"{model.name} gave nothing that could be checked"
        )  # fmt: skip
    except ModelError as error:
        return _noted(answer, f"the language model could not help: {error}")


def _programmed(assistant: Assistant, model: LanguageModel, answer: GroundedAnswer) -> GroundedAnswer | None:
    if "program" not in assistant.roles or answer.reason is Reason.NEEDS_JUDGEMENT:
        return None
    program = roles.write_program(model, assistant.index, answer.question)
    if program is None:
        return None
    try:
        run = assistant.run(program, answer.question, author="language model")
    except InputError:
        return None
    assert run.program is not None
    note = f"the language model read the question as {run.program.line}; the answer to that is exact"
    return replace(run, notes=(*run.notes, note))


def _reasoned(assistant: Assistant, model: LanguageModel, answer: GroundedAnswer) -> GroundedAnswer | None:
    if "reason" not in assistant.roles:
        return None
    prompt = assistant.prompt(answer.question, assistant.budget)
    picture = None
    if assistant.frames is not None:
        from assistant.showing import marked_png  # drawing is loaded by those who need it

        shown = [node.id for node in roles.shown_by(prompt).nodes]
        picture = marked_png(assistant.graph, shown, frames=assistant.frames)
    given = roles.reason(model, prompt, picture)
    if given is None:
        return None
    citations = Citations(assistant.index)
    claims = check_triples(assistant.index, given.claims, citations)
    held = [claim for claim in claims if claim.verdict is Verdict.SUPPORTED]
    concluded = assistant.verify(given.conclusion)
    dropped = len(claims) - len(held)
    notes = [f"claims of the language model that are not in the graph were dropped ({dropped})"] if dropped else []
    text = sentence(listed([claim.text for claim in held])) if held else ""
    contradicted = any(claim.verdict is Verdict.CONTRADICTED for claim in concluded.claims)
    if contradicted:
        notes.append("its conclusion contradicts the graph and was dropped")
    judged = answer.reason is Reason.NEEDS_JUDGEMENT  # a true sentence about the picture is no answer to "why"
    if concluded.supported and held and not judged:
        claims = [
            *held,
            *(replace(claim, citations=_cited_again(claim, concluded, citations)) for claim in concluded.claims),
        ]
        same = given.conclusion.lower().rstrip(". ") == text.lower().rstrip(". ")
        return _told(
            answer, given.conclusion if same else f"{given.conclusion} {text}".strip(), claims, citations, notes
        )
    if not held:
        return _noted(answer, *notes, "the language model's answer rests on nothing in the graph and is not shown")
    return replace(
        answer,
        text=f"{answer.text} What the graph shows about it: {text}",
        claims=tuple(held),
        citations=tuple(citations.listed),
        evidence_count=citations.count,
        inference=given.conclusion if given.conclusion and not contradicted else None,
        notes=(*answer.notes, *notes),
    )


def _cited_again(claim: Claim, verification: Verification, citations: Citations) -> tuple[int, ...]:
    """The citations of a verified claim, as places in another list."""
    places: list[int] = []
    for cited in (verification.citations[at] for at in claim.citations):
        if isinstance(cited, NodeCitation):
            places += citations.node(cited.node)
        else:
            places += citations.relation(cited.relation)
    return tuple(places)


def _told(
    answer: GroundedAnswer, text: str, held: list[Claim], citations: Citations, notes: list[str]
) -> GroundedAnswer:
    scores = [citation.score for citation in citations.listed]
    return replace(
        answer,
        text=text,
        short=text.split(". ")[0].rstrip("."),
        status=Status.ANSWERED,
        reason=None,
        claims=tuple(held),
        citations=tuple(citations.listed),
        evidence_count=citations.count,
        confidence=min(scores) if scores else None,
        suggestion=None,
        notes=(*answer.notes, *notes, "answered by the language model and checked against the graph"),
    )


def _phrased(assistant: Assistant, model: LanguageModel, answer: GroundedAnswer) -> GroundedAnswer:
    if answer.status is not Status.ANSWERED or not answer.claims:
        return answer
    worded = roles.phrase(model, answer)
    if worded and roles.says_the_same(answer, assistant.verify(worded)):
        return replace(answer, text=worded)
    return _noted(answer, "the language model's wording was not used: the graph does not support all of it")


def _noted(answer: GroundedAnswer, *notes: str) -> GroundedAnswer:
    return replace(answer, notes=(*answer.notes, *notes))
