import { z } from 'zod';
import { openBullQueue } from '../../src/queue/bullmq/open-bull-queue.ts';

/** A process that begins the first job of a lane, says so and never ends it; somebody kills it. */
const asked = z.object({
  connection: z.union([z.object({ redisUrl: z.string() }), z.object({ databaseUrl: z.string() })]),
  lane: z.string(),
  timing: z.record(z.string(), z.number()),
});
const { connection, lane, timing } = asked.parse(JSON.parse(process.argv[2] ?? ''));

const queue = openBullQueue(connection, { timing });
await queue.work(lane, 1, (job) => {
  console.log(`begun ${job.kind === 'advance-task' ? job.taskId : job.conversationId}`);
  return new Promise(() => undefined);
});
