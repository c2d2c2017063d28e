import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';

const lookMs = 1000;
const mostNames = 3;

/**
 * What else keeps the machine busy now, looked at for a second in which we do nothing: a figure that was measured on a
 * busy machine says so.
 */
export async function otherWork(): Promise<string> {
  const before = look();
  await after(lookMs);
  const now = look();
  const total = now.total - before.total;
  const share = (ticks: number) => Math.round((100 * ticks) / total);
  const used = new Map<string, number>();
  for (const [pid, { name, ticks }] of now.processes) {
    if (pid === process.pid) continue;
    const grown = ticks - (before.processes.get(pid)?.ticks ?? 0);
    used.set(name, (used.get(name) ?? 0) + grown);
  }
  const busiest = [...used].toSorted(([, a], [, b]) => b - a).slice(0, mostNames);
  const names = busiest.filter(([, ticks]) => share(ticks) > 0).map(([name, ticks]) => `${name} ${share(ticks)} %`);
  return `${share(now.busy - before.busy)} % busy${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}

export function machine(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
}

/** All times are in ticks of the operating system's clock. */
function look() {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, ...interrupts] = (
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  )
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const busy = interrupts.reduce((sum, ticks) => sum + ticks, user + nice + system);
  const processes = new Map<number, { readonly name: string; readonly ticks: number }>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const seen = timesOf(pid);
    if (seen) processes.set(pid, seen);
  }
  return { busy, total: busy + idle + wait, processes };
}

function timesOf(pid: number): { readonly name: string; readonly ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return { name: stat.slice(stat.indexOf('(') + 1, end), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined; // It ended meanwhile.
  }
}
