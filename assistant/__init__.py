"""Questions about a scene graph, answered from the graph with the evidence shown.

    from assistant import Assistant
    answer = Assistant(graph).ask("Who is riding the horse?")
    print(answer.text, answer.citations)

A question is read into a typed program and executed exactly; no model is needed. With `llm=` (the
address of an OpenAI-compatible server or a local Hugging Face folder) a language model may write the
program where the parser cannot, or reason; everything it claims is checked against the graph.
Importing this package imports no model library.
"""

from assistant.answers import (
    Citation,
    Claim,
    GroundedAnswer,
    NodeCitation,
    Reason,
    RelationCitation,
    Status,
    Verdict,
    Verification,
)
from assistant.assistant import Assistant
from assistant.lexicon import Words
from assistant.programs import Program
from assistant.steps import Question

__all__ = [
    "Assistant",
    "Citation",
    "Claim",
    "GroundedAnswer",
    "NodeCitation",
    "Program",
    "Question",
    "Reason",
    "RelationCitation",
    "Status",
    "Verdict",
    "Verification",
    "Words",
]
