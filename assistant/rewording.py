"""Many ways to put a question, brought to the few that the grammar reads.

Two kinds of rules work on the words of a question: frames around it, which ask for nothing ("would you
mind telling me"), and forms, which say in other words what has a plain form ("where can I find the
dog" asks where it is). A rule never drops a word that could change what is asked.
"""

import re

_PICTURE = r"(?:picture|image|photo|photograph|scene|video|clip|graph|shot|footage|frame|snapshot|view)"
_ASKS = (
    r"(?=(?:who|whom|whose|what|which|where|whereabouts|when|how|if|whether)\b"
    r"|(?:on|in|at|to|by|with|from|for|of|behind|under) (?:what|which|whom|how)\b)"
)
_TELL = (
    r"(?:tell|telling|show|showing|say|saying|explain|explaining|let|inform|find out|figure out|work out|determine|"
    r"check|see|verify|count|make out|guess|describe|point out|identify|name|state|specify|report)"
)
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)"


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_BEFORE_A_QUESTION = _compiled(
    tuple(
        rf"^{pattern} {_ASKS}"
        for pattern in (
            rf"(?:can|could|would|will) (?:you|one|we|i|anyone|someone)(?: (?:please|kindly|maybe|possibly|help "
            rf"me|mind|"
            rf"be so kind as to|be kind enough to|be able to|try to))* {_TELL}(?: (?:me|us|to me))?(?: know)?",
            rf"(?:please |kindly |now |just )*{_TELL}(?: (?:me|us|to me))?(?: know)?(?: exactly| precisely)?",
            r"i (?:(?:would|should|do|really|just|only|also|still|will) )*(?:like|love|want|wanted|need|have)"
            r"(?: you)?(?: to (?:know|ask|ask you|learn|find out|hear|see|understand|tell me))?",
            r"i (?:(?:am|was|have|had|been|were|just|really|also|still|a bit|a little) )*(?:wondering|wonder|wondered|"
            r"curious|interested|asking|asking myself|trying to (?:find out|see|understand|figure out|work out))"
            r"(?: (?:about|in|to know|to learn|in knowing|to find out|to see))?",
            r"i (?:do not|can not|could not|am not sure|am unsure|have no idea)(?: (?:know|see|tell|remember|"
            r"understand|"
            r"figure out|make out))?",
            r"(?:do|would|did|might) you (?:(?:happen to|by any chance|maybe|perhaps|possibly) )*(?:know|"
            r"remember|recall|"
            r"say|see|have (?:any|an|some) (?:idea|clue)|be able to (?:tell|say|see))(?: (?:me|of|about))?",
            r"(?:(?:have you|got|do you have) )?any (?:idea|clue|guess|chance you know)(?: (?:of|as to|about))?",
            r"(?:i would be|it would be|i will be) (?:(?:so|very|really|most) )?(?:grateful|happy|glad|great|"
            r"nice|helpful|"
            rf"lovely|thankful) if (?:you|one) (?:could|would|can)(?: please)? {_TELL}(?: (?:me|us))?(?: know)?",
            r"(?:my|the|a|one|another|next|last|quick|short|simple|small|just)(?: (?:my|the|a|one|another|more|"
            r"next|last|"
            r"quick|short|simple|small))* (?:question|thing)(?: (?:for you|is|here|to you|about it))*",
        )
    )
)
_BEFORE_ANYTHING = _compiled(
    (
        r"^(?:hello|hi|hey|greetings|good (?:morning|day|evening|afternoon)|thanks|thank you|cheers|great|cool|"
        r"nice|perfect|"
        r"interesting|alright|right|fine)(?: (?:there|assistant|again|a lot|very much|so much|everyone|friend|"
        r"and|then|!|[.]|;))* "
        r"(?=\w)",
        r"^(?:may|might|can|could) i (?:ask|know|ask you)(?: please)? (?=\w)",
        rf"^(?:from|in|by) (?:the |this |that )?{_PICTURE}(?: (?:above|below|here|and))* (?=(?:can|could|would|do|i) )",
        r"^(?:in|from) your (?:view|opinion|eyes|judgement|estimation) (?=\w)",
        r"^(?:sorry|pardon|excuse|forgive)(?: (?:me|to (?:bother|ask|disturb|trouble)(?: you)?|for (?:asking|"
        r"bothering)))*"
        r"(?: (?:but|and))? (?=\w)",
        r"^(?:(?:a|one|another|quick|short|simple|just|my|next) )*question(?: for you)? (?=\w)",
        rf"^(?:based|going|judging|relying|looking|look|focusing)(?: (?:only|solely|purely|just|closely|carefully))? "
        rf"(?:on|by|from|at) (?:the |this |that )?{_PICTURE}(?: (?:above|below|here|and))* (?=\w)",
        rf"^(?:according to|considering|given|as (?:shown|seen|depicted|pictured) in|with respect to|regarding) "
        rf"(?:the |this |that )?{_PICTURE}(?: (?:above|below|here|and))* (?=\w)",
    )
)
_BEFORE_A_STATEMENT = _compiled(
    (
        r"^(?:would|is|was|will|can) it (?:(?:be|really|actually) )*(?:right|true|correct|fair|accurate|safe|so|"
        r"the case|"
        r"possible|said)(?: to (?:say|claim|assume|state|conclude))? that ",
        r"^(?:could|might|may|can|would) it be(?: (?:the case|so|true))? that ",
        r"^is it (?:possible|likely|conceivable|the case)(?: to say)? that ",
        r"^am i (?:right|correct)(?: (?:in|to))?(?: (?:say|saying|think|thinking|assume|assuming|believing|see|"
        r"seeing))?"
        r"(?: that)? ",
        r"^(?:do you agree|would you agree|would you say|can you confirm|could you confirm|please confirm|"
        r"confirm|verify|"
        r"can (?:one|you|we) say|can you verify|does it (?:seem|appear|look)|do you think it is true|i think|i believe|"
        r"i guess|i assume)(?: (?:that|like|as if))? (?=(?:the|a|an|there|all|every|no|some|most|at|it)\b)",
    )
)
_TAG = re.compile(
    rf"^(?!(?:who|whom|what|which|where|when|how|if|{_AUXILIARY})\b)(\w+(?: "
    rf"\S+){{2,}}?)(?<!where)(?<!what)(?<!who)(?<!how)(?<!which) "
    rf"(?:{_AUXILIARY}(?: not)? (?:it|he|she|they|there|that)|right|correct|no|yes|eh|huh|or not|am i right)$"
)

_FORMS: tuple[tuple[str, str], ...] = (
    # who, what
    (r"^(what|who|whom|which(?: \w+){1,2}?) (?:is|are|was|were) it (?:that|who|which) ", r"\1 "),
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
    (rf"^(?:is|are) (?:the |this |that )?{_PICTURE} (?:free of|free from|devoid of|lacking|missing|without) ",
     "is there no "),
    (rf"^does (?:the |this |that )?{_PICTURE} (?:lack|miss|not (?:show|contain|have|include)) ", "is there no "),
    (rf"^(?:has|does) (?:the |this |that |it )?(?:{_PICTURE} )?(?:got|have got) ", "is there "),
    (r"^can (?:one|anyone|someone|somebody|people) (?:see|spot|find|notice|make out|observe|detect) ", "can you see "),
    (r"^(?:can|could|do|did) (you|we|i) (?:spot|find|notice|make out|observe|detect|recognise|recognize) "
     r"(?=(?:a|an|any|some|no) )", r"can \1 see "),
    (r"^(?:can|could) ((?:a|an|any|some) .+) be (?:seen|found|spotted|observed|made out|noticed)(?: anywhere)?$",
     r"is there \1"),
    (r"^(?:do|does|did) ((?:a|an|any|some) .+) (?:appear|occur|show up|exist)(?: anywhere)?$", r"is there \1"),
    (r"^(?:does|do|did) (.+?) (?:appear|lie|come) (?=(?:to the|on the|left|right|above|below|higher|lower|"
     r"within) )", r"is \1 "),
    (r"^(when|how long) (?:can|could) (.+) be (seen|spotted|visible)$", r"\1 is \2 visible"),
    (r"^(?:have|do) (?:we|you|i) (?:got|have) (?=(?:a|an|any|some|no|at|more|fewer|exactly|\d|one|two|three) )",
     "is there "),
    (rf"^(?:if |whether )?(?:the |this |that ){_PICTURE} (?:has|shows|contains|includes|features|depicts) "
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
    (r"\b(?:as well as|along with|together with|in addition to)\b", "and"),
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
    (r"^(?:what is|what are|which things are|what) in (?:the |this |that )picture$", "what is there"),
    # times
    (r"^(?:at|during|in) (?:which|what) (?:point|time|moment|instant|stage)(?: in time| of time)? ", "when "),
    (r"^(?:for|during) (?:what|which) (?:length|amount|period|stretch|span) of time ", "how long "),
    (r"^(?:for what|what is the) (?:duration|length|total duration) (?:of |does |is )?(?=(?:the|a|an) )",
     "how long is "),
    (r"^how (?:much time|many seconds|many frames) (do|does|did) ", r"how long \1 "),
    (r"^(?:how many times|how often|on how many occasions|how frequently) ", "how often "),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), plain) for pattern, plain in _FORMS)


def unframed(tokens: list[str]) -> list[str]:
    """The words of a question without the frames around it.

    >>> " ".join(unframed("would you mind telling me where i can find the dog".split()))
    'where i can find the dog'
    """
    text, before = " ".join(tokens), ""
    while before != text:
        before = text
        for pattern in (*_BEFORE_A_QUESTION, *_BEFORE_ANYTHING, *_BEFORE_A_STATEMENT):
            text = pattern.sub("", text)
        text = _TAG.sub(r"\1", text)
    return text.split()


def reworded(tokens: list[str]) -> list[str]:
    """The words of a question in the forms that the grammar reads.

    >>> " ".join(reworded("where can i find the dog".split()))
    'where is the dog'
    """
    text = " ".join(unframed(tokens))
    for pattern, plain in _COMPILED:
        text = pattern.sub(plain, text)
    return text.split()
