"""`groundgraph COMMAND ...`: finds the command's file, runs it, turns bad input into a message."""

import argparse
import importlib
import io
import sys

from scenegraph.errors import InputError

COMMANDS = {
    "predict": "make scene graphs of photos, with a model or from given segments",
    "generate": "ask a vision-language model for the relations of photos",
    "name": "name the segments of a graph by descriptors, with any classes",
    "live": "show the graphs of a camera or a video while it runs",
    "export": "write a trained PairFlash as one file, ONNX or torch.export",
    "show": "print a scene graph as tables, or draw it on its picture or video",
    "fuse": "make one labelled point cloud of an RGB-D recording",
    "evaluate": "measure predicted graphs against the truth",
    "convert": "convert graphs from one format to another",
    "data": "look after data sets: check them, prepare or make them",
    "explore": "show graphs, truth and predictions, in a page in the browser",
    "ask": "answer questions about a scene graph, with the evidence",
    "chat": "talk about a scene graph: follow-up questions, regions, times",
    "plan": "plan the steps that reach a goal in a scene graph, for a robot",
    "prompt": "print a scene graph as text for a language model",
    "caption": "tell what a scene graph shows, in sentences that rest on its relations",
    "verify": "check what a text says about a scene graph",
    "serve": "answer questions about graphs at an OpenAI-compatible address",
    "mcp": "give graphs to a language model as tools (Model Context Protocol)",
    "doctor": "say what is installed, what is missing and what to do",
}
"""Command name to one line of help; `groundgraph/NAME.py` holds `add_arguments(parser)` and `run(arguments)`."""

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a check failed, 2 bad input, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):  # bytes of a question that are no text come back escaped, also in JSON
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="groundgraph", description="Panoptic scene graphs that ground an assistant.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    # Only the chosen command is imported: `groundgraph ask` never waits for a model library.
    chosen = next((word for word in given if word in COMMANDS), None)
    for name, help_text in COMMANDS.items():
        subparser = commands.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
        if name == chosen:
            module = importlib.import_module(f"groundgraph.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    try:
        parsed = parser.parse_args(given)
        return int(parsed.run(parsed) or 0)
    except InputError as error:
        print(f"groundgraph: {error}", file=sys.stderr)
        return BAD_INPUT
    except ModuleNotFoundError as error:
        print(
            f"groundgraph: this command needs the package {error.name!r}, which is not installed; "
            "`groundgraph doctor` says how to install what is missing",
            file=sys.stderr,
        )
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away (`| head`); nothing is wrong
        return 0
    except KeyboardInterrupt:
        print("groundgraph: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
