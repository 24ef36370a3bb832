import numpy as np
import pytest
import torch

from psg.parts.objects import Objects
from psg.postprocess import PostProcessing, enlarge
from psg.samples import SceneGraphSample
from tests import factories

THINGS = len(factories.VOCABULARY.things)
CLASSES = len(factories.VOCABULARY.categories)
HEIGHT, WIDTH = 8, 12
CLOSE, FAR = 6.0, -6.0


def logits(*boxes):
    """Mask logits that are high in x1, y1, x2, y2 and low elsewhere."""
    made = torch.full((len(boxes), HEIGHT, WIDTH), FAR)
    for mask, (x1, y1, x2, y2) in zip(made, boxes, strict=True):
        mask[y1:y2, x1:x2] = CLOSE
    return made


def probabilities(*entries):
    """Class probabilities: (class, probability) of each query, the rest background."""
    made = torch.zeros(len(entries), CLASSES)
    for row, (category, probability) in zip(made, entries, strict=True):
        row[category] = probability
    return made


def merge(masks, classes, **settings):
    settings = {"smallest_area": 1, "visible_share": 0.0} | settings
    size = (HEIGHT, WIDTH)
    return PostProcessing(**settings).segments(classes, masks, 1, size, size, THINGS)


def test_where_masks_overlap_the_more_probable_wins():
    segments = merge(logits((0, 0, 8, 8), (4, 0, 12, 8)), probabilities((0, 0.6), (1, 0.9)))
    assert segments.categories.tolist() == [1, 0]
    assert segments.scores.tolist() == pytest.approx([0.9, 0.6])
    expected = np.zeros((HEIGHT, WIDTH), dtype=int)
    expected[:, :4] = 1
    np.testing.assert_array_equal(segments.ids, expected)
    assert segments.queries.tolist() == [1, 0] and segments.owner.tolist() == [0, 1]


def test_pixels_of_no_likely_mask_belong_to_nothing():
    segments = merge(logits((0, 0, 4, 8)), probabilities((0, 0.9)))
    assert (segments.ids[:, :4] == 0).all() and (segments.ids[:, 4:] == -1).all()


def test_queries_of_one_stuff_class_become_one_segment_and_things_do_not():
    masks = logits((0, 0, 4, 8), (8, 0, 12, 8))
    grass = merge(masks, probabilities((3, 0.7), (3, 0.8)))
    assert grass.categories.tolist() == [3] and grass.scores.tolist() == pytest.approx([0.8])
    assert (grass.ids[:, :4] == 0).all() and (grass.ids[:, 8:] == 0).all()
    assert sorted(grass.queries.tolist()) == [0, 1] and grass.owner.tolist() == [0, 0]
    assert len(merge(masks, probabilities((1, 0.7), (1, 0.8))).categories) == 2


def test_a_thing_found_twice_is_kept_once():
    masks = logits((0, 0, 8, 8), (0, 0, 8, 7), (0, 0, 8, 8))
    segments = merge(masks, probabilities((0, 0.8), (0, 0.9), (1, 0.4)), visible_share=0.3)
    assert segments.queries.tolist() == [1]


def test_hidden_and_small_segments_give_their_pixels_back():
    masks = logits((0, 0, 12, 8), (0, 0, 11, 8), (10, 6, 12, 8))
    classes = probabilities((3, 0.5), (0, 0.9), (1, 0.95))
    assert merge(masks, classes).categories.tolist() == [1, 0, 3]
    fewer = merge(masks, classes, visible_share=0.5, smallest_area=5)
    assert fewer.categories.tolist() == [0]
    # The pixels of the small ball are free again: the person takes its own, nobody the others.
    assert (fewer.ids[6:, 10] == 0).all() and (fewer.ids[6:, 11] == -1).all()


@pytest.mark.parametrize("queries", [0, 3])
def test_nothing_probable_gives_an_empty_map(queries):
    segments = merge(torch.zeros(queries, HEIGHT, WIDTH), torch.full((queries, CLASSES), 0.1))
    assert len(segments.categories) == 0 and (segments.ids == -1).all()
    triples, scores = PostProcessing().triples(torch.zeros(0, 0, 4), segments)
    assert triples.shape == (0, 3) and scores.shape == (0,)


def test_one_row_an_ordered_pair_ranked_by_the_product_of_probabilities():
    segments = merge(logits((0, 0, 4, 8), (4, 0, 8, 8)), probabilities((0, 0.5), (1, 0.8)))
    of_pairs = torch.zeros(2, 2, 4)
    # Rows are the kept queries, the most probable first: query 1 (the dog), then query 0.
    of_pairs[0, 1] = torch.tensor([0.1, 0.6, 0.2, 0.0])
    of_pairs[1, 0] = torch.tensor([0.0, 0.0, 0.3, 0.7])
    of_pairs[0, 0] = 1.0
    triples, scores = PostProcessing().triples(of_pairs, segments)
    assert triples.tolist() == [[1, 3, 0], [0, 1, 1]]
    assert scores.tolist() == pytest.approx([0.4 * 0.7, 0.4 * 0.6])
    triples, _ = PostProcessing(predicates_per_pair=2, max_relations=3).triples(of_pairs, segments)
    assert triples.tolist() == [[1, 3, 0], [0, 1, 1], [1, 2, 0]]


def test_equal_scores_keep_their_order():
    segments = merge(logits((0, 0, 4, 8), (4, 0, 8, 8)), probabilities((0, 0.5), (1, 0.5)))
    triples, _ = PostProcessing().triples(torch.full((2, 2, 4), 0.25), segments)
    assert triples[:, [0, 2]].tolist() == [[0, 1], [1, 0]]


def test_relations_of_merged_queries_become_those_of_the_segment():
    masks = logits((0, 0, 4, 8), (4, 0, 8, 8), (8, 0, 12, 8))
    segments = merge(masks, probabilities((3, 0.9), (0, 0.8), (3, 0.7)))
    of_pairs = torch.zeros(3, 3, 4)
    of_pairs[1, 0, 0], of_pairs[1, 2, 0] = 0.2, 0.6
    triples, scores = PostProcessing().triples(of_pairs, segments)
    assert triples.tolist() == [[1, 0, 0]]
    assert scores.tolist() == pytest.approx([0.6 * 0.8 * 0.9])


def test_enlarging_equals_resizing_the_picture_without_its_padding():
    generator = torch.Generator().manual_seed(0)
    padded = torch.randn(3, 16, 24, generator=generator)
    ours = enlarge(padded, stride=4, image_size=(64, 96), original_size=(96, 144))
    expected = torch.nn.functional.interpolate(padded[None], size=(96, 144), mode="bilinear")[0]
    torch.testing.assert_close(ours, expected)
    # 12 x 20 cells belong to the picture; only the last row and column may see the padding.
    part = enlarge(padded, stride=4, image_size=(48, 80), original_size=(48, 80))
    alone = torch.nn.functional.interpolate(padded[None, :, :12, :20], size=(48, 80), mode="bilinear")[0]
    torch.testing.assert_close(part[:, :46, :78], alone[:, :46, :78])


def test_a_whole_picture():
    """The masks cover the left half of the padding too, which the picture does not have."""
    classes = torch.full((1, 1, 2, CLASSES + 1), FAR)
    classes[..., 0, 3], classes[..., 1, 0] = -4.0, CLOSE  # the grass is less certain, so the person covers it
    masks = logits((0, 0, 12, 8), (0, 2, 3, 6))[None]
    objects = Objects(torch.zeros(1, 2, 4), torch.zeros(1, 2, 4), classes, masks, 4, masks, 4)
    sample = SceneGraphSample(metainfo={"img_id": "17", "img_shape": (32, 24), "ori_shape": (64, 48)})
    certain = torch.tensor([0.0, 0.0, 0.0, 1.0])
    graph = PostProcessing()(
        objects, 0, lambda kept: certain.expand(len(kept), len(kept), 4), sample, factories.VOCABULARY
    )
    assert graph.source.size == (64, 48) and graph.source.uri == "17"
    names = [graph.category_name(node.id) for node in graph.nodes]
    assert sorted(names) == ["grass", "person"]
    person = graph.nodes[names.index("person")].region.mask
    assert person.box == (0.0, 16.0, 24.0, 48.0)
    assert {graph.sentence(relation) for relation in graph.relations} == {
        "person-1 chasing grass-1",
        "grass-1 chasing person-1",
    }
