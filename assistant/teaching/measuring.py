"""What can be said of instruction data without reading it: how varied, and whether it still holds.

distinct-n is the share of different n-grams among all n-grams of a set of texts (Li et al., A
diversity-promoting objective function for neural conversation models, 2016, section 5).
"""

from collections import Counter
from collections.abc import Iterable

from assistant.assistant import Assistant
from assistant.teaching.lesson import Lesson
from assistant.teaching.proof import Proof
from assistant.teaching.samples import Sample, Statement


def distinct(texts: Iterable[str], n: int = 2) -> float:
    """Different n-grams over all n-grams of words; 0 for no n-gram at all.

    >>> distinct(["is there a dog", "is there a cat"])
    0.6666666666666666
    """
    counts: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        words = text.lower().replace("?", " ?").replace(".", " .").split()
        counts.update(zip(*(words[at:] for at in range(n)), strict=False))
    total = counts.total()
    return len(counts) / total if total else 0.0


def unsupported(samples: Iterable[Sample], proof: Proof) -> list[tuple[str, Statement]]:
    """Statements of samples that a fresh proof does not find: (sample id, statement)."""
    return [
        (sample.id, statement)
        for sample in samples
        for turn in sample.turns
        for statement in turn.statements
        if not proof.holds(statement)
    ]


def fresh_proof(lesson: Lesson) -> Proof:
    """A proof with a parser and an engine of its own, which remembers nothing of the writing."""
    assistant = Assistant(lesson.graph, min_score=lesson.min_score, closed_world=lesson.assistant.closed_world)
    return Proof(assistant, lesson.min_score)
