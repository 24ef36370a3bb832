"""The language model as program writer: it never sees the graph; what it writes is executed on it."""

from assistant.answers import GroundedAnswer, RelationCitation, Status
from assistant.assistant import Assistant
from assistant.program_line import from_line
from assistant.programs import Doing, Locate, Which, kind_of
from assistant.tuning.texts import NONE, parts
from scenegraph import InputError

UNREAD = "not read"
"""The answer where there is no program, or what was written is none."""


def program_of(assistant: Assistant, question: str) -> str | None:
    """The one-line program that the parser reads in a question; None where it cannot read it.

    >>> from toyworld import scenes  # doctest: +SKIP
    >>> program_of(Assistant(scenes.image(7).graph), "Is there a dog?")  # doctest: +SKIP
    'exists(find(dog))'
    """
    program = assistant.ask(question, with_model=False).program
    return None if program is None else program.line


def executed(assistant: Assistant, line: str) -> str:
    """What a one-line program gives on a graph, as `short_answer`; `UNREAD` where it is no program."""
    try:
        answer = assistant.run(from_line(line))
    except InputError:
        return UNREAD
    return short_answer(assistant, answer)


def asked(assistant: Assistant, question: str) -> str:
    """What parser and executor answer, as `short_answer`."""
    return short_answer(assistant, assistant.ask(question, with_model=False))


def short_answer(assistant: Assistant, answer: GroundedAnswer) -> str:
    """A grounded answer in the words in which models are taught to answer.

    Labels (`person-2`) of the nodes that are the answer, `PREDICATE LABEL` for what something does or
    where it is, else the short answer; `NONE` where the question cannot be answered.
    """
    if answer.status is Status.UNANSWERABLE:
        return NONE
    if answer.status is not Status.ANSWERED or answer.program is None:
        return UNREAD
    kind = kind_of(answer.program.question)
    if kind in (Doing, Locate):
        ties = [cited for cited in answer.citations if isinstance(cited, RelationCitation)]
        return ", ".join(sorted({f"{tie.predicate} {assistant.graph.label(tie.object)}" for tie in ties}))
    if kind is Which:
        return ", ".join(sorted({assistant.graph.label(node) for node in answer.nodes}))
    return answer.short


def proven(assistant: Assistant, question: str, answer: str) -> str | None:
    """The program of a question if the graph gives the right answer to it: what may be taught."""
    line = program_of(assistant, question)
    return line if line is not None and parts(executed(assistant, line)) == parts(answer) else None
