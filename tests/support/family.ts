import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it has started take at a moment. */
export type Family = {
  /** Of the memory in RAM, what two processes share is counted once where the system tells, else twice. */
  readonly megabytes: number;
  /** Live Claude Codes. */
  readonly claudeCodes: number;
};

/** A process that Claude Code runs in; the sandbox around it names it too, as its last words. */
const claudeCode = /(?:^|\/)claude(?:\0|$)/;
const wrapper = /(?:^|\/)(?:bwrap|setpriv|setsid|sh)\0/;

export function familyOf(root: number): Family {
  const parents = new Map(everyProcess().map((pid) => [pid, parentOf(pid)]));
  const isOfIt = (pid: number): boolean => {
    for (let one: number | undefined = pid; one !== undefined && one > 1; one = parents.get(one)) {
      if (one === root) return true;
    }
    return false;
  };
  const pids = [...parents.keys()].filter(isOfIt);
  const claudeCodes = new Set(pids.filter((pid) => isClaudeCode(read(`/proc/${pid}/cmdline`))));
  return {
    megabytes: pids.reduce((sum, pid) => sum + kilobytesOf(pid), 0) / 1024,
    // What it starts bears its name for a moment, until it is the other program.
    claudeCodes: [...claudeCodes].filter((pid) => !claudeCodes.has(parents.get(pid) ?? 0)).length,
  };
}

function isClaudeCode(command: string): boolean {
  const [program = ''] = command.split('\0');
  return claudeCode.test(program) && !wrapper.test(command);
}

function everyProcess(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // Behind the name, which may hold anything: the state, and the parent.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent === undefined ? undefined : Number(parent);
}

function kilobytesOf(pid: number): number {
  const shared = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(shared ?? /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty when the process has ended, or may not be looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
