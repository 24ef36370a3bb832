"""`groundgraph caption`: tells what a scene graph shows, every sentence backed by relations."""

import argparse
import json
from pathlib import Path

EPILOG = """\
examples:
  groundgraph caption clip.scenegraph.json              # 0018-0045: child-1 is holding gift-1
  groundgraph caption clip.scenegraph.json --summary    # a few sentences
  groundgraph caption clip.scenegraph.json --places --json

No model writes this: each sentence states relations of the graph, which --json lists as claims with
citations, and `groundgraph verify` finds each of them supported. The same graph gives the same words.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("--summary", action="store_true", help="what takes most of the time, in a few sentences")
    parser.add_argument("--places", action="store_true", help="tell where things are, not only what somebody does")
    parser.add_argument("--json", action="store_true", help="print sentences, claims and citations as JSON")
    parser.add_argument(
        "--min-score", metavar="SCORE", type=float, default=0.3, help="relations of lower score are not told (0.3)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from assistant import Assistant
    from assistant.captions import dense_captions, summary
    from scenegraph import files

    assistant = Assistant(files.load(arguments.graph), min_score=arguments.min_score)
    written = summary(assistant) if arguments.summary else dense_captions(assistant, arguments.places)
    if arguments.json:
        print(json.dumps(written.to_json(), ensure_ascii=False))
    elif arguments.summary:
        print(written.text or "The graph is empty.")
    else:
        print("\n".join(caption.line for caption in written.sentences) or "The graph shows no relations.")
    return 0
