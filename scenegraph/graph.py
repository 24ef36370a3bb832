"""The panoptic scene graph: nodes with regions, relations with scores and spans.

Every reader, model, metric, drawing, prompt and page of the project speaks this one type. It is
frozen and checked when it is made, so code that holds a graph never checks it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.regions import Region, Segment, Track4D, Tube
from scenegraph.spans import Span, Spans
from scenegraph.vocabulary import Vocabulary

if TYPE_CHECKING:
    import networkx

KINDS: tuple[str, ...] = ("image", "video", "rgbd")

UPS: tuple[str, ...] = ("-y", "y", "z")
"""World axes that may point up: as in OpenCV, as in glTF, as in the maps of robots."""


@dataclass(frozen=True)
class Source:
    """What the graph describes.

    `kind` is one of `KINDS`; `uri` is a path relative to the data set or a name; `height` and `width` are those of the
    original pictures; `fps` is None where no time is known. `up` is the axis of the world that points up,
    one of `UPS`. What is not OpenCV's "-y" needs camera poses: without them places are in camera coordinates.
    """

    kind: str
    uri: str
    height: int
    width: int
    num_frames: int = 1
    fps: float | None = None
    camera: Camera | None = None
    up: str = "-y"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"source kind {self.kind!r}; expected one of {', '.join(KINDS)}")
        if self.height < 1 or self.width < 1:
            raise InputError(f"source {self.uri!r} is {self.height} x {self.width} pixels; expected at least 1 x 1")
        if self.num_frames < 1 or (self.kind == "image" and self.num_frames != 1):
            raise InputError(f"{self.kind} source {self.uri!r} has {self.num_frames} frames")
        if self.fps is not None and not (isfinite(self.fps) and self.fps > 0):
            raise InputError(f"source {self.uri!r} has fps {self.fps}; expected a number above 0, or None")
        if self.up not in UPS:
            raise InputError(f"source {self.uri!r} has {self.up!r} up; expected one of {', '.join(UPS)}")
        if self.up != "-y" and (self.camera is None or self.camera.poses is None):
            raise InputError(
                f"source {self.uri!r} has {self.up!r} up and no camera poses; without poses places are in camera "
                "coordinates, whose y points down"
            )

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    @property
    def pictured(self) -> bool:
        """Whether there are pictures of it: maps of robots have none, and are given one pixel."""
        return self.kind != "rgbd" or self.size != (1, 1)


@dataclass(frozen=True)
class Node:
    """A thing or a stuff region. `category` indexes `Vocabulary.categories`; `id` is stable."""

    id: int
    category: int
    region: Region
    score: float = 1.0
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", dict(self.attributes))

    @property
    def located(self) -> bool:
        """Whether the region says where in the picture the node is.

        Readers of data without places let the region be the whole picture and set the attribute `located` to false.
        """
        return self.attributes.get("located") is not False

    @property
    def recorded(self) -> Mapping[str, Any]:
        """What is said of the thing itself: its attributes but for the mark that its place is not known."""
        if self.located:
            return self.attributes
        return {name: value for name, value in self.attributes.items() if name != "located"}


@dataclass(frozen=True)
class Relation:
    """(subject, predicate, object): node id, predicate id, node id.

    `spans` are the frames in which it holds; an empty tuple means the whole source.
    """

    subject: int
    predicate: int
    object: int
    score: float = 1.0
    spans: Spans = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", tuple(Span(*span) for span in self.spans))

    @property
    def triple(self) -> tuple[int, int, int]:
        """(subject, predicate, object)."""
        return self.subject, self.predicate, self.object


_REGIONS: dict[str, tuple[type, ...]] = {
    "image": (Segment,),
    "video": (Tube,),
    "rgbd": (Tube, Track4D),
}


@dataclass(frozen=True)
class SceneGraph:
    """Nodes and relations of one source, under one vocabulary.

    `metadata` holds JSON values that travel with the graph (captions, questions, the model that
    made it). Several relations may join one pair of nodes; a node may relate to itself only in data
    that says so.

    Raises:
        InputError: ids repeat, a relation names a node or predicate that is not there, a region does
            not fit the source, a span leaves it, or a score is not in 0 to 1.
    """

    source: Source
    nodes: tuple[Node, ...]
    relations: tuple[Relation, ...]
    vocabulary: Vocabulary
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "relations", tuple(self.relations))
        object.__setattr__(self, "metadata", dict(self.metadata))
        self._check_nodes()
        self._check_relations()

    def _check_nodes(self) -> None:
        categories = len(self.vocabulary.categories)
        seen: set[int] = set()
        for node in self.nodes:
            if node.id in seen or node.id < 0:
                raise InputError(f"node id {node.id} is used twice or negative; ids must be distinct, 0 or more")
            seen.add(node.id)
            if not 0 <= node.category < categories:
                raise InputError(f"node {node.id} has category {node.category}; the vocabulary has 0-{categories - 1}")
            _check_score(f"node {node.id}", node.score)
            if not isinstance(node.region, _REGIONS[self.source.kind]):
                expected = " or ".join(kind.__name__ for kind in _REGIONS[self.source.kind])
                raise InputError(
                    f"node {node.id} has a {type(node.region).__name__}; a graph of kind "
                    f"{self.source.kind!r} needs {expected}"
                )
            if node.region.size != self.source.size:
                raise InputError(
                    f"node {node.id} has a region of {node.region.size} pixels; the source is {self.source.size}"
                )
            if node.region.frames[-1] >= self.source.num_frames:
                raise InputError(
                    f"node {node.id} is seen in frame {node.region.frames[-1]}; "
                    f"the source has frames 0-{self.source.num_frames - 1}"
                )

    def _check_relations(self) -> None:
        ids = self._nodes_by_id
        predicates = len(self.vocabulary.predicates)
        for position, relation in enumerate(self.relations):
            for end in (relation.subject, relation.object):
                if end not in ids:
                    raise InputError(f"relation {position} names node {end}; the graph has {_listed(ids)}")
            if not 0 <= relation.predicate < predicates:
                raise InputError(
                    f"relation {position} has predicate {relation.predicate}; the vocabulary has 0-{predicates - 1}"
                )
            _check_score(f"relation {position}", relation.score)
            for span in relation.spans:
                if not 0 <= span.start < span.stop <= self.source.num_frames:
                    raise InputError(
                        f"relation {position} has span [{span.start}, {span.stop}); the source has frames "
                        f"0-{self.source.num_frames - 1} and a span must hold at least one of them"
                    )

    @cached_property
    def _nodes_by_id(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _relations_by_node(self) -> dict[int, tuple[Relation, ...]]:
        touching: dict[int, list[Relation]] = {node.id: [] for node in self.nodes}
        for relation in self.relations:
            touching[relation.subject].append(relation)
            if relation.object != relation.subject:
                touching[relation.object].append(relation)
        return {node: tuple(relations) for node, relations in touching.items()}

    def node(self, node_id: int) -> Node:
        """The node with an id.

        Raises:
            InputError: there is no such node.
        """
        if node_id not in self._nodes_by_id:
            raise InputError(f"there is no node {node_id}; the graph has {_listed(self._nodes_by_id)}")
        return self._nodes_by_id[node_id]

    def category_name(self, node_id: int) -> str:
        """The category name of a node."""
        return self.vocabulary.categories[self.node(node_id).category]

    def predicate_name(self, relation: Relation) -> str:
        """The predicate name of a relation."""
        return self.vocabulary.predicates[relation.predicate]

    def relations_of(self, node_id: int) -> tuple[Relation, ...]:
        """Relations that start or end at a node, in graph order."""
        self.node(node_id)
        return self._relations_by_node[node_id]

    def label(self, node_id: int) -> str:
        """A short name that is distinct within the graph: `person-2` is the second person by id."""
        return self._labels[self.node(node_id).id]

    @cached_property
    def _labels(self) -> dict[int, str]:
        counts: dict[int, int] = {}
        labels: dict[int, str] = {}
        for node in sorted(self.nodes, key=lambda node: node.id):
            counts[node.category] = counts.get(node.category, 0) + 1
            labels[node.id] = f"{self.vocabulary.categories[node.category]}-{counts[node.category]}"
        return labels

    def sentence(self, relation: Relation) -> str:
        """`person-1 riding horse-1`."""
        return f"{self.label(relation.subject)} {self.predicate_name(relation)} {self.label(relation.object)}"

    def restricted_to(self, node_ids: Iterable[int]) -> "SceneGraph":
        """The graph of some nodes and the relations among them.

        Raises:
            InputError: an id names no node.
        """
        kept = {self.node(node_id).id for node_id in node_ids}
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.id in kept),
            relations=tuple(r for r in self.relations if r.subject in kept and r.object in kept),
        )

    def confident(self, min_score: float) -> "SceneGraph":
        """The same nodes with the relations whose score is at least `min_score`, in their order.

        Models rank every pair, also the hopeless ones; metrics want all of them, readers do not.
        """
        kept = tuple(relation for relation in self.relations if relation.score >= min_score)
        return self if len(kept) == len(self.relations) else replace(self, relations=kept)

    def to_networkx(self) -> "networkx.MultiDiGraph":
        """A MultiDiGraph (a pair may carry several predicates).

        Nodes carry category, category_id, is_thing, score, box (of the first frame in which the
        node is seen), frames and attributes; edges carry predicate, predicate_id, score and spans;
        the graph carries uri and kind.
        """
        import networkx  # costs 0.2 s: only callers of this method pay for it

        result = networkx.MultiDiGraph(uri=self.source.uri, kind=self.source.kind)
        for node in self.nodes:
            first = node.region.segment(node.region.frames[0])
            result.add_node(
                node.id,
                category=self.vocabulary.categories[node.category],
                category_id=node.category,
                is_thing=self.vocabulary.is_thing(node.category),
                score=node.score,
                box=first.box if first is not None else None,
                frames=node.region.frames,
                attributes=dict(node.attributes),
            )
        for relation in self.relations:
            result.add_edge(
                relation.subject,
                relation.object,
                predicate=self.predicate_name(relation),
                predicate_id=relation.predicate,
                score=relation.score,
                spans=tuple(tuple(span) for span in relation.spans),
            )
        return result


def _check_score(owner: str, score: float) -> None:
    if not 0.0 <= score <= 1.0:  # false for NaN too
        raise InputError(f"{owner} has score {score}; expected a probability from 0 to 1")


def _listed(ids: Mapping[int, Node]) -> str:
    if not ids:
        return "no nodes"
    ordered = sorted(ids)
    if len(ordered) == ordered[-1] - ordered[0] + 1 and len(ordered) > 1:
        return f"nodes {ordered[0]}-{ordered[-1]}"
    return "nodes " + ", ".join(map(str, ordered[:20])) + (", ..." if len(ordered) > 20 else "")
