import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskId } from '../src/domain/identifiers.ts';
import { openGateway } from '../src/gateway/proxy/open-gateway.ts';
import { startRehearsal } from '../src/rehearsal/server.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { differencesOf, printTable, ratiosOf } from './figures.ts';

const usualPairs = 300;
const warmUps = 30;
/** About what Claude Code sends first. */
const promptBytes = 40_000;

/**
 * What the gateway adds to the first byte of an answer: a request through it beside the same one straight to the scripted
 * model, in pairs one after the other. It reserves in a real PostgreSQL that already runs.
 */
export async function gateway({ pairs = usualPairs }: { readonly pairs?: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  const model = await startRehearsal(() => ({
    kind: 'message',
    blocks: [{ type: 'text', text: 'Done.' }],
    usage: { inputTokens: 10_000, outputTokens: 10 },
  }));
  const database = await openEmbeddedPostgres({ home: folder });
  const store = await openPostgresStore({ databaseUrl: database.databaseUrl });
  const holder = { pid: process.pid, startedAt: 'bench', namespace: 'bench' };
  const taskId = 'benchbench' as TaskId;
  const through = openGateway({
    upstream: { baseUrl: model.baseUrl, credentials: { kind: 'api-key', value: 'sk-bench' } },
    store: async () => store,
    limitsOf: () => [
      { scope: `task:${taskId}`, limit: { usd: 1_000 } },
      { scope: 'all', limit: { usd: 1_000 } },
    ],
    prices: {},
    isFree: false,
    holder,
    isAlive: () => true,
    patienceMs: 10_000,
    proxies: {},
    onProblem: (problem) => console.error(problem),
  });
  try {
    const run = await through.admit({ taskId, agent: 'developer', tell: (notice) => console.error(notice) });
    const ours: number[] = [];
    const direct: number[] = [];
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const us = () => firstByte(run.baseUrl, run.token);
      const them = () => firstByte(model.baseUrl, 'direct');
      // The order changes from pair to pair, so that neither always runs on what the other has warmed.
      const [first, second] = pair % 2 === 0 ? [us, them] : [them, us];
      const one = await first();
      const two = await second();
      if (pair < warmUps) continue;
      ours.push(pair % 2 === 0 ? one : two);
      direct.push(pair % 2 === 0 ? two : one);
    }
    await run.close();
    const added = differencesOf(ours, direct);
    const ratios = ratiosOf(ours, direct);
    printTable(
      [0.5, 0.95].map((share) => [
        `first byte through the gateway, p${share * 100}`,
        `${percentile(ours, share).toFixed(1)} ms; straight ${percentile(direct, share).toFixed(1)} ms; pair by pair: ` +
          `${percentile(added, share).toFixed(1)} ms more, ratio ${percentile(ratios, share).toFixed(2)}`,
      ]),
    );
  } finally {
    await through.close();
    await store.close();
    await database.leave();
    await model.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const body = JSON.stringify({
  model: 'claude-sonnet-5-5',
  max_tokens: 32_000,
  stream: true,
  tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: 'word '.repeat(promptBytes / 5) }],
});

/** From asking to the first byte of the answer's body, in milliseconds; the answer is read to its end. */
function firstByte(baseUrl: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let first: number | undefined;
    const asking = request(
      `${baseUrl}/v1/messages`,
      { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`the answer is a ${response.statusCode}`));
        response.on('data', () => {
          first ??= performance.now() - begun;
        });
        response.on('end', () => resolve(first ?? Number.NaN));
        response.on('error', reject);
      },
    );
    asking.on('error', reject);
    asking.end(body);
  });
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
