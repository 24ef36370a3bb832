"""What people say who work with footage: of this take, pause it at 4 s, frame 34: ..., over the course of the match."""

_VIDEO = (
    r"(?:video|clip|footage|recording|movie|film|sequence|cut|edit|take|reel|tape|vlog|montage|rushes|stream|drill|match"
    r"|game|race|rehearsal|performance|lesson|episode|session|practice|training|bout|sprint|play|heat|half|exercise)"
)
"""What is filmed stands for the film where a stretch of it is named."""
_NUMBER = r"\d+(?:\.\d+)?"
_SECONDS = r"(?:seconds|second|secs|sec|s)"
_ASKS = (
    r"(?=(?:what|who|whom|whose|which|where|how|is|are|was|were|does|do|did|can|has|have|count|list|describe|name)\b)"
)
_JUMP = (
    r"(?:(?:go|jump|skip|seek|scroll|move|scrub|rewind|wind|fast forward|cut|turn)(?: back| forward| ahead| on| over)? "
    r"to|(?:pause|stop|freeze|halt|hold|look at|take)(?: it| this| playback| the \w+)?(?: (?:at|on|in))?)"
)
_TELL = "(?:list|tell me|tell us|give me|name|enumerate|report|recount|say|relate|narrate|describe)"
_THEN = r"(?: [.;])?(?: and| then)*(?: (?:tell|show) me)?"
_INCLUDED = r"(?:inclusive|inclusively|included|both included|both inclusive|both frames included|all inclusive)"
_OCCURRENCE = r"(?:bout|spell|stretch|episode|instance|stint|round|burst|occurrence|repetition|rep|run|period|go)"
_NTH = r"(?:very )?(?:first|second|third|fourth|fifth|sixth|seventh|last|final|\d+ (?:st|nd|rd|th))"
_MOVES = (
    r"(?:covers?|covered|covering|travels?|travelled|traveled|goes|went|moves?|moved|runs?|ran|takes?|took|walks?|walked"
    r"|follows?|followed)"
)
_WAY = r"(?:distance|ground|way|stretch of ground|path|route|track|trajectory|journey)"
_ORDERED = (
    r"(?:in order|step by step|one by one|one after the other|one after another|in sequence|chronologically|in turn"
    r"|in (?:the )?(?:chronological|temporal|right|correct|time) (?:order|sequence))"
)

FOOTAGE: tuple[tuple[str, str], ...] = (
    # what stands beside a stretch of time
    (rf"\b({_NUMBER}) ({_SECONDS}) of (?:the|this|that|my|our|your) {_VIDEO}\b", r"\1 \2"),
    (rf"\b(frames? \d+(?: (?:to|through|and|until|-) \d+)?|{_NUMBER} {_SECONDS}) (?:of|in|from) (?:my|our|your|this) "
     rf"{_VIDEO}\b", r"\1"),
    (rf"\b(?:over|in|during|throughout) the course of (?:the |this |that )?(?=(?:first|last|final|opening|closing) "
     rf"{_NUMBER} {_SECONDS}\b)", "in the "),
    (rf"^(how (?:many|often)\b.*|(?:which|what|who)\b.*) (?:over|in|during) the course of (?:the|this|that|my|our|your)"
     rf"(?: (?:whole|entire))? {_VIDEO}$", r"\1"),
    (rf" (?:in|during|over|on) (?:this|my|our|your) {_VIDEO}$", ""),
    (rf"\bin (?:the|this|my|our) {_VIDEO} (?=(?:from|between|at|after|before|during) )", ""),
    (rf"^(?:in|over the course of|in the course of|throughout) (?:this|my|our|your) {_VIDEO} {_ASKS}", ""),
    (r"\b(is|was|be|been|being|seen|shown|shows? up|showed up|appears?|appeared|are|were) on (?:the |this |my |our )?"
     r"(?:camera|tape|film)\b", r"\1 visible"),
    (r"\b(shows? up|showed up|appears?|appeared|seen|shown) visible\b", r"\1"),
    (r"\b(visible|in view|in sight) on (?:the |this )?(?:screen|camera)\b", r"\1"),
    (r"\b((?:left|right) of|above|below|under|behind|beside|near) ((?:the|a|an) \w+(?: \w+)?) on (?:the )?screen$",
     r"\1 \2"),
    (r"\b(chang(?:e|es|ed)|different|differs?|happen(?:s|ed|ing)?|going on) on (?:the )?(?:camera|screen|film|tape)\b",
     r"\1"),
    (r"^((?:which|what|who|how many)\b.*? (?:is|are|was|were)) (?:in view|on screen|in shot|in sight)\b",
     r"\1 visible"),
    (r"\b(disappear(?:s|ed|ing)?|vanish(?:es|ed|ing)?) from (?:view|sight|the (?:picture|frame|screen|shot|scene"
     r"|video))\b", r"\1"),
    (r"\b(comes?|came|coming) (?:in)?to (?:the |this )?(?:shot|frame(?! \d)|picture|screen)\b", r"\1 into view"),
    (r"\b(anybody|anyone|anything) but (?=(?:the|a|an) )", r"\1 other than "),
    # frames and seconds
    (rf"^{_JUMP} (?:the )?frame (?:number )?(\d+){_THEN} {_ASKS}", r"in frame \1 "),
    (rf"^{_JUMP} (?:the )?(?:second |time )?({_NUMBER})(?: {_SECONDS}| second mark)?{_THEN} {_ASKS}",
     r"at second \1 "),
    (rf"^frame (?:number )?(\d+)(?: [.;-])? {_ASKS}", r"in frame \1 "),
    (rf"^(?:second|time) ({_NUMBER})(?: [.;-])? {_ASKS}", r"at second \1 "),
    (rf"^({_NUMBER}) {_SECONDS}(?: in)?(?: [.;-])? {_ASKS}", r"at second \1 "),
    (rf"\b(?:from|in|between|over|within) frames? (\d+) (?:through|thru|up to|to|until|till|and|-)(?: to)?(?: and)? "
     rf"(?:frame )?(\d+)(?: {_INCLUDED})?\b", r"between frames \1 and \2"),
    (rf"\b(frames \d+ (?:to|and|through|until|-) \d+) {_INCLUDED}\b", r"\1"),
    # whenever it is
    (r"\bat any (?:point|time|moment|stage)(?: at all| in time)? (?=(?:after|before|while|when|during) )", ""),
    (r"\b(?:(?:for|during|throughout|over) )?the (?:whole|entire|full|complete) (?:time|duration|period|stretch)"
     r"(?: (?:that|when|while|in which|during which|for which|over which))? (?=(?:the|a|an) )", "all the time while "),
    (r"\b(?:for )?(?:all|every bit) of the time (?:that |when |while )(?=(?:the|a|an) )", "all the time while "),
    # bouts
    (rf"\b(the {_NTH}) {_OCCURRENCE} (?:of|in which|when|where|during which) (?=(?:the |a |an )?[\w ]*?\w+ing\b)",
     r"\1 time "),
    (rf"\bduring (?=the {_NTH} time\b)", "in "),
    (r"^how many (?:separate |different |distinct )?(?:repetitions|reps|occurrences|instances|bursts|spells|bouts|runs"
     r"|episodes|rounds|cases) of (?=(?:the|a|an) .*\w+ing\b)(.+?)(?: (?:(?:are|were)(?: there)?|(?:do|can) "
     rf"(?:you|we|i) (?:see|count)|can be (?:seen|counted)|occur)(?: in (?:the|this|my|our) {_VIDEO})?)?$",
     r"how many times does it happen that \1"),
    # in what order
    (r"\bin the (?:same )?(?:order|sequence) (?:in which |that )?(?:they|it|these|this|those|all of them) "
     r"(?:happen|happens|happened|occur|occurs|occurred|took place|take place|come|came|were done|are done)\b",
     "in order"),
    (rf"^{_TELL} {_ORDERED} (?:all |"
     r"everything )(?:of what |that |which )?(?:happens|happened|occurs|occurred|goes on|went on|takes place)\b",
     "what happens in order"),
    (rf"^{_TELL} {_ORDERED} "
     r"(?:everything |all )?(?:what |that |which )?((?:the|a|an|this|that) [\w ]+?) (?:does|did|do|is doing|was doing"
     r"|has done)(?= |$)", r"what does \1 do in order"),
    (r"^(?:what|which) (?:events|actions|activities|things|incidents) (?:happen|happened|occur|occurred|take place"
     r"|took place|unfold|unfolded|go on|went on)(?= (?:between|from|in|during|after|before|while|when|at|within) |$)",
     "what happens"),
    (r"^(?:sum up|recap|summarise|summarize|outline) (?=what (?:is|was|happens|goes|took|takes) )", ""),
    # measured in seconds
    (r"\b(?:time )?(?:gap|delay|interval|pause|wait|break|difference) (?:in|measured in|expressed in) (?:seconds|secs"
     r"|frames)\b", "time gap"),
    (r"\b(time|duration|length) (?:in|measured in|expressed in) (?:seconds|secs|frames)\b", r"\1"),
    (r"^((?:the )?(?:total |overall )?(?:time|duration|amount of time)\b.*) in (?:seconds|secs|frames)$", r"\1"),
    (r"^((?:.* )?what (?:is|was|were)) (?:taking place|occurring|playing out)\b", r"\1 happening"),
    # movement
    (r"\b(?:(?:has|have|had) )?(?:moved|moves|gone|went|goes|travelled|travels|come|came|got|gets) (?:the )?(?:furthest"
     r"|farthest) (?:away )?from (?:where (?:it|he|she|they) (?:started|began|was|were|was first|set out)"
     r"|(?:its|his|her|their) (?:start|starting (?:place|point|spot|position)))$",
     "ended up the farthest from its starting place"),
    (rf"^(which|what|whose) (.+?) 's {_WAY} (?:is|was) (?:the )?(longest|shortest)$", r"\1 \2 has the \3 path"),
    (rf"\b{_MOVES} (?:along |over )?(?:the |a )?(?:greatest|longest|largest|biggest|most) {_WAY}"
     r"(?: (?:over|in|during|throughout) (?:the|this) (?:video|clip|footage))?$", "travels the farthest"),
    (rf"\b{_MOVES} (?:along |over )?(?:the |a )?(?:smallest|shortest|least) {_WAY}$", "travels the least far"),
    (r"^(which .+?|who|what) (?:moves?|moved|goes|went|travels?|travelled|runs?|ran) (?:the )?(slowest|fastest|most "
     r"slowly|most quickly)$", r"\1 is the \2"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
