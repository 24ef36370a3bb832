"""The published video protocols: equal to golden/pvsg."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scenegraph import Span
from scenegraph.legacy_openpvsg import (
    PublishedSums,
    best_pairs,
    measure_full,
    measure_tube,
    pair_recall,
    published_quality,
    ranked_rows,
    unseen_relations,
)
from scenegraph.legacy_vidvrd import VidVRDSums
from scenegraph.legacy_vidvrd import measure as measure_vidvrd
from scenegraph.panoptic_quality import QualitySums, compare_maps
from scenegraph.spans import to_frames
from scenegraph.tube_overlap import compare_tubes
from scenegraph.video_arrays import VideoArrays
from tests.scenegraph.golden_pvsg import expected, videos, words

KS = (20, 50, 100)
RUNS = {
    "full_protocol": {},
    "full_protocol_pairs20": {"most": 20},
    "full_protocol_pairwise": {"pairwise": True},
}


@pytest.fixture(scope="module")
def folder(golden):
    return golden / "pvsg"


@pytest.fixture(scope="module")
def overlaps(folder):
    return {v.name: compare_tubes(v.truth.tubes, v.tubes, v.truth.num_frames) for v in videos(folder)}


@pytest.mark.parametrize("run", RUNS)
def test_full_protocol(folder, overlaps, run):
    sums, wanted = PublishedSums(57, KS), expected(folder)[run]
    for video in videos(folder):
        sums.add(measure_full(video.truth, video.prediction(**RUNS[run]), overlaps[video.name]))
    found = sums.values()
    for kind, prefix in (("final", ""), ("soft", "soft ")):
        for k in KS:
            for name, value in wanted[kind][str(k)].items():
                label = prefix + name.replace("_", " ").replace("mean recall", "mR").replace("recall", "R")
                assert found[f"legacy openpvsg-full/{label}@{k}"] == pytest.approx(value, abs=1e-6), (name, k)
    for place, k in enumerate(KS):
        for predicate, counts in wanted["per_predicate"][str(k)].items():
            tables = (sums.total, sums.tables[""][place], sums.tables["weak "][place])
            assert [table[int(predicate)] for table in tables] == list(counts.values())


def test_every_try_of_the_full_protocol(folder, overlaps):
    tries = []
    for video in videos(folder):
        result = measure_full(video.truth, video.prediction(), overlaps[video.name])
        ends = video.truth.triples[result.truth][:, [0, 2]] + 1
        tries += [(video.name, *pair, share) for pair, share in zip(ends.tolist(), result.share, strict=True)]
    wanted = expected(folder)["viou_calls"]
    assert [each[:3] for each in tries] == [tuple(each[:3]) for each in wanted]
    np.testing.assert_allclose([each[3] for each in tries], [each[3] for each in wanted], atol=1e-9)
    assert len(tries) == expected(folder)["full_protocol"]["n_viou_calls"]


def test_every_try_without_its_span(folder, overlaps):
    """What the masks of a row reach whatever its span: the row alone, always on."""
    found = []
    for video in videos(folder):
        rows, overlap = video.prediction(), overlaps[video.name]
        result = measure_full(video.truth, rows, overlap)
        for truth, rank in zip(result.truth.tolist(), result.rank.tolist(), strict=True):
            always = np.ones_like(rows.active[[rank]])
            alone = replace(rows, triples=rows.triples[[rank]], scores=rows.scores[[rank]], active=always)
            tried = measure_full(video.truth, alone, overlap)
            found.append(tried.share[tried.truth == truth].item())
    np.testing.assert_allclose(found, [each[4] for each in expected(folder)["viou_calls"]], atol=1e-9)


def test_rows_that_are_always_on(folder, overlaps):
    """The README's contrast: never predicting an end more than doubles the published recall."""
    sums = PublishedSums(57, KS)
    for video in videos(folder):
        rows = video.prediction()
        always = replace(rows, active=np.ones_like(rows.active))
        sums.add(measure_full(video.truth, always, overlaps[video.name]))
    found = [sums.values()[f"legacy openpvsg-full/R@{k}"] for k in KS]
    assert found == pytest.approx([0.230088, 0.256637, 0.292035], abs=1e-6)


def test_ranking(folder):
    wanted = expected(folder)["top100_triplets"]
    for video in videos(folder):
        rows = video.prediction()
        rows = [[s, o, p, int(n)] for (s, p, o), n in zip(rows.triples.tolist(), rows.active.sum(axis=1), strict=True)]
        assert rows[:100] == wanted[video.name]


def test_pairs(folder):
    wanted, recall = expected(folder), []
    for video in videos(folder):
        for most, pairs in wanted["top_pairs"].items():
            assert best_pairs(video.arrays["pair_logits"], int(most)).tolist() == pairs[video.name]
        truth = labels(video, wanted["relation_set"][video.name])
        recall.append(pair_recall(truth, best_pairs(video.arrays["pair_logits"], 20)))
        assert recall[-1] == pytest.approx(wanted["tube_protocol"]["pair_recall_at_20"][video.name], abs=1e-9)
    assert f"Pair Recall@20: {100 * np.mean(recall):.2f}" in wanted["tube_protocol"]["printed"]


def test_masks_of_the_stored_text(folder):
    """OpenPVSG writes masks as COCO's compressed run lengths; ours are the same."""
    from scenegraph import Mask

    texts = sorted(folder.glob("mini_pvsg/work_dirs/*/*/quantitive/masks.txt"))
    if not texts:
        pytest.skip("needs the texts of the full golden set")
    named = {video.name: video for video in videos(folder)}
    for path in texts:
        video = named[path.parents[1].name]
        place = {int(track): position for position, track in enumerate(video.arrays["track_ids"])}
        lines = [line.split(maxsplit=5) for line in path.read_text().splitlines()]
        assert len(lines) == video.arrays["pred_present"].sum()
        for frame, track, category, height, width, counts in lines:
            mask = Mask.from_coco({"size": [int(height), int(width)], "counts": counts})
            tube = video.tubes[place[int(track)]]
            assert mask == tube.segment(int(frame) - 1).mask
            assert video.arrays["pred_class_per_frame"][place[int(track)], int(frame) - 1] == int(category)


def test_tube_protocol(folder):
    values = expected(folder)
    sums = PublishedSums(57, KS, weak=0.0)
    for video in videos(folder):
        sums.add(measure_tube(labels(video, values["relation_set"][video.name]), video.prediction(pairwise=True)))
    found = sums.values("openpvsg-tube")
    for k in KS:
        for name, value in values["tube_protocol"]["final"][str(k)].items():
            label = name.replace("_", " ").replace("mean recall", "mR").replace("recall", "R")
            assert found[f"legacy openpvsg-tube/{label}@{k}"] == pytest.approx(value, abs=1e-6), (name, k)


def labels(video, relation_set):
    """The training labels of a video as truth on its feature tubes."""
    place = {int(track): position for position, track in enumerate(video.arrays["track_ids"])}
    rows = relation_set["training_relations"]
    triples = [(place[row["subject_track"]], row["predicate"], place[row["object_track"]]) for row in rows]
    active = np.zeros((len(rows), video.truth.num_frames), dtype=bool)
    for position, row in enumerate(rows):
        active[position, row["span_frames"]] = True
    return VideoArrays(
        video.categories,
        np.ones(len(video.tubes)),
        video.tubes,
        np.array(triples, dtype=np.int64).reshape(-1, 3),
        np.ones(len(rows)),
        active,
    )


@pytest.mark.parametrize("threshold", ["0.5", "0.3", "0.1"])
def test_vidvrd(folder, threshold):
    inputs = json.loads((folder / "vidvrd_inputs.json").read_text())
    wanted = expected(folder)["vidvrd_protocol"][threshold]
    ks = tuple(int(k) for k in wanted["recall_at"])
    sums = VidVRDSums(ks)
    for video in videos(folder):
        truth, prediction = (vidvrd_rows(video, inputs[video.name], side) for side in ("gt", "pred"))
        overlap = compare_tubes(truth.tubes, prediction.tubes, truth.num_frames)
        result = measure_vidvrd(truth, prediction, overlap, float(threshold))
        sums.add(result)
        if video.name in wanted["per_video"]:
            one = wanted["per_video"][video.name]
            assert result.hits.tolist() == one["hit_ranks"] and result.truths == one["num_gt"]
            assert len(result.hits) == one["num_hits"]
            assert result.average_precision == pytest.approx(one["ap"], abs=1e-6, nan_ok=True)
    found = sums.values()
    assert found["legacy vidvrd/mAP"] == pytest.approx(wanted["mAP"], abs=1e-6)
    for k in ks:
        assert found[f"legacy vidvrd/R@{k}"] == pytest.approx(wanted["recall_at"][str(k)], abs=1e-6)


def vidvrd_rows(video, rows, side):
    """Rows [[tube, class], [tube, class], predicate, spans 1-based inclusive] of one side as arrays."""
    rows, first = rows[side], 1 if side == "gt" else 0
    nodes = video.truth if side == "gt" else replace(video.prediction(), tubes=video.whole_tubes)
    triples = [(subject[0] - first, predicate, object_[0] - first) for subject, object_, predicate, *_ in rows]
    active = [to_frames([Span(start - 1, stop) for start, stop in row[3]], nodes.num_frames) for row in rows]
    scores = [row[4] if len(row) > 4 else 1.0 for row in rows]
    return replace(
        nodes,
        triples=np.array(triples, dtype=np.int64).reshape(-1, 3),
        scores=np.array(scores),
        active=np.array(active, dtype=bool).reshape(-1, nodes.num_frames),
    )


def test_the_reader_and_the_arrays_agree(folder, overlaps):
    """Truth read from mini_pvsg: what the graph cannot hold is counted all the same."""
    from scenegraph.formats.pvsg import PVSGFile

    if not (folder / "mini_pvsg/data/vidor").is_dir():
        pytest.skip("needs the palette PNGs of the full golden set")
    file = PVSGFile.open(folder / "mini_pvsg/data/pvsg.json")
    sums, wanted = PublishedSums(57, KS), expected(folder)["full_protocol"]["final"]
    for index, video in zip(file.indices("val"), videos(folder), strict=True):
        graph = file.graph(index)
        truth, rows = VideoArrays.of(graph), video.prediction()
        overlap = compare_tubes(truth.tubes, rows.tubes, truth.num_frames)
        sums.add(measure_full(truth, rows, overlap, unseen_relations(graph)))
    found = sums.values()
    for k in KS:
        assert found[f"legacy openpvsg-full/R@{k}"] == pytest.approx(wanted[str(k)]["recall"], abs=1e-6)
        assert found[f"legacy openpvsg-full/mR@{k}"] == pytest.approx(wanted[str(k)]["mean_recall"], abs=1e-6)


def test_no_rows_and_no_nodes(folder):
    assert ranked_rows(np.zeros((0, 0)), np.zeros((0, 0, 57))).shape == (0, 3)
    assert ranked_rows(np.zeros((1, 1)), np.zeros((1, 1, 57)), pairwise=True).shape == (0, 3)
    nothing = VideoArrays(np.zeros(0, int), np.zeros(0), (), np.zeros((0, 3), int), np.zeros(0), np.zeros((0, 4), bool))
    result = measure_full(nothing, nothing, compare_tubes((), (), 4))
    sums = PublishedSums(len(words(folder).predicates), KS)
    sums.add(result)
    sums.add(measure_tube(nothing, nothing))
    assert np.isnan(sums.values()["legacy openpvsg-full/R@20"])


def test_video_quality(folder):
    """Every fifth frame; segments of the prediction are class + 1000 * instance, 126 is void."""
    wanted, vocabulary = expected(folder)["pq"], words(folder)
    sums = QualitySums(np.arange(126) < len(vocabulary.things))
    with np.load(folder / "pred_panoptic_mm.npz") as predicted:
        for video in videos(folder):
            classes = {
                each["object_id"]: vocabulary.category_id(each["category"]) for each in video.description["objects"]
            }
            for frame in range(0, video.truth.num_frames, 5):
                truth = video.arrays["gt_panoptic"][frame].astype(np.int32)
                ids = predicted[video.name][frame]
                ids = np.where(ids == 126, 0, ids + 1)
                sums.add(
                    compare_maps(
                        truth,
                        ids,
                        {int(i): classes[int(i)] for i in np.unique(truth) if i},
                        {int(i): (int(i) - 1) % 1000 for i in np.unique(ids) if i},
                    )
                )
    found = published_quality(sums)
    for name, group in (("PQ_all", ""), ("PQ_th", "_things"), ("PQ_st", "_stuff")):
        assert found[f"legacy openpvsg/PQ{group}"] == pytest.approx(wanted[name], abs=1e-6)
    for category, numbers in wanted["per_class"].items():
        row = [
            table[int(category)]
            for table in (sums.iou, sums.true_positives, sums.false_negatives, sums.false_positives)
        ]
        np.testing.assert_allclose(row, [numbers[name] for name in ("iou", "tp", "fn", "fp")], atol=1e-6)
        own = np.nan_to_num(sums.per_category()["PQ"])[int(category)]
        assert own == pytest.approx(numbers["pq"], abs=1e-6)
    assert wanted["num_images"] == sum(-(-video.truth.num_frames // 5) for video in videos(folder))
