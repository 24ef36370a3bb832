"""Other ways to say that something is left out, that there is neither of two things, that there is more of one."""

from assistant.patterns import NUMBER, PICTURE, SEES, VALUE

_OUT = r"(?:besides|apart from|aside from|other than|except for|except|excluding|but)"
_LEAVING = (
    r"(?:leav(?:e|ing) (?:aside|out)|(?:set|setting|put|putting) aside|disregard(?:ing)?|discount(?:ing)?"
    r"|ignor(?:e|ing)|not including|without counting|do not count|not counting|exclude)"
)
_WHICH = (
    rf"(?!the {VALUE} ones?\b)"
    r"(?:the|any|all (?:the|of|those|these)|those|these|anything|anyone|anybody|everything|everyone)"
)
_ASKS = r"(?:how many|which|who|what|is there|are there|is any|are any)"
_ANYTHING = r"(?:anything|something|anyone|anybody|someone|somebody)"
_SIGHT = r"(?:to be seen|to be found|to see|to find|visible|around|about|in view|in sight|here|there|present|on view)"

LEFT_OUT: tuple[tuple[str, str], ...] = (
    (rf"^(?:if (?:you|we|i|one) )?{_LEAVING} (?={_WHICH} )", "excluding "),
    (rf"^(?:if (?:you|we|i|one) )?(?:leav(?:e|ing)|set(?:ting)?|put(?:ting)?) ({_WHICH} .+?) "
     rf"(?:aside|out|to one side) (?={_ASKS} )", r"excluding \1 "),
    (rf"\b(are there|is there|do (?:you|we) (?:see|count|have|find)|can (?:you|we) (?:see|count|find)|there are)"
     rf"(?: if (?:you|we|i|one))? {_LEAVING} (?={_WHICH} )", r"\1 excluding "),
    (r"\bwith the exception of\b", "except for"),
    (rf"^((?:(?:is|are) there |is |are )?(?:any|some|{_ANYTHING})\b.*?) {_SIGHT}(?: here| there)? "
     rf"(?={_OUT} (?:the|a|an) )", r"\1 "),
    (rf"^((?:is there |are there |is )?{_ANYTHING}) else (.+ )?(?={_OUT} (?:the|a|an) )", r"\1 \2"),
    (r" (?:that |which )?the (?:camera|recording|detector|photographer|lens|sensor) (?:has |had |could |can )?"
     r"(?:picked up|pick up|caught|catch|captured?|saw|seen?|sees|detected|filmed|recorded)"
     r"(?=$| (?:is|are|was|were) )", ""),
    # neither
    (rf"^(?:can|could|do|did) (?:you|we|i|one) {SEES} (?=neither )", "is there "),
    (rf"^(?:you|we|i|one) (?:can |could |do )?(?:{SEES}|sees|finds) (?=neither )", "there is "),
    # more
    (rf"\bmore than (?:just|only|merely)(?: the)? (?={NUMBER}\b)", "more than "),
    (r"^((?:is|are|was|were) there more than) the (?=one\b)", r"\1 "),
    (r"\bmore than (?:(?:just|only|merely) )?a single\b", "more than one"),
    (rf"^((?:do|does|did|has|have) (?:the |this |that )?{PICTURE} .*?\b(?:more|fewer|less|as many) .+?) in it "
     r"(?=(?:than|as) )", r"\1 "),
    (r"^((?:is|are|was|were) there (?:more|fewer|less|as many) .+?) in it (?=(?:than|as) )", r"\1 "),
    (rf"^(?:is|was) it (more|fewer|less) (.+ than .+?) (?:that|which) (?:you|we|i|one) (?:can |could )?{SEES}$",
     r"are there \1 \2"),
    # the other side
    (r"\b(on|to|at) the (left|right)( hand side| side)? of (the \w+)( (?:and|but|or) .+?) \1 (?:the|its|his|her|their) "
     r"(left|right)( hand side| side)?$", r"\1 the \2\3 of \4\5 \1 the \6\7 of \4"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
