import gc
import json

import pytest

from assistant.models import LanguageModel, ModelError, open_model
from assistant.models.server import Server
from scenegraph import InputError
from tests.assistant import servers
from tests.assistant.servers import DONE, completion, event, serving, streams

ASK = [{"role": "user", "content": "Hello?"}]


def test_a_server_answers_and_its_first_model_is_used():
    with serving("Hello!") as (address, script):
        model = open_model(address, api_key="secret")
        assert isinstance(model, LanguageModel)
        assert model.complete(ASK, schema={"type": "object"}, max_tokens=7) == "Hello!"
        (request,) = script.requests
        assert (request["model"], request["max_tokens"], request["messages"]) == (servers.MODEL, 7, ASK)
        assert request["response_format"]["json_schema"]["schema"] == {"type": "object"}
        assert script.headers[0]["Authorization"] == "Bearer secret"
        assert "secret" not in model.name and address in model.name


def test_a_server_that_refuses_structured_output_is_asked_without():
    with serving((400, b"{}"), "fine") as (address, script):
        assert Server(f"{address}/v1", "m").complete(ASK, schema={"type": "object"}) == "fine"
        assert ["response_format" in request for request in script.requests] == [True, False]


def test_pictures_go_to_a_server_and_the_endpoint_names_no_more_than_the_host():
    ask = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": "data:,"}}],
        }
    ]
    with serving("A dog.") as (address, script):
        model = Server(f"{address}/deep/v1", api_key="secret", model="m")
        assert model.endpoint == address and model.model == "m"
        model = Server(address)
        assert model.model is None and model.complete(ask) == "A dog." and model.model == servers.MODEL
        assert script.requests[0]["messages"] == ask


def test_no_key_is_sent_unasked(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-for-this-server")
    with serving("Hello!") as (address, script):
        Server(address, "m").complete(ASK)
        assert "Authorization" not in script.headers[0]


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        ((500, b"oops"), "HTTP status 500"),
        ((302, b""), "HTTP status 302"),
        (b"garbage", "no chat completion"),
        (b"[]", "no chat completion"),
        (b'{"choices": []}', "no chat completion"),
        (b'{"choices": [{"message": {"content": null}}]}', "no text"),
        (b'{"choices": [{"message": {"content": {"a": 1}}}]}', "no text"),
        (b"[" * 100_000, "no chat completion"),
        (b"\xff\xfe", "no chat completion"),
        (completion("   "), "no text"),
        (servers.hangs_up, "could not be reached"),
        (servers.floods, "larger than"),
        (servers.stalls, "within"),
        (servers.stalls_midway, "within"),
        (servers.drips, "within"),
    ],
)
def test_whatever_a_server_does_is_one_readable_error(turn, message):
    with serving(turn) as (address, _), pytest.raises(ModelError, match=message):
        Server(address, "m", timeout=0.5 if message == "within" else 30).complete(ASK)


def test_a_stream_is_read_piece_by_piece():
    turn = streams(b": comment\n\n", "Hel", "lo", event(finish="stop"), b'data: {"choices": []}\n\n', DONE)
    with serving(turn) as (address, script):
        assert list(Server(address, "m").stream(ASK)) == ["Hel", "lo"]
        assert script.requests[0]["stream"] is True


def test_a_server_that_cannot_stream_or_knows_no_schema_is_read_all_the_same():
    with serving((400, b"{}"), "whole") as (address, script):
        assert list(Server(address, "m").stream(ASK, {"type": "object"})) == ["whole"]
        assert ["response_format" in request for request in script.requests] == [True, False]


def test_closing_a_stream_ends_it():
    with serving(streams("a", "b", then=servers.waits)) as (address, _):
        pieces = Server(address, "m", timeout=20).stream(ASK)
        assert next(pieces) == "a"
        pieces.close()


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (streams("a", then=servers.waits), "within"),
        (streams("a"), "in the middle"),
        (streams(b"data: {oops}\n\n"), "no chat completion"),
        (streams(b'data: {"error": {"message": "no"}}\n\n'), "no chat completion"),
        (streams(b'data: {"choices": [{"delta": {"content": 3}}]}\n\n'), "no text"),
        (streams(b"data: " + b"[" * 100_000 + b"\n\n"), "no chat completion"),
        (streams(b"\xff" * 10), "in the middle"),
        (streams(then=servers.pours), "larger than"),
        ((503, b""), "HTTP status 503"),
        (servers.answers_a_page, "no chat completion"),
        (servers.stalls_midway, "within"),
        (servers.hangs_up, "could not be reached"),
    ],
)
def test_whatever_a_stream_does_is_one_readable_error(turn, message, caplog):
    with serving(turn) as (address, _), pytest.raises(ModelError, match=message):
        list(Server(address, "m", timeout=0.5 if message == "within" else 30).stream(ASK))
    gc.collect()
    assert not caplog.records  # nothing of the response was left to be read


def test_nobody_there():
    with serving("x") as (address, _):
        pass
    with pytest.raises(ModelError, match="could not be reached"):
        Server(address, "m", timeout=30).complete(ASK)


@pytest.mark.parametrize(
    "where",
    ["ftp://host", "http://", "http://user:word@host/v1", "http://host/v1?key=word", "/no/such/folder", "gpt-4"],
)
def test_what_is_no_language_model_is_refused(where):
    with pytest.raises(InputError):
        open_model(where)


def test_a_function_is_a_language_model():
    model = open_model(lambda messages: json.dumps(messages))
    assert json.loads(model.complete(ASK)) == ASK
    assert open_model(None) is None and open_model(model) is model


TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}</s>{% endfor %}<assistant>"


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    """A Llama of a few thousand random weights with a tokenizer and a chat template."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = tmp_path_factory.mktemp("tiny") / "model"
    tokens = ["<pad>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate(tokens)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    from tokenizers import decoders

    tokenizer.decoder = decoders.ByteLevel()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokens), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=4096, eos_token_id=1, pad_token_id=0, bos_token_id=1,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_local_folder_writes_text(tiny_folder):
    model = open_model(tiny_folder)
    first = model.complete(ASK, max_tokens=8)
    assert first == model.complete(ASK, max_tokens=8)  # the most likely word each time
    assert model.name == "model" and model.count("abc") == 3
    with pytest.raises(ModelError, match="reads text only"):
        model.complete([{"role": "user", "content": [{"type": "text", "text": "a"}]}])
    with pytest.raises(ModelError, match="reads at most 4096"):
        model.complete([{"role": "user", "content": "a" * 5000}])


@pytest.mark.slow
def test_a_tiny_random_model_never_spoils_an_answer(tiny_folder):
    from assistant import Assistant, Status
    from assistant.retrieval import tokenizer_count
    from tests.factories import park

    assistant = Assistant(park(), open_model(tiny_folder), roles=("program", "reason", "phrase"), budget=400)
    assert assistant.ask("Who is holding the ball?").short == "person-1"
    answer = assistant.ask("Why is the dog so fast?")
    assert answer.status is Status.UNPARSED and not answer.claims and answer.notes
    count = tokenizer_count(tiny_folder)
    assert count(assistant.prompt("Who is holding the ball?", 900, count)) <= 900


@pytest.mark.slow
def test_a_constrained_model_writes_what_the_schema_allows(tiny_folder):
    pytest.importorskip("llguidance")
    from assistant.models.local import LocalModel

    schema = {
        "type": "object",
        "properties": {"node": {"enum": [7, 23]}},
        "required": ["node"],
        "additionalProperties": False,
    }
    model = LocalModel(tiny_folder, constrain=True)
    written = model.complete(ASK, schema, max_tokens=200)
    assert json.loads(written)["node"] in (7, 23)  # random weights, and yet
    free = LocalModel(tiny_folder, constrain=False)
    assert not free.complete(ASK, schema, max_tokens=20).lstrip().startswith("{")
    pieces = model.stream(ASK, max_tokens=500)
    next(pieces)
    pieces.close()
    unknown = {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}}
    assert isinstance(model.complete(ASK, unknown, max_tokens=5), str)  # no grammar: validated afterwards only


def test_constraining_without_the_package_says_what_to_install(monkeypatch, tmp_path):
    from assistant.models import constrained
    from assistant.models.local import LocalModel

    monkeypatch.setattr(constrained, "available", lambda: False)
    with pytest.raises(InputError, match=r"pip install 'groundgraph\[llm\]'"):
        LocalModel(tmp_path, constrain=True)


def test_no_foreign_id_can_be_decoded():
    """The grammar of a program over a graph's ids, with a tokenizer of bytes: no weights are needed."""
    llguidance = pytest.importorskip("llguidance")
    from assistant import program_json
    from tests.assistant.scenes import riders

    graph = riders()
    ids = tuple(node.id for node in graph.nodes)
    schema = program_json.schema(graph.vocabulary.categories, graph.vocabulary.predicates, ids)
    tokenizer = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokenizer, llguidance.LLMatcher.grammar_from_json_schema(schema))

    def read(node):
        program = {"op": "which", "nodes": {"op": "pick", "nodes": [node]}}
        tokens = tokenizer.tokenize_str(json.dumps(program, separators=(",", ":")))
        return matcher.validate_tokens(tokens) == len(tokens)

    assert [node for node in range(120) if read(node)] == list(ids)


@pytest.mark.slow
def test_a_folder_of_another_sort_is_refused(tmp_path):
    pytest.importorskip("transformers")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="no causal language model"):
        open_model(tmp_path)


@pytest.fixture(scope="module")
def transformers_server(tiny_folder):
    """`transformers serve` with the tiny model: a real server without weights that ignores `response_format`."""
    import socket
    import subprocess
    import sys
    import time
    from pathlib import Path

    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(tiny_folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                pytest.skip(f"transformers serve ended with {process.returncode}")
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.slow
def test_a_real_server(transformers_server, tiny_folder):
    from assistant import Assistant, Status
    from tests.factories import park

    model = Server(transformers_server, str(tiny_folder))
    written = model.complete(ASK, schema={"type": "object"}, max_tokens=12)
    streamed = "".join(model.stream(ASK, max_tokens=12))
    assert written and streamed.rstrip("\ufffd") == written.rstrip("\ufffd")  # random bytes end within a character
    assistant = Assistant(park(), model, roles=("program", "reason", "phrase"), budget=400)
    answer = assistant.ask("Why is the dog so fast?")
    assert answer.status is Status.UNPARSED and not answer.claims and answer.notes
    assert assistant.ask("Who is holding the ball?").short == "person-1"
