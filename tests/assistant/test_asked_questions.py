"""Questions about corners, numbers, records and detections in the wordings of many people, with their programs."""

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import read_otherwise

VOCABULARY = Vocabulary(
    things=(
        *("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench", "umbrella", "kite"),
        *("couch", "suitcase", "fire hydrant"),
    ),
    stuff=("tree-merged",),
    predicates=(
        *("riding", "holding", "chasing", "looking at", "kicking", "carrying", "throwing", "touching", "wearing"),
        *("pushing", "beside", "behind", "in front of", "on", "in"),
    ),
)


def test_every_wording_asks_for_its_program():
    parser = Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material"}))
    assert not read_otherwise(parser, "programs_of_pictures.tsv")
