"""What every family of questions of the SQLite engine needs: the database, the stretch of time, the outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Option, Outcome
from assistant.programs import asks_yes_or_no
from assistant.sqlite_engine import amounts, nodes, placing, ranking, space
from assistant.sqlite_engine.database import Database, Pairs
from assistant.sqlite_engine.nodes import Gap, Picked, Picker
from assistant.steps import Question
from scenegraph.spans import Span

STEPS = {**nodes.STEPS, **placing.STEPS, **space.STEPS, **ranking.STEPS, **amounts.STEPS}


@dataclass
class Run:
    """One question in one stretch of time (`window` 0: the whole source)."""

    data: Database
    closed_world: bool
    window: int = 0
    picker: Picker = field(init=False)

    def __post_init__(self) -> None:
        self.picker = Picker(self.data, STEPS, self.window)

    def absent(self, question: Question, gap: Gap, **details: Any) -> Outcome:
        """Nothing was found: "no" in a complete graph, "not shown" otherwise."""
        no = self.closed_world and gap.known and not gap.presupposed
        no = no and gap.reason in (Reason.ABSENT_OBJECT, Reason.ABSENT_RELATION)
        verdict = None
        if asks_yes_or_no(question):
            verdict = Verdict.CONTRADICTED if no else Verdict.NOT_IN_GRAPH
        status = Status.ANSWERED if no else Status.UNANSWERABLE
        reason, tied = None if no else gap.reason, tuple(map(Option, gap.tied))
        return Outcome(question, status, reason, verdict, measures=gap.measures, options=tied, **details)

    def told(self, question: Question, picked: Picked, relations: set[int] | None = None, **details: Any) -> Outcome:
        """An answer about nodes: these relations (named once more in `context`) and what singled the nodes out."""
        rests_on = self.picker.evidence(picked) | (relations or set())
        number = details.pop("number", None if relations is None else len(relations))
        return Outcome(
            *(question, Status.ANSWERED),
            nodes=self.picker.ids(picked),
            relations=tuple(sorted(rests_on)),
            context=tuple(sorted(relations or ())),
            number=number,
            **details,
        )

    def unrecorded(self, question: Question, picked: Picked, relations: set[int] | None = None) -> Outcome:
        """The graph does not say whether a narrower word fits the nodes."""
        rests_on = self.picker.evidence(picked) if relations is None else relations
        return Outcome(
            *(question, Status.UNANSWERABLE, Reason.ATTRIBUTE_NOT_RECORDED, Verdict.NOT_IN_GRAPH),
            nodes=self.picker.ids(picked),
            relations=tuple(sorted(rests_on)),
        )

    def ambiguous(self, outcome: Outcome, meant: tuple[int, ...] | None = None) -> Outcome:
        """It is asked back which node is meant."""
        options = tuple(Option(node) for node in (outcome.nodes if meant is None else meant))
        return outcome.with_(status=Status.AMBIGUOUS, reason=Reason.AMBIGUOUS_REFERENT, options=options)

    def active(self, condition: str, *values: Any) -> set[int]:
        """Relations of the stretch of time for which a condition on `tie` and `predicate` holds."""
        statement = (
            "SELECT tie.id FROM tie JOIN active ON active.tie = tie.id AND active.w = ? "
            f"JOIN predicate ON predicate.name = tie.predicate WHERE {condition}"
        )
        return set(self.data.column(statement, self.window, *values))


def as_spans(pairs: Pairs) -> tuple[Span, ...]:
    """Pairs of numbers as spans."""
    return tuple(Span(start, stop) for start, stop in pairs)
