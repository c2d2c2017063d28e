import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { Containment, Launch, Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { Need } from '../../support/needs.ts';

/** Every containment, and the program that it needs. */
export const containments: readonly { readonly containment: Containment; readonly programs: readonly Need[] }[] = [
  { containment: 'bubblewrap', programs: ['bwrap'] },
  { containment: 'parent-death-signal', programs: ['setpriv'] },
  { containment: 'none', programs: [] },
];

export type Place = {
  readonly home: string;
  readonly sandbox: Sandbox;
  /** What starts a script in a shell. */
  shell(script: string, environment?: Readonly<Record<string, string>>): Launch;
  leave(): void;
};

export const searchPath = process.env['PATH'] ?? '';

export const limits = { timeoutMs: 60_000, outputBytes: 100_000 };

/** A sandbox with a state root of its own. */
export function newPlace(containment: Containment): Place {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-sandbox-')));
  const runFile = openRunFile(home);
  const sandbox = openProcessSandbox(containment, runFile);
  return {
    home,
    sandbox,
    shell: (script, environment = {}) => ({
      command: 'sh',
      args: ['-c', script],
      cwd: home,
      env: { PATH: searchPath, ...environment },
      purpose: 'a test',
    }),
    leave() {
      sandbox.killAll();
      runFile.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
