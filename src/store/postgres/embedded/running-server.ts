import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { binariesFor } from './binaries.ts';
import { initialise } from './data.ts';
import { unless } from './file-errors.ts';
import { type Place, prepare } from './place.ts';
import type { PostmasterFile } from './postmaster-file.ts';
import { findServer, type Started, startServer } from './server.ts';
import { complaint, unavailable } from './unavailable.ts';

const lookEveryMs = 5;
// After a crash the server first goes through its log.
const readyWithinMs = 60_000;
const mostStarts = 5;
const pauseAfterFailureMs = 100;
// PostgreSQL writes this file in one go; one that stays empty was left by a full disk or a power cut.
const emptyFileAfterMs = 2_000;

/**
 * The running server of a place, set up and started when need be. Of several processes that start one at the same moment
 * PostgreSQL itself lets one win (`postmaster.pid`), and the others find it. Throws `StoreError` 'embedded-unavailable'.
 *
 * @param password what a new server is given
 */
export async function runningServer(place: Place, password: string): Promise<PostmasterFile> {
  let started: Started | undefined;
  let starts = 0;
  for (const deadline = Date.now() + readyWithinMs; Date.now() < deadline; await pause(lookEveryMs)) {
    const found = await findServer(place);
    if (found.kind === 'living') {
      if (found.status === 'ready') return found;
      continue;
    }
    if (started && !started.hasEnded()) continue;
    if (started) {
      if (starts >= mostStarts) throw await failedToStart(started, place);
      await pause(pauseAfterFailureMs);
      if (found.kind === 'unreadable') await removeEmptyFile(place);
    }
    started = await start(place, password, found.kind === 'stale' ? found.pid : undefined);
    starts += 1;
  }
  throw started ? await failedToStart(started, place) : stillBusy(place);
}

async function start(place: Place, password: string, stale: number | undefined): Promise<Started> {
  await prepare(place);
  const binaries = await binariesFor(place);
  await initialise(place, binaries, password);
  return startServer(place, binaries, stale);
}

async function failedToStart(started: Started, place: Place) {
  const reason = complaint(await started.said());
  return unavailable(`the embedded PostgreSQL did not start: ${reason}`, { hint: `Its log is ${place.log}.` });
}

function stillBusy({ data, log }: Place) {
  return unavailable(`the embedded PostgreSQL in ${data} starts or stops and does not come to an end`, {
    hint: `Its log is ${log}.`,
  });
}

async function removeEmptyFile({ data }: Place): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const found = await unless(stat(file), 'ENOENT');
  if (found?.size === 0 && found.mtimeMs < Date.now() - emptyFileAfterMs) await rm(file, { force: true });
}
