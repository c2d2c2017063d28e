import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { agentRoles } from '../src/domain/agent.ts';
import type { ConversationId, MachineId, SessionId, TaskId } from '../src/domain/identifiers.ts';
import type { QueueConnection } from '../src/queue/bullmq/connection.ts';
import { openBullQueue } from '../src/queue/bullmq/open-bull-queue.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { publish } from '../src/workflows/converse/publish.ts';
import { wakeThrough } from '../src/workflows/converse/serve-mail.ts';
import { recordTask } from '../src/workflows/submit-task.ts';

/** How many messages are on their way into the database at once. */
export const senders = 4;
const conversationsAtOnce = 20;
/** More than any bench sends. */
const allowance = { each: 1_000_000, all: 1_000_000 };
/** Each is for one of the six by its words alone, and no model is asked. */
const texts = [
  'Please refactor this class, the stack trace points to a null pointer.',
  'Which test cases and edge cases do we lack?',
  'Do we reach the milestone before the deadline?',
  'Weigh the pros and cons and decide.',
  'Let us brainstorm: any creative ideas?',
  'In our retrospective: where is the bottleneck in the way we work?',
];
/** A message is in six inboxes, and its one reply in the five others. */
const mailOfMessage = agentRoles.length + agentRoles.length - 1;

export type Flood = {
  readonly perSecond: number;
  readonly mailPerSecond: number;
  /** As many as there had to be, and none twice: else it would have failed. */
  readonly mail: number;
  /** From before a message is sent to its reply as a watcher gets it, in milliseconds. */
  readonly latencies: readonly number[];
};

/** Sends messages, and lets processes of their own handle them. */
export async function openMailBench(databaseUrl: string, connection: QueueConnection) {
  const store = await openPostgresStore({ databaseUrl });
  const report = (problem: unknown) => console.error(String(problem));
  const queue = openBullQueue(connection, { report });
  const wake = wakeThrough(queue, report);

  async function opened(): Promise<ConversationId> {
    const task = await recordTask(
      {
        id: randomUUID().slice(0, 8) as TaskId,
        text: 'Talk',
        agent: 'project-manager',
        origin: 'library',
        workspace: '/nowhere',
        machine: 'bench' as MachineId,
        model: 'sonnet',
        sessionId: randomUUID() as SessionId,
        promptLimit: 1_000_000,
        roundTimeoutSeconds: 600,
      },
      store,
    );
    const id = randomUUID().slice(0, 8) as ConversationId;
    await store.conversations.open({ id, taskId: task.id, topic: 'general', members: agentRoles, allowance });
    return id;
  }

  async function sendAll(ids: readonly ConversationId[], count: number, atOnce: number): Promise<Flood> {
    const after = await store.events.last();
    const sent = new Map<string, number>();
    const answeredAt = new Map<string, number>();
    const handled = new Set<string>();
    const stop = new AbortController();
    const numbers = Array.from({ length: count }, (_, number) => number).values();
    let answered: () => void = () => undefined;

    const begun = performance.now();
    const hearing = (async () => {
      for await (const event of store.events.watch({ after }, stop.signal)) {
        const now = performance.now();
        if (event.type === 'message.undeliverable') throw new Error(`a message is undeliverable: ${event.reason}`);
        if (event.type === 'message.declined') mark(handled, `${event.conversationId} ${event.number} ${event.agent}`);
        if (event.type === 'message.sent' && event.author !== 'human') {
          mark(handled, `${event.conversationId} ${event.answers} ${event.author}`);
          answeredAt.set(`${event.conversationId} ${event.answers}`, now);
          answered();
        }
        if (handled.size === count * mailOfMessage) return;
      }
    })();
    const send = async () => {
      for (const number of numbers) {
        const id = ids[number % ids.length];
        const text = `${texts[number % texts.length]} (${number})`;
        if (id === undefined) throw new Error('there is no conversation');
        const isAnswered = new Promise<void>((settle) => {
          answered = settle;
        });
        const at = performance.now();
        const message = await publish(
          { conversationId: id, key: randomUUID(), author: 'human', text, mentions: [] },
          { store, wake },
        );
        sent.set(`${id} ${message?.number}`, at);
        if (atOnce === 1) await isAnswered;
      }
    };
    await Promise.all([hearing, ...Array.from({ length: atOnce }, send)]);
    const seconds = (performance.now() - begun) / 1000;
    stop.abort();
    const mail = handled.size;
    const latencies = [...sent].map(([message, at]) => (answeredAt.get(message) ?? Number.NaN) - at);
    return { perSecond: count / seconds, mailPerSecond: mail / seconds, mail, latencies };
  }

  async function withProcesses<Result>(count: number, work: () => Promise<Result>): Promise<Result> {
    const processes = await Promise.all(Array.from({ length: count }, () => started(databaseUrl, connection)));
    try {
      return await work();
    } finally {
      await Promise.all(processes.map(ended));
    }
  }

  return {
    oneAtATime: (count: number): Promise<readonly number[]> =>
      withProcesses(1, async () => (await sendAll([await opened()], count, 1)).latencies),
    flood: (processes: number, count: number): Promise<Flood> =>
      withProcesses(processes, async () => {
        const ids = await Promise.all(Array.from({ length: conversationsAtOnce }, opened));
        return sendAll(ids, count, senders);
      }),
    async close() {
      await queue.close();
      await store.close();
    },
  };
}

function mark(handled: Set<string>, mail: string): void {
  if (handled.has(mail)) throw new Error(`handled twice: ${mail}`);
  handled.add(mail);
}

async function started(databaseUrl: string, connection: QueueConnection): Promise<ChildProcess> {
  const redis = 'redisUrl' in connection ? { REDIS_URL: connection.redisUrl } : {};
  const child = fork(resolve(import.meta.dirname, 'mail-process.ts'), {
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: databaseUrl, ...redis },
    execArgv: ['--import', 'tsx'],
  });
  const ready = once(child, 'message');
  const over = once(child, 'exit').then(() => {
    throw new Error('the process that handles mail ended before it was ready');
  });
  over.catch(() => undefined); // Of the two, the race tells only of the first.
  await Promise.race([ready, over]);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.disconnect();
  await over;
}
