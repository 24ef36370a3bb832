"""What people who chat say in other words, in the plain form: "come in the same colour", "the gist of it"."""

from assistant.patterns import MOST, PICTURE, PLACE

_WE = "(?:we|you|i|they|one)"
_SHORT = (
    r"(?:gist|essence|rundown|overview|summary|outline|synopsis|short version|big picture|run-down|run down"
    r"|recap|low-down|lowdown|basics)"
)

CHAT: tuple[tuple[str, str], ...] = (
    # idle words
    (r"^(what|where|who|how|which|when) (?:on earth|in the world|the heck|the hell|the devil|the dickens) "
     r"(?=(?:is|are|was|were|do|does|did|has|have|many)\b)", r"\1 "),
    (r"(?<=\w) over (?=(?:to|on|at|in) (?:the|his|her|its|their) (?:far )?(?:left|right)|(?:by|near|next to"
     r"|beside|behind) the\b)", " "),
    (r"^(what|who) else (besides|apart from|other than|except for|except|but) ", r"\1 other than "),
    (rf"^(how many .+?) (?:can|do|could|did) {_WE} (?:see|count|spot|find|make out) (?=(?:not counting"
     rf"|without counting|excluding|apart from|besides|"
     r"other than|except|leaving|ignoring)\b)", r"\1 are there "),
    (r"^(how many .+?) (?:did|have|has|do) (?:i|we|you|he|she) (?:get|got|catch|caught|capture|captured|snap"
     r"|snapped|photographed|photograph)$", r"\1 are there"),
    (rf"^({MOST}) (\w+)$", r"what is the \1 \2"),
    (r"^what (?:do|have|have got|did) (?:we|you) (?:have |got |get |see )?here$", "what is in the picture"),
    (r"^what is (?:that|it|this)(?: thing)?(?: that)? ((?:the|that|a|this) .+?) (is|are|was"
     r"|were) (\w+ing(?: at)?)$", r"what \2 \1 \3"),
    (r"^(is|are) there no (\w+(?: \w+)?) no (\w+(?: \w+)?) (?:and|or) no (\w+(?: \w+)?)$",
     r"\1 there neither \2 nor \3 nor \4"),
    (r"^without (the .+?) how many ", r"apart from \1 how many "),
    (r"^the (.+) 's (colou?r|material)$", r"what is the \2 of the \1"),
    (r"^(?:can|could|do) (?:you|we|one) (?:see|tell|make out|find out|work out|figure out) "
     r"(?=(?:what|who|whom|which|where|how)\b)", ""),
    (r"^(?:has|have) (anyone|anybody|someone|somebody|everyone|everybody|no one|nobody) got ", r"does \1 have "),
    (r"^(?:give|get|make)(?: me| us)? a list of everything (?:that is )?(?=(?:on|in|under|behind|beside|next to|near) "
     r"(?:the|that|this) )", "what is "),
    (r"^(?:list|name) everything (?:that is )?(?=(?:on|in|under|behind|beside|next to|near) (?:the|that|this) )",
     "what is "),
    (r"\b(anyone|anybody|someone|somebody|everyone|everybody|no one|nobody) (?:in |over |out )?(?:here|there) (?=\w)",
     r"\1 "),
    (r"^where (?:did|have) (?:i|we|you|he|she|they) (?:put|leave|left|place|lost|lose|park|drop|hide|hidden) ",
     "where is "),
    (rf"^(?:what|which) (\w+) (?:have {_WE} got|do {_WE} have)$", r"which \1 are there"),
    (r"^tell (?:me|us) (?:a (?:little )?bit|something|a little|more|what you (?:know|can tell me|can say)) "
     r"(?:about|of) ",
     "describe "),
    (r"^point (?:me|us) to ", "show me "),
    # colours
    (r"^(what|which) (colou?r) would (?:you|one|they) (?:call|give|describe) (.+?)(?: as)?$", r"\1 \2 is \3"),
    (r"^(?!(?:the|what|which|is|are|this|that)\b)(\w+(?: \w+)?) 's (colou?r|material)$", r"what is the \2 of the \1"),
    (r"\b(?:come|comes|came) in (the same|a different|another|one) (colou?r)", r"have \1 \2"),
    (r"^(what|which) (colou?r) (?:do|does|did) (.+) come in$", r"\1 \2 is \3"),
    (r"^(what|which) (colou?r) (?:have|has|did|do|does) (?:they|somebody|someone|people|you|we) (?:painted|paint"
     r"|made|make|coloured|given|give) ((?:the|that|this) .+)$", r"\1 \2 is \3"),
    # what they do
    (r"^what (is|are|was|were) (.+?) (?:getting up to|been up to|been doing|busy with|busy at|occupied with"
     r"|about to be doing|messing with|playing at)$", r"what \1 \2 doing"),
    (r"^what (?:has|have) (.+?) (?:been|got) (?:getting )?up to$", r"what is \1 doing"),
    (r"^what (?:does|do) (.+?) (?:get|got) up to$", r"what is \1 doing"),
    # what there is
    (rf"^what (?:have {_WE} got|do {_WE} have|{_WE} have got|{_WE} got|is there) (?:here |there )?(?={PLACE} "
     rf"|@)", "what is "),
    (rf"^who (?:have {_WE} got|do {_WE} have|is there) (?:here |there )?(?={PLACE} |@)", "who is "),
    # what it shows
    (rf"^(?:give|tell|get|hand|show|write|make|do)(?: (?:me|us))? (?:a|an|the"
     rf"|some)? ?(?:\w+ )?{_SHORT}(?: of (?:the |this |that |my |our |your )?(?:whole |entire )?(?:{PICTURE}|it"
     rf"|this|what is (?:here|there|going on|happening|shown)))?$", "summarise the picture"),
    (rf"^what is (?:the|a) (?:\w+ )?{_SHORT} of (?:the |this |that |my |our |your )?(?:whole "
     rf"|entire )?{PICTURE}$", "summarise the picture"),
    (rf"^(?:sum up|wrap up|recap|outline) (?:the |this |that |my |our |your |what is in (?:the |this ))?(?:whole "
     rf"|entire )?{PICTURE}(?: for (?:me|us))?$", "summarise the picture"),
    # in common
    (r"^what (?:is it (?:that )?)?(?=the|that|this)(.+ and .+) have in common$", r"what do \1 have in common"),
    (r"^what (?:do|does) (.+) share with (the|that|this) (.+)$", r"what do \1 and \2 \3 have in common"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
