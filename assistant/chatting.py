"""Questions as people chat: small words before them, "in here", and parts in an order that only speech has.

Every step keeps what is asked: it takes away words that point at the picture or at the one who speaks, or moves a part
to where the grammar reads it.
"""

import re
from collections.abc import Iterator

from assistant.patterns import MOST, PICTURE, PLACE, VALUE
from assistant.spoken_order import reordered
from assistant.topics import about

_SMALL = re.compile(
    r"^(?:(?:so|and|but|well|ok|okay|okey|hey|hi|hello|hiya|yo|hmm+|hm|right|alright|look|listen|oh|ooh|ah|aha|um+"
    r"|uh+|er+|erm|eh|wow|"
    r"great|cool|nice|anyway|anyhow|now|now then|right then|ok then|let us see|let me see|let me think"
    r"|tell you what|you know what|guess what"
    r"|quick question|quick one|(?:one|just one) (?:more |quick |last )?(?:thing|question)|another (?:thing|one"
    r"|question)|next question|next one|next up|question"
    r"|just checking|just curious|just wondering|out of curiosity|by the way|btw|say|see|actually|honestly|seriously"
    r"|to be honest|no idea|not sure|i am not sure|i wonder|wait|hold on|hang on|sorry|excuse me|pardon me|please"
    r"|come on|be honest|be a dear|help me out(?: here)?"
    r"|help me|help|mate|dude|folks|buddy|pal|bro|i have a question"
    r"|(?:maybe |probably )?(?:a )?(?:silly|stupid|dumb|daft|weird|odd|strange|easy|simple|random) (?:question"
    r"|one)(?: maybe| perhaps)?|in your opinion|from what you can see|as far as you can tell"
    r"|looking at (?:this|the|it)(?: \w+)?|my bad|for the record|to be sure|to be clear|between us|fair enough"
    r"|(?:it is |this is )?(?:a bit )?(?:hard|difficult|tough) to (?:say|see|tell)|here goes|here we go"
    r"|(?:help me )?settle (?:a|an|this) (?:bet|argument|dispute)(?: for (?:me|us))?"
    r"|since you (?:asked|ask|are here)|not that it matters"
    r"|before i forget|while (?:i am|we are|you are) at it|while i have you|if it is not too much trouble|no rush"
    r"|do not laugh|correct me if i am wrong|forgive me"
    r"|humou?r me|bear with me|i am (?:new here|just curious|confused|puzzled)|first things first|serious question"
    r"|last one|here is the thing|tell me honestly"
    r"|long story short|as far as i can see|(?:i|we) (?:have|had|made|have got) a (?:bet|question|doubt)(?: going"
    r"| on| here)?|here is one|here is (?:a|another|my) (?:question|one))"
    r"(?: (?:there|again|then|though))?[,.!:;?-]+ |(?:so|and|but|well|ok|okay|hey|hmm+|um+|uh+|oh|right so|ok so"
    r"|well then|alright so|hey so) "
    r"(?=(?!(?:and|or)\b)))"
)
_SHORT_HAS = re.compile(
    r"\b(somebody|someone|everybody|everyone|nobody|anybody|anyone|no one|something|nothing|whoever|that one"
    r"|this one|the \w+)'s "
    r"(?=got\b)"
)
_SHORT_IS = re.compile(
    rf"\b(somebody|someone|everybody|everyone|nobody|anybody|anyone|no one|something|nothing|everything|whoever"
    rf"|whatever"
    rf"|one|this|colou?r|they|that \w+|the \w+|(?:that|the) \w+ (?:over )?there|which \w+)'s "
    rf"(?=(?:\w+ing|not|being|been|{PLACE}|the|a|an|up|over|that|there|further|more)\b)"
)
"""The person's chasing, that one's on the bench, what colour's the cup."""
_SEEING_THINGS = re.compile(
    r"^(?:am i (?:just )?(?:seeing things|dreaming|imagining (?:it|things)|mistaken|wrong|blind|mad|crazy"
    r"|going (?:mad|crazy|blind))|is (?:it|that) (?:just |only )?me"
    r"|do my eyes deceive me|are my eyes playing tricks(?: on me)?),? or "
)
_I_BET = re.compile(
    r"^(?:surely|i bet|i would bet|i would wager|i could swear|i could have sworn|(?:i am )?(?:pretty |quite |fairly "
    r"|almost |rather )?(?:sure|certain|convinced|confident)|i have (?:a|the) "
    r"(?:feeling|hunch)|my guess is|i would guess|i imagine|i suspect|i assume|i gather|presumably|supposedly"
    r"|i have been told|rumou?r has it|word is)(?: that)?,? "
    r"((?:the|there|this|that|all|no|nobody|everybody|every|each|some|a|an|both|somebody|someone|none)\b.*\?)$"
)
_IF_ANY = re.compile(
    r",? (?:if (?:there (?:is|are) (?:one|any|some)|it is (?:in )?there(?: at all)?"
    r"|you (?:can )?see (?:one|it|any)|at all|it exists))(?=\W*$)"
)
_THE_ONE = re.compile(
    r"\b(the|that) ((?!(?:one|other|two)\b)\w+(?: hydrant)?), (?:i mean |you know,? "
    r"|that is,? )?the one (?:that is |who is |which is )?((?!(?:and|or)\b)[^,?.;:!]+)(,)?"
)
_RED_ONE = re.compile(
    rf"\b(the|that) ((?!(?:one|other|two)\b)\w+(?: hydrant)?), (?:i mean |you know,? "
    rf"|that is,? )?the ({VALUE}|{MOST}|big|small) one(,|(?=\W*$))"
)
_HERE = re.compile(
    r"(?<!from)(?<!is)(?<!are)(?<!to) (?:(?:right |over |in |out |somewhere in |anywhere in )(?:here|there)"
    r"|in (?:this|that) one"
    r"|in (?:this|it)(?= (?:but|and|or|that|who|which)\b)|here(?= (?:that|who|which|have|has|is|are|do|does|got"
    r"|than|and|but|or)\b))(?=[ ,?.!]|$)"
)
"""In here, over there, in this one: in the picture."""
_MYSELF = re.compile(
    r",? (?:myself|personally|for my part|for the life of me|with my own eyes|to be honest|tbh|honestly|i must say"
    r"|i have to say|i am afraid|unfortunately)(?=[ ,?.!])"
)
_MINE = re.compile(
    rf"\b(does|do|did|has|is|are|in|on|of|describe|summarise|summarize) (?:my|our|your) (?=(?:{PICTURE}|picture"
    rf"|selfie)\b)"
)
_ALL_IN_ALL = re.compile(r",? (?:all in all|all told|in sum|summed up|taken together|put together)(?=\W*$)")
_EARTH = re.compile(
    r"^(what|where|who|how many|how|which) (?:on earth|in the world|the heck|the hell|the devil|in heaven's name"
    r"|the dickens|in god's name) "
)
_AGREE = (
    r"(?:yeah|yep|yup|innit|huh|no\?|ya know|you know|you reckon|i take it|i suppose|i guess|i think|i believe"
    r"|i bet|i hope|is (?:she|he) right|are they "
    r"right|am i right|am i wrong|am i (?:seeing|getting|reading) (?:that|it|this) right|do i see (?:that"
    r"|it) right|did i get (?:that|it) right|have i got "
    r"(?:that|it) right|is that so|or so i think|or am i wrong|or am i mistaken|or am i (?:just )?imagining (?:it"
    r"|things|that)|or am i seeing things|if i am not "
    r"mistaken|if i see (?:it |that |this )?(?:right|correctly)|unless i am mistaken|okay|is that a fact"
    r"|would you agree|agreed|did i|do i|have i)"
)
_ASK = (
    r"(?:do you reckon|you think|will you|would you|could you|can you(?: please)?|can you tell|can you see(?: that"
    r"| it)?|can you say|if you can|if you could|if you "
    r"would|when you get a chance|do you (?:happen to )?know|would you know|any ideas?|any clue|any guess(?:es)?"
    r"|pretty please|mate|dude|buddy|pal|my friend|bro|"
    r"lol|haha|tell me|anybody|anyone|i wonder|i was wondering|just curious|just asking|if i may|thanks|cheers"
    r"|be honest|so to speak|more or less)"
)
_AGREED = re.compile(rf"(?:[,;.!?-]+ {_AGREE}| (?:yeah|yep|yup|innit|huh))(?: please)?(?=\W*$)")
_TAG = re.compile(rf"(?:[,;.!?-]+ {_ASK}| (?:do you reckon|will you|would you))(?: please| mate| then)?(?=\W*$)")
_QUESTION = re.compile(
    r"^(?:what|who|whom|whose|which|where|whereabouts|when|how|is|are|was|were|do|does|did|has|have|can|could|any"
    r"|list|name|show|tell|give|count|find|"
    r"describe|please|check)\b"
)
_AT_LEAST_OR = re.compile(
    r",? or (?:else |maybe |perhaps |possibly |at least |at the very least |failing that,? |if not,? "
    r"|alternatively,? |otherwise )+(?=(?:a|an|any|some) )"
)
_MORE_THAN = re.compile(r"\bthan (?:there are|there is|you see|we have|i see|you can see) (?=\w)")
_CLEFT = re.compile(r"^it is ((?:the|that|this) [\w ]+?) (?:that|who) (is|are|has|have|was|were) ")
_MUST_BE = re.compile(r"\bthere (?:must|should|has to|ought to|has got to|really must) be (?=(?:a|an|some|any)\b)")
_GOT = re.compile(r"^(?:have you )?got (?=(?:a|an|any|some|no)\b)")
_GO_AHEAD = re.compile(
    r"^(?:care to tell me|go ahead and|feel free to|why do not (?:you|we)(?: just)?"
    r"(?= (?:tell|say|check|count|list|name|describe|find)\b)),? "
)
_NONE_SEEN = re.compile(
    r"^(?:you|we|i) (?:do not|can not|did not) (?:see|find|have|spot) (?:a|an|any) ([^,.;?!]+), "
    r"(?:do|can|did|have) (?:you|we|i)\W*$"
)
_IDLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (_SMALL, ""), (_SEEING_THINGS, ""), (_IF_ANY, ""), (_I_BET, r"is it true that \1"),
    (_SHORT_HAS, r"\1 has "), (_SHORT_IS, r"\1 is "), (_CLEFT, r"\1 \2 "), (_MUST_BE, "there is "), (_GOT, "is there "),
    (_GO_AHEAD, ""), (_NONE_SEEN, r"there is no \1, right?"),
    (_MYSELF, ""), (_MINE, r"\1 the "), (_ALL_IN_ALL, ""), (_EARTH, r"\1 "),
    (_TAG, ""), (_AT_LEAST_OR, " or "), (_MORE_THAN, "than "), (_HERE, ""),
)  # fmt: skip
_ROUNDS = 4


def chatted(text: str) -> Iterator[str]:
    """A question as it would be written, each time with all that was changed before; nothing where nothing changes.

    Args:
        text: the question, as `normalise` gives it.

    >>> list(chatted("so where on earth is the dog, mate?"))
    ['where is the dog?']
    """
    plain = _loosened(text)
    seen = {text}
    for said in (plain, *reordered(plain), *(other for one in about(plain) for other in (one, *reordered(one)))):
        if said not in seen:
            seen.add(said)
            yield said


_LINKED = re.compile(rf"\b(?:the|a|an|that|this) [\w ]*\b(?:\w+ing|at|of|with|{PLACE})(?: the)? ?$")


def _apposed(text: str) -> str:
    """The dog, the one on the sofa, is it red: the dog on the sofa is it red."""
    fronted = text.startswith(("the ", "that "))
    named = _THE_ONE.search(text) or _RED_ONE.search(text)
    if named is not None and _LINKED.search(text[: named.start()]):
        return text  # "the man on the horse, the one with the bike": which of them nobody can tell
    text = _THE_ONE.sub(
        lambda found: f"{found[1]} {found[2]} {found[3]}{'' if found[4] is None or not fronted else ','}", text
    )
    return _RED_ONE.sub(lambda found: f"{found[1]} {found[3]} {found[2]}{',' if found[4] and fronted else ''}", text)


def _loosened(text: str) -> str:
    """Without what says nothing; a statement with "yeah?" keeps a sign that it asks."""
    for _ in range(_ROUNDS):
        before = text
        text = _apposed(text)
        for pattern, plain in _IDLE:
            text = pattern.sub(plain, text)
        agreed = "" if _QUESTION.match(text) else ", right"
        text = " ".join(_AGREED.sub(agreed, text).split()).replace(" ,", ",").replace(" ?", "?")
        if text == before:
            break
    return text
