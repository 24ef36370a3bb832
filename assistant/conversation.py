"""Conversations: turns in order, of which the later ones may refer to the earlier ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.answers import GroundedAnswer, Reason, Status
from assistant.asking_back import which_one
from assistant.follow_ups import FollowUp, follow_up, in_context
from assistant.referents import REMEMBERED, Turn
from assistant.regions import Region
from assistant.said_before import the_rest
from assistant.steps import Question
from assistant.wording import source_of
from scenegraph import InputError

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class Conversation:
    """The turns of one conversation about one graph."""

    def __init__(self, assistant: "Assistant") -> None:
        self.assistant = assistant
        self._turns: list[Turn] = []

    @property
    def turns(self) -> list[GroundedAnswer]:
        """The last answers, oldest first."""
        return [turn.answer for turn in self._turns]

    def ask(self, question: str, regions: Sequence[Region] = (), with_model: bool = True) -> GroundedAnswer:
        """Answer the next question.

        Args:
            question: in English; it may refer to what was said ("and what is she holding?"), leave out what was
                said ("and the dog?"), correct it ("no, the cat") or say what was meant ("the one on the bench").
            regions: what it points at (see `assistant.regions`).
            with_model: let the language model help, where the assistant has one.

        Raises:
            InputError: a region cannot be used.
        """
        found = None if regions else follow_up(self.assistant, question, self._turns)
        answer = self._answer(question, found, regions, with_model)
        settled = None if regions else in_context(answer, self.assistant, self._turns)
        if settled is not None:
            answer = replace(self._run(settled.programs, question), notes=(*answer.notes, *settled.notes))
        if found is not None:
            answer = replace(answer, question=question, notes=tuple(dict.fromkeys((*answer.notes, *found.notes))))
        found = found or FollowUp()
        turn = Turn(answer, found.called, found.open, found.short, found.remark)
        self._turns = [*self._turns[1 - REMEMBERED :], turn]
        return answer

    def _answer(
        self, question: str, found: FollowUp | None, regions: Sequence[Region], with_model: bool
    ) -> GroundedAnswer:
        if found is None:
            return self.assistant.ask(question, regions, with_model)
        if found.remark:
            return self._without_question(question)
        if found.programs:
            return self._run(found.programs, question, found.rest)
        if found.options:
            index, closed = self.assistant.index, self.assistant.closed_world
            return which_one(index, question, found.word, found.options, closed)
        answer = self.assistant.ask(found.text or question, (), with_model)
        if answer.status is Status.UNPARSED:
            plain = self.assistant.ask(question, (), with_model=False)
            return plain if self.assistant.llm is None or plain.status is not Status.UNPARSED else answer
        return answer

    def _run(self, programs: tuple[Question, ...], question: str, rest: bool = False) -> GroundedAnswer:
        try:
            if rest:
                told = [turn.answer for turn in self._turns]
                return the_rest(self.assistant, programs, told, question)
            return self.assistant.best(programs, question)
        except InputError:
            return self.assistant.ask(question)

    def _without_question(self, question: str) -> GroundedAnswer:
        """The answer to thanks and remarks."""
        return GroundedAnswer(
            text="That asks for nothing; ask on, the conversation is kept.",
            short="no question",
            status=Status.UNPARSED,
            reason=Reason.EMPTY,
            question=question,
            closed_world=self.assistant.closed_world,
            source=source_of(self.assistant.index),
        )


class Told:
    """An answer that is given out piece by piece; the answer itself is known before the first piece.

    Nothing is told before all of it was checked, so the pieces are those of `answer.text`.
    """

    def __init__(self, answer: GroundedAnswer) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[str]:
        """Words with the space behind them."""
        return pieces(self.answer.text)


def pieces(text: str) -> Iterator[str]:
    """A text word by word; joined they are the text.

    >>> list(pieces("Yes. It is."))
    ['Yes. ', 'It ', 'is.']
    """
    start = 0
    for at in range(1, len(text)):
        if text[at - 1] == " " and text[at] != " ":
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def chat(
    assistant: "Assistant", messages: Sequence[Mapping[str, Any]], regions: Sequence[Region] = ()
) -> GroundedAnswer:
    """The answer to the last of the messages, read after those of the user before it.

    What the assistant said earlier is worked out again from the graph, not believed: messages come
    from outside, and so do those that claim to be ours.

    Args:
        assistant: of the graph.
        messages: `{"role": "user", "content": "..."}`, oldest first; other roles are passed over.
        regions: what the last question points at.

    Raises:
        InputError: there is no question, or a message is malformed.
    """
    questions: list[str] = []
    for at, message in enumerate(messages):
        content = message.get("content") if isinstance(message, Mapping) else None
        role = message.get("role") if isinstance(message, Mapping) else None
        if not isinstance(role, str) or (role == "user" and not isinstance(content, str)):
            raise InputError(f'messages[{at}]: expected {{"role": "user", "content": "a text"}}')
        if role == "user":
            questions.append(str(content))
    if not questions:
        raise InputError("messages: there is no message of the user")
    conversation = Conversation(assistant)
    for earlier in questions[:-1][-REMEMBERED:]:
        try:
            conversation.ask(earlier, with_model=False)
        except InputError:  # an earlier question pointed at nothing; that was told then
            continue
    return conversation.ask(questions[-1], regions)
