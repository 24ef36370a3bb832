"""Panoptic segmenters behind one interface: a picture goes in, a `PanopticMap` comes out.

    given maps ─┐
    transformers (EoMT, Mask2Former) ─┤
    mmdet (PanopticFPN, Mask2Former) ─┼─> Segmenter.segment(picture) ─> PanopticMap ─> SceneGraph
    detectron2 ─┤
    a trained groundgraph model ─┘

>>> from psg.segmenters import segmenter_of  # doctest: +SKIP
>>> found = segmenter_of("eomt:models/eomt").segment("photo.jpg")  # doctest: +SKIP

Back ends are imported when they are used; each adds one module here.
"""

from psg.segmenters.interface import Segmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.specification import segmenter_of

__all__ = ["PanopticMap", "Segmenter", "segmenter_of"]
