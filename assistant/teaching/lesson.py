"""One graph, prepared for writing questions and answers about it."""

from collections.abc import Iterator, Sequence
from random import Random

from assistant.answers import Status
from assistant.assistant import Assistant
from assistant.names import plain, printable
from assistant.nouns import PEOPLE
from assistant.outcomes import Outcome
from assistant.phrasing import clause, clause_forms
from assistant.programs import Holds
from assistant.steps import Pick, Predicate, Question
from assistant.teaching.naming import Names, Style, gap
from assistant.teaching.phrasings import phrase
from assistant.teaching.proof import Proof, result_of
from assistant.teaching.samples import Statement, Turn
from assistant.verbs import COVERS
from scenegraph import SceneGraph, Span


class Lesson:
    """What the templates need of one graph.

    Args:
        graph: picture, video or RGB-D video.
        random: decides which phrasing and which nodes; the same state gives the same text.
        closed_world: the graph is complete, so that answers may be "no".
        style: how nodes are called.
        min_score: relations of lower score are not told.
    """

    def __init__(
        self,
        graph: SceneGraph,
        random: Random,
        closed_world: bool = False,
        style: Style = "natural",
        min_score: float = 0.3,
    ) -> None:
        self.graph = graph
        self.random = random
        self.min_score = min_score
        self.assistant = Assistant(graph, min_score=min_score, closed_world=closed_world)
        self.index = self.assistant.index
        self.proof = Proof(self.assistant, min_score)
        self.names = Names(self.index, style)
        self.timed = graph.source.kind != "image"
        self.believed = [at for at in range(len(graph.relations)) if self.index.believed[at]]
        # Relations whose words stand after "is": those that questions can be made of.
        self.gaps = {at: words for at in self.believed if (words := gap(self.predicate(at))) is not None}

    def run(self, program: Question) -> Outcome:
        """What the indexed engine gives."""
        return self.assistant._executor.run(program)

    def predicate(self, relation: int) -> str:
        """The predicate of a relation."""
        return self.graph.predicate_name(self.graph.relations[relation])

    def name(self, node_id: int) -> str:
        """How a node is called."""
        return self.names.of(node_id)

    def category(self, node_id: int) -> str:
        """The category name of a node."""
        return self.graph.category_name(node_id)

    def is_person(self, node_id: int) -> bool:
        """Whether one asks "who"."""
        return self.category(node_id) in PEOPLE

    def shuffled(self, items: Sequence[int]) -> Iterator[int]:
        """Items in a random order."""
        yield from self.random.sample(list(items), len(items))

    def nodes(self, things: bool = True) -> list[int]:
        """Node ids, of things only."""
        vocabulary = self.graph.vocabulary
        return [node.id for node in self.index.nodes if not things or vocabulary.is_thing(node.category)]

    def covered(self, predicate: str) -> tuple[str, ...]:
        """The predicates that count where this one is asked for: who stands on the road is on the road."""
        kinds = COVERS.get(plain(predicate), ())
        return (
            predicate,
            *(name for name in self.graph.vocabulary.predicates if plain(name) in kinds and name != predicate),
        )

    def recorded(self) -> list[tuple[str, int, str]]:
        """Attributes that are told: (attribute, node id, value); a colour of a person is that of clothes."""
        return [
            (name, self.index.nodes[at].id, printable(str(value)))
            for name, rows in sorted(self.index.attributes.items())
            for at, value in rows
            if str(value).isalpha() and not (name == "colour" and self.is_person(self.index.nodes[at].id))
        ]

    def holds(self, relation: int) -> Holds:
        """The program of a relation."""
        tie = self.graph.relations[relation]
        return Holds(Pick((tie.subject,)), Predicate((self.predicate(relation),)), Pick((tie.object,)))

    def bare(self, relation: int) -> str:
        """A relation as a clause, as questions quote it."""
        tie = self.graph.relations[relation]
        return clause(self.name(tie.subject), self.predicate(relation), self.name(tie.object))

    def fact(self, relation: int, when: str = "", frames: Span | None = None) -> Statement | None:
        """A relation as a proven statement, in one of the forms in which it can be said.

        Args:
            relation: its position.
            when: words for a stretch of time, put at the end.
            frames: that stretch; the relation must hold in all of it.
        """
        tie = self.graph.relations[relation]
        forms = clause_forms(self.name(tie.subject), self.predicate(relation), self.name(tie.object))
        program = result = None
        if frames is not None:
            from assistant.timed_programs import During, Frames, When

            timed = During(When(self.holds(relation)), Frames(frames.start, frames.stop))
            program, result = timed.line, f"{tie.subject} {tie.object} {((frames.start, frames.stop),)}"
        for form in self.random.sample(forms, len(forms)):
            text = f"{form} {when}".strip()
            statement = Statement(text, text, program, result, (tie.subject, tie.object))
            if self.proof.holds(statement):
                return statement
        return None

    def facts(self, relations: Sequence[int], most: int = 4) -> list[Statement]:
        """Several relations, those that can be proven."""
        found = (self.fact(relation) for relation in relations[:most])
        return [statement for statement in found if statement is not None]

    def said(self, *forms: str) -> Statement | None:
        """The first of some clauses that is read back and found in the graph, tried in random order."""
        for form in self.random.sample(forms, len(forms)):
            statement = Statement(form, form)
            if self.proof.holds(statement):
                return statement
        return None

    def computed(self, text: str, program: Question) -> Statement | None:
        """A clause that rests on what a program gives, which both engines must agree on."""
        statement = Statement(text, None, program.line, result_of(self.run(program)))
        return statement if self.proof.holds(statement) else None

    def answered(self, program: Question) -> Outcome | None:
        """The outcome of a program that the graph answers."""
        outcome = self.run(program)
        return outcome if outcome.status is Status.ANSWERED and outcome.failure is None else None

    def turn(
        self,
        template: str,
        answer: str,
        statements: Sequence[Statement | None],
        program: Question | None = None,
        **slots: object,
    ) -> Turn:
        """A turn of a template; statements that are None must have been left out of the answer."""
        question = phrase(self.random, template, **slots)
        kept = tuple(statement for statement in statements if statement is not None)
        return Turn(template, question, answer, kept, None if program is None else program.line)
