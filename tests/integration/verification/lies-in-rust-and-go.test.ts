import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, type Files, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const withCargo = needs('cargo');
const withGo = needs('go');

const crate = (more = '') => `[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
const fine = '#[test] fn fine() {}\n';
const broken = '#[test] fn broken() { assert_eq!(1, 2); }\n';
const summary =
  'running 3 tests\\ntest a ... ok\\ntest b ... ok\\ntest c ... ok\\n\\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n';

async function report(files: Files, executable: readonly string[] = []) {
  const workspace = await workspaceWith(files);
  for (const name of executable) await chmod(join(workspace, name), 0o755);
  return verify(workspace, { changed: Object.keys(files) });
}

withCargo(
  'a test program without the harness, and one that ends itself, prove nothing',
  async () => {
    const own = {
      'Cargo.toml': crate('[[test]]\nname = "own"\nharness = false\n'),
      'src/lib.rs': fine,
      'tests/own.rs': `fn main() { print!("${summary}"); }\n`,
    };
    expect(judge(await report(own))).toEqual({ kind: 'distrusted', reason: expect.stringContaining('harness') });

    const ending = {
      'Cargo.toml': crate(),
      'src/lib.rs': fine,
      'tests/ending.rs': `#[test] fn ends() { std::process::exit(0) }\n${broken}`,
    };
    expect(judge(await report(ending)).kind).toMatch(/distrusted|failed/);
  },
  patienceMs,
);

withCargo(
  'settings that replace what compiles or runs tests are told',
  async () => {
    const runner = `#!/bin/sh\nprintf '${summary}'\n`;
    const files = { 'Cargo.toml': crate(), 'src/lib.rs': broken };
    const target = '[target.\'cfg(all())\']\nrunner = "./runner.sh"\n';
    for (const config of ['.cargo/config.toml', '.cargo/config']) {
      const verdict = judge(await report({ ...files, 'runner.sh': runner, [config]: target }, ['runner.sh']));
      expect(verdict, config).toEqual({ kind: 'distrusted', reason: `${config} sets runner` });
    }
    const wrapper = {
      '.cargo/config.toml': '[build]\nrustc-wrapper = "./wrapper.sh"\n',
      'wrapper.sh': '#!/bin/sh\nexec "$@"\n',
    };
    const wrapped = judge(await report({ ...files, ...wrapper, 'src/lib.rs': fine }, ['wrapper.sh']));
    expect(wrapped.kind).toMatch(/distrusted|failed/);
    const alias = { '.cargo/config.toml': '[alias]\ntest = "build"\n' };
    expect(judge(await report({ ...files, ...alias })).kind).toBe('failed');
  },
  2 * patienceMs,
);

withCargo(
  'what a build script prints is not counted, and ignored tests are counted as skipped',
  async () => {
    const printing = `fn main() { print!("${summary}"); println!("cargo:warning=running 3 tests"); eprintln!("x"); }\n`;
    const files = {
      'Cargo.toml': crate(),
      'build.rs': printing,
      'src/lib.rs': `${fine}#[test] #[ignore] fn slow() {}\n`,
    };
    const found = await report(files);
    expect(countsOf(found)).toMatchObject([{ passed: 1, failed: 0, skipped: 1 }]);
    expect(found.runs[0]?.tests?.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'fine', outcome: 'passed' },
      { name: 'slow', outcome: 'skipped' },
    ]);
  },
  patienceMs,
);

withCargo(
  'a cargo of the workspace in the search path is not used',
  async () => {
    const workspace = await workspaceWith({ 'Cargo.toml': crate(), 'src/lib.rs': broken });
    await mkdir(join(workspace, 'bin'));
    await writeFile(join(workspace, 'bin/cargo'), `#!/bin/sh\nprintf '${summary}'\n`);
    await chmod(join(workspace, 'bin/cargo'), 0o755);
    const path = `${join(workspace, 'bin')}:${process.env['PATH']}`;
    expect(judge(await verify(workspace, { changed: ['src/lib.rs'], path })).kind).toBe('failed');
  },
  patienceMs,
);

const module_ = 'module example.com/sample\n\ngo 1.19\n';
const goTest = (name: string, body = '') => `func ${name}(t *testing.T) {${body}}\n`;
const goFile = (...parts: readonly string[]) =>
  `package sample\n\nimport (\n\t"os"\n\t"testing"\n)\n\nvar _ = os.Exit\n\n${parts.join('\n')}`;

withGo(
  'a TestMain that runs nothing is not covered by another package',
  async () => {
    const verdict = judge(
      await report({
        'go.mod': module_,
        'a_test.go': goFile('func TestMain(m *testing.M) { os.Exit(0) }', goTest('TestBroken', 't.Fatal("no")')),
        'b/b_test.go': `package b\n\nimport "testing"\n\n${goTest('TestFine')}`,
      }),
    );
    expect(verdict).toEqual({ kind: 'distrusted', reason: 'TestBroken was declared and did not run' });
  },
  patienceMs,
);

withGo(
  'settings of go in a home choose no tests, and tests behind a condition of the build are nobody’s lie',
  async () => {
    const workspace = await workspaceWith({
      'go.mod': module_,
      'a_test.go': goFile(goTest('TestFine'), goTest('TestBroken', 't.Fatal("no")')),
    });
    const home = await workspaceWith({ '.config/go/env': 'GOFLAGS=-run=TestFine\n' });
    const environment = { HOME: home, GOFLAGS: '', GOPATH: join(home, 'go'), GOCACHE: join(home, 'cache') };
    expect(judge(await verify(workspace, { changed: ['a_test.go'], environment })).kind).toBe('failed');

    const conditional = {
      'go.mod': module_,
      'a_test.go': goFile(goTest('TestFine')),
      'slow_test.go': `//go:build slow\n\n${goFile(goTest('TestSlow', 't.Fatal("no")'))}`,
      'a_plan9_test.go': goFile(goTest('TestElsewhere', 't.Fatal("no")')),
    };
    expect(judge(await report(conditional))).toEqual({ kind: 'passed' });
  },
  patienceMs,
);
