/** So many strangers hear a polite line on one day, however many there are. */
const mostTellingsADay = 20;

/** What strangers were told on a day in UTC, `YYYY-MM-DD`, and how often they came. */
export type StrangerCounts = {
  readonly day: string;
  readonly told: readonly string[];
  readonly messages: number;
};

export type StrangerVerdict = { readonly mayTell: boolean; readonly counts: StrangerCounts };

/**
 * Counts a message of a stranger, and says whether they are answered: once a day each, and not more than some in all.
 *
 * @param before undefined when no stranger ever came
 */
export function nextStranger(before: StrangerCounts | undefined, strangerId: string, now: Date): StrangerVerdict {
  const day = now.toISOString().slice(0, 10);
  const { told, messages }: Omit<StrangerCounts, 'day'> = before?.day === day ? before : { told: [], messages: 0 };
  const mayTell = !told.includes(strangerId) && told.length < mostTellingsADay;
  return { mayTell, counts: { day, told: mayTell ? [...told, strangerId] : told, messages: messages + 1 } };
}
