"""Runs programs on the SQLite database: which family runs what, time, logic and multiple choice."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.measured_programs import (
    Bearing,
    Compare,
    CompareCounts,
    CompareDistances,
    Coordinates,
    Distance,
    IsInSpace,
    Measure,
)
from assistant.outcomes import Outcome
from assistant.program_check import check
from assistant.programs import (
    Alike,
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Choose,
    ChoosePart,
    ChooseValue,
    Common,
    Count,
    CountIs,
    Describe,
    Doing,
    ExactlyOneOf,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Locate,
    MoreBy,
    Not,
    Path,
    Summarise,
    Which,
    kind_of,
    rests_on_absence,
)
from assistant.sqlite_engine import about_events, about_nodes, about_numbers, about_quantities
from assistant.sqlite_engine.always import always
from assistant.sqlite_engine.database import Database, Pairs
from assistant.sqlite_engine.nodes import Gap, Refusal
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import framed
from assistant.steps import Question, Window
from assistant.text import says_none_fits
from assistant.timed_programs import (
    After,
    Allen,
    AllenOf,
    Always,
    Amid,
    Before,
    Changed,
    During,
    Edge,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Occurrence,
    Seconds,
    Seen,
    TimeBetween,
    When,
    While,
)
from scenegraph import SceneGraph

_FAMILIES: dict[type[Question], Callable[..., Outcome]] = {
    Exists: about_numbers.exists,
    Count: about_numbers.count,
    CountIs: about_numbers.count_is,
    Which: about_nodes.which,
    Summarise: about_nodes.summarise,
    IsA: about_nodes.is_a,
    HasAttribute: about_nodes.has_attribute,
    AttributeOf: about_nodes.attribute_of,
    Doing: about_nodes.doing,
    Locate: about_nodes.locate,
    Between: about_nodes.between,
    Describe: about_nodes.describe,
    Path: about_nodes.path,
    Holds: about_events.holds,
    IsPlaced: about_events.is_placed,
    Seen: about_events.seen,
    Always: always,
    When: about_events.when,
    HowLong: about_events.how_long,
    HowOften: about_events.how_often,
    First: about_events.ranked,
    Longest: about_events.ranked,
    Allen: about_events.ordered,
    AllenOf: about_events.ordered,
    TimeBetween: about_events.ordered,
    Happens: about_events.happens,
    Measure: about_quantities.measure,
    Distance: about_quantities.distance,
    Coordinates: about_quantities.coordinates,
    Bearing: about_quantities.bearing,
    Compare: about_quantities.compare,
    CompareDistances: about_quantities.compare_distances,
    CompareCounts: about_quantities.compare_counts,
    IsInSpace: about_quantities.is_in_space,
    Alike: about_quantities.alike,
    Common: about_quantities.common,
    ChooseValue: about_quantities.choose_value,
    ChoosePart: about_quantities.choose_part,
}
_CHOSEN_BY: tuple[tuple[Any, str], ...] = (
    (Count | HowOften, "number"),
    (HowLong | TimeBetween, "frames"),
    (AttributeOf | ChooseValue | Common, "value"),
    (ChoosePart, "part"),
    (Doing | Between | Happens | Locate, "relation"),
    (Which, "node"),
)


class SqliteExecutor:
    """Runs programs over one graph, as `Executor` does, on tables.

    Outcomes name what an answer is and rests on; they carry no trace, and the order of their tuples says
    nothing.

    Args:
        graph: the graph.
        closed_world: the graph is complete.
        min_score: relations of lower score are not used.
    """

    def __init__(self, graph: SceneGraph, closed_world: bool = False, min_score: float = 0.0) -> None:
        self.graph = graph
        self.closed_world = closed_world
        self.data = Database(graph, min_score)

    def run(self, question: Question) -> Outcome:
        """The outcome of a question.

        Raises:
            InputError: it is no program that can be run.
        """
        check(question)
        self.data.begin()
        try:
            return self._run(question, Run(self.data, self.closed_world))
        finally:
            self.data.end()

    def _run(self, question: Question, run: Run) -> Outcome:
        try:
            outcome = self._outcome(question, run)
        except Refusal as refusal:
            return run.absent(question, refusal.gap)
        settled = type(question) in _FAMILIES and outcome.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED)
        if settled and not self.closed_world and rests_on_absence(question):
            return outcome.with_(
                status=Status.UNANSWERABLE, reason=Reason.ABSENT_RELATION, verdict=Verdict.NOT_IN_GRAPH
            )
        return outcome

    def _outcome(self, question: Question, run: Run) -> Outcome:
        if isinstance(question, During):
            window = run.data.new_window(self._frames(question.window, run))
            return self._run(question.question, Run(self.data, self.closed_world, window))
        if isinstance(question, Not):
            inner = self._run(question.question, run)
            opposite = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}
            verdict = inner.verdict
            return inner.with_(question=question, verdict=verdict and opposite.get(verdict, verdict))
        if isinstance(question, AllOf | AnyOf | ExactlyOneOf):
            return _logic(question, [self._run(part, run) for part in question.questions])
        if isinstance(question, MoreBy):
            return _less(question, *(self._run(part, run) for part in (question.first, question.second)))
        if isinstance(question, Choose):
            return self._choose(question, run)
        if isinstance(question, Changed):
            spans = [self._frames(window, run) for window in (question.before, question.after)]
            return about_events.changed(run, question, *spans)
        outcome = _FAMILIES[type(question)](run, question)
        return outcome.with_(measures=tuple(framed(run.picker, each) for each in outcome.measures))

    def _choose(self, question: Choose, run: Run) -> Outcome:
        inner = self._run(question.question, run)
        bare: dict[str, Any] = {"question": question, "verdict": None, "number": None}
        if inner.status is not Status.ANSWERED:
            return inner.with_(**bare)
        asked = kind_of(question.question)
        kind = "yes or no" if inner.verdict is not None else ""
        kind = kind or next((name for kinds, name in _CHOSEN_BY if issubclass(asked, kinds)), "other")
        options = about_quantities.Options(self.graph, run)
        right, possible = options.fitting(kind, inner, question.options)
        if len(right) == 1:
            return inner.with_(**{**bare, "number": right[0]})
        if right:
            return inner.with_(status=Status.AMBIGUOUS, reason=Reason.AMBIGUOUS_REFERENT, **bare)
        none_fits = [at for at, option in enumerate(question.options) if says_none_fits(option)]
        if len(none_fits) == 1 and possible:
            return inner.with_(**{**bare, "number": none_fits[0]})
        reason = Reason.NO_CORRECT_OPTION if possible else Reason.INCOMPATIBLE_OPTIONS
        return inner.with_(status=Status.UNANSWERABLE, reason=reason, **bare)

    def _frames(self, window: Window, run: Run) -> Pairs:
        """The frames of a stretch of time within the present one.

        Raises:
            Refusal: there are none.
        """
        if self.data.kind == "image":
            raise Refusal(Gap(Reason.TIME_NOT_RECORDED))
        spans = self.data.clipped(self.data.merged(self._asked(window, run)), run.window)
        if not spans:
            raise Refusal(Gap(Reason.OUTSIDE_TIME_RANGE))
        return spans

    def _asked(self, window: Window, run: Run) -> Pairs:
        last = self.data.frames
        if isinstance(window, Frames):
            return ((max(window.start, 0), last if window.stop is None else min(window.stop, last)),)
        if isinstance(window, Seconds):
            return self._seconds(window)
        if isinstance(window, Edge):
            return ((0, 1),) if window.which == "start" else ((last - 1, last),)
        if isinstance(window, Amid):
            end = about_events.spans_of(run, window.first)[0][1]
            begins = [start for start, _ in about_events.spans_of(run, window.second) if start >= end]
            if not begins:
                raise Refusal(Gap(Reason.ABSENT_RELATION, presupposed=True))
            return ((end, begins[0]),)
        assert isinstance(window, Before | After | While | Occurrence)
        spans = about_events.spans_of(run, window.event)
        if isinstance(window, Before):
            return ((0, spans[0][0]),)
        if isinstance(window, After):
            return ((spans[-1][1], last),)
        if isinstance(window, While):
            return spans
        places = range(1, len(spans) + 1)
        if abs(window.number) not in places:
            raise Refusal(Gap(Reason.ABSENT_RELATION, presupposed=True))
        return (spans[window.number - 1] if window.number > 0 else spans[window.number],)

    def _seconds(self, window: Seconds) -> Pairs:
        fps, frames = self.data.fps, self.data.frames
        if fps is None:
            raise Refusal(Gap(Reason.TIME_NOT_RECORDED))
        begin, end = window.start, window.stop
        if begin < 0 and end is None:  # counted from the end
            begin = max(frames / fps + begin, 0.0)
        first = min(floor(max(begin, 0.0) * fps + 1e-9), frames)
        if end is not None and end <= begin:
            if end < begin or not 0 <= begin <= frames / fps + 1e-9:
                return ()
            moment = min(first, frames - 1)
            return ((moment, moment + 1),)
        return ((first, frames if end is None else min(ceil(end * fps), frames)),)


def _less(question: MoreBy, first: Outcome, second: Outcome) -> Outcome:
    """One number less another."""
    for part in (first, second):
        if part.status is not Status.ANSWERED:
            return part.with_(question=question, number=None)
    numbers = [0 if part.number is None else part.number for part in (first, second)]
    both: dict[str, Any] = {
        name: tuple({*getattr(first, name), *getattr(second, name)})
        for name in ("nodes", "relations", "context", "placements", "measures", "timings")
    }
    return Outcome(question, Status.ANSWERED, number=numbers[0] - numbers[1], window=first.window, **both)


def _logic(question: AllOf | AnyOf | ExactlyOneOf, parts: list[Outcome]) -> Outcome:
    """Three-valued logic over the parts."""
    truth = {Verdict.SUPPORTED: 1, Verdict.CONTRADICTED: 0}
    values = [None if part.verdict is None else truth.get(part.verdict) for part in parts]
    # Every way in which the open parts may turn out: the answer stands if it is the same for all.
    open_parts = values.count(None)
    counts = [values.count(1) + more for more in range(open_parts + 1)]
    if isinstance(question, AllOf):
        ways = {count == len(parts) for count in counts}
    elif isinstance(question, AnyOf):
        ways = {count > 0 for count in counts}
    else:
        ways = {count == 1 for count in counts}
    gathered: dict[str, Any] = {
        name: tuple({item for part in parts for item in getattr(part, name)})
        for name in ("nodes", "relations", "placements", "measures", "opposing")
    }
    if len(ways) == 1:
        verdict = Verdict.SUPPORTED if ways == {True} else Verdict.CONTRADICTED
        return Outcome(question, Status.ANSWERED, None, verdict, **gathered)
    undecided = next(part for part, value in zip(parts, values, strict=True) if value is None)
    details = {"options": undecided.options, **gathered}
    return Outcome(question, undecided.status, undecided.reason, Verdict.NOT_IN_GRAPH, **details)
