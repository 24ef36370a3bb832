"""What predicates say: what somebody does, or where something is."""

from functools import lru_cache

from assistant.inflection import doing
from assistant.names import plain
from assistant.verbs import COVERS, PLACES, SPATIAL_PARTICLES


@lru_cache(maxsize=4096)
def is_activity(predicate: str) -> bool:
    """Whether a predicate says what somebody does, rather than where something is."""
    said = doing(plain(predicate))
    first = said.split()[0]
    acts = (first.endswith("ing") and len(first) > 4) or first in ("about", "parked")
    return acts and said not in PLACES


@lru_cache(maxsize=4096)
def is_spatial(predicate: str) -> bool:
    """Whether a predicate says where its subject is: on, in front of, sitting on, hanging from."""
    said = plain(predicate)
    return said in PLACES or said in COVERS["on"] or said.split()[-1] in SPATIAL_PARTICLES
