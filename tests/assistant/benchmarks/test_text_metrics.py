"""BLEU-4, ROUGE-L and CIDEr-D against values worked by hand, and properties that any such score has."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from assistant.benchmarks.text_metrics import bleu, cider_d, rouge_l, tokens

WORDS = some.lists(some.sampled_from(["a", "dog", "cat", "runs", "on", "the", "mat"]), min_size=0, max_size=9).map(
    " ".join
)


def test_bleu_by_hand():
    # candidate: the the the cat; reference: the cat is here. Clipped: 1-grams 2 of 4 (the, cat), 2-grams 1 of 3.
    one = bleu(["the the the cat"], [["the cat is here"]], most=1)
    assert one == pytest.approx(2 / 4)
    assert bleu(["the the the cat"], [["the cat is here"]], most=2) == pytest.approx(math.sqrt(2 / 4 * 1 / 3))
    assert bleu(["the the the cat"], [["the cat is here"]]) == 0.0  # no 3-gram matches, nothing is smoothed


def test_bleu_of_short_answers_is_penalised():
    # Five words against six, all 1- to 4-grams right: only the brevity penalty exp(1 - 6/5) is left.
    assert bleu(["a b c d e"], [["a b c d e f"]]) == pytest.approx(math.exp(1 - 6 / 5))
    # The nearest reference length decides; of two equally near the shorter.
    assert bleu(["a b c d e"], [["a b c d e f", "a b c d"]]) == pytest.approx(1.0)


def test_bleu_is_of_the_corpus():
    # 4-grams: 2 of 2 in the first, 0 of 1 in the second; 3-grams 3+0 of 3+2; 2-grams 4+0 of 4+3; 1-grams 5+0 of 5+4.
    expected = (5 / 9 * 4 / 7 * 3 / 5 * 2 / 3) ** 0.25
    assert bleu(["a b c d e", "v w x y"], [["a b c d e"], ["p q r s"]]) == pytest.approx(expected)


def test_rouge_by_hand():
    # "police killed the gunman" against "police kill the gunman": 3 of 4 words in order, so P = R = F = 3/4.
    assert rouge_l(["police killed the gunman"], [["police kill the gunman"]]) == pytest.approx(0.75)
    # 2 of 2 words of the candidate, 2 of 4 of the reference: F with beta 1.2.
    beta = 1.2**2
    assert rouge_l(["a c"], [["a b c d"]]) == pytest.approx((1 + beta) * 0.5 / (0.5 + beta))
    # Precision and recall are the best of any reference.
    assert rouge_l(["a c"], [["a b c d", "x y a c"]]) == pytest.approx((1 + beta) * 0.5 / (0.5 + beta))


def test_cider_by_hand():
    # Two items, one word each, all different: idf is log 2 for each word, and of 1- to 4-grams only 1-grams exist.
    assert cider_d(["dog", "cat"], [["dog"], ["cat"]]) == pytest.approx(10 / 4)
    assert cider_d(["cat", "dog"], [["dog"], ["cat"]]) == 0.0
    # "x" is in all references, so its weight is 0; y counts once though it is said twice (clipped), and the
    # candidate is one word longer: exp(-1 / 72).
    candidates, references = ["x y y", "x z"], [["x y"], ["x z"]]
    log = math.log(2)
    one = (1 * log * log) / (2 * log * log)  # min(2, 1) log * log over norms 2 log and log
    grams = {2: (1 * log * log) / (math.sqrt(2) * log * log)}  # "x y", "y y" against "x y"
    first = math.exp(-1 / 72) * (one + grams[2]) / 4
    second = (1 + 1) / 4
    assert cider_d(candidates, references) == pytest.approx(10 * (first + second) / 2)


def test_nothing_to_compare():
    assert bleu([], []) == rouge_l([], []) == cider_d([], []) == 0.0
    assert bleu([""], [["a dog"]]) == rouge_l([""], [["a dog"]]) == cider_d([""], [["a dog"]]) == 0.0
    assert rouge_l(["a dog"], [[""]]) == 0.0
    assert tokens("  ...  ") == []


@settings(deadline=None, max_examples=40)
@given(some.lists(some.tuples(WORDS, some.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=4))
def test_scores_stay_in_their_range_and_ignore_order(pairs):
    candidates, references = zip(*pairs, strict=True)
    backwards = candidates[::-1], references[::-1]
    for metric, most in ((bleu, 1), (rouge_l, 1), (cider_d, 10)):
        score = metric(candidates, references)
        assert -1e-9 <= score <= most + 1e-9
        assert metric(*backwards) == pytest.approx(score)
        upper = metric([text.upper() for text in candidates], references)
        assert upper == pytest.approx(score)


@settings(deadline=None, max_examples=40)
@given(WORDS.filter(lambda text: len(text.split()) > 3))
def test_the_reference_itself_is_best(text):
    assert bleu([text], [[text]]) == pytest.approx(1.0)
    assert rouge_l([text], [[text]]) == pytest.approx(1.0)
    assert cider_d([text, "zebra"], [[text], ["zebra"]]) <= cider_d([text, "zebra"], [[text, text], ["zebra"]]) + 1e-9
