import fc from 'fast-check';
import type { Speaker } from '../../../src/domain/message.ts';

/** So many processes read mail. */
export const processes = 3;

const members = ['developer', 'project-manager', 'quality-assurance', 'decision-maker'] as const;

/** One thing that happens in a talk. `reader` is the number of a process. */
export type Step =
  /** `again`: sent a second time under the same key. */
  | { readonly kind: 'say'; readonly author: Speaker; readonly text: string; readonly again: boolean }
  /** Reads mail until it has to wait for the model, or there is none. */
  | { readonly kind: 'read'; readonly reader: number }
  /** All processes read at the same moment, and nobody waits for them. */
  | { readonly kind: 'all-read' }
  /** From now on what the model says to it is kept back. */
  | { readonly kind: 'hold'; readonly reader: number }
  | { readonly kind: 'let-go'; readonly reader: number }
  /** Is told to stop, and may begin again. */
  | { readonly kind: 'stop'; readonly reader: number }
  /** Its connections to the database end, with everything that it held. What the model says reaches it later. */
  | { readonly kind: 'cut'; readonly reader: number }
  /** The pauses before the next attempts are over. */
  | { readonly kind: 'time-passes' }
  /** A person lets them go on, when they were asked. */
  | { readonly kind: 'answer'; readonly more: number }
  /** The task gets so many prompts more. */
  | { readonly kind: 'grant'; readonly prompts: number };

export type Talk = {
  readonly members: readonly (typeof members)[number][];
  readonly allowance: { readonly each: number; readonly all: number };
  /** Of the task, for the replies. */
  readonly prompts: number;
  /** False: the right to read alone is lost without a word, and several read the same mail. */
  readonly hasClaims: boolean;
  readonly steps: readonly Step[];
  /** What agents say, reply by reply; then they only thank each other. */
  readonly replies: readonly string[];
};

const text = fc.constantFrom(
  '@dev what now?',
  '@dev and then?',
  '@dev @qa are we there?',
  '@qa @pm which one, and why?',
  '@dev @pm @qa @dm everybody, what do you think?',
  '@dm what do we decide?',
  'Shall we do it that way?',
  'The tests of the login fail since the last release.',
  'Thanks a lot, @dev!',
  'FYI: I am out of office tomorrow.',
  'It calls `@dev` in the code.',
);

const reader = fc.nat({ max: processes - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      author: fc.oneof({ weight: 4, arbitrary: fc.constant('human' as const) }, fc.constantFrom(...members)),
      text,
      again: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), reader }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'all-read' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('hold', 'stop', 'cut'), reader }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('let-go' as const), reader }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'time-passes' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), more: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('grant' as const), prompts: fc.integer({ min: 1, max: 3 }) }) },
);

/** A process that dies in the middle of a reply: what it is told comes when somebody else has gone on. */
const death: fc.Arbitrary<readonly Step[]> = fc
  .record({ victim: reader, heir: reader, text })
  .map(({ victim, heir, text: said }) => [
    { kind: 'hold', reader: victim },
    { kind: 'say', author: 'human', text: said, again: false },
    { kind: 'read', reader: victim },
    { kind: 'cut', reader: victim },
    { kind: 'time-passes' },
    { kind: 'read', reader: heir },
    { kind: 'let-go', reader: victim },
  ]);

const steps = fc
  .array(fc.oneof({ weight: 9, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: death }), {
    minLength: 6,
    maxLength: 24,
  })
  .map((parts) => parts.flat());

export const anyTalk: fc.Arbitrary<Talk> = fc.record({
  members: fc.subarray([...members], { minLength: 2 }),
  allowance: fc.record({ each: fc.integer({ min: 1, max: 3 }), all: fc.integer({ min: 1, max: 7 }) }),
  prompts: fc.constantFrom(0, 1, 3, 1_000, 1_000),
  hasClaims: fc.boolean(),
  steps,
  replies: fc.array(text, { maxLength: 12 }),
});

/** Nobody is disturbed, so that nothing has to be done again. */
export function isCalm({ hasClaims, steps: all }: Talk): boolean {
  return hasClaims && all.every(({ kind }) => kind !== 'cut' && kind !== 'stop');
}
