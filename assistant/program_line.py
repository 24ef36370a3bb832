"""Programs in one-line form and traces, read back: the inverse of `Step.line` and of `Program.trace`.

which(related(find(person), riding, the(find(horse))))

N0 = find(person): 3 nodes (0, 1, 11)
N1 = the(find(horse)): 1 node (2)
N2 = related(N0, riding, N1): 1 node (0) by 1 relation
ANSWER = which(N2): nodes 0
"""

import json
import re
from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from assistant.program_check import check, required
from assistant.programs import BY_OPERATION
from assistant.quoting import BARE
from assistant.steps import MAX_DEPTH, MAX_STEPS, Find, Predicate, Question, Step
from scenegraph.errors import InputError

MAX_CHARACTERS = 20_000
"""Of a one-line program: far above any question."""

_CALL = re.compile(r"([a-z_]+)\(")
_REFERENCE = re.compile(r"[NW]\d+\b")
_FIELD = re.compile(r"([a-z_]+)=")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_TRACE = re.compile(r"(N\d+|ANSWER) = ")


def from_line(text: str) -> Question:
    """The question that a one-line form describes.

    Raises:
        InputError: it describes none; the message names the place and what was expected.

    >>> from_line("count(find(dog))").line
    'count(find(dog))'
    """
    reader = _Reader(text, {})
    question = reader.step(0, Step)
    if reader.at < len(text.rstrip()):
        reader.fail("the end of the program")
    return _checked(question)


def from_trace(lines: Iterable[str]) -> Question:
    """The question that a trace describes; what the steps found is passed over.

    Raises:
        InputError: the trace has no answer line, or a line is no step.
    """
    named: dict[str, Step] = {}
    for number, line in enumerate(lines):
        found = _TRACE.match(line)
        if found is None:
            raise InputError(f"trace line {number}: found {line[:40]!r}; expected a line such as 'N0 = find(dog)'")
        named[found.group(1)] = _Reader(line[found.end() :], named).step(0, Step)
    if "ANSWER" not in named:
        raise InputError("the trace has no line that begins with 'ANSWER = '")
    return _checked(named["ANSWER"])


def _checked(step: Step) -> Question:
    if not isinstance(step, Question):
        raise InputError(f"program: found {step.operation()}; expected a step that is a question")
    check(step)
    return step


class _Reader:
    """Reads one program from its one-line form."""

    def __init__(self, text: str, named: Mapping[str, Step]) -> None:
        if len(text) > MAX_CHARACTERS:
            raise InputError(f"the program has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
        self.text, self.named = text, named
        self.at = self.steps = 0

    def fail(self, expected: str) -> None:
        """Say what was expected where the reader is."""
        found = self.text[self.at : self.at + 20]
        raise InputError(
            f"program, character {self.at}: found {found!r}; expected {expected}"
            if found
            else f"program: it ends where {expected} was expected"
        )

    def step(self, level: int, kind: type) -> Step:
        """The step of a kind that starts here."""
        start, found = self.at, self._any_step(level)
        if not isinstance(found, kind):
            expected = f"a step that gives {kind.__name__.lower()}"
            raise InputError(f"program, character {start}: found {found.operation()}; expected {expected}")
        return found

    def _any_step(self, level: int) -> Step:
        self.steps += 1
        if level >= MAX_DEPTH or self.steps > MAX_STEPS:
            raise InputError(f"a program has at most {MAX_STEPS} steps and {MAX_DEPTH} levels")
        reference = _REFERENCE.match(self.text, self.at)
        if reference is not None and reference.group() in self.named:
            self.at = reference.end()
            return self.named[reference.group()]
        call = _CALL.match(self.text, self.at)
        if call is None or call.group(1) not in BY_OPERATION:
            self.fail("an operation such as find(dog)")
            raise AssertionError
        step = BY_OPERATION[call.group(1)]
        self.at = call.end()
        if step is Find:
            return self._find()
        return step(**self._arguments(step, level))

    def _find(self) -> Find:
        if self._take("anything)"):
            return Find(None)
        if (word := self._missing()) is not None:
            self._need(")")
            return Find((), word=word)
        names = self._names()
        self._need(")")
        return Find(names)

    def _arguments(self, step: type[Step], level: int) -> dict[str, Any]:
        shown = step.fields()
        hints, by_name = get_type_hints(step), False
        given: dict[str, Any] = {}
        while not self._take(")"):
            if given and not self._take(", "):
                self.fail("', ' or ')'")
            named = _FIELD.match(self.text, self.at)
            if named is not None and named.group(1) in hints:
                self.at, by_name, name = named.end(), True, named.group(1)
            elif by_name or len(given) == len(shown):
                self.fail("')'")
            else:
                name = shown[len(given)].name
            if name in given:
                self.fail(f"each argument once; {name} was given before")
            given[name] = self._argument(hints[name], level)
        missing = [item.name for item in shown if required(item) and item.name not in given]
        if missing:
            raise InputError(f"program, character {self.at}: {step.operation()} needs {', '.join(missing)}")
        return given

    def _argument(self, hint: Any, level: int) -> Any:
        origin = get_origin(hint)
        if origin is UnionType:
            return self._argument(next(kind for kind in get_args(hint) if kind is not NoneType), level)
        if origin is tuple:
            inner = get_args(hint)[0]
            if isinstance(inner, type) and issubclass(inner, Step):
                return self._steps(level, inner)
            if inner is str or get_origin(inner) is Literal:
                return self._names(get_args(inner))
            return () if self._take("nothing") else tuple(int(name) for name in self._listed(_NUMBER, "a number"))
        if origin is Literal:
            return self._one_of(get_args(hint))
        if hint is str:
            return self._name()
        if hint is Predicate:
            return self._predicate()
        if hint is bool:
            return self._flag()
        if hint in (int, float):
            number = self._match(_NUMBER, "a number")
            if hint is int and not number.lstrip("-").isdigit():
                raise InputError(f"program, character {self.at}: found {number}; expected a whole number")
            return hint(number)
        return self.step(level + 1, hint)

    def _steps(self, level: int, kind: type) -> tuple[Step, ...]:
        if self._take("nothing"):
            return ()
        steps = [self.step(level + 1, kind)]
        while True:
            after = self.at + 2
            reference = _REFERENCE.match(self.text, after)
            if not self.text.startswith(", ", self.at) or not (
                _CALL.match(self.text, after) or (reference and reference.group() in self.named)
            ):
                return tuple(steps)
            self.at = after
            steps.append(self.step(level + 1, kind))

    def _flag(self) -> bool:
        if self._take("yes"):
            return True
        if not self._take("no"):
            self.fail("yes or no")
        return False

    def _predicate(self) -> Predicate:
        if (word := self._missing()) is not None:
            return Predicate(word=word)
        forward: list[str] = []
        converse: list[str] = []
        while True:
            (converse if self._take("~") else forward).append(self._name())
            if not self._take("|"):
                return Predicate(tuple(forward), tuple(converse))

    def _missing(self) -> str | None:
        return self._name() if self._take("nothing called ") else None

    def _names(self, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        if self._take("nothing"):
            return ()
        if not known:
            return tuple(self._listed(None, "a name"))
        names = [self._one_of(known)]
        while self._take("|"):
            names.append(self._one_of(known))
        return tuple(names)

    def _one_of(self, known: tuple[str, ...]) -> str:
        start, name = self.at, self._name()
        if name not in known:
            raise InputError(f"program, character {start}: found {name!r}; expected one of {', '.join(known)}")
        return name

    def _listed(self, pattern: re.Pattern[str] | None, expected: str) -> list[str]:
        listed = []
        while True:
            listed.append(self._name() if pattern is None else self._match(pattern, expected))
            if not self._take("|"):
                return listed

    def _name(self) -> str:
        written = _QUOTED.match(self.text, self.at)
        if written is None:
            return self._match(BARE, "a name")
        try:
            name = json.loads(written.group(), strict=False)
        except ValueError:
            self.fail("a name in quotes, written as in JSON")
        self.at = written.end()
        return str(name)

    def _match(self, pattern: re.Pattern[str], expected: str) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            self.fail(expected)
            raise AssertionError
        self.at = found.end()
        return found.group()

    def _take(self, text: str) -> bool:
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            self.fail(repr(text))
