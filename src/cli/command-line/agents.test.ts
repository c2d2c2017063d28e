import { Command } from 'commander';
import { expect, test } from 'vitest';
import { agentCards } from '../../agents/agent-cards.ts';
import { ownTemplates } from '../../agents/template-files.ts';
import type { AgentRole } from '../../domain/agent.ts';
import { resourcesOf } from '../../domain/agent-resources.ts';
import type { ConversationId } from '../../domain/identifiers.ts';
import { beginProject } from '../../domain/project-planning.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { plan } from '../__fixtures__/answers.ts';
import { report, taskId } from '../__fixtures__/tasks.ts';
import type { TeamSpiral } from '../commands/watch-agents.ts';
import { UsageError } from '../usage-error.ts';
import { addAgentCommands } from './agents.ts';

const team = agentCards(ownTemplates(), () => ({ model: 'sonnet', promptLimit: 50, githubIntegration: false }));

const nothing = {
  tasks: [],
  conversations: [],
  performance: { agents: [] },
  tellingOf: (agent: AgentRole) => `told-${agent}` as ConversationId,
};

/** What a command line of `agents` prints. */
async function type(...args: readonly string[]): Promise<string> {
  return typed(args, []);
}

/** The same while these tasks are not over. */
async function typed(args: readonly string[], openTasks: readonly TaskReport[], more: Partial<TeamSpiral> = {}) {
  const program = new Command('spiral').exitOverride();
  const context = () => ({
    installation: () => Promise.reject(new Error('the system was loaded')),
    discord: () => Promise.reject(new Error('Discord was loaded')),
  });
  const records = { ...nothing, tasks: openTasks };
  const spiral: TeamSpiral = {
    resources: async () => resourcesOf({ ...records, promptsOf: () => ({ spent: 2, limit: 20 }) }),
    lastEvent: async () => 0,
    watch: () => {
      throw new Error('nobody asked to watch');
    },
    ...more,
  };
  addAgentCommands(
    program,
    { end: () => undefined, context },
    async () => team,
    (_context, deed) => deed(spiral),
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

test('`agents` lists all six below a heading, or as scripts read them with everything', async () => {
  const table = (await type()).trimEnd().split('\n');
  expect(table).toHaveLength(7);
  expect(table[1]).toMatch(/Developer .* idle +2\/20 +0 +0 +0 {2}-/);
  const lines = (await type('--json')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    team.map((card) => ({
      ...card,
      status: { kind: 'idle' },
      prompts: { spent: 2, limit: 20 },
      tasks: [],
      conversations: [],
      sessions: 0,
      efficiency: null,
      isInefficient: false,
    })),
  );
});

test('`agents --watch --json` prints what changed, until it is told to stop', async () => {
  const [first = [], second = []] = [0, 5].map((spent) =>
    resourcesOf({
      ...nothing,
      promptsOf: (agent) => ({ spent: agent === 'developer' ? spent : 1 }),
    }),
  );
  const looks = [first, second];
  const printed = await typed(['--watch', '--json'], [], {
    async resources() {
      // A signal that the runner of the tests does not listen to.
      if (looks.length === 1) setImmediate(() => process.emit('SIGHUP'));
      return looks.shift() ?? second;
    },
    async *watch(_from, signal) {
      while (!signal.aborted) {
        await new Promise(setImmediate);
        yield { id: 1, at: '', type: 'task.resumed', taskId, reason: 'granted' };
      }
    },
  });
  const lines = printed.trim().split('\n');
  expect(lines).toHaveLength(7);
  expect(JSON.parse(lines[6] ?? '')).toMatchObject({ role: 'developer', prompts: { spent: 5 } });
});

test('who is asked inside a project that runs is at work as well, and nobody while nobody drives it', async () => {
  const project = report({
    agent: 'project-manager',
    driven: true,
    promptsUsed: 3,
    state: beginProject(plan, { attempts: 3, isApprovalNeeded: false }),
  });
  const active = (tasks: readonly TaskReport[]) =>
    typed(['--json'], tasks).then((printed) =>
      printed.split('\n').flatMap((line) => (line.includes('"active"') ? [JSON.parse(line).role] : [])),
    );
  expect(await active([project])).toEqual(['project-manager', 'creative-innovator']);
  expect(await active([{ ...project, driven: false }])).toEqual([]);
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

test('`agents priority` scores without the system and without a model', async () => {
  expect(await type('priority', '9', '7')).toBe('Priority: high (9 × 7 = 63)\n');
  expect(await type('priority', '10', '10')).toBe('Priority: critical (10 × 10 = 100)\n');
});

test.each([
  ['0', '5', 'The importance is “0”.'],
  ['5', '11', 'The urgency is “11”.'],
  ['much', '5', 'The importance is “much”.'],
  ['5', '1.5', 'The urgency is “1.5”.'],
])('a priority of %s and %s is a mistake of the person', async (importance, urgency, message) => {
  await expect(type('priority', importance, urgency)).rejects.toMatchObject({
    name: 'UsageError',
    message,
    cure: 'Give a whole number from 1 to 10.',
  });
});

test('a name of nobody is a mistake of the person, with the name that was meant', async () => {
  await expect(type('show', 'coahc')).rejects.toThrow(UsageError);
  await expect(type('show', 'coahc')).rejects.toMatchObject({ cure: 'Did you mean: spiral agents show coach' });
});
