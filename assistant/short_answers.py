"""Answers in the words of benchmarks: "dog", not "dog-1"; "no" where a complete graph lacks what is asked about."""

from assistant.answers import GroundedAnswer, Reason, Status
from assistant.assistant import Assistant
from assistant.programs import Choose, asks_yes_or_no

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def short_answer(assistant: Assistant, answer: GroundedAnswer) -> str:
    """The bare answer, nodes by their kind; the whole text where there is no answer.

    Benchmarks want "dog", not "dog-1", and in a complete graph "no" where a yes/no question asks about
    a kind of thing that the graph has no word for.

    Args:
        assistant: who answered.
        answer: what it answered.
    """
    text = answer.short if answer.status is Status.ANSWERED else answer.text
    absent = answer.reason in (Reason.ABSENT_OBJECT, Reason.ABSENT_RELATION)
    if assistant.closed_world and absent and answer.program and asks_yes_or_no(answer.program.question):
        text = "no"
    return _unnumbered(assistant, text)


def letter(answer: GroundedAnswer) -> str | None:
    """The letter of the option that was chosen; None where none was, or the question has no options."""
    question = None if answer.program is None else answer.program.question
    if answer.status is not Status.ANSWERED or not isinstance(question, Choose):
        return None
    at = question.options.index(answer.short) if answer.short in question.options else -1
    return LETTERS[at] if 0 <= at < len(LETTERS) else None


def _unnumbered(assistant: Assistant, text: str) -> str:
    """A text that calls nodes by their kind: `dog-1` is `dog`."""
    # The longest first: `person-1` also stands in `person-12`.
    for label in sorted((label for label in assistant.index.shown if label in text), key=len, reverse=True):
        text = text.replace(label, label.rpartition("-")[0])
    return text
