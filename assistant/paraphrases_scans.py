"""Other ways to ask about scans and flights: whose camera, units, speeds, ways, places to which things have come.

They are tried before all others. None of them drops a word that limits what is asked: units are dropped where only
that unit can be meant, the whole of a recording where nothing but all of it could be.
"""

from assistant.patterns import MEASURE, METRE, PICTURE

_OWN = "(?:the|my|our|this|your|that)"
_FLYING = "(?:robot|drone|rover|phone|quadcopter|uav|scanner|tablet)"
_GOING = (
    "(?:mov(?:e|es|ed|ing)|go|goes|went|going|r[ua]n|runs|running|travel(?:s|l?ed|l?ing)?|driv(?:e|es|ing)|drove|"
    "walk(?:s|ed|ing)?|fl(?:y|ies|ying|ew))"
)
_PACE = "(?:speed|velocity|pace|rate)"
_HIGH, _LOW = "(?:higher|greater|faster|larger|bigger)", "(?:lower|smaller|slower|lesser)"
_HIGHEST = "(?:highest|greatest|top|maximum|fastest|largest|biggest|most)"
_LOWEST = "(?:lowest|smallest|least|slowest|minimum)"
_FAST = f"(?:fast|faster|fastest|quick|quickly|slow|slower|slowest|slowly|{_PACE})"
_WAY = "(?:path|way|route|track|trajectory|trip|journey)"
_NEAR = "(?:farther|further|closer|nearer|farthest|furthest|closest|nearest|more distant|less far|most distant)"
_AT_MOST = "(?:at most|no more than|not more than|less than|under|below|up to|within|smaller than|no greater than)"
_OVER = "(?:more than|over|above|greater than|larger than|at least)"
_LESS = {"wide": "narrow", "broad": "narrow", "tall": "short", "high": "short", "big": "small", "large": "small",
         "fast": "slow", "quick": "slow", "slow": "fast", "deep": "shallow", "short": "tall"}  # fmt: skip

SCANS: tuple[tuple[str, str], ...] = (
    # the camera
    (rf"\b{_OWN} {_FLYING}(?: 's)?(?: depth| video| onboard)? camera\b", "the camera"),
    (r"\b(from|to|and) the camera(?: 's)? (?:position|location|lens|place|spot)\b", r"\1 the camera"),
    (rf"\b(what|which|who|how many)((?: (?!can )[\w-]+)*?) can {_OWN} {_FLYING} (?:see|find|detect|spot) (?=within|at "
     r"most|less than|closer|behind|beside|between|near|on|in|under|above|below|left|right|to the)", r"\1\2 is "),
    (r"^distance (?:from )?(?:the )?camera (?:to|and) ", "what is the distance from the camera to "),
    # units, and all of the recording
    (rf"^(.*\b{_FAST}\b.*?) (?:measured )?in {METRE} (?:per|a|each) second\b", r"\1"),
    (rf"^(?:measured )?in {METRE} (?:per|a|each) second (.*\b{_FAST}\b.*)$", r"\1"),
    (rf"\b(?:going by|judging by|counted in|reckoned in|by) {METRE}\b(?! (?:of|per))", "in metres"),
    (rf"^((?:how far|how many {METRE}|how fast|(?:what|which) (?:total |overall )?(?:distance|speed|path|route))\b.+?) "
     rf"(?:over|across|during|in|within|for) (?:the course of )?(?:the|this) (?:whole|entire|full|complete) {PICTURE}$",
     r"\1"),
    (r"\b(moved|changed (?:its |their )?(?:place|position)|stayed (?:put|still|where it was|in place))(?: at all)?"
     rf" since the (?:(?:very )?first (?:{PICTURE} )?frame|start|beginning|outset)(?: of the (?:{PICTURE}))?$", r"\1"),
    (r"\b(depth|deep)\b(.*?) (?:measured |reckoned |counted )?(?:from )?front to back$", r"\1\2"),
    # distances
    (rf"\bhow many {METRE} of (?:distance|space|room|gap) (?=is|are|was|were|lie|lies|do|does|separate)",
     "how many metres "),
    (r"\b(?:euclidean|straight line|metric|linear|3 d) distance\b", "distance"),
    (r"^(?:what is the )?range (?=from|between|to)", "what is the distance "),
    (rf"^(which(?: [\w ]+?)?|what|who)( one)? (?:lies?|lay|stands?|stood|sits?|sat) (?:the )?(?={_NEAR}\b)",
     r"\1\2 is "),
    (r"^(?:the )?(nearest|closest|farthest|furthest) (thing|object|one)( to| from) (.+?) (?:what|which)(?: one)? is "
     r"(?:it|that)$", r"what is \1\3 \4"),
    (r"^(?:the )?(nearest|closest|farthest|furthest) person( to| from) (.+?) who is (?:it|that|he|she)$",
     r"who is \1\2 \3"),
    (rf"\bwhose distance (?:to|from) ((?:the|this|that) [\w ]+?) is {_AT_MOST} (\d+(?:\.\d+)?) ({METRE})\b",
     r"that are within \2 \3 of \1"),
    (rf"\bwhose distance (?:to|from) ((?:the|this|that) [\w ]+?) is {_OVER} (\d+(?:\.\d+)?) ({METRE})\b",
     r"that are more than \2 \3 from \1"),
    (rf"^(?:i|we) (?:need|want|require)(?: to know)? (?=the .+ 's {MEASURE}\b)", ""),
    (rf"^(the .+ 's (?:{MEASURE}|distance .+?)(?: in (?:cubic )?{METRE})?)$", r"what is \1"),
    (r"^i am (?:after|looking for|searching for) (?:the |an? )?([\w ]+?) with the ([\w ]+?) (?:which|what)(?: one)? "
     r"is (?:it|that)$", r"which \1 has the \2"),
    (r"^how far is it from ((?:the|a) [\w ]+?) to (the [\w ]+ (?:nearest|closest) (?:to )?|the [\w ]+ (?:farthest|"
     r"furthest) from )(?:it|them|him|her)$", r"how far is it from \1 to \2\1"),
    (r"\bin between\b", "between"),
    (rf"\b(?:just |exactly |equally )?as high (in {METRE}) as\b", r"as tall \1 as"),
    (r"\bjust as (?=\w+ in )", "as "),
    *((rf"\bless {plain}\b(?! than)", f"{other}er") for plain, other in _LESS.items()),
    *((rf"\bleast {plain}\b", f"{other}est") for plain, other in _LESS.items()),
    # speeds
    (r"\b(fastest|slowest|quickest) moving\b", r"\1"),
    (rf"\b({_GOING}) more (?:quickly|rapidly|swiftly|speedily)\b", r"\1 faster"),
    (rf"\b({_GOING}) (?:more slowly|less (?:quickly|rapidly|fast))\b", r"\1 slower"),
    (rf"\b({_GOING}) (?:the )?(?:most quickly|most rapidly|most swiftly|quickest)\b", r"\1 the fastest"),
    (rf"\b({_GOING}) (?:the )?(?:most slowly|least quickly|least fast)\b", r"\1 the slowest"),
    (rf"\b({_GOING}) (just )?as (?:quickly|rapidly|swiftly) as\b", r"\1 as fast as"),
    (rf"\b(?:at|with) an? {_HIGH} {_PACE} than\b", "faster than"),
    (rf"\b(?:at|with) an? {_LOW} {_PACE} than\b", "slower than"),
    (rf"\b({_GOING}) (?:at|with) the {_HIGHEST} {_PACE}\b", r"\1 the fastest"),
    (rf"\b({_GOING}) (?:at|with) the {_LOWEST} {_PACE}\b", r"\1 the slowest"),
    (rf"\b({_GOING}) (?:at|with) the same (?:pace|rate|velocity) as\b", r"\1 at the same speed as"),
    (rf"^(?:which|who|what)(?: one)? of ((?:the|a) .+ and (?:the|a) .+?) (?:is |was )?{_GOING} (faster|slower)$",
     r"of \1 which is \2"),
    (r"^(?:the )?(speed|velocity|pace) of (?=the |this |that )", "what is the speed of "),
    (rf"^how many {METRE} (?:per|a|each) second (is|was|are|were) (.+?) (?:moving|going|running|travell?ing|driving|"
     r"doing|making)(?: at| with)?$", r"how fast \1 \2"),
    (rf"^how many {METRE} (?:per|a|each) second (?:does|do|did) (.+?) (?:move|go|run|travel|drive|do|make|reach|cover)"
     r"(?: at| with)?$", r"how fast is \1"),
    # ways
    (rf"^(what|which) (?:total|whole|overall|cumulative|entire|combined) (distance|{_WAY})\b", r"\1 \2"),
    (rf"^how (?:many {METRE} )?long (?:is|was) the (?:total |whole )?{_WAY} (?:that was |that is )?"
     r"(?:taken|covered|followed|travell?ed|walked|made|traced|gone) by (.+)$", r"how far does \1 travel"),
    (rf"^(?:what is|what was) the (?:total )?length of the {_WAY} (?!of )(?:that |which )?(.+?) "
     r"(?:travels|takes|took|goes|went|covers|follows|travelled|traveled|covered|followed|walked|walks)$",
     r"how far does \1 travel"),
    (rf"^(how far (?:did|does|has|have) .+?) along (?:its|their|his|her|the) {_WAY}\b", r"\1"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
