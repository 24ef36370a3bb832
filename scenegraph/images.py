"""Pictures of any kind as RGB arrays."""

import io
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from scenegraph.errors import InputError
from scenegraph.panoptic import MAX_PIXELS

ImageSource = str | Path | bytes | Image.Image | np.ndarray
"""A file, its bytes, a Pillow image, or an array uint8 [h, w, 3] RGB, [h, w, 4] RGBA or [h, w] grey."""

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
"""Names of files that are taken for pictures where a folder is given; a file that is named may end in anything."""

_TAILS = ((), (3,), (4,))
_WIDE_MODES = ("I", "I;16", "I;16L", "I;16B", "I;16N")


def read_image(source: ImageSource, size: tuple[int, int] | None = None) -> UInt8[np.ndarray, "height width 3"]:
    """A picture as RGB, upright.

    Grey, palette, CMYK and 16-bit pictures become RGB with 8 bits; transparent pixels are shown on
    white; of an animation the first picture is taken. A camera's rotation (EXIF) is applied unless
    only the picture as stored has the expected `size` (height, width): annotations may have been
    drawn on either.

    Raises:
        InputError: the file is missing, is no picture, is cut off, is larger than `MAX_PIXELS`, has a
            kind of pixels that cannot be shown, or does not have the expected size.
    """
    name = str(source) if isinstance(source, (str, Path)) else "the picture"
    picture = _opened(source, name)
    if (
        isinstance(source, np.ndarray)
        and source.shape[2:] == (3,)
        and source.size <= 3 * MAX_PIXELS
        and (size is None or source.shape[:2] == tuple(size))
    ):
        return np.ascontiguousarray(source)  # Pillow would copy it twice
    try:
        if picture.width * picture.height > MAX_PIXELS:
            raise InputError(
                f"{name}: {picture.width} x {picture.height} pixels; at most {MAX_PIXELS} are read, make it smaller"
            )
        upright = ImageOps.exif_transpose(picture)
        if size is not None and (upright.height, upright.width) != tuple(size):
            upright = picture
        array = np.ascontiguousarray(_rgb(upright, name))
    except InputError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(f"{name}: the picture cannot be read ({error}); is the file cut off?") from None
    if size is not None and array.shape[:2] != tuple(size):
        raise InputError(
            f"{name}: the picture is {array.shape[0]} x {array.shape[1]} pixels (height x width); "
            f"expected {size[0]} x {size[1]}"
        )
    return array


def image_size(path: str | Path) -> tuple[int, int]:
    """(height, width) of a picture file as it is stored; its pixels are not read.

    Raises:
        InputError: the file is missing or is no picture.
    """
    with _opened(path, str(path)) as picture:
        return picture.height, picture.width


def pictures_in(folder: str | Path) -> list[Path]:
    """The picture files of a folder in the order of their names; hidden ones and those of its folders are left out.

    Raises:
        InputError: the folder cannot be read.
    """
    try:
        files = sorted(Path(folder).iterdir())
    except OSError as error:
        raise InputError(f"{folder}: the folder could not be read ({error.strerror or error})") from None
    return [
        file
        for file in files
        if file.suffix.lower() in PICTURE_SUFFIXES and not file.name.startswith(".") and file.is_file()
    ]


def _opened(source: ImageSource, name: str) -> Image.Image:
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, np.ndarray):
        if source.dtype != np.uint8 or not source.size or source.ndim not in (2, 3) or source.shape[2:] not in _TAILS:
            raise InputError(
                f"a picture given as an array has shape {source.shape} and type {source.dtype}; "
                "expected uint8 [height, width, 3] in the order red, green, blue"
            )
        return Image.fromarray(source)
    try:
        return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a folder; expected a picture") from None
    except Image.DecompressionBombError:
        raise InputError(f"{name}: the picture claims too many pixels; at most {MAX_PIXELS} are read") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        reason = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"
        raise InputError(f"{name}: not a picture{reason}; expected JPEG, PNG or another picture file") from None


def _rgb(picture: Image.Image, name: str) -> UInt8[np.ndarray, "height width 3"]:
    if picture.mode == "RGB":
        return np.asarray(picture)
    if picture.mode in _WIDE_MODES:  # depth of 16 bits: Pillow's own conversion would cut, not scale
        wide = np.asarray(picture).astype(np.int64)
        grey = (wide >> 8 if wide.max(initial=0) > 255 else wide).clip(0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.mode == "F":
        raise InputError(f"{name}: the picture has floating-point pixels; expected 8 or 16 bits a channel")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        layers = picture.convert("RGBA")
        white = Image.new("RGBA", layers.size, "white")
        picture = Image.alpha_composite(white, layers)
    return np.asarray(picture.convert("RGB"))
