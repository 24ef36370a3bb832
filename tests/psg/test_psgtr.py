import copy
from dataclasses import replace

import pytest
import torch
from mmdet.registry import MODELS

from psg.parts.detr_head import Readings
from psg.parts.triplets import Triplets
from psg.parts.truth import Truth
from psg.psgtr import pair_probabilities
from psg.training import train
from scenegraph import Relation
from scenegraph.evaluation import Evaluation
from tests.psg import models
from tests.psg.quiet import quiet

DECODER = {"type": "TripletDecoder", "num_queries": 10, "dims": 128, "map_channels": (16, 32, 64)}


def build(**changes):
    torch.manual_seed(0)
    parts = copy.deepcopy({key: models.DETR[key] for key in ("backbone", "neck")})
    decoder = DECODER | {"decoder": copy.deepcopy(models.DECODER)}
    config = parts | {"type": "PSGTR", "triplet_decoder": decoder, "vocabulary": models.VOCABULARY, "autocast": "off"}
    with quiet():
        model = MODELS.build(config | changes)
        model.init_weights()
    return model


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("segments", [(4, 5), (0, 4), (0, 0), (1, 1)])
def test_every_parameter_gets_a_gradient(published, segments):
    model = build(published=published)
    items = [models.sample(segments=number) for number in segments]
    losses = model(**models.batch(model, *items), mode="loss")
    assert all(value.ndim == 0 and value.isfinite() for value in losses.values())
    models.total(losses).backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert all(gradient is not None and gradient.isfinite().all() for gradient in gradients.values())


def test_more_relations_than_queries():
    model = build()
    everything = [(a, 0, b) for a in range(5) for b in range(5) if a != b]
    losses = model(**models.batch(model, models.sample(segments=5, relations=everything)), mode="loss")
    assert models.total(losses).isfinite()


def test_training_computes_the_masks_of_matched_queries_only():
    model = build().eval()
    data = models.batch(model, models.sample(), models.sample(segments=2, relations=((0, 1, 1),), seed=2))
    with torch.no_grad():
        everything = model(**data)
        truth = Truth.of(data["data_samples"], (64, 96))
        features = model.neck(model.backbone(data["inputs"]), [(64, 96)] * 2, (64, 96))
        trained = model.triplet_decoder(features, truth)
    assert trained.subject_masks.shape[1] == 3
    for picture, number in enumerate((3, 1)):
        for place, query in enumerate(trained.matched[-1, picture, :number]):
            ours = trained.object_masks[picture, place]
            torch.testing.assert_close(ours, everything.object_masks[picture, query], atol=1e-4, rtol=0)


def test_a_batch_gives_what_single_pictures_give():
    model = build().eval()
    items = [models.sample(seed=1), models.sample(segments=2, seed=2)]
    together = model(**models.batch(model, *items))
    for picture, item in enumerate(items):
        alone = model(**models.batch(model, item))
        for name in ("subject_masks", "object_masks"):
            values = getattr(together, name)[picture], getattr(alone, name)[0]
            torch.testing.assert_close(*values, atol=1e-3, rtol=0)
        torch.testing.assert_close(
            together.predicate_logits[:, picture], alone.predicate_logits[:, 0], atol=1e-4, rtol=0
        )


@pytest.mark.parametrize("published", [False, True])
def test_prediction_gives_graphs(published):
    model = build(published=published).eval()
    items = [models.sample((64, 64)), models.sample((96, 64), segments=0)]
    with torch.no_grad():
        samples = model(**models.batch(model, *items), mode="predict")
    assert [sample.pred_graph.source.size for sample in samples] == [(64, 64), (96, 64)]


def triplets(*queries):
    """Queries (subject class, x range, object class, x range, predicate, logit of the predicate) without doubts."""
    classes, masks = torch.full((2, len(queries), 5), -9.0), torch.full((2, len(queries), 16, 24), -9.0)
    predicates = torch.full((len(queries), 5), -9.0)
    for place, (subject, on, other, at, predicate, logit) in enumerate(queries):
        classes[0, place, subject] = classes[1, place, other] = 9.0
        masks[0, place, 4:12, slice(*on)] = masks[1, place, 4:12, slice(*at)] = 9.0
        predicates[place, predicate + 1] = logit
    boxes, sizes = torch.full((1, 1, len(queries), 4), 0.5), torch.tensor([[64.0, 96.0]])
    ends = [Readings(of_end[None, None], boxes, sizes, 4) for of_end in classes]
    return Triplets(predicates[None, None], *ends, masks[0][None], masks[1][None])


PERSON, DOG, OTHER_DOG = (0, 8), (10, 15), (18, 23)


def test_ends_that_show_the_same_share_a_node():
    """Queries 0 and 1 relate one person to two dogs: three nodes, two relations."""
    said = triplets((0, PERSON, 1, DOG, 0, 9.0), (0, PERSON, 1, OTHER_DOG, 1, 9.0))
    graph = build().graph(said, 0, models.sample()["data_samples"])
    assert sorted(node.category for node in graph.nodes) == [0, 1, 1]
    assert sorted(relation.predicate for relation in graph.relations) == [0, 1]
    assert len({relation.subject for relation in graph.relations}) == 1


def test_repeating_masks_lifts_the_legacy_score_and_never_the_strict_one():
    """The attack: a second query with the masks of the first says the predicate that came second."""
    honest = (0, PERSON, 1, DOG, 0, 9.0)
    attack = (0, PERSON, 1, DOG, 1, 8.0)
    sample = models.sample()["data_samples"]
    truth = build().graph(triplets(honest), 0, sample)
    subject, other = truth.relations[0].subject, truth.relations[0].object
    truth = replace(truth, relations=(Relation(subject, 1, other),))

    def scores(model, *queries):
        evaluation = Evaluation(truth.vocabulary, ks=(20,), legacy=True, overlaps="highest")
        evaluation.add(truth, model.graph(triplets(*queries), 0, sample))
        return evaluation.report().values

    unmerged = build(published=True, postprocessing={"panoptic": False})
    before, after = (scores(unmerged, *queries) for queries in ([honest], [honest, attack]))
    assert (before["legacy openpsg/R@20"], after["legacy openpsg/R@20"]) == (0.0, 1.0)
    assert before["strict/R@20"] == after["strict/R@20"] == 0.0
    before, after = (scores(build(), *queries) for queries in ([honest], [honest, attack]))
    assert before["strict/R@20"] == after["strict/R@20"] == 0.0


def test_pairs_are_those_of_one_query():
    predicates = torch.tensor([[0.1, 0.9], [0.6, 0.4]])
    pairs = pair_probabilities(predicates, torch.tensor([3, 0, 1]))  # object of 1, subjects of 0 and 1
    assert pairs[2, 0].tolist() == pytest.approx([0.6, 0.4])
    assert pairs.sum() == 1


def test_the_loss_falls_on_two_pictures():
    model = build()
    first, last = models.losses_of_steps(model, rate=1e-3, steps=15)
    assert last < 0.7 * first


def test_it_trains_from_its_config(small_config, tmp_path):
    config = small_config("psgtr", **{"train_cfg.max_iters": 2, "train_cfg.val_interval": 2})
    config.work_dir = str(tmp_path)
    assert train(config).name.startswith("best_strict_R@20_iter_2")
