"""What is asked of a set, a list or a record in other words: what stuff, such a thing here as, whose boxes overlap.

They are tried before all others, as others take away the words for the picture.
"""

from assistant.patterns import NUMBER, PICTURE, SEES

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
_SUM_UP = (
    r"sum up|sum|summari[sz]e|recap|outline|recapitulate|wrap up|describe|(?:walk|talk|take|run) (?:me|us) through"
)
_BRIEF = r"(?:short|brief|(?:a|one|two|three|a few|just a few|\d+) (?:short |brief )?(?:words?|sentences?|lines?))"
_AROUND = r"(?:there|here|present|visible|around|in view|in sight|to be seen|to be found)(?: at all)?"
_ACTIVITY = r"(?:activity|activities|action|actions|task|deed)"
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
    (rf"^(?:do|did|would|could|can) {_WE} count (?=(?:at least|at most|more|fewer|less|exactly|precisely|no|just|only"
     rf"|as many|as few|over|under|up to|a minimum|a maximum|any|{NUMBER})\b)", "are there "),
    (rf"^(?:would|will|might|are|is) {_WE} (?:be )?able to (?={SEES} )", "can you "),
    (rf"^{_WE} (?:can |could )?{SEES} (?=(?:a|an|one) )", "there is "),
    (rf"^{_WE} (?:can |could )?{SEES} (?=(?:no|some|two|three|four|five|six|at least|more|several|both) )",
     "there are "),
    (r"\b(an?|any|some|no|all|which|what|many|every|each|other) (?:visible|discernible|recognisable|depicted|pictured) "
     r"(?=\w)(?!in\b|on\b|at\b|and\b|or\b|than\b)", r"\1 "),
    (r"^(is|are|was|were|describe|list) all (?:that|which) (?=\w)", r"\1 everything that "),
    (rf"^(?:is|was|are|were) the (?:total |overall )?(?:number|count|amount) of (.+?) ((?:at least|at most|exactly|no "
     rf"more than|no fewer than|no less than|just|only) {NUMBER})$", r"are there \2 \1"),
    (rf"^(?:is|are|was|were) (.+ and .+) both (?:(?:to be )?(?:seen|found) )?(?:in|on|part of) "
     rf"(?:the|this|that) {PICTURE}$", r"are there both \1"),
    (r"\bother (\w+) than (?=(?:the|that|this|these|those|whoever|whatever)\b)", r"\1 other than "),
    (r"\b(everyone|everybody|everything|anyone|anybody|anything) but "
     r"(?=(?:the|this|that|those|whoever) )", r"\1 except "),
    (rf"^(?:is |was )?(?:nobody|no one|noone)(?: is| was)? {_AROUND}$", "is there no person"),
    (rf"^(?:is |was )?nothing(?: is| was)? {_AROUND}$", "is there no thing"),
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
    (rf"\b(?:just )?(?:as|the way|like) (?:(?:it|he|she|they|this|that) )?(?:(?:is|are|was|were) )?(?:{_RECORDED}|seen"
     r"|shown|filmed|depicted|visible|pictured|captured|appears?|appeared)(?: (?:of|about) (?:it|them|him|her))? "
     r"(?=(?:during|between|after|before|while|until|within|throughout|over the|in the (?:first|last)"
     r"|(?:at|from|in) (?:frames?|seconds?|second|\d)) )", ""),
    # what one sees on the dog is on it; what one has on the dog is known of it
    (rf"^(?:name|list|tell me|tell us|give me|show me|mention|enumerate) (?:everything|anything|all the things|all|"
     rf"the things|whatever) (?:that |which )?{_WE} (?:can |could )?{SEES} (?={_AT} )", "what is "),
    (rf"^(?:what|which) (?:is |are )?{_ACTIVITY} (?:does|do|did) (.+) (?:carry out|perform|do|engage in|take part in"
     r"|pursue|be busy with)$", r"what is \1 doing"),
    (rf"^(?:what|which {_ACTIVITY}|what {_ACTIVITY}) (is|are|was|were) (?:being )?(?:performed|done|pursued"
     r"|carried out|undertaken) by ((?:the|this|that) .+)$", r"what \1 \2 doing"),
    (r"^(?:with )?what (?:keeps|kept) ((?:the|this|that) .+) (?:busy|occupied)$", r"what is \1 doing"),
    (r"^how (?:does|do|did|is|are|was|were) ((?:the|this|that) .+?) (?:spend|spending|pass|passing) (?:its|his|her|the"
     r"|their) time$", r"what is \1 doing"),
    (r"^(?:fill|brief|clue) (?:me|us) in (?:on|about) ", "describe "),
    (r"^(?:brief (?:me|us) (?:on|about)|bring (?:me|us) up to (?:speed|date) (?:on|about|with)|put (?:me|us) in the "
     r"picture about|run (?:me|us) through) (?=(?:the|this|that|whoever|whatever)\b)", "describe "),
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
    (r"^it (is|was) (?=(?:neither|either|both) (?:the|a|an) )", r"\1 it "),
    (r"^it (is|was) (?=(?:the|a|an) [\w ]+? (?:that|which|who|whom) (?!(?:is|are|was|were) not\b))", r"\1 it "),
    (r"^it (?:is|was) not ((?:the|a|an) [\w ]+?) (?:that|which|who|whom) ((?:the|a|an) [\w ]+?) (is|are|was|were) "
     r"(\w+ing(?: at)?)$", r"\3 \2 not \4 \1"),
    (r"^it (?:is|was) not ((?:the|a|an) [\w ]+?) (?:that|which|who) (is|are|was|were) (?=\w+ing )", r"\2 \1 not "),
    # all of it in short
    (rf"^(?:{_SUM_UP})(?: up)?(?: (?:for|to) (?:me|us))?(?: in {_BRIEF})? (?:what|everything(?: that)?|all(?: that)?) "
     rf"(?:(?:the|this|that|our|my) )?{PICTURE} (?:is (?:about|of|showing)|was about|(?:\w+s|has)(?: us| me)?)"
     rf"(?: in {_BRIEF})?$", "describe the picture"),
    (r"^(?:sum up|summari[sz]e|recap|outline) (?=what (?:the|this|that) .+ (?:doing|does|do|did)$)", ""),
    (rf"^(?:sum|summari[sz]e|recap)(?: up)?(?: (?:for|to) (?:me|us))?(?: in {_BRIEF})? (?=(?:what|everything|all) )",
     "summarise "),
    (rf"^what (?:does|do|did) (?:(?:the|this|that|our|my) )?{PICTURE} (?:consist of|comprise|boil down to)$",
     "describe the picture"),
    (rf"^what(?: things| objects| elements)? (?:makes?|made) up (?:(?:the|this|that|our|my) )?{PICTURE}$",
     "describe the picture"),
    (rf"^break (?:(?:the|this|that|our|my) )?{PICTURE} down$", "describe the picture"),
    (r"^describe (?:to (?:me|us) |for (?:me|us) )?what ((?:the|this|that) .+) (?:looks?|looked) like$", r"describe \1"),
    (r"^(?:i|we) (?:want|need|would like|would love|wish for) (?:a|the|some) (?:short |brief |full |detailed )?"
     r"(?:description|account|summary|overview|details) (?:of|about|on) ", "describe "),
    (r"^what (?:does|do) (?:your|the|our) (?:records?|data|annotations?|graph|notes?) (?:say|tell(?: me| us)?|know|have"
     r"|hold|record) (?:about|of|on|for) ", "describe "),
    (r"\b(?:seen|shown|observed|found|caught|spotted) to be doing$", "doing"),
    (rf"^sum (it|this|that|everything|(?:the|this|that|our|my) {PICTURE}) up(?: in {_BRIEF})?(?= |$)",
     "describe the picture"),
    (r"^(?:sum up|outline|recap|wrap up) (?=\w)", "summarise "),
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
