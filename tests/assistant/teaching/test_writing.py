"""Instruction data on disk: resumed runs, formats, a language model whose sentences are proven."""

import json

import pytest

from assistant.models import ModelError
from assistant.teaching.files import FORMATS, SAMPLES, read_samples, write_format
from assistant.teaching.in_context import Examples
from assistant.teaching.model_writer import ModelWriter
from assistant.teaching.writing import Plan, write
from groundgraph.main import main
from scenegraph import InputError, files
from tests.assistant.scenes import riders
from toyworld import clips, scenes

PLAN = Plan(("conversation", "detail", "reasoning", "unanswerable", "preference", "difference"), each=2, min_score=0)


def sources():
    made = {f"picture{seed}": scenes.image(seed).graph for seed in range(3)}
    made["clip"] = clips.video(3, frames=8).graph
    return [(name, lambda graph=graph: graph) for name, graph in made.items()]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructions")
    return folder, write(sources(), folder, PLAN)


def test_an_interrupted_run_goes_on_with_the_same_result(written, tmp_path):
    folder, tally = written

    def interrupted():
        yield from sources()[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(interrupted(), tmp_path, PLAN)
    with (tmp_path / SAMPLES).open("ab") as stream:
        stream.write(b'{"id": "cut off')  # a graph that was being written when the power went
    again = write(sources(), tmp_path, PLAN)
    assert (tmp_path / SAMPLES).read_bytes() == (folder / SAMPLES).read_bytes()
    assert again.samples == tally.samples and again.graphs == tally.graphs == 4
    before = (tmp_path / SAMPLES).read_bytes()
    write([("picture0", pytest.fail)], tmp_path, PLAN)  # nothing is read again
    assert (tmp_path / SAMPLES).read_bytes() == before


def test_another_plan_is_refused(written):
    with pytest.raises(InputError, match="settings"):
        write(sources(), written[0], Plan(("detail",)))


def test_a_broken_graph_is_named_and_the_rest_is_written(tmp_path):
    def broken():
        raise InputError("graph.json: is broken")

    tally = write([("bad", broken), *sources()[:1]], tmp_path, PLAN)
    assert tally.broken == ["graph.json: is broken"] and tally.graphs == 1


def test_formats_hold_all_samples(written):
    folder, tally = written
    counts = {name: write_format(name, folder)[1] for name in FORMATS}
    total = tally.samples.total()
    assert counts["llava"] == counts["messages"] == total
    assert counts["dpo"] == tally.samples["preference"] > 0
    assert counts["mimic-it"] == sum(len(sample.turns) for sample in read_samples(folder / SAMPLES))


def test_llava_layout(written, real_data):
    folder, _ = written
    write_format("llava", folder)
    records = json.loads((folder / "llava.json").read_text())
    (real,) = json.loads((real_data / "llava" / "llava_instruct_1_record.json").read_text())
    picture = next(record for record in records if isinstance(record.get("image"), str))
    assert set(picture) == set(real)
    assert [turn["from"] for turn in real["conversations"][:2]] == [t["from"] for t in picture["conversations"][:2]]
    assert real["conversations"][0]["value"].startswith("<image>\n")
    for record in records:
        marks = record["conversations"][0]["value"].count("<image>")
        assert marks == (len(record["image"]) if isinstance(record.get("image"), list) else 1)
        assert not any("<image>" in turn["value"] for turn in record["conversations"][1:])


def test_mimic_it_layout(written, real_data):
    folder, _ = written
    write_format("mimic-it", folder)
    ours = json.loads((folder / "mimic_it_instructions.json").read_text())
    real = json.loads((real_data / "mimic_it" / "DC_instructions_1_record.json").read_text())
    assert set(ours) == set(real) and set(ours["meta"]) == set(real["meta"])
    keys = set(next(iter(real["data"].values())))
    assert all(set(record) == keys for record in ours["data"].values())
    train = json.loads((folder / "mimic_it_train.json").read_text())
    assert set(train) == set(ours["data"])
    named = {other for record in ours["data"].values() for other in record["rel_ins_ids"]}
    assert named and named <= set(ours["data"])


def test_messages_and_pairs(written):
    folder, _ = written
    write_format("messages", folder), write_format("dpo", folder)
    for line in (folder / "messages.jsonl").read_text().splitlines():
        turns = json.loads(line)["messages"]
        assert [turn["role"] for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
        assert turns[0]["content"][0]["type"] in ("image_url", "video_url")
    for line in (folder / "dpo.jsonl").read_text().splitlines():
        pair = json.loads(line)
        assert pair["chosen"][0]["content"] != pair["rejected"][0]["content"]


def test_messages_of_pictures_are_what_the_openai_client_types(written):
    from openai.types.chat import ChatCompletionAssistantMessageParam, ChatCompletionUserMessageParam
    from pydantic import TypeAdapter

    folder, _ = written
    write_format("messages", folder)
    types = [TypeAdapter(ChatCompletionUserMessageParam), TypeAdapter(ChatCompletionAssistantMessageParam)]
    records = [json.loads(line) for line in (folder / "messages.jsonl").read_text().splitlines()]
    pictures = [record for record in records if record["messages"][0]["content"][0]["type"] == "image_url"]
    assert pictures
    for record in pictures:
        for at, message in enumerate(record["messages"]):
            checked = types[at % 2].validate_python(message)
            parts = checked["content"]
            # The client types parts as an iterable, which is checked as it is read.
            assert (parts if isinstance(parts, str) else list(parts)) == message["content"]


def test_examples_come_from_other_graphs_of_the_same_template(written):
    folder, _ = written
    made = {sample.id: sample for sample in read_samples(folder / SAMPLES)}
    shown = [(sample, made[other]) for sample in made.values() for other in sample.related if len(sample.turns) == 1]
    examples = [(sample, other) for sample, other in shown if sample.id.split("/")[0] != other.id.split("/")[0]]
    assert examples
    assert all(sample.turns[0].family == other.turns[0].family for sample, other in examples)


def test_the_most_similar_graph_comes_first(written):
    sample = next(each for each in read_samples(written[0] / SAMPLES) if each.kind == "detail")
    examples = Examples(1)
    examples.remember([sample], "far", frozenset({"car"}))
    from dataclasses import replace

    near = replace(sample, id="near/detail/0")
    examples.remember([near], "near", frozenset({"dog", "cat"}))
    assert examples.related(replace(sample, related=()), "mine", frozenset({"dog"})).related == ("near/detail/0",)


def model(*replies):
    """A language model that gives these replies in turn; anything else is no JSON."""
    left = list(replies)

    def scripted(messages):
        return left.pop(0) if left else "I would rather not."

    return scripted


def turns(*pairs):
    return json.dumps({"turns": [{"question": question, "answer": answer} for question, answer in pairs]})


def lesson_and_writer(*replies):
    from random import Random

    from assistant.models import open_model
    from assistant.teaching.lesson import Lesson

    return Lesson(riders(), Random(0), min_score=0), ModelWriter(open_model(model(*replies)))


def test_sentences_of_a_model_are_kept_repaired_or_dropped():
    reply = turns(
        ("What is the dog doing?", "The dog is chasing the ball. The dog is eating the ball."),
        ("What is the cat doing?", "The dog is chasing the ball."),
        ("Who sits there?", "person-3 is flying over the moon."),
    )
    repair = json.dumps({"sentences": ["The dog is running on the grass.", ""]})
    lesson, writer = lesson_and_writer(reply, repair)
    (sample,) = writer.samples(lesson, "riders", ("conversation",))
    assert [turn.answer for turn in sample.turns] == ["The dog is chasing the ball. The dog is running on the grass."]
    assert writer.sentences == {"supported": 2, "repaired": 1, "dropped": 1, "questions dropped": 1}
    assert sample.writer != "deterministic"


def test_a_model_that_writes_nonsense_gives_nothing():
    lesson, writer = lesson_and_writer("no json", '{"turns": []}', '{"turns": [{"question": 1}]}')
    assert list(writer.samples(lesson, "riders")) == []
    assert writer.sentences["replies unusable"] == 3


def test_a_model_that_is_not_there_is_reported(tmp_path):
    class Silent:
        name = "silent"

        def complete(self, messages, schema=None, max_tokens=512):
            raise ModelError("nobody there")

    tally = write(sources()[:1], tmp_path, PLAN, Silent())
    assert tally.graphs == 1 and tally.broken == ["picture0: nobody there"]


def test_command(tmp_path, capsys):
    graphs, out = tmp_path / "graphs", tmp_path / "out"
    graphs.mkdir()
    files.save(riders(), graphs / "riders.scenegraph.json")
    arguments = ["data", "instruct", str(graphs), "--out", str(out), "--quiet", "--each", "2"]
    assert main([*arguments, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["graphs"] == 1 and shown["samples"]["conversation"] == 2
    assert main(arguments) == 0  # nothing is left to do
    assert main([*arguments, "--seed", "3"]) == 2
    assert "settings" in capsys.readouterr().err
    (graphs / "broken.scenegraph.json").write_text("{")
    assert main(arguments) == 1
    assert "left out" in capsys.readouterr().err
    assert main(["data", "instruct", str(tmp_path / "none"), "--out", str(out)]) == 2
