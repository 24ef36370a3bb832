import pytest
import torch

from psg.two_stage.frequency import FrequencyBias
from psg.two_stage.words import word_vectors
from scenegraph import InputError
from tests import factories
from tests.psg import data


@pytest.fixture
def glove(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("dog 1 2 3\ndining 4 5 6\ntree 7 8 9\nin 0 0 0\n")
    return path


def test_longest_known_word(glove):
    vectors = word_vectors(["dog", "dining table", "tree-merged", "zebra"], 3, glove)
    assert vectors[:3].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert torch.equal(vectors[3], word_vectors(["dog", "dining table", "tree-merged", "zebra"], 3)[3])


def test_the_same_seed_gives_the_same_vectors():
    assert torch.equal(word_vectors(["a", "b"], 5, seed=1), word_vectors(["a", "b"], 5, seed=1))
    assert not torch.equal(word_vectors(["a"], 5, seed=1), word_vectors(["a"], 5, seed=2))
    assert word_vectors([], 5).shape == (0, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "no such file"), ("dog 1 2", "vectors of 2 numbers; expected 3"), ("x 1 2 3\ndog 1 b 3", "a word and 3")],
)
def test_other_files(tmp_path, text, message):
    path = tmp_path / "vectors.txt"
    if text:
        path.write_text(text)
    with pytest.raises(InputError, match=message):
        word_vectors(["dog"], 3, path)


def test_frequency_table_looks_at_the_right_row():
    bias = FrequencyBias(5, 3)
    bias.table.weight.data[2 * 5 + 4] = torch.tensor([1.0, 2.0, 3.0])
    assert bias(torch.tensor([2, 4]), torch.tensor([4, 2])).tolist() == [[1, 2, 3], [0, 0, 0]]


def test_the_published_row_is_one_too_far():
    bias = FrequencyBias(5, 3, published=True)
    bias.table.weight.data[3 * 5 + 4] = 1.0
    assert bias(torch.tensor([2]), torch.tensor([3])).tolist() == [[1, 1, 1]]
    with pytest.raises(InputError, match="published=False"):
        bias(torch.tensor([4]), torch.tensor([0]))


def test_counts_of_training_pictures(tmp_path):
    """In every drawn picture the person (0) is on the grass (2), and never the grass on the person."""
    bias = FrequencyBias(4, 6)
    bias.count(str(data.write(tmp_path, train=4, test=1)), data.WORDS)
    probabilities = bias(torch.tensor([0, 2]), torch.tensor([2, 0])).softmax(-1)
    assert probabilities[0, 1] > 0.98 and probabilities[1, 0] > 0.98
    with pytest.raises(InputError, match="vocabulary"):
        FrequencyBias(5, 5).count(str(tmp_path / "psg.json"), factories.VOCABULARY)
