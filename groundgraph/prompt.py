"""`groundgraph prompt`: prints a scene graph as text for a language model."""

import argparse
import json
from pathlib import Path

EPILOG = """\
examples:
  groundgraph prompt photo.scenegraph.json
  groundgraph prompt photo.scenegraph.json --question "What is the person holding?" --budget 500
  groundgraph prompt clip.scenegraph.json --tokenizer path/to/huggingface/folder --boxes

One line a node with its outgoing relations; ids are those of the graph, so that what a model cites
can be looked up. With a question, what its program rests on comes first, and the prompt is cut to the
budget behind it; the first line says how much of the graph is shown.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import add_reading_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("--question", help="what will be asked: its evidence comes first")
    parser.add_argument("--budget", type=int, default=1000, help="tokens at most (default: 1000)")
    parser.add_argument(
        "--tokenizer", metavar="FOLDER", type=Path, help="count with this Hugging Face tokenizer, not an estimate"
    )
    boxes = parser.add_mutually_exclusive_group()
    boxes.add_argument(
        "--boxes", action="store_true", default=None, help="show boxes (default: if the question is spatial)"
    )
    boxes.add_argument("--no-boxes", action="store_false", dest="boxes", help="show no boxes")
    parser.add_argument("--json", action="store_true", help="print prompt and token count as JSON")
    add_reading_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from assistant import Assistant, Words
    from assistant.retrieval import approximate_tokens, tokenizer_count
    from scenegraph import files

    words = Words.read(arguments.words) if arguments.words else None
    assistant = Assistant(
        files.load(arguments.graph),
        min_score=arguments.min_score,
        closed_world=arguments.closed_world,
        words=words,
    )
    count = approximate_tokens if arguments.tokenizer is None else tokenizer_count(arguments.tokenizer)
    prompt = assistant.prompt(arguments.question, arguments.budget, count, arguments.boxes)
    if arguments.json:
        print(json.dumps({"prompt": prompt, "tokens": count(prompt), "budget": arguments.budget}))
    else:
        print(prompt)
    return 0
