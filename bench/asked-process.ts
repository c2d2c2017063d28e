import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers each message with one. */
export type AskedProcess = {
  readonly pid: number;
  ask(message: object): Promise<unknown>;
  end(): Promise<void>;
};

/** Starts a script with Node alone: nothing of how the bench itself is run weighs on it. */
export function startAsked(
  script: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
  nodeOptions: readonly string[] = [],
): AskedProcess {
  const child = fork(script, { env, cwd, execArgv: [...nodeOptions], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  if (child.pid === undefined) throw new Error(`${script} could not be started`);
  return {
    pid: child.pid,
    ask(message) {
      const answer = nextMessage(child, script);
      child.send(message);
      return answer;
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Resolves with what the process says next; rejects when it ends before. */
async function nextMessage(child: ChildProcess, script: string): Promise<unknown> {
  const over = new AbortController();
  const message = once(child, 'message', { signal: over.signal }).then(([said]: unknown[]) => said);
  const end = once(child, 'exit', { signal: over.signal }).then(([code]: unknown[]) => {
    throw new Error(`${script} ended with ${String(code)} before it had answered`);
  });
  end.catch(() => undefined); // Of the two, the race tells only of the first.
  message.catch(() => undefined);
  try {
    return await Promise.race([message, end]);
  } finally {
    over.abort();
  }
}
