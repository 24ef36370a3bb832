"""The assistant of one graph: ask, prompt, verify."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from assistant.answers import Citation, GroundedAnswer, Reason, RelationCitation, Status, Verdict, Verification
from assistant.assisted import Role, assisted
from assistant.conversation import Told, chat
from assistant.executor import Executor
from assistant.forms import Form
from assistant.index import GraphIndex
from assistant.lexicon import Lexicon, Words, lexicon_of
from assistant.models import LanguageModel, open_model
from assistant.models.opening import Completer
from assistant.outcomes import Outcome
from assistant.own_names import own_names
from assistant.parser import Parse, Parser
from assistant.programs import Author, Program
from assistant.prompting import Example, Layout, prompt_for
from assistant.region_places import BY_BOXES, placed
from assistant.regions import Region, points, resolve
from assistant.retrieval import CountTokens
from assistant.stand_ins import parser_with_stand_ins
from assistant.steps import Question
from assistant.suggesting import suggestions
from assistant.text import MAX_CHARACTERS
from assistant.timed_programs import During
from assistant.unnamed import about_the_unnamed
from assistant.verifying import verify
from assistant.wording import compose, source_of
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Span, Track4D, Tube, Vocabulary

if TYPE_CHECKING:
    from assistant.showing import Frames

_UNPARSED = {
    Reason.EMPTY: "There is no question.",
    Reason.TOO_LONG: f"The question is too long to be read: ask one sentence of at most {MAX_CHARACTERS} characters.",
    Reason.NOT_ENGLISH: "The question does not look like English, the only language that is read without a model.",
    Reason.NEEDS_JUDGEMENT: "Reasons, intentions and the future are not in a scene graph, so this is not answered.",
    Reason.UNKNOWN_FORM: "This question could not be parsed; that does not mean that the graph has no answer.",
}


MIN_SCORE = 0.3
"""Models rank every pair, and most of the list is noise; the score of a relation that a model believes
in is the product of three probabilities, so that a half would already ask for 0.8 of each."""


class Assistant:
    """Answers questions about one graph, with evidence.

    Args:
        graph: an image, video or RGB-D scene graph.
        min_score: relations of lower score are not used, as if the graph did not have them; 0 uses all.
            Citations number the relations of the graph as it was given.
        closed_world: the graph is complete: what it does not show is not so. By default a missing
            edge is no "no".
        words: the user's own synonyms and broader or narrower words.
        llm: a language model for what the parser cannot read: the address of an OpenAI-compatible
            server, a local Hugging Face folder, a function of the messages, or None.
        model: its name at the server.
        roles: what the language model may do: "program" (write the program of a question that the
            parser cannot read), "reason" (answer from the graph's prompt where there is no program),
            "phrase" (word answers). Whatever it says is checked against the graph.
        api_key: sent to the server as a bearer token.
        budget: tokens of the prompt for "reason".
        frames: gives pictures of the source to a language model that sees: with the prompt for "reason"
            comes the picture with the ids of the nodes written on it.

    Raises:
        InputError: `llm` names no language model, or `min_score` is no probability.
    """

    def __init__(
        self,
        graph: SceneGraph,
        llm: "str | Path | LanguageModel | Completer | None" = None,
        *,
        min_score: float = MIN_SCORE,
        closed_world: bool = False,
        words: Words | None = None,
        model: str | None = None,
        roles: Iterable[Role] = ("program", "reason"),
        api_key: str | None = None,
        budget: int = 2000,
        frames: "Frames | None" = None,
    ) -> None:
        if not 0 <= min_score <= 1:
            raise InputError(f"min_score {min_score}: expected a number from 0 (uses all relations) to 1")
        self.graph = graph
        self.closed_world = closed_world
        self.words = words or Words()
        self.index = GraphIndex(graph, min_score)
        self.llm = open_model(llm, model, api_key)
        self.roles = frozenset(roles)
        self.budget = budget
        self.frames = frames
        self._executor = Executor(self.index, closed_world)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that reach this graph."""
        lexicon = lexicon_of(self.graph.vocabulary, self.words)
        if not self.index.attributes:
            return lexicon
        return lexicon.with_attributes(
            {name: [value for _, value in rows] for name, rows in self.index.attributes.items()}
        )

    @cached_property
    def parser(self) -> Parser:
        """The parser over those words."""
        measured = any(isinstance(node.region, Track4D) for node in self.index.nodes)
        pictured = not measured or any(node.located for node in self.index.nodes)
        called = own_names(self.index, lexicon_of(self.graph.vocabulary, self.words)) | self.index.called
        return Parser(self.lexicon, called, frozenset(self.index.attributes), measured, pictured)

    @cached_property
    def parser_with_stand_ins(self) -> Parser:
        """The parser that reads besides the words that stand for what was said before in a conversation."""
        return parser_with_stand_ins(self.parser)

    def prepare(self) -> None:
        """Make everything now that the first question would otherwise wait for."""
        warm_up()
        self.index.prepare()
        _ = self.parser.called.longest

    def ask(self, question: str, regions: Sequence[Region] = (), with_model: bool = True) -> GroundedAnswer:
        """Answer a question in English.

        Args:
            question: one sentence; it may point at places and times ("what is <point 120,80> holding?").
            regions: what it points at besides (see `assistant.regions`).
            with_model: let the language model help, where there is one.

        Raises:
            InputError: a region lies outside the source or on nothing.
        """
        if regions or points(question):
            return self._pointing(question, regions, with_model)
        parse = self.parser.question(question)
        read = parse.questions
        answer = self._best(read, "parser", question) if read else about_the_unnamed(self, question)
        answer = answer or self._unparsed(question, parse)
        if self.llm is None or not with_model or parse.reason in (Reason.EMPTY, Reason.TOO_LONG):
            return answer
        return assisted(self, self.llm, answer)

    def _pointing(self, question: str, regions: Sequence[Region], with_model: bool) -> GroundedAnswer:
        """The answer to a question that points at something."""
        place = placed(self.index, question, regions)
        programs: tuple[Question, ...] = ()
        if place is not None and (read := self.parser.question(place.pointed.question).questions):
            programs = tuple(map(place.program, read))
        if place is None or not programs or place.framed:
            pointed = resolve(self.index, question, regions)
            answer = self.ask(pointed.question, with_model=with_model and not programs)
            related = any(isinstance(cited, RelationCitation) for cited in answer.citations)
        if place is not None and programs and not (place.framed and answer.status is Status.ANSWERED and related):
            pointed, answer = place.pointed, self._best(programs, "parser", question)
            if answer.short == "0" and not self.closed_world:
                pointed = replace(pointed, notes=(*pointed.notes, BY_BOXES))
        return replace(answer, question=question[:MAX_CHARACTERS], notes=(*answer.notes, *pointed.notes))

    @overload
    def chat(
        self, messages: Sequence[Mapping[str, Any]], *, stream: Literal[False] = False, regions: Sequence[Region] = ()
    ) -> GroundedAnswer: ...
    @overload
    def chat(
        self, messages: Sequence[Mapping[str, Any]], *, stream: Literal[True], regions: Sequence[Region] = ()
    ) -> Told: ...
    def chat(
        self, messages: Sequence[Mapping[str, Any]], *, stream: bool = False, regions: Sequence[Region] = ()
    ) -> GroundedAnswer | Told:
        """Answer the last message of a conversation; it may refer to the earlier ones.

        Args:
            messages: `{"role": "user", "content": "..."}`, oldest first.
            stream: give an iterable of pieces of the text, with the whole answer as its `answer`.
            regions: what the last message points at.

        Raises:
            InputError: there is no question, or a message or a region is malformed.
        """
        answer = chat(self, messages, regions)
        return Told(answer) if stream else answer

    def run(self, program: Question, question: str = "", author: Author = "caller") -> GroundedAnswer:
        """Answer a program.

        Raises:
            InputError: the program cannot be run (a negated question that is not a yes/no question).
        """
        return self._best((program,), author, question)

    def best(self, programs: tuple[Question, ...], question: str = "") -> GroundedAnswer:
        """The answer of that reading of a question that says most about this graph.

        Raises:
            InputError: a program cannot be run.
        """
        return self._best(programs, "parser", question)

    def outcome(self, program: Question) -> Outcome:
        """What running a program gives, without words.

        Raises:
            InputError: the program cannot be run.
        """
        return self._executor.run(program)

    def prompt(
        self,
        question: str | None = None,
        budget: int = 1000,
        count: CountTokens | None = None,
        boxes: bool | None = None,
        form: Form = "incidence",
        schema: Mapping[str, Any] | None = None,
        examples: Sequence[Example] = (),
    ) -> str:
        """The graph as text for a language model, the part that the question needs first.

        Args:
            question: what will be asked; None for the graph alone.
            budget: tokens at most.
            count: gives the tokens of a text; by default an estimate from above.
            boxes: show boxes; None shows them for spatial questions.
            form: how the graph is written (see `assistant.forms`).
            schema: a JSON Schema to be filled; {} for that of claims about the nodes that are shown.
            examples: questions about other graphs (see `assistant.examples`), as far as they fit.

        Raises:
            InputError: the budget is too small for any prompt.
        """
        parse = self.parser.question(question) if question else None
        outcome: Outcome | None = None
        cited: tuple[Citation, ...] = ()
        if parse is not None and parse.questions:
            program, outcome = self._chosen(parse.questions)
            cited = compose(self.index, outcome, Program(program, "parser", ()), "", self.closed_world).citations
        tokens = self.parser.tokens(question[:MAX_CHARACTERS]) if question else []
        layout = Layout(budget, count, boxes, form, schema, examples)
        return prompt_for(self.index, self.lexicon, question, tokens, outcome, cited, layout)

    def verify(self, text: str) -> Verification:
        """Take a text apart into claims and give each a verdict, with evidence."""
        return verify(text, self.index, self.parser, self._executor)

    def _best(self, programs: tuple[Question, ...], author: Author, question: str) -> GroundedAnswer:
        """The answer of the program that says most about this graph."""
        program, outcome = self._chosen(programs)
        written = Program(program, author, outcome.trace)
        return compose(self.index, outcome, written, question, self.closed_world)

    def _chosen(self, programs: tuple[Question, ...]) -> tuple[Question, Outcome]:
        """The first program that the graph settles by what it shows, else the one that says most."""
        outcomes: list[tuple[Question, Outcome]] = []
        for program in programs:
            outcome = self._executor.run(program)
            if _settled(outcome) or _dated(program, outcome, programs):
                return program, outcome
            outcomes.append((program, outcome))
        return max(outcomes, key=lambda pair: _rank(pair[1]))

    def _unparsed(self, question: str, parse: Parse) -> GroundedAnswer:
        reason = parse.reason or Reason.UNKNOWN_FORM
        if reason is Reason.UNKNOWN_WORD:
            shown = ", ".join(f"'{word[:40]}'" for word in parse.unknown[:4])
            text = (
                f"I do not know the word{'s' if len(parse.unknown) > 1 else ''} {shown}, so I cannot read the question."
            )
        else:
            text = _UNPARSED[reason]
        nearest = None
        if reason not in (Reason.TOO_LONG, Reason.EMPTY):
            nearest = next(suggestions(question, parse, self.parser, self.index), None)
        if nearest is not None:
            text = f"{text} The nearest question that I can answer: {nearest}"
        return GroundedAnswer(
            text=text,
            short="not read",
            status=Status.UNPARSED,
            reason=reason,
            question=question[:MAX_CHARACTERS],
            suggestion=nearest,
            closed_world=self.closed_world,
            source=source_of(self.index),
        )


_WARMING = (
    "What is the person doing before the ball is on the person?",
    "Which begins first: the person is holding the ball, or the ball is on the person?",
    "How many people are to the left of the largest ball?",
    "Is the person taller than the ball at 0.2 seconds?",
    "Where is the person, and who is unreadable?",
)
"""Questions that pass through most of the grammar."""


@cache
def warm_up() -> None:
    """Ask some questions of a small graph, so that the tables of the grammar are made; once a process."""
    vocabulary = Vocabulary(("person", "ball"), (), ("holding", "on"))
    tube = Tube({frame: Segment.from_box((0, 0, 2, 2), 4, 4) for frame in range(2)})
    ties = Relation(0, 0, 1, spans=(Span(0, 1),)), Relation(1, 1, 0, spans=(Span(1, 2),))
    source = Source("video", "two frames", 4, 4, 2, 5.0)
    assistant = Assistant(SceneGraph(source, (Node(0, 0, tube), Node(1, 1, tube)), ties, vocabulary))
    for question in _WARMING:
        assistant.ask(question)


def _settled(outcome: Outcome) -> bool:
    return outcome.status is Status.ANSWERED and outcome.failure is None and outcome.verdict is not Verdict.CONTRADICTED


def _dated(program: Question, outcome: Outcome, programs: tuple[Question, ...]) -> bool:
    """Whether readings ask the same of several stretches of time, of which the graph shows this one."""
    if not isinstance(program, During) or (outcome.failure is not None and outcome.failure.presupposed):
        return False
    asked = [each.question for each in programs if isinstance(each, During)]
    return len(asked) == len(programs) > 1 and set(asked) == {program.question}


def _rank(outcome: Outcome) -> int:
    """Of readings that are not settled: a contradiction says most, then a question back, then an absence."""
    if outcome.status is Status.ANSWERED and outcome.failure is None:
        return 3
    if outcome.status is Status.AMBIGUOUS:
        return 2
    return 1 if outcome.status is Status.ANSWERED else 0
