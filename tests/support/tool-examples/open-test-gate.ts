import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openToolCells } from '../../../src/sandbox/cells/open-cells.ts';
import type { ToolCells } from '../../../src/sandbox/cells.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { openGate } from '../../../src/toolbox/gate/open-gate.ts';
import type { Gate, Gated } from '../../../src/toolbox/gate.ts';
import type { WrittenTool } from './written-tool.ts';

export type TestGate = {
  readonly gate: Gate;
  readonly cells: ToolCells;
  /** Where candidates lie while they are tried. */
  readonly folder: string;
  check(tool: Pick<WrittenTool, 'files' | 'heldOut'>, seed?: number): Promise<Gated>;
  close(): void;
};

const usualSeed = 7;

/** The gate with real cells, on a machine of its own. */
export function openTestGate(searchPath: string): TestGate {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-test-gate-')));
  const [home, stateRoot, folder] = [join(base, 'home'), join(base, 'home/.spiral'), join(base, 'tried')];
  mkdirSync(stateRoot, { recursive: true });
  mkdirSync(folder);
  const runFile = openRunFile(stateRoot);
  const cells = openToolCells(runFile, { home, stateRoot, searchPath });
  const gate = openGate({ cells, folder });
  return {
    gate,
    cells,
    folder,
    check: ({ files, heldOut }, seed = usualSeed) =>
      gate.check({ files, heldOut, version: '1.0.0' }, seed, AbortSignal.timeout(patienceMs)),
    close() {
      runFile.close();
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const patienceMs = 300_000;
