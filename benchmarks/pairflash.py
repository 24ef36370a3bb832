"""PairFlash against what it replaces: the choice of pairs, its pair head, and PSGTR end to end.

    python benchmarks/pairflash.py [--crowds 48] [--steps 400] [--pictures 5] [--only selection|models]

selection: pictures of toyworld with 60 or more objects (made on first use below data/toyworld/crowds).
  The relation head is trained briefly on the true segments and classes of some, above a compact
  backbone with random weights; on others it is asked for candidates. Oracle pair recall: the share
  of truly related pairs among the candidates, the segments being true.
  Then a directed head (`PairRelationHead`) and PairFlash on the same objects: evaluations and time.
models: PairFlash on EoMT small, on EoMT tiny and on the compact segmenter of toyworld, and PSGTR
  (ResNet-50), with the public data set's numbers of classes, random weights, pictures of 640 x 640 from
  JPEG bytes to graphs, every hypothesis kept (the slowest case). In float32, and in bfloat16 where the
  device gains from it; a ratio compares models of one precision.
"""

import argparse
import copy
import io
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from crowds import ensure_crowds
from mmdet.registry import MODELS
from mmengine.dataset import pseudo_collate
from mmengine.logging import MMLogger
from PIL import Image
from torch import nn
from tqdm import tqdm

import psg.models  # noqa: F401 - registers the models
from psg.dataset import PSGDataset
from psg.parts.objects import Objects
from psg.parts.pair_selection import candidates, related_pairs
from psg.parts.truth import Truth
from psg.precision import has_fast_bfloat16
from psg.training import load_config
from psg.transforms import build_pipeline

SHARES = (0.05, 0.1, 0.15, 0.2, 0.25)
WANTED_RECALL = 0.99
CERTAIN = 8.0
"""Logit of true masks."""
STRIDE = 4
DIMS = 128
COMPARED = {
    "PairFlash, EoMT small": "configs/psg/pairflash_eomt.py",
    "PairFlash, EoMT tiny": "configs/psg/pairflash_eomt_tiny.py",
    "PairFlash, compact": "configs/pairflash.py",
    "PSGTR, ResNet-50": "configs/psg/psgtr_r50.py",
}


class TrueObjects(nn.Module):
    """Objects as an oracle would hand them to a relation head: true masks, and an embedding of the true class."""

    def __init__(self, classes, dims=DIMS):
        super().__init__()
        self.embedding = nn.Embedding(classes, dims)

    def forward(self, truth):
        """One query a segment."""
        queries = self.embedding(truth.labels)
        logits = CERTAIN * (2 * truth.masks_at(STRIDE) - 1)
        classes = nn.functional.one_hot(truth.labels, self.embedding.num_embeddings + 1).float() * CERTAIN
        return Objects(queries, torch.zeros_like(queries), classes[None], logits, STRIDE, logits, STRIDE)


def crowds(root, train, test, preprocessor, segmenter):
    """(features, truth) of every crowd, training ones first; features of a fixed segmenter."""
    file = ensure_crowds(root, train, test)
    seen = {}
    for split in ("train", "test"):
        pipeline = [{"type": "LoadScene"}, {"type": "PackScene"}]
        data = PSGDataset(str(file.path), split=split, pipeline=pipeline)
        seen[split] = []
        for index in tqdm(range(min(len(data), train if split == "train" else test)), f"features, {split}"):
            batch = preprocessor(pseudo_collate([data[index]]))
            size = tuple(batch["inputs"].shape[-2:])
            with torch.no_grad():
                features = segmenter.neck(segmenter.backbone(batch["inputs"]), [size], size)
            seen[split].append((features, Truth.of(batch["data_samples"], size)))
    return seen, file.vocabulary


def compact(vocabulary):
    """The toyworld model with random weights."""
    config = load_config("configs/pairflash.py")
    names = {kind: list(getattr(vocabulary, kind)) for kind in ("things", "stuff", "predicates")}
    MMLogger.get_current_instance().setLevel("WARNING")  # else it lists the origin of every parameter
    torch.manual_seed(0)
    model = MODELS.build(config.model.to_dict() | {"vocabulary": names, "autocast": "off"})
    model.init_weights()
    return model.eval()


def train_head(head, oracle, pictures, steps, rate=1e-3):
    """Predicates and choice of pairs, from true segments, one picture a step."""
    optimizer = torch.optim.AdamW([*head.parameters(), *oracle.parameters()], rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    head.train()
    order = np.random.default_rng(0)
    bar = tqdm(range(steps), "training the head")
    for _ in bar:
        features, truth = pictures[order.integers(len(pictures))]
        matched = torch.arange(truth.labels.shape[1])[None, None]
        losses = head.loss(head(features, oracle(truth)), truth, matched)
        optimizer.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        bar.set_postfix({name: f"{value.item():.3f}" for name, value in losses.items()})
    head.eval()


@torch.no_grad()
def recall(head, oracle, pictures, share):
    """Related unordered pairs among the candidates, over all pictures, and the largest share that was kept."""
    found = total = 0
    largest = 0.0
    for features, truth in pictures:
        objects = oracle(truth)
        number = truth.counts[0] * (truth.counts[0] - 1) // 2
        kept = int(share * number)
        chosen = candidates(head(features, objects).selection, objects.class_probabilities.amax(-1), kept)[0]
        related = related_pairs(truth)[0]
        either = related | related.T
        found += int(either[chosen[:, 0], chosen[:, 1]].sum())
        total += int(either.triu(1).sum())
        largest = max(largest, kept / number)
    return found / total, largest


def measure_selection(arguments):
    """Train briefly, then recall by the share of pairs that is kept."""
    model, vocabulary = None, ensure_crowds(arguments.root, arguments.crowds, arguments.held_out).vocabulary
    model = compact(vocabulary)
    seen, _ = crowds(arguments.root, arguments.crowds, arguments.held_out, model.data_preprocessor, model)
    oracle, head = TrueObjects(len(vocabulary.categories)), model.relation_head
    numbers = [truth.counts[0] for _, truth in seen["test"]]
    untrained = recall(head, oracle, seen["test"], 0.25)[0]
    train_head(head, oracle, seen["train"], arguments.steps)
    print(f"\n{len(numbers)} held-out crowds of {min(numbers)} to {max(numbers)} objects")
    print(f"  before training, 25 % of the pairs kept: {untrained:.4f} of the related pairs")
    for share in SHARES:
        found, largest = recall(head, oracle, seen["test"], share)
        print(f"  {largest:6.1%} of the pairs kept: {found:.4f} of the related pairs")
    verdict = "reached" if found >= WANTED_RECALL else "NOT reached"
    print(f"  {WANTED_RECALL:.0%} at 25 %: {verdict}")
    return seen["test"], oracle, head, vocabulary


def timed(work, repetitions):
    """Median seconds of process time."""
    work()
    seconds = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return float(np.median(seconds))


@torch.no_grad()
def measure_head(pictures, oracle, head, vocabulary):
    """Pair evaluations and time of both heads on the objects of one crowd."""
    features, truth = pictures[0]
    objects = oracle(truth)
    directed = MODELS.build({"type": "PairRelationHead", "num_predicates": len(vocabulary.predicates)}).eval()
    n = truth.counts[0]
    seconds = {
        "directed head": (n * (n - 1), timed(lambda: directed(features, objects), 7)),
        "PairFlash": (head(features, objects).pairs.shape[1], timed(lambda: head(features, objects), 7)),
    }
    print(f"\npair heads on {n} objects")
    for name, (evaluations, duration) in seconds.items():
        print(f"  {name:14} {evaluations:6} pair evaluations, {1000 * duration:7.1f} ms with pooling and layout")
    ratio = seconds["directed head"][0] / seconds["PairFlash"][0]
    print(f"  {ratio:.1f} times fewer evaluations; without choosing pairs it would be 2.0 times")


def build(config, **changes):
    """A model of a config with random weights and the public data set's numbers of classes."""
    names = {"things": 80, "stuff": 53, "predicates": 56}
    vocabulary = {kind: [f"{kind} {i}" for i in range(number)] for kind, number in names.items()}
    loaded = load_config(config)
    described = copy.deepcopy(loaded.model.to_dict()) | {"vocabulary": vocabulary, **changes}
    torch.manual_seed(0)
    return MODELS.build(described).eval()


def measure_models(arguments):
    """Pictures a second of every model, from JPEG bytes to graphs, in turns."""
    random = np.random.default_rng(0)
    pixels = np.kron(random.integers(0, 255, (40, 40, 3)), np.ones((16, 16, 1))).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="JPEG")
    everything = {"object_score": 0.0, "visible_share": 0.0, "mask_probability": 0.0}
    models = {name: build(config, postprocessing=everything) for name, config in COMPARED.items()}
    same = {"type": "Resize", "scale": (640, 640), "keep_ratio": True}
    pipeline = build_pipeline([{"type": "LoadScene"}, same, {"type": "PackScene"}])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(f"\npictures of 640 x 640 on {device}, {torch.get_num_threads()} thread(s), bytes to graph, random weights")
    for precision in ("off", "bfloat16") if has_fast_bfloat16(device) else ("off",):
        print("  bfloat16" if precision == "bfloat16" else "  float32")
        seconds, found = {name: [] for name in models}, {}
        for repetition in range(arguments.pictures + 1):
            for name, model in models.items():
                model.to(device).autocast = precision
                taken, sample = seconds_of(lambda model=model: one_picture(model, pipeline, file.getvalue()), device)
                if repetition:  # the first is for warming up
                    seconds[name].append(taken)
                graph = sample.pred_graph
                found[name] = f"{len(graph.nodes)} nodes, {len(graph.relations)} relations"
        report_rates(models, {name: 1 / float(np.median(taken)) for name, taken in seconds.items()}, found)


def one_picture(model, pipeline, encoded):
    """A sample with its graph, from the bytes of a JPEG file."""
    with torch.inference_mode():
        batch = pseudo_collate([pipeline({"img": Image.open(io.BytesIO(encoded)), "img_path": ""})])
        return model.test_step(batch)[0]


def seconds_of(work, device):
    """Seconds of processor time, or on a GPU of waiting, and the result."""
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    start = clock()
    result = work()
    return clock() - start, result


def report_rates(models, rates, found):
    """One line a model, compared with PSGTR."""
    for name, rate in rates.items():
        millions = sum(parameter.numel() for parameter in models[name].parameters()) / 1e6
        ratio = rate / rates["PSGTR, ResNet-50"]
        print(
            f"    {name:21} {rate:7.3f} pictures a second ({ratio:.1f} x), {millions:.0f} M parameters, {found[name]}"
        )


def main():
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path("data/toyworld/crowds"), help="default: %(default)s")
    parser.add_argument("--crowds", type=int, default=48, help="pictures to train the head on (default: %(default)s)")
    parser.add_argument("--held-out", type=int, default=16, help="pictures to ask it about (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=400, help="of training (default: %(default)s)")
    parser.add_argument("--pictures", type=int, default=5, help="a model end to end (default: %(default)s)")
    parser.add_argument("--only", choices=("selection", "models"), help="default: everything")
    arguments = parser.parse_args()
    if arguments.only != "models":
        measure_head(*measure_selection(arguments))
    if arguments.only != "selection":
        measure_models(arguments)


if __name__ == "__main__":
    main()
