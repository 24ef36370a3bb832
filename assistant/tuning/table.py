"""Results of several ways to answer the same questions, as a table in Markdown."""

from collections.abc import Mapping

from assistant.tuning.answering import Measures

NAMES = {
    "prior": "no model, no graph: the most frequent answer",
    "none": "(a) language model, no graph",
    "text": "(b) language model, graph as text",
    "tokens": "(c) language model, graph tokens",
    "programs": "(d) language model writes the program",
    "executor": "parser and executor, no language model",
}

HEADS = ("answered by", "exact match", "grounding F1", "named nodes that exist", "refused", "refused wrongly",
         "tokens", "ms a question")  # fmt: skip


def table(results: Mapping[str, Measures]) -> str:
    """Two tables: the measures of every way, then its accuracy by family; shares in percent."""
    rows = [[NAMES.get(name, name), *_cells(measures)] for name, measures in results.items()]
    families = list(dict.fromkeys(family for measures in results.values() for family in measures.families))
    shown = [
        [NAMES.get(name, name), *(_percent(measures.families.get(family)) for family in families)]
        for name, measures in results.items()
    ]
    return f"{_markdown(HEADS, rows)}\n\n{_markdown(('answered by', *families), shown)}"


def _cells(measures: Measures) -> list[str]:
    shares = (measures.accuracy, measures.grounding, measures.existing, measures.refused, measures.refused_wrongly)
    return [*map(_percent, shares), f"{measures.tokens:.0f}", f"{measures.seconds * 1000:.1f}"]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _markdown(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
