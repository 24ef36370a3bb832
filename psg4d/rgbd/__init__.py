"""The RGB-D branch of segmentation: two streams, colour and depth, joined after every stage.

    colour ─> stem ─ gate ─ stage ─ gate ─ stage ─ gate ─ ...        (the joined maps go to the neck)
    depth  ─> stem ─┘  └─── stage ─┘  └─── stage ─┘  └─── ...

The model is `psg.segmentation.PanopticSegmenter` with the backbone `TwoStreams` and the preprocessor
`RGBDPreprocessor`; neck and mask decoder are those of pictures.
"""
