"""Checkpoints made from the golden key lists become ours, or are refused."""

import hashlib
import json
import shutil

import pytest
import torch

from psg.bridge import descriptions, detr_names
from psg.bridge.conversion import convert
from psg.bridge.vocabularies import coco_ids, public_names
from psg.checkpoints import description_of, read_checkpoint
from psg.predictor import Predictor
from scenegraph import InputError
from tests.psg import published


@pytest.fixture(scope="module")
def folder(golden):
    path = golden / "forward"
    if not (path / "keys_psgtr.json").is_file():
        pytest.skip("needs golden/forward")
    return path


@pytest.fixture(autouse=True)
def large_files_go(tmp_path):
    """Whole models are a quarter of a gigabyte each, and pytest keeps folders."""
    yield
    shutil.rmtree(tmp_path)


def keys(folder, name):
    """(name, shape, whole number) of every parameter in a list."""
    for entry in json.loads((folder / f"keys_{name}.json").read_text())["keys"]:
        key, shape, dtype = entry if isinstance(entry, list) else (entry["key"], entry["shape"], entry["dtype"])
        yield key, shape, "int" in dtype


def tensors(listed):
    """Tensors that take no room on disk but one number each, all different."""
    made = {}
    for place, (key, shape, whole) in enumerate(listed):
        made[key] = torch.tensor(0) if whole else torch.full((1,), 0.01 * (place % 97)).expand(shape)
    return made


def write(path, weights, key="state_dict", **meta):
    torch.save({"meta": {"CLASSES": list(public_names().categories), "epoch": 60} | meta, key: weights}, path)
    return path


@pytest.mark.parametrize("name", ["psgtr", "psgformer", "psgtr_r101", "psgformer_r101"])
def test_one_stage_models(name, folder, tmp_path):
    weights = tensors(keys(folder, name))
    path = write(tmp_path / "theirs.pth", weights)
    done = convert(path, tmp_path / "ours.pth")
    kind = {"psgtr": "PSGTR", "psgformer": "PSGFormer"}[name.split("_")[0]]
    assert (done.kind, done.parameters, done.untrained) == (kind, len(weights), ())
    content = read_checkpoint(tmp_path / "ours.pth")
    record = content["meta"]["converted"]
    assert record["sha256"] == done.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record["kind"] == kind and record["epoch"] == 60 and record["file"] == "theirs.pth"
    described = description_of(content, path)["model"]
    assert described["backbone"]["depth"] == (101 if "101" in name else 50)
    # All weights arrive: those that are never used are the relation queries' third projection.
    unused = [key for key in weights if "sop_query_update" in key]
    given = sorted(value.double().sum().item() for key, value in weights.items() if key not in unused)
    ours = sorted(value.double().sum().item() for value in content["state_dict"].values())
    assert ours == pytest.approx(given)


def test_a_converted_model_predicts_what_the_published_one_says(folder, tmp_path):
    """The weights of the fixtures, through a file, give the golden logits."""
    rule = published.rule(folder)
    weights = {
        key: torch.tensor(0) if whole else torch.from_numpy(rule(key, tuple(shape)))
        for key, shape, whole in keys(folder, "psgtr")
    }
    convert(write(tmp_path / "theirs.pth", weights), tmp_path / "ours.pth", published=True)
    predictor = Predictor.from_checkpoint(tmp_path / "ours.pth", device="cpu")
    assert predictor.vocabulary == public_names()
    assert predictor.model.published
    direct = published.model("psgtr", folder, published=True)
    for name, value in direct.state_dict().items():
        assert torch.equal(value, predictor.model.state_dict()[name]), name


@pytest.mark.parametrize("name", ["psgtr", "psgformer"])
def test_the_descriptions_are_the_configs(name):
    """A model built from the short description is the one of configs/_base_/models."""
    describe = {"psgtr": descriptions.psgtr, "psgformer": descriptions.psgformer}[name]
    short = published.built(describe(50, 100, public_names()))
    whole = published.build(name)
    assert {key: value.shape for key, value in short.state_dict().items()} == {
        key: value.shape for key, value in whole.state_dict().items()
    }
    settings = ("class_weight", "no_object_weight", "box_weight", "giou_weight", "dice_weight", "focal_weight")
    for part in ("object_decoder", "triplet_decoder"):
        if hasattr(short, part):
            ours, theirs = getattr(short, part), getattr(whole, part)
            assert [getattr(ours, key) for key in settings] == [getattr(theirs, key) for key in settings]
    if name == "psgformer":
        for key in ("choose_from", "ends", "supervise", "predicate_weight", "choice_weight", "no_relation_weight"):
            assert getattr(short.relation_head, key) == getattr(whole.relation_head, key)


def old_style(weights):
    """The names before transformers got version 2 in mmdet."""
    renamed = {}
    for key, value in weights.items():
        key = key.replace(".attentions.0.", ".self_attn.").replace(".attentions.1.", ".multihead_attn.")
        key = key.replace(".ffns.0.", ".ffn.").replace(".decoder.post_norm.", ".decoder.norm.")
        renamed[f"module.{key}"] = value
    return renamed


def test_old_names_and_those_of_distributed_training(folder, tmp_path):
    weights = tensors(keys(folder, "psgtr"))
    convert(write(tmp_path / "new.pth", weights), tmp_path / "a.pth")
    convert(write(tmp_path / "old.pth", old_style(weights)), tmp_path / "b.pth")
    new, old = (read_checkpoint(tmp_path / name)["state_dict"] for name in ("a.pth", "b.pth"))
    assert all(torch.equal(new[key], old[key]) for key in new)


def detr(folder):
    """A panoptic DETR under mmdet's names: what is in PSGTR, with one head."""
    kept = []
    for key, shape, whole in keys(folder, "psgtr"):
        if "rel_cls_embed" not in key and "obj_" not in key:
            kept.append((key.replace("sub_cls_embed", "class_embed").replace("sub_", ""), shape, whole))
    return tensors(kept)


def original(weights):
    """The same under the names of DETR's authors, whose classifier has a row for every number of COCO."""
    renamed = {}
    for key, value in weights.items():
        if key.startswith("backbone."):
            if not key.endswith("num_batches_tracked"):
                renamed[key.replace("backbone.", "detr.backbone.0.body.")] = value
            continue
        key = key.removeprefix("bbox_head.")
        for ours, theirs in (
            (".attentions.0.attn.", ".self_attn."),
            (".attentions.1.attn.", ".multihead_attn."),
            (".ffns.0.layers.0.0.", ".linear1."),
            (".ffns.0.layers.1.", ".linear2."),
            (".norms.0.", ".norm1."),
            (".norms.1.", ".norm2."),
            (".norms.2.", ".norm3."),
            ("decoder.post_norm.", "decoder.norm."),
            ("box_embed.", "bbox_embed."),
        ):
            key = key.replace(ours, theirs)
        if key.startswith("class_embed"):
            rows = torch.zeros(detr_names.ORIGINAL_CLASSES, *value.shape[1:])
            rows[list(coco_ids())], rows[-1] = value[:-1], value[-1]
            value = rows
        renamed[key if key.startswith(("bbox_attention", "mask_head")) else f"detr.{key}"] = value
    return renamed


@pytest.mark.parametrize("start", ["PSGTR", "PSGFormer"])
def test_a_panoptic_detr_starts_training(start, folder, tmp_path):
    weights = detr(folder)
    weights["bbox_head.class_embed.bias"] = torch.arange(134.0)
    first = convert(write(tmp_path / "a.pth", weights), tmp_path / "from_mmdet.pth", start=start)
    torch.save({"model": original(weights)}, tmp_path / "b.pth")
    second = convert(tmp_path / "b.pth", tmp_path / "from_authors.pth", start=start)
    assert first.untrained == second.untrained and first.untrained
    ours, authors = (read_checkpoint(tmp_path / f"from_{name}.pth")["state_dict"] for name in ("mmdet", "authors"))
    assert all(torch.equal(ours[key], authors[key]) for key in ours)  # the random ones too
    heads = ["triplet_decoder.subject", "triplet_decoder.object"] if start == "PSGTR" else ["object_decoder.head"]
    for head in heads:
        assert torch.equal(ours[f"{head}.classify.bias"], torch.arange(134.0))
    decoder = "triplet_decoder" if start == "PSGTR" else "object_decoder"
    name = "decoder.layers.5.cross_attn.attn.in_proj_weight"
    published_name = "bbox_head.transformer.decoder.layers.5.attentions.1.attn.in_proj_weight"
    assert torch.equal(ours[f"{decoder}.{name}"], weights[published_name])
    assert Predictor.from_checkpoint(tmp_path / "from_mmdet.pth", "cpu").vocabulary == public_names()


TWO_STAGE = {"imp": "IMP", "motifs": "Motifs", "vctree": "VCTree", "gpsnet": "GPSNet"}


@pytest.mark.parametrize("name", TWO_STAGE)
def test_two_stage_models_bring_their_segmenter(name, folder, tmp_path):
    pytest.importorskip("psg.two_stage.model")
    weights = tensors(keys(folder / "two_stage", name))
    done = convert(write(tmp_path / "theirs.pth", weights), tmp_path / "ours.pth")
    assert (done.kind, done.parameters) == (TWO_STAGE[name], len(weights))
    content = read_checkpoint(tmp_path / "ours.pth")
    described = description_of(content, "ours.pth")["model"]
    assert described["type"] == "TwoStage" and described["head"]["reasoning"]["type"] == TWO_STAGE[name]
    assert described["segmenter"].endswith(f",{done.files['segmenter']}")
    # Means of features are ours alone (psg.long_tail.effect).
    head = [key for key in content["state_dict"] if key.startswith("head.") and not key.startswith("head.effect.")]
    given = [key for key in weights if key.startswith("relation_head.")]
    # VCTree stores the embedding and the classifier of its decoder twice.
    assert len(head) == len(given) - (3 if name == "vctree" else 0)
    segmenter = read_checkpoint(done.files["segmenter"])["state_dict"]
    assert set(segmenter) == {key for key in weights if not key.startswith("relation_head.")}


def test_a_panoptic_fpn(folder, tmp_path):
    weights = tensors(each for each in keys(folder / "two_stage", "imp") if not each[0].startswith("relation_head."))
    done = convert(write(tmp_path / "theirs.pth", weights), tmp_path / "ours.pth")
    assert done.kind == "PanopticFPN" and done.untrained == ()
    ours = read_checkpoint(tmp_path / "ours.pth")["state_dict"]
    assert set(ours) == set(weights) and all(torch.equal(ours[key], value) for key, value in weights.items())
    with pytest.raises(InputError, match=r"weights of a segmenter, which finds no relations; .*--segmenter mmdet:"):
        description_of(read_checkpoint(tmp_path / "ours.pth"), tmp_path / "ours.pth")


@pytest.mark.parametrize("change", ["missing", "unknown", "reshaped"])
def test_what_does_not_fit_is_listed(change, folder, tmp_path):
    weights = tensors(keys(folder, "psgtr"))
    if change == "missing":
        del weights["bbox_head.sub_box_embed.layers.1.bias"]
        message = r"1 parameters are missing: triplet_decoder\.subject\.locate\.2\.bias"
    elif change == "unknown":
        weights["bbox_head.strange.weight"] = torch.zeros(1)
        message = r"1 parameters are unknown: bbox_head\.strange\.weight"
    else:
        weights["bbox_head.input_proj.bias"] = torch.zeros(7)
        message = r"bbox_head\.input_proj\.bias \(7,\) instead of \(256,\)"
    with pytest.raises(InputError, match=message):
        convert(write(tmp_path / "x.pth", weights), tmp_path / "ours.pth")
    assert not (tmp_path / "ours.pth").exists()


def test_other_names_are_refused(folder, tmp_path):
    weights = tensors(keys(folder, "psgtr"))
    classes = list(public_names().categories)
    classes[3] = "hovercraft"
    with pytest.raises(InputError, match=r"3: 'hovercraft' instead of 'motorcycle'"):
        convert(write(tmp_path / "x.pth", weights, CLASSES=classes), tmp_path / "ours.pth")
    weights["bbox_head.rel_cls_embed.weight"] = torch.zeros(12, 256)
    with pytest.raises(InputError, match=r"133 classes and 11 predicates; the public PSG data has 133 and 56.*--names"):
        convert(write(tmp_path / "x.pth", weights), tmp_path / "ours.pth")


def test_names_from_a_data_set(folder, psg_json, tmp_path):
    listed = [
        (
            key,
            [5 if length == 134 else 6 if length == 57 else length for length in shape]
            if "cls_embed" in key
            else shape,
            whole,
        )
        for key, shape, whole in keys(folder, "psgtr")
    ]
    path = tmp_path / "x.pth"
    torch.save({"state_dict": tensors(listed)}, path)
    convert(path, tmp_path / "ours.pth", names=psg_json)
    assert Predictor.from_checkpoint(tmp_path / "ours.pth", "cpu").vocabulary.predicates[0] == "on"


class Strange:
    """Something that a file could make run."""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"state_dict": {"a.weight": torch.zeros(1)}}, "none of the known models"),
        ({"state_dict": {"a": "text"}}, "expected tensors"),
        ({}, "expected tensors"),
        ([1], "found list"),
        (
            {"state_dict": {"a": torch.zeros(1)}, "meta": Strange()},
            "it is not loaded, because reading it could run code",
        ),
        ({"state_dict": {"a": torch.zeros(1)}, "meta": {"groundgraph": {}}}, "groundgraph already"),
    ],
)
def test_files_that_are_no_published_checkpoint(content, message, tmp_path):
    torch.save(content, tmp_path / "x.pth")
    with pytest.raises(InputError, match=message):
        convert(tmp_path / "x.pth", tmp_path / "ours.pth")
    assert [path.name for path in tmp_path.iterdir()] == ["x.pth"]


def test_no_file_and_half_a_file(folder, tmp_path):
    with pytest.raises(InputError, match="no such checkpoint"):
        convert(tmp_path / "none.pth", tmp_path / "ours.pth")
    path = write(tmp_path / "x.pth", tensors(keys(folder, "psgtr")))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match="no PyTorch checkpoint, or was cut off"):
        convert(path, tmp_path / "ours.pth")


def test_the_public_names():
    words = public_names()
    assert (len(words.things), len(words.stuff), len(words.predicates)) == (80, 53, 56)
    assert words.categories[131] == "wall-other-merged" and words.predicates[55] == "leaning on"
    assert len(coco_ids()) == 133 and list(coco_ids()) == sorted(set(coco_ids()))
