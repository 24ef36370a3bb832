"""The MCP server, asked by the unmodified `mcp` client, in the process, over HTTP and over standard input."""

import asyncio
import base64
import io
import json
from functools import cache

import pytest
from PIL import Image

from assistant import Assistant
from tests.assistant.running import running
from tests.assistant.scenes import birthday, riders

mcp = pytest.importorskip("mcp")

from assistant.serving.library import Library  # noqa: E402
from assistant.serving.notes import Notes  # noqa: E402
from assistant.serving.tools import create_server, http_app  # noqa: E402
from scenegraph import InputError  # noqa: E402

TOOLS = {
    *("list_graphs", "describe_schema", "find_nodes", "get_node", "neighbors", "run_query", "path", "timeline"),
    *("nearest", "subgraph", "verify_claims", "answer", "render_nodes", "add_note"),
}
WHO = "Who is riding the horse?"


@cache
def both():
    """A picture and a video."""
    return Library.of({"riders": riders(), "birthday": birthday()})


def session(talk, notes=None, library=None):
    """Run a conversation with a server in this process."""

    async def run():
        server = create_server(library or both(), notes)
        async with mcp.Client(server) as client:
            return await talk(client)

    return asyncio.run(run())


def call(name, **arguments):
    """The structured result of one call."""

    async def talk(client):
        return await client.call_tool(name, arguments)

    result = session(talk)
    assert not result.is_error, result.content
    return result.structured_content


def refused(name, **arguments):
    async def talk(client):
        return await client.call_tool(name, arguments)

    result = session(talk)
    assert result.is_error and "Traceback" not in result.content[0].text
    return result.content[0].text


def test_the_tools_say_what_they_take():
    async def talk(client):
        return (await client.list_tools()).tools, (await client.list_prompts()).prompts

    tools, prompts = session(talk)
    assert {tool.name for tool in tools} == TOOLS and [prompt.name for prompt in prompts] == ["grounded_qa"]
    for tool in tools:
        assert tool.description and tool.input_schema["type"] == "object"
        assert tool.annotations.read_only_hint is (tool.name != "add_note")
        assert (tool.output_schema is None) == (tool.name == "render_nodes")


def test_graphs_and_schema():
    names = [graph["name"] for graph in call("list_graphs")["graphs"]]
    assert names == ["birthday", "riders"]
    schema = call("describe_schema", graph="scenegraph/riders")
    assert schema["categories"]["person"] == 3 and schema["predicates"]["on"] == 2 and schema["attributes"]["colour"]
    assert any(step.startswith("find(") for step in schema["program_steps"])


def test_nodes():
    found = call("find_nodes", graph="riders", category="person", limit=2)
    assert found["total"] == 3 and [node["id"] for node in found["nodes"]] == [0, 1]
    assert call("find_nodes", graph="riders", value="BLUE")["nodes"][0]["label"] == "car-1"
    for spelled in ("color", "Colour"):
        assert call("find_nodes", graph="riders", attribute=spelled, value="blue")["nodes"][0]["label"] == "car-1"
    for name in ("grass", "Grass-Merged", "grass_merged"):
        assert {node["category"] for node in call("find_nodes", graph="riders", category=name)["nodes"]} == {
            "grass-merged"
        }
    assert call("find_nodes", graph="birthday", category="dog", frame=2)["total"] == 0
    node = call("get_node", graph="riders", node=2)
    assert node["box"] == [10, 18, 26, 34] and node["attributes"] == {"colour": "brown"}
    assert {row["label"] for row in node["relation_rows"]} >= {"person-1 riding horse-1"}


def test_walks():
    rows = call("neighbors", graph="riders", node=0, direction="out")["relations"]
    assert {(row["predicate"], row["object_label"]) for row in rows} == {
        ("riding", "horse-1"),
        ("holding", "umbrella-1"),
    }
    assert call("neighbors", graph="riders", node=2, predicate="riding")["total"] == 1
    way = call("path", graph="riders", start=5, goal=8)
    assert way["connected"] and [row["relation"] for row in way["relations"]] == [1, 0, 2, 9]
    assert not call("path", graph="riders", start=0, goal=14)["connected"]
    events = call("timeline", graph="birthday", nodes=[9])["events"]
    assert [event["sentence"] for event in events] == ["dog-1 chasing ball-1", "dog-1 biting ball-1"]
    assert events[0]["seconds"] == [3.6, 5.6]
    assert call("timeline", graph="birthday", first_frame=33, last_frame=33)["total"] == 5
    near = call("nearest", graph="riders", node=3, limit=1)["nodes"]
    assert near == [{"id": 4, "label": "sports ball-1", "distance": 8.246, "unit": "pixels"}]


def test_answers_queries_and_claims():
    expected = json.loads(json.dumps(Assistant(riders()).ask(WHO).to_json()))
    assert call("answer", graph="riders", question=WHO) == expected
    pointed = call("answer", graph="riders", question="What is this holding?", regions=[{"point": [16, 12]}])
    assert pointed["short"] == "umbrella-1"
    program = {"op": "count", "nodes": {"op": "find", "categories": ["person"]}}
    run = call("run_query", graph="riders", program=program)
    assert run["short"] == "3" and run["program"]["author"] == "caller"
    assert call("run_query", graph="riders", program="count(find(person))") == run
    verdicts = call("verify_claims", graph="riders", text="A person is riding a horse. The car is red.")["claims"]
    assert [claim["verdict"] for claim in verdicts] == ["supported", "contradicted"]
    assert call("subgraph", graph="riders", question=WHO, budget=150)["text"].startswith("scene graph of an image")
    assert "nodes[" in call("subgraph", graph="riders", question=WHO, budget=150, form="table")["text"]


@pytest.mark.parametrize("marks", [False, True])
def test_a_rendered_picture(marks):
    async def talk(client):
        return await client.call_tool("render_nodes", {"graph": "riders", "nodes": [0, 2], "marks": marks})

    result = session(talk)
    (image,) = result.content
    assert image.mime_type == "image/png" and result.structured_content is None
    assert Image.open(io.BytesIO(base64.b64decode(image.data))).width >= 64


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("get_node", {"graph": "riders", "node": 99}, "there is no node 99"),
        ("get_node", {"graph": "riders", "node": -1}, "greater than or equal"),
        ("get_node", {"graph": "../../etc/passwd", "node": 1}, "there is no graph"),
        ("answer", {"question": WHO}, "served are scenegraph/birthday"),
        ("find_nodes", {"graph": "riders", "category": "unicorn"}, "the graph has bench"),
        ("find_nodes", {"graph": "riders", "limit": 10**9}, "less than or equal"),
        ("find_nodes", {"graph": "birthday", "frame": 500}, "there is no frame 500; the source has frames 0-39"),
        ("nearest", {"graph": "birthday", "node": 7, "frame": 35}, "it is seen between 0 and 29"),
        ("neighbors", {"graph": "riders", "node": 0, "predicate": "feeding"}, "there is no predicate"),
        ("run_query", {"graph": "riders", "program": {"op": "drop"}}, "expected one of"),
        ("run_query", {"graph": "riders", "program": {"op": "not", "question": {"op": "summarise"}}}, "yes/no"),
        ("run_query", {"graph": "riders", "program": "count(find(person)"}, "it ends where"),
        ("render_nodes", {"graph": "riders", "nodes": []}, "at least 1"),
        ("render_nodes", {"graph": "birthday", "nodes": [1], "frame": 900}, "no frame 900"),
        ("answer", {"graph": "riders", "question": "x", "regions": [{"file": "/etc/passwd"}]}, "expected exactly one"),
        ("subgraph", {"graph": "riders", "question": WHO, "budget": 50}, "needs at least"),
        ("add_note", {"graph": "riders", "text": " "}, "a note has"),
        ("add_note", {"graph": "riders", "text": "x", "nodes": [77]}, "there is no node 77"),
        ("nearest", {"graph": "birthday", "node": 9, "frame": 0}, "is not seen"),
        ("no_such_tool", {}, "no_such_tool"),
    ],
)
def test_wrong_calls_are_told_what_is_wrong(name, arguments, message):
    assert message in refused(name, **arguments)


def test_the_only_graph_needs_no_name():
    async def talk(client):
        return await client.call_tool("answer", {"question": WHO})

    assert session(talk, library=Library.of({"riders": riders()})).structured_content["short"] == "person-1"


def test_notes_are_kept_beside_the_graph(tmp_path):
    file = tmp_path / "notes.jsonl"

    async def talk(client):
        await client.call_tool("add_note", {"graph": "riders", "text": "a fine\x1b[2J horse", "nodes": [2, 2]})
        await client.call_tool("add_note", {"graph": "riders", "text": "a sunny day"})
        node = await client.call_tool("get_node", {"graph": "riders", "node": 2})
        notes = await client.read_resource("scenegraph://riders/notes")
        return node.structured_content["notes"], json.loads(notes.contents[0].text)["notes"]

    about_horse, all_notes = session(talk, Notes(file))
    assert [(note["text"], note["nodes"]) for note in about_horse] == [("a fine [2J horse", [2])]
    assert len(all_notes) == 2 and len(file.read_text().splitlines()) == 2
    assert [note.text for note in Notes(file).of("riders")] == ["a fine [2J horse", "a sunny day"]
    assert Assistant(riders()).ask("Is the day sunny?").short != "yes"
    file.write_text('{"graph": 3}\n')
    with pytest.raises(InputError, match="line 1"):
        Notes(file)


def test_resources_and_the_prompt():
    async def talk(client):
        texts = [
            (await client.read_resource(f"scenegraph://riders/{name}")).contents[0].text
            for name in ("schema", "summary", "node/2")
        ]
        prompt = await client.get_prompt("grounded_qa", {"question": WHO, "graph": "riders"})
        with pytest.raises(mcp.MCPError):
            await client.read_resource("scenegraph://nobody/schema")
        with pytest.raises(mcp.MCPError):
            await client.read_resource("scenegraph://riders/node/99")
        for wrong in ({"question": WHO, "graph": "nobody"}, {}):
            with pytest.raises(mcp.MCPError, match="there is no graph"):
                await client.get_prompt("grounded_qa", wrong)
        return texts, prompt.messages[0].content.text

    (schema, summary, node), prompt = session(talk)
    assert "riding" in json.loads(schema)["predicates"] and "16 nodes" in summary
    assert json.loads(node)["label"] == "horse-1"
    assert prompt.startswith("scene graph of an image") and prompt.endswith(f'Question: "{WHO}"')


def test_over_http():
    async def talk(address):
        async with mcp.Client(f"{address}/mcp") as client:
            return (await client.call_tool("answer", {"question": WHO})).structured_content

    server = create_server(Library.of({"riders": riders()}))
    with running(http_app(server, ("127.0.0.1",))) as address:
        assert asyncio.run(talk(address))["short"] == "person-1"
        import httpx

        assert (
            httpx.post(f"{address}/mcp", json={}, headers={"Host": "evil.example"}, trust_env=False).status_code == 403
        )
