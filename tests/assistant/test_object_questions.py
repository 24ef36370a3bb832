"""Questions about what somebody does something to: "what is the dog chasing that is red?"."""

import pytest

from assistant import Assistant
from tests.assistant.scenes import riders

CHASED = "related(find(anything), ~chasing, the(find(dog)))"


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("What is the dog chasing that is red?", f"which(having({CHASED}, red, colour))"),
        ("What is the dog chasing that the cat is kicking?", f"which(related({CHASED}, ~kicking, the(find(cat))))"),
        ("What did the dog chase that is kicking a cat?", f"which(related({CHASED}, kicking, find(cat)))"),
        (
            "Which ball is the person holding that is not blue?",
            "which(except(related(find(sports ball), ~holding, the(find(person))), "
            "having(find(sports ball), blue, colour)))",
        ),
        (
            "Who is the dog chasing who is riding a horse?",
            "which(related(related(find(person), ~chasing, the(find(dog))), riding, find(horse)))",
        ),
        (
            "How many things is the dog chasing that the cat is not chasing?",
            f"count(except({CHASED}, related(find(anything), ~chasing, the(find(cat)))))",
        ),
    ],
)
def test_what_is_asked_for_is_described_behind_the_verb(asked, line):
    assert Assistant(riders()).parser.question(asked).questions[0].line == line
