"""`groundgraph export`: a trained model as one file, ONNX or torch.export."""

import argparse
import json
from pathlib import Path

from scenegraph import InputError

EPILOG = """\
examples:
  groundgraph export work_dirs/pairflash/best.pth pairflash.onnx --size 128 160
  groundgraph export best.pth pairflash.pt2 --size 640 640

The file takes pictures of one size (others are resized to fit and padded) and is compared with the model before
the command ends. `groundgraph live SOURCE --model FILE` and `psg.export.ExportedModel(FILE)` use it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="a PairFlash that tools/train.py trained")
    parser.add_argument("out", metavar="OUT", type=Path, help="FILE.onnx or FILE.pt2")
    parser.add_argument(
        "--size", metavar=("HEIGHT", "WIDTH"), type=int, nargs=2, default=(640, 640), help="pixels (default: 640 640)"
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say how far it is from the model."""
    if not arguments.checkpoint.exists():  # before the seconds that importing a model takes
        raise InputError(f"{arguments.checkpoint}: there is no such checkpoint file; tools/train.py makes one")
    from psg.export import export
    from psg.predictor import Predictor

    model = Predictor.from_checkpoint(arguments.checkpoint, "cpu").model
    difference = export(model, arguments.out, tuple(arguments.size))
    size = arguments.out.stat().st_size
    if arguments.json:
        print(json.dumps({"file": str(arguments.out), "bytes": size, "difference": difference}))
    else:
        print(f"{arguments.out}: {size / 1e6:.1f} MB, differs from the model by at most {difference:.1e}")
    return 0
