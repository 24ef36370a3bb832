"""Question words that need the question before: when? where? who else? what colour? who is it then? is that all?"""

import re
from dataclasses import replace

from assistant.adjectives import spelling
from assistant.answers import GroundedAnswer, Status
from assistant.programs import (
    AllOf,
    AnyOf,
    AttributeOf,
    Count,
    Describe,
    Doing,
    Exists,
    HasAttribute,
    Holds,
    HowLong,
    HowOften,
    IsPlaced,
    Locate,
    Not,
    Which,
)
from assistant.referents import Referents, asked_for
from assistant.steps import Except, Find, Having, Nodes, Pick, Placed, Question, Related, The, Union
from assistant.timed_programs import Always, During, Seen, When, inner

_WHEN = re.compile(
    r"(?:and )?(?:when|since when|until when|till when|from when|at what time|what time|when (?:exactly|was that"
    r"|is that|does (?:that|this|it) happen|did (?:that|this|it) happen|is this|was this)"
    r"|(?:during|in|at|for) (?:which|what) (?:frames?|seconds?|times?|moments?)|which frames|what frames"
    r"|when (?:does|did) (?:it|that|this) (?:start|begin|end|stop|finish)|from when to when|when exactly"
    r"|from when until when|at which (?:frame|moment|second|time|point))"
)
_ALWAYS = re.compile(
    r"(?:for )?(?:the )?(?:whole|entire|all the|all of the) (?:time|video|clip)|always|throughout|all along"
)
_HOW_LONG = re.compile(
    r"(?:for )?how (?:long|many seconds|many frames|much time)(?: exactly| in total| altogether"
    r"| does (?:that|this|it) (?:last|take)| did (?:that|this|it) (?:last|take))?"
)
_HOW_OFTEN = re.compile(
    r"(?:and )?how (?:often|many times|frequently)(?: exactly| in total)?|(?:only|just|more than) (?:once|twice)"
)
_WHERE = re.compile(r"where(?: exactly| precisely| about| abouts| to| at)?|whereabouts|at which place|in which place")
_HOW_MANY = re.compile(
    r"how many(?: exactly| in total| altogether| of them| are there| is that| are they| then| really)?"
)
_WHICH = re.compile(
    r"(?:who|which|which ones?|what|who exactly|what exactly|which one exactly|which of them|by whom|whom|with what"
    r"|on what|in what|doing what to whom|to whom|at what|at whom|with whom|on which|for whom"
    r"|(?:who|what|which one|which) (?:is|was|are|were) (?:it|that|this|he|she|they|those|these|them)(?: exactly)?"
    r"|name (?:it|them|him|her)|list them|show (?:me )?(?:it|them)|which are they|who are they|what are they"
    r"|like what|like who|such as|for example|who for example)"
)
_WHO_IS = re.compile(
    r"(?P<who>who|which one|which ones|which|what|whoever)(?: (?P<does>is|does|has|are|do|was|did|can))?"
    r"(?: doing (?:that|it|so|this)| (?<=does )(?:that|it|so|this)| (?<=did )(?:that|it|so|this))?(?: then)?"
)
_QUANTIFIED = re.compile(
    r"(all|both|everyone|everybody|none|neither|nobody|any|some|one|at least one|how many|which)"
    r"(?: of (?:them|these|those))?"
)
_ELSE = re.compile(
    r"(?:(?P<asked>who|what|which|where|which others?|which other ones|which ones)|(?P<any>is there )?(?:are there )?"
    r"(?:anyone|anybody|anything|someone|somebody|something|any|nobody|no one|nothing))?"
    r"\s*(?:else|others?|more|other ones?|more of (?:them|those))"
    r"(?: (?:is there|are there|is it|do you see|can you see|is|does|are|do|has|doing (?:that|it|so))"
    r"(?: (?:that|it|so))?)?"
)
_ALL = re.compile(
    r"(?:is|was|are|were) (?:that|this|it|those|these|they|there) (?:all|everything|everyone|everybody|all of them"
    r"|all there (?:is|are)|the only ones?|it|no (?:one|body|thing) else|no others?)"
    r"|(?:only|just) (?P<only>.+)|(?:and )?(?:no one|nobody|nothing) (?:else|more)|none else|no others?"
    r"|no more|that is all"
)
_DOING = re.compile(r"(?:and )?(?:doing what|what doing)(?: exactly)?")
_MORE = re.compile(
    r"(?:please )?(?:(?:tell me|say|give me|show me) )?(?:more|more details|details)"
    r"(?: please)?(?: (?:about|on|of) (?:it|him|her|them|that|this|these|those))?"
)
_QUALITY = re.compile(
    r"(?:(?:what|how) about )?(?:the |its |his |her |their |and (?:the|its) )?([a-z-]+)(?: of (?:it|that|them))?"
)
_OF_WHAT = re.compile(r"(?:and )?(?:made )?(?:of|from|out of) what(?: material)?(?: is (?:it|that) made)?")
_WHAT_QUALITY = re.compile(
    r"(?:and )?(?:what|which|in what|of what|in which) ([a-z-]+)(?: (?:is|are) (?:it|that|they|he|she|this))?(?: then)?"
)

_ONLY = r"(?:him|her|it|them|that|this|those|these|one|that one|this one|those two|[\w ]+-\d+|two|three|\d+)"


class ShortQuestions:
    """Reads question words after one question and its answer.

    Args:
        before: the question whose parts are taken over.
        answer: the answer to it.
        referents: of the conversation.
        attributes: names that a graph may record.
    """

    def __init__(
        self, before: Question, answer: GroundedAnswer, referents: Referents, attributes: frozenset[str]
    ) -> None:
        self.before = before
        self.asked = inner(before)
        self.answer = answer
        self.referents = referents
        self.attributes = attributes

    def read(self, text: str) -> Question | None:
        """The program of a short question; None where it is none."""
        plain = text.strip(" ?.!,")
        event = self._event()
        if _WHEN.fullmatch(plain):
            return None if event is None else When(event)
        if _HOW_LONG.fullmatch(plain):
            return None if event is None else HowLong(event)
        if _HOW_OFTEN.fullmatch(plain):
            return None if event is None else HowOften(event)
        quantified = self._quantified(plain)
        if quantified is not None:
            return During(quantified, self.before.window) if isinstance(self.before, During) else quantified
        if _ALWAYS.fullmatch(plain) and event is not None:
            return Always(event)
        found = self._all(plain) or self._else(plain) or self._of_the_topic(plain) or self._of_the_set(plain)
        if found is None or isinstance(found, During):
            return found
        return During(found, self.before.window) if isinstance(self.before, During) else found

    # When

    def _event(self) -> Holds | IsPlaced | Seen | None:
        """The relation that a question was about, or the one that was told, as something that can be timed."""
        asked = self.asked.question if isinstance(self.asked, Not) else self.asked
        if isinstance(asked, When | HowLong | HowOften):
            asked = asked.event
        if isinstance(asked, Holds | IsPlaced | Seen):
            return asked
        nodes = asked_for(asked)
        if isinstance(nodes, Related):
            base: Nodes = Pick(self.answer.nodes) if self.answer.nodes else nodes.nodes
            if nodes.predicate.word.startswith("~"):  # what the dog is chasing
                return Holds(nodes.others, nodes.predicate.flipped(), base)
            return Holds(base, nodes.predicate, nodes.others)
        if isinstance(nodes, Placed):
            placed: Nodes = Pick(self.answer.nodes) if self.answer.nodes else nodes.nodes
            return IsPlaced(placed, nodes.direction, nodes.others)
        return None if nodes is None else Seen(nodes)

    def _quantified(self, plain: str) -> Question | None:
        """All of them? None of them? How many of them?: of several that something was asked of."""
        found, asked = _QUANTIFIED.fullmatch(plain), self.asked.question if isinstance(self.asked, Not) else self.asked
        if found is None or not isinstance(asked, Holds):
            return None
        several = asked.subjects
        if not (isinstance(several, The) and several.plural) and not isinstance(several, Pick | Find):
            return None
        match found[1]:
            case "all" | "both" | "everyone" | "everybody":
                return replace(asked, every=True)
            case "none" | "neither" | "nobody":
                return Not(replace(asked, every=False))
            case "how many" | "which":
                nodes = Related(several.nodes if isinstance(several, The) else several, asked.predicate, asked.objects)
                return Count(nodes) if found[1] == "how many" else Which(nodes)
        return replace(asked, every=False)

    # Where, what colour, doing what

    def topic(self) -> Nodes | None:
        """What the last turn found, else what it was about."""
        nodes = asked_for(self.asked)
        if self.answer.nodes and self.answer.status is Status.ANSWERED:
            return Pick(self.answer.nodes)
        for group in [] if self.referents.last is None else self.referents.named(self.referents.last):
            if group:
                return Pick(group)
        return nodes

    def _of_the_topic(self, plain: str) -> Question | None:
        topic = self.topic()
        if topic is None:
            return None
        if _WHERE.fullmatch(plain):
            return Locate(topic)
        if _DOING.fullmatch(plain):
            return Doing(topic)
        if _OF_WHAT.fullmatch(plain):
            return AttributeOf(topic, "material")
        if _MORE.fullmatch(plain):
            return Describe(topic)
        found = _WHAT_QUALITY.fullmatch(plain) or _QUALITY.fullmatch(plain)
        if found is not None and spelling(found[1]) in self.attributes:
            if isinstance(self.asked, HasAttribute):
                topic = self.asked.nodes
            return AttributeOf(topic, spelling(found[1]))
        return None

    # Which, who then, how many

    def _of_the_set(self, plain: str) -> Question | None:
        if _HOW_MANY.fullmatch(plain):
            nodes = self._set()
            return None if nodes is None else Count(nodes)
        then = _WHO_IS.fullmatch(plain)
        if not _WHICH.fullmatch(plain) and then is None:
            return None
        word = plain.split()[0]
        nodes = asked_for(self.asked)
        if nodes is None:
            nodes = self._wanted(word if word == "who" else "what", then is not None and bool(then["does"]))
        return None if nodes is None else Which(nodes)

    def _set(self) -> Nodes | None:
        """All that a question was about."""
        nodes = asked_for(self.asked)
        if nodes is not None:
            return nodes
        asked = self.asked
        if isinstance(asked, Holds) and not isinstance(asked.subjects, The | Pick):
            return Related(asked.subjects, asked.predicate, asked.objects)
        if isinstance(asked, Holds) and not isinstance(asked.objects, The | Pick):
            return Related(asked.objects, asked.predicate.flipped(), asked.subjects)
        return _alternatives(asked.questions) if isinstance(asked, AnyOf | AllOf) else None

    def _wanted(self, word: str, does: bool = False) -> Nodes | None:
        """What a yes/no question turns into: is he riding it? who is, then? (`does`: who does is asked for)."""
        asked = self.asked.question if isinstance(self.asked, Not) else self.asked
        found = self._set()
        if found is not None and not (does and isinstance(asked, Holds) and isinstance(asked.subjects, The | Pick)):
            return found
        if isinstance(asked, When | HowLong | HowOften):
            asked = asked.event
        people = Find(tuple(sorted(self.referents.people)), word="person")
        if isinstance(asked, HasAttribute):
            return Having(Find(None) if word != "who" else people, asked.value, asked.attribute)
        if isinstance(asked, IsPlaced):
            return Placed(Find(None) if word != "who" else people, asked.direction, asked.others)
        if not isinstance(asked, Holds):
            return None
        subject, other = self.referents.kind(asked.subjects), self.referents.kind(asked.objects)
        if does or (word == "who" and (subject == "person" or other != "person")):
            living = Find(tuple(sorted(self.referents.people | self.referents.animals)), word="person")
            doers = living if word == "who" else Find(None)
            return Related(doers, asked.predicate, asked.objects)
        base = people if word == "who" else Find(None)
        return Related(base, asked.predicate.flipped(), asked.subjects)

    # Who else, is that all

    def _known(self) -> tuple[int, ...]:
        """What was found or asked of already."""
        if self.answer.nodes:
            return self.answer.nodes
        if self._set() is not None:  # is somebody holding it
            outcome = self.referents.assistant.outcome(Which(self._set()))  # type: ignore[arg-type]
            return outcome.nodes if outcome.status is Status.ANSWERED else ()
        subject = getattr(self.asked, "subjects", None) or getattr(self.asked, "nodes", None)
        return self.referents.nodes(subject) if isinstance(subject, Nodes) else ()

    def _others(self, word: str) -> Nodes | None:
        """All but what was found, of what was asked for."""
        if isinstance(self.asked, Doing | Locate | AttributeOf):
            return None
        nodes = self._set()
        if nodes is None:
            nodes = self._wanted("who" if word in ("who", "anyone", "anybody", "somebody", "someone") else "what")
            if isinstance(self.asked, Holds) and self.referents.kind(self.asked.subjects) != "person":
                nodes = Related(Find(None), self.asked.predicate, self.asked.objects)
        if nodes is None:
            return None
        if word in ("what", "anything") and isinstance(self.asked, Exists | Count) and isinstance(nodes, Find):
            return Except(Find(None), nodes)
        known = self._known()
        return Except(nodes, Pick(known)) if known else nodes

    def _else(self, plain: str) -> Question | None:
        found = _ELSE.fullmatch(plain)
        if found is None:
            return None
        word = next((word for word in plain.split() if word not in ("is", "are", "there")), "")
        others = self._others(word)
        if others is None:
            return None
        return Which(others) if found["asked"] else Exists(others)

    def _all(self, plain: str) -> Question | None:
        found = _ALL.fullmatch(plain)
        if found is None or (found["only"] and not re.fullmatch(_ONLY, found["only"])):
            return None
        others = self._others("")
        return None if others is None or not isinstance(others, Except) else Not(Exists(others))


def _alternatives(parts: tuple[Question, ...]) -> Nodes | None:
    """Of what several questions that say the same ask: the dog or the horse, that is brown."""
    exist = tuple(part.nodes for part in parts if isinstance(part, Exists))
    hold = [part for part in parts if isinstance(part, Holds)]
    have = [part for part in parts if isinstance(part, HasAttribute)]
    if len(exist) == len(parts):
        return Union(exist)
    if len(hold) == len(parts) and len({(part.predicate, part.objects) for part in hold}) == 1:
        return Related(Union(tuple(part.subjects for part in hold)), hold[0].predicate, hold[0].objects)
    if len(have) == len(parts) and len({(part.value, part.attribute) for part in have}) == 1:
        return Having(Union(tuple(part.nodes for part in have)), have[0].value, have[0].attribute)
    return None
