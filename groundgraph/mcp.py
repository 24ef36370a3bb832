"""`groundgraph mcp`: graphs as tools of a language model, over standard input and output or over HTTP."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp.server import MCPServer

EPILOG = """\
examples:
  groundgraph mcp street.scenegraph.json                        # over standard input and output
  groundgraph mcp predictions/ --notes notes.jsonl
  groundgraph mcp street.scenegraph.json --http --port 8001     # at http://127.0.0.1:8001/mcp

In the configuration of an MCP client:

  {"mcpServers": {"groundgraph": {"command": "groundgraph", "args": ["mcp", "street.scenegraph.json"]}}}

Tools: list_graphs, describe_schema, find_nodes, get_node, neighbors, run_query, path, timeline, nearest,
subgraph, verify_claims, answer, render_nodes, add_note. Only the graphs and the file of notes that are
named here are ever opened.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import add_model_arguments, add_reading_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "graphs", metavar="GRAPH.json", type=Path, nargs="+", help="scenegraph/1 files or folders of them"
    )
    parser.add_argument(
        "--images", metavar="DIR", type=Path, help="pictures of the graphs, NAME.jpg or .png beside NAME"
    )
    parser.add_argument("--notes", metavar="FILE", type=Path, help="where add_note keeps notes (default: in memory)")
    parser.add_argument("--http", action="store_true", help="serve streamable HTTP at /mcp")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at with --http (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8001, help="port with --http; 0 picks one (default: %(default)s)")
    add_reading_arguments(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until the client goes away, or until interrupted."""
    from assistant.serving.notes import Notes
    from assistant.serving.tools import create_server
    from groundgraph.serve import library_of

    server = create_server(library_of(arguments), Notes(arguments.notes))
    if arguments.http:
        _serve_http(server, arguments)
    else:
        server.run("stdio")
    return 0


def _serve_http(server: "MCPServer", arguments: argparse.Namespace) -> None:
    from assistant.serving.listening import run as listen
    from assistant.serving.tools import http_app
    from groundgraph.serve import guard

    def ready(address: str) -> None:
        print(f"tools at {address}mcp; Ctrl-C stops", file=sys.stderr, flush=True)

    listen(http_app(server, *guard(arguments)), arguments.host, arguments.port, ready)
