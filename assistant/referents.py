"""What the turns of a conversation spoke of, the most prominent first.

An answer comes before what its question names, that before the evidence, and a later turn before an earlier one.
What an answer only shows beside what it denies ("not shown; it shows ...") comes after all that was named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answers import GroundedAnswer, NodeCitation, RelationCitation, Status
from assistant.lexicon import Noun
from assistant.measured_programs import Compare, CompareDistances, Distance
from assistant.nouns import ANIMALS
from assistant.programs import Between, Count, Exists, Holds, Path, Which, kind_of
from assistant.steps import Except, Find, Nodes, Pick, Question, Related, Step, The, Union, children, walk
from assistant.timed_programs import During, inner

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_OF_TWO = (Compare, CompareDistances, Distance, Between, Path)
REMEMBERED = 5
"""Turns in which a referent is looked for: people do not mean what was said long ago."""

MALE = frozenset({"man", "men", "boy", "guy", "gentleman", "father", "son", "king", "groom"})
FEMALE = frozenset({"woman", "women", "girl", "lady", "mother", "daughter", "queen", "bride"})
_HE, _SHE = frozenset({"he", "him", "his"}), frozenset({"she", "her"})


@dataclass(frozen=True)
class Turn:
    """One question of a conversation and its answer.

    Attributes:
        answer: as it was given.
        called: personal pronouns of the question and the nodes that they were read as.
        open: the question with a gap, where it was asked back what a word in the place of the gap means.
        short: it took what it left out from the turn before.
        remark: it asked for nothing.
    """

    answer: GroundedAnswer
    called: tuple[tuple[str, int], ...] = ()
    open: str | None = None
    short: bool = False
    remark: bool = False

    @property
    def question(self) -> Question | None:
        """What was asked, as a program."""
        return None if self.answer.program is None else self.answer.program.question


def head(nodes: Nodes) -> Find | Pick | None:
    """The kind, or the nodes by name, that a description narrows."""
    step: Step = nodes
    while not isinstance(step, Find | Pick):
        parts = [child for child in children(step) if isinstance(child, Nodes)]
        if not parts:
            return None
        step = parts[0]
    return step


class Referents:
    """What may be referred to.

    Args:
        assistant: of the graph.
        turns: the last ones, oldest first.
    """

    def __init__(self, assistant: "Assistant", turns: Sequence[Turn]) -> None:
        self.assistant = assistant
        self.turns = [turn for turn in turns if not turn.remark][-REMEMBERED:]
        self._definite: dict[int, list[tuple[int, ...]]] = {}

    @property
    def last(self) -> Turn | None:
        """The last turn that asked something."""
        return self.turns[-1] if self.turns else None

    @cached_property
    def people(self) -> frozenset[str]:
        """Categories of persons."""
        return self.categories("person")

    @cached_property
    def animals(self) -> frozenset[str]:
        """Categories of animals."""
        return self.categories("animal") | frozenset(
            name for name in self.assistant.graph.vocabulary.categories if name in ANIMALS
        )

    def categories(self, word: str) -> frozenset[str]:
        """The categories that a noun covers."""
        entries = (entry for _, entry in self.assistant.lexicon.at(word.split(), 0) if isinstance(entry, Noun))
        return frozenset(name for entry in entries for name in entry.categories or ())

    def kind(self, nodes: Nodes | int) -> str:
        """Person, animal, stuff or thing."""
        graph = self.assistant.graph
        if isinstance(nodes, int):
            names = {graph.category_name(nodes)}
        else:
            found = head(nodes)
            if isinstance(found, Pick):
                names = {graph.category_name(node) for node in found.nodes if self.known(node)}
            else:
                names = set() if found is None else set(found.categories or ())
        for kind, members in (("person", self.people), ("animal", self.animals), ("stuff", graph.vocabulary.stuff)):
            if names and names <= set(members):
                return kind
        return "thing" if names else "anything"

    def known(self, node: int) -> bool:
        """Whether the graph has a node of that id."""
        return bool(len(self.assistant.index.positions((node,))))

    def nodes(self, step: Nodes, question: Question | None = None) -> tuple[int, ...]:
        """The nodes that a description gives, in the stretch of time that a question asks about.

        None where it gives none, or where it is not clear which of several is meant.
        """
        if isinstance(step, Pick):
            return tuple(node for node in step.nodes if self.known(node))
        asked: Question = Which(step)
        if isinstance(question, During):
            asked = During(asked, question.window)
        outcome = self.assistant.outcome(asked)
        return outcome.nodes if outcome.status is Status.ANSWERED else ()

    def groups(self) -> Iterator[tuple[int, ...]]:
        """Nodes that were spoken of together, the most prominent first."""
        for turn in reversed(self.turns):
            yield from self.named(turn)
            yield from self._seen(turn)
        for turn in reversed(self.turns):
            if turn.answer.status is not Status.ANSWERED:
                yield from _shown(turn.answer)

    def named(self, turn: Turn) -> Iterator[tuple[int, ...]]:
        """What a turn itself speaks of: the nodes of the answer, those that the question names."""
        answer = turn.answer
        if answer.status is Status.AMBIGUOUS and answer.options:
            yield answer.options
        if answer.nodes:
            yield answer.nodes
        yield self._introduced(turn)
        yield from self.definite(turn)

    def _seen(self, turn: Turn) -> Iterator[tuple[int, ...]]:
        """The evidence of an answer; where there is none, the only one of its kind at another time."""
        if turn.answer.status is Status.ANSWERED:
            yield from _shown(turn.answer)
        kind = asked_for(turn.question)
        if isinstance(kind, Find) and kind.categories:  # there is none at that time
            yield self.nodes(kind)

    def _introduced(self, turn: Turn) -> tuple[int, ...]:
        """What a yes/no question asked for and found: is there a cup, does anybody hold it."""
        asked = None if turn.question is None else inner(turn.question)
        if turn.answer.status is not Status.ANSWERED or turn.answer.short in ("no", "not shown"):
            return ()
        if isinstance(asked, Exists):
            return self.nodes(asked.nodes, turn.question)
        if isinstance(asked, Holds) and not isinstance(head(asked.subjects), Pick) and not _definite(asked.subjects):
            return self.nodes(Related(asked.subjects, asked.predicate, asked.objects), turn.question)
        return ()

    def definite(self, turn: Turn) -> list[tuple[int, ...]]:
        """What a question takes for granted ("the dog"), subjects before objects, pairs before their parts."""
        question = turn.question
        if question is None:
            return []
        if id(turn) not in self._definite:
            self._definite[id(turn)] = self._taken_for_granted(question, turn)
        return self._definite[id(turn)]

    def _taken_for_granted(self, question: Question, turn: Turn) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        left_out = {id(below) for step in walk(question) if isinstance(step, Except) for below in walk(step.others)}
        parts = [child for child in children(inner(question)) if isinstance(child, Question)]
        if len(parts) > 1:  # the dog and the horse
            firsts = [next(iter(self._definite_of(part, turn, left_out)), ()) for part in parts]
            found.append(tuple(dict.fromkeys(node for first in firsts for node in first)))
        found.extend(self._definite_of(question, turn, left_out))
        return [nodes for nodes in found if nodes]

    def _borne_out(self, nodes: tuple[int, ...], answer: GroundedAnswer) -> tuple[int, ...]:
        """Of several nodes that a description may mean, those that the answer is about."""
        if len(nodes) < 2 or answer.status is not Status.ANSWERED:
            return nodes
        shown = {node for group in _shown(answer) for node in group}
        return tuple(node for node in nodes if node in shown) or nodes

    def _definite_of(self, step: Step, turn: Turn, left_out: set[int]) -> Iterator[tuple[int, ...]]:
        for below in walk(step):
            if id(below) in left_out:
                continue
            if isinstance(below, Union) and all(isinstance(part, The | Pick) for part in below.parts):
                yield tuple(dict.fromkeys(node for part in below.parts for node in self.nodes(part, turn.question)))
            elif isinstance(below, The | Pick):
                nodes = self.nodes(below, turn.question)
                single = isinstance(below, The) and not below.plural
                yield self._borne_out(nodes, turn.answer) if single else nodes

    def sets(self) -> Iterator[tuple[int, ...]]:
        """Several nodes that "them" may stand for, the most prominent first."""
        for number in range(len(self.turns), 0, -1):
            turn = self.turns[number - 1]
            both = tuple(dict.fromkeys(node for nodes in self.definite(turn) for node in nodes))
            both = both if len(both) == 2 else ()
            if both and turn.question is not None and isinstance(inner(turn.question), _OF_TWO):
                yield both  # is the dog bigger than the horse
            pair = self._pair(number)
            if pair:
                yield pair
            yield from (tuple(dict.fromkeys(nodes)) for nodes in self.named(turn) if len(set(nodes)) > 1)
            if both and len({self.kind(node) for node in both}) == 1:
                yield both
        for turn in reversed(self.turns):
            yield from (tuple(dict.fromkeys(nodes)) for nodes in self._seen(turn) if len(set(nodes)) > 1)

    def _pair(self, number: int) -> tuple[int, ...]:
        """The things of two turns of which the second asks the same of another."""
        if number < 2:
            return ()
        focuses = [self._focus(turn) for turn in self.turns[number - 2 : number]]
        questions = [turn.question for turn in self.turns[number - 2 : number]]
        alike = all(questions) and len({kind_of(question) for question in questions if question is not None}) == 1
        pair = tuple(dict.fromkeys(node for focus in focuses for node in focus))
        return pair if alike and all(len(focus) == 1 for focus in focuses) and len(pair) == 2 else ()

    def _focus(self, turn: Turn) -> tuple[int, ...]:
        if turn.question is None or kind_of(turn.question) is Count:
            return ()
        return turn.answer.nodes or next(iter(self.definite(turn)), ())

    def kinds(self) -> Iterator[Find]:
        """The kinds of things that were asked for, the last first."""
        for turn in reversed(self.turns):
            question = turn.question
            steps = [] if question is None else list(walk(question))
            known = {id(step.nodes) for step in steps if isinstance(step, The)}
            kinds = [step for step in steps if isinstance(step, Find) and step.categories]
            yield from sorted(kinds, key=lambda kind: id(kind) in known)  # "a ball" before "the dog"

    def singled_out(self, among: tuple[int, ...]) -> tuple[int, ...]:
        """What was spoken of last of some nodes, but not all of them."""
        for group in self.groups():
            found = tuple(node for node in dict.fromkeys(group) if node in among)
            if found and len(found) < len(among):
                return found
        return ()

    def told(self) -> tuple[int, ...]:
        """All that the last turn found or asked of: what "else" leaves out."""
        if self.last is None:
            return ()
        groups = [self.last.answer.nodes, *self.named(self.last)]
        if not any(groups):
            groups = [*self._seen(self.last)]
        return tuple(dict.fromkeys(node for group in groups for node in group))

    def meant_by(self, pronoun: str, beside: frozenset[int] = frozenset()) -> tuple[int, ...]:
        """The nodes that a pronoun of the third person may mean; several where they are meant equally well.

        Args:
            pronoun: he, she, it, ...
            beside: nodes that its own clause names, so that they are not meant ("the dog is chasing it").
        """
        return self._meant_by(pronoun, beside, True) or self._meant_by(pronoun, beside, False)

    def _meant_by(self, pronoun: str, beside: frozenset[int], consistent: bool) -> tuple[int, ...]:
        def fitting(group: tuple[int, ...]) -> tuple[int, ...]:
            kept = (node for node in group if not (consistent and self._otherwise_called(pronoun, node)))
            kept = (node for node in kept if node not in beside)
            return tuple(dict.fromkeys(node for node in kept if self._fits(pronoun, node)))

        for turn in reversed(self.turns):
            found = [nodes for nodes in map(fitting, self.named(turn)) if nodes]
            found = found or [nodes for nodes in map(fitting, self._seen(turn)) if nodes]
            if found:  # what an answer lists is not meant where the question names one thing
                return next((nodes for nodes in found if len(nodes) == 1), found[0])
        return next((nodes for nodes in map(fitting, self.groups()) if nodes), ())

    def _fits(self, pronoun: str, node: int) -> bool:
        name = self.assistant.graph.category_name(node)
        personal = pronoun in _HE or pronoun in _SHE
        if (name in self.people) != personal:
            return False
        return not (pronoun in _HE and name in FEMALE) and not (pronoun in _SHE and name in MALE)

    def _otherwise_called(self, pronoun: str, node: int) -> bool:
        """Whether somebody was called "she" who would now be "he"."""
        others = _SHE if pronoun in _HE else _HE if pronoun in _SHE else frozenset()
        return any(word in others and node == meant for turn in self.turns for word, meant in turn.called)

    def of_kind(self, categories: frozenset[str]) -> tuple[int, ...]:
        """The nodes of some categories that were spoken of last."""
        for group in self.groups():
            fitting = tuple(node for node in group if self.assistant.graph.category_name(node) in categories)
            if fitting:
                return tuple(dict.fromkeys(fitting))
        return ()


def _shown(answer: GroundedAnswer) -> Iterator[tuple[int, ...]]:
    """The nodes of what an answer shows: subjects, objects, nodes by themselves."""
    related = [citation for citation in answer.citations if isinstance(citation, RelationCitation)]
    yield tuple(dict.fromkeys(citation.subject for citation in related))
    yield tuple(dict.fromkeys(citation.object for citation in related))
    if not related:
        yield tuple(citation.node for citation in answer.citations if isinstance(citation, NodeCitation))


def _definite(nodes: Nodes) -> bool:
    return any(isinstance(step, The) for step in (nodes, getattr(nodes, "nodes", None)))


def asked_for(question: Question | None) -> Nodes | None:
    """The set of nodes that a question asks for."""
    question = None if question is None else inner(question)
    return question.nodes if isinstance(question, Exists | Count | Which) else None
