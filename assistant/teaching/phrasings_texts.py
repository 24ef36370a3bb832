"""Ways to ask for descriptions, for reasoning and for differences."""

TEXTS = """
[detail]
describe the picture in detail.
give a detailed description of what you see.
what is happening here? Describe it as completely as you can.
please describe this scene thoroughly.
can you elaborate on everything that is shown?
write a full description of the scene.
explain the various things you see and how they stand to each other.
analyse the scene in a comprehensive and detailed manner.
provide an elaborate description of what is shown.
take your time and describe all that you see.
walk me through the scene, thing by thing.
characterise this scene in a well-detailed description.

[brief]
describe the picture briefly.
give a short summary of the scene.
what is shown, in a few words?
in one or two sentences, what do you see?
summarise what is shown.
what is the gist of this scene?
provide a brief description.
sum up what you see.
what would a short caption say?
describe this in a nutshell.

[two hops]
what is the {kind} that is {p} {O} {q}?
there is {a} that is {p} {O}. What is it {q}?
look for the {kind} that is {p} {O}. What is that one {q}?
the {kind} that is {p} {O} is {q} something. What?
find the {kind} {p} {O}, and tell me what it is {q}.
which thing is the {kind} {p} {O} also {q}?
one {kind} is {p} {O}. What is that {kind} {q}?
starting from {O}: what is the {kind} that is {p} it {q}?
think in two steps: which {kind} is {p} {O}, and what is it {q}?
identify the {kind} that is {p} {O}; what else is it {q}?

[path]
how is {S} connected with {O}?
through which relations can one get from {S} to {O}?
is there a chain of relations from {S} to {O}?
explain step by step how {S} is linked to {O}.
which steps lead from {S} to {O}?
what ties {S} to {O}, if only through other things?
find a connection between {S} and {O}.
by what chain are {S} and {O} joined?
trace the connection from {S} to {O}.
reason from {S} to {O}: how are they linked?

[common]
what do {S} and {O} have in common?
in what way are {S} and {O} in the same situation?
what holds for both {S} and {O}?
which thing are both {S} and {O} related to in the same way?
name something that {S} and {O} share.
compare {S} and {O}: what is the same for both?
is there something that is true of {S} as well as of {O}?
what unites {S} and {O}?
how are {S} and {O} alike in what they do or where they are?
find a similarity between {S} and {O}.

[consequence]
what would be concerned if {O} were taken away?
suppose {O} were removed. Which relations would be gone?
if {O} were not there, what could no longer be said?
imagine the scene without {O}. What would change?
which things depend on {O} in this scene?
what rests on {O}, or has to do with it?
who or what would notice that {O} is missing?
think about removing {O}: which of the relations would end?
what part does {O} play in the scene?
if somebody took {O} away, what would that affect?

[busiest]
which thing takes part in most of what is going on?
who or what is at the centre of the scene?
what is the main thing here, by the number of its relations?
which one is involved in the most relations?
what does most of the scene turn on?
name the thing that is tied to most others.
who or what has most to do with the others?
which one would you call the centre of events, and why?
what is most connected with the rest?
find the thing with the most relations and say which.

[same thing]
which things are {p} the same thing?
are there several things that are {p} one and the same thing?
what is it that several things are {p}?
find things that are all {p} the same one.
who or what shares a thing that it is {p}?
is there one thing with several others {p} it?
name the things that are together {p} something.
group what you see by what it is {p}: which belong together?
which of the things are {p} something in common?
think about what is {p} what: who shares?

[difference]
what is different between the two pictures?
spot the differences.
compare the two pictures.
how does the second picture differ from the first?
list the differences between the first and the second picture.
what does only one of the two pictures show?
look at both pictures. What changed?
which differences do you notice between these pictures?
tell the two pictures apart.
what would I have to change in the first picture to get the second?
go from the first picture to the second: what is new, and what is gone?
"""
