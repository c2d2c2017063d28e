import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentRoles } from '../../domain/agent.ts';
import { type AddressBook, addressOf, saysStop } from './address.ts';

const book: AddressBook = {
  botId: '100',
  botRoles: ['101'],
  roleNames: { '200': 'QA', '201': 'Project Manager', '202': 'friends' },
  defaultAgent: 'developer',
};

describe('a message speaks to', () => {
  test.each([
    ['Create a REST API', 'developer', 'Create a REST API', false],
    ['@pm Should we use PostgreSQL?', 'project-manager', 'Should we use PostgreSQL?', true],
    ['@PM: plan it', 'project-manager', 'plan it', true],
    ['@project-manager, plan it', 'project-manager', 'plan it', true],
    ['  \n@qa look', 'quality-assurance', 'look', true],
    ['\u200F@\u200Bdm\u200E decide', 'decision-maker', 'decide', true],
    ['@coach\nhow?', 'process-coach', 'how?', true],
    ['<@&200> look', 'quality-assurance', 'look', true],
    ['<@&201> plan', 'project-manager', 'plan', true],
    ['<@100> pm plan', 'project-manager', 'plan', true],
    ['<@!100> @innovator think', 'creative-innovator', 'think', true],
    ['<@100>, <@&200> look', 'quality-assurance', 'look', true],
    ['<@&101> build it', 'developer', 'build it', true],
    ['<@100> build it', 'developer', 'build it', true],
  ])('%j', (content, agent, text, wasMentioned) => {
    expect(addressOf(content, book)).toMatchObject({ kind: 'addressed', agent, text, wasMentioned });
  });

  test.each([
    'ask @pm about it',
    'pm plan it',
    '@devs are great',
    '@dev/tools is broken',
    '@dev.to is a site',
    '<@&202> hello',
    '<@999> pm plan',
    '```\n@qa\n```',
    'fix `<@100>`',
  ])('nobody by name, and every sign of it stays: %j', (content) => {
    expect(addressOf(content, book)).toEqual({
      kind: 'addressed',
      agent: 'developer',
      text: content,
      wasMentioned: false,
      namesAgent: false,
    });
  });

  test('the first one who is named; later names are text', () => {
    expect(addressOf('@pm tell @dev and @qa', book)).toMatchObject({
      agent: 'project-manager',
      text: 'tell @dev and @qa',
    });
    expect(addressOf('@pm @qa look', book)).toMatchObject({ agent: 'project-manager', text: '@qa look' });
  });

  test.each(['', '  \u200B\u200F ', '@dev', '<@100> pm:', '@qa \u200B'])('%j says nothing, with a cure', (content) => {
    expect(addressOf(content, book)).toMatchObject({ kind: 'problem', cure: expect.stringContaining('@dev') });
  });

  test('a role of the team and words, or nothing: whatever is written', () => {
    const pieces = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<@100>', '@dev', '<@&200>', '\u200F')),
    );
    fc.assert(
      fc.property(
        pieces.map((some) => some.join('')),
        (content) => {
          const address = addressOf(content, book);
          if (address.kind === 'problem') return;
          expect(agentRoles).toContain(address.agent);
          expect(address.text.trim()).not.toBe('');
          expect(content).toContain(address.text);
        },
      ),
    );
  });

  test('whoever it does within a moment, however long it is', () => {
    const began = performance.now();
    for (const sign of ['<@100>', '\u200F', ' ', '@', '@dev-', '😀']) addressOf(sign.repeat(4_000), book);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

test.each(['STOP', 'stop', 'Stop!', ' STOP!!! ', '**stop**', '🛑 stop.', '\u200Fstop'])('%j stops', (text) =>
  expect(saysStop(text)).toBe(true),
);

test.each(['stop it', 'nonstop', 'please stop', 'stop 5', 'st op', '', '@stop', 'stop\nand start'])(
  '%j does not stop',
  (text) => expect(saysStop(text)).toBe(false),
);
