"""Running a program on a graph, exactly.

`Executor(index).run(question)` gives an `Outcome`; nothing is worded here. Each family of questions
is one function `(run, question) -> Outcome`, listed in `_FAMILIES`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from assistant import answering_events, answering_nodes, answering_sets
from assistant.answers import Reason, Status, Verdict
from assistant.index import GraphIndex
from assistant.outcomes import Failure, Outcome
from assistant.programs import (
    After,
    AllOf,
    AnyOf,
    AttributeOf,
    Before,
    Between,
    Count,
    CountIs,
    Describe,
    Doing,
    During,
    Edge,
    Exists,
    First,
    Frames,
    HasAttribute,
    Holds,
    HowLong,
    HowOften,
    IsA,
    IsPlaced,
    Locate,
    Not,
    Seconds,
    Summarise,
    When,
    Which,
    While,
    asks_yes_or_no,
)
from assistant.selecting import Refused, Selector
from assistant.steps import MAX_DEPTH, Event, Question, Window, depth
from scenegraph.errors import InputError
from scenegraph.spans import Span, Spans, intersect, merge

_FAMILIES: dict[type[Question], Callable[..., Outcome]] = {
    Exists: answering_sets.exists,
    Count: answering_sets.count,
    CountIs: answering_sets.count_is,
    Which: answering_sets.which,
    Summarise: answering_sets.summarise,
    Holds: answering_events.holds,
    IsPlaced: answering_events.is_placed,
    When: answering_events.when,
    HowLong: answering_events.how_long,
    HowOften: answering_events.how_often,
    First: answering_events.first,
    IsA: answering_nodes.is_a,
    HasAttribute: answering_nodes.has_attribute,
    AttributeOf: answering_nodes.attribute_of,
    Doing: answering_nodes.doing,
    Locate: answering_nodes.locate,
    Between: answering_nodes.between,
    Describe: answering_nodes.describe,
}


@dataclass
class Run:
    """What a family needs: the graph, whether it is complete, the stretch of time and the selector."""

    index: GraphIndex
    closed_world: bool = False
    window: Spans | None = None
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.selector = Selector(self.index, self.window, self.trace)

    def absent(self, question: Question, failure: Failure, **details: Any) -> Outcome:
        """The outcome where nothing was found: "no" in a complete graph, "not shown" otherwise."""
        settled = (
            self.closed_world
            and failure.known
            and not failure.presupposed
            and failure.reason in (Reason.ABSENT_OBJECT, Reason.ABSENT_RELATION)
        )
        verdict = Verdict.CONTRADICTED if settled else Verdict.NOT_IN_GRAPH
        return Outcome(
            question,
            Status.ANSWERED if settled else Status.UNANSWERABLE,
            None if settled else failure.reason,
            verdict if asks_yes_or_no(question) else None,
            failure=failure,
            window=self.window,
            **details,
        )


class Executor:
    """Runs programs over one graph.

    Args:
        index: the graph.
        closed_world: the graph is complete, so what it does not show is not so.
    """

    def __init__(self, index: GraphIndex, closed_world: bool = False) -> None:
        self.index = index
        self.closed_world = closed_world

    def run(self, question: Question) -> Outcome:
        """The outcome of a question.

        Raises:
            InputError: the program is nested too deeply to be run.
        """
        if depth(question) > MAX_DEPTH:
            raise InputError(f"the program is nested more than {MAX_DEPTH} levels deep")
        run = Run(self.index, self.closed_world)
        outcome = self._run(question, run)
        shown = [*run.trace, f"ANSWER = {run.selector.line(question)}: {_result(outcome)}"]
        return replace(outcome, trace=tuple(shown))

    def _run(self, question: Question, run: Run) -> Outcome:
        try:
            if isinstance(question, During):
                return self._during(question, run)
            if isinstance(question, Not):
                return _opposite(question, self._run(question.question, run))
            if isinstance(question, AllOf | AnyOf):
                return _joint(question, tuple(self._run(part, run) for part in question.questions), run)
            return _FAMILIES[type(question)](run, question)
        except Refused as refused:
            return run.absent(question, refused.failure)

    def _during(self, question: During, run: Run) -> Outcome:
        if self.index.graph.source.kind == "image":
            raise Refused(Reason.TIME_NOT_RECORDED, question.window)
        window = self._window(question.window, run)
        if run.window is not None:
            window = intersect(window, run.window)
        if not window:
            raise Refused(Reason.OUTSIDE_TIME_RANGE, question.window)
        return self._run(question.question, Run(self.index, self.closed_world, window, run.trace))

    def _window(self, window: Window, run: Run) -> Spans:
        """The frames of a stretch of time; none if it lies outside the source.

        Raises:
            Refused: seconds are asked for and no frame rate is known, or the event is not in the graph.
        """
        frames = self.index.graph.source.num_frames
        match window:
            case Frames(start, stop):
                return merge([Span(max(start, 0), min(frames if stop is None else stop, frames))])
            case Seconds(start, stop):
                return self._seconds(window, start, stop)
            case Edge(which):
                return (Span(0, 1),) if which == "start" else (Span(frames - 1, frames),)
            case Before(event) | After(event) | While(event):
                spans = self._event(event, run)
                if isinstance(window, While):
                    return spans
                return merge([Span(0, spans[0].start) if isinstance(window, Before) else Span(spans[-1].stop, frames)])
        raise Refused(Reason.OUTSIDE_TIME_RANGE, window)

    def _seconds(self, window: Seconds, start: float, stop: float | None) -> Spans:
        source = self.index.graph.source
        if source.fps is None:
            raise Refused(Reason.TIME_NOT_RECORDED, window)
        first = int(min(max(start, 0.0) * source.fps + 1e-9, source.num_frames))
        if stop is not None and stop <= start:  # one moment; the very end belongs to the last frame
            if start < 0 or start > source.num_frames / source.fps + 1e-9:
                return ()
            moment = min(first, source.num_frames - 1)
            return (Span(moment, moment + 1),)
        last = source.num_frames if stop is None else int(min(-(-stop * source.fps // 1), source.num_frames))
        return merge([Span(first, last)])

    def _event(self, event: Event, run: Run) -> Spans:
        outcome = answering_events.when(run, When(event))
        spans = merge(span for timing in outcome.timings for span in timing.spans)
        if not spans:
            raise _refused(outcome, event)
        return spans


def _refused(outcome: Outcome, event: Event) -> Refused:
    refused = Refused(outcome.reason or Reason.ABSENT_RELATION, event)
    if outcome.failure is not None:
        refused.failure = replace(outcome.failure, presupposed=True)
    return refused


def _opposite(question: Not, inner: Outcome) -> Outcome:
    flipped = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}
    if inner.verdict is None:
        raise InputError("only a yes/no question can be negated")
    return replace(inner, question=question, verdict=flipped.get(inner.verdict, inner.verdict), parts=(inner,))


def _joint(question: AllOf | AnyOf, parts: tuple[Outcome, ...], run: Run) -> Outcome:
    """Three-valued logic: all must hold, or one."""
    verdicts = [part.verdict for part in parts]
    if not parts or None in verdicts:
        raise InputError("only yes/no questions can be joined, and at least one is needed")
    decisive = Verdict.CONTRADICTED if isinstance(question, AllOf) else Verdict.SUPPORTED
    other = Verdict.SUPPORTED if isinstance(question, AllOf) else Verdict.CONTRADICTED
    gathered: dict[str, Any] = {
        name: tuple(dict.fromkeys(item for part in parts for item in getattr(part, name)))
        for name in ("nodes", "relations", "context", "placements", "assumed", "opposing")
    }
    for verdict in (decisive, other):
        some = [part for part in parts if part.verdict is verdict]
        if some and (verdict is decisive or len(some) == len(parts)):
            return Outcome(question, Status.ANSWERED, None, verdict, window=run.window, parts=parts, **gathered)
    undecided = next(part for part in parts if part.verdict is not other)
    return Outcome(
        *(question, undecided.status, undecided.reason, Verdict.NOT_IN_GRAPH),
        failure=undecided.failure,
        window=run.window,
        parts=parts,
        **gathered,
    )


def _result(outcome: Outcome) -> str:
    if outcome.status is not Status.ANSWERED:
        return f"{outcome.status} ({outcome.reason})"
    if outcome.verdict is not None:
        return str(outcome.verdict)
    if outcome.number is not None:
        return str(outcome.number)
    ids = outcome.nodes
    return f"nodes {', '.join(map(str, ids[:6]))}{', ...' if len(ids) > 6 else ''}" if ids else "answered"
