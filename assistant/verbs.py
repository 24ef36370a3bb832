"""English predicates: other ways to say the predicates of common data sets, and what follows from what."""

SAME: dict[str, tuple[str, ...]] = {
    "beside": ("beside", "next to", "near", "adjacent to", "along", "by", "at the side of", "alongside", "close to"),
    "next to": ("next to", "beside", "near"),
    "near": ("near", "beside", "next to"),
    "over": ("over", "above"),
    "on": ("on", "on top of", "upon", "atop"),
    "in": ("in", "inside", "within", "inside of"),
    "inside": ("inside", "in", "within"),
    "under": ("under", "underneath", "beneath", "below"),
    "behind": ("behind", "in back of"),
    "in front of": ("in front of", "ahead of"),
    "on back of": ("on back of", "on the back of"),
    "attached to": ("attached to", "fixed to", "fastened to", "mounted on"),
    "hanging from": ("hanging from", "dangling from", "hanging on", "hanging off"),
    "looking at": ("looking at", "watching", "gazing at", "staring at", "facing", "looking toward", "looking towards"),
    "holding": ("holding", "gripping", "grasping", "clutching", "holding on to", "holding onto"),
    "carrying": ("carrying", "transporting"),
    "grabbing": ("grabbing", "seizing"),
    "wearing": ("wearing", "dressed in"),
    "riding": ("riding", "riding on"),
    "driving": ("driving", "steering"),
    "chasing": ("chasing", "running after", "pursuing", "following"),
    "throwing": ("throwing", "tossing", "hurling"),
    "blowing": ("blowing", "blowing out", "blowing at", "blowing on"),
    "pulling": ("pulling", "pulling on", "tugging", "tugging at", "tugging on"),
    "cleaning": ("cleaning", "cleaning up"),
    "opening": ("opening", "opening up"),
    "closing": ("closing", "shutting"),
    "lighting": ("lighting", "lighting up"),
    "climbing": ("climbing", "climbing up", "climbing on"),
    "talking to": ("talking to", "speaking to", "talking with", "speaking with", "chatting with"),
    "playing with": ("playing with",),
    "pointing to": ("pointing to", "pointing at"),
    "pointing at": ("pointing at", "pointing to"),
    "lying on": ("lying on", "laying on", "lying in", "resting on"),
    "sitting on": ("sitting on", "seated on", "sitting in", "sitting at", "sat on", "perched on"),
    "standing on": ("standing on", "standing in"),
    "walking on": ("walking on", "walking across", "walking along", "walking over", "strolling on", "walking in"),
    "running on": ("running on", "running across", "running along", "running over", "jogging on"),
    "driving on": ("driving on", "driving along", "driving down"),
    "parked on": ("parked on", "parking on", "parked in"),
    "drinking": ("drinking",),
    "drinking from": ("drinking from", "drinking out of"),
    "eating": ("eating", "chewing"),
    "touching": ("touching",),
    "cutting": ("cutting", "slicing", "chopping"),
    "slicing": ("slicing", "cutting", "chopping"),
    "picking": ("picking", "picking up"),
    "catching": ("catching",),
    "hitting": ("hitting", "striking"),
    "hugging": ("hugging", "embracing"),
    "caressing": ("caressing", "stroking", "petting"),
    "enclosing": ("enclosing", "surrounding"),
    "leaning on": ("leaning on", "leaning against"),
    "jumping over": ("jumping over", "leaping over"),
    "flying over": ("flying over", "flying above"),
    "entering": ("entering", "going into", "walking into"),
    "exiting": ("exiting", "leaving", "going out of"),
    "stepping on": ("stepping on", "treading on"),
    "toward": ("toward", "towards"),
    "shaking hand with": ("shaking hand with", "shaking hands with"),
    "falling off": ("falling off", "falling from"),
    "guiding": ("guiding", "leading"),
    "about to hit": ("about to hit",),
    "painted on": ("painted on", "drawn on", "printed on"),
}
"""A data set's predicate and the ways to say it; the first column may itself be absent from a vocabulary."""

COVERS: dict[str, tuple[str, ...]] = {
    "on": (
        *("sitting on", "standing on", "lying on", "walking on", "running on", "parked on", "driving on", "riding"),
        *("painted on", "stepping on", "on back of", "mounted on"),
    ),
    "over": ("flying over", "jumping over"),
}
"""Whatever stands in the relation on the right also stands in the one on the left: sitting on is on."""

CONVERSES: dict[str, str] = {
    "under": "over",
    "over": "under",
    "behind": "in front of",
    "in front of": "behind",
    "containing": "in",
    "above": "below",
    "below": "above",
}
"""(a, left, b) says the same as (b, right, a)."""

UNDER_ALSO = ("on",)
"""What something rests on is under it: (b, on, a) gives (a, under, b)."""

VERTICAL = frozenset({"over", "under", "above", "below"})
"""Where a vocabulary has none of these, "below" is first of all a place, and only then what something rests on."""

SYMMETRIC = frozenset(
    {"beside", "next to", "near", "adjacent to", "talking to", "shaking hand with", "shaking hands with"}
)
"""Relations that hold both ways."""

ONE_WAY = frozenset(
    {"over", "under", "above", "below", "in front of", "behind", "on", "in", "inside", "riding", "wearing", "holding"}
    | {"carrying", "sitting on", "standing on", "lying on", "walking on", "running on", "parked on", "driving on"}
    | {"driving", "eating", "drinking", "drinking from", "hanging from", "enclosing", "painted on", "leaning on"}
    | {"slicing", "cutting", "cooking", "opening", "closing", "throwing", "kicking", "swinging", "flying over"}
)
"""Relations of which (a, p, b) contradicts (b, p, a)."""

RESTING = frozenset({"on", *COVERS["on"], "over", "above", *COVERS["over"]})
"""Relations of which none can hold backwards where another one holds: a cup on a table is not under it."""

EXCLUSIVE: tuple[frozenset[str], ...] = (
    frozenset({"sitting on", "standing on", "lying on", "running on"}),
    frozenset({"sitting on", "walking on", "lying on", "running on"}),
)
"""Postures: at one moment a subject can be in one of a group only, whatever the object."""

EXCLUSIVE_FOR_A_PAIR: tuple[frozenset[str], ...] = (
    frozenset({"parked on", "driving on"}),
    frozenset({"opening", "closing"}),
    frozenset({"entering", "exiting"}),
    frozenset({"in front of", "behind"}),
)
"""Relations of which only one can join a pair at one moment."""

HAVING = ("holding", "carrying", "wearing", "has", "having", "with")
"""What "with a hat" or "has a ball" may mean."""

PLACES = frozenset(
    {"on", "in", "over", "under", "above", "below", "beside", "near", "next to", "in front of", "behind", "inside"}
    | {"attached to", "on back of", "against", "between", "along", "across", "at", "toward", "around"}
)
"""Predicates that say where something is, without an activity."""

SPATIAL_PARTICLES = frozenset({"on", "in", "over", "under", "from", "beside", "behind", "at", "against", "off", "down"})
"""Last words that make an activity say where: sitting on, hanging from, leaning against."""

AGENTS = {"rider": "riding", "driver": "driving", "player": "playing", "surfer": "surfing", "skier": "skiing"}
"""Nouns for those who do something."""

DEEDS = frozenset(
    {"looking", "watching", "gazing", "staring", "holding", "carrying", "wearing", "eating", "drinking", "riding"}
    | {"talking", "speaking", "chatting", "feeding", "kissing", "biting", "playing", "chasing", "following", "cooking"}
    | {"climbing", "kicking", "throwing", "tossing", "catching", "petting", "pushing", "pulling", "cleaning", "cutting"}
    | {"slicing", "picking", "opening", "closing", "guiding", "leading", "swinging", "running", "walking", "jumping"}
    | {"driving", "smiling", "laughing", "sleeping", "reading", "using", "waving", "hugging", "crying", "dancing"}
)
"""What people and animals do, and benches and trees do not."""

OTHER_VERBS = (
    *("smiling", "laughing", "crying", "dancing", "singing", "sleeping", "reading", "writing", "swimming", "flying"),
    *("cooking", "eating", "drinking", "jumping", "falling", "kicking", "kissing", "hugging", "pushing", "pulling"),
    *("opening", "closing", "washing", "cleaning", "painting", "fighting", "waving", "clapping", "crawling", "skating"),
    *("skiing", "surfing", "juggling", "pouring", "stirring", "licking", "biting", "feeding", "milking", "hunting"),
    *("photographing", "filming", "repairing", "building", "breaking", "burning", "selling", "buying", "stealing"),
    *("using", "moving", "lifting", "dropping", "grabbing", "brushing", "blowing", "lighting", "watering", "swinging"),
)
"""Further verbs that are known, so that asking for one is answered with "not shown"."""

IRREGULAR: dict[str, tuple[str, str]] = {
    **{verb: (past, past) for verb, past in (
        ("hold", "held"), ("sit", "sat"), ("stand", "stood"), ("feed", "fed"), ("catch", "caught"), ("swing", "swung"),
        ("hang", "hung"), ("cut", "cut"), ("hit", "hit"), ("put", "put"), ("light", "lit"), ("have", "had"),
        ("make", "made"), ("read", "read"), ("sleep", "slept"), ("sweep", "swept"), ("lead", "led"), ("leave", "left"),
        ("find", "found"), ("bring", "brought"), ("buy", "bought"), ("build", "built"), ("keep", "kept"),
        ("feel", "felt"), ("fight", "fought"), ("hear", "heard"), ("meet", "met"), ("pay", "paid"), ("say", "said"),
        ("sell", "sold"), ("send", "sent"), ("set", "set"), ("shoot", "shot"), ("shut", "shut"), ("spread", "spread"),
        ("stick", "stuck"), ("strike", "struck"), ("teach", "taught"), ("tell", "told"), ("win", "won"),
        ("lay", "laid"), ("bend", "bent"), ("spin", "spun"), ("tread", "trod"), ("get", "got"), ("hurt", "hurt"),
    )},
    "ride": ("rode", "ridden"), "lie": ("lay", "lain"), "run": ("ran", "run"), "fly": ("flew", "flown"),
    "eat": ("ate", "eaten"), "drink": ("drank", "drunk"), "bite": ("bit", "bitten"), "throw": ("threw", "thrown"),
    "drive": ("drove", "driven"), "fall": ("fell", "fallen"), "go": ("went", "gone"), "wear": ("wore", "worn"),
    "shake": ("shook", "shaken"), "blow": ("blew", "blown"), "write": ("wrote", "written"), "take": ("took", "taken"),
    "see": ("saw", "seen"), "give": ("gave", "given"), "draw": ("drew", "drawn"), "swim": ("swam", "swum"),
    "sing": ("sang", "sung"), "speak": ("spoke", "spoken"), "break": ("broke", "broken"), "steal": ("stole", "stolen"),
    "hide": ("hid", "hidden"), "wake": ("woke", "woken"), "do": ("did", "done"), "choose": ("chose", "chosen"),
}  # fmt: skip
"""Base form: past tense, past participle."""
