import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { failureOf, reasonOf } from './failure.ts';
import { looksOf } from './looks.ts';
import type { Outgoing } from './outgoing.ts';
import type { PlacedPost, Posts } from './posts.ts';
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
   * Resolves when this look, or a later one, stands there, however long Discord is away.
   */
  show(key: string, channelId: string, message: Outgoing): Promise<Shown>;
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
  readonly tell: ((shown: Shown) => void)[];
};

/** Between two changes of one message: more would be slowed down by Discord, and nobody reads faster. */
const editEveryMs = 2_000;
const firstRetryMs = 1_000;
const lastRetryMs = 30_000;
/** A channel that is gone or closed to the bot is not tried again before: Discord bans those who ask in vain too often. */
const closedForMs = 60_000;

export function openOutbox(needs: {
  readonly wire: Wire;
  readonly posts: Posts;
  readonly report: (problem: string) => void;
  readonly now: () => number;
}): Outbox {
  const { wire, posts, report, now } = needs;
  const wanted = new Map<string, Wanted>();
  const working = new Map<string, Promise<void>>();
  /** When each message was last sent or changed; what is long ago does not matter and is dropped. */
  const changedAt = new Map<string, number>();
  /** The last message that was sent to a channel, for the order. */
  const sent = new Map<string, Promise<unknown>>();
  /** Until when nothing new is sent to a channel, and why. */
  const closed = new Map<string, { readonly until: number; readonly why: 'gone' | 'forbidden' }>();
  const closing = new AbortController();

  async function work(key: string): Promise<void> {
    let retryMs = firstRetryMs;
    for (let next = wanted.get(key); next && !closing.signal.aborted; next = wanted.get(key)) {
      const looks = looksOf(next.message);
      try {
        const post = await posts.get(key);
        let at = post?.kind === 'placed' ? post : await send(key, next, looks);
        // What was sent before, perhaps by a process that is gone, may look different.
        if (at.looks !== looks) {
          await pause((changedAt.get(key) ?? 0) + editEveryMs - now());
          // Meanwhile it may be to look different again.
          next = wanted.get(key) ?? next;
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
          if (retryMs === lastRetryMs) report(`Discord does not take messages: ${reasonOf(error)}`);
          await pause(retryMs);
          retryMs = Math.min(retryMs * 2, lastRetryMs);
        } else {
          if (failure === 'wrong') report(`Discord refuses a message (${key}): ${reasonOf(error)}`);
          else closed.set(next.channelId, { until: now() + closedForMs, why: failure });
          settle(key, next, { kind: 'lost', why: failure });
        }
      }
    }
  }

  async function send(key: string, { channelId, message }: Wanted, looks: string): Promise<PlacedPost> {
    const before = sent.get(channelId) ?? Promise.resolve();
    const sending = before.catch(() => undefined).then(() => sendNow(key, channelId, message, looks));
    sent.set(channelId, sending);
    return sending;
  }

  async function sendNow(key: string, channelId: string, message: Outgoing, looks: string): Promise<PlacedPost> {
    const begun = await posts.get(key);
    if (begun?.kind === 'placed') return begun;
    const arrived = begun && (await wire.find(begun.channelId, begun.looks, new Date(begun.since)));
    if (arrived && begun) return posts.place(key, arrived, begun.looks);
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

  function settle(key: string, done: Wanted, shown: Shown) {
    for (const tell of done.tell.splice(0)) tell(shown);
    if (wanted.get(key) === done) wanted.delete(key);
  }

  async function pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await delay(milliseconds, undefined, { signal: closing.signal });
  }

  return {
    show(key, channelId, message) {
      if (closing.signal.aborted) return Promise.resolve({ kind: 'open' });
      const barred = closed.get(channelId);
      if (barred && barred.until > now()) return Promise.resolve({ kind: 'lost', why: barred.why });
      closed.delete(channelId);
      return new Promise((resolve) => {
        wanted.set(key, { channelId, message, tell: [...(wanted.get(key)?.tell ?? []), resolve] });
        if (working.has(key)) return;
        const worked = work(key)
          .catch((error: unknown) => {
            if (!closing.signal.aborted) report(`Telling Discord failed: ${reasonOf(error)}`);
          })
          .finally(() => {
            working.delete(key);
            for (const [old, at] of changedAt) if (at + editEveryMs < now()) changedAt.delete(old);
          });
        working.set(key, worked);
      });
    },
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
      for (const { tell } of wanted.values()) for (const told of tell.splice(0)) told({ kind: 'open' });
    },
  };
}

function nonceOf(key: string, looks: string): string {
  return createHash('sha256').update(`${key} ${looks}`).digest('base64url').slice(0, 25);
}
