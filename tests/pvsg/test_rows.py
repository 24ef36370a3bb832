"""From logits to relations, by hand."""

import numpy as np
import pytest

from pvsg.relations.rows import RelationRows
from scenegraph import Span

HOLDS, NOT = 9.0, -9.0


def add(rows, frames, first, pair=(4, 7), together=None):
    """Logits of one pair under one predicate."""
    logits = np.array(frames, dtype=np.float32).reshape(1, -1, 1)
    seen = np.ones(logits.shape[:2], dtype=bool) if together is None else np.array([together])
    rows.add(np.array([pair]), first, logits, logits, seen)


def test_spans_do_not_depend_on_how_frames_are_grouped():
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(3, 20, 2)).astype(np.float32)
    together = generator.random((3, 20)) > 0.2
    pairs = np.array([[0, 1], [1, 0], [0, 2]])
    found = []
    for step in (1, 3, 20):
        rows = RelationRows(2, thresholds=(0.5,))
        for start in range(0, 20, step):
            part = slice(start, start + step)
            rows.add(pairs, start, logits[:, part], logits[:, part], together[:, part])
        found.append(rows.relations())
    for other in found[1:]:
        assert [(r.triple, r.spans) for r in other] == [(r.triple, r.spans) for r in found[0]]
        assert [r.score for r in other] == pytest.approx([r.score for r in found[0]])
    for relation in found[0]:
        row = pairs.tolist().index([relation.subject, relation.object])
        holds = (logits[row, :, relation.predicate] > 0) & together[row]
        frames = [frame for span in relation.spans for frame in range(*span)]
        assert frames == np.flatnonzero(holds).tolist()


def test_the_score_is_the_expected_overlap():
    rows = RelationRows(1, thresholds=(0.5,))
    logit = float(np.log(3))  # a probability of 3/4
    add(rows, [logit, logit, -logit, -50.0], 0)
    (relation,) = rows.relations()
    assert relation.spans == (Span(0, 2),)
    assert relation.score == pytest.approx(1.5 / 2.25)


def test_the_best_threshold_is_taken():
    """Three frames of probability 0.3 promise more than the first alone, one of 0.9 more than all four."""
    rows = RelationRows(1, thresholds=(0.25, 0.5))
    likely, unlikely = float(np.log(9)), float(np.log(0.3 / 0.7))
    add(rows, [unlikely] * 3, 0, pair=(0, 1))
    add(rows, [likely, unlikely, -50.0, -50.0], 0, pair=(1, 0))
    found = {relation.triple: relation for relation in rows.relations()}
    assert found[0, 0, 1].spans == (Span(0, 3),) and found[0, 0, 1].score == pytest.approx(0.3)
    assert found[1, 0, 0].spans == (Span(0, 1),) and found[1, 0, 0].score == pytest.approx(0.9 / 1.3)


def test_frames_without_both_tracks_do_not_count():
    rows = RelationRows(1)
    add(rows, [HOLDS] * 4, 0, together=[True, False, True, True])
    (relation,) = rows.relations()
    assert relation.spans == (Span(0, 1), Span(2, 4))
    assert relation.score > 0.99


def test_a_pair_that_is_lost_ends_its_spans():
    rows = RelationRows(1)
    add(rows, [HOLDS, HOLDS], 0)
    add(rows, [HOLDS], 6)
    assert [each[:3] + each[4:] for each in rows.active()] == [(4, 0, 7, Span(6, 7))]
    assert rows.relations()[0].spans == (Span(0, 2), Span(6, 7))


def test_what_never_holds_is_no_relation_and_the_best_come_first():
    rows = RelationRows(1, thresholds=(0.5,), score="predicate")
    add(rows, [NOT] * 3, 0, pair=(0, 1))
    add(rows, [1.0, NOT], 0, pair=(1, 0))
    add(rows, [2.0, NOT], 0, pair=(0, 2))
    assert [r.triple for r in rows.relations()] == [(0, 0, 2), (1, 0, 0)]
    assert [r.triple for r in rows.relations(most=1)] == [(0, 0, 2)]
    assert [r.triple for r in rows.relations(pairs=[(1, 0), (8, 9)])] == [(1, 0, 0)]


def test_many_pairs_and_none():
    rows = RelationRows(1)
    assert rows.relations() == ()
    assert rows.active() == []
    pairs = np.stack(np.meshgrid(np.arange(20), np.arange(20)), axis=-1).reshape(-1, 2)
    logits = np.full((400, 1, 1), HOLDS, dtype=np.float32)
    rows.add(pairs, 0, logits, logits, np.ones((400, 1), dtype=bool))
    assert len(rows.relations(most=1000)) == 400
