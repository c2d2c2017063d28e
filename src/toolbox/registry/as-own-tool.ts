import type { Tool, ToolUse } from '../../domain/tool.ts';
import { type LoadedTool, type Registry, ToolNotLoadable } from '../registry.ts';
import type { OwnTool, ToolAnswer } from '../toolbox.ts';

/** What became of one call of a built tool, wherever it was run. The reasons are read by a model. */
export type ToolRunEnd =
  | { readonly kind: 'output'; readonly output: unknown }
  /** It said that it could not, or it crashed. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It printed something that is no answer. */
  | { readonly kind: 'wrong-output'; readonly reason: string }
  /** It was ended because of its time, its memory or the length of what it printed. */
  | { readonly kind: 'over-limit'; readonly reason: string }
  /** Nobody waits for it any more. */
  | { readonly kind: 'aborted' };

export type BuiltToolNeeds = {
  readonly registry: Pick<Registry, 'load'>;
  /** Counts a call. */
  readonly used: (use: ToolUse) => Promise<void>;
  /** Runs a tool once with an input that fits it. */
  readonly run: (loaded: LoadedTool, input: unknown, signal: AbortSignal) => Promise<ToolRunEnd>;
  /** Told in one line what went wrong beside the call. */
  readonly onProblem: (problem: string) => void;
};

/** Who calls a tool, and in the session of which task. */
export type ToolCaller = Pick<ToolUse, 'agent' | 'taskId'>;

/**
 * A built tool as a session sees it. With every call the version that is served then is loaded and checked; what goes in and
 * comes out is held against its schemas; and the call is counted, unless nobody waited for its end.
 */
export function asOwnTool({ manifest }: Pick<Tool, 'manifest'>, caller: ToolCaller, needs: BuiltToolNeeds): OwnTool {
  const { name, description, inputSchema } = manifest;
  return {
    ...{ name, description, inputSchema },
    checksInput: true,
    async call(input, { signal }) {
      const loaded = await load(name, needs);
      if ('text' in loaded) return loaded;
      const begun = performance.now();
      const end = await runChecked(loaded, input, signal, needs.run);
      if (end.kind !== 'aborted') {
        const { version } = loaded.tool.manifest;
        const durationMs = Math.round(performance.now() - begun);
        await count({ name, version, ...caller, outcome: outcomeOf(end), durationMs }, needs);
      }
      return answerOf(name, end);
    },
  };
}

type CheckedEnd = ToolRunEnd | { readonly kind: 'refused-input'; readonly reason: string };

async function load(name: string, { registry, onProblem }: BuiltToolNeeds): Promise<LoadedTool | ToolAnswer> {
  try {
    const loaded = await registry.load(name);
    return loaded ?? failed(`There is no tool ${name} any more: it was taken away. Go on without it.`);
  } catch (error) {
    if (!(error instanceof ToolNotLoadable)) throw error;
    onProblem(`${error.message}. ${error.cure}`);
    return failed(`The tool ${name} cannot be used at this moment. It is not about the input; go on without it.`);
  }
}

async function runChecked(
  loaded: LoadedTool,
  input: unknown,
  signal: AbortSignal,
  run: BuiltToolNeeds['run'],
): Promise<CheckedEnd> {
  // Sessions mostly begin long before the first call, and need not wait for what it takes to load this.
  const { fittingOf } = await import('./fitting.ts');
  const complaintAbout = fittingOf(loaded.tool);
  const wrongInput = complaintAbout.input(input);
  if (wrongInput !== undefined) return { kind: 'refused-input', reason: wrongInput };
  const end = await run(loaded, input, signal);
  const wrongOutput = end.kind === 'output' ? complaintAbout.output(end.output) : undefined;
  return wrongOutput === undefined ? end : { kind: 'wrong-output', reason: wrongOutput };
}

function outcomeOf({ kind }: Exclude<CheckedEnd, { kind: 'aborted' }>): ToolUse['outcome'] {
  return kind === 'output' ? 'succeeded' : kind;
}

/** A call that was answered stays so when it cannot be counted. */
async function count(use: ToolUse, { used, onProblem }: BuiltToolNeeds): Promise<void> {
  try {
    await used(use);
  } catch (error) {
    onProblem(`a call of the tool ${use.name} could not be counted: ${String(error)}`);
  }
}

function answerOf(name: string, end: CheckedEnd): ToolAnswer {
  switch (end.kind) {
    case 'output':
      return { text: JSON.stringify(end.output) ?? 'null' };
    case 'refused-input':
      return failed(`The input does not fit the tool ${name}: ${end.reason}`);
    case 'failed':
      return failed(`The tool ${name} failed: ${end.reason}`);
    case 'wrong-output':
      return failed(
        `The tool ${name} gave something that is not an answer of its kind, so do not use it: ${end.reason}`,
      );
    case 'over-limit':
      return failed(`The tool ${name} was ended: ${end.reason}`);
    case 'aborted':
      return failed('The call was ended.');
  }
}

function failed(text: string): ToolAnswer {
  return { text, isError: true };
}
