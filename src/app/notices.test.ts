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

test('tools that run without isolation are told of where that is accepted, and there alone', async () => {
  const config = await loadConfig({ environment: { HOME: '/nowhere' } });
  const accepting = { ...config, tools: { ...config.tools, withoutSandbox: true } };
  const weak = { containment: 'none', confines: false, nests: false } as const;
  const textsOf = (sandbox: typeof weak | typeof confining, given = accepting) =>
    noticesOf(given, undefined, sandbox, [])
      .map(({ text }) => text)
      .join();
  expect(textsOf(weak)).toContain('[tools] without_sandbox accepts that');
  expect(textsOf(weak, config)).not.toContain('without_sandbox');
  expect(textsOf(confining)).not.toContain('without_sandbox');
});
