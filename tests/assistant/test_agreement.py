"""When two engines say the same."""

from assistant.answers import Status
from assistant.outcomes import Measured, Outcome
from assistant.programs import Exists
from assistant.sqlite_engine.agreement import disagreements
from assistant.steps import Find


def outcome(*values):
    measures = tuple(Measured(10, 13, "z", value, None) for value in values)
    return Outcome(Exists(Find(("dog",))), Status.ANSWERED, measures=measures)


def test_a_quantity_seen_from_two_viewpoints_has_two_values_in_any_order():
    assert not disagreements(outcome(-0.96, 5.93), outcome(5.93, -0.96))
    assert not disagreements(outcome(5.93), outcome(5.93 + 1e-9))
    assert disagreements(outcome(-0.96, 5.93), outcome(5.93))
    assert disagreements(outcome(-0.96, 5.93), outcome(-0.96, 5.94))


def test_one_value_measured_by_two_steps_is_one_though_its_last_digits_differ():
    assert not disagreements(outcome(2.568475499853334, 2.5684754998533346, 3.4), outcome(2.568475499853334, 3.4))
    assert disagreements(outcome(2.5, 2.6, 3.4), outcome(2.5, 3.4))
