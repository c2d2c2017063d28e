import { readdirSync, readFileSync } from 'node:fs';

const closesOnStart = 0o2000000;
const firstOfOthers = 3;

/**
 * Descriptors that this process was given by whoever started it, and that every program it starts would get as well: files
 * and sockets that a tool could read from and write to.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor >= firstOfOthers && isHandedOn(descriptor));
}

function isHandedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & closesOnStart) === 0;
  } catch {
    return false; // Closed meanwhile.
  }
}

/** A command line that closes descriptors before it becomes the program. */
export function withoutDescriptors(
  descriptors: readonly number[],
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  if (descriptors.length === 0) return command;
  const script = 'for descriptor in $0; do exec {descriptor}>&-; done; exec "$@"';
  return ['/bin/bash', '--norc', '--noprofile', '-c', script, descriptors.join(' '), ...command];
}
