import { expect, test } from 'vitest';
import { agentsWith, system } from './__fixtures__/agents.ts';
import { allowanceFrom } from './conversations.ts';

test('every agent may send what the system lets it, and one with a limit of its own that', () => {
  expect(allowanceFrom({ system, agents: agentsWith() })).toEqual({ each: 3, all: 15 });
  const agents = agentsWith({ 'process-coach': { maxMessagesPerConversation: 1 } });
  expect(allowanceFrom({ system, agents })).toEqual({ each: 3, all: 15, own: { 'process-coach': 1 } });
});
