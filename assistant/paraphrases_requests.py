"""Requests in the plain form of a question: "return all people", "state the location of the dog", "walk me through".

What a report, a query or a form asks for is a question without its question word.
"""

from assistant.patterns import MORE, MOST, NUMBER, PICTURE, PLACE, TELL, VALUE

REQUEST = (
    f"(?:{TELL}|return|retrieve|output|print|provide|"
    "get|fetch|select|choose|pick|enumerate|indicate|mention|write|display|extract|compute|calculate|establish|note|"
    "supply|record|work out|find out|figure out|point out|pick out|write down|look up|read out|measure|estimate|"
    "describe|explain|ascertain|assess|detect|recognise|recognize|count)"
)
_SURE = f"{REQUEST}|confirm|verify|check|there is|is there"
_TO_ME = "(?: (?:to |for )?(?:me|us))?"
_EXACT = "(?:(?:correct|exact|right|precise|total|overall|current|full|actual|approximate|respective|relevant) )*"
_ONE = (
    "number|count|amount|quantity|total|colou?r|material|size|shape|location|position|whereabouts|place|distance|gap|"
    "height|width|depth|volume|speed|length|displacement|bearing|relation|relationship|connection|activity|action|"
    "duration|order|chain|path|way|direction|name|time|moment"
)
_MORE_THAN_ONE = "colou?rs|coordinates|relations|relationships|activities|actions|names"
_RECORDED = (
    "(?:annotated|labelled|labeled|marked|recorded|shown|depicted|pictured|displayed|listed|detected|captured|present|"
    "visible|seen|found|drawn|painted|photographed|filmed)"
)
_ACTIVITY = "(?:activity|activities|action|actions|task|tasks|deed|deeds|pastime|occupation)"

REQUESTS: tuple[tuple[str, str], ...] = (
    # how many
    (r"^(?:tally|tot|total|reckon|add)(?: up)? (?=(?:the|all|every|each)\b)", "count "),
    (r"^count(?: up)? (?:for (?:me|us) )?(?:each and )?(?:all (?:of )?)?(?:the )?(?:everyone|everybody|every one"
     r"|anyone|anybody|(?:those|all)(?= who\b))(?= )", "how many people"),
    (r"^count(?: up)? (?:for (?:me|us) )?(?:everything|anything|(?:those|all)(?= (?:that|which)\b))(?= )",
     "how many things"),
    (r"^count(?: up)? (?:for (?:me|us) )?who(?:ever)? (?=\w)", "how many people who "),
    (r"^count(?: up)? (?:for (?:me|us) )?what(?:ever)? (?!number\b|amount\b)(?=\w)", "how many things that "),
    (r"^count(?: up)? (?:for (?:me|us) )?(?:which|what) (?=\w+s\b)", "how many "),
    # describe
    (rf"^describe (?:what|whatever) (is|are) (?=(?:{PLACE}|to the) )", r"describe everything that \1 "),
    (r"^describe who (?=\w)", "describe whoever "),
    (rf"^(?:talk|walk|run|take) (?:me|us) through (?:what is (?:in|on|shown in) )?(?=(?:the |this |that )?{PICTURE})",
     "describe "),
    (r"^what (?:does|do|did) ((?:the|this|that) .+) look like$", r"describe \1"),
    (r"^(?:tell|give|show)(?: me| us)? (?:all|everything|anything|what) (?:that )?(?:you|we) (?:know|have|can tell"
     r"|see) (?:of|about|on) ", "describe "),
    (r"^(?:is there )?anything (?:that )?(?:you|we) (?:can|could) (?:tell|say)(?: me| us)? (?:about|of|on) ",
     "describe "),
    (r"^what are (?:all )?the (?:attributes|properties|features|characteristics|details) (?:recorded )?(?:of|for"
     r"|about) (?=(?:the|this|that) )", "describe "),
    (rf"^{REQUEST}{_TO_ME} (?=(?:who|whom|whose|what|which|where|when|how|by whom|on what|at what time)\b)"
     r"(?!how (?:many|.+ (?:is|are|relates?|interacts?)\b))", ""),
    (rf"^(?:{REQUEST}{_TO_ME} )?(?:all|everything|anything|whatever|what)(?: that| which)? (?:(?:is|was|has been) "
     r"(?:known|recorded|stored|noted|annotated|said)|there is to (?:know|say|tell)|(?:we|you) know) "
     r"(?:about|of|on|regarding|concerning) (?=whoever\b|whatever\b|the\b|that\b|this\b)", "describe "),
    (rf"^(?:(?!describe|explain){REQUEST}{_TO_ME} )?(?:whatever|whichever thing|whichever object) ", "what "),
    (rf"^(?:(?!describe|explain){REQUEST}{_TO_ME} )?(?:whoever|whichever person) ", "who "),
    (rf"^{REQUEST}{_TO_ME} the {_EXACT}({_ONE})\b", r"what is the \1"),
    (rf"^{REQUEST}{_TO_ME} the {_EXACT}({_MORE_THAN_ONE})\b", r"what are the \1"),
    (r"^(?:return|retrieve|output|print|get|fetch|enumerate|pick out|pick|display|extract|select|choose|mention|report|"
     rf"indicate|search for|look for|highlight|mark|look up|write down|read out){_TO_ME} "
     r"(?=(?:the|all|every|each|any|those|everything|every one|\w+s)\b)", "list "),
    # where and what they do
    (r"^(?:in|on|at) (?:what|which) (?:part|area|region|place|spot|section|corner|portion)"
     r"(?: of (?:the |this )?(?:picture|image|photo|photograph|scene|frame|shot|view))? (?:does|do|did|can|could) "
     r"(.+?) (?:appear|lie|stand|sit|show up|be (?:seen|found|located))$", r"where is \1"),
    (r"^where (is|are|was|were) ((?:the|a|an) [\w ]+?) (?:positioned|located|situated|placed|found|standing|sitting|"
     r"lying) ((?:who|that|which) .+)$", r"where \1 \2 \3"),
    (rf"^(?:what|which) (?:is|are) the {_ACTIVITY} (?:in which|with which|that|which) (.+) (is|are|was|were) "
     r"(?:engaged|involved|busy|occupied|doing|performing|carrying out|pursuing|busied)(?: in| with)?$",
     r"what \2 \1 doing"),
    (rf"^(?:what|which) (?:is|are) the {_ACTIVITY} (?:that )?(.+) (?:performs|perform|carries out|does|do|is doing)$",
     r"what is \1 doing"),
    (rf"^(?:(?:what|which) (?:is|are) the |list the )?{_ACTIVITY} of (.+) in (?:the )?(?:chronological |temporal |"
     r"right |correct )?(?:order|sequence)(?: in which (?:they|it) .+| of .+)?$", r"what happens with \1"),
    (r"^(?:walk|take|run|talk|guide|lead) (?:me|us) through (?:what|everything(?: that)?) (.+?) (?:does|do|did|is doing"
     r"|has done)(?: in order| step by step| from start to (?:end|finish)| one after the other)*$",
     r"what happens with \1"),
    # what is recorded
    (rf"^(?:what|which information|what information) (?:has|have) been (?:{_RECORDED}|said|noted|stored|written) "
     r"(?:about|of|on|for) ", "describe "),
    (rf"^((?:what|which|who|whose|list|how many)\b.* (?:of )?(?:the )?[\w-]+) (?:that|which|who) (?:is|are|was|were|"
     rf"has been|have been|can be|could be) {_RECORDED}(?: anywhere)?$", r"\1"),
    (rf"^((?:how many|which)(?: of (?:the|these|those))? [\w ]+?) {_RECORDED} "
     r"(?=(?:is|are|was|were|has|have|had|do|does|did)\b)", r"\1 "),
    (rf"^(?:that )?no (?!one\b|thing\b)([\w ]+?) (?:(?:is|are|was|were|has been|have been) {_RECORDED}|(?:is|are)|"
     r"exists?|appears?)(?: anywhere)?$", r"there is no \1"),
    (r"^(?:whether |if |that )?((?:a|an|any|some|at least one) [\w ]+?) (?:can|could) be (?:seen|found|spotted|"
     r"observed|made out|noticed|detected)(?: anywhere)?$", r"is there \1"),
    (rf"^(?:has|have) ((?:a|an|any|some|no) .+?) been {_RECORDED}(?: anywhere)?$", r"is there \1"),
    (rf"\b(?:situated|located|positioned|placed) (?=(?:both )?{PLACE} |(?:the )?(?:high|low|left|right|top|bottom"
     rf"|near|clos|"
     r"far|fur)\w*est\b|(?:left|right|top|bottom)most\b)", ""),
    (r"^(which .+?|what|who) (?:lies?|lay|stands?|stood|sits?|sat|appears?|appeared|hangs?|shows? up|ranks?) "
     r"(?=(?:the )?(?:highest|lowest|leftmost|rightmost|topmost|furthest|farthest|nearest|closest|both|(?:to|on) the "
     r"(?:left|right)|left of|right of)\b)", r"\1 is "),
    (r"^(which .+?|what|who) (?:lies?|lay) (?=(?:above|below|behind|in front of|beside|next to|near|under) .+ and "
     r"(?:to the |on the )?(?:left|right|above|below|behind|in front of|beside|next to|near) )", r"\1 is "),
    # colour said of a thing
    (rf"^(?:would|could|can|should|may|might) (.+?) be (?:described|classified|considered|called|said to be|regarded|"
     rf"labelled|labeled|characterised|characterized|termed|seen)(?: as)? ({VALUE})(?: or (?:as )?({VALUE}))?$",
     r"is \1 \2 or \3"),
    (r"^(is .+) or $", r"\1"),
    (r"\b(is|are|was|were) (?:of )?(?:a|an|any|some) (?:other )?(?:colou?r|material) (?:other than|but|except|than|"
     rf"different from) ({VALUE})$", r"\1 not \2"),
    # clefts
    (r"^(is|was) it by ((?:the|a|an|this|that) .+?) that ((?:the|a|an|this|that|any) .+?) (?:is|are|was|were) "
     r"((?:being )?\w+(?: at)?)$", r"\1 \3 \4 by \2"),
    (r"^by whom ((?:the|a|an|this|that) .+?) (is|are|was|were) ((?:being )?\w+(?: at)?)$", r"by whom \2 \1 \3"),
    # how many
    (r"^(how many .+?) (?:can|could|do|did) (?:you|we|i|one) (?:count|see|find|spot|notice|make out|detect) "
     r"(?:that|which|who) ", r"\1 "),
    (r"^(how many [\w ]+?) (?:in all|in total|altogether|all in all) (?=(?:are|is|do|does|did|have|has|were|was)\b)",
     r"\1 "),
    (r"^(?:the )?same (?:number|amount) of (?=.+ (?:as|and) )", "are there the same number of "),
    (r"^(?=(?:more|fewer|as many|just as many) [\w ]+ (?:than|as) [\w ]+$)(?!.*\b(?:is|are|do|does|did|was|were)\b)",
     "are there "),
    (r"\b(more|fewer|as many) ([\w ]+?) with (?:an? )?([\w ]+?) (than|as) without(?: (?:one|any|them|it))?$",
     r"\1 \2 with \3 \4 \2 without \3"),
    (r"^how much (longer|shorter) (?:is|are|was|were|does|do|did) (.+?) (?:(?:stay|remain|be) )?(?:in|on) (?:the "
     rf"|this )?(?:{PICTURE}|screen|sight) than (.+?)(?: is| does| was)?$",
     r"how much \1 is \2 visible than \3 is visible"),
    # kinds of things
    (r"^(what|which) (?:different )?(?:kinds?|types?|sorts?|categor(?:y|ies)|class(?:es)?) of (?!thing\b)(?=\w+s\b)",
     r"\1 "),
    (rf"\bnon ({VALUE}) (\w+s)\b", r"\2 that are not \1"),
    (rf"\b(an?|any|some|either an?) ({VALUE}) or (?:an? |some )?({VALUE}) (\w+)\b(?! or)",
     r"\1 \2 \4 or \1 \3 \4"),
    (r"^whose (.+) (is|are) (?:it|this|that|these|those|they)$", r"who has the \1"),
    (r"^(?:out of|from) (?:all|all of) the (?=\w+ how many)", "of the "),
    (r"^(?:i would like|i want|i need|please|we need|i would love|can i have|could i have|may i have)(?: to have| "
     r"to get)? "
     r"(?:a|the) (?:full |complete |short )?list of (?:all )?", "list "),
    (rf"^(?:i would like|i want|i need|we need|we want)(?: to have| to get| to know)? the {_EXACT}({_ONE}) of ",
     r"what is the \1 of "),
    (r"^return true (?:if|when|exactly if) ", "is it true that "),
    (r"^(?:does|do|did) (.+?) have (?:anything|something) to do with ", r"is \1 related to "),
    (r"^(?:is|are|was|were) (.+?) doing (?:anything|something) (?:to|with) ", r"is \1 related to "),
    (r"^(what|who|whom) (is|are|was|were) (.+) after$", r"\1 \2 \3 chasing"),
    # comparisons
    (rf"^(which .+?) (is|are|was|were) the ({MORE}) (?:one|ones|of the two|of both)$", r"\1 \2 the \3"),
    (rf"^in terms of (?:size|number) (.*\b{MORE}\b.*)$", r"\1"),
    (r"\b(take|takes|took|taking) up (?:most|the most|the largest part|the biggest part|the largest area)$",
     r"\1 up the most space"),
    (r"^(which .+?|who|what) (?:appears?|appeared|looks?|looked|seems?|seemed)(?: to be)? "
     rf"(?=(?:the )?(?:{MOST}|{MORE})\b)", r"\1 is "),
    (r"^where (?:does|do|did) (.+?) (?:lie|stand|sit|appear) (?=relative to|with respect to|in relation to)",
     r"where is \1 "),
    (r"^how (?:is|are) (.+?) (?:positioned|placed|located|situated|oriented|arranged) (?=relative to|with respect to|"
     r"in relation to)", r"where is \1 "),
    (r"\bthe (?!one\b)(\w+) (?:on|at|to) the (?:far|very|extreme) (left|right|top|bottom)\b(?! of)", r"the \2most \1"),
    (rf"^((?:is|are|was|were) there) ({NUMBER}) or ({NUMBER}) (?!more\b|fewer\b|less\b)(.+)$", r"\1 \2 \4 or \3 \4"),
    (r"^show (.+) to (?:me|us)$", r"show me \1"),
    (r"^list (?:everything|all|anything)(?: that)? (?:you|we|i|one) (?:can )?(?:see|find|spot|detect)$",
     "what do you see"),
    (rf"^(?:{_SURE}){_TO_ME} (?:the |an |any )?absence of (?:any |all )?(.+?)(?: from| in)?$", r"is there no \1"),
    (rf"^(?:{_SURE}){_TO_ME} (?:the |a |any )?presence of (?:any |all )?(.+?)(?: in)?$", r"is there any \1"),
    (rf"^(?:that |whether |if )?((?:a|an|any|some) [\w ]+?) (?:is|are|was|were) {_RECORDED}$", r"is there \1"),
    (r"^(?:what is the (?:number|count|total|sum|amount) of |how many )(.+?) plus (?=\w)", r"how many \1 and "),
    (r" or (?:would|could|can|do|might) (?:you|one|we) (?:rather )?(?:call|say|describe) (?:it|that|them|him|her)"
     r"(?: is| to be| as| are)? ", " or "),
    (r"\b(?:teeniest|tiniest|littlest|minutest|most small|most tiny|most little)\b", "smallest"),
    (r"\b(?:hugest|most big|most large|most huge)\b", "largest"),
    (r"\b(?:uppermost|most high)\b", "topmost"),
    (r"\b(?:lowermost|undermost|most low)\b", "lowest"),
    (rf"^((?:how many|which) .+?|what|who) (?:appears?|shows? up|(?:is|are) (?:shown|visible|seen|depicted|pictured)) "
     rf"(?={PLACE} )", r"\1 is "),
    (r"^(are|is|were|was) ((?:all (?:of )?|both )?the .+?) (?:all )?(?:of )?(?:one|a single) (colou?r|material)$",
     r"do \2 have the same \3"),
    (rf"^(?:does|do|did) (?:each|every one|all) of (the .+?) have (?:a )?different ({_ONE})s?(?: (?:from|than|to) "
     rf".+)?$",
     r"do \1 have different \2"),
    (r"^(describe|explain) (?:me|us|to me|to us) (?=the|this|that|a|an)", r"\1 "),
    (rf"^(?:{REQUEST}{_TO_ME} |i would (?:like|love) to (?:hear|know) )?(?:all |any |every |the )*(?:of )?(?:the )?"
     r"(?:recorded |known |available |stored )?(?:details?|information|facts|data|attributes|properties"
     r"|everything)(?: you (?:have|know))?"
     r"(?: recorded| known| stored| there is)? (?:concerning|regarding|about|on) ", "describe "),
    (r"^i (?:would like|would love|want|wish) to (?:hear|know)(?: more| something| everything)? about ", "describe "),
    (rf"^(?:is|was) (?:this |that |the )?(?:a |an )?{PICTURE} (?:of|showing) (?=(?:a|an|any|some) )", "is there "),
    (rf"^(?:is|are|was|were) ((?:a|an|any|some) .+?) (?:a )?part of (?:the|this) (?:{PICTURE})?$", r"is there \1"),
    (r"^(is|are|was|were) ((?:a|an|any|some) .+?) (?:a )?part$", r"\1 there \2"),
    (r"^(?:is|are) there (?:any |some )?evidence (?:of|for) ", "is there "),
    (r"^(?:what is the|give me the|give me a) tally of ", "how many "),
    (r"^how many is the number of ", "how many "),
    (r"\bthe same (\w+) (?:that|which|who) (?=(?:the|a|an) [\w ]+? (?:is|are|was|were) \w+ing\b|(?:the|a|an) \w+ "
     r"\w+s\b)",
     r"the \1 that "),
    (r"^what is the (thing|object|person|animal|item) called (?:that|which) ", r"what is the \1 that "),
    (r"^((?:is|are|was|were) .+?)(?<! not) (?:only|just|solely|merely) (\w+ing(?: at)?) (?=(?:the|a|an|one) )",
     r"\1 \2 only "),
    (r"^((?:does|do|did) .+?)(?<! not) (?:only|just|solely|merely) (\w+(?: at)?) (?=(?:the|a|an|one) )",
     r"\1 \2 only "),
    (r"\b(anything|something|anyone|someone|anybody|somebody) else than\b", r"\1 other than"),
    (r"^(what|who) (on|in|at|under|behind|beside|near|next to|in front of|above|below) ((?:the|this|that|a|an) \w+) "
     r"(is|are|was|were) (?=\w+$)", r"which thing that is \2 \3 \4 "),
    (r"\bwith (nobody|no one|noone|somebody|someone|(?:a|an|some|the) \w+) (\w+ing(?: at)?) (?:it|them|him|her)\b",
     r"that \1 is \2"),
    (rf"\bof (?:a|an|any|some) (?:other )?(?:colou?r|material) (?:other than|but|except|different from) ({VALUE})$",
     r"that are not \1"),
    (r"^(?:do|does|did) (.+ and .+?) (?:both |all )?(?:occur|appear|exist|show up|feature)$", r"are there \1"),
    (r"^(how many .+?) can be (?:counted|seen|found|spotted|observed) (?=\w+ing\b)", r"\1 are "),
    (r"^(how many) (?:things|objects|items) are (?:either )?(?!the\b)(\w+ing\b.*|.+? or .+)$", r"\1 \2"),
    (r"\b(\w+) here (?=(?:is|are|was|were|has|have|does|do) )", r"\1 "),
    (rf"^would (?:you|one|we) (?:call|consider) (.+?)(?: to be| as)? ((?:an?) (?!{VALUE} or)[\w ]+)$", r"is \1 \2"),
    (r"^(which .+?|who|what) (?:comes|is|stands|sits) (?:the )?first from the (left|right|top|bottom)$", r"\1 is "
     r"furthest to the \2"),
    (r"\bmade of the same (?:stuff|thing|substance|type of material|kind of material|kind of stuff)\b",
     "made of the same material"),
    (rf"\bof one and the same ({_ONE})$", r"of the same \1"),
    (rf"^(are|is) (.+?) of the same ({_ONE})$", r"do \2 have the same \3"),
    (r"^(?:what|which) (?:feature|property|attribute|trait|characteristic|quality) (?:do|does|is|have) ", "what do "),
    (r"^(?:the )?(?:location|position|whereabouts|place) of ", "where is "),
    (rf"^(the (?:{_ONE}) of .+?) is$", r"what is \1"),
    (r"^(?:write|give|say|tell)(?: me| us)? (?:a|an|one|two|three|a few|some|\d+) (?:short |full )?(?:sentences?"
     r"|words?|lines?|"
     r"paragraphs?|things?|facts?) (?:about|on|describing|concerning) ", "describe "),
    (r"^(?:what|which) (?:information|details|data|facts) (?:do|does) (?:we|you|the graph|it) have (?:about|on|of"
     r"|for) ",
     "describe "),
    (rf"\b(?:in|on) (?!view\b){PICTURE}$", ""),
    # hands
    (r"\b(has|have|had) nothing in (?:his|her|its|their|the) (?:hands?|arms?|mouth)$", r"is not holding anything"),
    (r"^(is|are) (.+?) (?:empty handed|empty-handed)$", r"\1 \2 not holding anything"),
    (r"^(is|are) (.+?) 's hands (?:empty|free)$", r"is \2 not holding anything"),
    (r"^(what|which .+?) (do|does|did) (.+?) have in (?:his|her|its|their|the|one) (?:right |left |other "
     r")?(?:hands?|arms?|mouth|paws?|lap)$",
     r"\1 \2 \3 hold"),
    (r"^(what|which .+?) (?:has|have) (.+?) got in (?:his|her|its|their|the|one) (?:right |left |other )?(?:hands?"
     r"|arms?|mouth|paws?|lap)$",
     r"\1 is \2 holding"),
    (r"^what is in (the [\w ]+?) 's (?:hands?|arms?|mouth|paws?)$", r"what is \1 holding"),
    (r"^(.+\b(?:has|have|had|holds?|held|carr(?:y|ies|ied)|carrying|holding) .+?) with "
     r"(?:them|him|her|it|themselves|himself|herself|itself)$", r"\1"),
    # ties and places in other words
    (r"^what is the (relation|relationship|connection) (?:that |which )?(?:exists|holds|obtains|is there|there is|is) "
     r"between ", r"what is the \1 between "),
    (r"^what is the (?:shortest )?(?:chain|path|series|sequence|route|way)(?: of \w+)? (?:by|through|via|along) which "
     r"(.+) and (.+) (?:is|are) (?:connected|linked|joined|related|tied)$", r"what is the path from \1 to \2"),
    (r"^what is the (?:shortest )?(?:chain|path|series|sequence|route)(?: of \w+)? (?:that |which )?"
     r"(?:connects|connecting|links|linking|joins|joining) (.+) (?:and|to|with) (.+)$",
     r"what is the path from \1 to \2"),
    (r"^((?:which|who|what)\b.*? is) (?:the )?(?:further|farther|furthest|farthest)(?: to)?(?: the)? (left|right)\b"
     r"(?! of| than)", r"\1 furthest to the \2"),
    (r"\b(?:further|farther|more)(?: to(?:wards?)?)?(?: the)? (left|right)$", r"\1most"),
    (r"\b(?:further|farther|higher)(?: to(?:wards?)?)?(?: the)? (?:up|top)$", "topmost"),
    (r"\b(?:further|farther|lower)(?: to(?:wards?)?)?(?: the)? (?:down|bottom)$", "lowest"),
    (r"^((?:which|what|who)\b.*?) (is|are|was|were) (?:the )?(?:highest|topmost|uppermost)(?: one)?(?: up)?$",
     r"\1 \2 furthest to the top"),
    (r"^((?:which|what|who)\b.*?) (is|are|was|were) (?:the )?(?:lowest|bottommost|lowermost)(?: one)?(?: down)?$",
     r"\1 \2 furthest to the bottom"),
    (r"^(is|are) (.+ and .+) all (?:visible|present|there|shown|seen|here|depicted|in view|together)$", r"\1 there \2"),
    (r"^((?:what|who|which)\b.* \w+ing(?: at)?) there$", r"\1"),
    (rf"\b(?:that|which|who) can be (?:seen|found|spotted) (?={PLACE} )", ""),
    (rf"^(?:is|was) (?:that|this) (an? [\w ]+?) or (an? [\w ]+?) (?={PLACE} )", r"is it \1 or \2 that is "),
    (rf"^(?:is|was) (?:that|this) (?=an? [\w ]+? {PLACE} )", "is there "),
    (r"^(describe the (?:scene|picture|image|photo|video|clip)) as a whole$", r"\1"),
    (r"^how far (?:away )?(?:from (?:the camera|here|me|us) )?((?:is|was) .+?) and (?:also )?in (?:which|what) "
     r"direction$",
     r"in which direction and how far \1"),
    # seeing
    (r"\b(?:ever )?(?:get|got|manage|come|happen) to see\b", "see"),
    (r"^((?:is|are|was|were|do|does|did|how many|which|what|who|any|no|there|can)\b.*\w) (?<!is )(?<!are )(?<!was )in "
     r"this$", r"\1"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
