import * as z from 'zod';
import type { TaskId } from '../../domain/identifiers.ts';
import { type Records, surface } from '../outbox/posts.ts';

const homeSchema = z.object({
  /** Of the thread, or, where there can be none, of the channel. */
  channelId: z.string(),
  isThread: z.boolean(),
  /** What the person wrote; absent when they used a command. */
  said: z.object({ channelId: z.string(), messageId: z.string() }).exactOptional(),
  personId: z.string(),
});

/** Where a task that was asked for in Discord is told of. */
export type Home = z.infer<typeof homeSchema>;

/** The rows that lead from a task to where it is told of, and from what people wrote to their tasks. */
export function homesOf(records: Records) {
  return {
    async of(task: TaskId): Promise<Home | undefined> {
      return homeSchema.safeParse(await records.recall(surface, `task:${task}:home`)).data;
    },
    async settle(task: TaskId, home: Home): Promise<void> {
      await records.remember(surface, `task:${task}:home`, home);
      // The latest task of a thread is the one that a reply goes on with.
      if (home.isThread) await records.remember(surface, `thread:${home.channelId}`, task);
      if (home.said) await records.remember(surface, `said:${home.said.messageId}`, task);
    },
    inThread: (channelId: string) => taskUnder(`thread:${channelId}`),
    /** The task that a message of a person asked for. */
    saidIn: (messageId: string) => taskUnder(`said:${messageId}`),
    /** Threads in which tasks were told of, the latest first. */
    async threads(most: number): Promise<string[]> {
      const rows = await records.recallAll(surface, 'thread:');
      return rows
        .map(({ key }) => key.slice('thread:'.length))
        .reverse()
        .slice(0, most);
    },
  };

  async function taskUnder(key: string): Promise<TaskId | undefined> {
    const id = z.string().safeParse(await records.recall(surface, key)).data;
    return id as TaskId | undefined;
  }
}

export type Homes = ReturnType<typeof homesOf>;
