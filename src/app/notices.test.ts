import { expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { agentsWith } from './__fixtures__/agents.ts';
import { noticesOf } from './notices.ts';

const confining = { containment: 'bubblewrap', confines: true, nests: true } as const;

test('a setting that nothing uses is told of, with whose it is, and only when it is set', async () => {
  const config = await loadConfig({ environment: { HOME: '/nowhere' } });
  const textsOf = (agents: typeof config.agents) =>
    noticesOf({ ...config, agents }, undefined, confining, []).map(({ text }) => text);
  expect(textsOf(agentsWith({ developer: { githubIntegration: true } }))).toContain(
    'github_integration of developer is set, and nothing uses it yet.',
  );
  expect(textsOf(agentsWith()).join()).not.toContain('github_integration');
});
