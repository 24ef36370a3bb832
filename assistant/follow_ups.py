"""Questions that need the turns before them: "and what is she holding?", "what about the dog?", "when?".

What refers to something is replaced by what it refers to (`anaphora`), what a short question leaves out is taken
from the question before (`ellipsis`, `short_questions`, `that_time`); both are told in notes. Where several nodes are
meant equally well it is asked back, and the answer to that is read as one (`asked_back`). A question that can be
read by itself keeps its meaning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.anaphora import Anaphora
from assistant.answers import GroundedAnswer, Status
from assistant.asked_back import chosen, settled
from assistant.ellipsis import Ellipsis, innermost, subject_of
from assistant.one_of_several import AskBack
from assistant.phrasing import listed
from assistant.programs import Count, CountIs, Doing, Exists, Not, Which
from assistant.pronouns import PRONOUNS
from assistant.referents import Referents, Turn, asked_for
from assistant.regions import reference
from assistant.remarks import Opened, opened
from assistant.short_questions import ShortQuestions
from assistant.stand_ins import NAMES, StandIns
from assistant.steps import Pick, Question, The, walk
from assistant.text import MAX_CHARACTERS, normalise, words
from assistant.that_time import timed, without_then
from assistant.timed_programs import During, inner

if TYPE_CHECKING:
    from assistant.assistant import Assistant

LEFT_OUT = "what the question leaves out is taken from the one before"
_GAP = "\0"
_ASKS = re.compile(
    r"(?:who|whom|whose|what|when|where|why|how|is|are|was|were|do|does|did|can|list|describe|which (?!one))\b"
)
"""How another question begins than the one that was left open."""
_ANY = re.compile(r"(?:any|some|anyone|anybody|anything|someone|somebody|something|no)\b")
_NOT_WHOLE = re.compile(
    r"(?:what|how) about\b|what of\b|as for\b|(?:the )?same\b|ditto\b|do the same\b"
    r"|[a-z]+ing (?:[a-z]+ )?(?:what|whom?)\W*$"
)
"""How a fragment begins that would be read as something else by itself."""
_ELSE = re.compile(r"(?:is (?:that|there) )?(?:what|anything|something) (?:else|more)\W*|is that all\W*")
"""After what somebody does: what else they do."""
_LONGEST_FRAGMENT = 16
"""Words of a fragment; what is longer is a question or none."""


@dataclass(frozen=True)
class FollowUp:
    """What a follow-up question amounts to.

    Attributes:
        programs: its readings.
        text: where it has none, the question as it stands by itself.
        options: nodes that a word may mean; it has to be asked back.
        word: that word.
        open: the question with a gap in its place.
        called: pronouns and what they were read as.
        short: it leaves something out.
        remark: it asks for nothing.
        rest: it asks what else somebody does.
        notes: what was understood.
    """

    programs: tuple[Question, ...] = ()
    text: str | None = None
    options: tuple[int, ...] = ()
    word: str = ""
    open: str | None = None
    called: tuple[tuple[str, int], ...] = ()
    short: bool = False
    remark: bool = False
    rest: bool = False
    notes: tuple[str, ...] = ()


def follow_up(assistant: "Assistant", question: str, turns: Sequence[Turn]) -> FollowUp | None:
    """What a question means after these turns; None if it needs none of them.

    Args:
        assistant: of the graph.
        question: as it was typed.
        turns: oldest first.
    """
    if len(question) > MAX_CHARACTERS or not words(question):
        return None
    said = opened(question)
    if not said.text:
        return FollowUp(remark=True)
    referents = Referents(assistant, turns)
    last = referents.last
    if last is None:
        return None
    if said.again:
        again = ("the question before is asked again",)
        return None if last.question is None else FollowUp((last.question,), notes=again)
    if last.answer.status is Status.AMBIGUOUS and last.answer.options:
        picked = _picked(assistant, said, turns, referents)
        if picked is not None:
            return picked
    return _Reading(assistant, question, said, referents).follow_up()


def in_context(answer: GroundedAnswer, assistant: "Assistant", turns: Sequence[Turn]) -> FollowUp | None:
    """What "the person" means after a turn that spoke of one: the question that was asked of several anew."""
    referents = Referents(assistant, turns)
    last = referents.last
    if answer.status is not Status.AMBIGUOUS or answer.program is None or last is None:
        return None
    for group in referents.named(last):
        among = tuple(node for node in dict.fromkeys(group) if node in answer.options)
        if len(among) > 1:
            return None
        if among:
            question = settled(answer.program.question, answer.options, among, referents)
            note = f"taken to mean {assistant.index.label(among[0])}, of which was spoken before"
            return None if question is None else FollowUp((question,), notes=(note,))
    return None


def _picked(assistant: "Assistant", said: Opened, turns: Sequence[Turn], referents: Referents) -> FollowUp | None:
    """The question that was left open, now that it is said what was meant."""
    last = referents.last
    assert last is not None
    stand_ins = StandIns(assistant.parser_with_stand_ins)
    if _ASKS.match(said.text):
        return None
    options = last.answer.options
    nodes = chosen(said.text, options, referents, stand_ins)
    if not nodes:
        return None
    labels = [assistant.index.label(node) for node in nodes]
    note = f"'{said.text.strip(' ?.!')}' was read as {listed(labels, 'and')}"
    if last.open is not None:
        if len(nodes) > 1:
            return FollowUp(options=nodes, word=said.text.strip(" ?.!"), open=last.open, notes=())
        whole = last.open.replace(_GAP, reference(assistant.index, nodes[0]))
        earlier = list(turns[: list(turns).index(last)])
        found = follow_up(assistant, whole, earlier) or FollowUp(text=whole)
        return replace(found, notes=(note, *found.notes))
    question = None if last.question is None else settled(last.question, options, nodes, referents)
    return None if question is None else FollowUp((question,), notes=(note,))


class _Reading:
    """One question after some turns."""

    def __init__(self, assistant: "Assistant", question: str, said: Opened, referents: Referents) -> None:
        self.assistant = assistant
        self.said = said
        self.plain = normalise(question).strip()
        self.referents = referents
        self.stand_ins = StandIns(assistant.parser_with_stand_ins)
        last = referents.last
        assert last is not None
        self.last = last
        self.before = last.question
        subject = None if self.before is None else subject_of(self.before)
        self.anaphora = Anaphora(assistant, referents, self.stand_ins, subject=subject)

    def follow_up(self) -> FollowUp | None:
        """What the question amounts to."""
        if self.before is not None and isinstance(inner(self.before), Doing) and _ELSE.fullmatch(self.said.text):
            return FollowUp((self.before,), short=True, rest=True, notes=(LEFT_OUT,))
        brief = self._brief()
        if brief is not None:
            return FollowUp((brief,), short=True, notes=(LEFT_OUT,))
        if self._is_whole(self.said.text):
            return None if self.said.text == self.plain else FollowUp(text=self.said.text)
        time = timed(self.said.text, self.referents)
        text = without_then(self.said.text) if time is None else time.text
        notes = () if time is None else (f"'{time.words}' was read as a time relative to what was said before",)
        if time is not None and not text.strip(" ?.!,"):
            question = None if self.before is None else During(inner(self.before), time.window)
            return None if question is None else FollowUp((question,), short=True, notes=(LEFT_OUT, *notes))
        try:
            resolved = self.anaphora.resolved(text)
        except AskBack as back:
            gap = re.sub(rf"\b{re.escape(back.word)}\b", _GAP, self.said.text)
            return FollowUp(options=back.options, word=back.word, open=gap)
        except LookupError:
            return None
        found = self._read(resolved, text, timed_too=time is not None)
        if found is None:
            return None
        if time is not None and found.programs:
            programs = tuple(During(inner(question), time.window) for question in found.programs)
            found = replace(found, programs=programs)
        called, rest = tuple(self.anaphora.called), self.anaphora.rest_of_deeds
        return replace(found, called=called, rest=rest, notes=(*self.anaphora.notes, *notes, *found.notes))

    def _brief(self) -> Question | None:
        if self.before is None:
            return None
        attributes = frozenset({"colour", "size", "material", *self.assistant.parser.attributes})
        return ShortQuestions(self.before, self.last.answer, self.referents, attributes).read(self.said.text)

    def _is_whole(self, text: str) -> bool:
        """Whether a pronoun of the question stands for something that the question itself names before it."""
        said = words(text)
        at = next((at for at, word in enumerate(said) if word in PRONOUNS), None)
        called = self.assistant.parser.called
        if at is None or not any(word in ("the", "a", "an") or word in called for word in said[:at]):
            return False
        return any(
            any(isinstance(step, The | Pick) for step in walk(question))
            for question in self.assistant.parser.question(text).questions
        )

    def _read(self, resolved: str, text: str, timed_too: bool) -> FollowUp | None:
        changed = resolved != text
        programs = () if _NOT_WHOLE.match(resolved) else self.stand_ins.read(resolved)
        before = None if self.before is None else Ellipsis(self.before, self.referents, self.stand_ins)
        if (
            not programs
            and self.stand_ins.meant
            and all(isinstance(one, Pick) for one in self.stand_ins.meant.values())
        ):
            programs = self.assistant.parser.question(self._spoken(resolved)).questions
        programs = self._of_the_set(programs, resolved)
        short = len(words(resolved)) <= _LONGEST_FRAGMENT and all(map(_only_exists, programs))
        if before is not None and short:
            try:
                found = before.doing_that(resolved)
                fragment = not (programs and _ASKS.match(resolved))
                if not found and fragment and not self._new_topic(resolved):
                    found = before.read(resolved, self.said.denied)
                    programs = ()  # by itself "the other one?" does not ask whether there is one
            except LookupError:
                return None
            if found:
                return FollowUp(found, short=True, notes=(LEFT_OUT,))
        if programs:
            same = not changed and not timed_too and resolved == self.plain
            return None if same else FollowUp(programs, text=self._spoken(resolved))
        if not changed or (self.stand_ins.meant and self.assistant.llm is None):
            return None
        return FollowUp(text=self._spoken(resolved))

    def _of_the_set(self, programs: tuple[Question, ...], text: str) -> tuple[Question, ...]:
        """Which of them is eating: those readings that ask for some of them, not for what they eat."""
        which = re.match(rf"which ({'|'.join(NAMES)})s? (?:is|are|was|were)\b", text)
        meant = None if which is None else self.stand_ins.meant.get(which[1])
        if meant is None:
            return programs
        asked = [(one, asked_for(one)) for one in programs]
        return tuple(one for one, of in asked if of is not None and innermost(of) == meant) or programs

    def _new_topic(self, text: str) -> bool:
        """Any cats?: whether there are some, unless a set of things was asked for before."""
        asked = None if self.before is None else inner(self.before)
        return _ANY.match(text) is not None and not isinstance(asked, Exists | Count | Which | CountIs)

    def _spoken(self, text: str) -> str:
        """A question in which labels stand in the places of stand-ins."""

        def labels(found: re.Match[str]) -> str:
            nodes = self.stand_ins.meant.get(found[1])
            known = nodes.nodes if isinstance(nodes, Pick) else ()
            return listed([reference(self.assistant.index, node) for node in known], "and") or found[0]

        return re.sub(rf"\b(?:the |these )?({'|'.join(NAMES)})s?\b", labels, text)


def _only_exists(program: Question) -> bool:
    """Whether a phrase ("the dog", "is the dog") was read as whether there is such a thing."""
    asked = inner(program)
    return isinstance(asked.question if isinstance(asked, Not) else asked, Exists | CountIs)
