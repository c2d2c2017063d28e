import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardSetting, guardHook, judge } from './guard.ts';

const tools = ['Bash', 'Read', 'Write', 'Edit', 'Grep', 'Glob', 'NotebookEdit', 'mcp__team__ask'];

let root: string;
let workspace: string;
let setting: GuardSetting;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-guard-')));
  workspace = join(root, 'work');
  for (const folder of ['work/src', 'work/.git', 'work/Ordner', 'outside', 'work-beside', 'manuals']) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'file.txt'), 'x\n');
  }
  symlinkSync(join(root, 'outside'), join(workspace, 'away'));
  symlinkSync(join(root, 'outside', 'file.txt'), join(workspace, 'file-away'));
  symlinkSync(join(root, 'outside', 'not-there'), join(workspace, 'new-away'));
  symlinkSync('away', join(workspace, 'twice-away'));
  symlinkSync('src', join(workspace, 'inside'));
  symlinkSync('.git', join(workspace, 'hidden-git'));
  symlinkSync('round', join(workspace, 'round'));
  // One name in two spellings: the file system tells them apart, Claude Code may not.
  symlinkSync(join(root, 'outside'), join(workspace, 'caf\u00e9'));
  setting = { workspace, readable: [join(root, 'manuals')], tools };
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function kindOf(tool: string, input: unknown, folder = workspace): string {
  return judge(tool, input, folder, setting).kind;
}

const readers = ['Read', 'Grep', 'Glob'] as const;
const writers = ['Write', 'Edit', 'NotebookEdit'] as const;

function call(tool: string, path: string): unknown {
  if (tool === 'Grep' || tool === 'Glob') return { pattern: 'x', path };
  return tool === 'NotebookEdit' ? { notebook_path: path } : { file_path: path };
}

describe.each([...readers, ...writers])('%s', (tool) => {
  test.each([
    'src/file.txt',
    './src/../src/new/deep/file.txt',
    'inside/file.txt',
    'new.txt',
    '..file',
    'a b',
    'Ordner/FILE.txt',
  ])('may reach %s', (path) => {
    expect(kindOf(tool, call(tool, path))).toBe('allowed');
    expect(kindOf(tool, call(tool, join(workspace, path)))).toBe('allowed');
  });

  test.each([
    '..',
    '../outside/file.txt',
    '../work-beside/file.txt',
    'src/../../outside',
    'away',
    'away/file.txt',
    'away/new.txt',
    'file-away',
    'new-away',
    'twice-away/new/deep.txt',
    'inside/../away/file.txt',
    'round',
    'round/file.txt',
    'caf\u00e9/file.txt',
    'cafe\u0301/file.txt',
    '/etc/passwd',
    '/',
    '/proc/self/environ',
    '/proc/self/root/etc/passwd',
    '~/.ssh/id_rsa',
    '~root/x',
    ' /etc/passwd',
    '/etc/passwd\n',
    'src/file.txt\0',
    'file:///etc/passwd',
    '\\\\server\\share',
    '',
  ])('may not reach %j', (path) => {
    expect(kindOf(tool, call(tool, path))).toBe('refused');
  });

  test.each([undefined, null, 'src/file.txt', 7, [], ['src/file.txt'], { file: 'src/file.txt' }])(
    'is refused with %j, which nobody understands',
    (input) => expect(kindOf(tool, input)).toBe('refused'),
  );

  test('is refused with a second place beside the one that was looked at', () => {
    const input = { ...(call(tool, 'src/file.txt') as object), other_path: '/etc/passwd' };
    expect(kindOf(tool, input)).toBe('refused');
  });

  test('is refused with a place that is no text', () => {
    for (const path of [['src'], { toString: 'src' }, 7, true])
      expect(kindOf(tool, call(tool, path as unknown as string))).toBe('refused');
  });
});

test('what may be read outside of the workspace may not be written', () => {
  const path = join(root, 'manuals', 'file.txt');
  for (const tool of readers) expect(kindOf(tool, call(tool, path))).toBe('allowed');
  for (const tool of writers) expect(kindOf(tool, call(tool, path))).toBe('refused');
});

test.each(['.git/config', '.git', '.GIT/hooks/pre-commit', 'hidden-git/config', 'src/.git/config', 'src/../.git/x'])(
  'the data of git may be read and not written: %s',
  (path) => {
    for (const tool of readers) expect(kindOf(tool, call(tool, path))).toBe('allowed');
    for (const tool of writers) expect(kindOf(tool, call(tool, path))).toBe('refused');
  },
);

test('files whose names only begin like the data of git may be written', () => {
  for (const path of ['.gitignore', '.github/workflows/ci.yml', 'git/x'])
    expect(kindOf('Write', { file_path: path })).toBe('allowed');
});

test('a search without a place is one of the workspace', () => {
  expect(kindOf('Grep', { pattern: '/etc/../x', output_mode: 'content', '-n': true, glob: '*.ts' })).toBe('allowed');
  expect(kindOf('Glob', { pattern: '**/*.{ts,js}' })).toBe('allowed');
  expect(kindOf('Glob', { pattern: join(workspace, 'src/*.ts') })).toBe('allowed');
});

test.each([
  '../*',
  'src/../../*',
  '/etc/*',
  '~/*',
  '{/etc,src}/*',
  '{src,../outside}/*',
  'away/*/../../*',
  '/',
  ' /etc/*',
])('no pattern leads out of the workspace: %s', (pattern) => {
  expect(kindOf('Glob', { pattern })).toBe('refused');
  expect(kindOf('Grep', { pattern: 'x', glob: pattern })).toBe('refused');
});

test('a relative path begins where the session stands, which may be outside', () => {
  expect(kindOf('Read', { file_path: 'file.txt' }, join(workspace, 'src'))).toBe('allowed');
  expect(kindOf('Read', { file_path: 'file.txt' }, join(root, 'outside'))).toBe('refused');
});

test('a tool that is not on the list is refused, whatever it is', () => {
  for (const tool of ['WebFetch', 'Task', 'Agent', 'MultiEdit', 'mcp__other__tool', 'bash', ''])
    expect(kindOf(tool, { file_path: 'src/file.txt' })).toBe('refused');
  expect(judge('Unheard', {}, workspace, { ...setting, tools: ['Unheard'] }).kind).toBe('refused');
  expect(kindOf('mcp__team__ask', { question: 'why?' })).toBe('allowed');
});

test('commands run in the sandbox and in the foreground only', () => {
  expect(kindOf('Bash', { command: 'ls /etc', description: 'Look', timeout: 1000 })).toBe('allowed');
  expect(kindOf('Bash', { command: 'ls', dangerouslyDisableSandbox: false, run_in_background: false })).toBe('allowed');
  for (const flag of ['dangerouslyDisableSandbox', 'run_in_background'])
    for (const value of [true, 'true', 1, {}]) expect(kindOf('Bash', { command: 'ls', [flag]: value })).toBe('refused');
  for (const command of [undefined, 7, ['ls'], 'ls\0']) expect(kindOf('Bash', { command })).toBe('refused');
});

test('no path of random steps is allowed that ends outside', () => {
  const steps = fc.constantFrom(
    '..',
    '.',
    'src',
    'away',
    'inside',
    'twice-away',
    'outside',
    'work',
    'new',
    'file.txt',
    '.git',
    '',
  );
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 8 }), fc.boolean(), (parts, isAbsolute) => {
      const path = (isAbsolute ? [workspace, ...parts] : parts).join('/');
      if (kindOf('Write', { file_path: path }) === 'refused') return;
      // Where the system itself would get to, link by link.
      const real = landing(isAbsolute ? path : join(workspace, '.').concat('/', path));
      expect(real === workspace || real.startsWith(`${workspace}/`)).toBe(true);
      expect(real.split('/')).not.toContain('.git');
    }),
    { numRuns: 1000 },
  );
});

test('whatever comes, there is an answer', () => {
  fc.assert(
    fc.property(fc.constantFrom(...tools, 'Other'), fc.anything(), fc.string(), (tool, input, path) => {
      expect(['allowed', 'refused']).toContain(kindOf(tool, input));
      expect(['allowed', 'refused']).toContain(kindOf(tool, call(tool, path)));
    }),
    { numRuns: 200 },
  );
});

test('the hook refuses what the guard refuses, and blocks when it fails itself', async () => {
  const { hooks, onFailure, timeout } = guardHook(setting);
  expect(onFailure).toBe('block');
  expect(timeout).toBeGreaterThan(0);
  const event = { session_id: 's', transcript_path: '', cwd: workspace, tool_use_id: 't' };
  const ask = async (tool_name: string, tool_input: unknown) =>
    hooks[0]?.({ ...event, hook_event_name: 'PreToolUse', tool_name, tool_input }, 't', {
      signal: new AbortController().signal,
    });
  expect(await ask('Read', { file_path: 'src/file.txt' })).toEqual({});
  expect(await ask('Read', { file_path: '/etc/passwd' })).toMatchObject({
    hookSpecificOutput: {
      permissionDecision: 'deny',
      permissionDecisionReason: expect.stringContaining('/etc/passwd'),
    },
  });
});

/** Step by step as the system walks: `..` behind a link leaves the folder that the link leads to. */
function landing(path: string): string {
  let place = '/';
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const next = join(place, part);
    try {
      place = realpathSync(next);
    } catch {
      place = next;
    }
  }
  return place;
}
