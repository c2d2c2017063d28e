import { type Script, startRehearsal } from '../../src/rehearsal/server.ts';
import type { Need } from './needs.ts';
import { testDatabase } from './postgres.ts';
import { newPerson, type Person } from './program.ts';
import { type TestRedis, testRedis } from './redis.ts';

export type Stage = {
  readonly person: Person;
  /** What the model was asked, oldest first. */
  readonly requests: Awaited<ReturnType<typeof startRehearsal>>['received'];
  /** Of an installation with a Redis of its own. */
  readonly redis?: TestRedis;
  close(): Promise<void>;
};

/** A key that no other text holds, so that finding it anywhere means that it leaked. */
export const canaryKey = 'sk-canary-7f3e9d51c0ffee';

export type Installation = {
  readonly name: string;
  /** What this kind of installation needs of the machine. */
  readonly needed: readonly Need[];
  /** A new person of this kind of installation, signed in to a model that answers from a script. */
  stage(script: Script, exported?: Readonly<Record<string, string>>): Promise<Stage>;
};

/** Nothing configured: the embedded PostgreSQL, and the queue in it. */
export const embedded: Installation = {
  name: 'nothing configured',
  needed: [],
  stage: (script, exported = {}) => stageWith(script, exported, async () => undefined),
};

/** Real servers: DATABASE_URL and REDIS_URL. */
export const configured: Installation = {
  name: 'DATABASE_URL and REDIS_URL',
  needed: ['redis-server'],
  async stage(script, exported = {}) {
    const [database, redis] = await Promise.all([testDatabase(), testRedis()]);
    const stage = await stageWith(
      script,
      { DATABASE_URL: database.url, REDIS_URL: redis.url, ...exported },
      async () => {
        await redis.stop();
        await database.drop();
      },
    );
    return { ...stage, redis };
  },
};

async function stageWith(
  script: Script,
  exported: Readonly<Record<string, string>>,
  closeServers: () => Promise<void>,
): Promise<Stage> {
  const model = await startRehearsal(script);
  const person = newPerson({ ANTHROPIC_API_KEY: canaryKey, ANTHROPIC_BASE_URL: model.baseUrl, ...exported });
  return {
    person,
    requests: model.received,
    async close() {
      await model.close();
      await person.leave();
      await closeServers();
    },
  };
}
