"""tools/tune.py: the whole way with a few steps, on simulated pictures and on instruction data of a folder model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mmengine import Config

from assistant import Assistant
from assistant.tuning import programs
from assistant.tuning.answering import Measures
from assistant.tuning.data import worlds_of
from assistant.tuning.language import TinySize, from_folder, tiny_model, word_tokenizer
from assistant.tuning.stages import stages_of
from assistant.tuning.table import table
from assistant.tuning.texts import Asked, World, canonical, graph_text, named, parts
from assistant.tuning.variants import Data, built, prior_answers
from scenegraph import InputError, files
from toyworld import scenes

ROOT = Path(__file__).parents[3]
CONFIGS = ["tune_tiny", "tune_0_5b", "tune_3b", "tune_8b", "tune_tiny_video"]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "tools/tune.py", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def configured(name):
    return Config.fromfile(ROOT / f"configs/{name}.py").to_dict()


@pytest.mark.parametrize("name", CONFIGS)
def test_configs_describe_stages(name):
    config = configured(name)
    for variant in config["stages"]:
        made = stages_of(config, variant)
        assert config["longest"][variant] > 0
        assert [stage.learns for stage in made][-1][-1] == "language"
        assert variant != "tokens" or list(made[0].learns) == ["connector"]


def test_a_stage_has_what_the_schedule_says_unless_it_says_otherwise():
    (align, tune) = stages_of(configured("tune_8b"), "tokens")
    assert (align.batch, align.accumulate, align.checkpointing) == (1, 32, True)
    assert (align.learning_rate, tune.learning_rate, tune.precision) == (1e-3, 1e-4, "bfloat16")
    with pytest.raises(InputError, match="no stages for 'none'; it has text, tokens"):
        stages_of(configured("tune_8b"), "none")
    with pytest.raises(InputError, match="colour"):
        stages_of({"stages": {"text": [{"name": "a", "steps": 1, "learns": ["language"], "colour": 1}]}}, "text")


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ({"tokens.connector": "linear"}, "Linear"),
        ({"tokens.connector": "mlp"}, "Mlp"),
        ({"tokens.connector": "qformer", "tokens.options": {"queries": 4, "dims": 16, "heads": 2}}, "QFormer"),
        ({"tokens.connector": "perceiver", "tokens.options": {"latents": 4, "dims": 16}}, "PerceiverResampler"),
        ({"gated_every": 2}, "Mlp"),
        ({"tokens.tubes": True}, "Mlp"),
    ],
)
def test_every_connector_is_made_by_a_config(options, made):
    config = Config.fromfile(ROOT / "configs/tune_tiny.py")
    config.merge_from_dict(options)
    data = Data(lambda at: World(scenes.image(0, (64, 80)).graph, ()), ["is there a dog ?"], [], [])
    model, reading = built("tokens", config.to_dict(), data, None, 0)
    assert type(model.tokens.connector).__name__ == made
    assert len(model.gates) == (2 if "gated_every" in options else 0) and reading.in_sequence == (not model.gates)
    assert model.tokens.settings.tubes == options.get("tokens.tubes", False)


@pytest.mark.slow
def test_all_variants_on_simulated_pictures(tmp_path):
    options = ["data.train=6", "data.test=2", "language.layers=1", "language.dims=32", "language.inner=32",
               "tokens.word_dims=16"]  # fmt: skip
    options += [f"stages.{variant}.0.steps=2" for variant in ("text", "none", "tokens", "programs")]
    arguments = ["configs/tune_tiny.py", "--work-dir", tmp_path, "--json", "--cfg-options", *options]
    arguments.append("stages.tokens.1.steps=2")
    done = run(*arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout)
    assert set(results) == {"prior", "text", "none", "tokens", "programs", "executor"}
    assert results["executor"]["accuracy"] > 0.9
    model, tokenizer = from_folder(tmp_path / "seed0/text/language")
    assert model.config.vocab_size == len(tokenizer)
    again = run(*arguments)
    assert json.loads(again.stdout) == results and "tuning" not in again.stderr


@pytest.mark.slow
def test_tokens_of_tubes_on_simulated_videos(tmp_path):
    options = ["data.train=3", "data.test=1", "data.frames=6", "language.layers=1", "language.dims=32"]
    options += ["language.inner=32", "tokens.word_dims=16", "stages.tokens.0.steps=1", "stages.tokens.1.steps=1"]
    arguments = ["configs/tune_tiny_video.py", "--variants", "tokens", "--work-dir", tmp_path, "--json"]
    done = run(*arguments, "--cfg-options", *options)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["tokens"]["questions"] > 5
    graph = files.load(tmp_path / "worlds/64x80x6/60000.scenegraph.json")
    assert len(graph.metadata["tubes"]["frames"]) == 4


@pytest.mark.slow
def test_a_folder_model_on_instruction_data(tmp_path):
    pytest.importorskip("peft")
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    texts = []
    for seed in range(3):
        graph = scenes.image(seed, (64, 80)).graph
        files.save(graph, graphs / f"{seed}.scenegraph.json")
        texts.append(graph_text(graph, "incidence"))
    command = [sys.executable, "-m", "groundgraph.main", "data", "instruct", graphs, "--out", tmp_path / "data"]
    subprocess.run([*map(str, command), "--each", "2", "--complete"], cwd=ROOT, check=True, capture_output=True)
    tokenizer = word_tokenizer([*texts, "is the dog on the grass ? yes no ."])
    tiny_model(tokenizer, TinySize(16, 16, 1, 2, 4096)).save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    options = ["stages.tokens.0.steps=1", "stages.tokens.1.steps=1", "tokens.word_dims=8", "language.dtype=float32"]
    options += ["schedule.accumulate=1", "schedule.precision=float32"]
    done = run("configs/tune_8b.py", "--model", tmp_path / "model", "--data", tmp_path / "data", "--graphs", graphs,
               "--variants", "tokens", "--work-dir", tmp_path / "work", "--cfg-options", *options)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "graph tokens" in done.stdout
    assert from_folder(tmp_path / "work/seed0/tokens/language")


@pytest.mark.slow
def test_bad_input_is_named(tmp_path):
    missing = run("configs/nothing.py")
    assert missing.returncode == 2 and "no such config" in missing.stderr and "Traceback" not in missing.stderr
    homeless = run("configs/tune_8b.py", "--work-dir", tmp_path)
    assert homeless.returncode == 2 and "--model" in homeless.stderr
    lonely = run("configs/tune_8b.py", "--data", tmp_path)
    assert lonely.returncode == 2 and "go together" in lonely.stderr


def test_folders_without_a_model_are_named(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        from_folder(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no causal language model"):
        from_folder(tmp_path)
    with pytest.raises(InputError, match=r"samples\.jsonl"):
        worlds_of(tmp_path, {})


def test_programs_are_taught_only_where_they_are_right():
    assistant = Assistant(scenes.image(2, (64, 80)).graph, closed_world=True)
    name = assistant.graph.category_name(assistant.graph.nodes[0].id)
    line = programs.proven(assistant, "Is there an umbrella?", "yes") or programs.proven(
        assistant, "Is there an umbrella?", "no"
    )
    assert line == "exists(find(umbrella))"
    wrong = "no" if name == "umbrella" else "yes"
    assert (programs.proven(assistant, "Is there an umbrella?", wrong) is None) == (
        programs.executed(assistant, line) != wrong
    )
    assert programs.executed(assistant, "which(find(") == programs.UNREAD
    assert programs.executed(assistant, canonical("exists ( find ( umbrella ) )")) in ("yes", "no")


@pytest.mark.parametrize(
    "question", ["What is the person beside?", "What is on the table?", "Is the dog on the grass?"]
)
def test_programs_come_back_from_the_words_of_a_tokenizer(question):
    """Word-level tokens are decoded with spaces between them."""
    assistant = Assistant(scenes.image(2, (64, 80)).graph, closed_world=True)
    line = programs.program_of(assistant, question)
    names = assistant.graph.vocabulary
    tokenizer = word_tokenizer([line], [*names.categories, *names.predicates])
    assert canonical(tokenizer.decode(tokenizer.encode(line))) == line


def test_texts():
    assert parts("on grass-1, beside dog-1") == parts("beside dog-1 , on grass-1")
    assert named("looking at sports ball-1", ["sports ball-1", "person-1"]) == {"sports ball-1"}
    assert named("yes", ["person-1"]) == frozenset()


def test_the_prior_knows_what_was_most_often_right():
    graph = scenes.image(0, (64, 80)).graph
    answered = iter(["yes", "no", "yes", "2"])
    asked = [Asked("Is there a dog?", next(answered)) for _ in range(3)] + [Asked("How many dogs?", next(answered))]
    test = World(graph, (Asked("Is there a dog?", ""), Asked("How many cars?", ""), Asked("Who?", "")))
    data = Data(lambda at: World(graph, (asked[at],)), [], [], [test])
    assert [each.text for each in prior_answers(data, 4)] == ["yes", "2", "yes"]


def test_the_table_shows_what_is_missing_as_a_dash():
    shown = table({"none": Measures(1, 0.5, None, None, None, 0.0, 12.0, 0.001, {"count": 0.5})})
    assert "| (a) language model, no graph | 50.0 | - | - | - | 0.0 | 12 | 1.0 |" in shown
