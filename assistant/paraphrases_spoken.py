"""What people say aloud, in the plain form: "how long is it there for", "what has he got on", "the cup, who has it"."""

from assistant.paraphrases_chat import CHAT
from assistant.patterns import MEASURE, MORE, PLACE, VALUE

_MOVES = "(?:move|moves|go|goes|run|runs|drive|drives|travel|travels|walk|walks|fly|flies)"
_IT = "(?:it|he|she|they|them|him)"
_SIDE = "(?:in front of|behind|beside|next to|on|under|above|below|inside|in)"
_LOOKING = "(?:looking|facing|turned|turning)(?: at| towards| toward| to)?"

SPOKEN: tuple[tuple[str, str], ...] = (
    *CHAT,
    (r"\bin between\b", "between"),
    (rf"\b(one|else|everyone|everybody|someone|somebody|anyone|anybody|anything) 's "
     rf"(?=(?:the|a|an|{MORE}|nearer|closer|farther|further|{PLACE}|\w+ing)\b)", r"\1 is "),
    (r"^(how long\b.+) for$", r"\1"),
    (r"^(what|which .+?) (do|does|did) (.+) have on$", r"\1 \2 \3 wear"),
    (r"^(what|which .+?) (?:has|have) (.+?)(?: got)? on$", r"\1 is \2 wearing"),
    (r"^(?:give|show|get|make|tell)(?: me| us)? (?:a|the) (?:full |complete |short )?list of (?:all )?", "list "),
    (r"^where (?:did|do|can|could) (?:you|we|i|one) (?:last )?(?:see|spot|find|notice|locate) ", "where is "),
    (rf"^(how many .+?) (?:(?:have|has) (?:we|you|i|one) got|(?:do|did|can|could) (?:we|you|i|one) "
     rf"(?:have|see|find|count|spot)) (?={PLACE} |with )", r"\1 are "),
    (r"^(is|are|was|were) there (nothing|nobody|noone|no one) (?=\w)", r"\1 \2 "),
    (r"\b(on|in|under|behind|beside|at|by|near|next to|in front of|above|below|over) ((?:the|a|an|this|that) \w+) "
     r"or \1 "
     r"(?=(?:the|a|an|this|that) )", r"\1 \2 or "),
    (r"\b(left|right) of (the \w+) or (?:(?:to the|on the) )?(left|right) of (?:it|them|him|her|that)$",
     r"\1 or \3 of \2"),
    (r"\bduring the (rid|chas|throw|kick|push|catch)(?:e|ing)?$", r"while something is \1ing something"),
    (r"^how long (?:is|was|does|did|do) the (rid|chas|throw|kick|push|catch)(?:e|ing)?(?: last| take| go on)?"
     r"(?: for)?$",
     r"how long is something \1ing something"),
    (r"^(is|was) there (?:another|a second) (?!.*\b(?:besides|apart from|aside from|other than|except|excluding)\b)",
     r"\1 there more than one "),
    (rf"^(is|are|was|were) (the .+?) ({_SIDE}) or ({_SIDE}) (the .+)$", r"\1 \2 \3 \5 or \4 \5"),
    (rf"^(is|are|was|were) (the .+?) ({_SIDE}) (the \w+) or ({_SIDE}) (?:it|them|him|her|that)$",
     r"\1 \2 \3 \4 or \5 \4"),
    (rf"^(is|are|was|were) there (a|an|any|some) ({VALUE}) or ({VALUE}) (.+)$", r"\1 there \2 \3 \5 or \2 \4 \5"),
    # comparisons
    (rf"\b((?:{MORE}|closer|nearer|farther|further)\b.* than (?:the|a|an|that|this) .+?) (?:is|are|was|were|does|do|"
     rf"did|has|have)$", r"\1"),
    (rf"^(?:do|does|did) (.+?) {_MOVES} (faster|slower) than ", r"is \1 \2 than "),
    (rf"^(?:do|does|did) (.+?) {_MOVES} more (quick|slow|fast)ly than ", r"is \1 \2er than "),
    # places in metres
    (rf"^(?:(?:if |when |suppose |imagine |say )?(?:i am|you are|one is) |when |if )?"
     rf"(?:standing|sitting|stood)(?: right)?"
     rf" (?:at|by|next to|beside|near|where) (.+?)(?: is)?(?: and)? (?:i am |you are )?"
     rf"{_LOOKING} (.+?)(?: [.;])? "
     rf"((?:what|who|which|is|are|was|were) .+ (?:of|from|behind|above|below)) (?:{_IT}|\2)$",
     r"\3 \2 as seen from \1"),
    (r"\b(furthest|farthest) (?:over|away|out) (?=(?:to|on) the (?:left|right))", r"\1 "),
    (r"\bdoing (?:over |out |in )?there$", "doing"),
    # time
    (r"^(how (?:much time|many seconds|many frames|long)) (?:go|goes|went|pass|passes|passed) by between ",
     r"\1 passes between "),
    (r"^(which|what) (?:went|goes|carried|carries|kept) on (?:for )?(longer|longest|shorter|shortest)\b",
     r"\1 lasts \2"),
    (r"^(which|what) (?:lasts|lasted|takes|took) (?:for )?(?:a |the )?(longer|longest|shorter|shortest)(?: time)? ",
     r"\1 lasts \2 "),
    (r"^what is (.+?) got(?= in (?:his|her|their|its) hands?$|$)", r"what has \1 got"),
    (r"^what is (.+?) been (?=doing\b|up to\b|\w+ing\b)", r"what is \1 "),
    (r"^what is changed\b", "what has changed"),
    (r"^(?:what|which) is the (?:total )?(?:time|duration) (?:for which|during which|that) ", "how long "),
    (rf"^(?:what|which) {MEASURE} (?:do|does|did) (.+) have$", r"what is the \1 of \2"),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried, before all others."""
