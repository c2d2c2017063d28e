import * as z from 'zod';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openGateway } from '../../../src/gateway/proxy/open-gateway.ts';
import { identityOf, processNamespace } from '../../../src/sandbox/processes/identity.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';

/** A process with a gateway and one open run, which it names; somebody kills it. */
const asked = z.object({ databaseUrl: z.string(), baseUrl: z.string(), taskId: z.string() });
const { databaseUrl, baseUrl, taskId } = asked.parse(JSON.parse(process.argv[2] ?? ''));

const store = await openPostgresStore({ databaseUrl });
const identity = identityOf(process.pid);
if (!identity) throw new Error('this process has no identity');
const gateway = openGateway({
  upstream: { baseUrl, credentials: { kind: 'api-key', value: 'real' } },
  store: async () => store,
  limitsOf: () => [{ scope: `task:${taskId as TaskId}`, limit: { usd: 1 } }],
  prices: {},
  isFree: false,
  holder: { ...identity, namespace: processNamespace() },
  isAlive: () => true,
  patienceMs: 60_000,
  proxies: {},
  onProblem: () => undefined,
});
const run = await gateway.admit({ taskId: taskId as TaskId, agent: 'developer', tell: () => undefined });
console.log(JSON.stringify({ baseUrl: run.baseUrl, token: run.token }));
