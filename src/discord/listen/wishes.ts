import * as z from 'zod';
import type { TaskReport } from '../../spiral/reports.ts';
import { type Records, surface } from '../outbox/posts.ts';

const wishSchema = z.object({
  text: z.string(),
  personId: z.string(),
  channelId: z.string(),
  messageId: z.string(),
});

/** What was said in a thread while its task was still at work: it is done next. */
export type LaterWish = z.infer<typeof wishSchema>;

export function wishesOf(records: Records) {
  const prefix = (threadId: string) => `wish:${threadId}:`;
  return {
    keep: (wish: LaterWish) => records.rememberOnce(surface, `${prefix(wish.channelId)}${wish.messageId}`, wish),
    /** Takes what was said in a thread back: it was deleted before it was begun. */
    drop: (channelId: string, messageId: string) => records.forget(surface, `${prefix(channelId)}${messageId}`),
    async of(threadId: string): Promise<LaterWish[]> {
      const rows = await records.recallAll(surface, prefix(threadId));
      return rows.flatMap(({ value }) => wishSchema.safeParse(value).data ?? []);
    },
    /** Threads in which something waits. */
    async threads(): Promise<string[]> {
      const rows = await records.recallAll(surface, 'wish:');
      return [...new Set(rows.flatMap(({ value }) => wishSchema.safeParse(value).data?.channelId ?? []))];
    },
  };
}

export type Wishes = ReturnType<typeof wishesOf>;

/** Whether a task can be gone on with. */
export function isOver({ state }: Pick<TaskReport, 'state'>): boolean {
  return state.kind === 'finished';
}
