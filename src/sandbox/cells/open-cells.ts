import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation, ToolCells, ToolRun } from '../cells.ts';
import type { RunFile } from '../processes/run-file.ts';
import { startTree } from '../processes/start-tree.ts';
import type { CallPlace, CellsSetting } from './call-place.ts';
import { permittedFor } from './permitted.ts';
import { findPrograms, type KnownPrograms } from './programs.ts';
import { notStarted } from './run-call.ts';
import { runIsolated } from './run-isolated.ts';
import { runReduced } from './run-reduced.ts';

type Found = {
  readonly isolation: Isolation;
  readonly programs: KnownPrograms;
  /** Whether it would be found again: a machine that is too busy for a trial may have time for the next one. */
  readonly isSure: boolean;
};

/** Opens cells whose trees are listed in the run file. Nothing is started or looked for before the first call. */
export function openToolCells(runFile: RunFile, setting: CellsSetting): ToolCells {
  let found: Promise<Found> | undefined;
  const start: CallPlace['start'] = (program) => startTree(runFile, setting.stops, program);
  const find = async () => {
    found ??= findIsolation(setting, start);
    const trial = found;
    const isSure = await trial.then(
      (result) => result.isSure,
      () => false,
    );
    if (!isSure && found === trial) found = undefined;
    return trial;
  };
  return {
    isolation: async () => (await find()).isolation,
    async run(run, signal) {
      let isolation: Isolation = 'none';
      try {
        const known = await find();
        const { programs } = known;
        isolation = known.isolation;
        const permitted = permittedFor(run, setting);
        if (typeof permitted === 'string') return notStarted(isolation, permitted);
        const place: CallPlace = { setting, programs, start, permitted };
        return isolation === 'bubblewrap'
          ? await runIsolated(place, run, signal)
          : await runReduced(place, isolation, run, signal);
      } catch (error) {
        // A folder that went in this moment, or a full disk: no call was made.
        return notStarted(isolation, error instanceof Error ? error.message : String(error));
      }
    },
  };
}

const trialText = 'works';
const trialLimits = { timeoutMs: 10_000, memoryBytes: 1024 ** 3, cpuSeconds: 5, processes: 64, fileBytes: 1024 ** 2 };

/** Runs Node in a cell, and where that does not work in namespaces: what comes through tells. */
async function findIsolation(setting: CellsSetting, start: CallPlace['start']): Promise<Found> {
  const programs = await findPrograms(setting.searchPath);
  if (process.platform !== 'linux') return { isolation: 'none', programs, isSure: true };
  const folder = mkdtempSync(join(tmpdir(), 'spiral-trial-'));
  const trial: ToolRun = {
    program: ['node', '-e', `process.stdout.write('${trialText}')`],
    folder,
    input: '',
    env: {},
    permissions: { read: [], write: [], hosts: [], env: [], subprocess: false },
    limits: { ...trialLimits, outputBytes: 1000 },
    purpose: 'a trial of the sandbox',
  };
  try {
    const permitted = permittedFor(trial, setting);
    if (typeof permitted === 'string') return { isolation: 'none', programs, isSure: true };
    const place: CallPlace = { setting, programs, start, permitted };
    const isolated = await runIsolated(place, trial);
    if (isolated.stdout === trialText) return { isolation: 'bubblewrap', programs, isSure: true };
    const reduced = await runReduced(place, 'namespaces', trial);
    const isSure = !isolated.timedOut && !reduced.timedOut;
    return { isolation: reduced.stdout === trialText ? 'namespaces' : 'none', programs, isSure };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
