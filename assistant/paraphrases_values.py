"""Other ways to say that things have the same value of an attribute, or another."""

from assistant.patterns import ATTRIBUTE

VALUES_SHARED: tuple[tuple[str, str], ...] = (
    (rf"\b(differ|differs|differed) from (.+) in (?:its |their |his |her |the )?{ATTRIBUTE}$", r"\1 in \3 from \2"),
    (rf"\bunlike (.+) in (?:its |their |the )?{ATTRIBUTE}$", r"different in \2 from \1"),
    (rf"\b(?:a |an )?{ATTRIBUTE} (?:that is )?(?:different|distinct) (?:from|than|to) (?:that of )?"
     r"(?=the|this|that|a|an)", r"a different \1 from "),
    (rf"^(?:has|have|had) (the .+?) (a different|another|the same) {ATTRIBUTE} (from|than|as|to) ",
     r"does \1 have \2 \3 \4 "),
    (rf"\b({ATTRIBUTE} .*\b(?:as|from|than|to|of) the .+) 's$", r"\1"),
    (rf"\bmatch(es)? (?:the )?{ATTRIBUTE} of ", r"share\1 the \2 of "),
    (rf"\bmatch(es)? (.+) in (?:its |their |the )?{ATTRIBUTE}$", r"share\1 the \3 of \2"),
    (rf"\b(share|have|match|with|having)(s|es)? (the (?:\w+ )*?\w+) 's {ATTRIBUTE}$", r"share\2 the \4 of \3"),
    (rf"\bhas (the (?:\w+ )*?\w+) 's {ATTRIBUTE}$", r"shares the \2 of \1"),
    (rf"\b(is|are) of (the (?:\w+ )*?\w+) 's {ATTRIBUTE}$", r"\1 of the same \3 as \2"),
    (r"^((?:what|which|how many) (?!colou?r)\w+(?: \w+)?) (is|are) (?:of )?the (?:same )?colou?r of (?=the )",
     r"\1 \2 of the same colour as "),
    (r"^((?:what|which|how many|who)\b.*?)(is|are) colou?red (?:just )?(?:like|the same as|the same way as) ",
     r"\1\2 of the same colour as "),
)  # fmt: skip
"""(pattern, plain form) in the order in which they are tried."""
