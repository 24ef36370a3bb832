"""A model as a file says what the model says."""

import numpy as np
import pytest
import torch

from psg.export import ExportedModel, compare, export
from psg.parts.layout import Layout
from scenegraph import InputError
from tests.psg import models
from tests.psg.test_pairflash import COMPACT, EOMT, EVERYTHING, build

ENDINGS = ("pt2", "onnx")


@pytest.fixture(
    scope="module",
    params=[
        ("compact", "pt2"),
        ("compact", "onnx"),
        ("eomt", "pt2"),
        pytest.param(("eomt", "onnx"), marks=pytest.mark.slow),
    ],
    ids="-".join,
)
def exported(request, tmp_path_factory):
    """A model, its file, and what `export` says of their difference."""
    name, ending = request.param
    if ending == "onnx":
        pytest.importorskip("onnxscript")
        pytest.importorskip("onnxruntime")
    parts, size = (COMPACT, (64, 96)) if name == "compact" else (EOMT, (32, 64))
    model = build(parts, postprocessing=EVERYTHING).eval()
    path = tmp_path_factory.mktemp("exported") / f"{name}.{ending}"
    return model, path, export(model, path, size)


class TestFiles:
    def test_equal_to_the_model(self, exported):
        model, path, difference = exported
        assert difference <= 1e-4
        loaded = ExportedModel(path)
        picture = torch.rand(1, 3, *loaded.card.size, generator=torch.Generator().manual_seed(5)) * 255
        with torch.no_grad():
            inputs = (picture - model.data_preprocessor.mean) / model.data_preprocessor.std
            objects, relations = model(inputs)
        expected = objects.class_probabilities, objects.mask_logits, relations.pairs, relations.logits
        assert compare(expected, loaded.run(picture.numpy())) <= 1e-4
        assert not model.training and model.autocast == "off"

    def test_the_same_graph(self, exported):
        model, path, _ = exported
        loaded = ExportedModel(path)
        item = models.sample(loaded.card.size)
        with torch.no_grad():
            (sample,) = model(**models.batch(model, item), mode="predict")
        graph = loaded.predict(item["inputs"].permute(1, 2, 0).numpy())
        assert graph.metadata["model"] == "PairFlash" and graph.vocabulary == model.vocabulary
        assert [node.category for node in graph.nodes] == [node.category for node in sample.pred_graph.nodes]
        given, wanted = ({relation.triple for relation in each.relations} for each in (graph, sample.pred_graph))
        assert len(given & wanted) >= 0.9 * len(wanted) > 0

    @pytest.mark.parametrize("size", [(1, 1), (300, 40), (64, 96)])
    def test_pictures_of_any_size(self, exported, size):
        graph = ExportedModel(exported[1]).predict(np.full((*size, 3), 90, dtype=np.uint8))
        assert graph.source.size == size


def test_only_models_that_choose_pairs(tmp_path):
    with pytest.raises(InputError, match="PairFlashHead"):
        export(models.build("masked, pairs"), tmp_path / "model.pt2", (64, 96))


@pytest.mark.parametrize(
    ("name", "size", "message"), [("m.bin", (64, 96), "ends in"), ("m.pt2", (65, 96), "multiples")]
)
def test_wrong_names_and_sizes(tmp_path, name, size, message):
    with pytest.raises(InputError, match=message):
        export(build(COMPACT), tmp_path / name, size)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_of_another_kind(tmp_path, ending):
    pytest.importorskip("onnxruntime")
    path = tmp_path / f"model.{ending}"
    with pytest.raises(InputError, match="no such file"):
        ExportedModel(path)
    path.write_bytes(b"not a model")
    with pytest.raises(InputError, match="cut off"):
        ExportedModel(path)


def test_other_candidates_are_no_small_difference():
    classes, masks = torch.zeros(1, 3, 2), torch.zeros(1, 3, 4, 4)
    logits = torch.zeros(1, 1, 2, 2)
    first, second = ((classes, masks, torch.tensor([[pair]]), logits) for pair in ([0, 1], [0, 2]))
    assert compare(first, first) == 0 and compare(first, second) == float("inf")
    moved = (classes, masks, first[2], torch.tensor([[[[0.0, 0.01], [0.0, 0.0]]]]))
    assert compare(first, moved) == pytest.approx(0.0025, rel=0.01)


@pytest.mark.filterwarnings("ignore")  # of torch about its own exporters
def test_unlikely_masks_are_what_they_are_in_onnxruntime():
    """Glimpses take the logarithm of masks, and onnxruntime's sigmoid is wrong by half at -16."""
    pytest.importorskip("onnxscript")
    onnxruntime = pytest.importorskip("onnxruntime")

    class Shares(torch.nn.Module):
        def forward(self, logits):
            return Layout.of(logits).masks.log()

    logits = torch.linspace(-20, 20, 64).reshape(1, 1, 8, 8)
    program = torch.export.export(Shares(), (logits,), strict=False)
    made = torch.onnx.export(program, dynamo=True, input_names=["logits"], output_names=["shares"], verbose=False)
    session = onnxruntime.InferenceSession(
        made.model_proto.SerializeToString(), providers=onnxruntime.get_available_providers()
    )
    (found,) = session.run(None, {"logits": logits.numpy()})
    torch.testing.assert_close(torch.from_numpy(found), torch.nn.functional.logsigmoid(logits), atol=1e-5, rtol=1e-5)
