"""What the members of a class look like, in words: the file that a user gives, and one for the names of PSG."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.names import spoken
from scenegraph import InputError, Vocabulary, checked_json

BUILT_IN = Path(__file__).with_name("psg_descriptors.json")
"""Three short descriptors for each of the 80 things and 53 stuff names of PSG (COCO panoptic)."""

TEMPLATE = "a photo of a {name}, which {descriptor}"
"""As Menon and Vondrick's "{name} which has {descriptor}"; our descriptors bring their own verb."""

MAX_TEXTS = 100_000
MAX_CHARACTERS = 300
"""Text encoders of the CLIP family read some 75 tokens."""


@dataclass(frozen=True)
class Descriptors:
    """Descriptors by class name; a class without any is described by its name alone.

    Raises:
        InputError: there is no class, a name is both a thing and stuff, or there are too many texts.
    """

    things: Mapping[str, tuple[str, ...]]
    stuff: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        self.vocabulary(())  # checks the names
        classes = {**self.things, **self.stuff}
        if not classes:
            raise InputError("there are no classes; expected at least one name with its descriptors")
        if sum(max(len(words), 1) for words in classes.values()) > MAX_TEXTS:
            raise InputError(f"there are more than {MAX_TEXTS:,} descriptors")

    def vocabulary(self, predicates: tuple[str, ...]) -> Vocabulary:
        """The class names as categories, beside some predicates."""
        return Vocabulary(tuple(self.things), tuple(self.stuff), predicates)

    def by_category(self) -> list[tuple[str, ...]]:
        """The descriptors of every category, in the order of the vocabulary."""
        return [tuple(words) for words in (*self.things.values(), *self.stuff.values())]

    def sentences(self, template: str = TEMPLATE) -> list[list[str]]:
        """The texts of every category that are compared with pictures, at least one each.

        Raises:
            InputError: the template has no {name} or no {descriptor}, or other fields.

        >>> Descriptors({"dog": ("has a snout",), "cat": ()}, {}).sentences()
        [['a photo of a dog, which has a snout'], ['a photo of a cat']]
        """
        try:
            probe = template.format(name="\0", descriptor="\1")
        except (KeyError, IndexError, ValueError, AttributeError):
            probe = ""
        if not ("\0" in probe and "\1" in probe):
            raise InputError(f"template {template[:80]!r}: expected a text with {{name}} and {{descriptor}}")
        names = (*self.things, *self.stuff)
        return [
            [template.format(name=spoken(name)[0], descriptor=each) for each in words]
            or [f"a photo of a {spoken(name)[0]}"]
            for name, words in zip(names, self.by_category(), strict=True)
        ]

    @property
    def sha256(self) -> str:
        """A hash of all names and descriptors in their order."""
        text = json.dumps([[*self.things.items()], [*self.stuff.items()]], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()


def read_descriptors(path: str | Path | None = None) -> Descriptors:
    """Read `{"dog": ["has a snout", ...], ...}` or `{"things": {...}, "stuff": {...}}` of the same.

    Names without the second form are things. None reads the built-in list for the names of PSG.

    Raises:
        InputError: the file is missing or does not have this form.
    """
    source = BUILT_IN if path is None else Path(path)
    value = checked_json.read(source)
    with checked_json.located(str(source)):
        checked_json.checked(value, "object", "the file")
        parted = (
            bool(value) and value.keys() <= {"things", "stuff"} and all(isinstance(p, dict) for p in value.values())
        )
        parts = value if parted else {"things": value}
        return Descriptors(*(_classes(parts.get(part, {}), part if parted else "") for part in ("things", "stuff")))


def _classes(value: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    classes = {}
    for name in value:
        words = checked_json.names(value, name, where)
        for position, descriptor in enumerate(words):
            if not descriptor.strip() or len(descriptor) > MAX_CHARACTERS:
                raise InputError(f"{name}[{position}]: expected a text of 1 to {MAX_CHARACTERS} characters")
        classes[name] = words
    return classes
