"""Other ways to ask how two things are related, connected and alike."""

_RELATIONS = r"(?:relation|relations|relationship|relationships|link|links|edges|connection|connections|steps|hops)"
_CHAIN = (
    r"(?: (?:shortest|direct|possible|whole))* (?:chain|path|route|sequence|series|string)"
    rf"(?: (?:of|through) (?:the )?{_RELATIONS})?"
)

_MANNER = r"(?:ways?|manner|sense|respects?)(?: exactly)?"
_JOINED = r"(?:connected|linked|joined|tied|related)(?: up)?"
_JOIN = r"(?:connect|link up|link|join|relate)"

PAIRS: tuple[tuple[str, str], ...] = (
    # the way in which two things are joined is a relation, how they are joined a chain of them
    (rf"^in (?:what|which) {_MANNER} (is|are|was|were) (.+ and .+?) {_JOINED}(?: (?:to|with) (?:each other|one another)"
     r"| together)?$", r"how \1 \2 related"),
    (rf"^in (?:what|which) {_MANNER} (is|are|was|were) (.+?) {_JOINED} (?:to|with) (.+)$", r"how \1 \2 related to \3"),
    (rf"^in (?:what|which) {_MANNER} (?:do|does|did) (.+? and .+?) {_JOIN}(?: (?:to|with) (?:each other|one "
     r"another))?$", r"how are \1 related"),
    (rf"^in (?:what|which) {_MANNER} (?:do|does|did) (.+?) {_JOIN} (?:to|with) (.+)$", r"how is \1 related to \2"),
    (rf"^(?:what|which)(?: is| was)?(?: the| a)?{_CHAIN}(?: in the graph)?(?: (?:that |which )?(?:leads|leading|goes"
     r"|going|runs|running|is there|there is|exists))? (?=(?:from|between) )", "what is the path "),
    (rf"^(?:what|which)(?: is| was)?(?: the| a)?{_CHAIN} (?:that |which )?(?:connects|connecting|links|linking|joins"
     r"|joining|ties|tying) ", "what connects "),
    (rf"^(?:along |through |by |via |over )?(?:what|which) {_RELATIONS} (?:leads?|runs?|goes?"
     r"|(?:can|could|do|does|would) (?:one|you|we|i) (?:get|go|come)) from ", "what is the path from "),
    (rf"^(how (?:can|could|do|would) (?:i|one|we|you) (?:get|go|come) from .+ to .+?) (?:by|with|in|over|through|along"
     rf"|via) (?:the )?(?:fewest (?:possible )?|shortest |least )?{_RELATIONS}$", r"\1"),
    (r"^(?:what|which) (?:relation|relationship) (?:do|are) (.+ and .+?)(?: stand)? in(?: to each other)?$",
     r"how are \1 related"),
    (r"\b(?:is|are|was|were) (?:involved|engaged|taking part) in (?=(?:the )?(?:most|fewest|least) "
     r"(?:relations|relationships|connections|links)\b)", "has "),
    (r"^(?:do|are) (.+ and .+) belong to the same (kind|type|sort|category|class)$", r"are \1 of the same \2"),
    (r"^(?:does|did) (.+) belong to the same (kind|type|sort|category|class) as ", r"is \1 of the same \2 as "),
    (r"^what (?:relation|relationship|relations|connection) (?:do|does|did) (.+) have (?:to|with) "
     r"(.+)$", r"how is \1 related to \2"),
    (r"^what (?:relation|relationship|relations) (?:do|does|did) (.+ and .+) have$", r"how are \1 related"),
    (r"^how (is|are|was|were) (.+) interacting( with .+)?$", r"how do \2 interact\3"),
    (r"^in (?:what|which) (?:relation|relationship) (?:is|are|do|does) (.+ and .+?)(?: stand| stay)?(?: to each "
     r"other)?$",
     r"how are \1 related"),
    (r"^in (?:what|which) (?:relation|relationship) (?:is|does|do) (.+?)(?: stand)? (?:to|with) (.+)$",
     r"how is \1 related to \2"),
    (r"^(?:what|which) (?:relation|relationship|relations|relationships) (?:hold|holds|exist|exists|are there|is "
     r"there|are present|"
     r"can be seen|obtain) between ", "what is the relation between "),
    (r"^(?:describe|explain|state|say|show me|tell me) (how (?:.+) (?:is|are|relates?|interacts?)\b.*)$", r"\1"),
    (r"^how (?!do |does |did )(.+) (?:relates|relate) to (.+)$", r"how is \1 related to \2"),
    (r"^how (?!do |does |did )(.+ and .+) (?:relate|interact)(?: to each other| with each other)?$",
     r"how are \1 related"),
    (r"^how (.+) interacts with (.+)$", r"how does \1 interact with \2"),
    (r"^how (?:can|could|do|would) (?:i|one|we|you) (?:get|go|come) from (.+) to (.+)$", r"what is the path from "
     r"\1 to \2"),
    (r"^is there (?:a|any) (?:way|route|chain|line) (?:from|between) ", "is there a path between "),
    (r"^(is there a path between .+) to (.+)$", r"\1 and \2"),
    (r"^(?:what|which) (?:chain|path|link|connection|series|route)(?: of \w+)? (?:links|link|connects|joins|"
     r"leads from|leads|goes from|runs from) ",
     "what connects "),
    (r"^(?:find|show|give|trace|name|list)(?: me| us)? (?:a|any|some|the) (?:shortest )?(?:path|chain|route|"
     r"connection|link)(?: of \w+)? (?:(?:that )?(?:leads|leading|goes|going|runs|running) )?",
     "show the path "),
    (r"^(?:does|do) anything (?:connect|link|join|tie) ", "what connects "),
    (r"^does (?:a|any) (?:path|chain|route) (?:lead|go|run) from (.+) to (.+)$", r"is there a path from \1 to \2"),
    (r"^(is|are|was|were) (.+?) (?:in (?:any|some) way|somehow) (?=(?:linked|connected|related|tied) (?:to|with) )",
     r"\1 \2 "),
    (r"\b(linked|connected|related|tied) ((?:to|with) .+) (?:in any way|somehow|in some way|directly or "
     r"indirectly)$", r"\1 \2"),
    (r"^(?:what|which)(?: features| properties| attributes| things| traits)? (?:do|does|have|has|is|are) (.+?) "
     r"(?:have |got |share |"
     r"have got )?in common with (.+)$", r"what do \1 and \2 have in common"),
    (r"^(?:what|which)(?: features| properties| attributes| things| traits)? (?:does|do) (.+) share with (.+)$",
     r"what do \1 and \2 have in common"),
    (r"^(?:what|which)(?: features| properties| attributes| things| traits)? (?:do|have|do both) (.+? and .+?) "
     r"(?:have in common|have got in "
     r"common|got in common|in common|share)$", r"what do \1 have in common"),
    (r"^(?:in what way|in which way|in what respect|how) (?:are|is) (.+ and .+) (?:alike|similar|the same|like "
     r"each other)$",
     r"what do \1 have in common"),
    (r"^(?:in what way|in which way|how) (?:is) (.+) (?:similar to|like|alike to) (.+)$", r"what do \1 and \2 "
     r"have in common"),
    (r"^what (?!do |does |have )(.+ and .+) have in common$", r"what do \1 have in common"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
