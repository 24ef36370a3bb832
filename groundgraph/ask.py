"""`groundgraph ask`: answers questions about a scene graph, with the evidence."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundgraph.answer_kinds import (
    add_kind_arguments,
    add_region_argument,
    filled,
    regions_given,
    schema_given,
    write_kinds,
)
from scenegraph import InputError

if TYPE_CHECKING:
    from assistant import Assistant, Citation, GroundedAnswer, Question

EPILOG = """\
examples:
  groundgraph ask photo.scenegraph.json "Who is riding the horse?"
  groundgraph ask photo.scenegraph.json "What is the person on the horse holding?" --trace
  groundgraph ask clip.scenegraph.json "When does the child hold the ball?" --json
  groundgraph ask photo.scenegraph.json "Is there a dog?" --closed-world
  groundgraph ask photo.scenegraph.json --program "which(superlative(find(person), area))"
  groundgraph ask photo.scenegraph.json "Why is she smiling?" --llm http://127.0.0.1:8000/v1
  groundgraph ask photo.scenegraph.json "What is this holding?" --region '{"point": [120, 80]}'
  groundgraph ask photo.scenegraph.json "Who is riding the horse?" --mask rider.png --picture shown.png
  groundgraph ask clip.scenegraph.json "When does the dog run?" --clip run.gif --images videos/
  groundgraph ask photo.scenegraph.json "How many people are there?" --schema wanted.json
  groundgraph ask photo.scenegraph.json                    # asks until you press Ctrl-D

What can be asked: is there, how many, who, what, which, where, what is X doing, is X holding Y, what
colour is X, how are X and Y related, left of / right of / above / below, describe X; about videos
also when, how long, how often, before, after, while, "at 3 seconds", what happened, what changed.

A graph may lack what the picture shows, so a missing relation is answered "The graph does not show
...", never "no". With --closed-world the graph is taken as complete.

exit codes: 0 answered, 2 bad input, 3 the graph has no answer, 4 ambiguous (it asks back),
            5 the question could not be read; 0 after a conversation
"""

EXIT_CODES = {"answered": 0, "unanswerable": 3, "ambiguous": 4, "unparsed": 5}
KEY_VARIABLE = "GROUNDGRAPH_API_KEY"
"""Environment variable with the key for `--llm`; no other key is ever sent anywhere."""

WORDS_HELP = (
    'your own words: {"same": [["truck", "rig"]], "broader": {"tool": ["hammer", "saw"]}, '
    '"narrower": {"spaniel": ["dog"]}, "predicates": {"holding": ["wielding"]}}'
)
ROLES = ("program", "reason", "phrase")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("question", nargs="?", help="a question in English; none: ask until Ctrl-D")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON, one line an answer")
    parser.add_argument("--trace", action="store_true", help="print the program, step by step")
    parser.add_argument(
        "--program", metavar="PROGRAM", help='run a program instead of a question: "count(find(dog))", or its JSON'
    )
    add_region_argument(parser)
    add_kind_arguments(parser)
    add_reading_arguments(parser)
    add_model_arguments(parser)


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a language model and what it may do."""
    parser.add_argument("--llm", metavar="URL|FOLDER", help="OpenAI-compatible server or local Hugging Face folder")
    parser.add_argument("--model", metavar="NAME", help="name of the model at the server (default: its first)")
    parser.add_argument(
        "--role",
        dest="roles",
        action="append",
        choices=ROLES,
        help="what the language model may do; may be given several times (default: program, reason). "
        f"Its key is read from ${KEY_VARIABLE}",
    )
    parser.add_argument(
        "--see", action="store_true", help="show the model the picture too, with the ids of the nodes written on it"
    )


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how words and missing relations are read."""
    parser.add_argument("--closed-world", action="store_true", help="the graph is complete: what is missing is not so")
    parser.add_argument(
        "--min-score",
        metavar="SCORE",
        type=_probability,
        default=0.3,
        help="relations of lower score are not used (default: 0.3; 0 uses all that a model ranked)",
    )
    parser.add_argument("--words", metavar="WORDS.json", type=Path, help=WORDS_HELP)


def _probability(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to 1")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from assistant import Assistant
    from groundgraph.media import frames_of
    from scenegraph import files

    graph = files.load(arguments.graph)
    frames = frames_of(graph, arguments.graph, arguments.images) if arguments.see else None
    assistant = Assistant(graph, arguments.llm, frames=frames, **assistant_options(arguments))
    if arguments.question is None and arguments.program is None:
        return _converse(assistant, arguments)
    if arguments.program is not None:
        answer = assistant.run(_program(arguments.program))
    else:
        answer = assistant.ask(arguments.question, regions_given(arguments))
    schema = schema_given(arguments)
    try:
        if schema is None:
            _show(answer, arguments)
        else:
            print(filled(answer, assistant, schema))
        write_kinds(answer, assistant, arguments)
    except InputError as error:
        if answer.status == "answered":
            raise
        print(f"groundgraph: {answer.text if schema is not None else error}", file=sys.stderr)
    return EXIT_CODES[answer.status]


def _program(text: str) -> "Question":
    """A program in either of its written forms."""
    from assistant.program_json import from_json
    from assistant.program_line import from_line
    from scenegraph.checked_json import parse

    return from_json(parse(text)) if text.lstrip().startswith("{") else from_line(text)


def assistant_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of an `Assistant` that a command line gives, but for its graph and its language model."""
    from assistant import Words

    return {
        "min_score": arguments.min_score,
        "closed_world": arguments.closed_world,
        "words": Words.read(arguments.words) if arguments.words else None,
        "model": arguments.model,
        "roles": arguments.roles or ("program", "reason"),
        "api_key": os.environ.get(KEY_VARIABLE),
    }


def readable(answer: "GroundedAnswer", trace: bool = False) -> str:
    """An answer with its evidence, as lines for a person."""
    from assistant.names import on_screen

    lines = [answer.text, ""]
    status = f"{answer.status} ({answer.reason})" if answer.reason else str(answer.status)
    if answer.confidence is not None and answer.confidence < 1:
        status += f", confidence {answer.confidence:.2f}"
    lines.append(f"status    {status}")
    for at, citation in enumerate(answer.citations[:20]):
        lines.append(f"{'evidence' if at == 0 else '':<9} {_cited(citation)}")
    if answer.evidence_count > 20:
        lines.append(f"{'':<9} ... {answer.evidence_count - 20} more (--json lists up to 100)")
    for claim in answer.claims:
        if claim.verdict != "supported":
            lines.append(f"claim     {claim.text}: {claim.verdict}")
    for note in answer.notes:
        lines.append(f"note      {note}")
    if answer.inference:
        lines.append(f"unchecked the language model adds, without support in the graph: {answer.inference}")
    if answer.program is not None:
        lines.append(f"read as   {answer.program.line}")
        for step in answer.program.trace if trace else ():
            lines.append(f"{'':<9} {step}")
    return on_screen("\n".join(lines))


def _cited(citation: "Citation") -> str:
    from assistant import RelationCitation
    from assistant.names import plain

    if isinstance(citation, RelationCitation):
        shown = f"relation {citation.relation}: {plain(citation.label)} (nodes {citation.subject}, {citation.object})"
        spans = ", ".join(f"{start}-{stop - 1}" for start, stop in citation.spans)
        shown += f", frames {spans}" if spans else ""
    else:
        shown = f"node {citation.node}: {plain(citation.label)}"
        if citation.box is not None:
            shown += f", box {' '.join(f'{edge:g}' for edge in citation.box)}"
            shown += f" in frame {citation.frame}" if citation.frame else ""
    return shown + (f", score {citation.score:.2f}" if citation.score < 1 else "")


def _show(answer: "GroundedAnswer", arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
    else:
        print(readable(answer, arguments.trace))


def _converse(assistant: "Assistant", arguments: argparse.Namespace) -> int:
    """Ask and answer until the input ends."""
    asked_by_a_person = sys.stdin.isatty()
    while True:
        if asked_by_a_person:
            print("? ", end="", file=sys.stderr, flush=True)
        question = sys.stdin.readline()
        if not question:
            return 0
        if question.strip():
            _show(assistant.ask(question.strip()), arguments)
            if not arguments.json:
                print()
