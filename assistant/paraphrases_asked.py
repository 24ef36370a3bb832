"""What is asked of a set, a list or a record in other words: what stuff, such a thing here as, whose boxes overlap.

They are tried before all others, as others take away the words for the picture.
"""

from assistant.patterns import SEES

_WE = r"(?:we|you|i|one)"
_CAN_SEE = rf"(?:(?:can|could|do|did) {_WE} (?:have|{SEES}|count)|have {_WE}(?: got)?|{_WE} (?:can |could )?(?:have"
_CAN_SEE += rf"(?: got)?|{SEES}|count))"
_RECORDED = r"(?:detected|recorded|annotated|labelled|labeled|recognised|recognized|identified|registered|logged)"
_AT = (
    r"(?:on|in|at|under|underneath|behind|beside|next to|near|close to|by|in front of|above|below|inside|around"
    r"|between|to the (?:left|right) of)"
)
_MATERIAL = r"(?:what|which)(?: (?:kind|sort|type)s? of)? materials?"
_MADE = r"made|built|constructed|fashioned|crafted|manufactured|formed"
_RELATIONS = r"(relations?|relationships?|connections?|links?|ties?)"

ASKED: tuple[tuple[str, str], ...] = (
    # what there is
    (rf"\bsomewhere (?=@|{_AT} (?:the|a|an|that|this)\b)", ""),
    (r"\b(?:any )?such (?:a )?thing (?:here |there )?(?=as (?:a|an)\b)", "such a thing "),
    (r"\bsuch things (?:here|there) (?=as\b)", "such things "),
    (rf"^(how many .+?) {_CAN_SEE}(?: here| there)? (?=(?:that|which|who) )", r"\1 are there "),
    (r"^(?:what|which) is the (?:total |overall |full |exact )?(?:number|count|amount) of (.+?)(?: (?:that|which))? "
     rf"{_CAN_SEE}(?: here| there| in here)?$", r"how many \1 are there"),
    (rf"^(is|are|was|were) ((?:any|some|a|an) .+?) {_RECORDED}(?: here| there)?$", r"\1 there \2"),
    (rf"^(is|are|was|were) (there (?:any|some|a|an) .+?) {_RECORDED}(?: here| there)?$", r"\1 \2"),
    (rf"^(is|are|was|were) ((?:any|some|a|an) [\w ]+?) {_RECORDED} (?={_AT} )", r"\1 there \2 "),
    (rf"^(is|are|was|were) (the [\w ]+?) {_RECORDED}(?: here| there)?$", r"\1 \2 visible"),
    (rf"^(how many .+?|which .+?|what .+?) (?:(?:is|are|was|were|has been|have been|got) {_RECORDED}"
     r"|(?:did|do|does) (?:you|it|they|we|the detector|the model) (?:detect|record|recognise|recognize|identify))"
     r"(?: here| there)?$",
     r"\1 are there"),
    (rf"^{_WE} (?:have(?: got)?|(?:can |could )?see) (.+?)(?: here)? but (?:not (?:any|a|an|a single)|no) "
     r"(\w+(?: \w+)?)$", r"there are \1 but no \2"),
    (rf"^{_WE} have(?: got)? (?=(?:a|an|one) )", "there is "),
    (rf"^{_WE} have(?: got)? (?=(?:no|some|two|three|four|five|six|at least|more|several|both) )", "there are "),
    (r"\bor (?:failing that|if not|if not that|otherwise|alternatively|else)(?: then)? "
     r"(?=(?:at least |at most |more than |exactly )?(?:a|an|any|some|one|two|three|four|five|six|seven|eight|nine"
     r"|ten|\d+)\b)", "or "),
    # sums and differences
    (rf"^(?:taking|counting|adding|putting|lumping|taken|counted|adding up)(?: up| all)?(?: the)? (.+ and .+?)"
     rf"(?: together| up| all together| as one)? how many (?:is that|is it|are that|are they|are there|does that make"
     rf"|do {_WE} (?:have|get)|are those|would that be|will that be|have {_WE} got)(?: in all| together)?$",
     r"how many \1 are there"),
    (r"^(how many .+ and .+? (?:are there|do you see|can you see|do we have)) (?:together|combined|taken together"
     r"|put together|all told|if taken together|when taken together)$", r"\1"),
    (rf"^(?:compared|in comparison|as compared|relative) (?:with|to) (?:the )?([\w ]+?) how many (more|fewer|less) "
     rf"([\w ]+?) (?:{_CAN_SEE}|are there)(?: here)?$", r"how many \2 \3 than \1 are there"),
    (rf"^how many (more|fewer|less) ([\w ]+?) (?:{_CAN_SEE}|are there) (?:compared|in comparison|as compared|relative) "
     r"(?:with|to) (?:the )?([\w ]+?)$", r"how many \1 \2 than \3 are there"),
    # what is recorded of something
    (rf"^(?:what|which) (?:information|details?|data|facts?|info) (?:(?:is|are|was|were|has been|have been) "
     rf"(?:{_RECORDED}|stored|known|given|held|kept|available|noted)|do {_WE} have|(?:did|do) {_WE} (?:record|know)) "
     r"(?:about|on|for|of|concerning|regarding) ", "describe "),
    (rf"^what (?:is|has been|was) (?:{_RECORDED}|stored|known|held|noted) (?:about|on|for|of|concerning|regarding) ",
     "describe "),
    # what one sees on the dog is on it; what one has on the dog is known of it
    (rf"^(?:name|list|tell me|tell us|give me|show me|mention|enumerate) (?:everything|anything|all the things|all|"
     rf"the things|whatever) (?:that |which )?{_WE} (?:can |could )?{SEES} (?={_AT} )", "what is "),
    (r"^what (is|are|was|were) ((?:the|these|those) [\w ]+?) all (doing|up to|busy with|engaged in)$",
     r"what \1 \2 doing"),
    (r"^(?:what|which) (?:activity|activities|action|actions) ((?:the|this|that) .+?) (is|are|was|were) (?:all |both )?"
     r"(?:engaged|involved|taking part|participating|busy|occupied) (?:in|with)$", r"what \2 \1 doing"),
    (r"^(?:what|which) (?:activity|activities|action|actions) (is|are|was|were) ((?:the|this|that) .+?) (?:all |both )?"
     r"(?:engaged|involved|taking part|participating|busy|occupied) (?:in|with)$", r"what \1 \2 doing"),
    (rf"^(?:what|which) {_RELATIONS} (?:(?:did|do|have|can|could) (?:you|we|they|i) (?:record|recorded|see|find|have|"
     r"found|know|note|noted|detect|detected|annotate|annotated|spot)|(?:is|are|was|were|has been|have been) "
     rf"(?:{_RECORDED}|known|noted|found|given|listed|stored)) between ", "what is the relation between "),
    # it is the mug that the dog is pushing
    (r"^it (is|was) (?=(?:the|a|an) [\w ]+? (?:that|which|who|whom) (?!(?:is|are|was|were) not\b))", r"\1 it "),
    (r"^it (?:is|was) not ((?:the|a|an) [\w ]+?) (?:that|which|who|whom) ((?:the|a|an) [\w ]+?) (is|are|was|were) "
     r"(\w+ing(?: at)?)$", r"\3 \2 not \4 \1"),
    (r"^it (?:is|was) not ((?:the|a|an) [\w ]+?) (?:that|which|who) (is|are|was|were) (?=\w+ing )", r"\2 \1 not "),
    # what it is made of
    (r"^(?:what|which) (?:kind of |sort of |type of )?(?:stuff|substance|matter) (is|are|was|were) (.+?)"
     r"(?: (?:made|built|constructed|fashioned))?(?: out)? (?:of|from)$", r"what \1 \2 made of"),
    (r"^(?:of|from|out of) (?:what|which) (?:kind of |sort of |type of )?(?:stuff|substance|matter) (is|are|was|were) "
     r"(.+?) (?:made|built|constructed|fashioned)$", r"what \1 \2 made of"),
    (rf"^(?:from|out of|of) {_MATERIAL} (?:is|are|was|were|has|have) (.+?)(?: been)?(?: (?:{_MADE}))?$",
     r"what is \1 made of"),
    (rf"^{_MATERIAL} (?:is|are|was|were|has|have) (.+?)(?: been)? (?:{_MADE}|composed)(?: out| up)? (?:of|from|with)$",
     r"what is \1 made of"),
    (rf"^(?:what|{_MATERIAL}) (?:does|do|did) (.+?) consist of$", r"what is \1 made of"),
    (rf"^what (is|are|was|were|has|have) (.+?)(?: been)? (?:{_MADE}|composed)(?: out| up)? (?:of|from)$",
     r"what is \2 made of"),
    (rf"^(?:from|out of|of) what (?:has|have) (.+?) been (?:{_MADE})$", r"what is \1 made of"),
    # the colour that the car has that is on it
    (r"^(what|which) (colou?r|size|shape|material|pattern) (does|do|did) (the .+?) (?:have|possess)(?: got)? "
     r"(that|which|who|whom) ", r"what \2 is \4 \5 "),
    # to the left of or to the right of it
    (r"\b(?:to|on) the (left|right) of or (?:(?:to|on) the )?(left|right) of (?=(?:the|a|an|this|that) )",
     r"to the \1 or to the \2 of "),
    # highest
    (r"\b(is|are|was|were|sits|hangs) (?:right |way )?up (?:the )?(?=(?:highest|topmost|uppermost)\b)", r"\1 "),
    (r"\b(is|are|was|were|sits|lies) (?:right |way )?down (?:the )?(?=(?:lowest|bottommost)\b)", r"\1 "),
    # detections
    (r"\bdetections\b(?! of\b)", "objects"),
    (r"\bdetection\b(?! of\b)", "object"),
    (r"\b(?:takes?|took) part in (?=(?:the )?(?:most|fewest|least|largest number of|greatest number of) "
     r"(?:relations|relationships|connections|links)\b)", "has "),
    (r"\b(?:participates?|figures?|appears?|features?|occurs?|participated|is found|is named|is mentioned) in "
     r"(?=(?:the )?(?:most|fewest|least) (?:relations|relationships|connections|links)\b)", "has "),
    (r"\b(has|have|had) (?:the )?fewest (?=(?:relations|relationships|connections|links)\b)", r"\1 the least "),
    (r"\b(?:have|has|had) (?:a )?(?:bounding )?box(?:es)? (?:that |which )?(?:overlap|overlaps|overlapping)(?: with)?"
     r"(?: the box of| that of)? (?=(?:the|a|an|this|that) )", "overlap "),
    (r"\b(?:with )?(?:a )?(?:bounding )?box(?:es)? (?:overlapping|that overlaps?)(?: with)? (?=(?:the|this|that) )",
     "overlapping "),
    (r"^(does|do|did) the (?:bounding )?box of (the [\w ]+?) (overlap|intersect)( with)? (?:the (?:bounding )?box "
     r"of|that of) ", r"\1 \2 \3\4 "),
    (r"^(which .+?|what .+?) (?:that )?whose (?:bounding )?box(?:es)? ", r"\1 "),
    (r"^whose (?:bounding )?box(?:es)? (?=overlaps?\b)", "which objects "),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
