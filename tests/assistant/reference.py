"""A second, slow executor: plain loops over the networkx form of a graph, sharing no code with the first."""

from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.programs import (
    AllOf,
    AnyOf,
    Between,
    CountIs,
    Doing,
    During,
    Exists,
    Frames,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Not,
)
from assistant.steps import Extreme, Find, Having, InPicture, Pick, Placed, Related, Sharing, The, Union
from assistant.timed_programs import Always, Seen


class Reference:
    """Node sets, counts and truth (True, False, None for not shown) by looping over edges."""

    def __init__(self, graph, frames=None):
        self.graph = graph
        self.net = graph.to_networkx()
        self.frames = set(range(graph.source.num_frames)) if frames is None else frames
        self.timed = frames is not None

    def edges(self):
        for subject, other, data in self.net.edges(data=True):
            held = {frame for start, stop in data["spans"] for frame in range(start, stop)}
            if not data["spans"] or held & self.frames:
                yield subject, data["predicate"], other

    def box(self, node_id):
        region = self.graph.node(node_id).region
        boxes = [region.segment(frame).box for frame in region.frames if frame in self.frames]
        return [sum(edge) / len(boxes) for edge in zip(*boxes, strict=True)] if boxes else None

    def area(self, node_id):
        region = self.graph.node(node_id).region
        areas = [region.segment(frame).area for frame in region.frames if frame in self.frames]
        return sum(areas) / len(areas) if areas else None

    def lies(self, first, direction, second):
        if direction == "right of":
            return self.lies(second, "left of", first)
        if direction == "below":
            return self.lies(second, "above", first)
        a, b = self.box(first), self.box(second)
        if a is None or b is None:
            return False
        if direction == "overlapping":
            return first != second and any(self.overlap(first, second, frame) for frame in self.frames)
        low, high = (0, 2) if direction == "left of" else (1, 3)
        middle_a, middle_b = (a[low] + a[high]) / 2, (b[low] + b[high]) / 2
        return middle_a <= b[low] and a[high] <= middle_b and middle_a < middle_b

    def overlap(self, first, second, frame):
        now = Reference(self.graph, {frame})
        a, b = now.box(first), now.box(second)
        return a is not None and b is not None and all(max(a[i], b[i]) < min(a[i + 2], b[i + 2]) for i in (0, 1))

    def ties(self, first, predicate, second):
        return {
            *(
                (subject, other)
                for subject, name, other in self.edges()
                if name in predicate.forward and subject in first and other in second
            ),
            *(
                (other, subject)
                for subject, name, other in self.edges()
                if name in predicate.converse and other in first and subject in second
            ),
        }

    def nodes(self, step):
        if isinstance(step, Find):
            return {
                node
                for node, data in self.net.nodes(data=True)
                if (step.categories is None or data["category"] in step.categories)
                and (not self.timed or set(data["frames"]) & self.frames)
            }
        if isinstance(step, Pick):
            return set(step.nodes) & set(self.net.nodes)
        if isinstance(step, The):
            return self.nodes(step.nodes)
        if isinstance(step, Union):
            return set().union(*map(self.nodes, step.parts))
        if isinstance(step, Related):
            return {first for first, _ in self.ties(self.nodes(step.nodes), step.predicate, self.nodes(step.others))}
        if isinstance(step, Placed):
            others = self.nodes(step.others)
            return {n for n in self.nodes(step.nodes) if any(self.lies(n, step.direction, other) for other in others)}
        if isinstance(step, Having):
            return {n for n in self.nodes(step.nodes) if self.net.nodes[n]["attributes"].get("colour") == step.value}
        if isinstance(step, InPicture):
            boxes = {node: self.box(node) for node in self.nodes(step.nodes)}
            return {node for node, box in boxes.items() if box and self.inside(box, step.part) != step.outside}
        if isinstance(step, Sharing):
            others = self.nodes(step.others)
            values = {self.value(other, step.attribute) for other in others} - {None}
            return {node for node in self.nodes(step.nodes) - others if self.value(node, step.attribute) in values}
        if isinstance(step, ManyRelated):
            ties = self.ties(self.nodes(step.nodes), step.predicate, self.nodes(step.others))
            numbers = {node: sum(near == node for near, _ in ties) for node, _ in ties}
            return {n for n, many in numbers.items() if many == step.number or (step.at_least and many > step.number)}
        if isinstance(step, Measuring | Exceeding):
            tell = self.measures if isinstance(step, Measuring) else self.exceeds
            return {node for node in self.nodes(step.nodes) if tell(node, step)}
        assert isinstance(step, Extreme) and step.which == "left"
        return self.leftmost(self.nodes(step.nodes))

    def amount(self, node, quantity):
        if quantity == "relations":
            return sum(node in (subject, other) for subject, _, other in self.edges())
        box = self.box(node)
        if quantity == "area" or box is None:
            return self.area(node)
        return box[2] - box[0] if quantity == "box width" else box[3] - box[1]

    def bounded(self, value, how, amount):
        equal = abs(value - amount) <= 1e-6
        if equal:
            return how in ("at least", "at most")
        return value > amount if how in ("more", "at least") else value < amount

    def measures(self, node, step):
        value = self.amount(node, step.quantity)
        return value is not None and self.bounded(value, step.how, step.amount)

    def exceeds(self, node, step):
        own = self.amount(node, step.quantity)
        others = [self.amount(other, step.quantity) for other in self.nodes(step.others) - {node}]
        so = [None not in (own, other) and self.bounded(own, step.how, other) for other in others]
        return bool(so) and (all(so) if step.every else any(so))

    def leftmost(self, nodes):
        places = {node: (box[0] + box[2]) / 2 for node in nodes if (box := self.box(node)) is not None}
        return {node for node, x in places.items() if x == min(places.values())}

    def value(self, node, attribute):
        data = self.net.nodes[node]
        return data["category"] if attribute == "kind" else data["attributes"].get(attribute)

    def inside(self, box, part):
        middle = (box[0] + box[2]) / 2 / self.graph.source.width, (box[1] + box[3]) / 2 / self.graph.source.height
        third = [min(int(3 * share), 2) for share in middle]
        if part == "middle":
            return third == [1, 1]
        if part.endswith("half"):
            share = middle[part.startswith(("top", "bottom"))]
            return share < 1 / 2 if part.startswith(("left", "top")) else share > 1 / 2
        return all(third[word in ("top", "bottom")] == 2 * (word in ("right", "bottom")) for word in part.split())

    def always(self, event):
        """Whether it happens in every frame: to any pair, but to the same node where one is meant."""
        ends = (event.nodes, event.nodes) if isinstance(event, Seen) else tuple(vars(event).values())[:3:2]
        near, far = map(self.nodes, ends)
        if not near or not far:
            return None
        held = {frame: Reference(self.graph, {frame}).pairs(event, near, far) for frame in self.frames}
        fixed = [[{node} for node in side] if isinstance(end, The) and not end.plural else [side]
                 for end, side in zip(ends, (near, far), strict=True)]  # fmt: skip
        named = isinstance(event, Seen) and isinstance(event.nodes, The) and event.nodes.plural
        every = named or getattr(event, "every", False)
        subjects = [{node} for node in near] if every else fixed[0]
        met = [
            any(all(any(a in one and b in other for a, b in pairs) for pairs in held.values()) for other in fixed[1])
            for one in subjects
        ]
        if all(met) if every else any(met):
            return True
        told = [IsPlaced(Pick(tuple(near)), event.direction, Pick(tuple(far)), event.every)] * len(held) \
            if isinstance(event, IsPlaced) else []  # fmt: skip
        return False if any(self.elsewhere(one, near, far, at) for one, at in zip(told, held, strict=False)) else None

    def pairs(self, event, near, far):
        if isinstance(event, Seen):
            return {(node, node) for node in near if self.box(node)}
        if isinstance(event, IsPlaced):
            return {(a, b) for a in near for b in far if self.lies(a, event.direction, b)}
        return self.ties(near, event.predicate, far)

    def elsewhere(self, event, near, far, frame):
        """Whether the boxes of a frame tell that an event does not happen in it."""
        now = Reference(self.graph, {frame})
        if not all(map(now.box, far)):
            return False
        away = [bool(now.box(a)) and not any(now.lies(a, event.direction, b) for b in far) for a in near]
        return any(away) if event.every else all(away)

    def truth(self, question):
        """True, False (only where boxes, labels, attributes or numbers tell), or None."""
        if isinstance(question, Always):
            return self.always(question.event)
        if isinstance(question, During):
            assert isinstance(question.window, Frames)
            stop = min(question.window.stop, self.graph.source.num_frames)
            return Reference(self.graph, set(range(question.window.start, stop))).truth(question.question)
        if isinstance(question, Exists):
            return self.exists(question.nodes)
        if isinstance(question, Not):
            inner = self.truth(question.question)
            return None if inner is None else not inner
        if isinstance(question, AllOf | AnyOf):
            decisive = isinstance(question, AnyOf)
            parts = [self.truth(part) for part in question.questions]
            return decisive if decisive in parts else None if None in parts else not decisive
        if isinstance(question, Holds):
            first, second = self.nodes(question.subjects), self.nodes(question.objects)
            met = {near for near, _ in self.ties(first, question.predicate, second)}
            return True if met and (met == first or not question.every) else None
        if isinstance(question, IsPlaced):
            first, second = self.nodes(question.nodes), self.nodes(question.others)
            if not any(map(self.box, first)) or not any(map(self.box, second)):
                return None
            met = [any(self.lies(a, question.direction, b) for b in second) for a in first]
            return all(met) if question.every else any(met)
        return self._of_nodes(question)

    def exists(self, step):
        if self.nodes(step):
            return True
        if isinstance(step, Placed) and isinstance(step.nodes, Pick | The) and isinstance(step.others, Pick | The):
            return self.truth(IsPlaced(step.nodes, step.direction, step.others))
        if isinstance(step, Exceeding):
            return self.none_exceeds(step)
        given = isinstance(step, InPicture | Measuring) and isinstance(step.nodes, Pick | The)
        nodes = self.nodes(step.nodes) if given else ()
        counted = isinstance(step, Measuring) and step.quantity == "relations"
        return False if nodes and (counted or all(map(self.box, nodes))) else None

    def none_exceeds(self, step):
        """False where all of the given nodes have as little as each of given others, or as one of any."""
        if not isinstance(step.nodes, Pick | The) or not (step.every or isinstance(step.others, Pick | The)):
            return None
        opposite = {"more": "at most", "less": "at least", "at least": "less", "at most": "more"}[step.how]
        other = Exceeding(step.nodes, step.quantity, opposite, step.others, not step.every)
        others, told = self.nodes(step.others), self.nodes(other)
        asked = self.nodes(step.nodes) - (others if len(others) == 1 else set())
        return False if told and told == asked and step.quantity != "relations" else None

    def _of_nodes(self, question):
        found = self.nodes(question.nodes)
        if isinstance(question, CountIs):
            number = len(found)
            return None if number < question.number or not found else number == question.number
        if isinstance(question, IsA):
            fits = [self.net.nodes[node]["category"] in question.categories for node in found]
            return None if not fits else all(fits) if isinstance(question.nodes, The) else any(fits)
        assert isinstance(question, HasAttribute)
        values = [self.net.nodes[node]["attributes"].get("colour") for node in found]
        matches, differs = (
            (value == question.value for value in values),
            (value not in (None, question.value) for value in values),
        )
        if not values:
            return None
        if isinstance(question.nodes, The):
            return True if all(matches) else False if any(differs) else None
        return True if any(matches) else False if all(differs) else None

    def related_pairs(self, question):
        """The edges that `Doing` and `Between` rest on."""
        if isinstance(question, Doing):
            nodes = self.nodes(question.nodes)
            return {
                edge for edge in self.edges() if edge[0] in nodes and edge[1] in ("sitting on", "holding", "chasing")
            }
        assert isinstance(question, Between)
        first, second = self.nodes(question.nodes), self.nodes(question.others)
        return {
            edge
            for edge in self.edges()
            if (edge[0] in first and edge[2] in second) or (edge[0] in second and edge[2] in first)
        }
