"""Multiple-choice questions and short answers made of other turns: (lesson) -> turns."""

from collections.abc import Iterator

from assistant.programs import AttributeOf, Choose, Count, Which
from assistant.steps import Find, Pick, Predicate, Question, Related
from assistant.teaching import pictures
from assistant.teaching.lesson import Lesson
from assistant.teaching.phrasings import phrase
from assistant.teaching.samples import Turn

LETTERS = "ABCD"
_COLOURS = ("red", "blue", "green", "yellow", "white", "black", "brown", "grey", "orange", "pink", "purple")
NO_OPTION = ("None of the options is right.", "No option fits.", "The right answer is not among the options.",
             "None of these.", "All of the options are wrong.")  # fmt: skip
"""How a question is answered that none of its options answers."""


def number(lesson: Lesson, solvable: bool = True) -> Iterator[Turn]:
    """How many dogs are there? A. 1 B. 3 ..."""
    counts, vocabulary = lesson.names.counts, lesson.graph.vocabulary
    for turn in pictures.count(lesson):
        program = next(
            Count(Find((name,)))
            for at, name in enumerate(vocabulary.categories)
            if counts[at] and turn.program == Count(Find((name,))).line
        )
        right = str(lesson.run(program).number)
        wrong = [str(value) for value in range(max(int(right) + 6, 6)) if str(value) != right]
        yield from _choice(lesson, turn, program, right, wrong, solvable)


def colour(lesson: Lesson, solvable: bool = True) -> Iterator[Turn]:
    """What colour is the car? A. red B. blue ..."""
    rows = [(node, value) for name, node, value in lesson.recorded() if name == "colour"]
    for turn in pictures.attribute(lesson):
        for node, value in rows:
            program = AttributeOf(Pick((node,)), "colour")
            if turn.program == program.line:
                yield from _choice(lesson, turn, program, value, [c for c in _COLOURS if c != value], solvable)


def kind(lesson: Lesson, solvable: bool = True) -> Iterator[Turn]:
    """What is the dog chasing? A. ball B. cat ..."""
    ties = lesson.graph.relations
    names = lesson.names.kinds[: len(lesson.graph.vocabulary.things)]
    for turn in pictures.what_object(lesson):
        for at in lesson.gaps:
            program = Which(
                Related(Find(None), Predicate((), lesson.covered(lesson.predicate(at))), Pick((ties[at].subject,)))
            )
            if turn.program == program.line and len(lesson.run(program).nodes) == 1:
                right = lesson.names.kind(lesson.graph.node(ties[at].object).category)
                yield from _choice(lesson, turn, program, right, [name for name in names if name != right], solvable)
                break


def _choice(
    lesson: Lesson, turn: Turn, program: Question, right: str, wrong: list[str], solvable: bool
) -> Iterator[Turn]:
    """A turn with lettered options, if both engines choose the right one, or find that none is."""
    if len(wrong) < len(LETTERS):
        return
    options = lesson.random.sample(wrong, len(LETTERS) - solvable) + [right] * solvable
    lesson.random.shuffle(options)
    asked = Choose(program, tuple(options))
    outcome = lesson.run(asked)
    listed = " ".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=True))
    if solvable:
        if outcome.status != "answered" or outcome.number != options.index(right):
            return
        chosen = lesson.computed(f"{LETTERS[options.index(right)]}. {right}", asked)
        answer = None if chosen is None else f"{chosen.text}. {turn.answer}"
    else:
        if outcome.reason != "no correct option":
            return
        text = lesson.random.choice(NO_OPTION)
        chosen = lesson.computed(text.removesuffix("."), asked)
        answer = None if chosen is None else f"{text} {turn.answer}"
    if answer is not None:
        made = lesson.turn("choice", answer, [chosen, *turn.statements], asked, question=turn.question, options=listed)
        yield made


def short(lesson: Lesson) -> Iterator[Turn]:
    """How many dogs are there? Answer in a single word or phrase."""
    for turn in pictures.count(lesson):
        yield _short(lesson, turn, turn.statements[0].result or _figure(turn))
    for turn in pictures.holds(lesson):
        yield _short(lesson, turn, "Yes")


def _figure(turn: Turn) -> str:
    """The number in `there are 3 dogs`; 1 in `there is a dog`."""
    words = {word: str(number) for number, word in pictures.NUMBER_WORDS.items()}
    found = (words.get(word, word) for word in turn.statements[0].text.split())
    return next((word for word in found if word.isdigit()), "1")


def _short(lesson: Lesson, turn: Turn, answer: str) -> Turn:
    question = phrase(lesson.random, "short", question=turn.question)
    return Turn("short", question, f"{answer}.", turn.statements, turn.program)


def unsolvable(lesson: Lesson) -> Iterator[tuple[Turn, Turn]]:
    """A multiple-choice question with the right option, and the same without it."""
    for template in (number, kind, colour):
        pairs = zip(template(lesson), template(lesson, solvable=False), strict=False)
        yield from pairs


FAMILIES = (number, kind, colour, short)
