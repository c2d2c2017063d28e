import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreError } from '../../store.ts';
import { binariesFor } from './binaries.ts';
import { initialise } from './data.ts';
import { unless } from './file-errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type Place, prepare } from './place.ts';
import type { PostmasterFile } from './postmaster-file.ts';
import { findServer, type Started, startServer } from './server.ts';
import { complaint, unavailable } from './unavailable.ts';

const lookEveryMs = 5;
// After a crash the server first goes through its log.
const readyWithinMs = 60_000;
const mostFailures = 3;
const pauseAfterFailureMs = 100;
// PostgreSQL writes this file in one go; one that stays empty was left by a full disk or a power cut.
const emptyFileAfterMs = 2_000;

/**
 * The running server of a place, set up and started when need be. Throws `StoreError` 'embedded-unavailable'.
 *
 * Processes take turns in starting one. `postmaster.pid` alone does not keep them apart: of two servers that find one
 * left behind by a crash, the second can remove the file that the first has just made.
 *
 * @param password what a new server is given
 */
export async function runningServer(place: Place, password: string): Promise<PostmasterFile> {
  const deadline = Date.now() + readyWithinMs;
  let failures = 0;
  let reason = 'it starts or stops and does not come to an end';
  while (Date.now() < deadline) {
    const found = await findServer(place);
    if (found.kind === 'living' && found.status === 'ready') return found;
    if (found.kind === 'living') {
      await pause(lookEveryMs);
      continue;
    }
    const failure = await oneAtATime(place.data, () => startIfNone(place, password, deadline));
    if (failure === undefined) continue;
    reason = failure;
    if (!passesByItself(failure)) failures += 1;
    if (failures >= mostFailures) break;
    await pause(pauseAfterFailureMs);
  }
  throw didNotStart(place, reason);
}

/** Starts the server unless there is one by now, and waits until it is ready or has ended; then tells why it did. */
async function startIfNone(place: Place, password: string, deadline: number): Promise<string | undefined> {
  const before = await findServer(place);
  if (before.kind === 'living') return undefined;
  if (before.kind === 'unreadable') await removeEmptyFile(place);
  await prepare(place);
  const binaries = await binariesFor(place);
  await initialise(place, binaries, password);
  const started = await startServer(place, binaries, before.kind === 'stale' ? before.pid : undefined);
  return untilReady(place, started, deadline);
}

async function untilReady(place: Place, started: Started, deadline: number): Promise<string | undefined> {
  while (Date.now() < deadline) {
    const found = await findServer(place);
    if (found.kind === 'living' && found.status === 'ready') return undefined;
    if (started.hasEnded()) return complaint(await started.said());
    await pause(lookEveryMs);
  }
  return undefined;
}

/** What a crash leaves for a moment: processes of the old server that have not noticed yet, and its file, perhaps empty. */
function passesByItself(failure: string): boolean {
  return /still in use|already exists|is empty/.test(failure);
}

function didNotStart({ log }: Place, reason: string): StoreError {
  return unavailable(`the embedded PostgreSQL did not start: ${reason}`, { hint: `Its log is ${log}.` });
}

async function removeEmptyFile({ data }: Place): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const found = await unless(stat(file), 'ENOENT');
  if (found?.size === 0 && found.mtimeMs < Date.now() - emptyFileAfterMs) await rm(file, { force: true });
}
