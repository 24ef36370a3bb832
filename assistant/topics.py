"""What is named beside a question and meant in it by a pronoun: "you see the dog? what colour is that one?"."""

import re
from collections.abc import Iterator

from assistant.patterns import NO_GERUND

_AUXILIARY = "is|are|was|were|has|have|had|does|do|did"
_PREPOSITION = "with|on|in|under|behind|beside|near|by|next|above|below|over|at|of|to|inside|between"
_WORD = rf"(?!(?:{_AUXILIARY}|that|who|which|can|could|will|and|or)\b)[\w'-]+"
NAMED = (
    rf"(?:{_WORD}(?: {_WORD})*?|{_WORD}(?: {_WORD})*? (?:that|who|which) [^,?.;:!]+?"
    rf"|(?!(?:\w+ )?(?:(?!{NO_GERUND}\b)\w+ing|{_PREPOSITION})\b){_WORD}(?: {_WORD})? (?:the|a"
    rf"|that) {_WORD}(?: {_WORD})? "
    r"(?:is|are|'s) \w+ing(?: at)?)"
)
"""What follows "the" where a thing is named and nothing is said of it: no "the dog is red"."""
_NAME = rf"(?:the|that|this|those|these) {NAMED}"
_TWO = rf"(?:(?:both )?{_NAME} (?:and|or) {_NAME})"
_WHOEVER = r"(?:whoever|whatever|whichever \w+) (?:is|are) [^,?.;:!]+?"
_LEAD = (
    r"(?:(?:(?:do |can |could |did )?(?:you|we|u|ya) )?(?:see|know|remember|notice|spot|find|watch|recall|take"
    r"|consider"
    r"|look at|look for|check out|point at|focus on|zoom in on|locate|pick out|think of|have a look at|take a look at"
    r"|concentrate on)"
    r"|(?:i|we) (?:can |could )?(?:see|mean|found|spotted|noticed|like|love)|i am (?:looking at|talking about"
    r"|thinking of|interested in|asking about|curious about|wondering about)|(?:what|how) about|as for|as to|about"
    r"|regarding|concerning|speaking of|talking about|with regard to|when it comes to|here is|this is"
    r"|it is(?: about)?|it was|not (?:the|that|this) [\w ]+? but|i (?:do not|did not) mean (?:the|that"
    r"|this) [\w ]+?, (?:but|i mean|rather)|my question is about|this is about|now for|now to|back to|on to|and|now)"
)
_MEANT = (
    r"(?:(?:is )?(?:what |the one )?(?:that )?i (?:am (?:asking|talking|wondering|curious) about|mean|meant"
    r"|have in mind))"
)
_AFTER = r"(?:(?: over| in)? (?:here|there))?(?:[,?.;:!]+| -+| …|,? and(?: then)?) "
_HELPLESS = (
    r"(?:(?:(?:because |but |since |well )?(?:i|we) (?:just |really |simply |still |honestly )*(?:can not"
    r"|could not|do not"
    r"|did not|am not able to|am unable to|have no way to|never) (?:seem to |quite |even |really "
    r"|properly )*(?:see|find|spot|make out|tell|work out|know"
    r"|place|recognise|make (?:it|them|him|her|that) out|read|figure out|decide|remember|get|understand"
    r"|look at)(?: (?:it|them|him|her|that one|that|clearly|properly|well|very well"
    r"|for sure))*|i am (?:not (?:quite )?sure|curious|puzzled|lost|stuck)(?: about (?:it|them|that))?"
    r"|if you (?:see|know|get|notice|remember|find|follow) (?:it"
    r"|them|him|her|what i mean|which one i mean|the one i mean|me|who i mean)|you know(?: the one| which one"
    r"| who)?|the one i (?:mean|meant|mentioned|told you about)"
    r"|(?:do )?you see (?:it|them|him|her|that one)|see (?:it|them|him|her)|got it|just out of curiosity"
    r"|out of curiosity|i was wondering"
    r"|to start with|for (?:instance|example)|first of all)"
    r"[,?.;:!]+ )"
)
_FRAME = (
    r"(?:(?:so|and|but|now|then|please|just|well|tell me|let me know|say|show me|explain|"
    r"(?:can|could|would|will) you (?:please |kindly |just )?(?:tell|say|show|check|see|work out|find out|make out"
    r"|explain)(?: to)?(?: me| us)?|do you (?:happen to )?"
    r"(?:know|see)|would you say|do you think|am i right(?: in thinking| to think| that)?|is it true"
    r"|i (?:just )?(?:wonder|want to know|need to "
    r"know|would like to know|would love to know|am wondering)|check|find out|figure out|work out|any idea"
    r"|any clue|have you any idea|remind "
    r"me|see|please tell me|is it right|is it so|is it the case|i think|i guess|i believe|do tell|guess"
    r"|let us see)[,:]? )*"
)
_PRONOUN = (
    r"(?:that one|this one|those ones|these ones|that thing|those things|that guy|the two of them|the two|both of "
    r"them|it|he|she|they|them|him|her(?! (?!now\b|there\b)\w))"
)
_ANY_PRONOUN = re.compile(rf"\b{_PRONOUN}\b")
_TOPIC = re.compile(rf"^(?:{_LEAD} )?({_TWO}|{_NAME}|{_WHOEVER})(?: {_MEANT})?{_AFTER}{_HELPLESS}*{_FRAME}(.+)$")
_ASKS = r"(?:what|who|whom|which|where|when|how)(?:(?! (?:is|are|was|were|do|does|did|has|have)\b) [\w'-]+){0,5}?"
_BE = "is|are|was|were"
_FORMS = (
    re.compile(rf"^(?P<asks>{_ASKS}) (?P<be>{_AUXILIARY}) {_PRONOUN}\b(?P<rest>.*)$"),
    re.compile(rf"^(?P<asks>{_ASKS}) {_PRONOUN} (?P<be>{_BE})\b(?P<rest>.*)$"),
    re.compile(rf"^(?P<asks>)(?P<be>{_AUXILIARY}) {_PRONOUN}\b(?P<rest>.*)$"),
    re.compile(rf"^(?:if |whether |that )?(?P<asks>){_PRONOUN} (?P<be>{_BE}|has|have)\b(?P<rest>.*)$"),
)
_OWN = re.compile(r"\b(?:its|his|their) (colou?r|material|size|shape|height|width|location|position)\b")


def about(text: str) -> Iterator[str]:
    """A question with what is named before it in the place of the pronoun that stands for it; nothing for others.

    Args:
        text: the question, as `normalise` gives it.

    >>> list(about("you see the leftmost dog? what colour is that one?"))
    ['what colour is the leftmost dog?']
    """
    found = _TOPIC.match(text)
    if found is None:
        return
    name, asked = found[1].strip(), found[2].strip()
    pronouns, owned = len(_ANY_PRONOUN.findall(asked)), len(_OWN.findall(asked))
    if pronouns + owned != 1:  # "is it next to it": nobody can tell which is which
        return
    name = re.sub(r"^whoever ", "the person who ", re.sub(r"^whatever ", "the thing that ", name))
    name = re.sub(r"^whichever (\w+) ", r"the \1 that ", name)
    yield from _placed(name, asked)


def _placed(name: str, asked: str) -> Iterator[str]:
    if _OWN.search(asked):
        yield _OWN.sub(lambda own: f"the {own[1]} of {name}", asked)
        return
    apart = " or " in name
    if apart and not re.match(r"(?:is|are|does|do|has|have) (?:either|one|any)", asked):
        return
    for form in _FORMS:
        found = form.match(asked)
        if found is not None:
            be = {"are": "is", "were": "was", "have": "has", "do": "does"}.get(found["be"], found["be"])
            verb = found["be"] if " and " in name else be
            yield f"{found['asks']} {verb} {name}{found['rest']}".strip()
            return
    inside = re.search(rf"\b{_PRONOUN} (are|is|was|were) (?=\w+ing\b)", asked)
    if inside is not None:  # "what colour is the cup they are holding"
        yield f"{asked[: inside.start()]}{name} is {asked[inside.end() :]}"
        return
    yield _ANY_PRONOUN.sub(lambda _: name, asked)
