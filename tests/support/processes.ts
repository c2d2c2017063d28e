import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of running processes in whose command line or environment the text stands. */
export function processesMentioning(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
        return command !== '' && `${command}\n${environment}`.includes(text) ? [command] : [];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** Resolves when the condition holds, looked at every 50 ms; rejects after the time with what was last seen. */
export async function until<Seen>(
  look: () => Seen,
  holds: (seen: Seen) => boolean,
  milliseconds: number,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const seen = look();
    if (holds(seen)) return;
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
