import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AgentRole, agentRoles, shortNames } from './agent.ts';
import { mentionsIn } from './mention.ts';

const everybody: readonly AgentRole[] = agentRoles;

test.each<[string, AgentRole[]]>([
  ['@qa, is this enough?', ['quality-assurance']],
  ['@quality-assurance please look', ['quality-assurance']],
  ['I would ask @PM.', ['project-manager']],
  ['What do you think @dev?', ['developer']],
  ['(@dm) decides', ['decision-maker']],
  ['**@innovator** and _@coach_!', ['creative-innovator', 'process-coach']],
  ["@qa's list is right", ['quality-assurance']],
  ['@pm/@qa: look', ['project-manager', 'quality-assurance']],
  ['@dev @qa @dev', ['developer', 'quality-assurance']],
  ['@qa.Please look', ['quality-assurance']],
  ['@qa: see https://example.com/a', ['quality-assurance']],
  ['line one\n@process-coach line two', ['process-coach']],
  ['“@dev” — yes', ['developer']],
  ['`npm test` fails, @dev', ['developer']],
  ['a lonely ` and then @dev', ['developer']],
  ['```\n@qa\n```\n@dev', ['developer']],
  ['~~~ts\nconst a = "```";\n~~~\n@pm', ['project-manager']],
])('%j names %j', (text, roles) => {
  expect(mentionsIn(text, everybody)).toEqual(roles);
});

test.each([
  'nobody is named here',
  'write to me@qa.example or dev@pm',
  'first_@qa',
  '@qa.example.com',
  '@dev/tools is a package',
  '@dev-tools and @qa2 and @qa_team and @qa-2',
  '@developers and @team',
  '@@qa',
  'qa and the developer without a sign',
  'the decorator `@dev` and ``code with ` and @qa``',
  '```\n@qa\n```',
  '```ts\n@dev class A {}',
  '  ~~~\n@qa\n  ~~~',
  'see https://example.com/@dev and http://a.b/?to=@qa',
  'é@qa',
])('%j names nobody', (text) => {
  expect(mentionsIn(text, everybody)).toEqual([]);
});

test('only members are named', () => {
  expect(mentionsIn('@dev @qa @pm', ['quality-assurance'])).toEqual(['quality-assurance']);
  expect(mentionsIn('@dev', [])).toEqual([]);
});

test('every name of every role works, in any case, between any words', () => {
  const names = [...agentRoles, ...Object.keys(shortNames)];
  const words = fc.stringMatching(/^[a-z ,.!?]{0,20}$/);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.boolean(), words, words, (name, isLoud, before, after) => {
      const text = `${before} @${isLoud ? name.toUpperCase() : name} ${after}`;
      expect(mentionsIn(text, everybody)).toHaveLength(1);
    }),
  );
});

test('text that is hard to read is read in a moment', () => {
  const began = performance.now();
  for (const piece of ['`', '``a', '@qa-', '```\n', '~~~\n`', '@a-b']) mentionsIn(piece.repeat(20_000), everybody);
  expect(performance.now() - began).toBeLessThan(5000);
});
