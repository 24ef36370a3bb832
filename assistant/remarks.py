"""What stands before a question in a conversation: thanks and remarks, corrections, words that link it to the last one.

>>> opened("ok, thanks. and the dog?").text
'the dog?'
"""

import re
from dataclasses import dataclass

from assistant.text import normalise

_REMARKS = (
    *("thanks", "thank you", "many thanks", "thx", "cheers", "great", "good", "very good", "fine", "nice", "cool"),
    *("perfect", "wonderful", "excellent", "awesome", "amazing", "lovely", "super", "brilliant", "ok", "okay", "k"),
    *("alright", "all right", "right", "i see", "got it", "understood", "i understand", "makes sense"),
    *("that makes sense", "interesting", "very interesting", "how interesting", "fascinating", "wow", "oh", "ah"),
    *("aha", "ooh", "hm", "hmm", "hmmm", "mhm", "uh", "uh huh", "um", "well", "well then", "sure", "of course"),
    *("yes", "yeah", "yep", "yup", "correct", "exactly", "true", "that is right", "that is correct"),
    *("that is true", "you are right", "good to know", "never mind", "no problem", "no worries", "that is all"),
    *("that is it", "that is good", "that is great", "that is nice", "that is interesting", "that is fine"),
    *("that helps", "this helps", "good job", "well done", "nice work", "good answer", "bye", "goodbye", "hello"),
    *("hi", "hey", "good morning", "good evening", "please", "funny", "haha", "lol", "too bad", "what a pity"),
    *("pity", "a pity", "really nice", "that is helpful", "helpful", "as i thought", "i thought so"),
    *("just as i thought", "that was quick", "sounds good", "fair enough", "noted", "thanks a lot"),
    *("thank you very much", "thank you so much", "thanks so much", "much appreciated", "let me see", "let us see"),
    *("one more", "one more thing", "one more question", "another question", "next question", "last question"),
    *("a last question", "by the way", "oh i see", "ok i see", "ah ok", "oh ok", "ok cool", "ok great"),
    *("no thanks", "no thank you", "not really", "maybe", "good question", "i wonder", "just curious"),
)
_NO = ("no", "nope", "nah", "not quite", "sorry", "oops", "my mistake", "my bad", "pardon", "excuse me", "hold on")
_ANY_REMARK = "|".join(sorted(map(re.escape, (*_REMARKS, *_NO)), key=len, reverse=True))
_REMARK = re.compile(rf"(?:{_ANY_REMARK})(?=\s*(?:[.,!;:?…-]|$))[\s.,!;:…-]*")
_JOINED = re.compile(
    r"(?:okay|ok|thanks|great|alright|well|hmm|hm|oh|ah|cool)\s+"
    r"(?=(?:and|so|but|then|now|what|who|which|where|when|how|is|are|does|do|did|was|the|i see)\b)"
)
_LINK = re.compile(r"(?:and|so|but|or|also|then|now|plus|next(?! to\b)|ok|okay|well|yet)\b[\s,:]*(?=\w)(?!many\b)")
_CONDITION = re.compile(
    r"(?:and )?(?:if (?:not|so|yes|no|it is not|it is|it does not|he is not|she is not|they are not|that is not so)"
    r"|in that case|otherwise|instead)(?:\s*,|\s+then\b)?\s+"
)
_MEANT = re.compile(
    r"(?:(?:no|sorry|wait|actually|oops|well|hold on|rather|or rather|nope)[\s,.:;!-]+)*"
    r"(?:i (?:actually |really |just )?(?:mean|meant|said|wanted|want to know about|was asking about|asked about|"
    r"was talking about|am talking about|am asking about|was thinking of|asked for)(?: to (?:say|ask(?: about)?|know))?"
    r"|make (?:that|it)|rather|or rather|actually|i should have said|correction)(?: about)?\b[\s,:]*"
)
_NEGATED = re.compile(r"(?:no[\s,.]+)?not (.+?)(?:,| but|;| -|\.) ?(?:but |rather |i mean(?:t)? )?(.+)")
_NOT_LAST = re.compile(r"(.+?), (?:and )?not (.+)")
_CORRECTS = re.compile(
    r"(?:no|nope|nah|sorry|oops|wait|my mistake|my bad|pardon|not quite)"
    r"(?:\s*[.,:;!-]+\s*|\s*$|\s+(?=(?:wait|sorry|i|not|the|at|in|and|no|but)\b))"
)
_INSTEAD = re.compile(r"\s+instead(?=\s*(?:[?.!]|$))")
_AGAIN = re.compile(
    r"(?:(?:can|could|would) you )?(?:please )?(?:(?:repeat(?: that| it| the answer)?|say (?:that|it) again"
    r"|once more|once again|come again|what did you say|are you (?:really )?sure(?: about (?:that|it|this))?"
    r"|is that (?:so|right|true|correct)|how (?:do|can) you (?:know|tell)(?: that| this)?)(?: please)?\s*[?.!]*"
    r"|(?:what was that|pardon(?: me)?|sorry|really|you sure"
    r"|seriously)\s*[?]+)"
)


_WRONG = re.compile(
    r"(?:no[, ]+)?(?:(?:that|this|it) (?:is|was) (?:not (?:what i (?:asked|meant|said|wanted)(?: for| about)?"
    r"|right|true|correct|it)|wrong|incorrect|nonsense)|wrong|incorrect"
    r"|i do not (?:understand|get it|think so|believe (?:that|it|you))"
    r"|i did not (?:ask|mean) that)[\s.,!;:]*(?=and\b|$)"
)


@dataclass(frozen=True)
class Opened:
    """What is left of a question.

    Attributes:
        text: without what stands before it, normalised; "" for a mere remark.
        linked: it was joined to what was said before ("and ...").
        corrects: it takes the place of what was asked before.
        denied: the words that it takes the place of, "" where it does not say.
        again: it asks for the same answer once more.
    """

    text: str
    linked: bool = False
    corrects: bool = False
    denied: str = ""
    again: bool = False


def opened(text: str) -> Opened:
    """A question without what stands before it.

    >>> opened("Sorry, not the dog, the cat.")
    Opened(text='the cat.', linked=True, corrects=True, denied='the dog', again=False)
    >>> opened("Great, thank you!").text
    ''
    """
    rest = normalise(text).strip()
    if _AGAIN.fullmatch(rest):
        return Opened(rest, again=True)
    corrects = False
    denied = ""
    linked = False
    while rest:
        meant, negated = _MEANT.match(rest), _NEGATED.fullmatch(rest)
        if (found := _WRONG.match(rest)) is not None:
            rest = rest[found.end() :]
        elif negated is not None:
            corrects, denied, rest = True, negated[1], negated[2]
        elif meant is not None:
            corrects, rest = True, rest[meant.end() :]
        elif (found := _CORRECTS.match(rest)) is not None:
            corrects, rest = True, rest[found.end() :]
        elif (found := _REMARK.match(rest) or _JOINED.match(rest)) is not None:
            rest = rest[found.end() :]
        elif (found := _CONDITION.match(rest) or _LINK.match(rest)) is not None:
            linked, rest = True, rest[found.end() :]
        else:
            break
    last = _NOT_LAST.fullmatch(rest)
    if last is not None:
        corrects, rest, denied = True, last[1], last[2].strip(" ?.!")
    rest = _INSTEAD.sub("", rest)
    if not rest.strip(" .,!?;:-…'\"()"):
        rest = ""
    return Opened(rest, linked or corrects, corrects, denied)
