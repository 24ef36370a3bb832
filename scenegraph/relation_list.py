"""Relations as lines of text: coloured names of subject and object, the predicate, the score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scenegraph.errors import InputError
from scenegraph.graph import Relation, SceneGraph
from scenegraph.palette import Colour, text_colour

_MOST_LETTERS = 80
"""Longer names are cut: no picture has room for them."""

_INK, _FAINT, _PAPER = (20, 20, 20), (105, 105, 105), (255, 255, 255)


@dataclass(frozen=True)
class Font:
    """A font file (None: Pillow's own) at a size in pixels."""

    path: str | None
    size: int

    @cached_property
    def face(self) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        """The font for Pillow."""
        return _face(self.path, self.size)

    @cached_property
    def height(self) -> int:
        """Pixels from the top of the highest to the foot of the lowest letters."""
        return round(self.size * 1.25)

    def width(self, text: str) -> int:
        """Pixels that a text takes, made `clean`."""
        return round(self.face.getlength(clean(text)))

    def chip_size(self, text: str) -> tuple[int, int]:
        """(width, height) of a chip around a text."""
        return self.width(text) + self.size // 2, self.height + self.size // 4


@lru_cache(maxsize=32)
def _face(path: str | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if path is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(path, size)
    except OSError as error:
        raise InputError(
            f"{path}: not a font that can be read ({error}); expected a TrueType or OpenType file"
        ) from None


def load_font(path: str | Path | None, size: int) -> Font:
    """A font, checked to be one.

    Raises:
        InputError: the file is missing or no font.
    """
    font = Font(None if path is None else str(path), size)
    _face(font.path, max(size, 8))
    return font


def clean(text: str) -> str:
    r"""A name from data as one line: whatever is not printed (line breaks, marks of direction) becomes a space.

    >>> clean("a\n b\u202ec"), len(clean("x" * 1000))
    ('a b c', 80)
    """
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:_MOST_LETTERS]).split())


def draw_chip(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    ground: Colour,
    font: Font,
    ink: Colour | None = None,
) -> int:
    """A text on a rounded ground with its upper left corner at `place`; returns its width.

    The ink is black or white, whichever is easier to read, unless it is given.
    """
    width, height = font.chip_size(text)
    x, y = place
    pen.rounded_rectangle((x, y, x + width - 1, y + height - 1), radius=height // 4, fill=ground)
    pen.text((x + width / 2, y + height / 2), clean(text), ink or text_colour(ground), font.face, anchor="mm")
    return width


def draw_relation_list(
    graph: SceneGraph,
    relations: Sequence[Relation],
    shades: Mapping[int, Colour],
    font: Font,
    room: tuple[int, int],
    left_out: int,
) -> Image.Image:
    """The relations, one a line, in as many columns as suit the picture of size `room` (width, height).

    Scores are written unless all of the graph's are 1 (annotations); frames are written where relations have spans.
    """
    with_scores = any(relation.score < 1 for relation in graph.relations)
    tails = [_tail(relation, with_scores) for relation in relations]
    gap, line = font.size // 2, font.chip_size("")[1] + font.size // 2
    widths = [
        sum(font.chip_size(graph.label(end))[0] for end in (relation.subject, relation.object))
        + font.width(graph.predicate_name(relation))
        + font.width(tail)
        + 4 * gap
        for relation, tail in zip(relations, tails, strict=True)
    ]
    column = max(widths) + 2 * gap
    beside = room[1] >= room[0]
    columns = 1 if beside else max(1, min(room[0] // column, len(relations)))
    rows = -(-len(relations) // columns)
    note = f"{left_out} more not shown" if left_out > 0 else ""
    height = (rows + bool(note)) * line + 2 * gap
    panel = Image.new("RGB", (max(columns * column, column), height), _PAPER)
    pen = ImageDraw.Draw(panel)
    for number, (relation, tail) in enumerate(zip(relations, tails, strict=True)):
        x, y = gap + number // rows * column, gap + number % rows * line
        x += draw_chip(pen, (x, y), graph.label(relation.subject), shades[relation.subject], font) + gap
        middle = y + font.chip_size("")[1] / 2
        name = clean(graph.predicate_name(relation))
        pen.text((x, middle), name, _INK, font.face, anchor="lm")
        x += font.width(name) + gap
        x += draw_chip(pen, (x, y), graph.label(relation.object), shades[relation.object], font) + gap
        pen.text((x, middle), tail, _FAINT, font.face, anchor="lm")
    if note:
        pen.text((gap, gap + rows * line + line / 2), note, _FAINT, font.face, anchor="lm")
    return panel


def _tail(relation: Relation, with_scores: bool) -> str:
    score = f"{relation.score:.2f}" if with_scores else ""
    frames = ", ".join(f"{start}" if stop == start + 1 else f"{start}-{stop - 1}" for start, stop in relation.spans[:3])
    more = ", ..." if len(relation.spans) > 3 else ""
    return "  ".join(part for part in (score, f"frames {frames}{more}" if frames else "") if part)


def stack(pictures: Sequence[Image.Image], beside: bool, gap: int = 0) -> Image.Image:
    """Pictures side by side or one below the other, on white, with `gap` pixels between them."""
    widths, heights = zip(*(picture.size for picture in pictures), strict=True)
    gaps = gap * (len(pictures) - 1)
    size = (sum(widths) + gaps, max(heights)) if beside else (max(widths), sum(heights) + gaps)
    canvas = Image.new("RGB", size, _PAPER)
    x = y = 0
    for picture in pictures:
        canvas.paste(picture, (x, y))
        x, y = (x + picture.width + gap, y) if beside else (x, y + picture.height + gap)
    return canvas
