"""Relations of a picture from a vision-language model that sees its segments as numbered marks.

>>> from assistant.models import open_model
>>> from psg.generation import generate_relations
>>> model = open_model("http://127.0.0.1:8000/v1")  # doctest: +SKIP
>>> graph = generate_relations(segments, "photo.jpg", model)  # doctest: +SKIP
"""

from psg.generation.generator import generate_relations, generated_before
from psg.generation.request import Request, prepare_request

__all__ = ["Request", "generate_relations", "generated_before", "prepare_request"]
