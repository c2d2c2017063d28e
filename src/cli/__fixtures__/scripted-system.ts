import type { SpiralEvent } from '../../domain/event.ts';
import type { Installation, Spiral, Stopped } from '../../spiral.ts';
import { runCommandLine } from '../command-line.ts';

/** The system with a script behind its face: what a test does not script must not be asked for. */
function scriptedSpiral(script: Partial<Spiral>): Spiral {
  return {
    notices: [],
    close: async () => undefined,
    kill: unexpected('kill'),
    submit: unexpected('submit'),
    drive: unexpected('drive'),
    continue: unexpected('continue'),
    cancel: unexpected('cancel'),
    watch: unexpected('watch'),
    events: unexpected('events'),
    lastEvent: unexpected('lastEvent'),
    tasks: unexpected('tasks'),
    unfinished: unexpected('unfinished'),
    resources: unexpected('resources'),
    findTasks: unexpected('findTasks'),
    projects: unexpected('projects'),
    hold: unexpected('hold'),
    answer: unexpected('answer'),
    toolRequests: unexpected('toolRequests'),
    findToolRequests: unexpected('findToolRequests'),
    decide: unexpected('decide'),
    retireTool: unexpected('retireTool'),
    tools: unexpected('tools'),
    toolVersions: unexpected('toolVersions'),
    toolChange: unexpected('toolChange'),
    toolManual: unexpected('toolManual'),
    callTool: unexpected('callTool'),
    proveTool: unexpected('proveTool'),
    adoptTool: unexpected('adoptTool'),
    serveTool: unexpected('serveTool'),
    restoreTool: unexpected('restoreTool'),
    serveMcp: unexpected('serveMcp'),
    output: unexpected('output'),
    conversations: unexpected('conversations'),
    findConversations: unexpected('findConversations'),
    messages: unexpected('messages'),
    say: unexpected('say'),
    closeConversation: unexpected('closeConversation'),
    deadLetters: unexpected('deadLetters'),
    resend: unexpected('resend'),
    pending: unexpected('pending'),
    grant: unexpected('grant'),
    grantAhead: unexpected('grantAhead'),
    costs: unexpected('costs'),
    report: unexpected('report'),
    diff: unexpected('diff'),
    merge: unexpected('merge'),
    discard: unexpected('discard'),
    prune: unexpected('prune'),
    backup: unexpected('backup'),
    restore: unexpected('restore'),
    abandoned: async () => [],
    recall: unexpected('recall'),
    recallAll: unexpected('recallAll'),
    remember: unexpected('remember'),
    rememberOnce: unexpected('rememberOnce'),
    forget: unexpected('forget'),
    reword: unexpected('reword'),
    stop: unexpected('stop'),
    deliverables: unexpected('deliverables'),
    serve: unexpected('serve'),
    work: unexpected('work'),
    ...script,
  };
}

/** A drive that ends without the task being over, and the events that were recorded by then, seen or not yet seen. */
export function driveThatEnds(
  end: Awaited<ReturnType<Spiral['drive']>>,
  { watched, later }: { readonly watched: readonly SpiralEvent[]; readonly later: readonly SpiralEvent[] },
): Pick<Spiral, 'drive' | 'watch' | 'events'> {
  return {
    drive: async () => end,
    async *watch({ after }, signal) {
      yield* watched.filter(({ id }) => id > after);
      while (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    events: async ({ after }) => [...watched, ...later].filter(({ id }) => id > after),
  };
}

/** One command line against such a system: its exit code and what it printed. */
export async function type(
  args: readonly string[],
  script: Partial<Spiral>,
  stop: (task: string) => Stopped = unexpected('stop'),
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const installation: Installation = {
    open: async () => scriptedSpiral(script),
    openDemo: unexpected('openDemo'),
    agents: unexpected('agents'),
    discord: unexpected('discord'),
    diagnose: unexpected('diagnose'),
    stopDatabase: unexpected('stopDatabase'),
    stop: async (_options, task) => stop(task),
    writeExamples: unexpected('writeExamples'),
  };
  const printed = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const writes = streams.map((name) => process[name].write);
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      printed[name] += text;
      return true;
    };
  }
  try {
    const exitCode = await runCommandLine(args, async () => installation, noDiscord);
    return { exitCode, ...printed };
  } finally {
    streams.forEach((name, index) => {
      const write = writes[index];
      if (write) process[name].write = write;
    });
  }
}

function unexpected(name: string): () => never {
  return () => {
    throw new Error(`nobody scripted \`${name}\``);
  };
}

/** Nothing of a command line that is tried alone is in Discord. */
function noDiscord(): never {
  throw new Error('Discord was loaded');
}
