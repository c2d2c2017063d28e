import * as z from 'zod';
import type { SurfaceFace } from '../../spiral/surface.ts';
import type { Placed } from './wire.ts';

/** The name under which this surface remembers things. */
export const surface = 'discord';

const placed = z.object({
  kind: z.literal('placed'),
  channelId: z.string(),
  messageId: z.string(),
  webhook: z.object({ id: z.string(), token: z.string() }).exactOptional(),
  looks: z.string(),
});

const postSchema = z.discriminatedUnion('kind', [
  /** It is being sent, or was when a process ended: whether it arrived is not known. */
  z.object({ kind: z.literal('begun'), channelId: z.string(), looks: z.string(), since: z.iso.datetime() }),
  placed,
]);

export type Post = z.infer<typeof postSchema>;

export type PlacedPost = z.infer<typeof placed>;

export type Records = Pick<SurfaceFace, 'recall' | 'recallAll' | 'remember' | 'rememberOnce' | 'forget'>;

/** Where every message of ours stands, by what it shows: a row each, so that a restart goes on with the same message. */
export function postsOf(records: Records) {
  return {
    async get(key: string): Promise<Post | undefined> {
      return postSchema.safeParse(await records.recall(surface, `${key}:post`)).data;
    },
    begin: (key: string, channelId: string, looks: string, since: Date) =>
      save(key, { kind: 'begun', channelId, looks, since: since.toISOString() }),
    async place(key: string, at: Placed, looks: string): Promise<PlacedPost> {
      const post: PlacedPost = { kind: 'placed', ...at, looks };
      await save(key, post);
      // From a message of ours back to what it shows: for reactions and replies.
      await records.remember(surface, `shows:${at.messageId}`, key);
      return post;
    },
    forget: (key: string) => records.forget(surface, `${key}:post`),
    async shownBy(messageId: string): Promise<string | undefined> {
      return z.string().safeParse(await records.recall(surface, `shows:${messageId}`)).data;
    },
  };

  function save(key: string, post: Post): Promise<void> {
    return records.remember(surface, `${key}:post`, post);
  }
}

export type Posts = ReturnType<typeof postsOf>;
