"""Tiny random segmenters, written to folders and files as trained ones are."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from scenegraph import Vocabulary

WORDS = Vocabulary(things=("person", "dog"), stuff=("grass-merged",), predicates=("on", "beside"))
"""All of them COCO's names; the networks' own order is another."""

CLASSES = ("grass-merged", "person", "dog")
SIDE = 64


@pytest.fixture(scope="session")
def picture():
    """40 x 50 pixels of noise, grass below."""
    image = np.random.default_rng(0).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    image[20:] = (20, 160, 20)
    return image


@pytest.fixture(scope="session")
def eomt_folder(tmp_path_factory):
    """An EoMT of random weights as transformers writes it."""
    from transformers import EomtConfig, EomtForUniversalSegmentation, EomtImageProcessorPil

    torch.manual_seed(0)
    config = EomtConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_blocks=1,
        image_size=SIDE,
        patch_size=8,
        num_queries=6,
        num_register_tokens=1,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: number for number, name in enumerate(CLASSES)},
    )
    folder = tmp_path_factory.mktemp("eomt")
    EomtForUniversalSegmentation(config).save_pretrained(folder)
    EomtImageProcessorPil(size={"shortest_edge": SIDE, "longest_edge": SIDE}, do_pad=True).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def mask2former_folder(tmp_path_factory):
    """A Mask2Former of random weights as transformers writes it."""
    from transformers import (
        Mask2FormerConfig,
        Mask2FormerForUniversalSegmentation,
        Mask2FormerImageProcessorPil,
        SwinConfig,
    )

    torch.manual_seed(0)
    backbone = SwinConfig(
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 1, 2, 2],
        window_size=2,
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    widths = ("feature_size", "mask_feature_size", "hidden_dim", "encoder_feedforward_dim", "dim_feedforward")
    config = Mask2FormerConfig(
        backbone_config=backbone,
        encoder_layers=1,
        decoder_layers=2,
        num_attention_heads=2,
        num_queries=6,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: number for number, name in enumerate(CLASSES)},
        **dict.fromkeys(widths, 32),
    )
    folder = tmp_path_factory.mktemp("mask2former")
    Mask2FormerForUniversalSegmentation(config).save_pretrained(folder)
    size = {"shortest_edge": SIDE, "longest_edge": 96}
    Mask2FormerImageProcessorPil(size=size, size_divisor=32).save_pretrained(folder)
    return folder


def small_mmdet(name: str):
    """A config that mmdet ships, made small, for `CLASSES` with the things first."""
    import mmdet
    from mmengine import Config

    shipped = Path(mmdet.__file__).parent / ".mim" / "configs"
    if not shipped.is_dir():
        pytest.skip("this installation of mmdet ships no configs")
    config = Config.fromfile(shipped / f"{name}.py")
    config.model.backbone.update(depth=18, init_cfg=None)
    config.test_dataloader.dataset.pipeline[1].scale = (96, SIDE)
    config.model.panoptic_fusion_head.update(num_things_classes=2, num_stuff_classes=1)
    return config


def write_mmdet(config, folder):
    """The config and a checkpoint of random weights: (config file, checkpoint file)."""
    from mmdet.registry import MODELS
    from mmengine.registry import DefaultScope

    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmdet"):
        model = MODELS.build(config.model)
    names = {
        "classes": ["person", "dog", "grass-merged"],
        "thing_classes": ["person", "dog"],
        "stuff_classes": ["grass-merged"],
    }
    config.dump(str(folder / "config.py"))
    content = {"state_dict": model.state_dict(), "meta": {"dataset_meta": names}}
    torch.save(content, folder / "weights.pth")
    return folder / "config.py", folder / "weights.pth"


@pytest.fixture(scope="session")
def panoptic_fpn(tmp_path_factory):
    """mmdet's PanopticFPN, small, that keeps whatever it finds: (config file, checkpoint file)."""
    config = small_mmdet("panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco")
    model = config.model
    model.neck.update(in_channels=[64, 128, 256, 512], out_channels=32)
    model.rpn_head.update(in_channels=32, feat_channels=32)
    for extractor in (model.roi_head.bbox_roi_extractor, model.roi_head.mask_roi_extractor):
        extractor.out_channels = 32
    model.roi_head.bbox_head.update(in_channels=32, fc_out_channels=32, num_classes=2)
    model.roi_head.mask_head.update(in_channels=32, conv_out_channels=32, num_convs=1, num_classes=2)
    model.semantic_head.update(in_channels=32, inner_channels=32, num_things_classes=2, num_stuff_classes=1)
    model.test_cfg.rcnn.update(score_thr=0.0, max_per_img=5)
    model.test_cfg.panoptic.stuff_area_limit = 1
    return write_mmdet(config, tmp_path_factory.mktemp("panoptic_fpn"))


@pytest.fixture(scope="session")
def mmdet_mask2former(tmp_path_factory):
    """mmdet's Mask2Former, small: (config file, checkpoint file)."""
    config = small_mmdet("mask2former/mask2former_r50_8xb2-lsj-50e_coco-panoptic")
    head = config.model.panoptic_head
    head.update(
        in_channels=[64, 128, 256, 512],
        feat_channels=32,
        out_channels=32,
        num_queries=6,
        num_things_classes=2,
        num_stuff_classes=1,
    )
    head.loss_cls.class_weight = [1.0] * 3 + [0.1]
    head.positional_encoding.num_feats = head.pixel_decoder.positional_encoding.num_feats = 16
    encoder, decoder = head.pixel_decoder.encoder, head.transformer_decoder
    encoder.num_layers, decoder.num_layers = 1, 2
    for layer, attentions in (
        (encoder.layer_cfg, ["self_attn_cfg"]),
        (decoder.layer_cfg, ["self_attn_cfg", "cross_attn_cfg"]),
    ):
        for attention in attentions:
            layer[attention].update(embed_dims=32, num_heads=2)
        layer.ffn_cfg.update(embed_dims=32, feedforward_channels=32)
    return write_mmdet(config, tmp_path_factory.mktemp("mmdet_mask2former"))


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No test may reach for the network."""
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
