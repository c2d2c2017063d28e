import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ModelRequest } from '../../src/rehearsal/messages.ts';
import { play, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { alternatives, analysis, decision } from '../../src/rehearsal/team/answers.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { reviewedFiles, reviewPlay } from '../../src/rehearsal/team/review-play.ts';
import { canaryKey, embedded, type Stage } from '../support/installations.ts';
import { run } from '../support/program.ts';

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

test('the decision maker weighs, and the sums are ours', async () => {
  on = await embedded.stage(cast({ 'decision-maker': [decision] }));
  const { exitCode, stdout } = await run(on.person, ['--agent', 'dm', 'PostgreSQL or MongoDB for user analytics?']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('PostgreSQL');
  expect(stdout).toContain('8.62');
  expect(stdout).toContain('80%');
});

test('the innovator offers three ways that differ, and is asked again for one idea in three wordings', async () => {
  const [first] = alternatives.alternatives;
  const same = { ...alternatives, alternatives: ['One', 'Two', 'Three'].map((name) => ({ ...first, name })) };
  on = await embedded.stage(
    cast({ 'creative-innovator': ({ prompts }) => asJson(prompts.length === 1 ? same : alternatives) }),
  );
  const { exitCode, stdout, events } = await run(on.person, ['--agent', 'innovator', 'Our reports are slow', '--json']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Ask less');
  expect(on.requests).toHaveLength(2);
  expect(events.find(({ type }) => type === 'agent.answered')).toMatchObject({ askedAgain: true });
});

test('quality assurance reads real code, and what it invents is dropped and counted', async () => {
  on = await embedded.stage(reviewPlay());
  for (const [path, text] of Object.entries(reviewedFiles)) {
    mkdirSync(join(on.person.workspace, path, '..'), { recursive: true });
    writeFileSync(join(on.person.workspace, path), text);
  }
  const { exitCode, stdout, stderr } = await run(on.person, [
    '--agent',
    'qa',
    'Review the authentication system for security vulnerabilities',
    '-w',
    on.person.workspace,
  ]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Reading src/sign-in.js');
  expect(stdout).toContain('Passwords are hashed with MD5 (CRITICAL)');
  expect(stdout).toContain('src/sign-in.js:6');
  expect(stdout).not.toContain('src/session.js');
  expect(stdout).toMatch(/Dropped: 1 finding about a place that does not exist/);
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

test('the coach speaks of figures that were computed, and of no other', async () => {
  const coaching = (figure: string) => ({
    kind: 'coaching',
    proposals: [{ figure, observation: 'it is so', proposal: 'do otherwise', expected: 'better' }],
  });
  const coach: Script = ({ prompts }) =>
    asJson(coaching(prompts.length === 1 ? 'usd-per-verified-task' : 'success-rate'));
  on = await embedded.stage(cast({ 'process-coach': coach, 'decision-maker': [decision] }));
  await run(on.person, ['--agent', 'dm', 'PostgreSQL or MongoDB?']);
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
