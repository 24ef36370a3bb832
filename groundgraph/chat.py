"""`groundgraph chat`: a conversation about a scene graph."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scenegraph import InputError

if TYPE_CHECKING:
    from assistant import Assistant, GroundedAnswer
    from assistant.conversation import Conversation

EPILOG = """\
examples:
  groundgraph chat street.scenegraph.json
  groundgraph chat street.scenegraph.json --llm path/to/a/hugging-face-folder
  printf 'Who is riding the horse?\\nAnd what is she holding?\\n' | groundgraph chat street.scenegraph.json --json

Questions may refer to the ones before: "and what is she holding?", "what about the dog?", "when?". They
may point at places and times: "what is <point 120,80> holding?", "what is she doing <time 12,18.5>?".

  /help     what can be said          /trace    the program of the last answer, step by step
  /graph    the graph as a prompt     /open FILE  talk about another graph
  /new      forget what was said      /quit     stop (also Ctrl-D)
"""

HISTORY_VARIABLE = "GROUNDGRAPH_HISTORY"
"""Environment variable with the file that keeps what was typed; none is written without it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import add_model_arguments, add_reading_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("--json", action="store_true", help="print every answer as one line of JSON")
    parser.add_argument("--trace", action="store_true", help="print every program, step by step")
    add_reading_arguments(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Talk until the input ends."""
    from assistant.conversation import Conversation

    conversation = Conversation(_opened(arguments.graph, arguments))
    person = sys.stdin.isatty()
    if person:
        _greet(conversation)
    for line in _lines(person):
        if line.startswith("/"):
            following = _command(line, conversation, arguments)
            if following is None:
                break
            conversation = following
        else:
            _answer(conversation, line, arguments)
    return 0


def _opened(path: Path, arguments: argparse.Namespace) -> "Assistant":
    from assistant import Assistant
    from groundgraph.ask import assistant_options
    from scenegraph import files

    return Assistant(files.load(path), arguments.llm, **assistant_options(arguments))


def _greet(conversation: "Conversation") -> None:
    source = conversation.assistant.graph.source
    print(f"{source.kind} {source.uri}: ask in English; /help says more, Ctrl-D stops", file=sys.stderr)


def _lines(person: bool) -> Iterator[str]:
    """What is typed or piped, line by line; typed lines can be edited and called back with the arrow keys."""
    with _history() if person else contextlib.nullcontext():
        while True:
            try:
                line = input("? ") if person else sys.stdin.readline()
            except EOFError:
                return
            except UnicodeDecodeError as error:
                raise InputError(f"the input is not UTF-8 text ({error.reason})") from None
            if not line and not person:
                return
            if line.strip():
                yield line.strip()


@contextlib.contextmanager
def _history() -> Iterator[None]:
    """Readline with what was typed before, where the platform has it."""
    try:
        import readline
    except ImportError:
        yield
        return
    file = os.environ.get(HISTORY_VARIABLE)
    if file:
        with contextlib.suppress(OSError):
            readline.read_history_file(file)
    try:
        yield
    finally:
        if file:
            with contextlib.suppress(OSError):
                readline.set_history_length(1000)
                readline.write_history_file(file)


def _command(line: str, conversation: "Conversation", arguments: argparse.Namespace) -> "Conversation | None":
    """The conversation after a command; None to stop."""
    from assistant.conversation import Conversation

    word, _, rest = line.partition(" ")
    match word:
        case "/quit" | "/exit" | "/q":
            return None
        case "/help":
            print(EPILOG)
        case "/new":
            return Conversation(conversation.assistant)
        case "/graph":
            print(conversation.assistant.prompt())
        case "/trace":
            last = conversation.turns[-1] if conversation.turns else None
            print("\n".join(last.program.trace) if last and last.program else "nothing was run yet")
        case "/open" if rest:
            try:
                return Conversation(_opened(Path(rest), arguments))
            except InputError as error:
                print(f"groundgraph: {error}", file=sys.stderr)
        case _:
            print(f"groundgraph: {word[:40]} is no command; /help lists them", file=sys.stderr)
    return conversation


def _answer(conversation: "Conversation", question: str, arguments: argparse.Namespace) -> None:
    from groundgraph.ask import readable

    try:
        answer: GroundedAnswer = conversation.ask(question)
    except InputError as error:  # a region outside the picture: the talk goes on
        print(json.dumps({"error": str(error)}) if arguments.json else f"groundgraph: {error}", flush=True)
        return
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False), flush=True)
    else:
        print(readable(answer, arguments.trace), flush=True)
        print()
