"""Proving the statements of instruction data with an engine that did not write them.

The writer takes its facts from the indexed engine. Here a statement is read back by the parser, which
knows nothing of how it was written, and executed by the SQLite engine, which shares no code for
executing with the other one.
"""

from assistant.answers import Status, Verdict, Verification
from assistant.assistant import Assistant
from assistant.outcomes import Outcome
from assistant.program_line import from_line
from assistant.sqlite_engine import SqliteExecutor
from assistant.teaching.samples import Statement
from assistant.verifying import verify

DIGITS = 2
"""Digits after the point of metres in a text: centimetres, finer than positions are known."""


class Proof:
    """Proves statements about one graph; what was proven once is remembered.

    Attributes:
        refused: statements that could not be proven, which the writer left out.
    """

    def __init__(self, assistant: Assistant, min_score: float = 0.0) -> None:
        self.assistant = assistant
        self.engine = SqliteExecutor(assistant.graph, assistant.closed_world, min_score)
        self.refused: list[str] = []
        self._known: dict[Statement, bool] = {}
        self._read: dict[str, Verification] = {}

    def holds(self, statement: Statement) -> bool:
        """Whether a statement is proven."""
        if statement not in self._known:
            self._known[statement] = self._holds(statement)
            if not self._known[statement]:
                self.refused.append(statement.text)
        return self._known[statement]

    def reads(self, text: str) -> Verification:
        """What the independent engine says about a text that the parser reads."""
        if text not in self._read:
            self._read[text] = verify(text, self.assistant.index, self.assistant.parser, self.engine)
        return self._read[text]

    def verdict(self, text: str) -> Verdict | None:
        """Contradicted, supported or not in the graph, if all of a text was read; None if it was not."""
        verification = self.reads(text)
        if verification.unread or not verification.claims:
            return None
        verdicts = {claim.verdict for claim in verification.claims}
        for verdict in (Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH):
            if verdict in verdicts:
                return verdict
        return Verdict.SUPPORTED

    def _holds(self, statement: Statement) -> bool:
        if statement.read is None and statement.program is None:
            return False
        if statement.read is not None:
            verification = self.reads(statement.read)
            if not verification.supported:
                return False
            about = {(claim.subject, claim.object) for claim in verification.claims}
            ends = statement.ends
            if ends is not None and not about & {ends, ends[::-1]}:
                return False
        if statement.program is None:
            return True
        return result_of(self.engine.run(from_line(statement.program))) == statement.result


def result_of(outcome: Outcome) -> str:
    """What an outcome says, as a text that is the same for both engines.

    Metres are given to centimetres, since the engines add in another order.
    """
    if outcome.status is not Status.ANSWERED:
        return f"{outcome.status}: {outcome.reason}"
    if outcome.verdict is not None:
        return str(outcome.verdict)
    if outcome.measures:
        rows = sorted((m.node, -1 if m.other is None else m.other, m.quantity, m.value) for m in outcome.measures)
        return "; ".join(f"{node} {other} {name} {value:.{DIGITS}f}" for node, other, name, value in rows)
    if outcome.change is not None:
        return "; ".join(" ".join(map(str, sorted(part))) for part in outcome.change)
    if outcome.timings:
        rows_ = sorted((t.subject, t.object, tuple(map(tuple, t.spans))) for t in outcome.timings)
        return "; ".join(f"{subject} {other} {spans}" for subject, other, spans in rows_)
    if outcome.values:
        return "; ".join(sorted(f"{node} {name} {value}" for node, name, value in outcome.values))
    nodes = " ".join(map(str, sorted(outcome.nodes)))
    return f"{'' if outcome.number is None else outcome.number} | {nodes}"
