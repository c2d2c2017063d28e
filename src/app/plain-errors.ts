import { QueueError } from '../queue/queue.ts';
import { type Spiral, SpiralError } from '../spiral.ts';
import { StoreError } from '../store/store.ts';
import { WorkspaceError } from '../workspace/workspace.ts';

/** The same system, with the errors of its parts told as `SpiralError`: what happened, and what to do. */
export function withPlainErrors(spiral: Spiral): Spiral {
  // Without a spread: a method that is missing here does not compile.
  return {
    notices: spiral.notices,
    kill: spiral.kill,
    close: spiral.close,
    submit: plain(spiral.submit),
    drive: plain(spiral.drive),
    continue: plain(spiral.continue),
    cancel: plain(spiral.cancel),
    events: plain(spiral.events),
    lastEvent: plain(spiral.lastEvent),
    tasks: plain(spiral.tasks),
    unfinished: plain(spiral.unfinished),
    resources: plain(spiral.resources),
    projects: plain(spiral.projects),
    hold: plain(spiral.hold),
    findTasks: plain(spiral.findTasks),
    output: plain(spiral.output),
    abandoned: plain(spiral.abandoned),
    pending: plain(spiral.pending),
    grant: plain(spiral.grant),
    grantAhead: plain(spiral.grantAhead),
    answer: plain(spiral.answer),
    toolRequests: plain(spiral.toolRequests),
    findToolRequests: plain(spiral.findToolRequests),
    decide: plain(spiral.decide),
    tools: plain(spiral.tools),
    toolVersions: plain(spiral.toolVersions),
    toolChange: plain(spiral.toolChange),
    toolManual: plain(spiral.toolManual),
    callTool: plain(spiral.callTool),
    proveTool: plain(spiral.proveTool),
    adoptTool: plain(spiral.adoptTool),
    serveTool: plain(spiral.serveTool),
    retireTool: plain(spiral.retireTool),
    restoreTool: plain(spiral.restoreTool),
    serveMcp: plain(spiral.serveMcp),
    costs: plain(spiral.costs),
    report: plain(spiral.report),
    diff: plain(spiral.diff),
    merge: plain(spiral.merge),
    discard: plain(spiral.discard),
    deliverables: plain(spiral.deliverables),
    reword: plain(spiral.reword),
    stop: plain(spiral.stop),
    prune: plain(spiral.prune),
    backup: plain(spiral.backup),
    restore: plain(spiral.restore),
    serve: plain(spiral.serve),
    work: plain(spiral.work),
    conversations: plain(spiral.conversations),
    findConversations: plain(spiral.findConversations),
    messages: plain(spiral.messages),
    say: plain(spiral.say),
    closeConversation: plain(spiral.closeConversation),
    deadLetters: plain(spiral.deadLetters),
    resend: plain(spiral.resend),
    recall: plain(spiral.recall),
    recallAll: plain(spiral.recallAll),
    remember: plain(spiral.remember),
    rememberOnce: plain(spiral.rememberOnce),
    forget: plain(spiral.forget),
    async *watch(from, signal) {
      try {
        yield* spiral.watch(from, signal);
      } catch (error) {
        throw plainError(error);
      }
    },
  };
}

/** An error of a part as a `SpiralError`; anything else as it is. */
export function plainError(error: unknown): unknown {
  const fault = faultOfMachine(error);
  if (fault !== undefined) return new SpiralError('unavailable', fault.problem, fault.cure, { cause: error });
  if (!(error instanceof StoreError || error instanceof QueueError || error instanceof WorkspaceError)) return error;
  return new SpiralError('unavailable', sentence(error.message), error.cure, { cause: error });
}

const faults: Readonly<Record<string, { readonly problem: string; readonly cure: string }>> = {
  ENOSPC: { problem: 'The disk is full', cure: 'Make room on it (spiral prune deletes what is old), then try again.' },
  EDQUOT: {
    problem: 'The disk quota is used up',
    cure: 'Make room (spiral prune deletes what is old), then try again.',
  },
  EROFS: { problem: 'The file system is read-only', cure: 'Set SPIRAL_HOME to a folder that can be written.' },
  EMFILE: { problem: 'Too many files are open', cure: 'Raise the limit (ulimit -n), then try again.' },
  ENFILE: { problem: 'Too many files are open on this machine', cure: 'End other programs, then try again.' },
};

/** What the machine itself refused, whichever part met it. */
function faultOfMachine(error: unknown): { readonly problem: string; readonly cure: string } | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined;
  const fault = faults[error.code];
  if (!fault) return undefined;
  const place = 'path' in error && typeof error.path === 'string' ? `: ${error.path}` : '';
  return { problem: `${fault.problem}${place}.`, cure: fault.cure };
}

function plain<Given extends unknown[], Answer>(method: (...given: Given) => Promise<Answer>) {
  return async (...given: Given): Promise<Answer> => {
    try {
      return await method(...given);
    } catch (error) {
      throw plainError(error);
    }
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
