/** Name tags over a picture: each is moved as little as keeps it from covering another; names without room are left out. */

/** Pixels between two tags. */
const GAP = 2;
/** A name farther than this from its place would be read as that of something else. */
const FARTHEST = 96;
const STEP = 8;

/** Whose name comes first where room is short. */
const ORDER = ["subject", "object", "node", "predicate", "other", "quiet"];

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Ways to move, the shortest first. */
const MOVES: readonly (readonly [number, number])[] = Array.from({ length: (2 * FARTHEST) / STEP + 1 }, (_, i) => i * STEP - FARTHEST)
  .flatMap((x, _, steps) => steps.map((y) => [x, y] as const))
  .filter(([x, y]) => Math.hypot(x, y) <= FARTHEST)
  .sort(([a, b], [c, d]) => Math.hypot(a, b) - Math.hypot(c, d));

const watched = new WeakSet<Element>();

/** Spread the tags of a room that was just drawn, now and whenever it changes its size. */
export function spreadTags(room: Element | undefined): void {
  if (!room) return;
  queueMicrotask(() => spread(room)); // its tags are drawn after it
  if (watched.has(room)) return;
  watched.add(room);
  new ResizeObserver(() => spread(room)).observe(room);
}

function spread(room: Element): void {
  const tags = [...room.querySelectorAll<HTMLElement>(".tag")].sort((a, b) => rank(a) - rank(b));
  for (const tag of tags) tag.style.translate = tag.style.visibility = "";
  const area = room.getBoundingClientRect();
  const boxes = tags.map((tag) => tag.getBoundingClientRect()); // all are read before any is moved
  const placed: Box[] = [];
  tags.forEach((tag, i) => {
    const place = findRoom(boxes[i], area, placed);
    if (!place) {
      tag.style.visibility = "hidden";
      return;
    }
    placed.push(place);
    const [x, y] = [place.left - boxes[i].left, place.top - boxes[i].top];
    if (x !== 0 || y !== 0) tag.style.translate = `${x.toFixed(1)}px ${y.toFixed(1)}px`;
  });
}

function rank(tag: Element): number {
  const found = ORDER.findIndex((role) => tag.classList.contains(role));
  return found < 0 ? ORDER.length : found;
}

/** The nearest place within the area where a box covers no other. */
function findRoom(box: Box, area: Box, placed: readonly Box[]): Box | null {
  const within = (from: number, length: number, start: number, room: number): number =>
    Math.max(Math.min(from, start + room - length), start);
  for (const [x, y] of MOVES) {
    const candidate = {
      left: within(box.left + x, box.width, area.left, area.width),
      top: within(box.top + y, box.height, area.top, area.height),
      width: box.width,
      height: box.height,
    };
    if (!placed.some((other) => meet(candidate, other))) return candidate;
  }
  return null;
}

function meet(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width + GAP &&
    b.left < a.left + a.width + GAP &&
    a.top < b.top + b.height + GAP &&
    b.top < a.top + a.height + GAP
  );
}
