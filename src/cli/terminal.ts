/** Where a command writes. Results go to `result` (stdout), everything else to `progress` (stderr). */
export interface Terminal {
  result(line: string): void;
  progress(line: string): void;
  /** Sets the status line of an interactive terminal; empty takes it away. */
  live(text: string): void;
  close(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 120;
const clearLine = '\r\u001b[2K';

/**
 * The terminal of this process. On an interactive one a status line with a clock stays below the printed lines; elsewhere
 * there are plain lines only.
 */
export function openTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  const interactive = stderr.isTTY === true && stderr.columns > 20;
  let text = '';
  let since = 0;
  let frame = 0;
  let shown = false;

  const clear = () => {
    if (shown) stderr.write(clearLine);
    shown = false;
  };
  const draw = () => {
    if (text === '') return;
    frame = (frame + 1) % frames.length;
    const seconds = Math.floor((performance.now() - since) / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const room = stderr.columns - clock.length - 5;
    stderr.write(`${clearLine}${frames[frame]} ${text.slice(0, Math.max(0, room))}  ${clock}`);
    shown = true;
  };
  const timer = interactive ? setInterval(draw, frameMs) : undefined;

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
      if (!interactive || next === text) return;
      text = next;
      since = performance.now();
      clear();
      draw();
    },
    close() {
      clearInterval(timer);
      clear();
    },
  };
}
