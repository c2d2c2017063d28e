import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { readMail } from '../../../src/workflows/converse/read-mail.ts';
import { type Gate, gate } from '../queue/gate.ts';
import { letTimePass, type OpenStore } from '../store/conversation-examples.ts';
import { brokenPromises, type Ended } from './promises.ts';
import { type Asked, conversationStage, never, says } from './stage.ts';
import { anyTalk, isCalm, processes, type Talk } from './talks.ts';

const stage = conversationStage();
/** More of them, and others, to look for what this many do not find. */
const runs = Number(process.env['SPIRAL_TEST_RUNS'] ?? 15);
const seed = Number(process.env['SPIRAL_TEST_SEED'] ?? 5);
/** More than anybody needs: nothing becomes a dead letter. */
const attempts = 1_000;
const mostRounds = 500;

test('whoever speaks, reads, stops and dies in whichever order: each mail is handled once, and no limit is passed', async () => {
  const script = { replies: [] as readonly string[], given: 0, asked: [] as string[] };
  const readers = await Promise.all(Array.from({ length: processes }, (_, number) => openReader(number, script)));
  await fc.assert(
    fc.asyncProperty(anyTalk, async (talk) => {
      Object.assign(script, { replies: talk.replies, given: 0, asked: [] });
      const ended = await carriedOut(talk, readers);
      expect(await brokenPromises(stage.store, ended)).toEqual([]);
      if (isCalm(talk)) expect(new Set(script.asked).size).toBe(script.asked.length);
    }),
    { numRuns: runs, seed },
  );
});

/** What the model says, whoever asks it. */
type Script = { readonly replies: readonly string[]; given: number; readonly asked: string[] };

/** A process that reads mail: its own connections, and its own way to a model. */
type Reader = {
  readonly name: string;
  readonly store: OpenStore;
  readonly needs: ConverseNeeds;
  stop: AbortController;
  /** Set while what the model says is kept back. */
  held: Gate | undefined;
  /** Opened by its next question to the model. */
  asks: Gate;
};

async function openReader(number: number, script: Script): Promise<Reader> {
  const name = `reader-${number}-of-random-talks`;
  const store = await stage.anotherStore(name);
  const { needs } = await stage.talking(async (asked) => {
    reader.asks.open();
    await reader.held?.opened;
    return answerTo(asked, script);
  });
  const conversations = { ...needs.conversations, attempts };
  const reader: Reader = {
    name,
    store,
    needs: { ...needs, store, conversations },
    stop: new AbortController(),
    held: undefined,
    asks: gate(),
  };
  return reader;
}

function answerTo({ agent, what, message }: Asked, script: Script) {
  if (what === 'summary') return 'They have talked.';
  if (what === 'relevance') {
    const relevance = message.text.length % 11;
    return { developer: relevance, 'quality-assurance': 10 - relevance };
  }
  script.asked.push(`${message.number} ${agent}`);
  const reply = script.replies[script.given] ?? 'Thanks!';
  script.given += 1;
  return reply;
}

/** Does one step after the other, then lets everybody end and reads what is left. */
async function carriedOut(talk: Talk, readers: readonly Reader[]): Promise<Ended> {
  const id = await stage.opened({ members: talk.members, allowance: talk.allowance }, { promptLimit: talk.prompts });
  const going: Promise<unknown>[] = [];
  const allowed: number[] = [];
  for (const reader of readers) reader.stop = new AbortController();

  const readBy = (reader: Reader): Promise<unknown> => {
    const needs = talk.hasClaims ? reader.needs : withoutClaims(reader.needs);
    const reading = readMail(id, needs, reader.stop.signal).catch(orCut);
    going.push(reading);
    return reading;
  };
  const answered = async (more: number): Promise<void> => {
    const conversation = await stage.store.conversations.get(id);
    if (conversation?.state.kind !== 'escalated') return;
    const answer = { kind: 'chosen', choice: 'continue', text: `${more}` } as const;
    await stage.store.questions.answer(conversation.state.questionId, answer, 'human');
    allowed.push(more);
  };

  const granted = async (prompts: number): Promise<void> => {
    const taskId = (await stage.store.conversations.get(id))?.taskId;
    if (taskId) await stage.store.budgets.grant(taskId, `task:${taskId}`, 'prompts', prompts, 'human');
  };

  for (const [place, step] of talk.steps.entries()) {
    const reader = 'reader' in step ? readers[step.reader] : undefined;
    switch (step.kind) {
      case 'say': {
        if (step.author !== 'human' && !(talk.members as readonly string[]).includes(step.author)) break;
        const message = { author: step.author, key: `step-${place}` };
        await says(id, step.text, calm(), message);
        if (step.again) await says(id, 'Something else, @dev?', calm(), message);
        break;
      }
      case 'read':
        if (!reader) break;
        reader.asks = gate();
        await Promise.race([readBy(reader), reader.asks.opened]);
        break;
      case 'all-read':
        for (const one of readers) void readBy(one);
        break;
      case 'hold':
        if (reader) reader.held ??= gate();
        break;
      case 'let-go':
        letGo(reader);
        break;
      case 'stop':
        reader?.stop.abort();
        if (reader) reader.stop = new AbortController();
        break;
      case 'cut':
        if (reader) await cut(reader);
        break;
      case 'time-passes':
        await letTimePass(stage.store, id);
        break;
      case 'answer':
        await answered(step.more);
        break;
      case 'grant':
        await granted(step.prompts);
    }
  }
  readers.forEach(letGo);
  await Promise.all(going);
  await readOut(id, calm(), { answered, granted });
  return { id, members: talk.members, allowance: talk.allowance, allowed };

  function calm(): ConverseNeeds {
    const [first] = readers;
    if (!first) throw new Error('somebody reads');
    return { ...first.needs, store: stage.store };
  }
}

type Person = { answered(more: number): Promise<void>; granted(prompts: number): Promise<void> };

/** Reads until nothing waits any more; whoever is asked lets them go on, and grants what is missing. */
async function readOut(id: ConversationId, needs: ConverseNeeds, { answered, granted }: Person): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    await letTimePass(stage.store, id);
    if ((await readMail(id, needs, never)).kind === 'short') await granted(1);
    if ((await stage.store.conversations.get(id))?.unread === 0) return;
    await answered(1);
  }
}

function letGo(reader: Reader | undefined): void {
  reader?.held?.open();
  if (reader) reader.held = undefined;
}

/** Ends the connections of a process as if it had died; what it still does comes late. */
async function cut({ name }: Reader): Promise<void> {
  await stage.store.pool.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and application_name like $1`,
    [`${name}%`],
  );
}

function withoutClaims(needs: ConverseNeeds): ConverseNeeds {
  const { store } = needs;
  const claim = async () => ({ release: async () => undefined });
  return { ...needs, store: { ...store, conversations: { ...store.conversations, claim } } };
}

/** Whoever is cut off says so; anything else is a failure. */
function orCut(error: unknown): void {
  expect(error).toMatchObject({ name: 'StoreError', problem: 'unreachable' });
}
