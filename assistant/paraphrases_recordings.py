"""What people say of a recording, in other words: drops out of sight, over the recording, on camera without a break."""

from assistant.patterns import METRE

_VIDEO = r"(?:video|clip|footage|recording|movie|film|sequence)"
_FRAMED = rf"(?:{_VIDEO}|picture|frame|shot|scene|image|view|field of view)"
_BREAK = r"(?:break|gap|interruption|pause|cut|let up|letup|hiatus)"
_WHOLE = r"(?:whole|entire|full|complete)"
_GOES_OUT = tuple(
    (rf"\b(?:{'|'.join(forms)}) (?:right |completely |entirely )?(?:out of|from) (?:the |our )?"
     rf"(?:view|sight|{_FRAMED})\b(?! \d)", plain)
    for forms, plain in (
        (("drop", "fall", "slip", "pass", "fade", "slide", "drift", "vanish"), "disappear"),
        (("drops", "falls", "slips", "passes", "fades", "slides", "drifts", "vanishes"), "disappears"),
        (("dropped", "fell", "slipped", "passed", "faded", "slid", "drifted", "vanished"), "disappeared"),
        (("dropping", "falling", "slipping", "passing", "fading", "sliding", "drifting", "going", "vanishing"),
         "disappearing"),
    )
)  # fmt: skip
"""What drops out of sight is no longer seen: it is not a deed of dropping something."""
_VIEW_LEFT = r"(?:view|field of view)"
_ACTIVITY = r"(?:activity|action|deed|event|thing)"
_WRITTEN_DOWN = r"(?:logged|recorded|noted|listed|annotated|registered|documented|marked|reported|on record)"
_FIRST_LAST = r"(?:very )?(?:first|last|final|latest|earliest|opening|closing)"
_NOT_YET = r"(?:begin|start|take up|engage in|get into|turn to|embark on|commence|set about)"
_HAPPENED = (
    r"(?:start|starts|started|begin|begins|began|commence|commenced|were started|are started|appear|appeared|arise|"
    r"are logged|were logged|are recorded|were recorded|are performed|were performed)"
)
_THEY = r"(?:they|it|these|this|those|all of them|each of them|each)"
_LENGTHS = r"(?:path|road|way|ground|distance|track|route|trajectory)"
_SEEN_IN = (
    r"(?:(?:is|are|was|were) (?:seen|shown|visible|tracked|present|in view|annotated|followed|there|detected)"
    r"|shows? up|showed up|appears?|appeared|occurs?|occurred|features?|featured|turns? up|turned up)"
)
_MOST_FRAMES = (
    r"(?:the (?:most|largest number of|greatest number of|highest number of) frames|more frames than (?:any|all|every)"
    r"(?: of the)? (?:other|others)(?: one| ones)?)"
)
_FEWEST_FRAMES = (
    r"(?:the (?:fewest|least|smallest number of|lowest number of) frames|fewer frames than (?:any|all|every)(?: of"
    r" the)? (?:other|others)(?: one| ones)?)"
)
_OVERLAPS = r"(overlap|overlaps|overlapped|overlapping|intersect|intersects)"
_SCAN = r"3(?: ?-)? ?d (?:scan|scene|reconstruction|space|world|model|point cloud|map)"
_FACE = r"(?: round| around)? (?:to face|to look at|towards?|to|facing|looking at)"
_PLURAL_END = r"(?:s|people|children|men|women)"

RECORDINGS: tuple[tuple[str, str], ...] = (
    # out of view, into view
    *_GOES_OUT,
    (rf"\bleaving (?:the |our )?{_VIEW_LEFT}\b", "disappearing"),
    (rf"\b(?:leaves) (?:the |our ){_VIEW_LEFT}\b", "disappears"),
    (rf"\b(?:has |have |had )?left (?:the |our ){_VIEW_LEFT}\b", "disappeared"),
    (rf"\bleave (?:the |our ){_VIEW_LEFT}\b", "disappear"),
    (r"\b(disappear(?:s|ed|ing)\b.*?) (?:next |then |again )?(?:comes|came) (?:back )?(?:next |again )?(?:in)?to it"
     r"(?: next| again)?(?= |$)", r"\1 appears"),
    (r"\b(disappear(?:s|ed|ing)\b.*?) (?:next |then |again )?(?:appears|comes into view|came into view|appeared"
     r"|re-?appears|re-?appeared|shows up|showed up|comes back into view|came back into view)(?: next| again)?$",
     r"\1 appears"),
    # times over a recording
    (r"\bhow many (?:separate|different|distinct|individual) times (?=(?:do|does|did|is|are|was|were|can|has|have)\b)",
     "how many times "),
    (rf"^(how (?:many times|often|frequently|many seconds|long)\b.*?) (?:over|during|in|throughout|across|within) "
     rf"(?:the|this) (?:(?:{_WHOLE}) )?(?:length of the )?{_VIDEO}$", r"\1"),
    # all the time, without a break
    (rf"\b(?:for|during|throughout|through|over|in) (?:the |this )?(?:{_WHOLE} )?(?:duration of the )?{_VIDEO} "
     rf"(?:without (?:a |any |a single |even a |ever a )?{_BREAK}s?|uninterrupted(?:ly)?|continuously"
     r"|without (?:interruption|ceasing|exception))$", "all the time"),
    (rf"\b(?:all the time|the whole time|throughout|continuously) without (?:a |any |a single |even a )?{_BREAK}s?$",
     "all the time"),
    # how much of the recording
    (rf"\b(takes?|took|occupy|occupies|occupied|fills?|filled|covers?|covered|accounts? for|accounted for|uses?|used)"
     rf"(?: up)? (?:the |a )?(more|less|most|least|larger part|smaller part|bigger part|larger share|smaller share|"
     rf"bigger share)(?: of)? (?:the |this )?(?:time (?:in|of) (?:the )?)?(?:{_VIDEO}|time)\b", r"takes \2 time"),
    (r"\btakes (?:larger|bigger) (?:part|share) time\b", "takes more time"),
    (r"\btakes smaller (?:part|share) time\b", "takes less time"),
    (r"^((?!(?:is|are|was|were|which|what) )\w+ing .+ or \w+ing .+?) (which (?:one )?(?:of (?:them|the two|these|"
     r"those) )?(?:do|does|did|is|was) (?:the|a|an|it|he|she|they)\b.*)$", r"\2 \1"),
    # activities
    (rf"^(?:what|which) (?:of the )?(?:activity|action|deed) (do|does|did) (.+?) {_NOT_YET} (first|last)(?: of all)?"
     rf"(?: in (?:the|this) {_VIDEO})?$", r"what \1 \2 do \3"),
    (rf"\b(the {_FIRST_LAST} {_ACTIVITY}) (?:(?:that|which) (?:is|was|has been) |to be )?{_WRITTEN_DOWN} "
     r"(?:for|of|by|with) (?=(?:the|a|an|this|that) )", r"\1 of "),
    (rf"\b((?:the|a|an|this|that) [\w ]+? 's {_FIRST_LAST} {_ACTIVITY}) (?:(?:that|which) (?:is|was|has been) |to be )?"
     rf"{_WRITTEN_DOWN}$", r"\1"),
    (rf"\b((?:the|a|an|this|that) [\w ]+? 's {_FIRST_LAST}) {_WRITTEN_DOWN} ({_ACTIVITY})\b", r"\1 \2"),
    (rf"\b(the {_FIRST_LAST}) {_WRITTEN_DOWN} ({_ACTIVITY}) (?=(?:of|for|by) )", r"\1 \2 "),
    (r"^(?:what|which) (?:activity|action|deed) (?:is|was) (?:begun|started|commenced|taken up) (first|last) by "
     r"((?:the|a|an|this|that) [\w ]+)$", r"what does \2 do \1"),
    (r"^(?:what|which) (?:activity|action|deed) of ((?:the|this|that) [\w ]+?) (?:starts|begins|started|began|comes"
     r"|came) (first|last)$", r"what does \1 do \2"),
    (r"^(?:what|which)(?: one)? of ((?:the|this|that) [\w ]+?) 's (?:activities|actions|deeds) (?:starts|begins|started"
     r"|began|comes|came) (first|last)$", r"what does \1 do \2"),
    (rf"\bin the (?:same )?(?:order|sequence) (?:in which |that )?{_THEY} {_HAPPENED}\b", "in order"),
    (r"\b(?:in (?:the )?order of|ordered by|sorted by|sorted according to|arranged by) (?:their |its )?(?:start|"
     r"beginning|start time|start times|starting time|starting times|when they start)$", "in order"),
    (r"\b((?:the|a|an|this|that) [\w ]+? 's) (?:activities|actions|deeds|doings) in order\b", r"\1 actions in order"),
    # measured
    (rf"\bhow many ({METRE}) of {_LENGTHS} (?=(?:do|does|did|has|have|is|was)\b)", r"how many \1 "),
    (rf"^how much {_LENGTHS} (do|does|did) (.+?) (?:cover|travel|go|walk|run|put behind (?:it|him|her|them))(?= |$)",
     r"how far \1 \2 travel"),
    (r"^what (?:was|were) (the (?:average |mean |top |maximum )?(?:speed|velocity) of )", r"what is \1"),
    (r"\b(?:closest|nearest) (?:of all|of them all) (?=to )", "closest "),
    (r"\b(furthest|farthest) (?:off|out|apart|of all|of them all) (?=from )", r"\1 "),
    # two stretches of time, what follows a frame
    (rf"\b(first|last|opening|closing|final) ({_VIDEO} )?(\d+(?:\.\d+)?) (seconds?|secs|s) of (?:the |this )?"
     rf"{_VIDEO}\b", r"\1 \3 \4"),
    (r"^describe (?:to me |for me )?(?:what|how) (?:the |this )?(?:scene|picture|image|video|shot|view|frame) "
     r"(?:looks?|looked|is|was) (?:like )?(?=\S)", "describe the scene "),
    (r"\b(?:starting|beginning|going|running) (?:at|from|with) frame (\d+) and (?:running|going|continuing|lasting"
     r"|carrying on|up|ending|stopping|through|on)(?: on)? (?:to|until|till|up to|at|with) the (?:very )?"
     r"(?:end|last frame|final frame|finish)\b", r"since frame \1"),
    (r"\b(?:from|since|starting at|starting from|beginning at|starting with|between) frame (\d+) (?:and )?(?:on )?"
     r"(?:up )?(?:to|until|till|through to|and) the (?:very )?(?:end|last frame|final frame|finish)"
     rf"(?: of (?:the |this )?{_VIDEO})?(?= |$)", r"since frame \1"),
    (r"\b(?:starting|beginning) (?:at|from|with) frame (\d+)(?: (?:and )?(?:onwards?|on|going forwards?))?(?= (?:how|"
     r"what|which|who|is|are|was|were|does|do|did|when)\b|$)", r"since frame \1"),
    # frames in which something is seen
    (rf"\b{_SEEN_IN} (?:in|on|over|for|across|during|throughout) {_MOST_FRAMES}", "appears in the most frames"),
    (rf"\b{_SEEN_IN} (?:in|on|over|for|across|during|throughout) {_FEWEST_FRAMES}", "appears in the fewest frames"),
    (r"^the ([\w ]+?) (?:that|which|who) (appears in the (?:most|fewest) frames) (?:which|what|who)(?: one)? is "
     r"(?:it|that|this|he|she)$", r"which \1 \2"),
    # boxes
    (rf"\bthe (?:bounding )?box of ((?:the|a|an|any) [\w ]+?) {_OVERLAPS}"
     r"( with)? (?:the (?:bounding )?box|that) of ", r"\1 \2\3 "),
    (rf"\b((?:the|a|an|any) [\w ]+?) 's (?:bounding )?box {_OVERLAPS}"
     r"( with)? ((?:the|a|an|any) [\w ]+?) 's(?: (?:bounding )?box)?$", r"\1 \2\3 \4"),
    # points of view, scans
    (r"\b((?:if|when|suppose|assuming|imagine|say) (?:i|you|we|one) )(?:stand|am|are|is|stands|stood|were|was) (?:at"
     rf"|by) the camera and (?:turn|turns|turned){_FACE} ", r"\1stand at the camera and face "),
    (rf"^(?:standing|being) at the camera and (?:turning|having turned){_FACE} ", "standing at the camera facing "),
    (rf"\b(between .+?) (?:in|within|inside|on) (?:the |this )?{_SCAN}$", r"\1"),
    (rf"^(?:in|within|inside|on) (?:the |this )?{_SCAN} (?=.*\bbetween )", ""),
    # fewer do than do not
    (r"^(?:is it|are they) (?:only |just |merely |but )?(?:a|the) (?:small )?minority of (?:the )?(.+?) (?:that|which|"
     r"who) (is|are|was|were) ", r"are only a minority of the \1 "),
    (r"^(?:is it|are they) (?:only |just |merely |but )?(?:a|the) (?:small )?minority of (?:the )?(.+?) (?:that|which|"
     r"who) (?=\w)", r"do only a minority of the \1 "),
    (r"^(is|are|was|were|do|did) (?:only |just |merely |but )?(?:a |the )(?:small )?minority of (?:the )?",
     r"\1 fewer than half of the "),
    (r"^(is|are|was|were|do|did) (?:less|fewer) than (?:a |one )?half (?:of )?(?:the )?",
     r"\1 fewer than half of the "),
    (r"^(?:is it|are they) (?:the |a )?(?:majority|most)(?: of)? (?:the )?(.+?) (?:that|which|who) (is|are|was|were) ",
     r"\2 most of the \1 "),
    (rf"^(?:is it|are they) (?:the |a )?(?:majority|most)(?: of)? (?:the )?(\w+(?: \w+)?{_PLURAL_END}) (?:that|which"
     r"|who) (?=\w)", r"do most of the \1 "),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
