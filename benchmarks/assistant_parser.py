"""How many questions are read into exactly the right program, or into one that gives the same answers?

python benchmarks/assistant_parser.py [--questions 50000] [--set held_out_first.tsv] [--scenes 300] [--wrong 20]
"""

import argparse
from collections import Counter

from parser_questions import templates
from parser_questions.same_answers import ask_the_same
from tqdm import tqdm

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line
from assistant.steps import Predicate, Step
from scenegraph import InputError

FIRST_SEED = 71


def same(one: object, other: object) -> bool:
    """Whether two programs are equal; the order of names of one predicate says nothing."""
    if isinstance(one, Predicate) and isinstance(other, Predicate):
        return set(one.forward) == set(other.forward) and set(one.converse) == set(other.converse)
    if isinstance(one, Step) and isinstance(other, Step):
        pairs = zip(one.arguments(), other.arguments(), strict=False)
        return type(one) is type(other) and all(same(value, twin) for (_, value), (_, twin) in pairs)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def main() -> None:
    """Ask and print one row a family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=50_000, help="default: %(default)s")
    parser.add_argument("--set", default="held_out_first.tsv", help="a file of parser_questions/; default: %(default)s")
    parser.add_argument("--scenes", type=int, default=300, help="to try other programs on; default: %(default)s")
    parser.add_argument("--wrong", type=int, default=20, help="wrongly read questions to show; default: %(default)s")
    arguments = parser.parse_args()
    reader = Parser(lexicon_of(templates.VOCABULARY), {}, frozenset({"colour", "material"}))
    asked, right, alike, wrong = Counter(), Counter(), 0, {}
    rows = templates.read(arguments.set)
    for template, question, program in tqdm(
        templates.generated(rows, arguments.questions, FIRST_SEED), total=arguments.questions, disable=None
    ):
        found = reader.question(question).questions
        try:
            expected = from_line(program)
        except InputError as error:
            expected = None
            wrong.setdefault(template, []).append((str(error), program, "-"))
        exact = bool(found) and expected is not None and same(found[0], expected)
        asked[template.family] += 1
        right[template.family] += exact
        asked["answered"] += bool(found)
        alike += exact or (
            bool(found and expected and arguments.scenes) and ask_the_same(found[0], expected, arguments.scenes)
        )
        if not exact:
            wrong.setdefault(template, []).append((question, program, found[0].line if found else "-"))
    for examples in list(wrong.values())[: arguments.wrong]:
        print(*examples[0], sep="\n    ")
    answered = asked.pop("answered")
    for family, count in asked.items():
        print(f"{family:12} {right[family]:6} of {count:6} exact")
    print(f"{len(rows)} forms, {len(rows) - len(wrong)} without any error")
    print(f"all {sum(right.values())} of {sum(asked.values())} exact: {sum(right.values()) / sum(asked.values()):.2%}")
    print(f"{answered} read, of them exact {sum(right.values()) / max(answered, 1):.2%}")
    if arguments.scenes:
        said = f"{alike} with the same answers as what was expected, on {arguments.scenes} random scenes"
        print(f"{said}: {alike / sum(asked.values()):.2%} of all, {alike / max(answered, 1):.2%} of what was read")


if __name__ == "__main__":
    main()
