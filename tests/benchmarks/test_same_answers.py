"""Programs that say the same in other words, and programs that nearly do."""

import sys
from pathlib import Path

import pytest

from assistant.program_line import from_line

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from parser_questions.same_answers import ask_the_same, scene

BEHIND = "behind|~in front of, the(find(bicycle))"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("holds(the(find(horse)), holding, the(find(cup)))", "holds(the(find(cup)), ~holding, the(find(horse)))", True),
        ("exists(related(find(dog), chasing, find(cat)))", "holds(find(dog), chasing, find(cat))", True),
        (
            f"which(except(related(find(anything), {BEHIND}), the(find(cup))))",
            f"which(related(except(find(anything), the(find(cup))), {BEHIND}))",
            True,
        ),
        ("count(find(dog))", "count(find(cat))", False),
        ("which(related(find(dog), chasing, find(cat)))", "which(related(find(dog), touching, find(cat)))", False),
        ("measure(the(find(dog)), height)", "measure(the(find(dog)), width)", False),
        (
            "during(doing(the(find(dog))), before(holds(the(find(cat)), chasing, the(find(cup)))))",
            "during(doing(the(find(dog))), after(holds(the(find(cat)), chasing, the(find(cup)))))",
            False,
        ),
        # no scene has a unicorn: that both refuse says nothing
        ("attribute_of(the(pick(999)), colour)", "attribute_of(the(pick(998)), colour)", False),
    ],
)
def test_programs_that_give_the_same_answers(one, other, same):
    assert ask_the_same(from_line(one), from_line(other), scenes=150) == same


def test_scenes_can_be_drawn_again():
    assert scene("dog chasing cat red", 3) == scene("dog chasing cat red", 3) != scene("dog chasing cat red", 4)
