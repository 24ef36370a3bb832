"""Packing, graph tokens, stages and answers with a language model of a few thousand parameters."""

import copy
import random

import numpy as np
import pytest
import torch

from assistant.tuning.answering import Given, answers, measured
from assistant.tuning.features import NUMBERS, features_of, pooled_in_masks
from assistant.tuning.graph_tokens import GraphTokens, TokenSettings, collated
from assistant.tuning.language import GRAPH, TinySize, tiny_model, with_lora, word_tokenizer
from assistant.tuning.model import GraphLanguageModel
from assistant.tuning.packing import IGNORED, PADDING, Template, packed, padded, positions, text_ids, visible
from assistant.tuning.reading import Reading, questions_of
from assistant.tuning.stages import WEIGHTS, Stage, learnt, prepare, restore, tune
from assistant.tuning.texts import Asked, World, graph_text
from scenegraph import InputError
from toyworld import clips, scenes
from toyworld.questions import questions

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

SMALL = {
    "linear": {},
    "mlp": {},
    "qformer": {"queries": 4, "dims": 16, "layers": 2, "heads": 2},
    "perceiver": {"latents": 4, "dims": 16, "layers": 2, "heads": 2},
}


def world(seed, most=100):
    graph = scenes.image(seed, (64, 80)).graph
    asked = {q.question: Asked(q.question, ", ".join(sorted(q.answers)), q.family) for q in questions(graph, seed)}
    return World(graph, tuple(asked.values())[:most])


@pytest.fixture(scope="module")
def worlds():
    return [world(seed) for seed in range(8)]


@pytest.fixture(scope="module")
def tokenizer(worlds):
    texts = [text for each in worlds for text in (graph_text(each.graph), graph_text(each.graph, "incidence"))]
    texts += [text for each in worlds for asked in each.asked for text in (asked.question, asked.answer)]
    vocabulary = worlds[0].graph.vocabulary
    return word_tokenizer(texts, [*vocabulary.categories, *vocabulary.predicates])


def built(tokenizer, context="text", connector="mlp", gated=0, dims=32, inner=64, **settings):
    language = tiny_model(tokenizer, TinySize(dims=dims, inner=inner, layers=2, heads=2))
    tokens = None
    if context == "tokens":
        tokens = GraphTokens(TokenSettings(connector, word_dims=16, options=SMALL[connector], **settings), dims)
    placeholder = tokenizer.convert_tokens_to_ids(GRAPH)
    model = GraphLanguageModel(language, tokens, placeholder, gated, heads=2)
    reading = Reading(tokenizer, Template.of(tokenizer), context, "sentences", tokens, placeholder, gated == 0)
    return model, reading


def test_labels_are_answers_only(tokenizer, worlds):
    template = Template.of(tokenizer)
    asked = worlds[0].asked
    row = packed(tokenizer, template, text_ids(tokenizer, graph_text(worlds[0].graph)), asked, 1024)
    learnt_ids = [each for each in row.labels if each != IGNORED]
    wanted = [token for each in asked for token in (*text_ids(tokenizer, each.answer), template.end)]
    assert learnt_ids == wanted
    assert all(token == label for token, label in zip(row.ids, row.labels, strict=True) if label != IGNORED)


def test_text_from_outside_makes_no_special_token(tokenizer):
    special = {tokenizer.eos_token_id, *tokenizer.additional_special_tokens_ids} if hasattr(
        tokenizer, "additional_special_tokens_ids") else {tokenizer.eos_token_id}  # fmt: skip
    ids = text_ids(tokenizer, "dog</s><answer>yes<graph>")
    assert not special & set(ids) and tokenizer.convert_tokens_to_ids(GRAPH) not in ids


def test_questions_do_not_see_each_other():
    segments = torch.tensor([[0, 0, 1, 1, 2, PADDING]])
    seen = visible(segments)[0].int().tolist()
    assert seen[3] == [1, 1, 1, 1, 0, 0] and seen[4] == [1, 1, 0, 0, 1, 0] and seen[5] == [0, 0, 0, 0, 0, 1]
    assert positions(segments)[0, :5].tolist() == [0, 1, 2, 3, 2]


@pytest.mark.parametrize("context", ["none", "text", "tokens"])
def test_packed_is_the_same_as_one_by_one(tokenizer, worlds, context):
    model, reading = built(tokenizer, context)
    model.eval()
    with torch.no_grad():
        together = model(**reading.batch(worlds[:2]))["logits"]
        singles = [World(graph, (asked,)) for graph, asked in questions_of(worlds[:2])]
        alone = torch.cat([model(**reading.batch([single]))["logits"] for single in singles])
    assert torch.allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("connector", sorted(SMALL))
@pytest.mark.parametrize("gated", [0, 1])
def test_every_connector_learns(tokenizer, worlds, connector, gated):
    model, reading = built(tokenizer, "tokens", connector, gated)
    if gated:
        for gate in model.gates:
            torch.nn.init.constant_(gate.attention_gate, 0.5)
            torch.nn.init.constant_(gate.feed_forward_gate, 0.5)
    model(**reading.batch(worlds[:2]))["loss"].backward()
    assert [name for name, each in model.named_parameters() if each.grad is None] == []
    given = answers(model, reading, list(questions_of(worlds[:1]))[:3], longest=3, progress=False)
    assert len(given) == 3 and all(each.tokens > 0 for each in given)


def test_graph_tokens_depend_on_the_graph(tokenizer, worlds):
    model, reading = built(tokenizer, "tokens")
    one, other = worlds[0].asked[:1], worlds[1].graph
    first = model(**reading.batch([World(worlds[0].graph, one)]))["logits"]
    second = model(**reading.batch([World(other, one)]))["logits"]
    assert not torch.allclose(first, second)


def stages(*, align=6, both=6):
    first = Stage("align", align, ("connector",), batch=2, learning_rate=0.01)
    return [first, Stage("tune", both, ("connector", "language"), batch=2, learning_rate=0.01)]


def test_stage_one_teaches_the_connector_and_nothing_else(tokenizer, worlds, tmp_path):
    model, reading = built(tokenizer, "tokens")
    before = copy.deepcopy(model.state_dict())
    tune(model, reading, lambda at: worlds[at % 8], stages()[:1], tmp_path, progress=False)
    after = copy.deepcopy(model.state_dict())
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("tokens.") for name in changed)
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith("language."))
    tune(model, reading, lambda at: worlds[at % 8], stages(), tmp_path, progress=False)
    last = model.state_dict()
    assert any(not torch.equal(after[name], last[name]) for name in after if name.startswith("language."))


def test_what_was_tuned_is_not_tuned_again(tokenizer, worlds, tmp_path):
    model, reading = built(tokenizer)
    stage = [Stage("tune", 2, ("language",), batch=2)]
    assert tune(model, reading, lambda at: worlds[at % 8], stage, tmp_path, progress=False)
    other, reading = built(tokenizer)
    assert tune(other, reading, lambda at: worlds[at % 8], stage, tmp_path, progress=False) == []
    assert all(torch.equal(one, two) for one, two in zip(model.parameters(), other.parameters(), strict=True))


def test_an_interrupted_stage_ends_with_the_same_weights(tokenizer, worlds, tmp_path):
    stage = [Stage("tune", 4, ("language",), batch=2, save_every=2)]

    def draw(at, stop=None):
        if at == stop:
            raise KeyboardInterrupt
        return worlds[at % 8]

    whole, reading = built(tokenizer)
    tune(whole, reading, draw, stage, tmp_path / "whole", progress=False)
    calls = iter(range(100))

    def broken(at):
        if next(calls) == 6:
            raise KeyboardInterrupt
        return worlds[at % 8]

    first, reading = built(tokenizer)
    with pytest.raises(KeyboardInterrupt):
        tune(first, reading, broken, stage, tmp_path / "broken", progress=False)
    second, reading = built(tokenizer)
    tune(second, reading, draw, stage, tmp_path / "broken", progress=False)
    assert all(
        torch.allclose(one, two, atol=1e-6) for one, two in zip(whole.parameters(), second.parameters(), strict=True)
    )


def test_loss_falls_on_64_samples(tokenizer):
    listed = [World(each.graph, each.asked) for each in map(world, range(8, 18))]
    pairs = random.Random(0).sample(list(questions_of(listed)), 64)
    known = word_tokenizer(
        [text for graph, asked in pairs for text in (graph_text(graph), asked.question, asked.answer)]
    )
    model, reading = built(known, "tokens", dims=64, inner=128)
    samples = [World(graph, (asked,)) for graph, asked in pairs]
    batch = reading.batch(samples)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    for _ in range(160):
        loss = model(**batch)["loss"]
        if loss.item() < 0.05:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


def test_lora_keeps_what_it_adapts(tokenizer, worlds):
    pytest.importorskip("peft")
    model, reading = built(tokenizer, "text")
    model.language = with_lora(model.language, rank=2)
    prepare(model, Stage("tune", 1, ("language",)))
    assert learnt(model) and all("lora_" in name for name in learnt(model))
    model(**reading.batch(worlds[:1]))["loss"].backward()
    assert all(("lora_" in name) == (each.grad is not None) for name, each in model.named_parameters())


def test_features_of_a_video_have_times_and_metres():
    graph = clips.video(3, frames=6, rgbd=True).graph
    features = features_of(graph)
    nodes = len(graph.nodes)
    assert features.numbers.shape == (nodes + len(graph.relations), NUMBERS)
    assert np.isfinite(features.numbers).all() and features.numbers[:nodes, 17].any()
    tie = graph.relations[0]
    assert features.words[nodes][2] == graph.predicate_name(tie)
    expected = [tie.spans[0].start / 6, tie.spans[-1].stop / 6] if tie.spans else [0, 1]
    assert np.allclose(features.numbers[nodes, 8:10], expected)


def test_appearance_is_pooled_in_the_mask():
    scene = scenes.image(4, (64, 80))
    place = np.stack(np.mgrid[0:64, 0:80]).astype(np.float32)
    rows = pooled_in_masks(scene.graph, [place])
    for row, node in zip(rows, scene.graph.nodes, strict=True):
        inside = node.region.segment().mask.array()
        assert np.allclose(row, place[:, inside].mean(1), atol=1e-3)
    assert np.isfinite(pooled_in_masks(scene.graph, [place[:, ::8, ::8]])).all()


def test_bad_input_is_named(tokenizer, worlds, tmp_path):
    with pytest.raises(InputError, match="a row for each of the"):
        features_of(worlds[0].graph, np.zeros((1, 2), dtype=np.float32))
    with pytest.raises(InputError, match="feature maps"):
        pooled_in_masks(worlds[0].graph, [])
    _, reading = built(tokenizer, "tokens", appearance=3)
    with pytest.raises(InputError, match="appearance"):
        reading.batch(worlds[:1])
    model, reading = built(tokenizer)
    with pytest.raises(InputError, match="no graph tokens"):
        tune(model, reading, lambda at: worlds[0], stages(), tmp_path)
    with pytest.raises(InputError, match="learns"):
        Stage("x", 1, ("vision",))
    (tmp_path / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(InputError, match="holds no weights"):
        restore(model, tmp_path / WEIGHTS)
    with pytest.raises(InputError, match="expected sentences"):
        graph_text(worlds[0].graph, "poem")


def test_sequences_without_answers_teach_nothing(tokenizer, worlds):
    model, reading = built(tokenizer)
    loss = model(**reading.batch([World(worlds[0].graph, ())]))["loss"]
    assert loss.item() == 0.0
    assert padded([packed(tokenizer, reading.template, (), (), 64)], 0)["input_ids"].shape[0] == 1


def test_collated_graphs_may_be_empty(tokenizer, worlds):
    empty = worlds[0].graph.restricted_to([])
    made = collated(tokenizer, [features_of(empty), features_of(worlds[0].graph)])
    assert not made["seen"][0].any() and made["seen"][1].all()


def test_refusals_in_sentences_count_as_refusals(worlds):
    graph = worlds[0].graph
    refusal = "There is no umbrella here, so this cannot be said."
    pairs = [(graph, Asked("q", refusal, "doing", answerable=False)), (graph, Asked("q", "The dog is on the grass."))]
    assert measured(pairs, [Given(refusal), Given("The dog is on the grass.")]).refused == 1.0
    wrongly = measured(pairs, [Given("The dog runs."), Given("No dog is shown. The question cannot be answered.")])
    assert (wrongly.refused, wrongly.refused_wrongly) == (0.0, 1.0)


def test_measures_by_hand(worlds):
    graph = worlds[0].graph
    labels = [graph.label(node.id) for node in graph.nodes]
    pairs = [
        (graph, Asked("q", f"on {labels[0]}, beside {labels[1]}", "where")),
        (graph, Asked("q", "none", "absent", answerable=False)),
        (graph, Asked("q", "2", "count")),
        (graph, Asked("q", labels[0], "who")),
    ]
    given = [
        Given(f"beside {labels[1]}, on {labels[0]}", 10, 0.1),
        Given("none", 10, 0.1),
        Given("none", 10, 0.1),
        Given("unicorn-9", 30, 0.3),
    ]
    measures = measured(pairs, given)
    assert measures.accuracy == 0.5
    # Three nodes are wanted, three are named, two of them are right; one does not exist.
    assert measures.grounding == pytest.approx(2 / 3) and measures.existing == pytest.approx(2 / 3)
    assert measures.refused == 1.0 and measures.refused_wrongly == pytest.approx(1 / 3)
    assert measures.tokens == 15 and measures.families == {"where": 1.0, "absent": 1.0, "count": 0.0, "who": 0.0}
