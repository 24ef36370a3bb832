"""Ways to ask about what happens when, in videos."""

TIME = """
[when]
when does it happen that {A}?
at what time is it so that {A}?
in which part of the video does it hold that {A}?
when can you see that {A}?
please give the time at which {A}.
find the moment: {A}.
between which times do you see that {A}?
{A}. When is that?
from when to when does it hold that {A}?
tell me when {A}.
at which seconds of the video is it the case that {A}?
locate this in time: {A}.

[how long]
for how long does it last that {A}?
how long does this take: {A}?
{A}. How long does that last?
what is the duration of this: {A}?
how many seconds does it last that {A}?
how much of the video is it so that {A}?
tell me for how long {A}.
over what length of time do you see that {A}?
give the duration: {A}.
how much time passes while {A}?

[how often]
how often does it happen that {A}?
how many times do you see that {A}?
{A}. How often does that occur?
count how many times {A}.
on how many occasions is it so that {A}?
how many separate times is it the case that {A}?
tell me how often {A}.
give the number of times that {A}.
is it once or several times that {A}? How often?
how frequently does this happen: {A}?

[first of two]
what happens first: {A}, or {B}?
which of these begins earlier: {A}, or {B}?
in what order do these begin: {A}; {B}?
does it happen first that {A}, or that {B}?
which comes before the other: {A}, or {B}?
{A}; {B}. Which of the two starts first?
put these in order: {A}; {B}.
tell me which begins first: {A}, or {B}.
is the earlier one that {A}, or that {B}?
what do you see sooner: {A}, or {B}?

[meanwhile]
what is {S} doing while {A}?
{A}. What does {S} do in the meantime?
while {A}, what is {S} doing?
during the time that {A}, what does {S} do?
what do you see {S} doing at the time that {A}?
at the same time that {A}, what is {S} busy with?
tell me what {S} is doing while {A}.
what is going on with {S} while {A}?
describe the activity of {S} while {A}.
as {A}, what does {S} do?

[at time]
what is {S} doing at {t} seconds?
at {t} seconds, what does {S} do?
look at second {t} of the video. What is {S} doing?
what do you see {S} doing {t} seconds into the video?
at the moment {t} s, what is {S} busy with?
go to {t} seconds and say what {S} is doing.
describe what {S} does at {t} seconds.
when the clock shows {t} seconds, what is {S} doing?
stop the video at {t} seconds. What is {S} doing there?
tell me the activity of {S} at {t} seconds.

[next]
what does {S} do after {A}?
{A}. What does {S} do afterwards?
after {A}, what is {S} doing?
once it is over that {A}, what does {S} do?
what comes next for {S} after {A}?
what do you see {S} doing later than the time that {A}?
tell me what {S} does after {A}.
describe what {S} does after {A}.
as soon as it has ended that {A}, what is {S} doing?
following the time that {A}, what does {S} do?

[start and end]
what is {S} doing at the start, and what at the end?
compare the beginning and the end of the video for {S}.
how does what {S} does at the end differ from the start?
what does {S} do in the first moment and in the last one?
describe {S} at the beginning and at the end.
from the first frame to the last, what has become of {S}?
what is {S} doing when the video starts, and when it ends?
tell me about {S} at the very start and at the very end.
look at the first and the last frame. What is {S} doing in each?
at the beginning and at the end: what does {S} do?

[longest]
which takes longer: {A}, or {B}?
what lasts longer: {A}, or {B}?
which of these takes more time: {A}, or {B}?
{A}; {B}. Which of the two lasts longer?
compare the durations: {A}; {B}.
does it last longer that {A}, or that {B}?
of the two, which goes on for longer: {A}, or {B}?
tell me which lasts longer: {A}, or {B}.
which one fills more of the video: {A}, or {B}?
what goes on for more frames: {A}, or {B}?

[changed]
what has changed between {t} and {u} seconds?
compare the moments at {t} and at {u} seconds.
what is different at {u} seconds from what was at {t} seconds?
how does the scene at {u} seconds differ from that at {t} seconds?
look at {t} seconds and at {u} seconds. What changed?
which differences do you see between {t} s and {u} s?
what is new at {u} seconds, and what is over, compared with {t} seconds?
spot the differences between the frames at {t} and {u} seconds.
between the two moments, {t} s and {u} s, what changed?
tell me what changes from {t} to {u} seconds.

[dense captions]
describe the video moment by moment.
give dense captions with times.
what happens when? List the events with their times.
caption every event of the video.
write a timed account of the video.
please list what happens, each with its time.
go through the video and say what happens at what time.
make a log of the events with start and end.
narrate the video event by event.
which events are there, and when do they happen?
annotate the video with timed captions.

[story]
what happens in the video?
tell the story of the video.
summarise the video.
describe what goes on in this clip.
what is this video about?
give a summary of the events.
in a few sentences, what happens?
tell me what I would see if I watched this.
recount the video from beginning to end.
what takes place in this clip?
describe the course of events.
"""
