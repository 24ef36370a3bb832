"""Other ways to ask for comparisons, metres and times."""

from collections.abc import Iterator

from assistant.amounts import BOUNDS
from assistant.patterns import AUXILIARY, MEASURE, METRE, MORE, MOST, NUMBER, PICTURE, SEEN, SPACE

_BY_NOUN = {
    # noun: more, less, most, least
    "(?:size|area)": ("bigger", "smaller", "biggest", "smallest"),
    "height": ("taller", "shorter", "tallest", "shortest"),
    "width": ("wider", "narrower", "widest", "narrowest"),
    "depth": ("deeper", "shallower", "deepest", "shallowest"),
    "(?:speed|velocity)": ("faster", "slower", "fastest", "slowest"),
}
_GREATER, _LESSER = "(?:greater|larger|bigger|higher|more)", "(?:smaller|lesser|lower|less|shorter)"
_PICK = (
    "(?:out of|of|among|from|from among) (the .+?) (?:pick|choose|select|name|find|give me|show me|tell me|take)"
    "(?: out)?"
)
_GREATEST, _LEAST = "(?:greatest|largest|biggest|highest|most)", "(?:smallest|least|lowest|shortest)"


def _dimensional() -> Iterator[tuple[str, str]]:
    """Comparisons that name what is compared: the height of the car is greater than that of the bus."""
    for noun, (more, less, most, least) in _BY_NOUN.items():
        for many, word, best in ((_GREATER, more, most), (_LESSER, less, least)):
            yield rf"^is the {noun} of (.+?) {many} than (?:the {noun} of|that of) (.+)$", rf"is \1 {word} than \2"
            yield rf"\bof (?:a |an )?(?:{word}|{many}) {noun} than\b", f"{word} than"
            yield rf"^(?:does|do) (.+?) have (?:a |an |the )?(?:{word}|{many}) {noun} than ", rf"is \1 {word} than "
            yield rf"^(?:does|do) (.+?) (?:move|go|travel|run|drive) at a {many} {noun} than ", rf"is \1 {word} than "
            yield rf"^(which|who|what)( one)? has (?:a |an |the )?(?:{word}|{many}) {noun}$", rf"\1\2 is {word}"
            yield rf"\b{word} than (?:all|any|every|each)(?: of)?(?: the)? ?others?(?: \w+)?$", f"the {best}"
        for many, best in ((_GREATEST, most), (_LEAST, least)):
            yield rf"^((?:which|what|who)\b.*?) (?:has|have) the (?:{best}|{many}) {noun}$", rf"\1 is the {best}"
        yield rf"^(?:does|do) (.+) exceed (.+) in {noun}$", rf"is \1 {more} than \2"
        yield rf"^(?:does|do) (.+?) have the same ({noun}) as ", r"is \1 the same \2 as "


_CAMERA = "(?:the camera|the viewer|me|us|here|the sensor)"
_BOUND = f"(?:{'|'.join((*BOUNDS, 'between'))})"


MEASURED: tuple[tuple[str, str], ...] = (
    # comparisons
    (r"\b(than|as) there are\b", r"\1"),
    (r"^does the number of (.+) exceed (?:the number|that) of (.+)$", r"is the number of \1 greater than the "
     r"number of \2"),
    (r"^are (.+) outnumbered by (.+)$", r"are there more \2 than \1"),
    (rf"^can ((?:more|fewer|less|as many) .+) be {SEEN}$", r"are there \1"),
    (r"^are (?:the )?(.+) and (?:the )?(.+) (?:equal|the same|equally many|identical) in (?:number|count|amount)$",
     r"are there as many \1 as \2"),
    (rf"^how many (?!more|fewer|less)(.+?) (more|fewer|less) than (?!{NUMBER}\b)(.+?) ", r"how many \2 \1 than \3 "),
    (r"^(?:what is|how (?:big|large|great) is) the difference (?:between the number of|in number between) (?:the "
     r")?(.+) and "
     r"(?:the number of |that of )?(?:the )?(.+)$", r"how many more \1 than \2 are there"),
    *_dimensional(),
    (rf"^(?:do|does|did) (.+?) (?:cover|take up|occupy|fill|use) more {SPACE} than ", r"is \1 bigger than "),
    (rf"^(?:do|does|did) (.+?) (?:cover|take up|occupy|fill|use) less {SPACE} than ", r"is \1 smaller than "),
    (rf"^(which|what)( one)? (?:covers|takes up|occupies|fills|uses) more {SPACE}$", r"\1\2 is bigger"),
    (rf"^(which|what)( one)? (?:covers|takes up|occupies|fills|uses) less {SPACE}$", r"\1\2 is smaller"),
    (rf"^(?:do|does|did) (.+?) (?:look|appear|seem)(?: to be)? ({MORE}) than ", r"is \1 \2 than "),
    (rf"\bno ({MORE}) than\b", r"not \1 than"),
    (rf"\b({MORE}|{MOST}) in (?:size|height|width|area|depth|speed)\b", r"\1"),
    (r"^(which|who|what)(?: one)? (?:of|out of|among|from) (?:the two|them|these|the following|these two|those|"
     r"the pair|both)(?: things|"
     r" objects)? ", r"\1 "),
    (rf"^(?:which|who)(?: one)? (?:of|among|out of) ((?:the|a) .+? (?:and|or) (?:the|a) .+?) is (?=(?:the "
     rf")?(?:{MORE}|{MOST})\b)", r"of \1 which is "),
    (rf"^is it (the .+? or the .+?) (?:that|which|who) is ({MORE})$", r"is \1 \2"),
    (r"^(?:comparing|compare|if you compare|when comparing|when you compare|given|considering) (the .+? and the "
     r".+?) (?=which|who|what)", r"of \1 "),
    (rf"^(which|who|what)(?: one| thing| object)? is (?:the )?({MORE}|{MOST})(?: one| thing| object)? (?:of|"
     rf"among|out of|between) "
     r"((?:the|a) .+ (?:and|or) (?:the|a) .+)$", r"of \3 \1 is \2"),
    (rf"^(which|who|what)(?: one)? is the ({MORE})(?: one| thing| object)?$", r"\1 is \2"),
    (r"^((?:the|a) .+? or (?:the|a) .+?) (which|who)(?: one| of them| of the two)? (is|are|was) (.+)$",
     r"of \1 \2 \3 \4"),
    (rf"\b(?<!to the )(?<!on the )({MOST})(?: one| ones)? of (?:all|them all|the lot)(?: of them)?$", r"\1"),
    (rf"^((?:which|what|who)\b.*\b)(?<!to the )(?<!on the )(?<![nrt][dh] )({MOST})(?: one| ones)? of them$",
     r"\1\2"),  # not of "the second tallest of them"
    (r"^(?:of|among) (?:all|all of) (?:the |these |those )?(?=\w+ (?:which|who|what)\b|\w+ \w+ (?:which|"
     r"who)\b)", "of the "),
    (r"\bmore (.+?) than (?:any|all|every|everyone|everybody|anyone|anybody|the)(?: of)?(?: the)? ?(?:others?|"
     r"else|rest)(?: \w+)?$",
     r"the most \1"),
    (r"\b(?:at|on|to) the (?:very |far |extreme )(left|right|top|bottom)(?: side| edge| end)?(?! of)",
     r"furthest to the \1"),
    (r"^(which .+?) (is|are) (?:the )?(left|right|top|bottom)-?most(?: one)?$", r"\1 \2 furthest to the \3"),
    (r"\bthe (?=(?:furthest|farthest) to the)", ""),
    (r"\b(?:further|farther|more|nearer) (?:to the )?(left|right) than\b", r"\1 of"),
    (r"^(which .+?) (is|are|was|were) the ones? (?=(?:furthest|farthest|closest|nearest) )", r"\1 \2 "),
    # metres
    (r"^(?:very )?(?:roughly|approximately|around|about|nearly|more or less) (?=how (?:far|many|close|tall|wide|high|"
     r"fast|deep|near)|at what|what distance)", ""),
    (r"(?<=\w) (?:roughly|approximately|more or less|give or take)$", ""),
    (rf"\b(?<!than )(?<!least )(?<!most )({NUMBER}) ((?!or |{METRE} |seconds?|frames?)\w+(?: (?!or )\w+)?) or "
     r"(more|fewer|less) (?=within|at|less|no |not |in |on |under|behind|near|beside|closer|that|which|who|\w+ing )",
     r"\1 or \3 \2 "),
    (r"\bin the (?:space|gap|middle|area|room|stretch|region|interval) between\b", "between"),
    (rf"^{_PICK} the (?:one|ones|thing|object|person) (?:that |which |who )?(is|are|has|have) ", r"which of \1 \2 "),
    (rf"^{_PICK} the (?:one|ones|thing|object|person) with the ", r"which of \1 has the "),
    (rf"^{_PICK} the (?:one|ones|thing|object|person) (?=(?:{MORE}|{MOST}|nearest|closest|farthest|furthest|"
     r"within|at) )",
     r"which of \1 is "),
    (rf"^{_PICK} (?=the (?:{MOST}|nearest|closest|farthest|furthest|most \w+)\b)", r"which of \1 is "),
    (r"^how far is it from (.+?) to (.+)$", r"how far is \1 from \2"),
    # the nearest one from something is the nearest to that
    (r"^how far(?: away)? is (the .+?) from (?:its |the )(nearest|closest) (\w+(?: \w+)?)$",
     r"how far is \1 from the \2 \3 to \1"),
    (r"^(what is the distance) (?:from|between) (the .+?) (to|and) (?:its |the )(nearest|closest)"
     r" (\w+(?: \w+)?)$", r"\1 from \2 to the \4 \5 to \2"),
    (rf"^how (?:much distance|many {METRE}) (?:is there|are there|is|are|lie|lies) between ", "what is the "
     "distance between "),
    (rf"^how many {METRE} (?:separate|separates|lie between) ", "what is the distance between "),
    (r"^how (?:large|big|long|great|small) is the (distance|gap|separation) ", r"what is the \1 "),
    (r"^(?:what|which) distance (?:separates|lies between) ", "what is the distance between "),
    (r"^(?:what|which) distance is (.+?) (?:away )?(?:from|to) (.+)$", r"how far is \1 from \2"),
    (r"^(?:the |give the |give me the |calculate the |compute the |state the |find the |get the |determine the )?"
     r"(distance|separation|gap) (?=between|from|to|of)", r"what is the \1 "),
    (r"^(?:measure|compute|calculate|determine|estimate|give me|say) (how far|how tall|how wide|how fast|how "
     r"high|how long) ", r"\1 "),
    (rf"^by (?:how many {METRE}|what distance|how much) (?:are|is) (.+ and .+) (?:separated|apart)$",
     r"what is the distance between \1"),
    (r"^how far from (?:here|us|me|the camera|the viewer) (is .+)$", r"how far away \1"),
    (r"\bbetween the camera and (the .+)$", r"from the camera to \1"),
    (r"^(how .+|what .+) (?:from here|from us|from me)$", r"\1 from the camera"),
    (r"\b(nearest|closest) (?=(?:the|a|that|this) )", r"\1 to "),
    (r"\bhas the (?:smallest|shortest|least) distance (?:to|from) ", "is closest to "),
    (r"\bhas the (?:largest|greatest|longest|biggest) distance (?:to|from) ", "is farthest from "),
    (r"\bleast far (?:away )?(?:from|to)\b", "closest to"),
    (r"^(which .+?) (is|are) (?:the )?(closest|nearest)(?: one)?$", r"\1 \2 closest to the camera"),
    (r"^(which .+?) (is|are) (?:the )?(?:farthest|furthest|most distant)(?: one)?(?: away)?$", r"\1 \2 farthest "
     r"from the camera"),
    (rf"\b(?:not|no) (?:further|farther|more|greater)(?: away)? than (\d+(?:\.\d+)?) ({METRE})", r"at most \1 \2"),
    (rf"\b(\d+(?:\.\d+)?) ({METRE}) or less (?:away )?(?:from|of) ", r"within \1 \2 of "),
    (rf"\b(?:in|within|inside) a (?:radius|distance|circle) of (\d+(?:\.\d+)?) ({METRE}) (?:around|of|from|"
     rf"about) ", r"within \1 \2 of "),
    (rf"^are (.+) and (.+) (?:within|less than|at most|closer than|no more than) (\d+(?:\.\d+)?) ({METRE}) (?:of "
     rf"each other|apart|from each other)$",
     r"is \1 within \3 \4 of \2"),
    (rf"^(is|are|was|were) the distance (?:between|from|of|to) (?:{_CAMERA} (?:and|to|from) (.+?)|(.+?) (?:and|to|"
     rf"from) {_CAMERA}) ({_BOUND} .+)$", r"\1 \2\3 \4 from the camera"),
    (rf"^is the distance (?:between|from) (.+) (?:and|to) (.+) (?:less than|at most|below|under|smaller than) "
     rf"(\d+(?:\.\d+)?) ({METRE})$",
     r"is \1 within \3 \4 of \2"),
    (rf"^how many {METRE} long (is|are|was|were) ", r"what \1 the length of "),
    (rf"^how long (is|are|was|were) ((?:the|this|that) .+?) (?:(?:as )?(?:measured )?in {METRE})$",
     r"what \1 the length of \2"),
    (rf"^how many {METRE} (tall|high|wide|deep|broad|long) (is|are) ", r"how \1 \2 "),
    (r"^how high (is|are|was|were) ", r"how tall \1 "),
    (rf"^what (?:is|are|was) (.+) 's {MEASURE}$", r"what is the \2 of \1"),
    (rf"^(?:what|which) {MEASURE} (?:does|do|did) (.+) (?:have|reach|get)$", r"what is the \1 of \2"),
    (rf"^(?:what|which) {MEASURE} (?:is|are|was) (.+?)(?: (?:moving|going|running|travelling|driving) "
     rf"at)?$", r"what is the \1 of \2"),
    (rf"^(?:give|state|name|report|say|find|determine|calculate|compute) (?:me )?the {MEASURE} of ",
     r"what is the \1 of "),
    (r"^(?:at|with) (?:what|which) (?:speed|velocity|pace) (?:is|are|was|does|do|did) (.+?) (?:moving|going|"
     r"running|travelling|driving|"
     r"move|go|run|travel|drive)$", r"how fast is \1"),
    (rf"^how many {METRE} (?:per|a) second (?:is|are|was|does|do|did) (.+?) (?:moving|going|running|travelling|"
     rf"driving|move|go|run|"
     r"travel|drive|cover)$", r"how fast is \1"),
    (r"^how (?:fast|quickly) (?:does|do|did|has|have) (.+?) (?:move|go|run|travel|drive|walk|moved|gone|"
     r"travelled|traveled|fly)$",
     r"how fast is \1"),
    (r"^how quickly ", "how fast "),
    (r"^how far (?:has|have|had) (.+?) (?:travelled|traveled|moved|gone|walked|run|come)(?: in "
     r"total)?$", r"how far does \1 travel"),
    (rf"^how (?:much distance|much ground|many {METRE}) (?:does|do|did) (.+?) (?:cover|travel|go|move|walk|"
     rf"run)$", r"how far does \1 travel"),
    (r"^(?:how long is|what is the length of|what is the total length of) the (?:path|way|route|track|"
     r"trajectory) (?:of|that) (.+?)(?: (?:takes|"
     r"took|goes|went|covers))?$", r"how far does \1 travel"),
    (r"^(?:does|do|did) (.+?) (?:lie|stand|sit|appear|come) (closer|nearer|further|farther) ", r"is \1 \2 "),
    (r"^(?:does|do|did) (.+?) (?:lie|stand|sit|appear|hang|rest) neither ", r"is \1 neither "),
    (r"^(?:does|do|did) (.+?) (?:show up|turn up|stand|sit|hang|rest|lie|look|appear)(?: to be)? (?=(?:higher|lower"
     r"|further (?:up|down)|farther (?:up|down)) )", r"is \1 "),
    (r"\b(?:moves|goes|travels|runs|drives) (faster|slower) than\b", r"is \1 than"),
    (r"\b(?:further|farther) up than\b", "higher than"),
    (r"\b(?:further|farther) down than\b", "lower than"),
    (r"^where in (space|3 d|3 d space|the room) (is|are|was) (.+)$", r"where \2 \3 in \1"),
    (r"^what (?:are|is) (.+) 's (coordinates|xyz coordinates|3 d position)$", r"what are the \2 of \1"),
    # time
    (r"^(?:give|list|name|find|show|tell|report|state|provide)(?: me| us)? (?:all )?(?:the )?(?:frames?|seconds?|"
     r"times?|moments?|time spans?|"
     r"spans?|periods?)(?: in which| where| when| during which| at which| that)? ", "when "),
    (r"^(?:what|which) (?:frames?|seconds?|moments?|times?|spans?) (?:show|shows|have|contain|include) ", "when is "),
    (rf"^(?:in|at|during|on|over|for) (?:what|which) (?:times?|seconds?|period|periods|time period|time span|"
     rf"time spans|stretch|interval|"
     rf"intervals|frames?|moments?|points?|span|spans)(?: in time| of time)? (?={AUXILIARY} )", "when "),
    (r"^from when (?:to|until|till) when ", "when "),
    (r"^(when|how long|how often|how many times) (?:do|can|could|did) (?:you|we|i|one) see (.+?) "
     r"(?=\w+ing\b)", r"\1 is \2 "),
    (r"^(when|how long) (?:do|can|could|did) (?:you|we|i|one) see (.+)$", r"\1 is \2 visible"),
    (r"^how many (?:seconds|frames)(?: long)? (is|are|was|were|do|does|did|has|have) ", r"how long \1 "),
    (r"^how much time (is|are|was|were|has|have) (?!there|it|passing)", r"how long \1 "),
    (r"^how long (?:does|do|did) it take (.+?) to ", r"how long does \1 "),
    (r"^how long (?:does|do|did) (.+) (?:stay|remain|keep) (visible|in view|in sight|present)$", r"how long is "
     r"\1 visible"),
    (r"^having (\w+)((?: \w+)*?) ((?:what|who|where|which|does|did|is) .+)$", r"\3 after having \1\2"),
    (r"\b(before|after|once|when|while|until) (?:it|he|she|they) (?:has|had|have) (?=\w+)", r"\1 having "),
    (r"^(?:what is|what was|name|describe) the (first|last) (?:action|activity|deed|thing) (?:of|by) "
     r"(.+)$", r"what does \2 do \1"),
    (r"^what (?:is|was) (?:happening|done|being done|going on|occurring) (?:to|with) ", "what happens to "),
    (r"^(which|what) (?:takes|took|needs) more time ", r"\1 takes longer "),
    (r"^(which|what) (?:takes|took|needs) less time ", r"\1 takes shorter "),
    (r"^(which|what) is (longer|shorter) (?=.+ing .+ or )", r"\1 lasts \2 "),
    (rf"^how (?:does|do|did|has|have) (?:the |this )?(?:{PICTURE}|things|everything|relations)(?: been)? "
     rf"(?:change|changed|differ) ", "what changed "),
    (r"^(?:what|which) (?:changes|differences|change) (?:are there|is there|happen|happened|occur|occurred|took "
     r"place|can be seen|do you see) ",
     "what changed "),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
