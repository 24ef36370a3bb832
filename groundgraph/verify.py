"""`groundgraph verify`: checks what a text says about a scene graph."""

import argparse
import json
import sys
from pathlib import Path

EPILOG = """\
examples:
  groundgraph verify photo.scenegraph.json "A person is riding a horse. The horse is on the grass."
  groundgraph verify photo.scenegraph.json < caption.txt
  groundgraph verify photo.scenegraph.json "There is a cat." --closed-world --json

Every sentence is taken apart into claims; each is supported, contradicted or not in the graph. A
sentence that cannot be read is listed and never counts as supported.

exit codes: 0 everything is supported, 1 something is not, 2 bad input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import add_reading_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("text", nargs="?", help="what is said; none: read from standard input")
    parser.add_argument("--json", action="store_true", help="print claims, verdicts and citations as JSON")
    add_reading_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from assistant import Assistant, Words
    from assistant.names import on_screen
    from scenegraph import InputError, files

    words = Words.read(arguments.words) if arguments.words else None
    assistant = Assistant(
        files.load(arguments.graph),
        min_score=arguments.min_score,
        closed_world=arguments.closed_world,
        words=words,
    )
    text = sys.stdin.read() if arguments.text is None else arguments.text
    if not text.strip():
        raise InputError("there is no text to verify")
    verification = assistant.verify(text)
    if arguments.json:
        print(json.dumps(verification.to_json(), ensure_ascii=False))
        return 0 if verification.supported else 1
    for claim in verification.claims:
        print(f"{claim.verdict:<16}  {on_screen(claim.text)}")
        for place in claim.citations:
            citation = verification.citations[place]
            if citation.to_json()["kind"] == "relation":
                print(f"{'':<16}  by {on_screen(citation.label)}")
    for sentence in verification.unread:
        print(f"{'not read':<16}  {on_screen(sentence)}")
    return 0 if verification.supported else 1
