"""Pieces of the patterns that other ways to ask are told by."""

from assistant.adjectives import ATTRIBUTE_OF
from assistant.courtesies import PICTURES
from assistant.dimensions import MORE as _COMPARATIVES
from assistant.dimensions import MOST as _SUPERLATIVES
from assistant.directions import SIDES
from assistant.text import NUMBERS
from assistant.units import METRES

PICTURE = rf"(?:{'|'.join(sorted({*PICTURES, 'frame', 'view'}))})"
ATTRIBUTE = r"(colou?r|size|shape|material|age|pattern)"
COLOUR = rf"(?:{'|'.join(sorted(value for value, attribute in ATTRIBUTE_OF.items() if attribute == 'colour'))})"
VALUE = rf"(?:{'|'.join(sorted(ATTRIBUTE_OF))})"
NUMBER = rf"(?:\d+|{'|'.join(NUMBERS)})"
PLACE = (
    r"(?:on|in|at|under|underneath|beneath|behind|beside|next to|near|above|below|over|higher|lower|inside|"
    r"within|between|to the|"
    r"left of|right of|closest|nearest)"
)
SEEN = r"(?:seen|shown|depicted|pictured|captured|caught|observed|spotted|portrayed)"
NO_GERUND = (
    r"(?:building|ceiling|clothing|painting|railing|awning|string|ring|wing|king|swing|thing|bedding|earring|"
    r"anything|"
    r"something|everything|nothing|morning|evening|wedding|pudding|duckling|spring|drawing)"
)
TELL = "tell|give|show|name|state|say|report|list|find|specify|identify|determine"
SEES = r"(?:see|spot|find|notice|make out|observe|detect|recognise|recognize|discover|identify)"
METRE = rf"(?:{'|'.join(METRES)})"
MEASURE = r"(height|width|depth|speed|velocity|volume)"
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could)"
SPACE = r"(?:area|space|room|pixels|of the picture|of the image)"
MORE = rf"(?:{'|'.join(_COMPARATIVES)})"
MOST = rf"(?:{'|'.join((*_SUPERLATIVES, *SIDES))})"
