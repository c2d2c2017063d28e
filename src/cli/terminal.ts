import { type Live, liveLine, nothing, silenceDue, silenceLine } from './render/live.ts';

/** Where a command writes. Results go to `result` (stdout), everything else to `progress` (stderr). */
export interface Terminal {
  result(line: string): void;
  progress(line: string): void;
  /** Sets what goes on now: the status line of an interactive terminal. */
  live(next: Live): void;
  /** Something was heard of the work: its silence is over. */
  heard(): void;
  close(): void;
}

const frameMs = 120;
const lookMs = 1_000;
const clearLine = '\r\u001b[2K';

type Stream = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * The terminal of this process. On an interactive one a status line with a clock stays below the printed lines; elsewhere
 * there are plain lines only. On both it is said when nothing has been heard for a while.
 */
export function openTerminal(stdout: Stream, stderr: Stream): Terminal {
  const columns = () => stderr.columns ?? 0;
  const interactive = stderr.isTTY === true && columns() > 20;
  let live = nothing;
  let liveSince = performance.now();
  let heardAt = performance.now();
  /** The moment of this silence that was told last. */
  let told = 0;
  let frame = 0;
  let shown = false;

  const clear = () => {
    if (shown) stderr.write(clearLine);
    shown = false;
  };
  const draw = () => {
    if (live.text === '') return;
    frame += 1;
    const now = performance.now();
    const line = liveLine(live, { shownMs: now - liveSince, silentMs: now - heardAt, frame }, columns());
    stderr.write(`${clearLine}${line}`);
    shown = true;
  };
  const tellOfSilence = () => {
    const due = silenceDue(live, performance.now() - heardAt);
    if (due <= told) return;
    told = due;
    stderr.write(`${silenceLine(live, due)}\n`);
  };
  const timer = interactive ? setInterval(draw, frameMs) : setInterval(tellOfSilence, lookMs);

  return {
    result(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    progress(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    live(next) {
      if (next.text !== live.text) liveSince = performance.now();
      live = next;
      if (!interactive) return;
      clear();
      draw();
    },
    heard() {
      heardAt = performance.now();
      told = 0;
    },
    close() {
      clearInterval(timer);
      clear();
    },
  };
}
