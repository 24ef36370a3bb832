"""Data transfer: its arithmetic by hand, and the file that it writes."""

import copy
import hashlib
import importlib.util
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mmdet.registry import MODELS

from psg.checkpoints import DESCRIPTION
from psg.dataset import PSGDataset
from psg.loading import TrainedModel
from psg.long_tail.pair_scores import measure
from psg.long_tail.transfer import Annotated, Unannotated, external_transfer, internal_transfer, possible
from psg.long_tail.transferred import NOTE, Changes, write
from psg.two_stage.model import TwoStage
from scenegraph import InputError
from scenegraph.formats.psg import PSGFile
from tests.psg import data
from tests.psg.conftest import ROOT
from tests.psg.quiet import quiet
from tests.psg.two_stage import small

ON, RIDING, BESIDE = range(3)
BESIDE_EACH_OTHER = data.WORDS.predicates.index("beside")
NAMES = {kind: list(getattr(data.WORDS, kind)) for kind in ("things", "stuff", "predicates")}


def relations(rows, scores):
    """Rows (picture, subject, predicate, object, class pair)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return Annotated(*table.T, np.array(scores, dtype=np.float64))


def by_hand():
    """Class pair 7: four "on", one "riding". Class pair 8: four "on", so that "on" is for everybody.

    Attraction of pair 7: 4 / 8 of "on", 1 / 1 of "riding". The model takes the one "riding" for "on" (0.6
    against 0.4), so "on" is a parent of "riding" there; the "on" of pair 8 have no "riding" to go to.
    """
    rows = [(i, 0, ON, 1, 7) for i in range(4)] + [(4, 0, RIDING, 1, 7)] + [(i, 0, ON, 1, 8) for i in range(5, 9)]
    riding = [0.1, 0.45, 0.3, 0.2, 0.4, 0.9, 0.9, 0.9, 0.9]
    return relations(rows, [[1 - share, share, 0.0] for share in riding])


class TestInternal:
    @pytest.mark.parametrize(
        ("share", "moved"), [(0.0, []), (0.2, []), (0.25, [1]), (0.5, [1, 2]), (0.74, [1, 2]), (1.0, [0, 1, 2, 3])]
    )
    def test_the_surest_go_to_the_informative_predicate(self, share, moved):
        before = by_hand()
        after = internal_transfer(before, share)
        assert np.flatnonzero(after != before.predicate).tolist() == moved
        assert (after[moved] == RIDING).all()

    def test_what_the_model_does_not_mistake_stays(self):
        before = by_hand()
        before.scores[4] = [0.4, 0.6, 0.0]  # it knows "riding" when it sees it
        assert (internal_transfer(before, 1.0) == before.predicate).all()

    def test_what_is_as_attractive_is_no_parent(self):
        before = by_hand()
        only = np.flatnonzero(before.pair == 7)  # now all "on" and all "riding" are of one class pair
        kept = Annotated(
            *(getattr(before, name)[only] for name in ("picture", "subject", "predicate", "object", "pair", "scores"))
        )
        assert (internal_transfer(kept, 1.0) == kept.predicate).all()

    def test_a_relation_that_two_want_goes_to_the_most_attracted(self):
        rows = [(0, 0, ON, 1, 7), (1, 0, RIDING, 1, 7), (2, 0, BESIDE, 1, 7), (3, 0, ON, 1, 8), (4, 0, BESIDE, 1, 8)]
        rows += [(5, 0, ON, 1, 8), (6, 0, ON, 1, 8)]
        # Pair 7 has 1/4 of "on", 1/1 of "riding", 1/2 of "beside"; pair 8 3/4 of "on", 1/2 of "beside".
        before = relations(rows, [[0.8, 0.05, 0.15]] + [[0.6, 0.2, 0.2]] * 6)
        after = internal_transfer(before, 1.0)
        assert after[0] == RIDING
        assert after[1:].tolist() == [RIDING, BESIDE, ON, BESIDE, ON, ON]

    def test_nothing_becomes_what_the_picture_has_already(self):
        before = by_hand()
        before.picture[4] = 1  # the riding one and the surest "on" are about the same two segments
        after = internal_transfer(before, 1.0)
        assert np.flatnonzero(after != before.predicate).tolist() == [0, 2, 3]

    def test_two_relations_of_the_same_segments_do_not_become_one(self):
        rows = [(0, 0, ON, 1, 7), (0, 0, BESIDE, 1, 7), (1, 0, RIDING, 1, 7)]
        rows += [(2 + i, 0, predicate, 1, 8) for i, predicate in enumerate((ON, BESIDE))]
        before = relations(rows, [[0.4, 0.2, 0.4]] * 5)
        after = internal_transfer(before, 1.0)
        assert after[:2].tolist() == [RIDING, BESIDE]

    def test_nothing(self):
        assert internal_transfer(relations([], np.zeros((0, 3))), 0.7).shape == (0,)

    @given(st.integers(0, 60), st.integers(0, 10_000), st.floats(0, 1))
    @settings(max_examples=50, deadline=None)
    def test_moves_stay_within_a_class_pair_and_repeat_nothing(self, count, seed, share):
        generator = np.random.default_rng(seed)
        rows = np.stack([generator.integers(0, high, count) for high in (6, 3, 4, 3, 5)], axis=1)
        rows = rows[np.unique(rows[:, :4], axis=0, return_index=True)[1]] if count else rows
        # A class pair belongs to its two segments.
        rows[:, 4] = rows[:, 0] % 2 + 2 * (rows[:, 1] % 2)
        before = relations(rows, generator.dirichlet(np.ones(5), len(rows)))
        after = internal_transfer(before, share)
        moved = after != before.predicate
        seen = {(pair, predicate) for pair, predicate in zip(before.pair, before.predicate, strict=True)}
        assert all((pair, predicate) in seen for pair, predicate in zip(before.pair, after, strict=True))
        assert not np.isin(after[moved], 4).any()  # a predicate that never occurs attracts nothing
        keys = np.stack((before.picture, before.subject, after, before.object), axis=1)
        assert len(np.unique(keys, axis=0)) == len(keys)
        assert share or not moved.any()


class TestExternal:
    PAIRS = Unannotated(*(np.arange(4),) * 4, np.array([0.5, 0.1, 0.9, 0.1]))

    @pytest.mark.parametrize(
        ("share", "chosen"), [(0, []), (0.25, [1]), (0.5, [1, 3]), (0.99, [0, 1, 3]), (1, [0, 1, 2, 3])]
    )
    def test_those_that_are_least_likely_unrelated(self, share, chosen):
        assert external_transfer(self.PAIRS, share).tolist() == chosen

    def test_only_what_the_classes_are_known_for(self):
        predicate, background = possible(
            np.array([[0.5, 0.3, 0.1, 0.1], [0.0, 0.0, 0.5, 0.5]]),
            np.array([[False, True, True], [True, False, False]]),
        )
        assert predicate.tolist() == [1, 0]
        assert background == pytest.approx([0.5 / 0.7, 0])

    def test_nothing(self):
        empty = np.zeros(0, dtype=np.int64)
        assert external_transfer(Unannotated(empty, empty, empty, empty, np.zeros(0)), 1.0).shape == (0,)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_shares_are_shares(share):
    with pytest.raises(InputError, match="internal="):
        internal_transfer(by_hand(), share)
    with pytest.raises(InputError, match="external="):
        external_transfer(TestExternal.PAIRS, share)


def written(folder):
    """A small two-stage model of the drawn pictures, as a checkpoint with random weights."""
    settings = small.settings("Motifs") | {"vocabulary": NAMES}
    pipeline = [{"type": "LoadScene"}, {"type": "PackScene"}]
    meta = {
        DESCRIPTION: {"model": settings, "pipeline": pipeline, "settings": ""},
        "dataset_meta": {"vocabulary": NAMES},
    }
    torch.manual_seed(0)
    with quiet():
        model = MODELS.build(copy.deepcopy(settings))
    # It takes "beside" for a side, so that whoever stands on a side of somebody may as well be beside them.
    for name in ("left of", "right of"):
        model.head.reasoning.pairs.classify.bias.data[1 + NAMES["predicates"].index(name)] = 50.0
    torch.save({"meta": meta, "state_dict": model.state_dict()}, folder / "model.pth")
    return folder / "model.pth"


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A checkpoint, a data set of 8 training pictures (2 of them held out) and 4 test pictures, and its config."""
    folder = tmp_path_factory.mktemp("transfer")
    path = data.write(folder / "set")
    content = json.loads(path.read_text())
    for record in content["data"][::2]:  # nobody said that the dog is on the grass, nor who is beside whom
        record["relations"] = [row for row in record["relations"] if row[0] != 3 and row[2] != BESIDE_EACH_OTHER]
    path.write_text(json.dumps(content))
    lines = [f"_base_ = [{str(ROOT / 'configs/tiny/psgformer.py')!r}]", "toyworld = None"]
    lines += [
        f"{name}_dataloader = dict(batch_size=2, dataset=dict(ann_file={str(path)!r}, held_out=2))"
        for name in ("train", "val")
    ]
    lines += [f"test_dataloader = dict(dataset=dict(ann_file={str(path)!r}))"]
    (folder / "drawn.py").write_text("\n".join(lines))
    return SimpleNamespace(checkpoint=written(folder), source=path, config=folder / "drawn.py", folder=folder)


@pytest.fixture(scope="module")
def moved(work):
    """The file that the program writes, and what it prints."""
    out = work.folder / "set" / "moved.json"
    return out, program(work, "--out", out, "--internal", 1, "--external", 0.5)


def program(work, *words):
    """Exit code, stdout and stderr of tools/transfer_relations.py, in this process."""
    spec = importlib.util.spec_from_file_location("transfer_relations", ROOT / "tools" / "transfer_relations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stdout, stderr = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(stdout), redirect_stderr(stderr):
        patch.setattr(sys, "argv", ["transfer_relations.py", *map(str, (work.config, work.checkpoint, *words))])
        code = module.main()
    return code, stdout.getvalue(), stderr.getvalue()


class TestFile:
    def test_it_is_a_psg_json_that_says_what_changed(self, work, moved):
        path, (code, printed, _) = moved
        assert code == 0 and f"relations_from={path}" in printed
        before, after = (json.loads(each.read_text()) for each in (work.source, path))
        note = after.pop(NOTE)
        assert {**after, "data": []} == {**before, "data": []}
        assert note["training_pictures"] == 6 and note["internal"] == 1.0 and note["external"] == 0.5
        assert note["source"]["sha256"] == hashlib.sha256(work.source.read_bytes()).hexdigest()
        assert note["checkpoint"]["sha256"] == hashlib.sha256(work.checkpoint.read_bytes()).hexdigest()
        relabelled = added = 0
        for old, new in zip(before["data"], after["data"], strict=True):
            changes = new.pop(NOTE, {"relabelled": [], "added": []})
            rows = new["relations"]
            relabelled, added = relabelled + len(changes["relabelled"]), added + len(changes["added"])
            restored = [row[:] for row in rows]
            for place, predicate in changes["relabelled"]:
                assert restored[place][2] != predicate
                restored[place][2] = predicate
            restored = [row for place, row in enumerate(restored) if place not in changes["added"]]
            assert {**new, "relations": restored} == old  # what was changed can be undone
            assert len({tuple(row) for row in rows}) == len(rows)
        assert relabelled == sum(row[2] for row in note["relabelled"]) > 0
        assert added == sum(row[1] for row in note["added"]) > 0

    def test_held_out_pictures_stay(self, work, moved):
        before, after = (PSGFile.open(each) for each in (work.source, moved[0]))
        held_out = [*before.indices("train")[-2:], *before.indices("test")]
        assert len(held_out) == 6 and all(before.record(index) == after.record(index) for index in held_out)
        assert any(before.record(index) != after.record(index) for index in before.indices("train")[:-2])

    def test_the_same_command_asks_the_model_once(self, work, moved, monkeypatch):
        path, _ = moved
        first = path.read_bytes()
        monkeypatch.setattr(TwoStage, "pair_probabilities", None)
        assert program(work, "--out", path, "--internal", 1, "--external", 0.5)[0] == 0
        assert path.read_bytes() == first
        assert (
            program(work, "--out", path.with_name("none.json"), "--scores", f"{path}.scores.jsonl", "--internal", 0)[0]
            == 0
        )
        assert all(
            "relation_transfer" not in record for record in json.loads(path.with_name("none.json").read_text())["data"]
        )

    def test_an_interrupted_pass_goes_on(self, work, moved, tmp_path):
        scores = moved[0].with_name("moved.json.scores.jsonl")
        lines = scores.read_bytes().splitlines(keepends=True)
        assert len(lines) == 1 + 6
        part = tmp_path / "part.jsonl"
        part.write_bytes(b"".join(lines[:4]) + lines[4][:20])
        out = tmp_path / "moved.json"
        assert program(work, "--out", out, "--scores", part, "--internal", 1, "--external", 0.5)[0] == 0
        entries = [
            sorted(map(json.loads, each.read_bytes().splitlines()[1:]), key=lambda e: e["index"])
            for each in (scores, part)
        ]
        assert [entry["relations"] for entry in entries[0]] == [entry["relations"] for entry in entries[1]]
        assert json.loads(out.read_text())["data"] == json.loads(moved[0].read_text())["data"]

    def test_training_on_it(self, work, moved):
        """Pictures are those of the original; relations and their counts those of the file."""
        for long_tail in (None, 4):
            plain, changed = (
                PSGDataset(str(work.source), held_out=2, long_tail=long_tail, relations_from=each)
                for each in (None, str(moved[0]))
            )
            assert plain.record_indices() == changed.record_indices()
            assert long_tail or (plain.predicate_counts() != changed.predicate_counts()).any()
        assert len(changed.get_data_info(0)["graph"].relations) == changed.predicate_counts()[0].sum()
        with pytest.raises(InputError, match="is for training"):
            PSGDataset(str(work.source), split="test", relations_from=str(moved[0]))
        other = data.write(work.folder / "other", train=3, test=1)
        with pytest.raises(InputError, match="other pictures or names"):
            PSGDataset(str(work.source), relations_from=str(other))


class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--internal", 2), "--internal 2.0: expected a share"),
            (("--external", "nan"), "--external nan"),
            (("--batch-size", 0), "--batch-size 0"),
            (("--cfg-options", "train_dataloader.dataset.split=test"), "only 'train'"),
        ],
    )
    def test_arguments(self, work, words, message):
        code, _, error = program(work, "--out", work.folder / "x.json", *words)
        assert code == 2 and message in error and not (work.folder / "x.json").exists()

    def test_the_source_is_not_replaced(self, work, moved):
        before = work.source.read_bytes()
        code, _, error = program(work, "--out", work.source, "--scores", f"{moved[0]}.scores.jsonl")
        assert code == 2 and "give another name" in error and work.source.read_bytes() == before

    def test_a_one_stage_model_cannot_be_asked(self, trained, small_config, tmp_path):
        dataset = PSGDataset(small_config().train_dataloader.dataset.ann_file)
        with pytest.raises(InputError, match=r"finds its own segments.*configs/two_stage"):
            measure(TrainedModel(None, trained), dataset, tmp_path / "scores.jsonl")

    def test_changes_outside_the_training_pictures_are_refused(self, work, tmp_path):
        dataset = PSGDataset(str(work.source), held_out=2)
        changes = Changes({}, {dataset.file.indices("test")[0]: [(0, 0, 1)]})
        with pytest.raises(InputError, match="outside the training data"):
            write(tmp_path / "x.json", dataset, changes, work.checkpoint, 0.7, 0.0)
