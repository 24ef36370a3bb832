"""What a picture shows, in other words: below it in the image, while it is in the shot, up in the corner.

They are tried before all others, as others take away the words for the picture.
"""

from assistant.patterns import METRE

_TRAVELS = (
    r"(?:travels?|travell?ed|moves?|moved|goes?|gone|covers?|covered|walks?|walked|runs?|run|drives?|driven"
    r"|flown)"
)
_PICTURE = r"(?:image|picture|photo|photograph|frame|shot|pic|snapshot)"
_FRAMED = r"(?:picture|image|shot|frame|photo|video|clip|scene|footage|recording|film)"
_SHOWS = r"shows?|contains?|has|holds?|includes?|displays?|depicts?|features?"
_NEARER = r"(?:nearer|closer|nearest|closest)"
_EDGE = rf"(?: hand)?(?: (?:edge|side|border|end|margin))?(?: of the {_PICTURE})?"
_EVERY_FRAME = r"(?:every|each|all|any)\b(?: \w+){0,3}? frames?\b"
_IS = r"(?:is|are|was|were|be|been|being|stays?|stayed|remains?|remained|keeps?|kept)"
_WHILE = r"(?:while|whilst|as long as|so long as|when|whenever|until|till|before|after|once|since|by the time|that)"
_LASTS = (
    r"(?:the (?:whole|entire|full|complete)|all (?:the|of the|along)|at all times|throughout|in (?:every|each|all)|"
    r"from (?:the )?(?:very )?(?:start|beginning|first)|constantly|always|permanently|continuously|@always)"
)
_NAME = r"(?:the|a|an|any|some|that|this)(?: (?!(?:is|are|was|were|and|or|while|when)\b)[\w'@-]+){1,6}?"

_HAVE = r"(?:have|do|can|did|could) (?:we|you|i|one)(?: got| have| see| find)?(?: there| here)?"
_SIDE = r"(left|right)(?: hand side| side)?(?! (?:hand|arm|leg|foot|side))"
_IT = r"(?:it|them|him|her|themselves|itself|himself|herself)"

SHOWN: tuple[tuple[str, str], ...] = (
    (r"\bcontained (?:in|inside|within)\b", "in"),
    (r"\bin ((?:every|each|all)(?: single| the)? frames?) (?:from|between) (?:frame )?(\d+) (?:to|and|through|until) "
     r"(?:frame )?(\d+)\b(?! (?:seconds?|s)\b)", r"in \1 between frames \2 and \3"),
    (rf"^in {_EVERY_FRAME} ((?:is|are|was|were|does|do|did) .+)$", r"\1 in every frame"),
    # below in a picture is a place, not what something stands on
    (rf"\bbelow (?<!or below )(?=.*\b(?:in|of|on) (?:the|this|that|our|my) (?:\w+ )?{_PICTURE}\b)", "lower than "),
    (rf"\bbelow (?<!or below )(?=.*\bin {_EVERY_FRAME})", "lower than "),
    (rf"^((?:in|on) (?:(?:the|this|that|our|my) (?:\w+ )?{_PICTURE}|{_EVERY_FRAME})\b.*?)(?<! or)(?<!nor) below ",
     r"\1 lower than "),
    (r"\b(appears?|appeared|shown|visible|seen|depicted|pictured) below ", r"\1 lower than "),
    (r"^(does .*?|do .*?|did .*?) appear lower than ", r"\1 appear to be lower than "),
    (rf"^((?:which|what|who)\b.*? {_IS}) (?:in|inside|within) (?:the |this |that )?{_FRAMED} (?=(?:for )?(?:the )?"
     r"(?:longest|shortest|most|least|fewest)\b)", r"\1 visible "),
    (rf"\bthe (?:bounding )?boxes of (?={_NAME} and {_NAME} (?:overlap|intersect))", ""),
    (r"^(?:(?:in|at|near) )?(?:which|what) (?:corner|quarter|third|quadrant|spot|place)(?!.* @\w+-or-)"
     rf"(?: of (?:the|this) {_PICTURE})? (is|are|was|were) ({_NAME})(?: in| at| near)?$", r"where \1 \2"),
    # who has the car to their right
    (rf"\b(has|have|had|with|got) ({_NAME}) (?:to|on|at) (?:its|their|his|her) {_SIDE}(?= |$)",
     r"\1 \2 to the \3 of it"),
    (rf"\b(has|have|had|with|got) ({_NAME}) (?:to|on|at) the {_SIDE} of {_IT}(?= |$)", r"\1 \2 to the \3 of it"),
    # the part of the picture that shows it, that it is nearer to
    (rf"^(?:in |on )?(?:which|what) (?:part|area|region|section|corner|quarter|quadrant|third|half|spot|place|bit) of "
     rf"(?:the|this|that) {_PICTURE} (?:{_SHOWS}) (the .+?)(?: in it)?$", r"where is \1"),
    (rf"^(?:which|what) (?:corner|quarter|quadrant|half) (?:{_SHOWS}) (the (?!.* @\w+-or-)(?!.* or ).+?)(?: in it)?$",
     r"where is \1"),
    (rf"^(?:on )?(?:which|what) (?:hand )?side of (?:the|this|that) {_PICTURE} (?:{_SHOWS}) (the .+?)(?: in it)?$",
     r"@side is \1"),
    (rf"^(is|was) (the .+?) {_NEARER} (?:to )?the (?:left|right){_EDGE} or (?:to )?the (?:left|right){_EDGE}$",
     r"\1 \2 @left-or-right"),
    (rf"^(is|was) (the .+?) {_NEARER} (?:to )?the (?:top|bottom){_EDGE} or (?:to )?the (?:top|bottom){_EDGE}$",
     r"\1 \2 @top-or-bottom"),
    (rf"\b{_NEARER} (?=@\w+-or-\w+$)", ""),
    # what one has got hold of
    (r"\bhas(?: got)? hold of\b", "holds"),
    (r"\b(?:have|take|get|grab|keep|catch)(?: got)? hold of\b", "hold"),
    (r"\b(?:having|taking|getting|grabbing|keeping|catching) hold of\b", "holding"),
    (r"\b(?:takes|gets|grabs|keeps|catches) hold of\b", "holds"),
    (r"\b(?:had|took|got|grabbed|kept|caught)(?: got)? hold of\b", "held"),
    # what we have got there
    (rf"^(what|who) {_HAVE} (?=@)", r"\1 is "),
    (rf"^(how many .+?|which .+?|what .+?) {_HAVE} (?=@)", r"\1 are "),
    (r"^(?:have|has|do|did) (?:we|you|i|one)(?: got| have)? (?=.* @)", "is there "),
    # of those that are tracked: what a video tells of is tracked
    (r"\b(of|among|amongst|from) ((?:(?:all|all of) )?(?:the )?\w+(?: \w+)??)(?: (?:that|which|who) (?:are|were))? "
     r"(?:tracked|annotated|detected)(?! by\b)(?= |$)", r"\1 \2"),
    (r"\b(the|all|any|which|what|many|every|each) (?:tracked|annotated|detected) (?=\w)", r"\1 "),
    # what is travelled is travelled along a way
    (rf"^((?:how far|how many {METRE}|(?:what|how much) (?:\w+ )?(?:distance|ground)) .*\b{_TRAVELS}) (?:along"
     r"|on|over|in) (?:its|his|her|their|the) (?:(?:whole|entire|full|own) )?(?:way|path|route|course|track|trajectory"
     r"|journey)\b", r"\1"),
    # in the shot, where that is all that is said of something
    (rf"\b({_WHILE} {_NAME} {_IS})(?: still| also)? (?:in|inside|within) (?:the |this |that )?{_FRAMED}\b"
     r"(?! (?:\d|of\b|#))", r"\1 visible"),
    (rf"\b({_NAME} {_IS})(?: still| also)? (?:in|inside|within) (?:the |this |that )?{_FRAMED} (?={_LASTS}\b)",
     r"\1 visible "),
    (rf"^((?:is|are|was|were) {_NAME}) (?:in|inside|within) (?:the |this |that )?{_FRAMED} "
     rf"(?=before {_NAME} (?:is|was)$)", r"\1 visible "),
    (rf"\b({_WHILE}) (?:we|you|one|i) (?:can |could |do |did )?(?:see|saw|spot) ({_NAME})(?= (?:how|what|who|which|"
     r"where|is|are|was|were|does|do|did)\b|$)", r"\1 \2 is visible"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
