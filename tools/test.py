#!/usr/bin/env python3
"""Evaluate a checkpoint, for example: tools/test.py configs/psgformer.py work_dirs/psgformer.

Prints the strict protocol, panoptic quality, what the model adds to class-pair frequency, and predicates
of state apart; of videos the strict video protocol, VPQ and STQ. Writes all numbers as JSON.
"""

import argparse
import json
import math
import sys
from pathlib import Path

from mmengine import DictAction
from mmengine.dist import is_main_process

from scenegraph import InputError
from scenegraph.storage import write_atomically

INTERRUPTED = 130


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="the config file that the checkpoint was trained with")
    parser.add_argument("checkpoint", help="a file that tools/train.py wrote, or its work folder: the best one")
    parser.add_argument("--out", metavar="DIR", help="write the predicted graphs there, NAME.scenegraph.json")
    parser.add_argument("--json", metavar="FILE", help="all numbers (default: CHECKPOINT.scores.json)")
    parser.add_argument("--legacy", action="store_true", help="also follow the published protocol, for old tables")
    parser.add_argument(
        "--cfg-options", nargs="+", action=DictAction, default={}, help="change the config: KEY=VALUE, a.b=[1,2] ..."
    )
    return parser.parse_args()


def test(arguments: argparse.Namespace) -> int:
    """Evaluate and write the numbers."""
    from psg import training
    from psg.checkpoints import checkpoint_file

    config = training.load_config(arguments.config, arguments.cfg_options)
    arguments.checkpoint = str(checkpoint_file(arguments.checkpoint))
    config.work_dir = str(Path(arguments.checkpoint).parent / "test")
    config.test_evaluator.legacy = arguments.legacy
    config.test_evaluator.out = arguments.out
    values = training.test(config, arguments.checkpoint)
    if is_main_process():
        path = Path(arguments.json or f"{arguments.checkpoint}.scores.json")
        known = {name: None if math.isnan(value) else value for name, value in values.items()}
        scores = {"config": arguments.config, "checkpoint": arguments.checkpoint, "scores": known}
        write_atomically(path, json.dumps(scores, indent=1).encode())
        print(f"all numbers are in {path}")
    return 0


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        return test(parsed())
    except InputError as error:
        print(f"test: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("test: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
