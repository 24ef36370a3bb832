import json

import pytest

from assistant.models import LanguageModel, ModelError, open_model
from assistant.models.server import Server
from scenegraph import InputError
from tests.assistant import servers
from tests.assistant.servers import completion, serving

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
        Server(address, "m", timeout=10 if turn is servers.floods else 0.5).complete(ASK)


def test_nobody_there():
    with serving("x") as (address, _):
        pass
    with pytest.raises(ModelError, match="could not be reached"):
        Server(address, "m", timeout=2).complete(ASK)


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
def test_a_folder_of_another_sort_is_refused(tmp_path):
    pytest.importorskip("transformers")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="no causal language model"):
        open_model(tmp_path)
