"""A language model as judge: optional, named in the report, and never a silent 0 when it fails."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from tqdm import tqdm

from assistant.models.base import LanguageModel, ModelError
from scenegraph.formats.journal import Journal

Value = TypeVar("Value")

MAX_REPLY = 4000
"""Characters of a judgement that are looked at."""


class Judge:
    """Asks a language model for judgements and counts what became of them.

    Args:
        model: the judge.
        journal: keeps its replies, so that the same command does not ask again for what was judged.
        progress: show a bar.

    Attributes:
        counts: judgements, and those that failed, by reason.
    """

    def __init__(self, model: LanguageModel, journal: Journal | None = None, progress: bool = False) -> None:
        self.model = model
        self.counts: Counter[str] = Counter()
        self._journal = journal
        self._known = {} if journal is None else {entry["prompt"]: entry["reply"] for entry in journal.entries()}
        self._bar = tqdm(desc="judging", unit="answer", disable=not progress)

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.model.name

    def ask(self, prompt: str, read: Callable[[str], Value | None]) -> Value | None:
        """A judgement; None if the model gives none that can be read, twice.

        Args:
            prompt: what is judged, and how.
            read: finds the judgement in the reply; None where there is none.
        """
        self._bar.update()
        key, reason = hashlib.sha256(prompt.encode()).hexdigest(), ""
        kept = [self._known[key]] if key in self._known else []
        for reply in (*kept, None, None):
            try:
                text = reply if reply is not None else self._reply(prompt)
            except ModelError as error:
                reason = f"failed: {error}"
                continue
            value = read(text)
            if value is not None:
                if reply is None and self._journal is not None:
                    self._journal.add({"prompt": key, "reply": text})
                self.counts["judged"] += 1
                return value
            reason = "failed: no judgement in the reply"
        self.counts[reason] += 1
        return None

    def _reply(self, prompt: str) -> str:
        return self.model.complete([{"role": "user", "content": prompt}])[:MAX_REPLY]

    def close(self) -> None:
        """Close the bar and the journal."""
        self._bar.close()
        if self._journal is not None:
            self._journal.close()


def last_number(low: float, high: float) -> Callable[[str], float | None]:
    """Reads the last number of a reply, if it lies within bounds.

    >>> last_number(0, 5)("Score: 4"), last_number(0, 5)("10 out of 10") is None
    (4.0, True)
    """

    def read(reply: str) -> float | None:
        found = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", reply)
        value = float(found[-1]) if found else None
        return value if value is not None and low <= value <= high else None

    return read


def one_of(*values: float) -> Callable[[str], float | None]:
    """Reads the last number of a reply, if it is one of the values of a rubric.

    >>> one_of(1, 0.5, 0.3, 0)("Point: 0.5"), one_of(1, 0)("Point: 0.7") is None
    (0.5, True)
    """
    within = last_number(min(values), max(values))

    def read(reply: str) -> float | None:
        value = within(reply)
        return value if value in values else None

    return read


def two_scores(low: float = 1, high: float = 10) -> Callable[[str], tuple[float, float] | None]:
    """Reads the two scores on the first line of a reply.

    >>> two_scores()("8 7.5 because ..."), two_scores()("Both are good.") is None
    ((8.0, 7.5), True)
    """

    def read(reply: str) -> tuple[float, float] | None:
        line = next((each for each in reply.splitlines() if each.strip()), "")
        found = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", line)[:2]]
        if len(found) != 2 or not all(low <= each <= high for each in found):
            return None
        return found[0], found[1]

    return read
