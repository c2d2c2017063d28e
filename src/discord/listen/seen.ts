import * as z from 'zod';
import { type Records, surface } from '../outbox/posts.ts';

const idSchema = z.string().regex(/^\d+$/);

/** Ids of Discord rise with time. */
function isLater(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}

/** The newest message of each channel that was dealt with: what came while nobody listened comes after it. */
export function seenOf(records: Records) {
  const latest = new Map<string, string>();
  let writing = Promise.resolve();

  return {
    async of(channelId: string): Promise<string | undefined> {
      return latest.get(channelId) ?? idSchema.safeParse(await records.recall(surface, `seen:${channelId}`)).data;
    },
    /** A message was dealt with, whatever came of it. */
    see(channelId: string, messageId: string): Promise<void> {
      writing = writing
        .catch(() => undefined) // Whoever made that one heard of it.
        .then(async () => {
          const before = latest.get(channelId);
          if (before !== undefined && !isLater(messageId, before)) return;
          await records.remember(surface, `seen:${channelId}`, messageId);
          latest.set(channelId, messageId);
        });
      return writing;
    },
    /** The channel is between a person and the bot: no list of Discord names those. */
    async isDirect(channelId: string): Promise<void> {
      await records.rememberOnce(surface, `direct:${channelId}`, true);
    },
    /** Those channels, the latest first. */
    async directs(most: number): Promise<string[]> {
      const rows = await records.recallAll(surface, 'direct:');
      return rows
        .map(({ key }) => key.slice('direct:'.length))
        .reverse()
        .slice(0, most);
    },
  };
}

export type Seen = ReturnType<typeof seenOf>;
