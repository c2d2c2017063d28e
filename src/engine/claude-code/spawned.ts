import type { ContainedProcess } from '../../sandbox/sandbox.ts';

/** A contained process as the SDK wants it. The SDK ends a process by a signal to its leader; we end the whole tree. */
export function asSpawned({ child, end }: ContainedProcess, graceMs: number) {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('Claude Code was started without pipes');
  // It may be ended while something is being written to it; unheard, that error would end this process.
  stdin.on('error', () => undefined);
  return {
    stdin,
    stdout,
    get killed() {
      return child.killed;
    },
    get exitCode() {
      return child.exitCode;
    },
    get signalCode() {
      return child.signalCode;
    },
    kill(signal: NodeJS.Signals) {
      void end(signal === 'SIGKILL' ? 0 : graceMs);
      return true;
    },
    on: child.on.bind(child),
    once: child.once.bind(child),
    off: child.off.bind(child),
  };
}

/** An environment without the names that have no value. */
export function defined(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
