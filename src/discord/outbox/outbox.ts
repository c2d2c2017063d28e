import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fittedMessage } from '../render/fitted-message.ts';
import { openClosures } from './closures.ts';
import { failureOf, reasonOf } from './failure.ts';
import { looksOf } from './looks.ts';
import type { Outgoing } from './outgoing.ts';
import type { PlacedPost, Posts } from './posts.ts';
import { openTurns } from './turns.ts';
import type { Placed, Wire } from './wire.ts';

/** What became of a message. `lost`: the channel is gone, closed to the bot, or Discord does not take what it says. */
export type Shown =
  | { readonly kind: 'shown'; readonly at: PlacedPost }
  | { readonly kind: 'lost'; readonly why: 'gone' | 'forbidden' | 'wrong' }
  /** The outbox was closed before. */
  | { readonly kind: 'open' };

export interface Outbox {
  /**
   * Shows something in a channel: sent when it was never shown, and changed where it stands otherwise. What is not sent yet
   * when it is to look different again is never sent: the last look wins. New messages of one channel keep their order.
   * What Discord would refuse is made to fit. Resolves when this look, or a later one, stands there, however long Discord
   * is away.
   */
  show(key: string, channelId: string, message: Outgoing): Promise<Shown>;
  /**
   * As `show`; and what is lost because the channel is closed to the bot is tried again until it is open, in the order in
   * which it came.
   */
  keep(key: string, channelId: string, message: Outgoing): Promise<Shown>;
  /** Puts signs on a message, in their order; what is not allowed there is left out. */
  mark(at: Pick<Placed, 'channelId' | 'messageId'>, signs: readonly string[]): Promise<void>;
  /** What stands under a key, wherever. */
  shown(key: string): Promise<PlacedPost | undefined>;
  /** Sends nothing more; what is on its way is waited for. */
  close(): Promise<void>;
}

type Wanted = {
  readonly channelId: string;
  readonly message: Outgoing;
  readonly isKept: boolean;
  /** Those who wait for this look: one for all that came between two tries, so that an outage costs no memory. */
  readonly waiting: readonly Waiting[];
};

type Waiting = { readonly told: Promise<Shown>; readonly tell: (shown: Shown) => void };

export type Pace = {
  /** Between two changes of one message: more would be slowed down by Discord, and nobody reads faster. */
  readonly editEveryMs: number;
  /** A channel that is gone or closed to the bot is not tried again before. */
  readonly closedForMs: number;
};

const usualPace: Pace = { editEveryMs: 2_000, closedForMs: 30_000 };
const firstRetryMs = 1_000;
const lastRetryMs = 30_000;

export function openOutbox(needs: {
  readonly wire: Wire;
  readonly posts: Posts;
  readonly report: (problem: string) => void;
  readonly now: () => number;
  readonly pace?: Pace;
}): Outbox {
  const { wire, posts, report, now, pace = usualPace } = needs;
  const wanted = new Map<string, Wanted>();
  /** The look of each message that is just being sent. */
  const tried = new Map<string, Wanted>();
  const working = new Map<string, Promise<void>>();
  /** When each message was last sent or changed; what is long ago does not matter and is dropped. */
  const changedAt = new Map<string, number>();
  const turns = openTurns();
  const closing = new AbortController();
  const closures = openClosures(pace.closedForMs, closing.signal);

  async function work(key: string, channelId: string): Promise<void> {
    let turn = turns.take(channelId);
    let retryMs = firstRetryMs;
    try {
      for (let next = wanted.get(key); next && !closing.signal.aborted; next = wanted.get(key)) {
        try {
          const stands = (await posts.get(key))?.kind === 'placed';
          if (!stands) await turn.come;
          closing.signal.throwIfAborted();
          // While others had their turn it may have come to look different, and the channel may have been closed.
          next = wanted.get(key) ?? next;
          const closure = closures.of(next.channelId);
          if (closure) {
            turn.leave();
            lose(key, next, closure.why);
            if (!wanted.has(key)) continue;
            await closure.over;
            turn = turns.take(next.channelId);
            continue;
          }
          tried.set(key, next);
          let at = await send(key, next);
          turn.leave();
          next = wanted.get(key) ?? next;
          tried.set(key, next);
          // What was sent before, perhaps by a process that is gone, may look different.
          if (at.looks !== looksOf(next.message)) {
            await pause((changedAt.get(key) ?? 0) + pace.editEveryMs - now());
            // Meanwhile it may be to look different again.
            next = wanted.get(key) ?? next;
            tried.set(key, next);
            await wire.edit(at, next.message);
            at = await posts.place(key, at, looksOf(next.message));
          }
          changedAt.set(key, now());
          retryMs = firstRetryMs;
          settle(key, next, { kind: 'shown', at });
        } catch (error) {
          if (closing.signal.aborted) return;
          const failure = failureOf(error);
          const stood = failure === 'gone' && (await posts.get(key))?.kind === 'placed';
          if (stood) {
            await posts.forget(key); // Somebody deleted it: it is sent once more.
          } else if (failure === 'later') {
            tried.delete(key);
            if (retryMs === lastRetryMs) report(`Discord does not take messages: ${reasonOf(error)}`);
            await pause(retryMs);
            retryMs = Math.min(retryMs * 2, lastRetryMs);
          } else {
            if (failure === 'wrong') report(`Discord refuses a message (${key}): ${reasonOf(error)}`);
            else closures.close(next.channelId, failure);
            lose(key, next, failure);
          }
        }
      }
    } finally {
      turn.leave();
      tried.delete(key);
    }
  }

  function lose(key: string, lost: Wanted, why: 'gone' | 'forbidden' | 'wrong'): void {
    settle(key, lost, { kind: 'lost', why });
    const isTriedAgain = why === 'forbidden' && lost.isKept;
    if (isTriedAgain && !wanted.has(key)) wanted.set(key, { ...lost, waiting: [] });
  }

  async function send(key: string, { channelId, message }: Wanted): Promise<PlacedPost> {
    const looks = looksOf(message);
    const begun = await posts.get(key);
    if (begun?.kind === 'placed') return begun;
    const arrived = begun && (await wire.find(begun.channelId, begun.looks, new Date(begun.since)));
    // Another message may look the same.
    const isIt = arrived && [undefined, key].includes(await posts.shownBy(arrived.messageId));
    if (begun && arrived && isIt) return posts.place(key, arrived, begun.looks);
    if (!begun) await posts.begin(key, channelId, looks, new Date(now()));
    else if (begun.looks !== looks) await posts.begin(key, channelId, looks, new Date(begun.since));
    return posts.place(key, await wire.post(channelId, message, nonceOf(key, looks)), looks);
  }

  async function marked(at: Pick<Placed, 'channelId' | 'messageId'>, sign: string): Promise<void> {
    for (let retryMs = firstRetryMs; !closing.signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        return await wire.react(at, sign);
      } catch (error) {
        if (failureOf(error) !== 'later') return; // A sign says nothing that the card does not say.
        await pause(retryMs).catch(() => undefined); // It is closed: seen above.
      }
    }
  }

  function settle(key: string, done: Wanted, shown: Shown): void {
    for (const { tell } of done.waiting) tell(shown);
    tried.delete(key);
    if (wanted.get(key) === done) wanted.delete(key);
  }

  async function pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await delay(milliseconds, undefined, { signal: closing.signal });
  }

  function want(key: string, channelId: string, given: Outgoing, isKept: boolean): Promise<Shown> {
    if (closing.signal.aborted) return Promise.resolve({ kind: 'open' });
    const message = fittedMessage(given);
    const closure = closures.of(channelId);
    const lost = closure && ({ kind: 'lost', why: closure.why } as const);
    if (lost && !(isKept && lost.why === 'forbidden')) return Promise.resolve(lost);
    const before = wanted.get(key);
    const last = before?.waiting.at(-1);
    const joins = last !== undefined && tried.get(key) !== before;
    const mine = joins ? last : waitingForOne();
    const waiting = joins || lost ? (before?.waiting ?? []) : [...(before?.waiting ?? []), mine];
    wanted.set(key, { channelId, message, isKept, waiting });
    if (!working.has(key)) begin(key, channelId);
    return lost ? Promise.resolve(lost) : mine.told;
  }

  function begin(key: string, channelId: string): void {
    const worked = work(key, channelId)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) report(`Telling Discord failed: ${reasonOf(error)}`);
      })
      .finally(() => {
        working.delete(key);
        // It was shown once more in the moment in which the work ended.
        if (wanted.has(key) && !closing.signal.aborted) begin(key, channelId);
        for (const [old, at] of changedAt) if (at + pace.editEveryMs < now()) changedAt.delete(old);
      });
    working.set(key, worked);
  }

  return {
    show: (key, channelId, message) => want(key, channelId, message, false),
    keep: (key, channelId, message) => want(key, channelId, message, true),
    async mark(at, signs) {
      for (const sign of signs) await marked(at, sign);
    },
    async shown(key) {
      const post = await posts.get(key);
      return post?.kind === 'placed' ? post : undefined;
    },
    async close() {
      closing.abort();
      await Promise.all(working.values());
      for (const { waiting } of wanted.values()) for (const { tell } of waiting) tell({ kind: 'open' });
    },
  };
}

function waitingForOne(): Waiting {
  let tell: (shown: Shown) => void = () => undefined;
  const told = new Promise<Shown>((resolve) => {
    tell = resolve;
  });
  return { told, tell };
}

function nonceOf(key: string, looks: string): string {
  return createHash('sha256').update(`${key} ${looks}`).digest('base64url').slice(0, 25);
}
