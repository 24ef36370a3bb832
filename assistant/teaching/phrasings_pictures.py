"""Ways to ask about what is in a picture, or anywhere in a video."""

PICTURES = """
[exists]
is there {a}?
can you see {a}?
do you see {a} here?
is {a} visible?
does this show {a}?
could you check whether there is {a}?
tell me whether {a} is there.
I am looking for {a}. Is there one?
would I find {a} here?
is {a} among the things you see?
have a look: is there {a}?
is it true that there is {a} here?

[count]
how many {kinds} are there?
how many {kinds} can you see?
count the {kinds}.
what is the number of {kinds}?
how many {kinds} are shown?
please count the {kinds} for me.
tell me how many {kinds} there are.
how many {kinds} are visible here?
could you count the {kinds} you see?
I want to know the number of {kinds}. How many are there?
give me the number of {kinds}.
how many {kinds} does this show?

[who]
who is {p} {O}?
which person is {p} {O}?
who is the one {p} {O}?
can you tell who is {p} {O}?
do you know who is {p} {O}?
please tell me who is {p} {O}.
who do you see {p} {O}?
somebody is {p} {O}. Who is it?
I wonder who is {p} {O}. Can you say?
could you point out who is {p} {O}?
name the person who is {p} {O}.

[what subject]
what is {p} {O}?
which thing is {p} {O}?
what do you see {p} {O}?
can you tell what is {p} {O}?
something is {p} {O}. What is it?
name what is {p} {O}.
please tell me what is {p} {O}.
is there something {p} {O}, and what is it?
tell me everything that is {p} {O}.
what can be seen {p} {O}?
could you say what is {p} {O}?

[what object]
what is {S} {p}?
which thing is {S} {p}?
can you tell what {S} is {p}?
please tell me what {S} is {p}.
{S} is {p} something. What is it?
name what {S} is {p}.
could you say what {S} is {p}?
what do you see {S} {p}?
do you know what {S} is {p}?
look at {S}: what is it that {S} is {p}?
I would like to know what {S} is {p}.

[where]
where is {S}?
where can I find {S}?
can you tell me where {S} is?
where do you see {S}?
please locate {S}.
in relation to other things, where is {S}?
whereabouts is {S}?
could you say where {S} is?
I am looking for {S}. Where is it?
describe the place of {S}.
what is the position of {S} relative to its surroundings?

[doing]
what is {S} doing?
can you tell what {S} is doing?
what do you see {S} doing?
describe what {S} does.
please say what {S} is doing.
what is {S} busy with?
what is going on with {S}?
how is {S} occupied?
tell me about the activity of {S}.
which activity is {S} taking part in?
look at {S}. What is happening there?
could you describe the action of {S}?

[holds]
is {S} {p} {O}?
is it true that {S} is {p} {O}?
can you confirm that {S} is {p} {O}?
would you say that {S} is {p} {O}?
do you see {S} {p} {O}?
tell me whether {S} is {p} {O}.
check this for me: is {S} {p} {O}?
am I right that {S} is {p} {O}?
does it look as if {S} is {p} {O}?
I think that {S} is {p} {O}. Is that right?
{S} is {p} {O}, isn't that so?
please verify: {S} is {p} {O}.

[attribute]
what is the {attribute} of {S}?
what {attribute} does {S} have?
can you tell me the {attribute} of {S}?
which {attribute} does {S} have?
please name the {attribute} of {S}.
describe the {attribute} of {S}.
look at {S}. What is its {attribute}?
do you know the {attribute} of {S}?
how would you describe {S} in terms of {attribute}?
I would like to know the {attribute} of {S}.
could you tell which {attribute} {S} has?

[attribute check]
is {S} {value}?
is the {attribute} of {S} {value}?
would you say that {S} is {value}?
is it true that {S} is {value}?
can you confirm that {S} is {value}?
tell me whether {S} is {value}.
does {S} look {value}?
am I right that {S} is {value}?
check the {attribute} of {S}: is it {value}?
please confirm the {attribute} of {S}: {value}?

[between]
how are {S} and {O} related?
what is the relation between {S} and {O}?
what do {S} and {O} have to do with each other?
how does {S} relate to {O}?
describe how {S} and {O} go together.
which relation joins {S} and {O}?
what is there between {S} and {O}?
can you say what connects {S} with {O}?
tell me about {S} and {O}.
how would you describe the relationship of {S} to {O}?
look at {S} and {O}. How do they stand to each other?

[about]
what can you tell me about {S}?
tell me about {S}.
describe {S}.
what do you notice about {S}?
give me some details about {S}.
what is known about {S}?
could you describe {S} for me?
say something about {S}.
what is there to say about {S}?
focus on {S}. What do you see?
please describe what you see of {S}.

[kinds]
what can be seen?
which things are there?
what do you see?
list what is visible.
name the kinds of things that you see.
what does this contain?
what objects and surroundings are there?
which kinds of things appear here?
give me an inventory of what is shown.
can you list the things in view?
please name everything that you see.
make a list of what is there.

[left or right]
is {S} to the left or to the right of {O}?
on which side of {O} is {S}?
does {S} lie to the left or to the right of {O}?
seen from the viewer, is {S} left or right of {O}?
which side of {O} is {S} on, left or right?
do you see {S} on the left or on the right of {O}?
tell me on which side of {O} you see {S}.
where is {S} with regard to {O}: left or right?
compared with {O}, is {S} further left or further right?
left or right: where is {S} relative to {O}?

[larger]
which looks larger, {S} or {O}?
which of the two takes up more room, {S} or {O}?
does {S} or {O} appear larger?
compare {S} with {O}: which one looks bigger?
what appears bigger here, {S} or {O}?
in size as it is seen, which is larger: {S} or {O}?
between {S} and {O}, which one is larger to the eye?
which one fills more of the view, {S} or {O}?
is it {S} or {O} that looks bigger?
tell me which appears larger, {S} or {O}.

[more]
are there more {kinds} or more {others}?
which are there more of, {kinds} or {others}?
compare the numbers of {kinds} and {others}.
do the {kinds} outnumber the {others}, or the other way round?
are {kinds} or {others} in the majority?
what do you see more of, {kinds} or {others}?
count the {kinds} and the {others}. Of which are there more?
is the number of {kinds} or that of {others} larger?
of {kinds} and {others}, which are more numerous?
tell me whether there are more {kinds} or {others}.

[choice]
{question} {options}
choose the right option. {question} {options}
{question} Pick one of these: {options}
which option is right? {question} {options}
here is a question with options. {question} {options}
answer with one of the options. {question} {options}
{question} Which of these is correct? {options}
select the correct answer. {question} {options}
{question} The options are: {options}
multiple choice: {question} {options}
{question} Decide between these: {options}

[short]
{question} Answer in a single word or phrase.
{question} Keep the answer as short as possible.
{question} One word is enough.
{question} Give only the answer itself.
{question} Reply briefly, without a sentence.
in one word or phrase: {question}
{question} Just the answer, please.
{question} A word or a number will do.
short answer only. {question}
{question} Be brief.
"""
