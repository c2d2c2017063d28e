import type { Script } from '../../src/rehearsal/server.ts';
import type { Need } from './needs.ts';
import { testDatabase } from './postgres.ts';
import { testRedis } from './redis.ts';
import { type Stage, stageWith } from './stage.ts';

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
