import { setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import type { SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Spiral } from '../../spiral.ts';
import { reasonOf } from '../outbox/failure.ts';
import { cardKey, newsKey, reportKey, taskShown } from '../outbox/keys.ts';
import type { Outbox, Shown } from '../outbox/outbox.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import type { Records } from '../outbox/posts.ts';
import { agentNews } from '../render/agent-news.ts';
import type { TaskCard } from '../render/card/card.ts';
import { cardMessage } from '../render/card/card-message.ts';
import { reportMessage } from '../render/report.ts';
import { cardsOf } from './cards.ts';
import { openCursor } from './cursor.ts';
import type { Home, Homes } from './homes.ts';
import type { Place, Places } from './places.ts';
import type { Asked } from './questions.ts';

export type FollowNeeds = {
  readonly spiral: Spiral;
  readonly records: Records;
  readonly outbox: Outbox;
  readonly homes: Homes;
  readonly places: Places;
  readonly asked: Asked;
  /** Where what has no home is told; undefined when nowhere. */
  readonly notificationChannel: () => Promise<string | undefined>;
  /** Resolves when whatever was asked for until now has its home. */
  readonly settled: () => Promise<unknown>;
  /** Told when the task of a thread is over. */
  readonly isOver: (threadId: string) => Promise<void>;
  readonly report: (problem: string) => void;
};

/** For a person who opens the report: more than that nobody looks at in a chat. */
const shownFiles = { bytes: 8 * 1024 * 1024, files: 5 };
const saveEveryMs = 1_000;
const firstRetryMs = 500;
const lastRetryMs = 10_000;

/** How a task of a status ended, as a sign on what the person wrote. */
const endSigns = {
  succeeded: '✅',
  failed: '❌',
  cancelled: '🛑',
  'timed-out': '⏱️',
  'out-of-budget': '💸',
} as const;

/** Tells Discord of everything that happens, until the signal aborts. */
export async function follow(needs: FollowNeeds, signal: AbortSignal): Promise<void> {
  const { spiral, records, outbox, places, asked } = needs;
  const cards = cardsOf(spiral);
  const cursor = await openCursor(records, () => spiral.lastEvent());
  const saving = setInterval(() => void cursor.save().catch(() => undefined), saveEveryMs); // Tried again in a second.
  try {
    await showOpenCards();
    void persistently(asked.showMissing).catch((error: unknown) => {
      if (!signal.aborted) needs.report(`Questions could not be shown again: ${reasonOf(error)}`);
    });
    for await (const event of spiral.watch({ after: cursor.start }, signal)) {
      const { told } = await persistently(() => tell(event));
      if (told) cursor.track(event.id, told);
      cursor.handled(event.id);
    }
  } finally {
    clearInterval(saving);
    await cursor.save();
  }

  /** The database may be away for a while: then it is told when that is back. */
  async function persistently<Result>(deed: () => Promise<Result>): Promise<Result> {
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        return await deed();
      } catch (error) {
        if (signal.aborted) throw error;
        if (retryMs === firstRetryMs) needs.report(`Discord cannot be told for the moment: ${reasonOf(error)}`);
        await pause(retryMs, undefined, { signal });
      }
    }
  }

  /** What happened between the last card and the end of the process before. */
  async function showOpenCards(): Promise<void> {
    for (const { id } of await spiral.unfinished()) {
      const home = await needs.homes.of(id);
      const card = home && (await cards.upTo(id, cursor.start));
      if (home && card) void showCard(id, home, card);
    }
  }

  /** `told` is what must not be lost and takes as long as Discord is away; cards are shown again after a restart anyway. */
  async function tell(event: SpiralEvent): Promise<{ readonly told?: Promise<unknown> | undefined }> {
    if (event.taskId === undefined) return {};
    if (event.type === 'task.accepted') await needs.settled();
    const place = await places.of(event.taskId);
    const { root, home } = place;
    const card = home ? await cards.after(root, event) : undefined;
    const isOver = event.type === 'task.finished' && event.taskId === root;
    if (isOver) cards.forget(root);
    const shown = home && card && !place.isToolWork ? showCard(root, home, card) : undefined;
    if (event.type === 'question.asked') return { told: persistently(() => ask(event, place)) };
    if (event.type === 'question.answered') return { told: persistently(() => asked.close(event)) };
    if (event.type !== 'task.finished') return { told: home && card ? agentMessage(event, home, card) : undefined };
    if (!isOver) return {};
    if (home && card && !place.isToolWork) {
      return { told: persistently(() => Promise.all([shown, report(root, home, card, event)])) };
    }
    return { told: persistently(() => notify(event)) };
  }

  function showCard(root: TaskId, home: Home, card: TaskCard): Promise<Shown> {
    return outbox.keep(cardKey(root), home.channelId, cardMessage(card));
  }

  async function ask(event: Extract<SpiralEvent, { type: 'question.asked' }>, { home }: Place): Promise<unknown> {
    const channelId = home?.channelId ?? (await needs.notificationChannel());
    if (channelId === undefined) return undefined;
    return asked.show(event, channelId);
  }

  function agentMessage(event: SpiralEvent, home: Home, card: TaskCard): Promise<unknown> | undefined {
    const news = agentNews(event, card);
    if (!news) return undefined;
    return must(newsKey(card.id, event.id), home.channelId, {
      content: news.text,
      voice: news.voice,
      ...(news.files ? { files: news.files } : {}),
    });
  }

  async function report(
    root: TaskId,
    home: Home,
    card: TaskCard,
    event: Extract<SpiralEvent, { type: 'task.finished' }>,
  ): Promise<void> {
    const deliverables = await spiral.deliverables(root, shownFiles);
    for (const [index, message] of reportMessage(card, deliverables).entries()) {
      await must(reportKey(root, index), home.channelId, message);
    }
    if (home.said) await outbox.mark(home.said, [endSigns[event.outcome.status]]);
    if (home.isThread) await needs.isOver(home.channelId);
  }

  /** Of work that was asked for elsewhere. */
  async function notify(event: Extract<SpiralEvent, { type: 'task.finished' }>): Promise<unknown> {
    const channelId = await needs.notificationChannel();
    const card = channelId === undefined ? undefined : await cards.upTo(event.taskId, event.id);
    cards.forget(event.taskId);
    if (channelId === undefined || !card) return undefined;
    return Promise.all(
      reportMessage(card, undefined).map((message, index) => must(reportKey(event.taskId, index), channelId, message)),
    );
  }

  /** In the notification channel when it cannot be told where it belongs. */
  async function must(key: string, channelId: string, message: Outgoing): Promise<Shown> {
    const shown = await outbox.show(key, channelId, message);
    if (shown.kind === 'lost' && shown.why === 'wrong') {
      return outbox.show(`${key}:short`, channelId, {
        content: `Discord does not take this: see \`spiral tasks show ${taskShown(key)}\``,
      });
    }
    const elsewhere = shown.kind === 'lost' ? await needs.notificationChannel() : undefined;
    if (elsewhere === undefined || elsewhere === channelId) {
      // There is no other place: it is told where it belongs when the bot may write there again.
      return shown.kind === 'lost' && shown.why === 'forbidden' ? outbox.keep(key, channelId, message) : shown;
    }
    return outbox.show(`${key}:elsewhere`, elsewhere, message);
  }
}
