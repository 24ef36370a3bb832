"""Auxiliary verbs, what denies them, and the forms of verbs that stand behind them."""

from assistant.lexicon import Form

AFTER_BE: frozenset[Form] = frozenset({"gerund", "state"})
AFTER_DO: frozenset[Form] = frozenset({"base"})
AFTER_HAVE: frozenset[Form] = frozenset({"participle"})
FINITE: frozenset[Form] = frozenset({"third", "base", "past"})
BE = ("is", "are", "was", "were")
DO = ("do", "does", "did")
HAVE = ("has", "have", "had", "having")
NOT = ("not", "never")
