"""The names that a graph may use, by 0-based id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scenegraph.errors import InputError

KINDS = ("things", "stuff", "predicates")
"""The lists of a vocabulary, in the order of its arguments."""


@dataclass(frozen=True)
class Vocabulary:
    """Names of things, stuff and predicates; an id is a position, things come before stuff.

    There is no background class: background exists only inside a loss.

    >>> words = Vocabulary(things=("person", "dog"), stuff=("grass",), predicates=("on",))
    >>> words.categories[2], words.is_thing(2), words.category_id("dog")
    ('grass', False, 1)
    """

    things: tuple[str, ...]
    stuff: tuple[str, ...]
    predicates: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in KINDS:
            names = tuple(getattr(self, field))
            object.__setattr__(self, field, names)
            for position, name in enumerate(names):
                if not isinstance(name, str) or not name.strip():
                    raise InputError(f"{field}[{position}] is {name!r}; expected a name, a text that is not empty")
        for field, names in (("categories", self.categories), ("predicates", self.predicates)):
            if len(set(names)) < len(names):
                repeated = sorted({name for name in names if names.count(name) > 1})
                raise InputError(f"{field} name {repeated} more than once; each name may stand once")

    @classmethod
    def of_names(cls, names: Mapping[str, Sequence[str]]) -> "Vocabulary":
        """From lists by kind, as configs and files hold them; `names` is the way back.

        Raises:
            KeyError: a kind is missing.
            InputError: as for the class.
        """
        return cls(*(tuple(names[kind]) for kind in KINDS))

    @property
    def names(self) -> dict[str, list[str]]:
        """Lists by kind, for configs and files.

        >>> Vocabulary(("person",), ("grass",), ("on",)).names
        {'things': ['person'], 'stuff': ['grass'], 'predicates': ['on']}
        """
        return {kind: list(getattr(self, kind)) for kind in KINDS}

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Things, then stuff: the names that `Node.category` indexes."""
        return self.things + self.stuff

    def is_thing(self, category: int) -> bool:
        """Whether a category id is countable (a thing) rather than stuff."""
        return category < len(self.things)

    def category_id(self, name: str) -> int:
        """The id of a category name.

        Raises:
            InputError: there is no such category.
        """
        return self._lookup(self._category_ids, name, "category")

    def predicate_id(self, name: str) -> int:
        """The id of a predicate name.

        Raises:
            InputError: there is no such predicate.
        """
        return self._lookup(self._predicate_ids, name, "predicate")

    def check_same(self, other: "Vocabulary", whose: str) -> None:
        """Refuse another vocabulary, whose ids would be mixed up with those of this one.

        Args:
            other: the vocabulary of what is compared or joined.
            whose: what has it, for the message, such as "a.jpg: the prediction".

        Raises:
            InputError: the names differ.
        """
        if other is not self and other != self:
            raise InputError(f"{whose} has another vocabulary than this evaluation; ids would be mixed up")

    @cached_property
    def _category_ids(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.categories)}

    @cached_property
    def _predicate_ids(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.predicates)}

    @staticmethod
    def _lookup(ids: dict[str, int], name: str, kind: str) -> int:
        if name not in ids:
            listed = ", ".join(list(ids)[:20]) + (", ..." if len(ids) > 20 else "")
            raise InputError(f"there is no {kind} {name!r}; the vocabulary has: {listed}")
        return ids[name]
