"""BLEU-4, ROUGE-L and CIDEr-D in plain Python, over words without punctuation.

Scores of a corpus from 0 to 1 (CIDEr-D from 0 to 10). Words are runs of letters and digits in lower
case; the published captioning scores use another tokenizer, so compare within one tool only.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
Grams = Counter[tuple[str, ...]]


def tokens(text: str) -> list[str]:
    """Words in lower case.

    >>> tokens("A dog's ball, red.")
    ['a', "dog's", 'ball', 'red']
    """
    return _WORD.findall(text.lower())


def _grams(words: Sequence[str], n: int) -> Grams:
    return Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))


def bleu(candidates: Sequence[str], references: Sequence[Sequence[str]], most: int = 4) -> float:
    """Corpus BLEU: clipped precisions of 1 to `most` words, geometric mean, brevity penalty, no smoothing.

    Papineni et al., BLEU: a method for automatic evaluation of machine translation, 2002. The reference
    length is the one nearest to the candidate's, the shorter one of two equally near.

    >>> bleu(["the cat is on the mat"], [["the cat is on the mat"]])
    1.0
    """
    matches, totals, length, wanted = [0] * most, [0] * most, 0, 0
    for candidate, texts in zip(candidates, references, strict=True):
        words, others = tokens(candidate), [tokens(text) for text in texts]
        length += len(words)
        wanted += min((len(other) for other in others), key=lambda size: (abs(size - len(words)), size), default=0)
        for n in range(1, most + 1):
            own = _grams(words, n)
            best: Grams = Counter()
            for other in others:
                best |= _grams(other, n)
            matches[n - 1] += (own & best).total()
            totals[n - 1] += own.total()
    if not all(matches):
        return 0.0
    logs = sum(math.log(match / total) for match, total in zip(matches, totals, strict=True)) / most
    return math.exp(logs + min(0.0, 1 - wanted / length))


def sentence_bleu(candidate: str, reference: str, most: int = 4) -> float:
    """BLEU of one sentence, as FunQA averages it: 0.1 for runs that do not match, words as they are split by spaces.

    Chen and Cherry, A systematic comparison of smoothing techniques for sentence-level BLEU, 2014, method 1.

    >>> sentence_bleu("the cat is on the mat", "the cat is on the mat")
    1.0
    """
    words, other = candidate.split(), reference.split()
    matches = [(_grams(words, n) & _grams(other, n)).total() for n in range(1, most + 1)]
    if not matches[0]:
        return 0.0
    totals = [max(1, len(words) - n + 1) for n in range(1, most + 1)]
    logs = sum(math.log((match or 0.1) / total) for match, total in zip(matches, totals, strict=True)) / most
    return math.exp(logs + min(0.0, 1 - len(other) / len(words)))


def rouge_l(candidates: Sequence[str], references: Sequence[Sequence[str]], beta: float = 1.2) -> float:
    """Mean ROUGE-L: F of the longest common subsequence, best precision and best recall over the references.

    Lin, ROUGE: a package for automatic evaluation of summaries, 2004; beta as in the COCO captioning tools.

    >>> rouge_l(["a dog runs"], [["a dog runs"]])
    1.0
    """
    scores = []
    for candidate, texts in zip(candidates, references, strict=True):
        words, others = tokens(candidate), [tokens(text) for text in texts]
        common = [(_longest_common(words, other), len(other)) for other in others]
        precision = max((length / len(words) for length, _ in common), default=0.0) if words else 0.0
        recall = max((length / size for length, size in common if size), default=0.0)
        weighted = recall + beta**2 * precision
        scores.append((1 + beta**2) * precision * recall / weighted if precision and recall else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for word in first:
        before = 0
        for at, other in enumerate(second, start=1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]


def cider_d(candidates: Sequence[str], references: Sequence[Sequence[str]], sigma: float = 6.0) -> float:
    """Mean CIDEr-D: tf-idf cosine of 1 to 4 words with clipped counts and a penalty for other lengths, times 10.

    Vedantam et al., CIDEr: consensus-based image description evaluation, 2015, sections 3 and 6. Document
    frequencies are those of the references given: of one item alone every weight is 0, and so is the score.
    """
    items = [(tokens(candidate), [tokens(text) for text in texts])
             for candidate, texts in zip(candidates, references, strict=True)]  # fmt: skip
    frequency: Counter[tuple[str, ...]] = Counter()
    for _, others in items:
        frequency.update({gram for other in others for n in range(1, 5) for gram in _grams(other, n)})
    whole = math.log(len(items)) if items else 0.0

    def weights(words: Sequence[str], n: int) -> dict[tuple[str, ...], float]:
        return {gram: count * (whole - math.log(max(1, frequency[gram]))) for gram, count in _grams(words, n).items()}

    scores = []
    for words, others in items:
        total = 0.0
        for other in others:
            penalty = math.exp(-((len(words) - len(other)) ** 2) / (2 * sigma**2))
            total += penalty * sum(_clipped_cosine(weights(words, n), weights(other, n)) for n in range(1, 5)) / 4
        scores.append(10 * total / len(others) if others else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def _clipped_cosine(own: dict[tuple[str, ...], float], other: dict[tuple[str, ...], float]) -> float:
    """Cosine in which no word counts more often than in the reference."""
    product = sum(min(weight, other[gram]) * other[gram] for gram, weight in own.items() if gram in other)
    norms = [math.sqrt(sum(weight**2 for weight in side.values())) for side in (own, other)]
    return product / (norms[0] * norms[1]) if all(norms) else 0.0
