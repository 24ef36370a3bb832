"""Running a program on a graph, exactly.

`Executor(index).run(question)` gives an `Outcome`; nothing is worded here. Each family of questions
is one function `(run, question) -> Outcome`, listed in `_FAMILIES`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from assistant import (
    answering_always,
    answering_choices,
    answering_events,
    answering_layout,
    answering_measured,
    answering_nodes,
    answering_numbers,
    answering_paths,
    answering_sets,
    answering_time,
)
from assistant.answers import Reason, Status, Verdict
from assistant.index import GraphIndex
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
from assistant.outcomes import Failure, Option, Outcome, difference
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
    asks_yes_or_no,
    rests_on_absence,
)
from assistant.selecting import Selector
from assistant.selection import Refused
from assistant.steps import Question
from assistant.timed_programs import (
    Allen,
    AllenOf,
    Always,
    Changed,
    During,
    First,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Seen,
    TimeBetween,
    When,
)
from assistant.windows import frames_of
from scenegraph.spans import Spans

_FAMILIES: dict[type[Question], Callable[..., Outcome]] = {
    Exists: answering_numbers.exists,
    Count: answering_numbers.count,
    CountIs: answering_numbers.count_is,
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
    Path: answering_paths.path,
    Alike: answering_choices.alike,
    Common: answering_choices.common,
    ChooseValue: answering_choices.choose_value,
    ChoosePart: answering_layout.choose_part,
    Measure: answering_measured.measure,
    Distance: answering_measured.distance,
    Coordinates: answering_measured.coordinates,
    Bearing: answering_measured.bearing,
    Compare: answering_measured.compare,
    CompareDistances: answering_measured.compare_distances,
    CompareCounts: answering_measured.compare_counts,
    IsInSpace: answering_measured.is_in_space,
    Seen: answering_time.seen,
    Always: answering_always.always,
    Longest: answering_time.longest,
    Allen: answering_time.allen,
    AllenOf: answering_time.allen_of,
    TimeBetween: answering_time.time_between,
    Happens: answering_time.happens,
}


@dataclass
class Run:
    """What a family needs: the graph, whether it is complete, the stretch of time and the selector."""

    index: GraphIndex
    closed_world: bool = False
    window: Spans | None = None
    trace: list[str] | None = None

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
            searched=self.selector.searched(failure.step) if settled else (),
            measures=failure.measures,
            options=tuple(map(Option, failure.tied)),
            window=self.window,
            **details,
        )


class Executor:
    """Runs programs over one graph.

    Args:
        index: the graph.
        closed_world: the graph is complete, so what it does not show is not so.
        traced: write down what was executed, step by step.
    """

    def __init__(self, index: GraphIndex, closed_world: bool = False, traced: bool = True) -> None:
        self.index = index
        self.closed_world = closed_world
        self.traced = traced

    def run(self, question: Question) -> Outcome:
        """The outcome of a question.

        Raises:
            InputError: it is no program that can be run (`program_check.check` says why).
        """
        check(question)
        run = Run(self.index, self.closed_world, trace=[] if self.traced else None)
        outcome = self._run(question, run)
        if run.trace is None:
            return outcome
        shown = [*run.trace, f"ANSWER = {run.selector.line(question)}: {_result(outcome)}"]
        return replace(outcome, trace=tuple(shown))

    def _run(self, question: Question, run: Run) -> Outcome:
        try:
            match question:
                case During():
                    return self._run(question.question, self._within(question, run))
                case Not():
                    return _opposite(question, self._run(question.question, run))
                case AllOf() | AnyOf() | ExactlyOneOf():
                    return _joint(question, tuple(self._run(part, run) for part in question.questions), run)
                case MoreBy():
                    return difference(question, *(self._run(part, run) for part in (question.first, question.second)))
                case Choose():
                    return answering_choices.choose(run, question, self._run(question.question, run))
                case Changed():
                    sides = frames_of(question.before, run), frames_of(question.after, run)
                    return answering_time.changed(run, question, *sides)
            outcome = _FAMILIES[type(question)](run, question)
            if outcome.measures:
                outcome = outcome.with_(measures=answering_measured.framed(run, outcome.measures))
        except Refused as refused:
            return run.absent(question, refused.failure)
        if not self.closed_world and outcome.verdict not in (None, Verdict.NOT_IN_GRAPH) and rests_on_absence(question):
            return outcome.with_(
                status=Status.UNANSWERABLE, reason=Reason.ABSENT_RELATION, verdict=Verdict.NOT_IN_GRAPH
            )
        return outcome

    def _within(self, question: During, run: Run) -> Run:
        return Run(self.index, self.closed_world, frames_of(question.window, run), run.trace)


def _opposite(question: Not, inner: Outcome) -> Outcome:
    flipped = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}
    verdict = inner.verdict if inner.verdict is None else flipped.get(inner.verdict, inner.verdict)
    return replace(inner, question=question, verdict=verdict, parts=(inner,))


def _joint(question: AllOf | AnyOf | ExactlyOneOf, parts: tuple[Outcome, ...], run: Run) -> Outcome:
    """Three-valued logic: all must hold, or one, or exactly one."""
    gathered: dict[str, Any] = {
        name: tuple(dict.fromkeys(item for part in parts for item in getattr(part, name)))
        for name in ("nodes", "relations", "context", "placements", "measures", "assumed", "opposing")
    }
    verdict = _together(question, [part.verdict for part in parts])
    if verdict is not None:
        return Outcome(question, Status.ANSWERED, None, verdict, window=run.window, parts=parts, **gathered)
    undecided = next(part for part in parts if part.verdict in (None, Verdict.NOT_IN_GRAPH))
    return Outcome(
        *(question, undecided.status, undecided.reason, Verdict.NOT_IN_GRAPH),
        failure=undecided.failure,
        options=undecided.options,
        window=run.window,
        parts=parts,
        **gathered,
    )


def _together(question: AllOf | AnyOf | ExactlyOneOf, verdicts: list[Verdict | None]) -> Verdict | None:
    """The verdict that the verdicts of the parts amount to; None where it is open."""
    yes, no = verdicts.count(Verdict.SUPPORTED), verdicts.count(Verdict.CONTRADICTED)
    if isinstance(question, ExactlyOneOf):
        if yes > 1 or no == len(verdicts):
            return Verdict.CONTRADICTED
        return Verdict.SUPPORTED if yes == 1 and no == len(verdicts) - 1 else None
    decisive, other = (no, yes) if isinstance(question, AllOf) else (yes, no)
    if decisive:
        return Verdict.CONTRADICTED if isinstance(question, AllOf) else Verdict.SUPPORTED
    if other == len(verdicts):
        return Verdict.SUPPORTED if isinstance(question, AllOf) else Verdict.CONTRADICTED
    return None


def _result(outcome: Outcome) -> str:
    if outcome.status is not Status.ANSWERED:
        return f"{outcome.status} ({outcome.reason})"
    if outcome.verdict is not None:
        return str(outcome.verdict)
    if outcome.number is not None:
        return str(outcome.number)
    ids = outcome.nodes
    return f"nodes {', '.join(map(str, ids[:6]))}{', ...' if len(ids) > 6 else ''}" if ids else "answered"
