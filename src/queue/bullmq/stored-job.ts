import * as z from 'zod';
import type { Job } from '../queue.ts';

const storedJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('advance-task'), taskId: z.string().min(1) }),
  z.object({ kind: z.literal('read-mail'), conversationId: z.string().min(1), agent: z.string().min(1) }),
]) satisfies z.ZodType<Job>;

/** Reads a job as another process (perhaps of another version) has stored it. Throws when this version does not know it. */
export function readJob(stored: unknown): Job {
  const read = storedJob.safeParse(stored);
  if (read.success) return read.data;
  throw new Error(`the queue holds a job that this version of Spiral does not know: ${z.prettifyError(read.error)}`);
}
