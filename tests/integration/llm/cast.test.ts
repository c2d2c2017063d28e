import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { play, say } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, type Script, startRehearsal } from '../../../src/rehearsal/server.ts';
import { cast } from '../../../src/rehearsal/team/cast.ts';

let model: Rehearsal;

afterEach(() => model.close());

async function open(script: Script): Promise<void> {
  model = await startRehearsal(script);
}

const answerSchema = z.object({
  content: z.array(z.object({ text: z.string() })).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** What the model says to one request. */
async function said(changes: Readonly<Record<string, unknown>>, prompt = 'Go'): Promise<string> {
  const body = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: prompt }], ...changes };
  const answer = await fetch(`${model.baseUrl}/v1/messages`, { method: 'POST', body: JSON.stringify(body) });
  const message = answerSchema.parse(await answer.json());
  return message.content?.[0]?.text ?? message.error?.message ?? '';
}

const youAre = (role: string) => ({
  system: [{ type: 'text', text: `First. You are the ${role} of a small team. Be brief.` }],
});
const tools = [{ name: 'Read', input_schema: { type: 'object' } }];

test('a small helper call of a client does not reach the script, and every question of an agent does', async () => {
  await open(() => ({ kind: 'message', blocks: [say('scripted')] }));
  expect(await said({ system: 'Name this conversation.' })).toBe('ok');
  expect(await said({ output_config: { effort: 'low' } })).toBe('ok');
  expect(await said({ tools })).toBe('scripted');
  expect(await said({ output_config: { format: { type: 'json_schema', schema: {} } } })).toBe('scripted');
  expect(await said(youAre('creative innovator'))).toBe('scripted');
  expect(await said({ system: 'You are the process coach of a small team.' })).toBe('scripted');
  expect(model.received.length).toBe(4);
});

test('each agent plays its own part', async () => {
  await open(
    cast({
      developer: play([[[say('Built.')]]]),
      'project-manager': [{ plan: 1 }],
      'quality-assurance': [{ verdict: 'good' }],
    }),
  );
  expect(await said({ ...youAre('developer'), tools })).toBe('Built.');
  expect(await said(youAre('project manager'))).toBe('{"plan":1}');
  expect(await said({ ...youAre('quality assurance'), tools })).toBe('{"verdict":"good"}');
  expect(await said(youAre('decision maker'))).toBe('there is no part for decision-maker');
});

test('each question of an agent gets the next answer, and the same question the same one', async () => {
  await open(cast({ 'project-manager': [{ plan: 1 }, { plan: 2 }, { plan: 3 }] }));
  const manager = youAre('project manager');
  const answers = [];
  for (const prompt of ['Plan', 'Plan', 'Judge', 'Plan', 'Judge again', 'Once more'])
    answers.push(await said(manager, prompt));
  expect(answers).toEqual(['{"plan":1}', '{"plan":1}', '{"plan":2}', '{"plan":1}', '{"plan":3}', '{"plan":3}']);
});
