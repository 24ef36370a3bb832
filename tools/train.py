#!/usr/bin/env python3
"""Train a model, for example: tools/train.py configs/psgformer.py, or of videos: tools/train.py configs/pvsg.py.

The built-in data are made on first use, and so is what a second stage needs (segmenter and tracks). Validation
follows the strict protocol on held-out worlds; the best checkpoint is kept in the work folder, with the log and
the TensorBoard files. Ctrl-C leaves a checkpoint; the same command goes on from there. Several processes:
torchrun --nproc-per-node 2 tools/train.py configs/psgformer.py
"""

import argparse
import sys

from scenegraph import InputError

INTERRUPTED = 130


def parsed() -> argparse.Namespace:
    """The command line."""
    from mmengine import DictAction  # not above: processes that render pictures import this file again

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="config file, for example configs/psgformer.py")
    parser.add_argument("--work-dir", help="checkpoints and logs (default: work_dirs/PATH_BELOW_CONFIGS)")
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint, whatever its settings")
    parser.add_argument("--restart", action="store_true", help="delete the checkpoints of the work folder, begin anew")
    parser.add_argument("--seed", type=int, help="seed of weights, order and augmentation")
    parser.add_argument("--amp", action="store_true", help="compute in bfloat16 even where it is not faster")
    parser.add_argument(
        "--cfg-options", nargs="+", action=DictAction, default={}, help="change the config: KEY=VALUE, a.b=[1,2] ..."
    )
    return parser.parse_args()


def train(arguments: argparse.Namespace) -> int:
    """Run or continue a training run."""
    from mmengine.dist import is_main_process

    from psg import training

    config = training.load_config(arguments.config, arguments.cfg_options)
    config.work_dir = arguments.work_dir or config.get("work_dir") or str(training.work_folder(arguments.config))
    if arguments.seed is not None:
        config.randomness.seed = arguments.seed
    if arguments.amp:
        config.model.autocast = "bfloat16"
    best = training.train(config, resume=arguments.resume, restart=arguments.restart)
    if is_main_process():
        print(f"trained; the best checkpoint is {best}")
        print(f"evaluate it with: tools/test.py {arguments.config} {config.work_dir}")
    return 0


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        return train(parsed())
    except InputError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("train: interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
