"""Ways to ask about space in metres."""

SPACE = """
[distance]
how far is {S} from {O}?
what is the distance between {S} and {O}?
how many metres are there between {S} and {O}?
how far apart are {S} and {O}?
estimate the distance from {S} to {O} in metres.
give the distance between {S} and {O}.
how much space is there between {S} and {O}, in metres?
how far away from {O} is {S}?
tell me how far {S} is from {O}.
if I walked from {S} to {O}, how many metres would that be in a straight line?
measure the distance between {S} and {O}.

[camera distance]
how far is {S} from the camera?
what is the distance of {S} from the camera?
how many metres away is {S}?
how far away from the viewer is {S}?
estimate how far {S} is from the camera in metres.
give the distance of {S} from the camera.
tell me how many metres {S} is away from the camera.
at what distance do you see {S}?
how far off is {S}?
how far would I have to go from the camera to reach {S}?

[nearer]
which is nearer to the camera, {S} or {O}?
is {S} or {O} closer to the camera?
what is closer to the viewer, {S} or {O}?
of {S} and {O}, which is nearer to us?
compare the depths of {S} and {O}: which one is nearer?
which of the two is less far away, {S} or {O}?
who or what is nearer to the camera: {S} or {O}?
does {S} or {O} stand closer to the camera?
tell me which is nearer to the camera, {S} or {O}.
between {S} and {O}, which one is the nearer?

[nearest]
what is nearest to {S}?
which thing is the nearest to {S}?
what stands closest to {S}?
of all other things, which one is nearest to {S}?
in metres, what is the closest thing to {S}?
who or what is nearest to {S}?
find the nearest neighbour of {S}.
tell me what is nearest to {S}.
which other thing has the smallest distance to {S}?
what do you find closest to {S}?

[within]
is {S} within {m} metres of {O}?
is {S} less than {m} metres away from {O}?
do {S} and {O} lie within {m} metres of each other?
is the distance between {S} and {O} at most {m} metres?
can {O} be reached from {S} within {m} metres?
is {O} no more than {m} metres from {S}?
tell me whether {S} is within {m} metres of {O}.
would a rope of {m} metres reach from {S} to {O}?
are there at most {m} metres between {S} and {O}?
check whether {S} is within {m} metres of {O}.

[in front or behind]
is {S} in front of {O} or behind it, as the camera sees it?
from the camera, is {S} in front of {O} or behind {O}?
in depth, does {S} lie in front of {O} or behind?
seen from the camera, which comes first, {S} or {O}?
does {S} stand before {O} or behind {O} in space?
as the camera looks, is {S} before or behind {O}?
order {S} and {O} by depth: is {S} in front or behind?
tell me whether {S} is in front of {O} or behind {O}.
in space, is {O} hidden behind {S}, or is {S} behind {O}?
where is {S} in depth with regard to {O}: in front or behind?

[size]
how {adjective} is {S}?
what is the {quantity} of {S} in metres?
estimate the {quantity} of {S}.
give the {quantity} of {S} in metres.
how many metres does the {quantity} of {S} come to?
tell me the {quantity} of {S}.
what {quantity} does {S} have?
measure the {quantity} of {S}.
about how {adjective} is {S}, in metres?
can you say how {adjective} {S} is?
I need the {quantity} of {S} in metres.
"""
