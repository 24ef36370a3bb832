"""Random programs over the names of a graph: what engines are compared on and parsers are tried with.

Every operation of the language is drawn, and every kind of step below it, so that two engines that
agree on many samples agree on the language.
"""

from collections.abc import Callable
from random import Random
from typing import Any, get_args

from assistant.bounded_steps import Bound, Exceeding, ManyRelated, Measuring
from assistant.measured_programs import (
    Bearing,
    Compare,
    CompareCounts,
    CompareDistances,
    Comparison,
    Coordinates,
    Distance,
    IsInSpace,
    Measure,
)
from assistant.programs import (
    Alike,
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Choose,
    ChoosePart,
    ChooseValue,
    Common,
    Count,
    CountIs,
    Describe,
    Doing,
    ExactlyOneOf,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Locate,
    MoreBy,
    Not,
    Path,
    Summarise,
    Which,
)
from assistant.steps import (
    METRIC,
    Called,
    Direction,
    Event,
    Except,
    Extreme,
    Extremum,
    Find,
    Having,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Nodes,
    Part,
    Pick,
    Placed,
    Predicate,
    Quantity,
    Question,
    Related,
    Sharing,
    SpaceDirection,
    Superlative,
    The,
    Union,
    View,
    Window,
    Within,
)
from assistant.timed_programs import (
    After,
    Allen,
    AllenOf,
    AllenRelation,
    Always,
    Amid,
    Before,
    Changed,
    During,
    Edge,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Occurrence,
    Seconds,
    Seen,
    TimeBetween,
    When,
    While,
)
from scenegraph import SceneGraph

_ADDED_NAMES = ("colour", "size")
_ADDED_VALUES = ("red", "blue", "small", "wooden")
_ABSENT = "unicorn"
_USUAL: dict[str, float] = {"area": 4000.0, "box width": 80.0, "box height": 80.0}
"""How far random amounts reach, where that is not some metres or a few."""


class Sampler:
    """Draws programs about one graph: mostly of what is there, now and then of what is not.

    Args:
        graph: names, ids and length of the source are taken from it.
        random: where chance comes from; the same state gives the same programs.
    """

    def __init__(self, graph: SceneGraph, random: Random) -> None:
        self.graph, self.random = graph, random
        self.present = sorted({graph.category_name(node.id) for node in graph.nodes}) or [_ABSENT]
        self.used = sorted({graph.predicate_name(tie) for tie in graph.relations}) or list(graph.vocabulary.predicates)
        self.ids = [node.id for node in graph.nodes] or [0]
        recorded = [(name, value) for node in graph.nodes for name, value in node.recorded.items()]
        self.attributes = sorted({*map(str, dict(recorded)), *_ADDED_NAMES})
        self.values = sorted({*(str(value) for _, value in recorded if not isinstance(value, list)), *_ADDED_VALUES})

    def question(self, depth: int = 2) -> Question:
        """A question of any family."""
        timed = self.graph.source.kind != "image"
        families = (*_PLAIN, *_PLAIN, *_TIMED) if timed else _PLAIN
        question = self.random.choice(families)(self, depth)
        return During(question, self.window(1)) if timed and self.random.random() < 0.3 else question

    def yes_no(self, depth: int) -> Question:
        """A yes/no question."""
        return self.random.choice(_YES_NO)(self, depth)

    def nodes(self, depth: int) -> Nodes:
        """A step that gives nodes."""
        if depth <= 0 or self.random.random() < 0.3:
            return self.leaf()
        return self.random.choice(_NODES)(self, depth - 1)

    def leaf(self) -> Nodes:
        """A step that gives nodes and has none below it."""
        chance = self.random.random()
        if chance < 0.15:
            return Find(None)
        if chance < 0.3:
            picked = [*self.random.sample(self.ids, min(2, len(self.ids))), self.random.randrange(999)]
            return Pick(tuple(picked[: self.random.randint(1, 3)]), self._maybe(self.categories))
        return Find(self.categories())

    def among_the_most(self) -> Nodes:
        """Given nodes that may be the tallest of some."""
        given, kinds = self.leaf(), self.random.choice((Find(None), self.leaf()))
        choice = self.random.choice((kinds, given))
        most: tuple[Nodes, ...] = (
            Superlative(choice, self.quantity(), self.flag(), *self.rank()),
            Extreme(choice, self.one_of(Extremum), *self.rank()),
            Nearest(choice, self.random.choice((The(self.leaf()), self.leaf())), self.flag(), *self.rank()),
        )
        return Intersection((The(given, self.flag()), self.random.choice(most)))

    def event(self, depth: int) -> Event:
        """A relation, a placement or a presence."""
        chance = self.random.random()
        if chance < 0.15:
            return Seen(self.nodes(depth - 1))
        if chance < 0.3:
            return IsPlaced(self.nodes(depth - 1), self.one_of(Direction), self.nodes(depth - 1), self.flag())
        if chance < 0.75 and self.graph.relations:
            tie = self.random.choice(self.graph.relations)
            ends = (Pick((end,)) if self.flag() else Find((self.graph.category_name(end),)) for end in tie.triple[::2])
            subject, other = (The(end) if self.flag() else end for end in ends)
            return Holds(subject, Predicate((self.graph.predicate_name(tie),)), other)
        return Holds(self.nodes(depth - 1), self.predicate(), self.nodes(depth - 1), self.flag())

    def window(self, depth: int) -> Window:
        """A stretch of time."""
        return self.random.choice(_WINDOWS)(self, depth)

    def span(self) -> tuple[int, int | None]:
        """Frames, sometimes open or beyond the end."""
        start = self.random.randrange(self.graph.source.num_frames + 1)
        return start, None if self.random.random() < 0.2 else start + self.random.randint(0, 12)

    def categories(self) -> tuple[str, ...]:
        """One or two categories, now and then one that is not there."""
        every = (*self.graph.vocabulary.categories, _ABSENT)
        names = [self.random.choice(self.present if self.random.random() < 0.85 else every) for _ in range(2)]
        return tuple(dict.fromkeys(names[: self.random.randint(1, 2)]))

    def predicate(self) -> Predicate:
        """One or two names, forwards or backwards."""
        every = (*self.graph.vocabulary.predicates, "juggling")
        names = [self.random.choice(self.used if self.random.random() < 0.85 else every) for _ in range(2)]
        names = list(dict.fromkeys(names))
        return Predicate(tuple(names)) if self.flag() else Predicate(tuple(names[:1]), tuple(names[1:]))

    def quantity(self) -> Quantity:
        """A quantity that the graph may know."""
        known = [name for name in get_args(Quantity) if self.graph.source.kind == "rgbd" or name not in METRIC]
        return self.random.choice(known if self.random.random() < 0.9 else list(get_args(Quantity)))

    def amount(self) -> tuple[Quantity, Bound, float]:
        """A quantity, and a number that some nodes may exceed and others not."""
        quantity = self.quantity()
        amounts = self.random.uniform(0, _USUAL.get(quantity, 8.0)), self.random.randint(0, 4)
        return quantity, self.one_of(Bound), self.random.choice(amounts)

    def rank(self) -> tuple[int, int]:
        """A rank and a number of nodes: mostly the first, else the second or third, or the first two or three."""
        other = self.random.randint(2, 3)
        return self.random.choice(((1, 1), (1, 1), (other, 1), (1, other)))

    def exceeding(self, depth: int) -> Nodes:
        """Nodes by a quantity that others have."""
        quantity, how, _ = self.amount()
        return Exceeding(self.nodes(depth), quantity, how, self.nodes(depth), self.flag())

    def sight(self, pairs: bool = True) -> tuple[View, Nodes | None]:
        """A view and what it faces; of pairs of nodes also the one from some nodes."""
        view: View = self.one_of(View)
        view = "facing" if view == "from" and not pairs else view
        return view, self.leaf() if view in ("facing", "from") else None

    def options(self) -> tuple[str, ...]:
        """Options of a multiple-choice question."""
        labels = [self.graph.label(node) for node in self.ids[:4]] if self.graph.nodes else []
        deeds = [f"{self.random.choice(self.used)} {self.random.choice(self.present)}"] if self.used else []
        pool = [*self.present, *labels, *deeds, *self.values, *self.used, "yes", "no", "0", "1", "2", "three", "nobody"]
        pool = list(dict.fromkeys(pool))
        return tuple(self.random.sample(pool, min(self.random.randint(2, 6), len(pool))))

    def one_of(self, literal: Any) -> Any:
        """One of the values of a `Literal`."""
        return self.random.choice(get_args(literal))

    def flag(self) -> bool:
        """Yes or no."""
        return self.random.random() < 0.5

    def attribute(self) -> str:
        """A name of an attribute."""
        return self.random.choice(self.attributes)

    def value(self) -> str:
        """A value of an attribute."""
        return self.random.choice(self.values)

    def _maybe(self, draw: Callable[[], Any]) -> Any:
        return draw() if self.random.random() < 0.3 else None


_NODES: tuple[Callable[[Sampler, int], Nodes], ...] = (
    *[lambda s, d: The(s.nodes(d), s.flag())] * 3,
    *[lambda s, d: Related(s.nodes(d), s.predicate(), s.nodes(d))] * 4,
    lambda s, d: Called(s.nodes(d), s.value()),
    lambda s, d: Having(s.nodes(d), s.value(), s._maybe(s.attribute)),
    lambda s, d: Placed(s.nodes(d), s.one_of(Direction), s.nodes(d)),
    lambda s, d: Extreme(s.nodes(d), s.one_of(Extremum), *s.rank()),
    lambda s, d: InPicture(s.nodes(d), s.one_of(Part), s.flag()),
    lambda s, d: Sharing(s.nodes(d), s.nodes(d), s.attribute() if s.flag() else "kind"),
    lambda s, d: Union((s.nodes(d), s.nodes(d))),
    lambda s, d: Intersection((s.nodes(d), s.nodes(d))),
    lambda s, d: Except(s.nodes(d), s.nodes(d)),
    lambda s, d: Superlative(s.nodes(d), s.quantity(), s.flag(), *s.rank()),
    lambda s, d: MostRelated(s.nodes(d), s.predicate(), s.nodes(d)),
    lambda s, d: ManyRelated(s.nodes(d), s.predicate(), s.nodes(d), s.random.randint(1, 3), s.flag()),
    *[lambda s, d: Measuring(s.nodes(d), *s.amount())] * 2,
    *[lambda s, d: s.exceeding(d)] * 2,
    lambda s, d: Nearest(s.nodes(d), s.nodes(d), s.flag(), *s.rank()),
    lambda s, d: Within(s.nodes(d), s.random.uniform(0, 8), s.nodes(d)),
    lambda s, d: InSpace(s.nodes(d), s.one_of(SpaceDirection), s.nodes(d), *s.sight()),
    lambda s, d: InBetween(s.nodes(d), s.nodes(d - 1), s.nodes(d - 1)),
    lambda s, d: Moved(s.nodes(d), s.flag()),
)
_YES_NO: tuple[Callable[[Sampler, int], Question], ...] = (
    lambda s, d: Exists(s.nodes(d)),
    lambda s, d: Exists(s.among_the_most()),
    lambda s, d: CountIs(s.nodes(d), s.random.randint(0, 4), s.flag()),
    *[lambda s, d: s.event(d)] * 3,
    lambda s, d: IsA(s.nodes(d), s.categories()),
    lambda s, d: HasAttribute(s.nodes(d), s.value(), s._maybe(s.attribute)),
    lambda s, d: Alike(s.nodes(d), s.attribute() if s.flag() else "kind", s.flag()),
    lambda s, d: Compare(s.nodes(d), s.quantity(), s.one_of(Comparison), s.nodes(d)),
    lambda s, d: CompareDistances(s.nodes(d), s.one_of(Comparison), s.nodes(d), s.nodes(d)),
    lambda s, d: CompareCounts(s.nodes(d), s.one_of(Comparison), s.nodes(d)),
    lambda s, d: IsInSpace(s.nodes(d), s.one_of(SpaceDirection), s.nodes(d), *s.sight(), s.flag()),
)
_PLAIN: tuple[Callable[[Sampler, int], Question], ...] = (
    *_YES_NO,
    lambda s, d: Count(s.nodes(d)),
    *[lambda s, d: Which(s.nodes(d))] * 4,
    lambda s, d: AttributeOf(s.nodes(d), s.attribute()),
    lambda s, d: ChooseValue(s.nodes(d), (s.value(), s.value()), s._maybe(s.attribute)),
    lambda s, d: Common(s.nodes(d)),
    lambda s, d: ChoosePart(s.nodes(d), tuple(s.random.sample(get_args(Part), s.random.randint(1, 3)))),
    lambda s, d: Doing(s.nodes(d)),
    lambda s, d: Locate(s.nodes(d)),
    lambda s, d: Between(s.nodes(d), s.nodes(d)),
    lambda s, d: Path(s.nodes(d), s.nodes(d)),
    lambda s, d: Describe(s.nodes(d)),
    lambda s, d: Summarise(),
    lambda s, d: Not(s.yes_no(d)),
    lambda s, d: AllOf((s.yes_no(d), s.yes_no(d - 1))),
    lambda s, d: AnyOf((s.yes_no(d), s.yes_no(d - 1))),
    lambda s, d: ExactlyOneOf((s.yes_no(d), s.yes_no(d - 1))),
    lambda s, d: Choose(s.random.choice((Which, Count, Doing, Locate, Exists))(s.nodes(d)), s.options()),
    lambda s, d: MoreBy(Count(s.nodes(d)), Count(s.nodes(d - 1))),
    lambda s, d: Measure(s.nodes(d), s.quantity()),
    lambda s, d: Distance(s.nodes(d), s.nodes(d)),
    lambda s, d: Coordinates(s.nodes(d), *s.sight(pairs=False)),
    lambda s, d: Bearing(s.nodes(d), s._maybe(lambda: s.nodes(d)), s.random.choice(("camera", "world"))),
)
_TIMED: tuple[Callable[[Sampler, int], Question], ...] = (
    lambda s, d: When(s.event(d)),
    *[lambda s, d: Always(s.event(d))] * 2,
    lambda s, d: HowLong(s.event(d)),
    lambda s, d: HowOften(s.event(d)),
    lambda s, d: First((s.event(d), s.event(d - 1)), s.flag()),
    lambda s, d: Longest((s.event(d), s.event(d - 1)), s.flag()),
    lambda s, d: Allen(s.event(d), s.one_of(AllenRelation), s.event(d - 1)),
    lambda s, d: AllenOf(s.event(d), s.event(d - 1)),
    lambda s, d: TimeBetween(s.event(d), s.event(d - 1)),
    lambda s, d: MoreBy(HowLong(s.event(d)), HowLong(s.event(d - 1))),
    lambda s, d: Happens(s.nodes(d), s.random.choice(("all", "first", "last"))),
    lambda s, d: Changed(s.window(1), s.window(1), s.nodes(d - 1)),
    lambda s, d: Not(Always(s.event(d))),
    lambda s, d: Choose(s.random.choice((HowLong, HowOften))(s.event(d)), s.options()),
    lambda s, d: Choose(Happens(s.nodes(d)), s.options()),
)
_WINDOWS: tuple[Callable[[Sampler, int], Window], ...] = (
    *[lambda s, d: Frames(*s.span())] * 3,
    lambda s, d: Seconds(s.random.uniform(-1, 12), s._maybe(lambda: s.random.uniform(0, 12))),
    lambda s, d: Edge(s.random.choice(("start", "end"))),
    lambda s, d: Before(s.event(d)),
    lambda s, d: After(s.event(d)),
    lambda s, d: While(s.event(d)),
    lambda s, d: Occurrence(s.event(d), s.random.choice((1, 2, -1))),
    lambda s, d: Amid(s.event(d), s.event(d)),
)
