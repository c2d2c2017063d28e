import { afterAll, beforeAll, expect, test } from 'vitest';
import { costOfPrompt, scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, outcomeIn, type Stage, typesOf, watched, workWith } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

class Death extends Error {}

/** A store that is gone from its `call`-th call on; that call itself is `lost` or was `done` and could not answer. */
function dyingAt(call: number, moment: 'lost' | 'done') {
  let calls = 0;
  const isDead = () => calls > call || (moment === 'lost' && calls === call);
  return watched(stage.store, {
    before() {
      calls += 1;
      if (isDead()) throw new Death();
    },
    after() {
      if (calls >= call) throw new Death();
    },
  });
}

const mostCalls = 200;
/** Every call of a whole task, one death for each; on a busy machine each life takes seconds. */
const wholeWalkMs = 900_000;

test.each(['lost', 'done'] as const)(
  'a driver that dies at any call, which is then %s, loses nothing and doubles nothing',
  async (moment) => {
    let deaths = 0;
    for (let call = 1; call < mostCalls; call += 1) {
      const engine = scriptedEngine((_prompt, { prompts }) => workWith(prompts.some(isMend) ? 'green' : 'red'));
      const { id, sessionId } = await stage.task();
      const died = await drive(id, stage.needs(engine, { store: dyingAt(call, moment) })).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
        return 'died';
      });
      const where = `call ${call}, ${moment}`;
      expect(engine.live(), where).toBe(0);
      if (died === 'died') deaths += 1;
      expect(await drive(id, stage.needs(engine)), where).toBe('finished');

      const events = await stage.events(id);
      const types = typesOf(events);
      for (const once of ['task.accepted', 'task.analysed', 'task.finished']) {
        expect(
          types.filter((type) => type === once),
          `${where}: ${once}`,
        ).toHaveLength(1);
      }
      const prompts = events.flatMap((event) => (event.type === 'prompt.spent' ? [event.round] : []));
      expect(prompts, where).toEqual([1, 2]);
      const tests = events.flatMap((event) => (event.type === 'tests.ran' ? [event.failed] : []));
      expect(tests, where).toEqual([1, 0]);
      const files = events.flatMap((event) => (event.type === 'file.changed' ? [`${event.change} ${event.path}`] : []));
      expect(new Set(files).size, where).toBe(files.length);
      const asked = engine.sessions.get(sessionId)?.prompts.length ?? 0;
      expect(asked, where).toBeLessThanOrEqual(3);
      const outcome = outcomeIn(events);
      expect(outcome, where).toMatchObject({ status: 'succeeded', verified: true, promptsUsed: 2 });
      expect(outcome.costUsd, where).toBeCloseTo(asked * costOfPrompt, 6);
      expect(outcome.filesCreated, where).toEqual(['made.txt']);
      expect(engine.live(), where).toBe(0);
      if (died === 'finished') break;
    }
    expect(deaths).toBeGreaterThan(20);
    expect(deaths).toBeLessThan(mostCalls - 1);
  },
  wholeWalkMs,
);

function isMend(prompt: string): boolean {
  return prompt.includes('<test-results>');
}
