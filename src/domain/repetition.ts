/** One thing that was done, and what came of it. */
export type Deed = { readonly what: string; readonly result: string };

/** Doing the same thing with the same result so often is no work any more. A command that takes long counts once. */
const mostRepeats = 8;
/** Work that goes in circles: two or three steps over and over. */
const longestCircle = 3;

const remembered = mostRepeats * longestCircle;

/**
 * Whether the deeds end in the same few steps over and over, with the same results each time; the sentence says what is
 * repeated. Time plays no part: who waits for a long command is not stuck.
 *
 * @param deeds oldest first
 */
export function repetitionIn(deeds: readonly Deed[]): string | undefined {
  for (let length = 1; length <= longestCircle; length += 1) {
    if (endsInCircle(deeds, length)) {
      const circle = deeds.slice(-length).map(({ what }) => what);
      return `${[...new Set(circle)].join(', ')}: ${mostRepeats} times with the same result`;
    }
  }
  return undefined;
}

/** The deeds that are worth remembering to find a repetition in them. */
export function latest<Kind extends Deed>(deeds: readonly Kind[]): readonly Kind[] {
  return deeds.slice(-remembered);
}

function endsInCircle(deeds: readonly Deed[], length: number): boolean {
  const span = length * mostRepeats;
  if (deeds.length < span) return false;
  const tail = deeds.slice(-span);
  return tail.every((deed, index) => {
    const before = tail[index - length];
    return before === undefined || (before.what === deed.what && before.result === deed.result);
  });
}
