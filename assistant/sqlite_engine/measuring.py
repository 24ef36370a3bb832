"""Statements that measure: sizes, distances, ways, and what moved. ?1 is a set of nodes, ?2 a stretch of time."""

IN = "IN (SELECT id FROM picked WHERE step = ?1)"
FRAMES = "JOIN stretch ON stretch.w = ?2 AND frame >= stretch.start AND frame < stretch.stop"
LENGTH = f"SELECT node, avg({{}}), NULL FROM size {FRAMES} WHERE node {IN} GROUP BY node"
LONGEST = (
    f"SELECT node, max(avg(width), avg(height), avg(depth)), NULL FROM size {FRAMES} WHERE node {IN} GROUP BY node"
)
VOLUME = f"SELECT node, avg(width) * avg(height) * avg(depth), NULL FROM size {FRAMES} WHERE node {IN} GROUP BY node"
BOX = f"SELECT node, {{}}, NULL FROM geometry WHERE w = ?2 AND node {IN}"
AWAY = f"""
SELECT node, avg(sqrt(cx * cx + cy * cy + cz * cz)), avg(coalesce(error, 0)) FROM place {FRAMES}
WHERE node {IN} AND cx IS NOT NULL GROUP BY node
"""
DEGREE = f"""
SELECT node.id, (SELECT count(*) FROM tie JOIN active ON active.tie = tie.id AND active.w = ?2
                 WHERE tie.subject = node.id OR tie.object = node.id), NULL FROM node WHERE node.id {IN}
"""
SEEN = f"SELECT node.id, (SELECT coalesce(max(frames), 0) FROM geometry g WHERE g.w = ?2 AND g.node = node.id), NULL \
FROM node WHERE node.id {IN}"
TRAVELLED = f"""
WITH step AS (
  SELECT node, frame, sqrt((x - lag(x) OVER o) * (x - lag(x) OVER o) + (y - lag(y) OVER o) * (y - lag(y) OVER o)
                           + (z - lag(z) OVER o) * (z - lag(z) OVER o)) AS length,
         error * error + lag(error) OVER o * lag(error) OVER o AS spread
  FROM place {FRAMES} WHERE node {IN} WINDOW o AS (PARTITION BY node ORDER BY frame))
SELECT node, {{0}}, CASE WHEN count(spread) = count(length) THEN {{1}} END FROM step GROUP BY node HAVING count(*) > 1
"""
ENDS = f"""
WITH own AS (SELECT * FROM place {FRAMES} WHERE node {IN}),
     edge AS (SELECT node, min(frame) AS a, max(frame) AS b FROM own GROUP BY node HAVING count(*) > 1)
SELECT one.node, one.x - two.x, one.y - two.y, one.z - two.z, one.error, two.error
FROM edge JOIN own one ON one.node = edge.node AND one.frame = a JOIN own two ON two.node = edge.node AND two.frame = b
"""
AWAY_FROM_START = f"""
WITH own AS (SELECT * FROM place {FRAMES} WHERE node {IN} AND node NOT IN (
       SELECT id FROM node WHERE category IN (SELECT name FROM stuff))),
     start AS (SELECT node, min(frame) AS frame FROM own GROUP BY node HAVING count(*) > 1)
SELECT own.node, max(sqrt((own.x - s.x) * (own.x - s.x) + (own.y - s.y) * (own.y - s.y) + (own.z - s.z) * (own.z - s.z))
  > max(?3, ?4 * sqrt(coalesce(own.error * own.error + s.error * s.error, 0))))
FROM start JOIN own s ON s.node = start.node AND s.frame = start.frame JOIN own ON own.node = start.node
GROUP BY own.node
"""
LATEST = f"""
SELECT node, NULL, max(frame), {{0}}x, {{0}}y, {{0}}z, error, 0 FROM place {FRAMES}
WHERE node {IN} AND {{0}}x IS NOT NULL GROUP BY node
"""
LATEST_PAIR = f"""
SELECT a.node, b.node, max(a.frame), a.{{0}}x - b.{{0}}x, a.{{0}}y - b.{{0}}y, a.{{0}}z - b.{{0}}z, a.error, b.error
FROM place a JOIN place b ON a.frame = b.frame AND a.node <> b.node
JOIN stretch ON stretch.w = ?2 AND a.frame >= stretch.start AND a.frame < stretch.stop
WHERE a.node {IN} AND b.node IN (SELECT id FROM picked WHERE step = ?3)
AND a.{{0}}x IS NOT NULL AND b.{{0}}x IS NOT NULL GROUP BY a.node, b.node
"""
RESTS = "SELECT frame, frame + 1 FROM {0} {1} WHERE node = ?1 AND {2} IS NOT NULL"
RESTS_PAIR = f"{RESTS} AND frame IN (SELECT frame FROM place WHERE node = ?3)"
APART = f"""
SELECT a.node, b.node,
       avg(sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z))),
       avg(sqrt(a.error * a.error + b.error * b.error))
FROM place a JOIN place b ON a.frame = b.frame AND a.node <> b.node
JOIN stretch ON stretch.w = ?2 AND a.frame >= stretch.start AND a.frame < stretch.stop
WHERE a.node {IN} AND b.node IN (SELECT id FROM picked WHERE step = ?3) GROUP BY a.node, b.node
"""
CENTRES = f"""
SELECT node, avg({{0}}x), avg({{0}}y), avg({{0}}z), avg(coalesce(error, 0)) FROM place {FRAMES}
WHERE node {IN} AND {{0}}x IS NOT NULL GROUP BY node
"""
STATEMENTS = {
    "area": BOX.format("area"),
    "box width": BOX.format("x2 - x1"),
    "box height": BOX.format("y2 - y1"),
    "relations": DEGREE,
    "frames seen": SEEN,
    "width": LENGTH.format("width"),
    "height": LENGTH.format("height"),
    "depth": LENGTH.format("depth"),
    "length": LONGEST,
    "volume": VOLUME,
    "distance": AWAY,
    "path length": TRAVELLED.format("sum(length)", "sqrt(sum(spread))"),
    "speed": TRAVELLED.format(
        "sum(length) / (max(frame) - min(frame)) * ?3", "sqrt(sum(spread)) / (max(frame) - min(frame)) * ?3"
    ),
}
