/** The conversations of the specification, Steps 2, 4, 6, 8 and 10: its words of the person, and its facts on card or report. */
import { afterEach, expect, test } from 'vitest';
import { analysis } from '../../src/cli/__fixtures__/answers.ts';
import type { Conversation } from '../../src/rehearsal/messages.ts';
import { bash, play, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import type { Message } from '../support/discord/world.ts';
import { type DiscordStage, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';

const patience = { timeoutMs: 120_000 };
const todoApi = 'Create a REST API for todo management with authentication';
const databases = '@pm Should we use PostgreSQL or MongoDB for our user analytics system?';
const audit = '@qa Review the authentication system for security vulnerabilities';
const shop = '@pm Create a complete e-commerce API with payment processing';

let on: DiscordStage;
afterEach(() => on.close());

function testsOf(subject: string, count: number): string {
  const tests = Array.from({ length: count }, (_, index) => `test('${subject} ${index + 1}', () => assert.ok(true));`);
  return ["import assert from 'node:assert/strict';", "import { test } from 'node:test';", ...tests, ''].join('\n');
}

const packageJson = '{ "type": "module", "scripts": { "test": "node --test" } }\n';

const steps = [
  'creating project structure',
  'implementing authentication middleware',
  'adding todo CRUD endpoints',
  'running integration tests',
];

const writeTodos = play([
  [
    [say(steps[0] ?? ''), write('todo-api/package.json', packageJson)],
    [say(steps[1] ?? ''), write('todo-api/src/jwt.js', 'export const sign = () => "";\n')],
    [say(steps[2] ?? ''), write('todo-api/src/todos.js', 'export const todos = [];\n')],
    [
      say(steps[3] ?? ''),
      write('todo-api/test/todos.test.js', testsOf('todo', 23)),
      bash('cd todo-api && node --test', 'Run the tests'),
    ],
    [say('The API has JWT auth and is ready for deployment.')],
  ],
]);

/** A card is changed every two seconds: what is gone before then nobody sees. Each step waits until it was seen. */
async function todos(...asked: Parameters<Script>): Promise<Awaited<ReturnType<Script>>> {
  const step = steps[asked[0].turn - 1];
  const request = on.general.messages.find(({ content }) => content === todoApi);
  if (step !== undefined && request) {
    await on.discord.until(() => JSON.stringify(saidInThread(request)[0]?.history).includes(step), patience);
  }
  return writeTodos(...asked);
}

const databaseAnalysis = {
  ...analysis,
  subject: 'PostgreSQL vs MongoDB',
  options: analysis.options.map((option, index) => ({ ...option, name: ['PostgreSQL', 'MongoDB'][index] })),
  recommendation: { ...analysis.recommendation, title: 'PostgreSQL with time-series extensions' },
};

const finding = (title: string, severity: string, detail: string, recommendation: string) => ({
  title,
  severity,
  place: '',
  detail,
  recommendation,
});

/** Step 7 has what Step 8 shows. */
const securityReview = {
  kind: 'review',
  subject: 'Security',
  findings: [
    finding(
      'Password Reset Token Vulnerability',
      'high',
      'Tokens not properly invalidated after use',
      'Implement single-use tokens with expiration',
    ),
    finding(
      'Rate Limiting Gap',
      'medium',
      'Login endpoint missing progressive delays',
      'Add exponential backoff after failed attempts',
    ),
    finding(
      'Session Management Issue',
      'medium',
      'JWT tokens lack proper refresh mechanism',
      'Implement refresh token rotation',
    ),
  ],
  strengths: [
    'Proper password hashing with bcrypt',
    'HTTPS enforcement implemented',
    'Input validation on all endpoints',
    'SQL injection prevention in place',
  ],
  remediation: [
    { priority: 2, action: 'Enhance rate limiting strategy' },
    { priority: 1, action: 'Fix password reset token handling' },
    { priority: 3, action: 'Implement secure token refresh' },
  ],
};

const phases = [
  { name: 'Product catalog API', folder: 'catalog', tests: 18 },
  { name: 'Shopping cart functionality', folder: 'cart', tests: 3 },
  { name: 'Payment processing integration', folder: 'payment', tests: 2 },
  { name: 'Order management system', folder: 'orders', tests: 2 },
];

const shopPlan = {
  kind: 'plan',
  title: 'E-commerce API',
  phases: phases.map(({ name, folder }, index) => ({
    name,
    goal: `${name} works`,
    task: `Write src/${folder}.js with tests`,
    criteria: [
      { criterion: 'all tests pass', checkedBy: 'tests', subject: '' },
      { criterion: 'nobody pays twice', checkedBy: 'review', subject: '' },
    ],
    dependsOn: index === 0 ? [] : [phases[index - 1]?.name],
  })),
};

function projectManager({ prompts: [asked = ''] }: Conversation) {
  if (/"const":\s*"evaluation"/.test(asked)) {
    const isDone = !/"verdict":\s*"rejected"/.test(asked);
    const criteria = [1, 2].map((number) => ({ number, met: number === 1 || isDone, evidence: 'seen in the code' }));
    return asJson({
      kind: 'evaluation',
      criteria,
      isDone,
      refinement: isDone ? '' : 'Refuse the second payment of an order.',
    });
  }
  if (/"const":\s*"closing"/.test(asked)) return asJson({ kind: 'closing', recommendations: ['Add 2FA'] });
  return asJson(shopPlan);
}

/** Quality assurance sends the payment back once. */
function shopPlay(): Script {
  let rejected: string | undefined;
  const verdict = { kind: 'phase-review', subject: 'Phase', strengths: ['small functions'], remediation: [] };
  return cast({
    'project-manager': projectManager,
    'creative-innovator': [
      {
        kind: 'challenges',
        challenges: [{ about: phases[0]?.name, challenge: 'A shop can be rented.', instead: 'Rent one.' }],
      },
    ],
    'decision-maker': [
      { kind: 'settlement', rulings: [{ number: 1, accepted: false, reason: 'A shop of our own was asked for.' }] },
    ],
    'quality-assurance': ({ prompts: [question = ''] }) => {
      const isPayment = question.includes('"name": "Payment processing integration"');
      if (isPayment) rejected ??= question;
      if (question !== rejected) {
        return asJson({ ...verdict, verdict: 'passed', reason: 'It does what the phase asks for.', findings: [] });
      }
      const twice = finding('An order can be paid twice', 'high', 'Nothing remembers a payment.', 'Remember it.');
      return asJson({ ...verdict, verdict: 'rejected', reason: 'An order can be paid twice.', findings: [twice] });
    },
    developer: (conversation, request) => {
      const asked = conversation.prompts[0] ?? '';
      const phase = phases.find(({ name }) => asked.includes(`Task: ${name}:`));
      if (!phase) throw new Error('the developer is asked for something that is not in this play');
      const { folder, tests } = phase;
      return play([
        [
          [write('package.json', packageJson), write(`src/${folder}.js`, `export const ${folder} = [];\n`)],
          [write(`test/${folder}.test.js`, testsOf(folder, tests)), bash('node --test', 'Run the tests')],
          [say(`${phase.name} is there.`)],
        ],
        [[write(`src/${folder}.js`, 'export const paid = new Set();\n')], [say('Nobody pays twice.')]],
      ])(conversation, request);
    },
  });
}

const reported = (asked: Message, words: string) => () =>
  saidInThread(asked).find(({ content, attachments }) => content.includes(words) || attachments.length > 2);

test('steps 2, 4 and 8: the developer, the project manager and quality assurance are asked in the words of the specification', async () => {
  on = await openDiscordStage(
    cast({ developer: todos, 'project-manager': [databaseAnalysis], 'quality-assurance': [securityReview] }),
  );
  const { discord, owner, general } = on;
  await on.serve();
  const [built, weighed, reviewed] = [todoApi, databases, audit].map((text) => owner.says(general, text));
  if (!built || !weighed || !reviewed) throw new Error('nothing was said');
  const reports = await Promise.all([
    discord.until(reported(built, 'Task completed'), patience),
    discord.until(reported(weighed, 'Recommendation'), patience),
    discord.until(reported(reviewed, 'Remediation'), patience),
  ]);
  const [todo, databaseReport, security] = reports.map(({ content }) => content);

  const [card] = saidInThread(built);
  expect(card?.history[0]?.content).toBe('🤖 Starting autonomous work via Claude Code…');
  for (const step of steps) expect(JSON.stringify(card?.history)).toContain(`🔄 Claude Code: ${step}`);
  expect(todo).toMatch(/✅ \*\*Task completed!\*\* Created todo-api\/ with 4 files, 23 passing tests\./);
  expect(todo).toContain('The API has JWT auth and is ready for deployment.');

  expect(saidInThread(weighed)[0]?.history[0]?.content).toBe('🎯 Analyzing…');
  expect(databaseReport).toContain('📊 **PostgreSQL vs MongoDB**');
  expect(databaseReport).toContain('💡 **Recommendation: PostgreSQL with time-series extensions**');
  expect(databaseReport).toContain('🎯 **Next steps**');

  expect(saidInThread(reviewed)[0]?.history[0]?.content).toBe('🔍 Conducting review…');
  expect(security).toMatch(/^🔍 \*\*Quality Assurance\*\*/);
  expect(security).toContain('🟧 **1. Password Reset Token Vulnerability** (HIGH)');
  for (const { title, detail, recommendation } of securityReview.findings) {
    expect(security).toContain(title);
    expect(security).toContain(detail);
    expect(security).toContain(`→ ${recommendation}`);
  }
  for (const strength of securityReview.strengths) expect(security).toContain(strength);
  expect(security).toMatch(/Fix password reset[\s\S]*Enhance rate limiting[\s\S]*Implement secure token refresh/);
  await discord.until(() => [built, weighed, reviewed].every(({ reactions }) => reactions.has('✅')), patience);
  // A card and a report each, and nothing more.
  expect([built, weighed, reviewed].map((asked) => saidInThread(asked).length)).toEqual([2, 2, 2]);
  expect(discord.violations).toEqual([]);
}, 240_000);

test('steps 6 and 10: project manager, developer and quality assurance build a shop in four phases, each under its own name', async () => {
  on = await openDiscordStage(shopPlay());
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, shop);
  await discord.until(() => saidInThread(asked).some(({ content }) => content.includes('completed!')), patience);
  const [card, ...news] = saidInThread(asked);
  expect(news.map(({ author, content }) => `${author.username}: ${content.split('\n')[0]}`)).toEqual([
    '🎯 Project Manager: 📋 Breaking this down into phases…',
    '🤖 Developer: ✅ Phase 1 complete - Product catalog API with 18 tests passing',
    expect.stringMatching(/^🤖 Developer: ✅ Phase 2 complete - Shopping cart functionality with \d+ tests passing$/),
    '🔍 Quality Assurance: 🔁 Payment processing integration, attempt 1, is not good yet: An order can be paid twice.',
    expect.stringMatching(
      /^🤖 Developer: ✅ Phase 3 complete - Payment processing integration with \d+ tests passing$/,
    ),
    expect.stringMatching(/^🤖 Developer: ✅ Phase 4 complete - Order management system with \d+ tests passing$/),
    expect.stringMatching(/^Spiral: ✅ \*\*Project “E-commerce API” completed!\*\*/),
  ]);
  expect(news[0]?.content.split('\n').slice(1)).toEqual([
    ...phases.map(({ name }, index) => `Phase ${index + 1}: ${name}`),
    '@dev starting with Phase 1: Product catalog API',
  ]);
  expect(news[2]?.content).toContain('📊 Project status: 50% complete. Payment processing integration next…');
  expect(card?.history.map(({ content }) => content)).toContain('📊 Project status: 50% complete');
  expect(news.at(-1)?.content).toMatch(/Phase 4: Order management system[\s\S]*💡 Add 2FA/);
  expect(discord.violations).toEqual([]);
}, 300_000);
