"""Given nodes of which none is the most of some, by the tables: see `answering_most` for the rule in words."""

from __future__ import annotations

from assistant.answers import Verdict
from assistant.outcomes import Measured, Outcome
from assistant.programs import Which
from assistant.quantities import TOLERANCE
from assistant.sqlite_engine.about_nodes import found, placements_of
from assistant.sqlite_engine.nodes import Picked
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import distances, measures_of, quantity
from assistant.steps import Extreme, Intersection, Nearest, Pick, Question, Superlative, The


def not_the_most(run: Run, question: Question, step: Intersection) -> Outcome | None:
    """Whatever is the most of some, it is none of the given nodes."""
    base, best = map(run.picker.pick, step.parts)
    choice = best.base
    own = set(run.picker.ids(base))
    if choice is None or best.claimed or not own.issubset(run.picker.ids(choice)):
        return None
    measures = _measures(run, base, best)
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


def each_nearest(run: Run, base: Picked, other: Picked) -> set[Measured] | None:
    """The distance of each node from the nearest of the others, if all are known."""
    lengths = distances(run.picker, base, other)
    near, far = run.picker.ids(base), run.picker.ids(other)
    pairs = [(a, b) for a in near for b in far if a != b]
    if any(pair not in lengths for pair in pairs) or {a for a, _ in pairs} != set(near):
        return None
    best = {node: min(lengths[pair][0] for pair in pairs if pair[0] == node) for node in near}
    return {Measured(a, b, "distance", *lengths[a, b]) for a, b in pairs if lengths[a, b][0] <= best[a] + TOLERANCE}


def _measures(run: Run, base: Picked, best: Picked) -> set[Measured] | None:
    """What the given nodes and the best have, where all of the given were measured."""
    match best.step:
        case Nearest(others=The() | Pick() as others):
            other = run.picker.pick(others)
            return None if each_nearest(run, best, other) is None else each_nearest(run, base, other)
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
