import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Launcher } from '../launcher.ts';
import type { Canary, Reading } from '../runner.ts';
import { withTemporaryFolder } from '../temporary-folder.ts';

/** Gives the reason why a runner is not to be believed; undefined when it told the two tests of the canary as they are. */
export type TryCanary = (canary: Canary) => Promise<string | undefined>;

const longestTrialMs = 60_000;

/** Tries every runner once. */
export function canaries(launch: Launcher, timeoutMs: number): TryCanary {
  const tried = new Map<string, Promise<string | undefined>>();
  return (canary) => {
    const before = tried.get(canary.runner) ?? tryOne(canary, launch, Math.min(timeoutMs, longestTrialMs));
    tried.set(canary.runner, before);
    return before;
  };
}

function tryOne(canary: Canary, launch: Launcher, timeoutMs: number): Promise<string | undefined> {
  return withTemporaryFolder(async (temporary) => {
    const [passing, failing] = [`one${randomName()}`, `two${randomName()}`];
    const folder = join(temporary, 'project');
    const results = join(temporary, 'results');
    await mkdir(results);
    const suite = await canary.prepare(folder, passing, failing);
    const command = await suite.command(results);
    const result = await launch({ directory: '.', path: folder }, command, timeoutMs, [temporary]);
    if (result.timedOut) return `${canary.runner} did not come to an end on a project of two tests`;
    const reading = await suite.read(results, result);
    const isHonest = result.exitCode !== 0 && (reading.doubts ?? []).length === 0 && isExact(reading, passing, failing);
    if (isHonest) return undefined;
    const told = `${reading.passed} passed, ${reading.failed} failed`;
    return `${canary.runner} does not tell what happens: of a test that passes and one that fails it reported ${told}`;
  });
}

function isExact({ passed, failed, skipped, tests = [] }: Reading, passing: string, failing: string): boolean {
  if (passed !== 1 || failed !== 1 || skipped !== 0 || tests.length !== 2) return false;
  const told = (name: string) => tests.find((test) => test.name.includes(name))?.outcome;
  return told(passing) === 'passed' && told(failing) === 'failed';
}

function randomName(): string {
  return randomBytes(6).toString('hex');
}
