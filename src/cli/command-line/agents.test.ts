import { Command } from 'commander';
import { expect, test } from 'vitest';
import { agentCards } from '../../agents/agent-cards.ts';
import { ownTemplates } from '../../agents/template-files.ts';
import { UsageError } from '../usage-error.ts';
import { addAgentCommands } from './agents.ts';

const team = agentCards(ownTemplates(), () => ({ model: 'sonnet', promptLimit: 50 }));

/** What a command line of `agents` prints. */
async function type(...args: readonly string[]): Promise<string> {
  const program = new Command('spiral').exitOverride();
  const context = () => ({ installation: () => Promise.reject(new Error('the system was loaded')) });
  addAgentCommands(
    program,
    { end: () => undefined, context },
    async () => team,
    async () => [],
  );
  const { write } = process.stdout;
  let printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  try {
    await program.parseAsync(['agents', ...args], { from: 'user' });
    return printed;
  } finally {
    process.stdout.write = write;
  }
}

test('`agents` lists all six, as people or as scripts read them', async () => {
  expect((await type()).trim().split('\n')).toHaveLength(6);
  const lines = (await type('--json')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(team.map((card) => ({ ...card, status: { kind: 'idle' } })));
});

test('`agents show` takes a whole or a short name', async () => {
  expect(await type('show', 'qa')).toBe(await type('show', 'quality-assurance'));
  expect(await type('show', 'qa')).toContain('with tools that only look');
});

test('`agents show --prompt` prints what the agent is told', async () => {
  expect(await type('show', 'pm', '--prompt')).toContain('You are the project manager of a small team.');
  expect(await type('show', 'pm')).not.toContain('You are the project manager');
});

test('`agents show --prompt NAME` prints one template and nothing else, as a file to begin with', async () => {
  const ours = ownTemplates().find(({ role, name }) => role === 'decision-maker' && name === 'decision');
  expect(await type('show', 'dm', '--prompt', 'decision')).toBe(`${ours?.text}\n`);
  expect(await type('show', 'dm', '--prompt', 'decision.md')).toBe(`${ours?.text}\n`);
  await expect(type('show', 'dm', '--prompt', 'decisions')).rejects.toMatchObject({
    message: 'The decision-maker has no template “decisions”.',
    cure: 'Did you mean: --prompt decision',
  });
});

test('a name of nobody is a mistake of the person, with the name that was meant', async () => {
  await expect(type('show', 'coahc')).rejects.toThrow(UsageError);
  await expect(type('show', 'coahc')).rejects.toMatchObject({ cure: 'Did you mean: spiral agents show coach' });
});
