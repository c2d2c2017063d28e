import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { limitsOf, type Usage } from '../../../src/domain/budget.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { Gateway, GatewayAccess } from '../../../src/gateway/gateway.ts';
import { type GatewaySetting, openGateway } from '../../../src/gateway/proxy/open-gateway.ts';
import { say } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, type Script, startRehearsal } from '../../../src/rehearsal/server.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { holder, newTaskId } from '../store/examples.ts';

export const realKey = 'sk-ant-real-key-0123456789';

/** The times of the gateway, short enough for a test and in the same order. */
const quick = {
  stallMs: 5_000,
  firstByteMs: 5_000,
  wholeAnswerMs: 5_000,
  leastBackoffMs: 20,
  mostBackoffMs: 100,
  probeEveryMs: 200,
  lookEveryMs: 20,
  budgetWaitMs: 400,
  storeWaitMs: 400,
  seenEveryMs: 20,
  closeWaitMs: 2_000,
};

/** For faults that are noticed by time alone. */
export const impatient = { stallMs: 400, firstByteMs: 400 };

/** For `expect.poll`: a busy machine takes its time. */
export const soon = { timeout: 10_000 };

/** One line of the ledger. */
export type Booked = {
  readonly model: string;
  readonly used: Usage | null;
  readonly nanoUsd: number | null;
  readonly estimated: boolean | null;
  readonly status: number | null;
  readonly isSettled: boolean;
};

export type Answer = {
  /** 0 when the connection was cut before anything came. */
  readonly status: number;
  readonly text: string;
  /** The connection was cut before the answer was whole. */
  readonly isCut: boolean;
};

export type Run = GatewayAccess & { readonly taskId: TaskId; readonly notices: readonly string[] };

/** A gateway on a real database before a scripted model; what a test opened is closed behind it. */
export function gatewayStage() {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let store: Awaited<ReturnType<typeof openPostgresStore>>;
  let opened: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    store = await openPostgresStore({ databaseUrl: database.url });
  });
  afterEach(async () => {
    for (const close of opened.toReversed()) await close();
    opened = [];
    await store.pool.query('truncate spiral.upstreams');
  });
  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  async function model(script: Script): Promise<Rehearsal> {
    const rehearsal = await startRehearsal(script);
    opened.push(() => rehearsal.close());
    return rehearsal;
  }

  function gateway(baseUrl: string, changes: Partial<GatewaySetting> = {}, usd = 100): Gateway {
    const gate = openGateway({
      upstream: { baseUrl, credentials: { kind: 'api-key', value: realKey } },
      store: async () => store,
      limitsOf: (run) => limitsOf({ task: { usd }, agent: {}, project: {}, night: {}, all: {} }, run),
      prices: {},
      isFree: false,
      holder,
      isAlive: () => true,
      patienceMs: 20_000,
      proxies: {},
      onProblem: () => undefined,
      ...changes,
      timing: { ...quick, ...changes.timing },
    });
    opened.push(() => gate.close());
    return gate;
  }

  async function admitted(gate: Gateway, taskId = newTaskId()): Promise<Run> {
    const notices: string[] = [];
    const access = await gate.admit({ taskId, agent: 'developer', tell: (notice) => notices.push(notice) });
    return { ...access, taskId, notices };
  }

  return {
    model,
    gateway,
    admitted,
    get store() {
      return store;
    },
    get databaseUrl() {
      return database.url;
    },
    /** A model, a gateway before it, and one run. */
    async run(script: Script, changes: Partial<GatewaySetting> = {}, usd = 100) {
      const rehearsal = await model(script);
      const run = await admitted(gateway(rehearsal.baseUrl, changes, usd));
      return { model: rehearsal, run };
    },
    async booked(taskId: TaskId): Promise<Booked[]> {
      const { rows } = await store.pool.query<Booked>(
        `select model, used, nano_usd::float8 as "nanoUsd", estimated, status, settled_at is not null as "isSettled"
         from spiral.requests where task_id = $1 order by started_at`,
        [taskId],
      );
      return rows;
    },
  };
}

export function bodyOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: 32_000,
    stream: true,
    tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
    messages: [{ role: 'user', content: 'Write a note' }],
    ...changes,
  };
}

export type Asked = {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly method?: string;
  /** Ends the connection, as a client that was killed. */
  readonly signal?: AbortSignal;
};

/** One request as Claude Code makes it, on a connection of its own. Does not reject. */
export function ask({ baseUrl, token }: Pick<GatewayAccess, 'baseUrl' | 'token'>, asked: Asked = {}): Promise<Answer> {
  const { body = bodyOf(), headers = {}, path = '/v1/messages?beta=true', method = 'POST', signal } = asked;
  return new Promise((resolve) => {
    let status = 0;
    let text = '';
    const end = (isCut: boolean) => resolve({ status, text, isCut });
    const request = httpRequest(
      `${baseUrl}${path}`,
      {
        method,
        agent: false,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(signal ? { signal } : {}),
      },
      (response) => {
        status = response.statusCode ?? 0;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', () => end(true));
        response.on('close', () => end(!response.complete));
      },
    );
    request.on('error', () => end(true));
    request.end(method === 'POST' ? (typeof body === 'string' ? body : JSON.stringify(body)) : undefined);
  });
}

/** Counts what such an answer costs with the price of `bodyOf`'s model. */
export const usage = {
  inputTokens: 1_000,
  outputTokens: 200,
  cacheReadTokens: 5_000,
  cacheWriteTokens: 300,
  longCacheWriteTokens: 400,
};

export const answering: Script = () => ({ kind: 'message', blocks: [say('Done.')], usage });

export function errorOf({ text }: Answer): { readonly type: string; readonly message: string } {
  return JSON.parse(text).error;
}
