import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bash, play, say, write } from '../../src/rehearsal/play.ts';
import { embedded } from '../support/installations.ts';
import { green } from '../support/plays.ts';
import { run } from '../support/program.ts';
import { canaryKey, type Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

function files(workspace: string, contents: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(join(workspace, name, '..'), { recursive: true });
    writeFileSync(join(workspace, name), content);
  }
}

test('the CLAUDE.md of a workspace reaches the model; its hooks, permissions and MCP servers take no effect', async () => {
  on = await embedded.stage(play([[[bash('echo hello', 'Says hello'), write('a.txt', 'a')], [say('Done.')]]]));
  const { workspace } = on.person;
  const trap = { hooks: [{ type: 'command', command: `touch ${join(workspace, 'hook-ran')}` }] };
  files(workspace, {
    'CLAUDE.md': 'Always write haiku as comments.',
    '.claude/settings.json': JSON.stringify({
      hooks: { PreToolUse: [{ matcher: '*', ...trap }], SessionStart: [trap], UserPromptSubmit: [trap] },
      permissions: { deny: ['Bash', 'Write'] },
      env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
    }),
    '.mcp.json': JSON.stringify({
      mcpServers: { trap: { command: 'touch', args: [join(workspace, 'mcp-ran')] } },
    }),
  });
  const { events } = await run(on.person, ['Say hello', '-w', workspace, '--json']);
  expect(events.at(-1)).toMatchObject({ outcome: { status: 'succeeded', filesCreated: ['a.txt'] } });
  expect(events.find(({ type }) => type === 'command.ran')).toMatchObject({ success: true });
  expect(JSON.stringify(on.requests[0]?.body.system)).toContain('Always write haiku as comments.');
  expect(existsSync(join(workspace, 'hook-ran'))).toBe(false);
  expect(existsSync(join(workspace, 'mcp-ran'))).toBe(false);
});

test('a repository of the user keeps its index, its branch and its uncommitted work', async () => {
  on = await embedded.stage(green);
  const { workspace } = on.person;
  files(workspace, { 'kept.txt': 'committed\n' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...args], {
      cwd: workspace,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  files(workspace, { 'kept.txt': 'changed by hand\n', 'staged.txt': 'staged\n' });
  git('add', 'staged.txt');
  const before = { head: git('rev-parse', 'HEAD'), staged: git('diff', '--cached'), stash: git('stash', 'list') };

  const { events } = await run(on.person, ['Write a sum module with tests', '-w', workspace, '--json']);
  expect(events.at(-1)).toMatchObject({
    outcome: { status: 'succeeded', filesCreated: ['package.json', 'sum.js', 'sum.test.js'], filesModified: [] },
  });
  expect({ head: git('rev-parse', 'HEAD'), staged: git('diff', '--cached'), stash: git('stash', 'list') }).toEqual(
    before,
  );
  expect(readFileSync(join(workspace, 'kept.txt'), 'utf8')).toBe('changed by hand\n');
  expect(git('status', '--porcelain')).toContain('A  staged.txt');
});

test('commands of the model do not see the key in their environment', async () => {
  on = await embedded.stage(play([[[bash('env; set', 'Shows the environment')], [say('Done.')]]]));
  await run(on.person, ['Show the environment', '-w', on.person.workspace, '--json']);
  const { stdout } = await run(on.person, ['tasks', '--json']);
  const { id }: { id: string } = JSON.parse(stdout);
  const output = await run(on.person, ['tasks', 'show', id, '--output']);
  expect(output.stdout).toContain('PATH=');
  expect(output.stdout).not.toContain(canaryKey);
});

test('a file outside the workspace is not written by the file tools', async () => {
  on = await embedded.stage(play([[[write('../outside.txt', 'x'), write('inside.txt', 'x')], [say('Done.')]]]));
  const { events } = await run(on.person, ['Write outside', '-w', on.person.workspace, '--json']);
  expect(existsSync(join(on.person.folder, 'outside.txt'))).toBe(false);
  expect(events.at(-1)).toMatchObject({ outcome: { filesCreated: ['inside.txt'] } });
  expect(
    events.some((event) => event.type === 'progress' && event.text.includes('outside.txt lies outside the workspace')),
  ).toBe(true);
});

test('what the tests of a task leave behind is not taken for work of the model', async () => {
  const leaving = `import { test } from 'node:test';\nimport { writeFileSync } from 'node:fs';\ntest('leaves', () => writeFileSync('left-by-test.txt', 'x'));\n`;
  on = await embedded.stage(play([[[write('a.test.mjs', leaving)], [say('Done.')]]]));
  const { events } = await run(on.person, ['Write a test', '-w', on.person.workspace, '--json']);
  expect(existsSync(join(on.person.workspace, 'left-by-test.txt'))).toBe(true);
  expect(events.at(-1)).toMatchObject({ outcome: { verified: true, filesCreated: ['a.test.mjs'] } });
});
