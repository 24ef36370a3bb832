"""Stretches of time in other words: the moment in which, at the 5 second mark, as the clip opens, on screen."""

from assistant.patterns import AUXILIARY, PLACE

COINCIDING = "@coinciding"
"""A word of ours, which no question has, for: over exactly the same stretch of time as."""
_VIDEO = r"(?:video|clip|footage|recording|movie|film|sequence|shot|scene)"
_SOME_TIME = r"(?:any time|anytime|some time|sometime)"
_NUMBER = r"\d+(?:\.\d+)?"
_SECONDS = r"(?:seconds|second|secs|sec|s)"
_EXACT = (
    r"(?:(?:exact|exactly|precise|time|temporal|video|whole|entire|same|very|complete|full|relevant|corresponding"
    r"|specific|separate|different|start and end|begin and end|beginning and end|precise) )*"
)
_TIMES = (
    r"(?:moments?|times?|timestamps?|time stamps?|instants?|seconds?|frames?|frame numbers?|intervals?|periods?"
    r"|occasions?|time frames?|timeframes?|minutes?)"
)
"""Nouns that are about time wherever they stand."""
_PARTS = (
    r"(?:segments?|sections?|parts?|portions?|stretch(?:es)?|phases?|spans?|points?|bits?|passages?|ranges?|spells?)"
)
"""Nouns that are about time where the rest of the sentence says so."""
_OF_VIDEO = rf"(?: (?:of|in|from) (?:the |this |that )?{_VIDEO})"
_OF = rf"(?:{_OF_VIDEO}| of time| in time| of frames)?"
_WHEN = (
    r"(?:when|where|wherein|in which|at which|during which|over which|for which|on which|within which"
    r"|throughout which|as|while)"
)
_THAT = rf"(?:{_WHEN}|that(?! (?:shows?|has|have|contains?|features?|includes?|is|are|was|were) ))"
_ACTS = r"(?=(?:the|a|an|it|he|she|they|this|that|someone|somebody|anyone|anybody|both|no|every|all|some|any) )"
_FIND = (
    r"(?:find|locate|show|give|name|identify|retrieve|mark|get|return|pick out|point out|point to|cut out|cut|list"
    r"|determine|specify|state|tell|report|select|extract|spot|search for|look for|what is|what are|what was"
    r"|what were|which is|which are|i need|i want|provide|indicate|detect|highlight|jump to|skip to|go to)"
    r"(?: me| us)?(?: all| every| each)?(?: of)?(?: the| a| any| an)?"
)
_DURING = r"(?:at|during|in|on|over|for|throughout|within|through|across|inside)"
_BEGINS = r"(?:begins|starts|opens|began|started|opened|commences|commenced|is starting|is beginning|kicks off)"
_ENDS = (
    r"(?:ends|stops|finishes|closes|concludes|ended|stopped|finished|closed|concluded|is over|was over|is finished"
    r"|comes to an end|came to an end|is ending|cuts off|runs out)"
)
_AS = r"(?:(?:right |just )?(?:when|as|at the (?:moment|time|instant|point)(?: when| that| at which)?|the moment))"
_SECOND_N = rf"second ({_NUMBER})"
_WHETHER = r"(?:is|are|was|were|does|do|did|has|have)"
_ANY_NAME = r"(?:the|a|an|any|some|anybody|somebody|anyone|someone)(?: [\w-]+){0,4}?"
_ALL_TIME = "|".join(
    (
        r"(?:during|throughout|over|for|across|through|in) (?:the|this) (?:whole|entire|complete|full|whole of the) "
        rf"(?:{_VIDEO}|time|duration|length)(?: of (?:the |this )?{_VIDEO})?",
        r"(?:throughout|all through|all throughout|for all of|during all of|for the duration of|in all of"
        rf"|over the course of) (?:the |this )?{_VIDEO}",
        rf"in (?:each|every|each and every|every single|all|all of)(?: the)? frames?(?: of (?:the |this )?{_VIDEO})?",
        r"from (?:the )?(?:very )?(?:start|beginning|first frame|first) (?:to|until|till|through to) (?:the )?"
        r"(?:very )?(?:end|finish|last frame|last)",
        r"the (?:whole|entire|full) (?:time|way through)|at all times|all along|all the while|non stop|nonstop"
        r"|at (?:every|each) moment|at every point in time|throughout",
        r"without (?:a |any )?(?:break|interruption|pause)|uninterrupted(?:ly)?|the (?:whole|entire) (?:video|clip)",
    )
)
"""What says of an event that it happens in every frame."""

_STRETCH = (
    r"(?:stretch(?:es)?|frames?|spans?|intervals?|periods?|seconds|range|window|section|part|time|times|duration"
    r"|time spans?|time intervals?|time periods?|time frames?)(?: of (?:time|frames|the video|the clip))?"
)
_SAME = (
    r"(?:exactly|precisely|just) (?:the |those |this |that )(?:(?:very|exact|identical) )?(?:same )?",
    r"the (?:very|exact|exactly) same ",
)
_OVER = r"(?:over|during|for|in|throughout|within|across|through)"

TIMES: tuple[tuple[str, str], ...] = (
    # what comes after something happens then
    (r"^what (?:else )?(?:comes|came|follows|followed) (?:right |directly |immediately )?after "
     r"(?=(?:the|a|an) .+ing\b)",
     "what happens after "),
    (r"^what (?:follows|followed) (?=(?:the|a|an) .+ing\b)", "what happens after "),
    (r"^what (?:comes|came|goes|went) (?:right |directly |immediately )?before (?=(?:the|a|an) .+ing\b)",
     "what happens before "),
    (r"^what (?:precedes|preceded) (?=(?:the|a|an) .+ing\b)", "what happens before "),
    # who appears first is a person
    (r"^who (?=(?:appears?|appeared|shows? up|showed up|comes? into view|came into view|enters? view|entered view"
     r"|(?:is|was) (?:seen|visible|shown)|disappears?|disappeared|leaves? view|left view|vanishe[sd]) (?:first|last)$)",
     "which person "),
    # after how many seconds it happens is when it does
    (r"^(?:after how many (?:seconds|frames)|how many (?:seconds|frames) (?:in|into (?:the|this) (?:video|clip|footage"
     r"|recording|film|movie))) (?=(?:do|does|did|is|are|was|were) )", "when "),
    # where something ends up is where it is at the end
    (r"^where (?:do|does|did) ((?:the|a|an|this|that) .+?) (?:end up|wind up|finish up)$",
     r"where is \1 at the end of the video"),
    # what one had been doing when something happened was before it
    (r"^((?:for )?how (?:long|many seconds|many frames|much time)) had (.+?) (?:already )?been (.+?) "
     r"(?:when|by the time|at the time|at the moment|until) (?=(?:the|a|an|it|he|she|they) )",
     r"\1 had \2 been \3 before "),
    # over exactly the same frames: neither begins or ends before the other
    *((rf"\b{_OVER} {same}{_STRETCH} (?:in which|during which|over which|for which|throughout which|through which|when"
       r"|where|that|as|while|as when) (?=(?:the|a|an|some|any|it|he|she|they) )", f"{COINCIDING} ") for same in _SAME),
    *((rf"\b{_OVER} {same}{_STRETCH}$", COINCIDING) for same in _SAME),
    # seconds and frames
    (rf"\b(?:the )?({_NUMBER})(?: -)? {_SECONDS} (?:mark|point|timestamp|time stamp|position|line|time mark)\b",
     r"second \1"),
    (rf"\b(?:the )?(?:timestamp|time stamp|time code|moment|time)(?: (?:of|t|t =|=))? ({_NUMBER})(?: {_SECONDS}\b)?"
     r"(?! (?:mark|times?)\b)", r"second \1"),
    (rf"\bt = ({_NUMBER})(?: {_SECONDS}\b)?", r"second \1"),
    (r"\bframe (?:number|no \.|no|nr|id|index|#) (?=\d)", "frame "),
    (r"\bframe #(?=\d)", "frame "),
    (rf"\bwhen ({_NUMBER}) {_SECONDS} (?:have|has) (?:passed|elapsed|gone by|gone)\b", r"at second \1"),
    (rf"\b(?:beyond|past|later than|subsequent to|following|{_SOME_TIME} after) "
     rf"(?=(?:the )?(?:{_SECOND_N}|{_NUMBER} {_SECONDS}|frame \d)\b)", "after "),
    (rf"\b(?:earlier than|prior to|ahead of|preceding|{_SOME_TIME} before|up until|by|no later than"
     rf"|not after) (?=(?:the )?(?:{_SECOND_N}|{_NUMBER} {_SECONDS}|frame \d)\b)", "before "),
    (rf"\b(?:starting|beginning|onwards? from|from) (?:at |from |with )?(?:the )?(?:{_SECOND_N}|({_NUMBER}) "
     rf"{_SECONDS})(?: (?:on|onwards?|forwards?|forth|and later))?(?: (?:to|until|till) the (?:very )?end)?"
     r"(?= (?:is|are|was|were|does|do|did|what|who|which|where|how|has|have|can)\b|$)", r"from second \1\2 on"),
    (rf"\b(?:from|between|since) (?:the )?(?:{_SECOND_N}|({_NUMBER}) {_SECONDS}) (?:to|until|till|and|up to) the "
     r"(?:very )?end\b", r"from second \1\2 on"),
    (rf"\b(?:from|between|since) the (?:very )?(?:start|beginning) (?:to|until|till|and|up to) (?:the )?"
     rf"(?:{_SECOND_N}|({_NUMBER}) {_SECONDS}\b)", r"before second \1\2"),
    (rf"\bafter (?:the )?(?:first|initial|opening) ({_NUMBER}) {_SECONDS}\b", r"after second \1"),
    (rf"\bafter (?:the )?(?:{_SECOND_N}|({_NUMBER}) {_SECONDS}) (?:and|but) before (?:the )?(?:{_SECOND_N}|({_NUMBER}) "
     rf"{_SECONDS}\b)", r"between second \1\2 and second \3\4"),
    (rf"\b(?:in|during|within|over|for|at|throughout) (?:the )?seconds ({_NUMBER}) (?:to|through|until|till|and|-|–) "
     rf"(?:second )?({_NUMBER})\b", r"between second \1 and second \2"),
    (rf"\b(between|from) (?:the )?(?:{_SECOND_N}|({_NUMBER}) {_SECONDS}) (?:and|to|until|till|through|up to) (?:the )?"
     rf"(?:{_SECOND_N}|({_NUMBER}) {_SECONDS}\b)", r"between second \2\3 and second \4\5"),
    (rf"\b(?:in|during|over|for|within) the ({_NUMBER}) {_SECONDS} (?:before|prior to|leading up to|up to|until|at) "
     rf"the (?:very )?end\b", r"in the last \1 seconds"),
    (rf"\b(?:in|during|over|for|within) the ({_NUMBER}) {_SECONDS} (?:after|from|following|at) the "
     rf"(?:very )?(?:start|beginning)\b", r"in the first \1 seconds"),
    (rf"\b(in|during|within|over|for|throughout) the (?:last|final|closing|ending|concluding) ({_NUMBER}) ({_SECONDS}) "
     rf"of (?:the |this )?{_VIDEO}\b", r"\1 the last \2 \3"),
    (rf"\b({_NUMBER}) {_SECONDS} (?:after|from when|from the moment) (?:the |this )?{_VIDEO} {_BEGINS}\b",
     r"at second \1"),
    (rf"\b(?:in|during|over|within) the (?:time )?(?:interval|window|span|period|range|stretch)(?: from)? ({_NUMBER})"
     rf"(?: {_SECONDS})? (?:to|until|-|–) ({_NUMBER})(?: {_SECONDS}\b)?", r"between second \1 and second \2"),
    (rf"\b(?:in|during|over|within|for) the ({_NUMBER})(?: {_SECONDS})? (?:to|-|–) ({_NUMBER}) {_SECONDS} (?:interval"
     r"|window|span|period|range|stretch)\b", r"between second \1 and second \2"),
    (r"\b(?:in|during|over|within|for|across|throughout|through)(?: the)? frames (?:from |between )?(\d+) "
     r"(?:to|until|through|and|-|–) (?:frame )?(\d+)\b", r"between frames \1 and \2"),
    (rf"\bat (?={_NUMBER} {_SECONDS} (?:in|into)\b)", ""),
    (rf"\bthe {_VIDEO} 's (first|last|final|opening|closing|initial) (?={_NUMBER} )", r"the \1 "),
    # start and end
    (rf"\b{_AS} (?:the |this |our )?{_VIDEO}(?: first)? {_BEGINS}\b(?! (?:with|to|by)\b)", "at the start"),
    (rf"\b{_AS} (?:the |this |our )?{_VIDEO}(?: finally)? {_ENDS}\b(?! (?:with|by)\b)", "at the end"),
    (r"\bat the (?:very )?(?:opening|onset|commencement)\b(?! (?:frame|shot|moment|scene|second|\d))", "at the start"),
    (r"\b(?:at|in) the (?:very )?(?:close|conclusion|finish|ending|closing)\b(?! (?:frame|shot|moment|second|\d))",
     "at the end"),
    (rf"\b(at|in|by|from|to|until) (?:the |this )?{_VIDEO} 's (?:very )?(start|beginning|end|opening|close|first frame"
     r"|last frame|final frame|opening frame|closing frame)\b", r"\1 the \2"),
    (r"\b(?:looking at|considering|consider|look at|take|given|for|if we look at|focusing on|examine|examining"
     r"|regarding|as for|going by|within|from|of) (?=(?:frame \d|the (?:very )?(?:first|last|opening|closing|final"
     r"|initial) frame))", "in "),
    (rf"\b(\d+|first|last|opening|closing|final|initial) frame of (?:the |this )?{_VIDEO}\b", r"\1 frame"),
    (rf"^had ({_ANY_NAME}) (?:already |ever )?(.+) (?:already )?(?:when|by the time|by the moment|at the moment when) "
     rf"(?={_ANY_NAME} )", r"had \1 \2 before "),
    # stretches in which something happens
    (r"\bfrom (?:the (?:moment|time|point)(?: when| that)? |when )(?=the [\w ]+? (?:stops|stopped|finishes|finished"
     r"|ceases|is done) )(?!.*\b(?:until|till)\b)", "after "),
    (rf"^{_FIND} {_EXACT}{_TIMES}{_OF} {_THAT} (?=\S)", "when "),
    (rf"^{_FIND} {_EXACT}{_PARTS}{_OF} {_WHEN} (?=\S)", "when "),
    (rf"^{_FIND} {_EXACT}(?:clip|scene|shot) {_WHEN} (?=\S)", "when "),
    (rf"^{_FIND} {_EXACT}(?:moments?|times?|instants?|timestamps?){_OF} {_ACTS}(?!.* (?:happen|start|begin|end)s?$)",
     "when "),
    (rf"^(?:(?:at|in|on|during|over|throughout|within|between|across|for|around|from) )?(?:which|what) {_EXACT}"
     rf"(?:moments?|times?|timestamps?|time stamps?|instants?|seconds?|frames?|intervals?|periods?|time frames?"
     rf"|minutes?){_OF} (?={AUXILIARY} (?!there|the (?:first|last|second|third|very)))", "when "),
    (rf"^(?:at|in|on|during|over|throughout|within|between|across) (?:which|what) {_EXACT}{_PARTS}{_OF_VIDEO} "
     rf"(?={AUXILIARY} )", "when "),
    (rf"^(?:during|over|throughout|within|across|between|at) (?:which|what) {_EXACT}{_PARTS}{_OF} (?={AUXILIARY} )",
     "when "),
    (rf"^in (?:which|what) {_EXACT}(?:segments?|stretch(?:es)?|phases?|spans?|passages?){_OF} (?={AUXILIARY} )",
     "when "),
    (rf"^(?:whereabouts|where) in (?:the |this )?{_VIDEO} (?={AUXILIARY} .* \w+(?:ing|ed|en|s)\b)", "when "),
    (r"^from when (?:to|until|till) when ", "when "),
    (r"^(when|how long|how often|how many times) (?:is|was) it that ", r"\1 "),
    (r"(?:\bduring|^at|^on|^in) (?=the (?:very )?(?:\w+|\d+ (?:st|nd|rd|th)) (?:time|occasion)(?: that| when)? "
     r"(?:the|a|an|it|he|she|they) )", ""),
    (r"\bthe ((?:very )?(?:\w+|\d+ (?:st|nd|rd|th))) (?:occasion|instance) (?:on which|that|when|in which) ",
     r"the \1 time "),
    (rf"\b(before|after|until|till|up to|up until|since|prior to|following|subsequent to) the {_EXACT}"
     rf"(?:moment|instant|time|point|second|frame){_OF}(?: (?:when|that|at which|where|in which))? {_ACTS}", r"\1 "),
    (rf"\b{_DURING} (?:the|those|that|this|all) (?:the )?{_EXACT}(?:{_TIMES}|{_PARTS}){_OF} {_THAT} (?=\S)", "while "),
    (rf"\b{_DURING} the {_EXACT}(?:clip|scene|shot) (?:when|where|in which|during which) (?=\S)", "while "),
    (rf"\b(?:{_DURING} )?the (?:very |exact |precise |same )*(?:moment|instant|point|second) {_ACTS}", "while "),
    (r"\b(?:in|during|over|within|for|throughout|on) the (?:(?:time|whole|entire) )*(?:time|period|frames|interval"
     rf"|part|span|stretch|window|section|segment|portion|range){_OF} (?=(?:before|after|between|from|until|up to"
     r"|while|prior to|following|preceding) )", ""),
    (rf"\b(?:subsequent to|subsequently to|{_SOME_TIME} after|upon completion of|in the wake of) ",
     "after "),
    (rf"\b(?:previous to|earlier than|in advance of|up until|{_SOME_TIME} before|ahead of)"
     r"(?= (?:when |the \w+(?: \w+)? \w+(?:ing|s|ed)\b|\w+ing\b))", "before"),
    # all the time
    (rf"^({_WHETHER}\b.*?) (?:{_ALL_TIME})(?= (?:while|before|after|between|until|when)\b|$)", r"\1 all the time"),
    (r"\b(thing|event|action) (?:to happen|to occur|happening|occurring) to\b", r"\1 that happens to"),
    (r"^count (?:the|all the|all) (?:seconds|frames) (?:in which|where|when|during which|at which) ", "how long "),
    (r"^(?:in|at|on|during|over) how many (?:separate |different |distinct |individual )?(?:times|occasions|stretches"
     r"|intervals|periods|instances) ", "how often "),
    (r"^for a total of how many ", "for how many "),
    (r"^(?:what|how much) (?:total |amount of |total amount of )?time (do|does|did) (.+? spend) ", r"how long \1 \2 "),
    (r"^how (?:long|much time|many seconds) (?:do|does|did) (.+?) spend (?:on screen|in view|visible)$",
     r"how long is \1 visible"),
    (r"\b(appears?|appeared) (?:on (?:the )?screen|in view)\b", r"\1"),
    (r"\b(comes?|came) (?:on|onto|on to) (?:the )?screen\b", "come into view"),
    (r"\b(?:goes|go|went) off (?:the )?screen\b", "go out of view"),
    (r"\ball the while (?=the |a |an )", "while "),
    # first by the dog: by the dog first
    (r"\b(is|are|was|were|gets?|got|being|be) (\w+(?: at)?) (first|last|earlier|later|longer|longest|for longer|sooner)"
     r" by ((?:the|a|an) \w+)\b", r"\1 \2 by \4 \3"),
    (r"^how (long|many seconds|much time) (does|did) it take ((?:the|a|an) .+?) to (.+?) (?:after|once) (.+)$",
     r"how \1 after \5 \2 \3 \4"),
    # in view
    (r"\b(?:on screen|on camera|in shot|in frame(?! (?:#|\d))|within view|within sight)\b", "in view"),
    (rf"^((?:when|how long|how often|how many times|how many seconds|since when|until when|for how long)"
     rf"(?: {AUXILIARY})? (?:the|a|an|this|that) \w+(?: (?!{PLACE}\b)(?!\w+ing\b)\w+)?"
     rf"(?: (?:be|being|stay|stays|remain|remains|kept))?) (?:in|inside) (?:the |this )?"
     rf"(?:frame|picture|shot|view|image|video|clip|footage|scene)( for the (?:first|last) time|)$", r"\1 visible\2"),
    (r"\b(enters?|entered|leaves?|left|exits?|exited|leaving|entering) (?:the |this )?(?:frame|picture|shot|view|image"
     r"|scene|screen|field of view|video)\b", r"\1 view"),
    (r"^(?:for|during) (?:which|what) (?:length|amount|period|stretch|span) of time ", "how long "),
    (r"^how (?:long|much time) (?:altogether|in total|overall|all together|in all) ", "how long "),
    (r"^(?:over|across|during|for|in|through) how many (?:seconds|frames) ", "how long "),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
