import { type Script, startRehearsal } from '../../src/rehearsal/server.ts';
import { newPerson, type Person } from './program.ts';
import type { TestRedis } from './redis.ts';

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

/** A new person, signed in to a model that answers from a script. */
export async function stageWith(
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
