"""Open-vocabulary names of nodes from descriptors, with the descriptors that speak for a name as the reason.

>>> from psg.naming import ClipEncoder, Namer, read_descriptors
>>> namer = Namer(ClipEncoder("clip-vit-base-patch32"), read_descriptors("my.json"))  # doctest: +SKIP
>>> graph = namer.name(graph, "photo.jpg")  # doctest: +SKIP
"""

from psg.naming.descriptors import Descriptors, read_descriptors
from psg.naming.encoders import ClipEncoder, Encoder
from psg.naming.namer import Namer

__all__ = ["ClipEncoder", "Descriptors", "Encoder", "Namer", "read_descriptors"]
