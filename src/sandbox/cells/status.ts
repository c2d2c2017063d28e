import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { identityOf, isAlive, type ProcessIdentity } from '../processes/identity.ts';
import { after } from '../processes/time.ts';
import { statusDescriptor } from './cell.ts';

const settlePollMs = 5;
const settleLimitMs = 3000;

export type CellStatus = {
  /** The first process of the cell's process namespace, once it is there. */
  first(): number | undefined;
  /** Whether the program was started and came to an end. */
  hasRun(): boolean;
  /** Resolves when nothing of the cell is left: the kernel ends its first process after all the others. */
  gone(): Promise<void>;
};

/** Reads what bubblewrap tells of itself: one line with the first process, one with the exit code of the program. */
export function readStatus(child: ChildProcess): CellStatus {
  let text = '';
  let first: ProcessIdentity | undefined;
  const stream = child.stdio.at(statusDescriptor) as Duplex | undefined;
  stream?.on('error', () => undefined); // As good as its end.
  stream?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    const pid = Number(/"child-pid": (\d+)/.exec(text)?.[1]);
    if (pid > 0) first ??= identityOf(pid);
  });
  return {
    first: () => first?.pid,
    hasRun: () => text.includes('"exit-code"'),
    async gone() {
      const deadline = performance.now() + settleLimitMs;
      while (first && isAlive(first) && performance.now() < deadline) await after(settlePollMs);
    },
  };
}
