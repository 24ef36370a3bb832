"""Given nodes of which none is the most of some, by the tables: see `answering_most` for the rule in words."""

from __future__ import annotations

from assistant.answers import Verdict
from assistant.outcomes import Measured, Outcome
from assistant.programs import Which
from assistant.sqlite_engine.about_nodes import found, placements_of
from assistant.sqlite_engine.nodes import Picked
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import each_nearest, measures_of, quantity
from assistant.steps import Extreme, Intersection, Nearest, Pick, Question, Superlative, The


def not_the_most(run: Run, question: Question, step: Intersection) -> Outcome | None:
    """Whatever is the most of some, it is none of the given nodes."""
    base, best = map(run.picker.pick, step.parts)
    choice = best.base
    own = set(run.picker.ids(base))
    if choice is None or best.claimed or not own.issubset(run.picker.ids(choice)):
        return None
    measures = _measures(run, base, best) if own.isdisjoint(best.ahead) else None
    if measures is None:
        return None
    winners = found(run, Which(best.step), best, verdict=Verdict.SUPPORTED).with_(verdict=None)
    outcome = found(run, question, base, verdict=Verdict.CONTRADICTED)
    rests_on = run.picker.evidence(choice, base.number)
    placements = {*outcome.placements, *winners.placements, *placements_of(run, choice, base.number)}
    measures |= {*outcome.measures, *winners.measures, *measures_of(run.picker, choice, base.number)}
    return outcome.with_(
        relations=tuple(sorted({*outcome.relations, *winners.relations, *rests_on})),
        placements=tuple(placements),
        measures=tuple(measures),
        parts=(winners,),
    )


def _measures(run: Run, base: Picked, best: Picked) -> set[Measured] | None:
    """What the given nodes and the best have, where all of the given were measured."""
    match best.step:
        case Nearest(others=The() | Pick() as others):
            other = run.picker.pick(others)
            return None if each_nearest(run.picker, best, other) is None else each_nearest(run.picker, base, other)
        case Superlative(quantity=name) if name != "relations":
            return _amounts(run, base, name)
        case Extreme(which="largest" | "smallest"):
            both = [_amounts(run, side, "area") for side in (base, best)]
            return None if both[0] is None or both[1] is None else both[0] | both[1]
        case Extreme():
            return set() if run.picker.boxed(base) == set(run.picker.ids(base)) else None
    return None


def _amounts(run: Run, picked: Picked, name: str) -> set[Measured] | None:
    values = quantity(run.picker, picked.number, name)
    told = {Measured(node, None, name, *value) for node, value in values.items()}
    return told if len(told) == len(run.picker.ids(picked)) else None
