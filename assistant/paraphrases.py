"""Other ways to say what the grammar reads in one way: patterns over the words of a question, and the plain form.

A pattern never drops a word that could change what is asked. They are tried in order, each once.
"""

from collections.abc import Iterator

from assistant.adjectives import ATTRIBUTE_OF
from assistant.paraphrases_left_out import LEFT_OUT
from assistant.paraphrases_measured import MEASURED
from assistant.paraphrases_pairs import PAIRS
from assistant.paraphrases_requests import REQUESTS
from assistant.paraphrases_scans import SCANS
from assistant.paraphrases_spoken import SPOKEN
from assistant.paraphrases_values import VALUES_SHARED
from assistant.patterns import ATTRIBUTE, AUXILIARY, COLOUR, NO_GERUND, NUMBER, PICTURE, PLACE, SEEN, SEES, VALUE


def _attribute_statements() -> Iterator[tuple[str, str]]:
    """The colour of the car is red; the car's colour is red: the value is one of that attribute."""
    for attribute in sorted(set(ATTRIBUTE_OF.values())):
        noun = attribute.replace("colour", "colou?r")
        value = "|".join(sorted(value for value, of in ATTRIBUTE_OF.items() if of == attribute))
        yield rf"^the {noun} of (.+) (is|was)( not)? ((?:{value})(?: or (?:{value}))?)$", r"\1 \2\3 \4"
        yield rf"^(.+) 's {noun} (is|was)( not)? ((?:{value})(?: or (?:{value}))?)$", r"\1 \2\3 \4"


_ASKED = "(?:what is|what are|describe|name|state|give me|tell me|list)"
_STATED = (
    "(?:give|tell|name|state|describe|determine|find|specify|identify|report|say|provide|find out|note|explain)"
    "(?: me| us)?"
)
_AT_A_TIME = (
    r"(?:before|after|while|when|until|till|at|in|during|from|since|between|up|right|just|by|prior|over|on|as|once)\b"
)

_FIRST: tuple[tuple[str, str], ...] = (
    # who, what
    (r" if (?:any|anything|anyone|anybody)(?= )", ""),
    (r"^(?:would|could|will) (?:i|one|we|you) (?:find|see|spot|notice) (?=(?:a|an|any|some) )", "can you see "),
    (r"^is it possible to (?:see|find|spot|notice) (?=(?:a|an|any|some) )", "can you see "),
    (r"^is the (?:place|room|area|street|table) (?:empty|free|clear) of ", "is there no "),
    (r"^(which .+?|what .+?|who) (?:might|could|would|may) be (?:said to be )?(?=\w+ing\b)", r"\1 is "),
    (r"^(who) (?:might|could|would|may) be (?:said to be )?(?=\w+ing\b)", r"\1 is "),
    (r"^does one see ", "can you see "),
    (r"^(?:is|was) (the .+?) (?:one of|among) (?:the|those) (?:things|objects|items) (?:that )?((?:the|a|an) .+)$",
     r"is it \1 that \2"),
    (r"^not a single (\w+) (is|does|\w+s) ", r"no \1 \2 "),
    (r"\b(is|are) not one single (?=\w)", r"\1 not any "),
    (r"\bthough not (?=\w+ing\b)", "but not "),
    (rf"^(is|are|was|were) (the .+) an? ({VALUE}) one or an? ({VALUE}) one$", r"\1 \2 \3 or \4"),
    (r"(?<=\w) yet (?=(?:to the )?(?:left|right) of )", " and "),
    (r"^(?:did|does|do|could|can) the (?:camera|cameras|scan|scanner|robot|sensor|system|recording|detector|drone) "
     r"(?:find|see|spot|detect|show|capture|record|pick up|notice) (?=(?:a|an|any|some|at least) )", "is there "),
    (r"^no (\w+) is (\w+ing .+)$", r"is no \1 \2"),
    (r"^(is|was) (the .+?) ((?:\w+ing)(?: at| to| on)?) nothing$", r"is \2 not \3 anything"),
    (r"^(?:what sort of thing|what kind of thing) (is|are) ", r"what \1 "),
    (r"^(?:and |what about )(the \w+(?: \w+)?) what (is|are) (?:it|he|she|they) doing$", r"what \2 \1 doing"),
    (r"^(?:how would you )?describe what (.+) (?:is|are) doing$", r"what is \1 doing"),
    (r"^where (?:has|have) (.+?) (?:gone|been put|been placed|ended up|got to)(?: to)?$", r"where is \1"),
    (r"^where (.+?) (?:has|have) (?:gone|been put|been placed|ended up)$", r"where is \1"),
    (r"^help me (?:find|locate|spot) ", "where is "),
    (r"^what (?:is|are) ((?:the|this|that) .+?) like$", r"describe \1"),
    (r"^say (?:something|a bit|more|anything) about ", "describe "),
    (r"^(is|was) (\w+) the colou?r of (.+)$", r"is \3 \2"),
    (r"^(?:from|out of|of) (?:what|which) material (is|are) (.+?)(?: made| built)?$", r"what \1 \2 made of"),
    (r"^(?:what|which) material (is|are) (.+)(?<!made) of$", r"what \1 \2 made of"),
    (r"^what have (?:we|you) (?:got )?here$", "what do you see"),
    (r"^how far off ", "how far away "),
    (r"^(?:do|does) (.+ and .+) have (?:a|any|some) (?:connection|link|relation)(?: to each other| with each other)?$",
     r"are \1 connected"),
    (r"^(which|who|what) (?:moves|goes|runs|drives|travels|walks) (faster|slower)$", r"\1 is \2"),
    (r"^(is|are) (.+?) (?:moving|going|running|driving|travelling|walking) (faster|slower) than ", r"\1 \2 \3 than "),
    (r"^since when (?:has|have|had|is|are|was) (.+?) (?:been )?(?=\w+ing\b)", r"when does \1 start "),
    (r"^compared (?:with|to) (the .+?) is (the .+?) (\w+er)$", r"is \2 \3 than \1"),
    (r"^(which .+?) (is|are|was|were) the ones? (?:that|who|which) (is|are|was|were|do|does|did|has|have|\w+s|"
     r"\w+ed) ",
     r"\1 \3 "),
    (r"^(which .+?) (is|are|was|were) the ones? (?=(?:not |being |\w+ing |\w+ed by |held |on |in |at |under |"
     r"behind |beside ))", r"\1 \2 "),
    (r"^(?:someone|somebody|a person) (.+?) [.;] who(?: (?:is|was) (?:it|that|he|she|this))?$", r"who \1"),
    (r"^(.+) something [.;] what(?: (?:is|was) (?:it|that|this))?$", r"\1 what"),
    (r"^(what|who) (?:is|was) it (?=(?:the|this|these|every|each) )", r"\1 "),
    (r"^(who|which(?: one| ones)?|what) (?:among|amongst|out of|from among|from) ((?:all |all of )?the \w+) ",
     r"among \2 \1 "),
    (r"^(of|among|amongst) (?:all|all of) the ", r"\1 the "),
    (r"^amongst ", "among "),
    (rf"^(what|who|which .+?|where|when|how long|how often|how many times) (?:can|could) (.+) be {SEEN} "
     rf"(?=\w+ing\b)", r"\1 is \2 "),
    (rf"^(what|who|which .+?) (?:can|could) be {SEEN} (?=\w+ing\b)", r"\1 is "),
    (r"^(who|what|which \w+) else (.+) (besides|other than|except for|except|apart from|aside from|excluding) (.+)$",
     r"\1 \3 \4 \2"),
    (rf"^(what|which .+?|where) (?:do|can|did|could) (?:you|we|i|one) {SEES} ((?:the|this|that|a|an) .+?) "
     rf"(?=\w+ing\b)", r"\1 is \2 "),
    (rf"\b(?:{SEEN}|busy|engaged in|in the act of|in the process of) (?=(?!{NO_GERUND}\b)\w+ing\b)", ""),
    (rf"\b(?<!^)without (?=(?!{NO_GERUND}\b)\w+ing\b)", "but not "),
    # where
    (r"\bwhere abouts\b", "where"),
    (r"^where (is|are|was|were) (.+) (?:placed|positioned|situated|to be (?:found|seen)|hidden|"
     r"hiding)$", r"where \1 \2"),
    (r"^(the .+) where (is|are) (?:it|they|he|she|that)$", r"where \2 \1"),
    (r"^(?:what|which) (?:place|spot|location|area|part of the picture|part) (is|are) (.+) (?:in|at|"
     r"on)$", r"where \1 \2"),
    (r"^(?:in|during|at) (?:what|which) (?:part|parts|section|segment|stretch|period)(?: of (?:the |this "
     r")?(?:video|clip|footage|movie|time))? "
     rf"(?={AUXILIARY} .*(?:ing|ed|en|held)\b)", "when "),
    (rf"^(?:in|on|at) (?:what|which) (?:part|area|region)(?: of (?:the |this )?{PICTURE})? (is|"
     rf"are) (.+?)"
     r"(?: (?:located|found|placed))?$", r"where \1 \2"),
    (rf"^(?:what|which) (?:part|area|region)(?: of (?:the |this )?{PICTURE})? (is|are) (.+) "
     rf"(?:in|on|at)$",
     r"where \1 \2"),
    (r"^(?:give|tell|show|state|name|report|describe|determine|find|what is|what are|what was|i need|provide|do "
     r"you know|"
     r"can you give)(?: me| us)? the (?:exact |current )?(?:location|position|whereabouts|place) of ", "where is "),
    (r"^how (?:can|do|could|would) (?:i|we|one) (?:find|locate|spot|get to|reach) ", "where is "),
    (r"^(?:i am|i was|we are|someone is) (?:looking|searching) for ((?:the|my|a|an) .+?)(?: [.;])?(?: (?:and|but|"
     r"so))?(?: (?:can|could|do|did) (?:you|i|we) (?:see|tell|know|say|find|spot))?"
     r"(?: where (?:(?:is|are|can i find) (?:it|they|them)|(?:it|they) (?:is|are)))?$", r"where is \1"),
    (r"^(?:i|we) (?:can not|could not|do not|did not) (?:see|find|spot) (.+?)(?: [.;])?(?: (?:and|but|so))? "
     r"where (is|are) (?:it|they|he|she)$",
     r"where \2 \1"),
    # doing
    (rf"\bwhat (?:has|have|had) (.+?) been (?:doing|up to)(?= {_AT_A_TIME}|$)", r"what is \1 doing"),
    (rf"\bwhere (?:has|have|had) (.+?) been(?= {_AT_A_TIME}|$)", r"where was \1"),
    (rf"\bwhat (?:has|have|had) (.+?) done(?= {_AT_A_TIME}|$)", r"what did \1 do"),
    (r"^what (is|are|was|were) (.+) (?:engaged in|busy with|occupied with|involved in|busy at|busying (?:itself|"
     r"themselves|"
     r"himself|herself) with)$", r"what \1 \2 doing"),
    (r"^what (?:is|was) being done by (.+)$", r"what is \1 doing"),
    (r"^what (?:activity|activities|action|actions|task|tasks) (?:does|do|did) (.+) (?:perform|do|carry out|"
     r"engage in|take part in)$",
     r"what is \1 doing"),
    (r"^(?:in|with) (?:what|which) (?:activity|activities|action|task) (is|are|was|were) (.+) (?:engaged|"
     r"involved|occupied|busy)$",
     r"what \1 \2 doing"),
    (rf"^{_ASKED} the (?:activity|activities|action|actions|"
     r"behaviou?r|deeds?) of (.+)$",
     r"what is \1 doing"),
    (rf"^{_ASKED} (.+) 's (?:activity|activities|action|"
     r"actions|behaviou?r|deeds?)$",
     r"what is \1 doing"),
    (r"^(what|who|which .+?) (?:might|could|may) (.+) be (doing|\w+ing\b.*)$", r"\1 is \2 \3"),
    (r"^how (is|are|was|were) (.+) (?:occupied|occupying (?:itself|themselves)|spending (?:its|their|his|her|"
     r"the) time|keeping busy)$",
     r"what \1 \2 doing"),
    (r"^how (?:does|do|did) (.+) (?:spend (?:its|their|his|her|the) time|occupy (?:itself|themselves|himself|"
     r"herself)|keep busy)$",
     r"what is \1 doing"),
    *PAIRS,
    # describe
    (r"^(describe .+?) (?:to|for) (?:me|us)$", r"\1"),
    (r"^(describe .+?) (?:in (?:great |more |full |some )?details?|(?:briefly|fully|shortly|completely))$", r"\1"),
    (rf"^what (?:does|do|can|could) (?:the |this |that )?(?:scene |video )?(?:{PICTURE}|you|one|we) (?:say|tell|"
     rf"tell us|tell me|know|show|"
     r"record|reveal|contain) (?:about|of|on) ", "describe "),
    (r"^(?:what|anything|is there anything|what else|what information|any information|what details)(?: (?:is|"
     r"are) there| is)?"
     r"(?: to (?:say|know|tell|see)| known)? about ", "describe "),
    (r"^(?:how (?:would|could|can) (?:you|one|we)|how to) describe (?!the (?:colou?r|size|relation))", "describe "),
    (r"^how (?:can|could|would) (.+) be described$", r"describe \1"),
    (r"^(?:provide|write|make|give|produce)(?: me| us)? (?:a |an |some |the )?(?:(?:short|brief|detailed|full|"
     r"quick) )*(?:description|"
     r"details|information|account) of ", "describe "),
    (r"^what can be (?:seen|found|observed)(?: here)?$", "what do you see"),
    (r"^what is (?:there to see|to be seen|visible|on view)$", "what do you see"),
    (rf"^what (?:is|was) (?:this|that|it) (?:a )?{PICTURE} of$", "what does the picture show"),
    # yes or no
    (rf"^(?:can|could|might|may) (.+?) be (?:(?:found|seen|located|spotted|{SEEN}) )?(?=(?:\w+ing|{PLACE}) )",
     r"is \1 "),
    (r"^(is|are|was|were) (.+?) the ones? (?:(?:that|who|which) )?(?:(?:is|are|was|were) )?(?=(?:not )?\w+ing )",
     r"\1 \2 "),
    (r"^(?:is|was) ((?:the|this) .+?) the one (?:that|who|which) (?!is|are|was|were)(\w+s|\w+ed|\w+t) ", r"\1 \2 "),
    (r"^(is|was) ((?:the|this) .+?) (?:what|the (?:one|thing|object|item)(?: that| which)?) ((?:the|this|a|an) .+)$",
     r"\1 it \2 that \3"),
    (r"\bevery single\b|\beach and every\b|\beach single\b", "every"),
    (r"^(is|are|do|does) (?:the|a) majority of ", r"\1 most of "),
    (r"\b(?:the|a) (?:vast )?majority of\b|\bmore than half of\b|\bover half of\b", "most of"),
    (r"\bmost of (?!the |these |those )", "most "),
    (r"^(are|were|do|did) (the \w+(?: \w+)?) (?:all|each|both) (?!of|the)", r"\1 all \2 "),
    (r"\b(?:rather than|instead of) (?=\w+ing\b)", "but not "),
    (r"\bby ((?:the|a|an) [\w ]+?) (or|and) by (?=(?:the|a|an) )", r"by \1 \2 "),
    (r"^(is|was) (?:that which|what|whatever|the thing which) (is|are|was|were) ", r"\1 the thing that \2 "),
    (r"^(is|was) what ((?:the|this) .+ (?:a|an) \w+(?: \w+)?)$", r"\1 the thing \2"),
    (rf"^((?:is|are|was|were) .+?) (?:located|situated|positioned|placed|found|to be found|to be seen|kept) "
     rf"(?={PLACE} )", r"\1 "),
)  # fmt: skip
_THEN: tuple[tuple[str, str], ...] = (
    # what do you think
    (r"^((?:what|which|who|whom|where|how|when)\b.*?) (?:do|would|can|could|did) (?:you|we|one|i) (?:think|say|guess|"
     r"believe|suppose|reckon|estimate)(?: that(?= (?:the|a|an|this|these|it|there|he|she|they)\b))? (?=\w)", r"\1 "),
    # is there
    (r"^(is|are|was|were|do|does|did|has|have|can|could) not (?=(?:there|the|this|these|those|that|you|we|a|an|"
     r"any|some|"
     r"it|one|anyone|anybody|anything)\b)", r"\1 "),
    (r"^(is|are) there such (?:a thing as|things as) ", r"\1 there "),
    (r"^(?:does|do) there (?:exist|appear) ", "is there "),
    (r"^(?:has|have) (?:(?:you|we|i|one|anyone) (?:seen|spotted|noticed|found|observed|recognised)|(?:you|we|i) got) "
     r"(?=(?:a|an|any|some|no|\w+s)\b)", "is there "),
    (rf"^(?:can|could|do|did|does) (?:you|we|i|one|anyone|somebody|someone|people) {SEES} (?=(?:a|an|any|some|no|"
     rf"\w+s)\b)",
     "can you see "),
    (r"^(?:do|does|did) (?!the |this |that |these |those |it |he |she |they |you |we |\w+ and )"
     r"(.+) (?:appear|exist|occur|show up|turn up)(?: anywhere)?$", r"is there \1"),
    (r"^(?:is|are) (?:any|some|one|at least one)(?:thing| thing| of the (?:things|objects|items)| object| of these)"
     r"(?: here| there)? (a|an) (\w+(?: \w+)?)$", r"is there \1 \2"),
    (rf"^(?:is|are|was|were) (a|an|any|(?!the|this|that|these|those|he|she|it|they)(?:\w+ ){{0,2}}\w+s) (.*?)\b"
     rf"(?:missing|absent|lacking)(?: (?:from|in) (?:the |this |that )?{PICTURE})?$",
     r"is there no \1 \2"),
    (r"^is there no (?:a|an|any) ", "is there no "),
    (rf"^(?:is|was) (?:it|this|that|the {PICTURE})(?: a {PICTURE})? (?:without|free of|devoid of|lacking) ",
     "is there no "),
    (r"^(is|are|was|were) there no (.+) and no (.+)$", r"\1 there neither \2 nor \3"),
    (r" (and|or) (?:also )?(?:is|are) there (?:also )?(?=(?:a|an|any|some|\w+s)\b)", r" \1 "),
    (r"^((?:is|are|was|were) there|(?:can|do|did) \w+ see|does .* (?:show|contain|have)) (.+) but not (?:a|an|any) ",
     r"\1 \2 but no "),
    (r"\bnot (?:only|just) (.+?) but(?: also)? ", r"\1 and "),
    (r"^(is|are) (.+ and .+) both (visible|present|there|shown|seen|here|depicted|in view)$", r"\1 both \2 \3"),
    # how many
    (rf"^(how many .+?) (?:exist|exists|appear|appears|occur|have you got|do (?:we|you) have|would you count|"
     rf"there are|"
     rf"are to be (?:seen|found|counted)|show up|can be (?:counted|spotted|made out)|"
     rf"(?:do|can|did|could) (?:you|we|i|one) {SEES})$", r"\1 are there"),
    (r"^(how many .+?) (?:are|were) there ((?:that|who|which) .+)$", r"\1 \2 are there"),
    (r"^what is the (\w+) count$", r"how many \1 are there"),
    (r"^(?:give|tell|show|get|provide|state|report)(?: me| us)? (?:a|the) (?:\w+ )?(?:count|number|tally) of "
     r"(?:the )?",
     "how many "),
    (r"^count (?:the |all |up |each of )*(?=\w)(?!number|amount|how )", "how many "),
    (r"^what (?:number|amount|quantity) of (.+?) (?:is|are) there$", r"how many \1 are there"),
    (r"\ba minimum of\b", "at least"),
    (r"\ba maximum of\b", "at most"),
    (rf"^((?:is|are|were) there|do you see|can you see|does .+? (?:show|contain|have)) ({NUMBER}) (.+?) "
     r"(?:or more|at least|at a minimum|as a minimum|at minimum)$", r"\1 at least \2 \3"),
    (rf"^((?:is|are|were) there|do you see|can you see|does .+? (?:show|contain|have)) ({NUMBER}) (.+?) "
     r"(?:or fewer|or less|at most|at the most|at a maximum|as a maximum|at maximum)$", r"\1 at most \2 \3"),
    (rf"^(?:is|does|was) the (?:total )?(?:number|count|amount) of (.+?) (?:be )?(?:greater than|higher than|"
     rf"larger than|bigger "
     rf"than|more than|above|over|exceed|exceeding) ({NUMBER})$", r"are there more than \2 \1"),
    (rf"^(?:is|does|was) the (?:total )?(?:number|count|amount) of (.+?) (?:less than|smaller than|lower than|"
     rf"fewer than|below|"
     rf"under) ({NUMBER})$", r"are there fewer than \2 \1"),
    (rf"^(?:is|does|was) the (?:total )?(?:number|count|amount) of (.+?) ({NUMBER}) or more$", r"are there at "
     r"least \2 \1"),
    (rf"^(?:is|does|was) the (?:total )?(?:number|count|amount) of (.+?) ({NUMBER}) or (?:less|fewer)$",
     r"are there at most \2 \1"),
    (rf"^(?:do|does) the (?:total )?(?:number|count|amount) of (.+?) (?:equal|amount to|come to) ({NUMBER})$",
     r"are there exactly \2 \1"),
    (r"^(?:point|point out|point at|direct me|guide me|take me) to ", "show me "),
    # colours and other attributes
    (rf"\b(?:colou?red|tinted|dyed|painted) ({COLOUR})\b", r"\1"),
    (rf"\b({COLOUR}) (?:colou?red|tinted|painted)\b", r"\1"),
    (rf"\b(?:of|in) (?:a |an |the )?(?:colou?r )?({COLOUR})(?: colou?r)?$", r"\1"),
    (rf"^(?:does|do|did) (.+?) (?:have the colou?r|have (?:a|an)|look|appear|seem)(?: to be)? "
     rf"({VALUE}(?: or {VALUE})?)(?: colou?r)?$", r"is \1 \2"),
    (rf"\b(?:has|have|with) (?:a|an|the) (?:colou?r )?({COLOUR})(?: colou?r)?$", r"is \1"),
    (rf"^((?:which|what|is|are)\b.*?)(?<! and)(?<! or)(?<! but)(?<! as) (is |are |was |were |)(?:the|a|an) ({VALUE}) "
     r"ones?$", r"\1 \2\3"),
    (rf"^would (?:you|one) (?:call|describe|consider) (.+?)(?: as| to be)? ({VALUE})$", r"is \1 \2"),
    (rf"^(is|are) (.+) 's {ATTRIBUTE} ({VALUE}(?: or {VALUE})?)$", r"\1 \2 \4"),
    (rf"^(is|are) (?:it|they) ({VALUE}(?: or {VALUE})?) ((?:the|this|that) .+)$", r"\1 \3 \2"),
    (rf"\b(?:a|any) colou?r (?:other than|but|except|different from) ({COLOUR})$", r"not \1"),
    (r" or (?:is it|are they|rather|maybe|perhaps|else|is it rather|was it|possibly) ", " or "),
    (rf"^((?:the|this|that) .+) ({COLOUR}) or ({COLOUR})$", r"is \1 \2 or \3"),
    (rf"^(?:is|was) the {ATTRIBUTE} of (.+) (?:equal to|the same as) ({VALUE})$", r"is \2 \3"),
    (rf"^(?:what|which) {ATTRIBUTE} (?:has|have) (.+?)(?: got)?$", r"what \1 is \2"),
    (rf"^(.+) (is|are) of (?:what|which) {ATTRIBUTE}$", r"what \3 \2 \1"),
    (rf"^(the {ATTRIBUTE} of .+) is (?:what|which)$", r"what is \1"),
    (rf"^{_STATED} (the {ATTRIBUTE} of )", r"what is \1"),
    (rf"^{_STATED} (.+ 's {ATTRIBUTE})$", r"what is \1"),
    *_attribute_statements(),
    (rf"^(?:the|and the) ({ATTRIBUTE} of .+)$", r"what is the \1"),
    (rf"^how would (?:you|one) (?:describe|call|name) (the {ATTRIBUTE} of )", r"what is \1"),
    (rf"^what is the {ATTRIBUTE} (?:that |which )?(.+) (?:has|have)$", r"what \1 is \2"),
    (rf"^what (?:kind|sort|type|shade) of {ATTRIBUTE} ", r"what \1 "),
    (rf"^what {ATTRIBUTE} can (.+) be said to be$", r"what \1 is \2"),
    (rf"^(?:is|are) the {ATTRIBUTE}s? of (.+) (?:the same as|equal to|identical to|like|similar to) "
     r"(?:the \1 of|that of) (.+)$", r"do \2 and \3 have the same \1"),
    (rf"^(?:is|are) the {ATTRIBUTE}s? of (.+ and .+) (?:the same|equal|identical|alike)$", r"do \2 have the same \1"),
    (rf"^(?:is|are) the {ATTRIBUTE}s? of (.+ and .+) (?:different|unequal|not the same)$",
     r"do \2 have different \1"),
    (rf"^(?:do|does) (.+) (?:match|agree|coincide|share) in {ATTRIBUTE}$", r"do \1 have the same \2"),
    (rf"^(do|does) (.+) share (?:a|their|the) {ATTRIBUTE}$", r"\1 \2 have the same \3"),
    (rf"^(?:is|are|does|do) (.+?) (?:of |have )?a different {ATTRIBUTE} (?:than|from|to|as) (.+?)(?: does| do| is)?$",
     r"do \1 and \3 have different \2"),
    # who, what
    (r"^(what|who|whom|which(?: \w+){0,2}?) (?:is|are|was|were) it (?:that|who|which) ", r"\1 "),
    (r"^(?:who or what|what or who|who and what) ", "what "),
    (r"^who (is|are|was|were) the (?:(?:one|ones)(?: (?:who|that)(?: \1)?)?|person (?:who|that) \1) "
     r"(?=\w+ing\b)", r"who \1 "),
    (r"^who (?:all|else) ", "who "),
    (r"^what (?:all|exactly) ", "what "),
    (r"^(?:name|list|state|tell me|show me|give me) (?:(?:everything|anything)(?: that| which)?|all that|all "
     r"which) (?=(?:the|a|an) )", "what "),
    # where
    (r"\bwhereabouts\b", "where"),
    (r"^(?:in|at|on) (?:what|which) (?:place|spot|location|position|area) ", "where "),
    (r"^where (?:can|could|would|might|should|do|does|will) (?:i|one|we|you|someone|anyone) (?:find|see|spot|locate|"
     r"look for|expect) ", "where is "),
    (r"^where (?:can|could|would|might) (.+) be(?: (?:found|seen|spotted|located))?$", r"where is \1"),
    (r"^i (?:can not|could not|do not) (?:find|see|spot) (.+) where (is|are) (?:it|they|he|she)$", r"where \2 \1"),
    (r"^(?:what|which) (?:is|are) the (?:exact )?(?:location|position|place|whereabouts) of ", "where is "),
    # how many
    (r"^(?:what|which) is the (?:(?:total|exact|overall|full) )*(?:number|count|amount|quantity) of ", "how many "),
    (r"^(?:give|tell|show|get)(?: me| us)? the (?:(?:total|exact|overall) )*(?:number|count|amount|quantity) of ",
     "how many "),
    (r"^what (?:number|amount|quantity) of ", "how many "),
    (r"^(how many (?:of )?)(?:different|distinct|separate|individual) ", r"\1"),
    # is there
    (r"^(?:is there |are there |do you see |can you see )?(?:any|a) (?:sign|trace|hint|indication)s? of ", "is there "),
    (rf"^(?:is|are) (?:the |this |that )?{PICTURE} (?:free of|free from|devoid of|lacking|missing|without) ",
     "is there no "),
    (rf"^does (?:the |this |that )?{PICTURE} (?:lack|miss|not (?:show|contain|have|include)) ", "is there no "),
    (rf"^(?:has|does) (?:the |this |that |it )?(?:{PICTURE} )?(?:got|have got) ", "is there "),
    (r"^can (?:one|anyone|someone|somebody|people) (?:see|spot|find|notice|make out|observe|detect) ",
     "can you see "),
    (r"^(?:can|could|do|did) (you|we|i) (?:spot|find|notice|make out|observe|detect|recognise|recognize) "
     r"(?=(?:a|an|any|some|no|anything|anyone|anybody|something|someone|somebody|at least|more than) )",
     r"can \1 see "),
    (r"^(?:can|could) ((?:a|an|any|some) .+) be (?:seen|found|spotted|observed|made out|noticed)(?: anywhere)?$",
     r"is there \1"),
    (r"^(?:do|does|did) ((?:a|an|any|some) .+) (?:appear|occur|show up|exist)(?: anywhere)?$", r"is there \1"),
    (r"^(?:does|do|did) (.+?) (?:appear|lie|come) (?=(?:to the|on the|left|right|above|below|higher|lower|"
     r"within) )", r"is \1 "),
    (r"^(when|how long) (?:can|could) (.+) be (seen|spotted|visible)$", r"\1 is \2 visible"),
    (r"^(?:have|do) (?:we|you|i) (?:got|have) (?=(?:a|an|any|some|no|at|more|fewer|exactly|\d|one|two|three) )",
     "is there "),
    (rf"^(?:if |whether )?(?:the |this |that ){PICTURE} (?:has|shows|contains|includes|features|depicts) "
     r"(?=(?:a|an|any|some|no|at|more|fewer|exactly|\w+s$))", "is there "),
    (r"^(?:do|does|did) (.+) (?:occur|show up|exist|turn up)(?: anywhere)?$", r"is there \1"),
    (r"^where (?:i|one|we|you) (?:can|could|might|may) (?:find|see|spot|locate) ", "where is "),
    (r"^where (.+) (?:might|could|may|would|should|must) be$", r"where is \1"),
    (r"^(?:i (?:need|want|would like)|provide|report|calculate|compute|determine)(?: to know)? the (?:(?:total|"
     r"exact) )*"
     r"(?:number|count|amount) of ", "how many "),
    (r"^in (?:what|which) ways? ", "how "),
    (r"\b(related|connected|linked|tied|joined) (?:in any way|somehow|in some way|at all|directly or "
     r"indirectly)$", r"\1"),
    (r"^(?:at|in) (?:what|which) (?:second|frame|timestamp|seconds|frames) ", "when "),
    (r"^when (do|does|did|is|are|was|were) (?!the (?:first|last))(.+?)(?<! the) (first|last) (?!time)(.+)$",
     r"when \1 \2 \4 for the \3 time"),
    # and
    (rf"^((?:is|are) there|(?:can|do) (?:you|we|i) see) (.+?) plus (?=(?:a|an|some|another|{NUMBER}) )", r"\1 \2 and "),
    (r"\b(?:as well as|(?:along|together) with(?=.*(?:ing|is|are|do)\b)|in addition to)\b", "and"),
    # colour, material
    (r"^(what|which) (colou?r|size|shape|material|age|pattern) (?:does|do|did) (.+) have$", r"what \2 is \3"),
    (r"^(?:of|in|with) (?:what|which) (colou?r|size|shape|material|pattern) (is|are|was|were) (.+?)"
     r"(?: (?:painted|shown|depicted|drawn))?$", r"what \1 \2 \3"),
    (r"\bmade (?:out of|from|up of)\b", "made of"),
    (r"^(?:what|which) material (is|are|was|were) (.+) made of$", r"what \1 \2 made of"),
    (r"^(?:what|which) (colou?r|size|shape|material) (is|are) (.+) (?:painted|shown|depicted)$", r"what \1 \2 \3"),
    (r"^(is|are) the (?:colou?r|size|shape|material) of (.+) (\w+)$", r"\1 \2 \3"),
    (r"\b(?:share|have|has|shares) (?:the same|one|an identical|a common) (colou?r|size|shape|material|kind|type)$",
     r"have the same \1"),
    # doing
    (r"\bbusy doing\b", "doing"),
    (r"^(?:what|which) (?:activity|action|activities|actions) (is|are|was|were) (.+) (?:engaged in|involved in|"
     r"performing|"
     r"carrying out|taking part in|doing|busy with|occupied with)$", r"what \1 \2 doing"),
    (r"^what (does|do|did) (.+) (?:seem|appear|look) to (?:be )?(?=\w+ing\b)", r"what is \2 "),
    (r"^(?:does|do|did) (.+) (?:seem|appear|look) to be ", r"is \1 "),
    (r"\b(?:seem|appear)s? to be\b", "is"),
    # describe
    (r"^(?:give|tell|show)(?: me| us)? (?:a |some |the |any )?(?:(?:short|brief|detailed|full|more) "
     r")*(?:description|details|"
     r"information|info|facts) (?:of|about|on) ", "describe "),
    (r"^what (?:is|do you|do we|can you|can we|can be) (?:known|recorded|said|know|say|tell me|stored|noted) "
     r"(?:about|of|on) ",
     "describe "),
    (r"^(?:tell|give|show)(?: me| us)? (?:something |more |everything (?:you know )?|all (?:you know )?)?about ",
     "describe "),
    (r"^summari[sz]e what (?:is|was) (?:happening|going on|shown)$", "describe the picture"),
    (r"^(?:what is|what are|what) in (?:the |this |that )picture$", "what is there"),
    # times
    (r"^(?:at|during|in) (?:which|what) (?:point|time|moment|instant|stage)(?: in time| of time)? ", "when "),
    (r"^(?:for|during) (?:what|which) (?:length|amount|period|stretch|span) of time ", "how long "),
    (r"^(?:for what|what is the) (?:duration|length|total duration) (?:of |does |is )?(?=(?:the|a|an) )",
     "how long is "),
    (r"^how (?:much time|many seconds|many frames) (do|does|did) ", r"how long \1 "),
    (r"^(?:how many times|how often|on how many occasions|how frequently) ", "how often "),
)  # fmt: skip

PARAPHRASES = (*SCANS, *LEFT_OUT, *VALUES_SHARED, *SPOKEN, *REQUESTS, *_FIRST, *MEASURED, *_THEN)
"""(pattern, plain form) in the order in which they are tried."""
