/**
 * The candidate that a mistyped word most likely means; undefined when none is near. A candidate that contains the word
 * whole, or is contained in it, counts as near; otherwise one slip is allowed per three letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.trim().toLowerCase();
  if (typed === '') return undefined;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceBetween(typed, candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(typed.length / 3))) return best.candidate;
  return candidates.find(
    (candidate) => contains(candidate.toLowerCase(), typed) || contains(typed, candidate.toLowerCase()),
  );
}

/** Parts of one or two letters are in too many words. */
function contains(whole: string, part: string): boolean {
  return part.length >= 3 && whole.includes(part);
}

/** Letters to add, drop, change or swap with their neighbour to come from one word to the other. */
function distanceBetween(one: string, other: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      const cheapest = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + changed,
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(swapped ? Math.min(cheapest, at(beforePrevious, column - 2) + 1) : cheapest);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
