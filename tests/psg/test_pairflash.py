"""PairFlash on EoMT and on the compact segmenter."""

import copy

import pytest
import torch
from mmdet.registry import MODELS
from transformers import EomtConfig, EomtForUniversalSegmentation

import psg.pairflash  # noqa: F401 - registers the model
from psg.parts.eomt import EomtBackbone, EomtNeck, EomtObjectDecoder
from scenegraph import InputError
from tests import factories
from tests.psg import models

CLASSES = len(factories.VOCABULARY.categories)
THINGS = len(factories.VOCABULARY.things)
ARCHITECTURE = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "num_blocks": 2,
    "num_queries": 7,
    "image_size": 64,
    "patch_size": 16,
    "num_register_tokens": 2,
}
EOMT = {
    "data_preprocessor": {"type": "ScenePreprocessor", "pad_size_divisor": 16},
    "backbone": {"type": "EomtBackbone", "architecture": ARCHITECTURE},
    "neck": {"type": "EomtNeck", "dims": 32, "num_prefix_tokens": 3},
    "object_decoder": {"type": "EomtObjectDecoder", "architecture": ARCHITECTURE},
    "relation_head": {
        "type": "PairFlashHead",
        "dims": 16,
        "query_dims": 32,
        "map_dims": 32,
        "map_stride": 16,
        "hidden": 16,
        "rank": 4,
    },
}
COMPACT = models.VARIANTS["masked, PairFlash"]
EVERYTHING = {"object_score": 0.0, "visible_share": 0.0, "mask_probability": 0.0, "smallest_area": 1}


def build(parts=EOMT, seed=0, **changes):
    torch.manual_seed(seed)
    settings = {"type": "PairFlash", "vocabulary": models.VOCABULARY, "autocast": "off"}
    return MODELS.build(copy.deepcopy(parts) | settings | changes)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A folder as transformers writes it, of a model with random weights."""
    torch.manual_seed(1)
    config = EomtConfig(**ARCHITECTURE, id2label={label: f"class {label}" for label in range(CLASSES)})
    folder = tmp_path_factory.mktemp("eomt")
    EomtForUniversalSegmentation(config).save_pretrained(folder)
    return folder


def parts(folder=None, **options):
    made = (
        EomtBackbone(ARCHITECTURE, folder),
        EomtNeck(32, num_prefix_tokens=3),
        EomtObjectDecoder(THINGS, CLASSES - THINGS, ARCHITECTURE, folder, **options),
    )
    for part in made:
        part.init_weights()
    return [part.eval() for part in made]


class TestEomt:
    @pytest.mark.parametrize("masked", [False, True])
    @torch.no_grad()
    def test_says_what_transformers_says(self, weights, masked):
        model = EomtForUniversalSegmentation.from_pretrained(weights).eval()
        model.attn_mask_probs.fill_(float(masked))
        images = torch.randn(2, 3, 64, 64)
        expected = model(pixel_values=images)
        backbone, neck, decoder = parts(str(weights), masked_attention=masked)
        objects = decoder(neck(backbone(images), [(64, 64)] * 2, (64, 64)))
        torch.testing.assert_close(objects.mask_logits, expected.masks_queries_logits, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(objects.class_logits[-1], expected.class_queries_logits, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(objects.queries, expected.last_hidden_state[:, :7], atol=1e-4, rtol=1e-4)
        assert objects.mask_stride == 4 and objects.coarse_logits.shape == (2, 7, 8, 8) and objects.coarse_stride == 8
        assert len(objects.class_logits) == (3 if masked else 1)

    @torch.no_grad()
    def test_any_size(self, weights):
        backbone, neck, decoder = parts(str(weights))
        objects = decoder(neck(backbone(torch.randn(1, 3, 32, 96)), [(30, 90)], (32, 96)))
        assert objects.mask_logits.shape == (1, 7, 8, 24)
        # Rows from 30 on are padding: patches whose upper left pixel lies in the picture are not.
        assert (objects.mask_logits[:, :, :, -24:] > -20).any()

    @torch.no_grad()
    def test_no_mask_in_the_padding(self, weights):
        backbone, neck, decoder = parts(str(weights))
        objects = decoder(neck(backbone(torch.randn(1, 3, 64, 64)), [(32, 48)], (64, 64)))
        assert (objects.mask_logits[:, :, 8:] == -20).all() and (objects.mask_logits[:, :, :, 12:] == -20).all()
        assert (objects.mask_logits[:, :, :8, :12] > -20).all()

    def test_another_architecture_is_refused(self, weights):
        backbone = EomtBackbone(ARCHITECTURE | {"num_hidden_layers": 4}, str(weights))
        with pytest.raises(InputError, match="num_hidden_layers 3 instead of 4"):
            backbone.init_weights()

    def test_other_classes_are_refused_or_begun_anew(self, weights):
        decoder = EomtObjectDecoder(2, 1, ARCHITECTURE, str(weights))
        with pytest.raises(InputError, match="new_classes"):
            decoder.init_weights()
        anew = EomtObjectDecoder(2, 1, ARCHITECTURE, str(weights), new_classes=True)
        anew.init_weights()
        assert anew.class_predictor.out_features == 4
        kept = EomtForUniversalSegmentation.from_pretrained(weights).query.weight
        torch.testing.assert_close(anew.query.weight, kept)

    def test_no_model_there(self, tmp_path):
        with pytest.raises(InputError, match="no EoMT could be read"):
            EomtBackbone(ARCHITECTURE, str(tmp_path)).init_weights()

    @pytest.mark.parametrize("wrong", [{"hidden_size": "wide"}, {"num_blocks": 9}])
    def test_architectures_that_cannot_be(self, wrong):
        with pytest.raises(InputError, match="architecture of EoMT"):
            EomtBackbone(ARCHITECTURE | wrong)


class TestTraining:
    @pytest.mark.parametrize("given", [EOMT, COMPACT], ids=["EoMT", "compact"])
    @pytest.mark.parametrize("segments", [0, 1, 4])
    def test_every_parameter_gets_a_gradient(self, given, segments):
        model = build(given)
        losses = model(**models.batch(model, models.sample((64, 64), segments), models.sample()), mode="loss")
        assert {"loss_class", "loss_mask", "loss_predicate", "loss_selection"} <= set(losses)
        sum(losses.values()).backward()
        without = {name for name, parameter in model.named_parameters() if parameter.grad is None}
        assert not without
        assert all(parameter.grad.isfinite().all() for parameter in model.parameters())

    @pytest.mark.parametrize("given", [EOMT, COMPACT], ids=["EoMT", "compact"])
    def test_frozen_parts_stay_as_they_are(self, given):
        model = build(given, frozen=("backbone", "object_decoder"))
        assert not model.backbone.training and not model.object_decoder.training and model.relation_head.training
        before = copy.deepcopy({name: value for name, value in model.state_dict().items()})
        items = models.sample((64, 64)), models.sample(seed=1)
        losses = model(**models.batch(model, *items), mode="loss")
        assert set(losses) - {"loss_activity"} == {"loss_predicate", "loss_selection"}
        sum(losses.values()).backward()
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        torch.optim.SGD(trained, 0.1).step()
        changed = {
            name.split(".")[0] for name, value in model.state_dict().items() if not torch.equal(value, before[name])
        }
        assert changed == {"neck", "relation_head"}

    def test_only_parts_of_the_segmenter_are_frozen(self):
        with pytest.raises(InputError, match="relation_head"):
            build(frozen=("relation_head",))

    def test_the_loss_falls_on_two_pictures(self):
        model = build(COMPACT)
        items = models.sample(seed=1), models.sample(segments=3, seed=2)
        optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
        values = []
        for _ in range(15):
            losses = model(**models.batch(model, *items), mode="loss")
            optimizer.zero_grad()
            sum(losses.values()).backward()
            optimizer.step()
            values.append((losses["loss_predicate"].item(), losses["loss_selection"].item()))
        assert values[-1][0] < 0.7 * values[0][0] and values[-1][1] < 0.8 * values[0][1]


class TestPrediction:
    @pytest.mark.parametrize("given", [EOMT, COMPACT], ids=["EoMT", "compact"])
    @torch.no_grad()
    def test_a_graph_of_the_original_size(self, given):
        model = build(given, postprocessing=EVERYTHING).eval()
        item = models.sample()
        item["data_samples"].set_metainfo({"ori_shape": (50, 75), "img_path": "photo.jpg"})
        (sample,) = model(**models.batch(model, item), mode="predict")
        graph = sample.pred_graph
        assert graph.source.size == (50, 75) and len(graph.nodes) > 0
        ends = [(relation.subject, relation.object) for relation in graph.relations]
        assert len(set(ends)) == len(ends)
        assert sum(node.region.mask.array().astype(int) for node in graph.nodes).max() == 1

    @torch.no_grad()
    def test_nothing_found_is_an_empty_graph(self):
        model = build(COMPACT, postprocessing={"object_score": 1.0}).eval()
        (sample,) = model(**models.batch(model, models.sample()), mode="predict")
        assert sample.pred_graph.nodes == () and sample.pred_graph.relations == ()

    def test_masks_are_merged_where_they_are_small(self):
        assert build(COMPACT).postprocessing.merge_at == "masks"
        assert build(COMPACT, postprocessing={"merge_at": "picture"}).postprocessing.merge_at == "picture"
