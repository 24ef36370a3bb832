"""What stands around a question and asks for nothing: other sentences, "I was wondering whether", "is that right?".

A frame is recognised by its words: all of them are words with which people ask, and none of them could
say what is asked about. What a frame may hold is listed here; what is framed is for the grammar to read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.courtesies import PICTURES
from assistant.text import words


@dataclass(frozen=True)
class Framed:
    """The words of a question without its frame; `denied` where the frame says that it is not so."""

    tokens: list[str]
    denied: bool = False


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PEOPLE = _set("i we you one me us my your our someone somebody anyone anybody they")
_AUXILIARIES = _set(
    "am is are was were be been do does did have has had can could would will may might shall should let"
)
_LINKS = _set("and but so then also to of about for in on as at by from with out if whether that than or the a an up")
_GREETINGS = _set(
    "too yo howdy hiya heya mate buddy pal folks guys team dude bro trouble "
    "robot computer bot siri alexa ladies gentlemen kids class everyone "
    "please kindly now well ok okay hmm um uh er oh ah hey hi hello there dear assistant robot computer sir madam "
    "thanks thank you cheers great cool nice good morning afternoon evening perfect sorry pardon excuse fine alright "
    "right sure ! . ; everyone friend again much very lot bother bothering disturb trouble forgive greetings"
)
_ASKING = _set(
    "tell telling told show showing say said saying know knowing known see seeing find figure work make determine "
    "identify specify state explain describe check verify confirm guess remember recall remind forgot forgotten "
    "forget "
    "notice understand learn hear heard wonder wondering wondered curious curiosity interested interest unsure "
    "certain "
    "clear idea clue possible able help helping trying try like love want wanted need needed wish appreciate "
    "grateful "
    "glad mind happen chance ask asking asked answer answering question questions q next another quick short simple "
    "thing more just only really still always all any clarify settle informed inform point detect decide work "
    "spot tell "
    "word words phrase single sentence english "
    "keen eager first firstly lastly finally knows happy delighted pleased hoping hope kind enough maybe perhaps "
    "possibly honest quickly yet figured "
    "count calculate compute name list give discover estimate establish think thinking believe suppose little "
    "bit lost wants lend hand favour favor do something report return output print specify establish assess indicate "
    "ascertain provide may should confirmed verified established absolutely entirely sake record records labelled"
)
_SOURCES = PICTURES | _set(
    "this these it its here look looking watch watching watched consider considering given based judging according "
    "going using use shown seen above below attached provided following data information far concerning regarding "
    "respect opinion view eyes words annotation annotations footage material judge relying focus focusing solely you "
    "purely closely carefully examine examining analyse analyze content contents what's depicted"
)
_BEFORE_QUESTIONS = _PEOPLE | _AUXILIARIES | _LINKS | _GREETINGS | _ASKING | _SOURCES
_UNDECIDED = _set(
    "happen know sure certain tell see remember recall idea clue clear understand make find quite entirely really say "
    "get"
)
"""What may be denied around a question without denying it: "I do not know who it is" asks who it is."""

_BEFORE_STATEMENTS = (
    _set(
        "is it true correct right so a fact the case accurate fair safe valid that to say claim state assume "
        "conclude "
        "would could can might may be do does did you we i one think believe agree see confirm verify check find "
        "mean "
        "notice suppose reckon guess heard hear told tell someone somebody they says said was were will show shows "
        "showing suggest suggests support supports indicate indicates evidence any there visible clear from "
        "statement "
        "following sentence claim really actually well ok okay or yes no check please kindly am in thinking saying "
        "assuming believing follow follows seem seems appear look looks like as if whether whats also possible "
        "likely "
        "conceivable apparent obvious indeed really and have of hold holds hint proof sign signs imply implies "
        "in your view opinion consider considered judge tells me us let know just said claimed stated hi hello hey "
        "confirmed verified established stated shown proven concluded seen be "
        "isn't based on given according this statement's assertion fact: now question quick presumably"
    )
    | PICTURES
)
_DENIALS = _set("false wrong untrue incorrect mistaken not")
_ABLE = _set("can could would will may might shall should")
_CHOICES = ("true or false", "right or wrong", "correct or incorrect", "false or true", "wrong or right", "true or not")
_ASKS = _set("who whom whose what which where whereabouts when how if whether") | _AUXILIARIES | _set("any has how's")
_RELATIVE = _set("who whom whose what which where when")
_BEFORE_ASKS = _set("on in at to by with from for of behind under")

_REQUESTS = _set("count list describe show find name give tell locate identify point select report determine return")
"""Verbs with which a request opens that is read as a question: "may I ask you to count the dogs"."""
_SIGNS = (".", ";", "!", "?", "-")

_SEEING = rf"(?:the |this |that |your )?(?:scene |given |provided )?(?:{'|'.join(sorted(PICTURES))}|annotation|data)"
_TAIL = re.compile(
    "|".join(
        (
            r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would)(?: not)? "
            r"(?:it|he|she|they|there|that|we|you)(?: not)?",
            r"or (?:is|are|was|were|does|do|did|has|have) (?:not )?(?:it|he|she|they|there|that)(?: not)?",
            r"(?:is|was|is not|was not) (?:that|this|it)(?: statement| claim)? (?:right|correct|true|so|accurate|"
            r"the case)",
            r"(?:true|right|yes|correct|is it|is that so|is it so) or (?:false|wrong|no|not|incorrect)",
            r"(?:do|would|did|can|could) (?:you|we|one) (?:happen to )?(?:know|tell|say|see|think|agree|guess|reckon)"
            r"(?: so| me| that)?",
            r"(?:do not|would not|can not) you (?:think|agree|say|see)(?: so)?",
            r"in your (?:opinion|view|eyes|judgement|estimation)",
            rf"(?:according to|judging by|judging from|based on|as (?:shown|seen|depicted) in|going by|from) "
            rf"{_SEEING}",
            r"if (?:i may(?: ask| know)?|you (?:know|can tell|can see|would|please|do not mind(?: me asking| my "
            r"asking)?)"
            r"|any|possible|so how)",
            r"as far as (?:you|one|we) can (?:see|tell|judge)",
            r"thanks(?: a lot| in advance| so much)?|thank you(?: very much| so much| in advance)?|cheers",
            r"in (?:one|a|two|three|a few|a couple of|\d+|just one|no more than \w+) "
            r"(?:short |single |brief |few |plain |simple )?(?:sentences?|words?|phrases?|lines?)",
            r"please|exactly|precisely|then|though|anyway|to be (?:precise|exact)|roughly|approximately|too",
            r"i (?:wonder|ask|am asking|am wondering)|i am curious|just (?:curious|wondering|asking)|out of "
            r"curiosity",
            r"(?:please |kindly )?(?:tell|show) me|right|correct|true|yes|no|eh|huh|am i (?:right|correct|wrong)",
            r"(?:can|could|would) you (?:please )?(?:tell|check|answer|confirm|help)(?: me| that| it)?",
            r"(?:any|have you any|do you have any) (?:idea|clue|guess)",
        )
    )
)
_POINTING = frozenset({"that", "this", "it", "those", "these"})
_I = (["i"], ["we"], ["you"])
_LONGEST_TAIL = 9
_BEFORE_RIGHT = _set("further farther furthest farthest more most far the to or and left")
"""Behind these "right" is a side."""
_FRAMES_TRIED = 12

_IDLE = (
    _PEOPLE
    | _GREETINGS
    | _SOURCES
    | _set(
        "answer respond reply give use using be keep say write output return provide explain think choose select "
        "pick "
        "state just only simply briefly concisely shortly directly precisely accurately correctly truthfully "
        "honestly "
        "brief concise precise specific single two few word words phrase phrases sentence sentences term letter "
        "letters "
        "number option options option's choice choices question questions yes no or and the a an that is are was "
        "with in "
        "by of from to on for help can could would will need want have has got careful step detail details short "
        "clear "
        "do not any other explanation explanations additional extra text final must should correct true false "
        "case so if "
        "possible exactly format unsure first take time scene one's 's like know tell let ask quick thing about "
        "asking "
        "something wondering i'm am question's only as nothing else information more listen attention thinking "
        "reasoning "
        "aloud best needed required necessary advance statement claim your own english plain full short long "
        "least most at than does did not may also right wrong heard"
    )
)


_OF_THE_TWO = re.compile(
    r"\b(?:one|both|neither|none|either|any) of (?:the two|them|these two|those two|these|those)"
    r"(?= (?:is|are|there|was)|$)"
)
"""How many of some things that are named behind it: "is only one of the two there: a bench or a sofa"."""


def asking(text: str) -> str:
    """A text without its place holders and the sentences that ask for nothing, or only for a form of answer.

    >>> asking("Hi! What is the dog chasing? Answer the question using a single word or phrase.")
    'What is the dog chasing?'
    """
    text = re.sub(r"<(?:image|video)>", " ", text)
    pieces = [piece for piece in re.split(r"(?<=[.!?;:])\s+|[\r\n]+", text) if piece.strip()]
    if len(pieces) < 2:
        return text
    kept = [piece.strip() for piece in pieces if not _idle(piece)]
    return " ".join(kept) if kept and len(kept) < len(pieces) else text


def _idle(piece: str) -> bool:
    said = words(piece)
    if not _IDLE.issuperset(said):
        return False
    text = " ".join(said)
    judged = set(said) & _DENIALS - {"not"} and not any(choice in text for choice in _CHOICES)
    return not judged and _OF_THE_TWO.search(text) is None


def frames(tokens: list[str]) -> Iterator[Framed]:
    """The words as they are, then without what may be a frame, the shortest frames first.

    >>> [" ".join(framed.tokens) for framed in frames("i was wondering who holds the cup".split())][1]
    'who holds the cup'
    """
    yield Framed(tokens)
    tried = {tuple(tokens)}
    for body in _without_tails(tokens):
        for framed in (Framed(body), *_before_question(body), *_before_statement(body)):
            key = tuple(framed.tokens)
            if key not in tried and len(key) > 1 and len(tried) < _FRAMES_TRIED:
                tried.add(key)
                yield framed


def without_tail(tokens: list[str]) -> list[str]:
    """The words without what asks at their end whether it is so.

    >>> " ".join(without_tail("the cup is there all the time is not it".split()))
    'the cup is there all the time'
    """
    *_, body = _without_tails(tokens)
    return body


def _without_tails(tokens: list[str]) -> Iterator[list[str]]:
    while tokens and tokens[-1] in _SIGNS:
        tokens = tokens[:-1]
    yield tokens
    for length in range(min(_LONGEST_TAIL, len(tokens) - 2), 0, -1):
        if tokens[-length:] == ["right"] and tokens[-2] in _BEFORE_RIGHT:
            continue
        if _TAIL.fullmatch(" ".join(tokens[-length:])):
            yield from _without_tails(tokens[:-length])
            return


def _before_question(tokens: list[str]) -> Iterator[Framed]:
    """Without the words before a question word: "I was wondering", "hello, can you tell me".

    "What I want to know is what it holds" has two starts; the one with a word that asks is meant.
    """
    starts = list(_question_starts(tokens))
    yield from (Framed(tokens[at:]) for at in sorted(starts, key=lambda at: tokens[at] in _AUXILIARIES))


def _denies(tokens: list[str], at: int) -> bool:
    """Whether a verb claims that something is not so: "that is not a dog" does not ask as "is that not a dog" does."""
    return at > 0 and tokens[at - 1] in _POINTING and tokens[at] in _AUXILIARIES and tokens[at + 1] == "not"


def _question_starts(tokens: list[str]) -> Iterator[int]:
    from_what = tokens[:1] == ["from"]  # "from what you can see"
    what_i = tokens[from_what : from_what + 1] == ["what"] and tokens[from_what + 1 : from_what + 2] in _I
    start = 1 + from_what if what_i else 0
    for at in range(start, len(tokens) - 1):
        if _denies(tokens, at):
            return
        bare = at > start and tokens[0] in _AUXILIARIES and _ASKING.isdisjoint(tokens[:at])  # "is what it holds a cup"
        whole = not (at and tokens[at - 1] in _BEFORE_ASKS)  # "by whom" is asked, not "whom"
        opens = tokens[at] in _ASKS or (tokens[at] in _BEFORE_ASKS and tokens[at + 1] in _ASKS)
        requests = tokens[at] in _REQUESTS and at + 2 < len(tokens)
        if opens and tokens[at] in _RELATIVE and "count" in tokens[:at]:
            return  # "count everyone who is on the bench" asks for their number
        if at > start and not bare and ((opens and whole) or requests):
            yield at
        undecided = tokens[at] in ("not", "no") and (tokens[at + 1] in _UNDECIDED or tokens[0] == "if")
        if at and tokens[at - 1] == "there" and tokens[at] in _AUXILIARIES:
            return  # "there are not any" claims, it does not ask
        side = tokens[at] == "right" and tokens[at - 1 : at] == ["the"]
        if side or not (undecided or tokens[at] in _BEFORE_QUESTIONS):
            return


def _before_statement(tokens: list[str]) -> Iterator[Framed]:
    """Without the words before a statement: "is it true that", "would you say", "I think that"."""
    contracted = tokens[1:2] == ["not"] and tokens[:1] and tokens[0] in _AUXILIARIES  # "isn't it true that"
    for at in range(len(tokens) - 2):
        able = at == 1 and tokens[0] in _ABLE  # "can dogs swim" claims nothing of these dogs
        if at and not able and tokens[at - 1] not in ("the", "a", "an") and not _denies(tokens, at):
            text = " ".join(tokens[:at])
            denials = sum(token in _DENIALS for token in tokens[:at]) - bool(contracted)
            yield Framed(tokens[at:], denials % 2 == 1 and not any(choice in text for choice in _CHOICES))
        if tokens[at] not in _BEFORE_STATEMENTS and tokens[at] not in _DENIALS:
            return
