/** What a server writes into `postmaster.pid` of its data folder. */
export type PostmasterFile = {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping';
};

/** Undefined when the file is not wholly written, or was left by something that is no server. */
export function parsePostmasterFile(content: string): PostmasterFile | undefined {
  const lines = content.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0)) return undefined;
  const word = lines[7];
  return { pid, port, status: word === 'ready' || word === 'stopping' ? word : 'starting' };
}

/** The port of the last start, from `postmaster.opts`; undefined when it names none. */
export function portOfOptions(content: string): number | undefined {
  const port = Number(/"-p" "(\d+)"/.exec(content)?.[1]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
