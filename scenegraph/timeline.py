"""Relations over time as bars: a row a relation, an axis in seconds, a cursor at the current frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw

from scenegraph.graph import Relation, SceneGraph
from scenegraph.palette import Colour, mixed
from scenegraph.relation_list import Font, clean, draw_chip
from scenegraph.spans import Span, Spans, merge

_PAPER, _INK, _FAINT = (255, 255, 255), (20, 20, 20), (105, 105, 105)
_TRACK, _GRID, _CURSOR = (238, 239, 242), (218, 220, 226), (200, 30, 30)

_NAMES_SHARE = 0.42
"""At most this share of the width is for the names of the relations."""

_TICKS = 8
"""About as many ticks as the axis gets."""

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds (or frames) from tick to tick; the first that gives few enough of them is taken."""

_PARTS = (0.1, 0.2, 0.5)
"""Of a second, before `_STEPS`."""

_QUIET = 0.72
"""Share of white in the names of relations that do not hold now."""

_CUT = "…"
"""Ends a name that was cut."""


@dataclass(frozen=True)
class Row:
    """One triple of names: subject, predicate, object, and all spans in which it holds."""

    subject: int
    predicate: str
    object: int
    score: float
    spans: Spans


def rows_of(graph: SceneGraph, most: int) -> tuple[list[Row], int]:
    """The relations as rows, best scores first chosen, then in the order in which they begin.

    Relations of one triple share a row; one without spans holds from the first frame to the last.

    Returns:
        The rows, and how many more there would be.
    """
    whole = Span(0, graph.source.num_frames)
    triples: dict[tuple[int, int, int], list[Relation]] = {}
    for relation in graph.relations:
        triples.setdefault(relation.triple, []).append(relation)
    rows = [
        Row(
            subject,
            graph.vocabulary.predicates[predicate],
            object_,
            max(relation.score for relation in relations),
            merge(span for relation in relations for span in relation.spans or (whole,)),
        )
        for (subject, predicate, object_), relations in triples.items()
    ]
    chosen = sorted(rows, key=lambda row: -row.score)[: max(most, 0)]
    chosen.sort(key=lambda row: (row.spans[0].start, row.spans[-1].stop))
    return chosen, len(rows) - len(chosen)


@dataclass(frozen=True, eq=False)
class Timeline:
    """The panel of the bars; what does not move is drawn once.

    Attributes:
        graph: whose frames the axis counts.
        rows: what is shown.
        left_out: how many rows are not.
        shades: colour by node id.
        width: pixels of the panel.
        font: its letters.
    """

    graph: SceneGraph
    rows: Sequence[Row]
    left_out: int
    shades: Mapping[int, Colour]
    width: int
    font: Font

    @property
    def gap(self) -> int:
        """Pixels around everything."""
        return self.font.size // 2

    @property
    def line(self) -> int:
        """Pixels from row to row."""
        return self.font.chip_size("")[1] + self.font.size // 3

    @property
    def height(self) -> int:
        """Pixels of the panel."""
        return self._foot + self.font.height + self.gap

    @property
    def _foot(self) -> int:
        """Top of the line below the axis."""
        return self.gap + len(self.rows) * self.line + self.font.height + 2 * self.gap

    @cached_property
    def left(self) -> int:
        """Where the bars begin: beside the longest name."""
        return max((self._name_width(texts) for texts in self._names), default=0) + 2 * self.gap

    def x(self, frame: float) -> float:
        """Where the edge before a frame lies."""
        return self.left + frame / self.graph.source.num_frames * (self.width - self.gap - self.left)

    def at(self, frame: int) -> Image.Image:
        """The panel while a frame is shown."""
        panel = self._bars.copy()
        pen = ImageDraw.Draw(panel)
        for number, row in enumerate(self.rows):
            self._draw_name(pen, number, any(start <= frame < stop for start, stop in row.spans))
        self._draw_cursor(pen, frame)
        fps = self.graph.source.fps
        now = f"frame {frame}" if fps is None else f"frame {frame}, {clock(frame / fps, 0.1)}"
        pen.text((self.width - self.gap, self._foot), now, _INK, self.font.face, anchor="ra")
        return panel

    @cached_property
    def _bars(self) -> Image.Image:
        panel = Image.new("RGB", (self.width, self.height), _PAPER)
        pen = ImageDraw.Draw(panel)
        bottom = self.gap + len(self.rows) * self.line
        self._draw_axis(pen, bottom)
        thickness = max(4, self.font.size)
        for number, row in enumerate(self.rows):
            top = self.gap + number * self.line + (self.font.chip_size("")[1] - thickness) // 2
            track = (self.left, top, self.width - self.gap, top + thickness)
            pen.rounded_rectangle(track, thickness // 3, fill=_TRACK)
            for start, stop in row.spans:
                self._draw_bar(pen, row, (round(self.x(start)), top, round(self.x(stop)), top + thickness))
        if self.left_out:
            note = f"{self.left_out} more not shown"
            pen.text((self.gap, self._foot), note, _FAINT, self.font.face)
        return panel

    def _draw_bar(self, pen: ImageDraw.ImageDraw, row: Row, box: tuple[int, int, int, int]) -> None:
        """The colour of the subject above that of the object."""
        x1, y1, x2, y2 = box
        x2 = max(x2 - 1, x1 + 1)  # a bar of one frame of many is still seen, two that touch are told apart
        radius = min((y2 - y1) // 3, (x2 - x1) // 2)
        pen.rounded_rectangle((x1, y1, x2, y2), radius, fill=self.shades[row.object])
        middle = y1 + round((y2 - y1) * 0.62)
        corners = (True, True, False, False)
        pen.rounded_rectangle((x1, y1, x2, middle), radius, fill=self.shades[row.subject], corners=corners)

    def _draw_axis(self, pen: ImageDraw.ImageDraw, bottom: int) -> None:
        source = self.graph.source
        rate = source.fps or 1.0
        length = source.num_frames / rate
        steps = _STEPS if source.fps is None else (*_PARTS, *_STEPS)
        step = next((step for step in steps if length / step <= _TICKS), _STEPS[-1])
        for number in range(int(length / step) + 1):
            x = self.x(number * step * rate)
            pen.line((x, self.gap // 2, x, bottom + self.gap // 2), fill=_GRID, width=1)
            text = clock(number * step, step) if source.fps is not None else str(round(number * step))
            room = self.font.width(text) / 2
            place = min(max(x, room), self.width - room)
            pen.text((place, bottom + self.gap // 2), text, _FAINT, self.font.face, anchor="ma")

    def _draw_cursor(self, pen: ImageDraw.ImageDraw, frame: int) -> None:
        x = round(self.x(frame + 0.5))
        bottom = self.gap + len(self.rows) * self.line
        half = max(3, self.font.size // 3)
        pen.line((x, self.gap // 2, x, bottom), fill=_CURSOR, width=max(2, self.font.size // 9))
        pen.polygon([(x - half, 0), (x + half, 0), (x, half + half // 2)], fill=_CURSOR)

    def _draw_name(self, pen: ImageDraw.ImageDraw, number: int, holds: bool) -> None:
        """Subject, predicate and object, pale unless the relation holds now."""
        row, (subject, predicate, object_) = self.rows[number], self._names[number]
        x, top = self.gap, self.gap + number * self.line
        ink = None if holds else _FAINT
        x += draw_chip(pen, (x, top), subject, self._ground(row.subject, holds), self.font, ink) + self.gap
        middle = top + self.font.chip_size("")[1] / 2
        pen.text((x, middle), predicate, ink or _INK, self.font.face, anchor="lm")
        x += self.font.width(predicate) + self.gap
        draw_chip(pen, (x, top), object_, self._ground(row.object, holds), self.font, ink)

    def _ground(self, node_id: int, holds: bool) -> Colour:
        shade = self.shades[node_id]
        return shade if holds else mixed(shade, _PAPER, _QUIET)

    @cached_property
    def _names(self) -> list[tuple[str, str, str]]:
        """What is written of every row: as much of subject, predicate and object as there is room for."""
        room = round(_NAMES_SHARE * self.width)
        names = []
        for row in self.rows:
            texts = [
                clean(text) for text in (self.graph.label(row.subject), row.predicate, self.graph.label(row.object))
            ]
            while self._name_width(texts) > room and max(map(len, texts)) > 1:
                longest = max(range(3), key=lambda at: self.font.width(texts[at]))
                texts[longest] = texts[longest].removesuffix(_CUT)[:-1] + _CUT
            names.append((texts[0], texts[1], texts[2]))
        return names

    def _name_width(self, texts: Sequence[str]) -> int:
        return sum(self.font.width(text) for text in texts) + 2 * self.font.chip_size("")[0] + 2 * self.gap


def clock(seconds: float, step: float = 1.0) -> str:
    """A time as minutes and seconds, with tenths where `step` has them.

    >>> clock(75), clock(3725), clock(2.5, 0.5)
    ('1:15', '1:02:05', '0:02.5')
    """
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes}:{rest // 10:02d}" if not hours else f"{hours}:{minutes:02d}:{rest // 10:02d}"
    return text + (f".{rest % 10}" if step < 1 else "")
