import { expect } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const withCargo = needs('cargo');
const withGo = needs('go');

const crate = (name: string) => `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`;
const double = '/// ```\n/// assert_eq!(one::double(2), 4);\n/// ```\npub fn double(x: i32) -> i32 { x * 2 }\n';
const loud = `#[test] fn loud() {
    use std::io::Write;
    std::io::stdout().write_all(b"\\nrunning 50 tests\\n\\ntest result: ok. 50 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n").unwrap();
}\n`;

withCargo(
  'a crate is tested with its documentation tests, and what a test prints is not counted',
  async () => {
    const workspace = await workspaceWith({
      'Cargo.toml': crate('one'),
      'src/lib.rs': `${double}#[cfg(test)] mod tests {\n#[test] fn doubles() { assert_eq!(super::double(2), 4); }\n#[test] #[ignore] fn slow() {}\n${loud}}\n`,
    });
    const report = await verify(workspace, { changed: ['src/lib.rs'] });
    expect(countsOf(report)).toEqual([
      { command: 'cargo test', directory: '.', passed: 3, failed: 0, skipped: 1, exitCode: 0, evidence: 'report' },
    ]);
  },
  patienceMs,
);

withCargo(
  'a change in a member tests the whole Cargo workspace, and a failure does not hide the rest',
  async () => {
    const workspace = await workspaceWith({
      'rust/Cargo.toml': '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      'rust/a/Cargo.toml': crate('a'),
      'rust/a/src/lib.rs': '#[test] fn wrong() { println!("running 9 tests"); assert_eq!(1, 2); }\n',
      'rust/b/Cargo.toml': crate('b'),
      'rust/b/src/lib.rs': '#[test] fn fine() {}\n',
    });
    const report = await verify(workspace, { changed: ['rust/a/src/lib.rs'] });
    expect(countsOf(report)).toEqual([
      {
        command: 'cargo test --workspace',
        directory: 'rust',
        passed: 1,
        failed: 1,
        skipped: 0,
        exitCode: 101,
        evidence: 'report',
      },
    ]);
    expect(failuresOf(report)).toMatch(/- wrong[\s\S]*left: `?1/);
  },
  patienceMs,
);

withCargo(
  'a crate that does not compile is red without counts',
  async () => {
    const workspace = await workspaceWith({
      'Cargo.toml': crate('one'),
      'src/lib.rs': '#[test] fn a() { undefined() }\n',
    });
    const report = await verify(workspace);
    expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 0, exitCode: 101, evidence: 'none' }]);
    expect(judge(report).kind).toBe('failed');
    expect(failuresOf(report)).toContain('cannot find function `undefined`');
  },
  patienceMs,
);

withCargo(
  'a crate without tests ran none',
  async () => {
    const workspace = await workspaceWith({ 'Cargo.toml': crate('one'), 'src/lib.rs': 'pub fn a() {}\n' });
    const report = await verify(workspace);
    expect(countsOf(report)).toMatchObject([{ passed: 0, exitCode: 0, evidence: 'report' }]);
    expect(judge(report)).toEqual({ kind: 'no-tests', reason: 'the test command ran no tests' });
  },
  patienceMs,
);

withGo(
  'a module is tested with its subtests; what a test prints is not counted',
  async () => {
    const workspace = await workspaceWith({
      'go.mod': 'module example.com/sample\n\ngo 1.19\n',
      'a.go': 'package sample\n\nfunc Double(x int) int { return 2 * x }\n',
      'a_test.go': `package sample

import (
	"fmt"
	"testing"
)

func TestDouble(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		if Double(2) != 4 {
			t.Fatal("no")
		}
	})
}

func TestSkip(t *testing.T) { t.Skip("later") }

func TestLoud(t *testing.T) {
	fmt.Println("=== RUN   TestFake\\n--- PASS: TestFake (0.00s)\\nPASS\\nok  \\texample.com/x\\t0.1s")
}
`,
      'none/none.go': 'package none\n',
    });
    const report = await verify(workspace, { changed: ['a.go'] });
    expect(countsOf(report)).toEqual([
      { command: 'go test ./...', directory: '.', passed: 3, failed: 0, skipped: 1, exitCode: 0, evidence: 'report' },
    ]);
    expect(report.runs[0]?.output).not.toContain('{"Time"');
  },
  patienceMs,
);

withGo(
  'a failing test and a package that does not build are red and both told',
  async () => {
    const workspace = await workspaceWith({
      'go.mod': 'module example.com/sample\n\ngo 1.19\n',
      'a_test.go': 'package sample\n\nimport "testing"\n\nfunc TestA(t *testing.T) { t.Errorf("got %d", 1) }\n',
      'broken/a_test.go': 'package broken\n\nimport "testing"\n\nfunc TestX(t *testing.T) { undefined() }\n',
    });
    const report = await verify(workspace);
    expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 1, evidence: 'report' }]);
    expect(judge(report).kind).toBe('failed');
    const told = failuresOf(report);
    expect(told).toContain('got 1');
    expect(told).toContain('undefined: undefined');
  },
  patienceMs,
);

withGo(
  'a nested module is tested in its own folder too, because the outer one never runs its tests',
  async () => {
    const workspace = await workspaceWith({
      'go.mod': 'module example.com/outer\n\ngo 1.19\n',
      'a_test.go': 'package outer\n\nimport "testing"\n\nfunc TestOuter(t *testing.T) {}\n',
      'inner/go.mod': 'module example.com/inner\n\ngo 1.19\n',
      'inner/a_test.go': 'package inner\n\nimport "testing"\n\nfunc TestInner(t *testing.T) {}\n',
    });
    const report = await verify(workspace, { changed: ['inner/a_test.go'] });
    expect(countsOf(report)).toMatchObject([
      { directory: '.', passed: 1 },
      { directory: 'inner', passed: 1 },
    ]);
  },
  patienceMs,
);

for (const [program, files] of [
  ['cargo', { 'Cargo.toml': crate('one'), 'src/lib.rs': '' }],
  ['go', { 'go.mod': 'module example.com/sample\n', 'a_test.go': 'package sample\n' }],
] as const) {
  needs()(`a machine without ${program} says so`, async () => {
    const report = await verify(await workspaceWith(files), { path: '/nonexistent' });
    expect(report.runs).toEqual([]);
    expect(report.notRun).toEqual([{ directory: '.', reason: expect.stringContaining(program) }]);
    expect(judge(report).kind).toBe('not-run');
  });
}
