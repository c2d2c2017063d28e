import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { alternatives, analysis, decision, risks, testCases } from '../../src/cli/__fixtures__/answers.ts';
import type { ModelRequest } from '../../src/rehearsal/messages.ts';
import { play, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { embedded } from '../support/installations.ts';
import { run } from '../support/program.ts';
import { canaryKey, type Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

const question = 'Analyze building a microservices architecture vs monolith for an e-commerce platform';

test('the project manager analyses, by one question to the model and without Claude Code', async () => {
  on = await embedded.stage(cast({ 'project-manager': [analysis] }));
  const { exitCode, stdout, stderr } = await run(on.person, ['--agent', 'pm', question, '-w', on.person.workspace]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('🤖 Project Manager Agent Starting...');
  expect(stdout).toContain('📊 Architecture Analysis:');
  expect(stdout).toContain('MONOLITHIC APPROACH:\n├── Development Complexity: 4/10');
  expect(stdout).toContain('└── Time to Market: 4/10');
  expect(stdout).toContain('💡 STRATEGIC RECOMMENDATION: Modular Monolith → Microservices');
  expect(stdout).toContain('🎯 IMMEDIATE NEXT STEPS:\n1. Design modular monolith');
  expect(stdout).toContain('🔥 Prompts used: 1/');
  expect(stdout).toContain('✨ Strategic analysis completed!');
  expect(on.requests).toHaveLength(1);
  expect(existsSync(join(on.person.home, '.spiral', 'claude-code'))).toBe(false);
  expect(JSON.stringify(on.requests.map(({ body }) => body))).not.toContain(canaryKey);
  const [id = ''] = (await run(on.person, ['tasks'])).stdout.split(' ');
  const shown = await run(on.person, ['tasks', 'show', id]);
  expect(shown.stdout).toMatch(/Status +answered/);
  expect(shown.stdout).toContain('- recommendation (high): Modular Monolith → Microservices');
  expect(shown.stdout).toContain('- next step: Design modular monolith');
});

test('the innovator offers three ways that differ, and is asked again for one idea in three wordings', async () => {
  const [first] = alternatives.alternatives;
  const same = { ...alternatives, alternatives: ['One', 'Two', 'Three'].map((name) => ({ ...first, name })) };
  on = await embedded.stage(
    cast({ 'creative-innovator': ({ prompts }) => asJson(prompts.length === 1 ? same : alternatives) }),
  );
  const { exitCode, stdout, events } = await run(on.person, ['--agent', 'innovator', 'Our reports are slow', '--json']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Ask a partner');
  expect(on.requests).toHaveLength(2);
  expect(events.find(({ type }) => type === 'agent.answered')).toMatchObject({ askedAgain: true });
});

test('quality assurance thinks of risks and of test cases without reading any code', async () => {
  on = await embedded.stage(cast({ 'quality-assurance': [risks, testCases] }));
  const ask = (...args: readonly string[]) => run(on.person, ['--agent', 'qa', ...args, '-w', on.person.workspace]);
  const asked = await ask('--risks', 'Move all accounts to a new provider at night');
  expect(asked.exitCode).toBe(0);
  expect(asked.stderr).toContain('🔍 Looking for what can go wrong...');
  expect(asked.stdout).toContain('1. The key leaks\n   - Likelihood low, impact high');
  expect(asked.stdout).toContain('✨ Risks identified!');
  const tested = await ask('--test-cases', 'A password can be reset once');
  expect(tested.exitCode).toBe(0);
  expect(tested.stdout).toContain('1. Reset twice (SECURITY)');
  expect(on.requests.map(({ body }) => JSON.stringify(body))).toEqual([
    expect.stringContaining('<plan>\\nMove all accounts'),
    expect.stringContaining('<requirements>\\nA password can be reset once'),
  ]);
  const refused = await run(on.person, ['--agent', 'dm', '--risks', 'Move all accounts']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('--risks is for quality assurance, not for decision-maker.');
});

test('an agent that reads cannot change a byte', async () => {
  const attack = play([[[write('src/sign-in.js', 'owned')], [{ type: 'text', text: 'Done.' }]]]);
  on = await embedded.stage(cast({ 'quality-assurance': attack }));
  mkdirSync(on.person.workspace, { recursive: true });
  const { exitCode, stdout } = await run(on.person, ['--agent', 'qa', 'Review it', '-w', on.person.workspace]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('no usable answer');
  expect(existsSync(join(on.person.workspace, 'src'))).toBe(false);
});

test('the decision maker weighs with sums of ours, and the coach speaks of computed figures and of no other', async () => {
  const coaching = (figure: string) => ({
    kind: 'coaching',
    proposals: [{ figure, observation: 'it is so', proposal: 'do otherwise', expected: 'better' }],
  });
  const coach: Script = ({ prompts }) =>
    asJson(coaching(prompts.length === 1 ? 'usd-per-verified-task' : 'success-rate'));
  on = await embedded.stage(cast({ 'process-coach': coach, 'decision-maker': [decision] }));
  const decided = await run(on.person, ['--agent', 'dm', 'PostgreSQL or MongoDB for user analytics?']);
  expect(decided.exitCode).toBe(0);
  expect(decided.stdout).toMatch(/^Total +8\.25 +5\.50$/m);
  expect(decided.stdout).toContain('🧭 DECISION: PostgreSQL (confidence 85%)\nPriority: high (9 × 7 = 63)');
  const { exitCode, stdout } = await run(on.person, ['--agent', 'coach', 'How are we doing?']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('do otherwise');
  // Nothing was verified, so that there is no figure to speak of; asked again it found one.
  expect(on.requests.filter(({ body }) => JSON.stringify(body.system).includes('process coach'))).toHaveLength(2);
});

const badPlans: readonly (readonly [name: string, plan: unknown, problem: RegExp])[] = [
  ['prose', { note: 'I would rather talk about it.' }, /no usable answer/],
  ['no phases', { kind: 'plan', title: 'Nothing', phases: [] }, /no phases/],
  [
    '200 phases',
    { kind: 'plan', title: 'Much', phases: Array.from({ length: 200 }, (_, index) => phase(`P${index}`)) },
    /200 phases/,
  ],
  ['a circle', { kind: 'plan', title: 'Round', phases: [phase('A', ['B']), phase('B', ['A'])] }, /circle/],
  ['an unknown dependency', { kind: 'plan', title: 'Lost', phases: [phase('A', ['Z'])] }, /which is no phase/],
  ['two of one name', { kind: 'plan', title: 'Twice', phases: [phase('A'), phase('A')] }, /two phases are called/],
  [
    'nothing to check',
    {
      kind: 'plan',
      title: 'Vague',
      phases: [{ ...phase('A'), criteria: [{ criterion: 'good', checkedBy: 'review', subject: '' }] }],
    },
    /no criterion that can be checked/,
  ],
];

test('a plan that cannot be carried out is asked for once more and then refused, and nothing is begun', async () => {
  const asked = (request: ModelRequest) =>
    badPlans.find(([name]) => JSON.stringify(request).includes(`<task>\\nPlan with ${name}.`));
  const manager: Script = (_conversation, request) => asJson(asked(request)?.[1]);
  on = await embedded.stage(cast({ 'project-manager': manager }));
  for (const [index, [name, , problem]] of badPlans.entries()) {
    const ended = await run(on.person, ['--agent', 'pm', `Plan with ${name}.`, '-w', on.person.workspace]);
    expect(ended.stdout, name).toMatch(problem);
    expect(ended.exitCode).toBe(1);
    expect(on.requests).toHaveLength(2 * (index + 1));
  }
  expect((await run(on.person, ['projects'])).stdout).toContain('No projects yet');
});

function phase(name: string, dependsOn: readonly string[] = []) {
  const criteria = [{ criterion: 'the tests pass', checkedBy: 'tests', subject: '' }];
  return { name, goal: 'a goal', task: 'a task', criteria, dependsOn };
}
