#!/usr/bin/env python3
r"""Make rare predicates commoner: move training relations to informative predicates, and relate unrelated pairs.

A trained two-stage model (configs/two_stage) says what it takes every training pair for. Relations with a
common predicate that it confuses with a rarer one of the same classes get that one (internal transfer);
unannotated pairs that it finds most related get their likeliest predicate (external transfer): Zhang et
al., ECCV 2022, IETrans. Only training pictures are looked at and changed; validation and test pictures stay.

    python tools/train.py configs/two_stage/motifs.py --work-dir work_dirs/motifs
    python tools/transfer_relations.py configs/two_stage/motifs.py work_dirs/motifs --out data/toyworld/psg/moved.json
    python tools/train.py configs/pairflash.py --work-dir work_dirs/moved \
        --cfg-options train_dataloader.dataset.relations_from=data/toyworld/psg/moved.json

The file is a psg.json that says what was changed. Ctrl-C loses nothing: the same command goes on, and
with other shares it needs seconds.
"""

import argparse
import copy
import sys
from pathlib import Path
from typing import Any

from scenegraph import InputError

INTERRUPTED = 130


def parsed() -> argparse.Namespace:
    """The command line."""
    from mmengine import DictAction  # not above: processes that render pictures import this file again

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="config file; its training pictures are the ones that change")
    parser.add_argument("checkpoint", help="a file that tools/train.py wrote with it, or its work folder: the best one")
    parser.add_argument("--out", type=Path, required=True, help="the psg.json to write")
    parser.add_argument("--internal", type=float, default=0.7, help="share of what could move (default: %(default)s)")
    parser.add_argument(
        "--external",
        type=float,
        default=0.0,
        help="share of the unannotated pairs that get a relation (default: %(default)s; Zhang et al. take 1 on data "
        "where most relations are missing)",
    )
    parser.add_argument("--scores", type=Path, help="where the model's answers are kept (default: OUT.scores.jsonl)")
    parser.add_argument("--batch-size", type=int, default=8, help="pictures at a time (default: %(default)s)")
    parser.add_argument(
        "--cfg-options", nargs="+", action=DictAction, default={}, help="change the config: KEY=VALUE, a.b=[1,2] ..."
    )
    return parser.parse_args()


def transfer(arguments: argparse.Namespace) -> int:
    """Ask the model, transfer, write."""
    from psg import training
    from psg.loading import TrainedModel
    from psg.long_tail import pair_scores, transferred

    for name in ("internal", "external"):
        if not 0 <= getattr(arguments, name) <= 1:
            raise InputError(f"--{name} {getattr(arguments, name)}: expected a share, 0 to 1")
    if arguments.batch_size < 1:
        raise InputError(f"--batch-size {arguments.batch_size}: expected 1 or more")
    config = training.load_config(arguments.config, arguments.cfg_options)
    training.prepare(config)
    dataset = training_pictures(config)
    trained = TrainedModel(None, arguments.checkpoint)
    scores = arguments.scores or arguments.out.with_name(f"{arguments.out.name}.scores.jsonl")
    pair_scores.measure(trained, dataset, scores, arguments.batch_size)
    relations, pairs = pair_scores.gathered(scores, dataset)
    changes = transferred.Changes.of(relations, pairs, arguments.internal, arguments.external)
    transferred.write(arguments.out, dataset, changes, trained.path, arguments.internal, arguments.external)
    report(arguments.out, changes, dataset, len(relations.predicate), len(pairs.predicate))
    return 0


def training_pictures(config: Any) -> Any:
    """The config's training pictures as they are tested: not augmented, with their true graphs."""
    from mmengine.registry import DATASETS, DefaultScope

    options = copy.deepcopy(config.train_dataloader.dataset)
    options.pipeline = config.test_dataloader.dataset.pipeline
    options.update(keep_graph=True, predicates="all", relations_from=None)
    with DefaultScope.overwrite_default_scope(config.default_scope):
        dataset = DATASETS.build(options)
    if dataset.split != "train":
        raise InputError(f"the training data are of the split {dataset.split!r}; only 'train' may be changed")
    return dataset


def report(path: Path, changes: Any, dataset: Any, relations: int, pairs: int) -> None:
    """What was done, and how to train on it."""
    names = dataset.file.vocabulary.predicates
    print(
        f"{path}: {changes.moves.total()} of {relations} relations moved, {changes.additions.total()} of {pairs} "
        f"unannotated pairs related, in {len(dataset)} training pictures"
    )
    for (old, new), number in changes.moves.most_common():
        print(f"  {number:6} {names[old]} -> {names[new]}")
    for predicate, number in changes.additions.most_common():
        print(f"  {number:6} new: {names[predicate]}")
    print(f"train on it with: --cfg-options train_dataloader.dataset.relations_from={path}")


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        return transfer(parsed())
    except InputError as error:
        print(f"transfer_relations: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("transfer_relations: interrupted; the same command goes on where it stopped", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
