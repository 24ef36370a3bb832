"""`groundgraph prompt`: prints a scene graph as text for a language model."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError, checked_json
from scenegraph.storage import write_atomically

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.prompting import Example

FORMS = ("incidence", "triples", "json", "table", "locations")
"""Keys of `assistant.forms.FORMS`, which is imported when the command runs."""

EPILOG = """\
examples:
  groundgraph prompt photo.scenegraph.json
  groundgraph prompt photo.scenegraph.json --question "What is the person holding?" --budget 500
  groundgraph prompt clip.scenegraph.json --tokenizer path/to/huggingface/folder --boxes
  groundgraph prompt photo.scenegraph.json --form table             # or triples, json, locations
  groundgraph prompt photo.scenegraph.json --question "Who rides?" --schema claims   # or a file of your own
  groundgraph prompt photo.scenegraph.json --question "Who rides?" --examples graphs/ --shots 2
  groundgraph prompt photo.scenegraph.json --question "Who rides?" --marks marked.png --images photos/

One line a node with its outgoing relations; ids are those of the graph, so that what a model cites
can be looked up. With a question, what its program rests on comes first, and the prompt is cut to the
budget behind it; the first line says how much of the graph is shown. Examples are questions about
the most similar of other graphs, with exact answers. --marks draws the ids of the text into the
picture, for models that see (set-of-mark).
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
    parser.add_argument("--form", choices=FORMS, default=FORMS[0], help="default: %(default)s")
    parser.add_argument(
        "--schema", metavar="SCHEMA.json", help="ask for JSON of this schema; 'claims': of claims about what is shown"
    )
    parser.add_argument("--examples", metavar="DIR", type=Path, help="graphs that examples are taken from")
    parser.add_argument("--shots", type=int, default=2, help="examples at most (default: %(default)s)")
    parser.add_argument("--marks", metavar="OUT.png", type=Path, help="write the picture with the ids that are shown")
    parser.add_argument("--images", metavar="DIR", type=Path, help="where pictures of graphs are")
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
    schema = None
    if arguments.schema is not None:
        schema = {} if arguments.schema == "claims" else _schema(arguments.schema)
    prompt = assistant.prompt(
        arguments.question,
        arguments.budget,
        count,
        arguments.boxes,
        arguments.form,
        schema,
        _examples(assistant, arguments),
    )
    if arguments.marks:
        _write_marks(assistant, prompt, arguments)
    if arguments.json:
        print(json.dumps({"prompt": prompt, "tokens": count(prompt), "budget": arguments.budget}))
    else:
        print(prompt)
    return 0


def _schema(path: str) -> dict[str, Any]:
    schema: dict[str, Any] = checked_json.checked(checked_json.read(path), "object", path)
    return schema


def _examples(assistant: "Assistant", arguments: argparse.Namespace) -> "list[Example]":
    from assistant.examples import ExampleGraphs
    from groundgraph.serve import graph_files
    from scenegraph import files

    if arguments.examples is None:
        return []
    if not arguments.question:
        raise InputError("--examples needs a --question, whose form the examples follow")
    graphs = ExampleGraphs(files.load(path) for path in graph_files([arguments.examples]))
    return graphs.examples(assistant, arguments.question, arguments.shots)


def _write_marks(assistant: "Assistant", prompt: str, arguments: argparse.Namespace) -> None:
    """The picture with the ids of the nodes that the prompt shows."""
    from assistant.encoding import decode
    from assistant.showing import marked_png
    from groundgraph.media import frames_of

    graph = assistant.graph
    shown = [node.id for node in decode(prompt).nodes] if arguments.form == "incidence" else None
    nodes = [node.id for node in graph.nodes] if shown is None else shown
    frames = frames_of(graph, arguments.graph, arguments.images)
    write_atomically(arguments.marks, marked_png(graph, nodes, frames=frames))
