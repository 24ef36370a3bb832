"""Parts of a question in the order in which people say them, moved to where questions have them.

"Somebody's throwing the bike, but who?", "trees and cars together, how many does that make?", "red or blue, which is
the car?": what is asked stays; each pattern takes the whole text, so that nothing is left over.
"""

import re
from collections.abc import Callable, Iterator

from assistant.patterns import MORE, NUMBER, PICTURE, VALUE
from assistant.text import normalise

_THEY = r"(?:it|he|she|they|that|this)"
_ASKED_AFTER = (
    r"[,;.]* (?:but |and |so |only |now |just )*(?:(?:i (?:can not|could not|do not) (?:tell|see|know|make out"
    r"|work out|quite tell)|i am not sure|no idea|not sure|i wonder"
    r"|any idea|do you know|can you tell(?: me)?|can you see|could you tell(?: me)?|tell me|who knows)[,:]? )?"
)
_SOMEBODY = re.compile(
    rf"^(?:somebody|someone|something) (is|are|was|were|has) ([^,;.?!]+?){_ASKED_AFTER}(who|what"
    rf"|who or what)(?: (?:exactly|is {_THEY}|{_THEY} is|would that be|was {_THEY}))?\W*$"
)
_SOMETHING = re.compile(
    rf"^((?:the|that|this|my) .+?) (is|was) (\w+ing(?: at)?) (?:something|someone|somebody){_ASKED_AFTER}(what|who"
    rf"|whom)(?: (?:exactly|is {_THEY}|{_THEY} is))?\W*$"
)
_SOMEWHERE = re.compile(
    rf"^(?:there is |i know there is )?((?:the|that|this|a|an) .+?) (?:is |must be |has to be |should be "
    rf"|ought to be )?somewhere(?: around)?(?: here| in here| in there| in the picture)?"
    rf"{_ASKED_AFTER}where(?: (?:exactly|is {_THEY}|{_THEY} is))?\W*$"
)
_SEEKING = (
    r"(?:(?:i am|we are|i was|my \w+ is|somebody is|someone is) (?:still |just |now )?(?:looking|searching|hunting"
    r"|after"
    r"|trying to (?:find|spot|see|locate))|(?:i|we) (?:have |just |really |still |seem to have )*(?:lost|misplaced"
    r"|need"
    r"|want|can not (?:find|see|spot)|could not find|must find|have to find|(?:want|need|would like|am trying|try) to "
    r"(?:find|see|spot|locate))|looking|searching|trying to (?:find|spot|see|locate))(?: for)?"
)
_LOOKING_FOR = re.compile(
    rf"^{_SEEKING} ((?:the|that|my|whoever|whatever|a|an|some|any) [^,.;?!]+?)(?:[,.;!]+| -| and)? (?:so |but "
    rf"|and |please )*"
    rf"(?:(?:can|could|would) you (?:please )?(?:tell me|say|show me|help|see) )?(?:(where|who|what)(?: (?:is|are"
    rf"|was) "
    rf"(?:{_THEY}|that one)| (?:{_THEY}|that one) (?:is|are)| (?:would|could|might|can) {_THEY} be| did {_THEY} go"
    rf"| (?:has|have) {_THEY} (?:gone|got to))|(?:can|could) you (?:find|locate) (?:it|them|him|her)(?: for me)?)\W*$"
)
_WANTED = re.compile(
    rf"^(?:{_SEEKING}|my (?:\w+ )?\w+ (?:really |just )*(?:loves|likes|wants|needs|adores|asked for|is after)|(?:i"
    rf"|we) (?:really |just )*(?:love|like|adore)) "
    r"((?:a|an|some|any) [^,.;?!]+?|someone [^,.;?!]+?|somebody [^,.;?!]+?)[,.;!]+ (?:so |but |and |now )*"
    r"(?:(?:is|are) there (?:one|any|some|anyone|anybody|anything|someone|somebody)|(?:do|can|could) you (?:see"
    r"|find|spot) (?:one|any|some|anyone|anybody)"
    r"|have you got (?:one|any|some)|got (?:one|any))(?: like that| of those| of them)?\b([^,?]*)\W*$"
)
_WHICH_IS_TRUE = re.compile(
    r"^((?:the|that|this) [^,]+?) (is|are|was|were) ([^,]+? or [^,]+?)[,;.] (?:but |and |so )?(?:which"
    r"|what)(?: (?:is|was) (?:it|right|true|correct)"
    r"| one(?: is it)?| of the two)?\W*$"
)
_OF_THESE = re.compile(
    r"^(which|who)(?: one)? of (?:the|these|those) (?:two|ones|things|following|pair),? ((?:is|are|has"
    r"|was) [^,]+)[,:] "
    r"((?:the|that|this) [^,]+ or [^,]+)$"
)
_ONE_OF_THEM = re.compile(
    r"^(?:the|those|these) ([\w ]+?s|people)[,:;-]+ which (?:one |ones |of them )+(is|are"
    r"|has|have|was|were) "
)
_MORE_FIRST = re.compile(
    rf"^(?:which is |who is |what is )?(?:the )?({MORE})(?: one)?[,:;-]+ ((?:the|that"
    rf"|this) [^,]+ or [^,]+)$"
)
_SAME_FIRST = re.compile(
    r"^(?:the )?same (colou?r|material|size|shape)[,:;-]+ ((?:the|that"
    r"|this) [^,]+ and [^,]+?)\W*$"
)
_LISTED_LATER = re.compile(
    r"^((?:everything|everyone|everybody|anything|all the|all|every|the|those) ?[^,.;?!]*)[,.;:-]+ (?:so |please "
    r"|now |can you |could you |would you |will you )*"
    r"(list|name|show|describe|count(?: up)?|find)(?: me)? (?:it|them|him|her|that|those)(?: all| each"
    r"| up)?(?: for me| to me| for us)?(?: please)?\W*$"
)
_PIECE = (
    r"(?:the )?(?:very )?((?:(?:top|upper|bottom|lower)(?: (?:left|right))?|left|right)(?: hand)?(?: (?:corner|half"
    r"|side|part|third|edge|area|region|section))?|middle|centre|center)"
    rf"(?: (?:of|in) (?:(?:the|this|that|my|our) )?{PICTURE})?"
)
_SHOW = r"(?:contain|show|have|include|feature|hold|depict|display|house)"
_PART_SHOWS = re.compile(rf"^(?:does|do|did) {_PIECE} {_SHOW} (.+?)(?: (?:with)?in it| inside(?: it| of it)?)?\W*$")
"""Does the top left corner of the image contain a bike?"""
_SHOWN_BY_PART = re.compile(
    rf"^(what|who|which [\w -]+?|what [\w -]+?|how many [\w -]+?) (?:does|do|did) {_PIECE} {_SHOW}\W*$"
)
_PARTS_COMPARED = re.compile(
    rf"^(?:does|do|did) {_PIECE} {_SHOW} (more|fewer|less|as many) ([\w ]+?) (than|as) (?:in )?{_PIECE}"
    r"(?: does| do)?\W*$"
)
_PART_EMPTY = re.compile(rf"^(?:is|was) {_PIECE} (?:quite |completely |entirely |totally )?(?:empty|blank|vacant)\W*$")
_PART_WITHOUT = re.compile(rf"^(?:is|was) {_PIECE} (?:free of|free from|without|devoid of) (?:any |a |an )?(.+?)\W*$")
_SHOWN_IN_PART = re.compile(rf"^(is|are|was|were) ([^,;]+?) (?:contained|included|held) (?:with)?in {_PIECE}\W*$")
_LEFT_OUT = rf"(?:the )?({VALUE}) ones?"
_LEAVE_OUT = (
    r"(?:leave out|leaving out|leaving aside|leave aside|ignore|ignoring|skip|skipping|forget|forget about"
    r"|forgetting|not counting|do not count|without counting|without|exclude|"
    r"excluding|disregard|disregarding|never mind|apart from|aside from|except for|except|other than|not including)"
)
_WITHOUT_FIRST = re.compile(
    rf"^(?:if (?:you|we) )?{_LEAVE_OUT} {_LEFT_OUT}[,;]?(?: and| then| but)*(?: please)?(?: (?:tell|show) (?:me"
    rf"|us)| say| count| give me| let me know)? (how many) ([a-z ]+?)"
    r"(?: (?:there are|are there|there would be|are left|remain|do you see|can you see|do you count|do we have"
    r"|have we got|are in (?:the|this) \w+)(?: left| then| in total)?)?\W*$"
)
_HOW_MANY_WITHOUT = re.compile(
    rf"^(how many) ([a-z ]+?) (?:are there|do you see|can you see|do you count|do we have|have we got|there are"
    rf"|in total"
    rf"|are in (?:the|this) \w+)?,? (?:(?:if (?:you|we|i) )?{_LEAVE_OUT} {_LEFT_OUT}|{_LEFT_OUT} (?:aside|excluded"
    rf"|apart"
    r"|not counted|not included|left out|excepted))\W*$"
)
_GOT_IN_SHOT = re.compile(
    rf"^(?:did|have|has) (?:i|we|you|he|she|they|the (?:camera|photographer)) (?:really "
    rf"|actually )?(?:manage(?:d)? to )?(?:get|got|catch|caught|capture|captured|photograph(?:ed)?|snap(?:ped)?"
    rf"|fit|include[d]?|film(?:ed)?|take a (?:picture|photo) of)"
    rf" ((?:a|an|any|at least|at most|more than|fewer than|exactly|less than|{NUMBER}) .+?) (?:in|into|on|onto"
    rf"|inside) (?:the|this|my|that|our) (?:{PICTURE}|frame)\W*$"
)
_TOPIC_COUNT = re.compile(
    r"^(?:(?:what|how) about |and |as for |now |about |regarding |take )?((?!(?:the|a|an|this|that|is|are|do|does"
    r"|did|what|which|who|how|where|when|if|of|out|in|on|at|to|for|from|with|left|right|between|i|we"
    r"|you)\b)(?:(?!(?:or|which|who|what|is|are)\b)[a-z][\w'-]* ?){1,5}?)(?:,|:|;| -|\?) "
    r"(how many|which|any)(?: (?:of )?(?:them|those|these))?(?: ones)? (.+?)\W*$"
)
_TOPIC_ANY = re.compile(
    r"^(?:(?:what|how) about |and |as for )?(?:(?:any|some) )?((?!(?:the|a|an|this|that|is|are|do|does|did|what"
    r"|which|who|how|where|when|if|of|in|on|at|to|for|from|with|i|we|you)\b)[a-z][\w -]*?)(?:,|:|;| -|\?) "
    r"(?:(?:is|are) there (?:any|some|one)|(?:do|can|could) (?:you|we) (?:see|spot|find|make out) (?:any|some|one"
    r"|them)|(?:have|has) (?:you|we) got (?:any|some|one)|any|got any)"
    r"(?: of (?:them|those|these))?\b(.*?)\W*$"
)
_SPOTTED = re.compile(
    r"^(?:(?:i (?:think|guess|believe|swear|suppose|am (?:pretty |quite |fairly )?sure)|maybe"
    r"|i could have sworn)(?: that)? )*"
    r"(?:i|we) (?:just |can |could |have |might have |may have |thought i )*(?:see|saw|seen|spot|spotted|noticed"
    r"|notice|found|find|make out|"
    rf"made out|recognise|glimpsed|got) ((?:a|an|some|at least {NUMBER}|{NUMBER}) [^,;.?!]+?)"
    r"[,;.?!]+ (?:right|correct|is (?:that|it) (?:right|true|correct|so)|did i|do i|have i|is there|is that right)\W*$"
)
_KIND = r"(?!(?:the|a|an|is|are|do|does|did|what|which|who|how|where|when|if|i|we|you)\b)[a-z][\w ]*?"
_ADDED = r"(?:together|combined|taken together|put together|added up|in total|all together|altogether|in all|all told)"
_TOGETHER = re.compile(
    rf"^({_KIND}) and ({_KIND})(?: {_ADDED}[,:-]*(?: so)? how many (?:is|are|do|does|would) (?:that|there|it|those"
    rf"|you|we)(?: \w+){{0,3}}|[,:-]+ (?:so )?"
    rf"how many (?:do|does|would) (?:that|it|this|they) (?:make|come to|give(?: you| us| me)?|add up to"
    rf"|be)(?: {_ADDED})?|[,:-]+ (?:so )?how many (?:is|are) "
    rf"(?:that|there|it|those) {_ADDED})\W*$"
)
_VERSUS = re.compile(
    r"^([a-z][\w ]*?),? (?:versus|vs\.?|against|compared with|compared to|or"
    r"|and) ([a-z][\w ]*?)[,:;?-]+ (?:by )?how many (more|fewer)(?: of)? (?:the |of the )?"
    r"(first|former|second|latter|one|other)(?: kind| ones?| sort| than (?:of )?(?:the )?(?:second|latter|other"
    r"|first|former))*(?: (?:are|is) there| do you see| do we have| can you see)?\W*$"
)
_APART = re.compile(
    r"^(what|who|which \w+)(?: else)?,? (?:apart from|other than|besides|except for|except|aside from|but for"
    r"|not counting|excluding) ((?:the|that|a|an|this) [^,]+), (.+)$"
)
_OF_TWO = re.compile(
    r"^(?:is|are) (?:at least one|either(?: one)?|any|one or the other) of (?:the two|these two|those two|them"
    r"|these|those|the following|the pair)(?:,|:| or)? "
    r"((?:the|that|this|a) [^,]+?) (?:or|and) ((?:the|that|this|a) [^,]+), (.+)$"
)
_BOTH_OF = re.compile(
    r"^(?:is|are) (both|neither) of (?:the two|these two|those two|them|these|those|the following|the pair)(?:,|:"
    r"| or)? ((?:the|that|this|a) [^,]+?) (?:or|and|nor) ((?:the|that|this|a) [^,]+), (.+)$"
)
_ONLY_ONE_OF = re.compile(
    r"^(is|are|was|does|do|did) (only|just|exactly) one of (?:the two|them|these|those|these two|those two|the pair)"
    r"(?:,|:| or)? ((?:the|that|this|a) [^,]+?) (?:or|and) ((?:the|that|this|a) [^,]+), (.+)$"
)
_BOTH_THINGS = re.compile(
    r"^(is|are|was|were) (.+?) (?:doing |busy doing )?(?:both(?: things| of (?:these|those)(?: things)?)?"
    r"|two things(?: at once)?|the two things)[,:;]+ (\w+ing .+?) and(?: also)? (\w+ing .+)$"
)
_PART = (
    r"(?:in |on |at )?(?:the )?(?:top|bottom|left|right|upper|lower)(?: left| right)?(?: hand)?(?: (?:half|corner"
    r"|side))?"
)
_CHOICE_FIRST = re.compile(
    rf"^(?:is it )?(?:({VALUE}) or ({VALUE})|({_PART}) or ({_PART}))[,:;?-]+ (?:so )?"
    r"(?:which(?: one| of (?:them|the two|those))?|what|where)(?: is| are|'s) (?:it (?:that )?)?((?:the|that"
    r"|this) [^,]+?)"
    r"(?: is)?(?: in| on| at)?\W*$"
)
_WHICH_IS_IT = re.compile(
    r"^(?:which(?: one)?(?: of (?:the two|them))?|what|who) is (?:it|right|true|correct|the case)[,:;?-]+ ((?:is"
    r"|are|does|do|was|were) .+ or .+)$"
)
_PAIR_FIRST = re.compile(
    r"^(?:between |out of |of |from |comparing )?((?:the|that|this) [^,?]+? (?:or|and) (?:the|that"
    r"|this) [^,?]+?)[,:;?-]+ (?:so |tell me |now )?((?:which|who|what)\b[^,]*?)\W*$"
)
_OF_THE_TWO = re.compile(
    r"^(which|who|what)(?: one)?(?: of (?:the two|them|those))? (is|are) (?:the )?(\w+?)(?: one)?(?: of (?:the two"
    r"|them|those two))?$"
)
_CLAUSE_THEN = re.compile(
    r"^((?:the|that|this) [\w ]+?) (is|are|was) (\w+ing(?: at)?|on|in|under|behind|beside|next to"
    r"|in front of) (?:a|an|some|this) ([\w ]+?)[,;.]+ (?:and |so |but |now )*(.+?)\b(?:that|the|this|said) \4\b(.*)$"
)
_FRAME = re.compile(
    r"^(?:(?:i would (?:like|love) to know|i want to know|i wonder|tell me|can you tell me|could you tell me"
    r"|do you know|i need to know|please tell me|let me know|i am curious|i am wondering) )+"
)
_IF_FIND = re.compile(
    r"^where (?:do|should|would|must|can|could|might|shall|will) (?:i|one|we|you|somebody) (?:have to |need to "
    r"|best )?(?:look|go|search|check|start looking|point|click)(?: at| first)?,? "
    r"(?:if|when|in order|so as|for|to)(?: (?:i|we|you|one))?(?: (?:want|wanted|need|needed|wish|would like"
    r"|am trying|try|have|was trying|would love|am looking))?(?: to)? ?(?:find|see|spot|locate|get|look at"
    r"|look for|for)? ?((?:the|that|this|a|an|my) .+?)\W*$"
)


def _first(found: re.Match[str]) -> str:
    first, second, more, named = found.groups()
    one, other = (first, second) if named in ("first", "former", "one") else (second, first)
    return f"how many {more} {one} than {other} are there?"


def _of_pair(found: re.Match[str]) -> str:
    asked = _OF_THE_TWO.sub(r"\1 \2 \3", found[2].strip())
    return f"{asked}, {re.sub(' and ', ' or ', found[1])}?"


def _counted(found: re.Match[str]) -> str:
    kind, asks, rest = found.groups()
    rest = re.sub(r"^(?:can|do|could|would) (?:you|we|i) (?:see|find|count|spot|make out)$", "are there", rest)
    return f"is there any {kind} {rest}?" if asks == "any" else f"{asks} {kind} {rest}?"


def _clause(found: re.Match[str]) -> str:
    subject, be, verb, kind, before, after = found.groups()
    before = _FRAME.sub("", before)
    backwards = f"the {kind} that {subject} {be} {verb}"
    asked = f"{before}{backwards}{after}".strip(" .?!")
    order = re.match(rf"^(what \w+|which \w+|where|what) {re.escape(backwards)} (is|are)$", asked)
    return f"{order[1]} {order[2]} {backwards}?" if order else f"{asked}?"


def _who(found: re.Match[str]) -> str:
    return f"{found[3]} {found[1]} {found[2]}?"


def _sought(found: re.Match[str]) -> str:
    person = re.sub(r"^(?:whoever|the (?:person|one) (?:who|that)) (?=is\b)", "who ", found[1])
    return f"{person}?" if found[2] == "who" and person != found[1] else f"where is {found[1]}?"


def _chosen(found: re.Match[str]) -> str:
    one, other, first, second, name = found.groups()
    if one is not None:
        return f"is {name} {one} or {other}?"
    first, second = (re.sub(r"^(?:in |on |at )?(?:the )?", "", said) for said in (first, second))
    if not second.endswith(("half", "corner")):
        return f"is {name} on the {first} or on the {second}?"
    first = f"{first} {second.split()[-1]}" if second.endswith("half") and not first.endswith("half") else first
    return f"is {name} in the {first} or the {second}?"


def _in_shot(found: re.Match[str]) -> str:
    be = "is" if found[1].split()[0] in ("a", "an", "one") else "are"
    return f"{be} there {found[1]}?"


def _both(found: re.Match[str]) -> str:
    which, one, other, said = found.groups()
    return f"are both {one} and {other} {said}" if which == "both" else f"is neither {one} nor {other} {said}"


def _part_shows(found: re.Match[str]) -> str:
    part, shown = found.groups()
    be = "are" if re.match(r"(?:at|more|fewer|less|exactly|two|three|\d)", shown) else "is"
    there = "" if re.match(r"(?:the|this|that) ", shown) else " there"
    return f"{be}{there} {shown} in the {part}?"


_ORDERED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_SOMEBODY, _who),
    (_SOMETHING, lambda found: f"{found[4]} {found[2]} {found[1]} {found[3]}?"),
    (_SOMEWHERE, lambda found: f"where is {found[1]}?"),
    (_LOOKING_FOR, _sought),
    (_OF_THESE, lambda found: f"{found[1]} {found[2]}, {found[3]}"),
    (_ONE_OF_THEM, lambda found: f"which of the {found[1]} {found[2]} {found.string[found.end() :]}"),
    (_MORE_FIRST, lambda found: f"which is {found[1]}, {found[2]}"),
    (_SAME_FIRST, lambda found: f"do {found[2]} have the same {found[1]}?"),
    (_LISTED_LATER, lambda found: f"{found[2]} {found[1]}"),
    (_PARTS_COMPARED, lambda found: "are there {1} {2} in the {0} {3} in the {4}?".format(*found.groups())),
    (_PART_SHOWS, _part_shows),
    (
        _SHOWN_BY_PART,
        lambda found: f"{found[1]} {'is' if found[1] in ('what', 'who') else 'are'} in the {found[2]}?",
    ),
    (_PART_EMPTY, lambda found: f"is nothing in the {found[1]}?"),
    (_PART_WITHOUT, lambda found: f"is there no {found[2]} in the {found[1]}?"),
    (_SHOWN_IN_PART, lambda found: f"{found[1]} {found[2]} in the {found[3]}?"),
    (_WITHOUT_FIRST, lambda found: f"how many {found[3]} that are not {found[1]} are there?"),
    (_HOW_MANY_WITHOUT, lambda found: f"how many {found[2]} that are not {found[3] or found[4]} are there?"),
    (_GOT_IN_SHOT, _in_shot),
    (_SPOTTED, lambda found: f"is there {found[1]}?"),
    (_TOGETHER, lambda found: f"how many {found[1]} and {found[2]} are there?"),
    (_VERSUS, _first),
    (_APART, lambda found: f"{found[1]} other than {found[2]} {found[3]}"),
    (_OF_TWO, lambda found: f"is either {found[1]} or {found[2]} {found[3]}"),
    (_BOTH_OF, _both),
    (_ONLY_ONE_OF, lambda found: f"{found[1]} {found[2]} one of {found[3]} and {found[4]} {found[5]}"),
    (_BOTH_THINGS, lambda found: f"{found[1]} {found[2]} {found[3]} and {found[4]}"),
    (_WHICH_IS_IT, lambda found: found[1]),
    (_PAIR_FIRST, _of_pair),
    (_TOPIC_ANY, lambda found: f"is there any {found[1]}{found[2]}?"),
    (_TOPIC_COUNT, _counted),
    (_CLAUSE_THEN, _clause),
    (_IF_FIND, lambda found: f"where is {found[1]}?"),
)  # fmt: skip
"""(pattern, the question in the order in which it is read)."""


def choice_first(text: str) -> str | None:
    """A question whose choices are named before it, with the choices in it; None for others.

    Args:
        text: the question.

    >>> choice_first("Red or blue, which is the car?")
    'is the car red or blue?'
    """
    plain = normalise(text)
    first, last = _CHOICE_FIRST.match(plain), _WHICH_IS_TRUE.match(plain)
    if last is not None:
        return f"{last[2]} {last[1]} {last[3]}?"
    return None if first is None else _chosen(first)


def wanted(text: str) -> str | None:
    """What somebody looks for and asks after by "one", as a question; None for others.

    Args:
        text: the question.

    >>> wanted("I'm looking for a red cup, is there one?")
    'is there a red cup?'
    """
    found = _WANTED.match(normalise(text))
    return None if found is None else f"is there {found[1]}{found[2]}?"


def reordered(text: str) -> Iterator[str]:
    """The same question in the order of written questions; nothing where it has none of these orders.

    Args:
        text: the question, as `normalise` gives it.

    >>> list(reordered("somebody is throwing the bike, but who?"))
    ['who is throwing the bike?']
    """
    for pattern, written in _ORDERED:
        found = pattern.match(text)
        if found is not None:
            yield written(found)
