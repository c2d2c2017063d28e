import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { hearAnswers } from '../../../src/workflows/hear-answers.ts';
import { openNudge } from '../../../src/workflows/nudge.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, type Stage, workWith } from './stage.ts';

/** Far longer than a test may take. */
const forever = 600_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('whoever serves hears at once of an answer that was given in another process', async () => {
  const task = await stage.task({ promptLimit: 0 });
  const needs = stage.needs(scriptedEngine(() => workWith('green')));
  expect(await drive(task.id, needs)).toBe('waiting');
  const [question] = (await stage.store.questions.open()).filter(({ taskId }) => taskId === task.id);

  const nudge = openNudge();
  const stopped = new AbortController();
  const hearing = hearAnswers({ store: stage.store, nudge, report: () => undefined }, stopped.signal);
  // It rings once when it begins to listen, and that is looked at twice.
  await nudge.wait(forever, stopped.signal);
  await nudge.wait(forever, stopped.signal);

  const elsewhere = await openPostgresStore({ databaseUrl: stage.databaseUrl });
  const rung = nudge.wait(forever, stopped.signal);
  expect(await elsewhere.questions.answer(question?.id ?? '', { kind: 'granted', amount: 1 }, 'human')).toBe(true);
  await rung;
  await elsewhere.close();
  stopped.abort();
  await hearing;
});
