"""How good an answer is, and how good what it cites: accuracy, node F1, mask IoU, span IoU, citations, refusals.

Scores are 0 to 1, None where a score does not apply to a question; means leave None out. Protocol:
a cited thing is the true node of its category that it overlaps by more than half (IoU of masks, or of boxes
where the answer gives a box only), one-to-one (scenegraph.matching).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from jaxtyping import Float64

from assistant.benchmarks.lmms_eval.citing import CitedNode, Said
from assistant.benchmarks.reading import normal, numbers, option, refuses
from assistant.names import plain, shown_names
from scenegraph import SceneGraph, Span
from scenegraph.masks import iou_matrix
from scenegraph.matching import match
from scenegraph.spans import Spans, covered, intersect, temporal_iou

GROUNDED = 0.5
"""Share of the cited time that must lie in the true time, as in NExT-GQA's Acc@GQA."""

Scores = dict[str, float | None]


@dataclass(frozen=True)
class Truth:
    """What a right answer says, and what it rests on.

    Attributes:
        graph: the whole truth about the picture or video.
        answers: the parts of the right answer, in any order; empty for a question that has none.
        nodes: ids of the nodes that it rests on.
        relations: positions of the relations that it rests on.
        spans: frames that it is about.
        asks_when: the answer is a time: it is right if it overlaps the true spans by half (IoU).
    """

    graph: SceneGraph
    answers: tuple[str, ...]
    nodes: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    spans: Spans = ()
    asks_when: bool = False


def score(truth: Truth, said: Said) -> Scores:
    """All scores of one answer."""
    partner = _partners(truth.graph, said.nodes)
    right = _right_time(truth, said) if truth.asks_when else _right(truth.answers, said.answer)
    scores: Scores = {
        "accuracy": right,
        "node_f1": _node_f1(truth, partner, len(said.nodes)),
        "mask_iou": _mask_iou(truth, said.nodes),
        **_citations(truth, said, partner),
        "unreadable": float(not said.readable),
    }
    if truth.spans:
        scores |= _times(truth, said, right)
    return scores


def kinds(text: str) -> frozenset[str]:
    """The parts of an answer, nodes by their kind.

    >>> sorted(kinds("person-1, dog-2 and the cup"))
    ['cup', 'dog', 'person']
    """
    parts = (re.sub(r"^(?:a|an|the) ", "", normal(part)) for part in re.split(r", | and ", text))
    return frozenset(re.sub(r"-\d+\b", "", part) for part in parts)


def _right(answers: Sequence[str], said: str | None) -> float:
    """Whether the answer names what the truth does; of a question without an answer: whether it is refused."""
    if not answers:
        return float(said is None or refuses(said))
    if said is None:
        return 0.0
    if len(answers) == 1 and answers[0][:1].isdigit():
        found, wanted = numbers(said), numbers(answers[0])
        return float(bool(found) and abs(found[0] - wanted[0]) < 0.05)  # a tenth of a second is what answers give
    return float(kinds(said) == frozenset().union(*map(kinds, answers)))


def _right_time(truth: Truth, said: Said) -> float:
    return float(temporal_iou(truth.spans, _frames(truth, said)) >= GROUNDED)


def _frames(truth: Truth, said: Said) -> list[Span]:
    """The cited times in whole frames."""
    fps = truth.graph.source.fps or 1.0
    return [Span(round(start * fps), round(stop * fps)) for start, stop in said.seconds]


def _partners(graph: SceneGraph, cited: Sequence[CitedNode]) -> dict[int, int]:
    """Id of a cited thing to the id of the node that it is."""
    if not cited or not graph.nodes:
        return {}
    names = {name: at for at, name in enumerate(graph.vocabulary.categories)}
    spoken = {name: at for at, name in enumerate(shown_names(graph.vocabulary))}
    categories = [names.get(each.category, spoken.get(plain(each.category), -1)) for each in cited]
    overlap = np.stack([_overlap(graph, each) for each in cited], axis=1)
    true = np.array([node.category for node in graph.nodes])
    matching = match(overlap, true, np.array(categories))
    pairs = zip(matching.truth.tolist(), matching.prediction.tolist(), strict=True)
    return {cited[at].id: graph.nodes[truth].id for truth, at in pairs}


def _overlap(graph: SceneGraph, cited: CitedNode) -> Float64[np.ndarray, " nodes"]:
    """IoU of a cited thing with every node, in its frame."""
    segments = [node.region.segment(cited.frame) for node in graph.nodes]
    found = np.zeros(len(segments))
    if cited.mask is not None:
        seen = [at for at, each in enumerate(segments) if each is not None and each.mask is not None]
        masks = [segment.mask for segment in (segments[at] for at in seen) if segment is not None and segment.mask]
        if masks and cited.mask.size == graph.source.size:
            found[seen] = iou_matrix(masks, [cited.mask])[:, 0]
        return found
    seen = [at for at, each in enumerate(segments) if each is not None]
    boxes = np.array([segment.box for segment in (segments[at] for at in seen) if segment is not None]).reshape(-1, 4)
    own = np.array(cited.box)
    sides = np.minimum(boxes[:, 2:], own[2:]) - np.maximum(boxes[:, :2], own[:2])
    shared = np.prod(np.maximum(sides, 0), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) + np.prod(own[2:] - own[:2]) - shared
    found[seen] = np.divide(shared, areas, out=np.zeros_like(shared), where=areas > 0)
    return found


def _node_f1(truth: Truth, partner: Mapping[int, int], cited: int) -> float | None:
    """F1 of the cited things against the nodes that the answer rests on; None if it rests on none."""
    if not truth.nodes:
        return None
    hits = len(set(partner.values()) & set(truth.nodes))
    return 2 * hits / (cited + len(truth.nodes))


def _mask_iou(truth: Truth, cited: Sequence[CitedNode]) -> float | None:
    """IoU of all that is cited with all that the answer rests on, in a picture; a box counts as filled."""
    graph = truth.graph
    if graph.source.kind != "image" or not truth.nodes:
        return None
    segments = [graph.node(node).region.segment(0) for node in truth.nodes]
    true = [segment.mask.array() for segment in segments if segment is not None and segment.mask is not None]
    if not true:
        return None
    own = np.zeros(graph.source.size, dtype=bool)
    for each in cited:
        if each.mask is not None and each.mask.size == graph.source.size:
            own |= each.mask.array()
        elif each.box is not None:
            x1, y1, x2, y2 = (max(round(edge), 0) for edge in each.box)
            own[y1:y2, x1:x2] = True
    region = reduce(np.logical_or, true)
    either = np.count_nonzero(region | own)
    return np.count_nonzero(region & own) / either if either else None


def _citations(truth: Truth, said: Said, partner: Mapping[int, int]) -> Scores:
    """Precision: what is cited is so in the graph. Recall: what the answer rests on is cited.

    After Gao et al., Enabling large language models to generate text with citations, 2023, section 4.3, with
    exact checks of nodes and relations in the place of an entailment model.
    """
    graph = truth.graph
    true = {(tie.subject, plain(graph.predicate_name(tie)), tie.object) for tie in graph.relations}
    told = {
        (partner[subject], plain(predicate), partner[other])
        for subject, predicate, other in said.relations
        if subject in partner and other in partner
    }
    cited = len(said.nodes) + len(said.relations)
    wanted = {graph.relations[at] for at in truth.relations}
    needed = {(tie.subject, plain(graph.predicate_name(tie)), tie.object) for tie in wanted}
    hits = len(set(partner.values()) & set(truth.nodes)) + len(told & needed)
    evidence = len(set(truth.nodes)) + len(needed)
    precision = (len(partner) + len(told & true)) / cited if cited else None
    # An answer that rests on something and cites nothing is not precise, it is silent.
    return {
        "citation_precision": 0.0 if precision is None and evidence else precision,
        "citation_recall": hits / evidence if evidence else None,
    }


def _times(truth: Truth, said: Said, right: float) -> Scores:
    """Overlap of the cited times with the true ones, and whether a right answer rests on the right moment."""
    own = _frames(truth, said)
    length = covered(own)
    inside = covered(intersect(truth.spans, own)) / length if length else 0.0
    return {
        "span_iou": temporal_iou(truth.spans, own),
        "span_iop": inside,
        "grounded_accuracy": float(right == 1 and inside >= GROUNDED),
    }


def mean_known(values: Iterable[float | None]) -> float:
    """The mean of the values that are not None; nan of none.

    >>> mean_known([1.0, None, 0.0])
    0.5
    """
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else float("nan")


def chosen(text: str, options: Sequence[str], right: int | None) -> float:
    """Whether the right option is chosen, or, where none is right (None), the question refused.

    >>> chosen("B", ("cat", "dog"), 1), chosen("None of the above.", ("cat", "dog"), None)
    (1.0, 1.0)
    """
    if right is None:
        return float(refuses(text))
    return float(option(text, options) == right and not refuses(text))


def dual(results: Iterable[Mapping[str, object]]) -> float:
    """Share of pairs of which both the question and its unanswerable twin came out right; nan of none.

    Miyai et al., Unsolvable problem detection, 2024, section 4.

    Args:
        results: `pair` (its name), `twin` (bool) and `right` (1 or 0) of every question.
    """
    pairs: dict[object, dict[object, object]] = {}
    for each in results:
        pairs.setdefault(each["pair"], {})[each["twin"]] = each["right"]
    whole = [sides for sides in pairs.values() if len(sides) == 2]
    return sum(all(sides.values()) for sides in whole) / len(whole) if whole else float("nan")
