import { REST } from 'discord.js';
import { restWire } from '../../../src/discord/client/rest-wire.ts';
import { type Outbox, openOutbox } from '../../../src/discord/outbox/outbox.ts';
import { postsOf, type Records } from '../../../src/discord/outbox/posts.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Discord } from '../../support/discord/open-stand-in.ts';

/** The rows of a surface in PostgreSQL, as the system gives them to it. */
export function recordsIn({ surfaces }: Pick<Store, 'surfaces'>): Records {
  return {
    recall: surfaces.get,
    recallAll: surfaces.all,
    remember: surfaces.put,
    rememberOnce: surfaces.putOnce,
    forget: surfaces.delete,
  };
}

/** The outbox of one process, as the bot builds it; a channel that is closed is tried again sooner. */
export function outboxOn(standIn: Discord, rows: Records, report: (problem: string) => void): Outbox {
  const rest = new REST({ version: '10', api: `${standIn.apiBase}/api`, retries: 0 }).setToken(standIn.token);
  const ids = { applicationId: standIn.botId, botId: standIn.botId };
  return openOutbox({
    wire: restWire(rest, ids, async (channelId) => channelId),
    posts: postsOf(rows),
    report,
    now: Date.now,
    pace: { editEveryMs: 2_000, closedForMs: 300 },
  });
}
