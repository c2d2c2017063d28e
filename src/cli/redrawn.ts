type Stream = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

/** Text that is shown again and again as it changes. */
export interface Redrawn {
  /** Puts these lines in the place of the last ones; where nothing can be redrawn, below them, once they differ. */
  show(lines: readonly string[]): void;
}

/** Elsewhere nothing can be read in its place. */
const fewestColumns = 20;

/** On an interactive terminal the lines stay in their place, each cut to its width: a line that wraps could not be found again. */
export function redrawnOn(stream: Stream): Redrawn {
  let last: readonly string[] = [];
  return {
    show(lines) {
      const columns = stream.columns ?? 0;
      if (stream.isTTY === true && columns > fewestColumns) {
        const back = last.length === 0 ? '' : `\u001b[${last.length}A\r`;
        const text = lines.map((line) => `\u001b[2K${cut(line, columns)}\n`).join('');
        stream.write(`${back}${text}\u001b[0J`);
      } else if (lines.join('\n') !== last.join('\n')) {
        stream.write(`${last.length === 0 ? '' : '\n'}${lines.map((line) => `${line}\n`).join('')}`);
      }
      last = lines;
    },
  };
}

/** A sign of two columns has two characters as well. */
function cut(line: string, columns: number): string {
  return line.length < columns ? line : line.slice(0, Math.max(0, columns - 1)).trimEnd();
}
