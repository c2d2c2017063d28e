import { describe, expect, test } from 'vitest';
import { type ToolPermissions, toolManifest } from '../../domain/tool.ts';
import { rowOfDependencies } from './dependencies.ts';
import { rowOfScan } from './scan.ts';
import { sourcesIn, usesOfTool } from './sources.ts';

const permissions = { read: [], write: [], hosts: [], env: [], subprocess: false };

function manifestOf(more: object = {}) {
  return toolManifest.parse({
    ...{ name: 'echo', version: '1.0.0', description: 'Says what it was told.', language: 'node', entry: 'index.mjs' },
    ...{ inputSchema: { type: 'object' }, outputSchema: {}, ...more },
  });
}

function scanned(texts: Record<string, string | Uint8Array>, more: object = {}, before?: ToolPermissions) {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  const manifest = manifestOf(more);
  const sources = sourcesIn(files, manifest);
  const uses = usesOfTool(sources, manifest);
  return {
    scan: rowOfScan({ files, sources, uses, manifest, before }),
    dependencies: rowOfDependencies(manifest, files, sources),
  };
}

describe('the scan', () => {
  test('tells where something is done that the manifest does not ask for', () => {
    const { scan } = scanned({ 'index.mjs': "const a = 1;\nawait fetch('x');" });
    expect(scan.findings).toEqual([
      'index.mjs, line 2: fetch(: the network is used, and permissions.hosts names no host',
    ]);
  });

  test('takes what the manifest asks for', () => {
    const asked = {
      permissions: { ...permissions, hosts: ['api.example.org'], subprocess: true, read: ['$WORKSPACE'] },
    };
    const text = "import 'node:child_process';\nimport fs from 'fs';\nawait fetch('x'); fs.readFileSync(path);";
    expect(scanned({ 'index.mjs': text }, asked).scan.findings).toEqual([]);
  });

  test('no right allows code that nobody can read', () => {
    const all = { permissions: { ...permissions, hosts: ['a.example.org'], subprocess: true, read: ['/data'] } };
    expect(scanned({ 'index.mjs': 'eval(x)' }, all).scan.verdict).toBe('failed');
  });

  test('tests may start the tool, but what the tool itself names is part of it', () => {
    const runner = "import { spawnSync } from 'node:child_process';";
    const tests = { 'test/run.test.mjs': runner };
    expect(scanned({ 'index.mjs': 'const run = 1;', ...tests }).scan.verdict).toBe('passed');
    expect(scanned({ 'index.mjs': "import '../tool/test/run.test.mjs';", ...tests }).scan.verdict).toBe('failed');
  });

  test('tells which rights are new', () => {
    const asked = { permissions: { ...permissions, hosts: ['a.example.org', 'b.example.org'] } };
    const before = { ...permissions, hosts: ['a.example.org'] };
    const { scan } = scanned({ 'index.mjs': '' }, asked, before);
    expect(scan.detail).toContain('it asks for more than the version before: hosts b.example.org');
  });

  test('finds secrets, and does not repeat them', () => {
    const key = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
    const { scan } = scanned({ 'index.mjs': '', 'README.md': `a\n${key}\n` });
    expect(scan.findings).toEqual(['README.md, line 2: a token of GitHub stands in it']);
  });

  test('takes what is plainly no secret', () => {
    const text =
      "const apiKey = input.apiKey; const token = 'your-token-goes-here'; const tokenName = 'authorization-header'; const passwordHint = 'at least 12 letters and a digit';";
    expect(scanned({ 'index.mjs': text, 'README.md': 'AKIAIOSFODNN7EXAMPLE' }).scan.findings).toEqual([]);
  });

  test.each<[string, string | Uint8Array]>([
    ['a line without an end', `const a = [${'1,'.repeat(2_000)}];`],
    ['a block of base64', `const a = '${Buffer.from('x'.repeat(600)).toString('base64')}';`],
    ['text in codes', `const a = '${'\\x41'.repeat(20)}';`],
    ['text from numbers', 'String.fromCharCode(101, 118, 97, 108, 40, 49, 41)'],
    ['names of a machine', Array.from({ length: 6 }, (_, at) => `var _0x${4096 + at} = 1;`).join('\n')],
    ['letters that turn the order', 'if (a /*\u202e*/) { }'],
    ['a file that is no text', new Uint8Array([0, 255, 254, 1])],
  ])('refuses what nobody can read: %s', (_, text) => {
    expect(scanned({ 'index.mjs': text }).scan.verdict).toBe('failed');
  });

  test('a program within the command line is refused', () => {
    const more = { language: 'command', command: ['bash', '-c', 'cat'] };
    expect(scanned({ 'index.mjs': '' }, more).scan.verdict).toBe('failed');
  });
});

describe('packages', () => {
  test('a tool that needs none passes', () => {
    expect(
      scanned({ 'index.mjs': "import './a.mjs'; import fs from 'fs'; import 'node:path';" }).dependencies.verdict,
    ).toBe('passed');
  });

  test('one that it does not name is told', () => {
    expect(scanned({ 'index.mjs': "import x from 'left-pad';" }).dependencies.findings.join()).toContain('left-pad');
  });

  test('versions have to be exact and locked, and even then they cannot be had', () => {
    const { dependencies } = scanned(
      { 'index.mjs': '' },
      { dependencies: { a: '^1.0.0', b: 'git+https://example.org/b', c: '1.2.3' } },
    );
    expect(dependencies.findings.join('\n')).toMatch(
      /^a "\^1.0.0": [\s\S]*\nb "git[\s\S]*package-lock.json[\s\S]*no packages are installed/,
    );
    expect(dependencies.findings.join('\n')).not.toMatch(/^c /m);
  });
});
