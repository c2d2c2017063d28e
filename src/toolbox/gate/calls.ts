import type { ToolManifest } from '../../domain/tool.ts';
import type { ToolCells, ToolRunResult } from '../../sandbox/cells.ts';
import { toolRunOf } from '../tool-run.ts';
import { shown, visible } from './finding.ts';
import { inParallel } from './in-parallel.ts';
import { depthOf } from './json-value.ts';

/** What became of a call at the gate. */
export type CallEnd =
  | { readonly kind: 'output'; readonly output: unknown }
  /** It ended with a code of failure and said why, as it should where it cannot answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It fell over: a stack trace, a signal, or no word. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'wrong-output'; readonly reason: string }
  | { readonly kind: 'over-limit'; readonly reason: string }
  /** Not the tool's doing. */
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'aborted' };

export type MadeCall = {
  readonly input: unknown;
  readonly end: CallEnd;
  readonly durationMs: number;
  /** The most memory that it was seen to hold. */
  readonly peakMemoryBytes?: number;
  /** Nothing of it may be told. */
  readonly isHeldOut?: boolean;
};

export type HowToCall = {
  /** Stands in the environment of the call. */
  readonly timeZone?: string;
  readonly isHeldOut?: boolean;
};

/** Calls of one tool, each in a cell of its own. */
export type Calls = {
  make(input: unknown, how?: HowToCall): Promise<CallEnd>;
  /** One call for each input, in their order; two at a time. After `enough` of them went beyond a limit the rest is not made. */
  makeAll(inputs: readonly unknown[], enough?: number): Promise<readonly MadeCall[]>;
  /** All that were made so far. */
  made(): readonly MadeCall[];
};

export type CallsSetting = {
  readonly cells: Pick<ToolCells, 'run'>;
  readonly manifest: ToolManifest;
  /** Where the files of the tool lie, absolute. */
  readonly folder: string;
  /** Stands for the workspace of whoever calls. */
  readonly workspace: string;
  readonly signal: AbortSignal;
};

/** Two processors are what the smallest machine has that builds tools. */
export const atOnce = 2;

export function callsOf({ cells, manifest, folder, workspace, signal }: CallsSetting): Calls {
  const made: MadeCall[] = [];
  async function call(input: unknown, { timeZone, isHeldOut }: HowToCall = {}): Promise<MadeCall> {
    const { permissions } = manifest;
    const asked: ToolManifest =
      timeZone === undefined
        ? manifest
        : { ...manifest, permissions: { ...permissions, env: [...permissions.env, 'TZ'] } };
    const environment = timeZone === undefined ? {} : { TZ: timeZone };
    const run = toolRunOf(asked, { folder, input, workspace, environment });
    const purpose = `the gate, trying the tool ${manifest.name}`;
    const result = await cells.run({ ...run, measuresMemory: true, purpose }, signal);
    const { durationMs, peakMemoryBytes } = result;
    const one: MadeCall = {
      ...{ input, end: endOf(manifest, result), durationMs },
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
      ...(isHeldOut ? { isHeldOut } : {}),
    };
    made.push(one);
    return one;
  }
  return {
    make: async (input, how) => (await call(input, how)).end,
    async makeAll(inputs, enough = Number.POSITIVE_INFINITY) {
      let beyond = 0;
      const results = await inParallel(inputs, atOnce, async (input) => {
        if (beyond >= enough || signal.aborted) return undefined;
        const one = await call(input);
        if (one.end.kind === 'over-limit') beyond += 1;
        return one;
      });
      return results.filter((one) => one !== undefined);
    },
    made: () => made,
  };
}

const signalled = 128;
const deepestOutput = 200;
const longestSaid = 20_000;
/** As Node, Python and others print where they stood when nobody caught an error. */
const stackTrace =
  /^Traceback \(most recent call last\):|^[ \t]+at .+:\d+:\d+\)?$|^[ \t]+at (?:async )?\S+ \(.+\)$|^panic: |^node:internal/m;

/** What became of a call, from what was observed of its process. */
export function endOf({ limits }: Pick<ToolManifest, 'limits'>, result: ToolRunResult): CallEnd {
  const { exitCode, stdout, stderr, notStarted, timedOut, truncated, limit, aborted } = result;
  if (aborted) return { kind: 'aborted' };
  if (notStarted !== undefined) return { kind: 'not-started', reason: `it could not be started: ${notStarted}` };
  if (timedOut) return { kind: 'over-limit', reason: `it took longer than ${limits.timeoutMs} ms` };
  if (truncated || limit === 'output')
    return { kind: 'over-limit', reason: `it printed more than ${limits.outputKb} KB` };
  if (limit !== undefined) return { kind: 'over-limit', reason: `it went beyond its limit of ${limit}` };
  if (exitCode !== 0) return failureOf(exitCode, stderr);
  return answerIn(stdout);
}

function failureOf(exitCode: number | null, stderr: string): CallEnd {
  const said = endsOf(stderr.trim());
  const withCode = `exit code ${exitCode ?? 'none'}`;
  if (isOutOfMemory.test(said)) return { kind: 'over-limit', reason: `it ran out of memory (${withCode})` };
  if (exitCode === null || exitCode >= signalled)
    return { kind: 'crashed', reason: `it was ended by a signal (${withCode}) ${visible(said, 200)}`.trim() };
  if (said === '')
    return { kind: 'crashed', reason: `it failed with ${withCode} and said nothing on its standard error` };
  if (stackTrace.test(said))
    return { kind: 'crashed', reason: `it fell over instead of saying in a line what is wrong: ${gist(said)}` };
  if (runtimeWords.test(said))
    return { kind: 'crashed', reason: `it gave on an error of its own in place of a reason: ${gist(said)}` };
  return { kind: 'refused', reason: visible(said, 300) };
}

/** What Node and Python say of a fault in a program; caught and printed it is still one. */
const runtimeWords =
  /Cannot (?:read|set) propert|is not (?:a function|iterable|defined|a constructor)\b|Cannot convert|Invalid (?:time value|array length|count value|string length)|Maximum call stack|maximum recursion depth|codec can't (?:en|de)code|index out of range|'NoneType'|object (?:is not (?:subscriptable|callable|iterable)|has no attribute)|not supported between instances|unsupported operand type|must be str, not|before initialization|surrogates not allowed/;

const isOutOfMemory =
  /JavaScript heap out of memory|^MemoryError|Array buffer allocation failed|Cannot allocate memory/m;

/** Of what a tool says on and on its beginning and its end. */
function endsOf(text: string): string {
  return text.length <= longestSaid ? text : `${text.slice(0, longestSaid / 2)}\n${text.slice(-longestSaid / 2)}`;
}

/** The line of a stack trace that tells what was wrong. */
function gist(said: string): string {
  const lines = said
    .split('\n')
    .filter((line) => !/^\s+(?:at|File) |^Traceback|^node:internal|^Node\.js v|^\s*\^+$|^\s*$/.test(line));
  const error = lines.findLast((line) => /^\w*(?:Error|Exception)\b|^\S+(?:Error|Exception):/.test(line.trim()));
  return visible(error ?? lines.at(-1) ?? said, 250);
}

function answerIn(stdout: string): CallEnd {
  const text = stdout.trim();
  if (text === '') return { kind: 'wrong-output', reason: 'it printed nothing to its standard output' };
  if (depthOf(text) > deepestOutput)
    return { kind: 'wrong-output', reason: `its output is nested deeper than ${deepestOutput} levels` };
  const value = parsed(text);
  if (value) return { kind: 'output', output: value.is };
  const lines = text.split('\n');
  const isBeside = lines.length > 1 && [lines.at(-1), lines[0]].some((line) => parsed(line ?? ''));
  return {
    kind: 'wrong-output',
    reason: isBeside
      ? `it printed other text beside its answer; only the one JSON value belongs on its standard output: ${shown(text)}`
      : `it printed what is no JSON value: ${shown(text)}`,
  };
}

function parsed(text: string): { readonly is: unknown } | undefined {
  try {
    return { is: JSON.parse(text) };
  } catch {
    return undefined; // No JSON: whoever asks says what that means.
  }
}

/** What a human or the builder reads of an end that was not a good one. */
export function saidOf(end: CallEnd): string {
  switch (end.kind) {
    case 'output':
      return `it answered ${shown(end.output)}`;
    case 'refused':
      return `it refused: ${end.reason}`;
    case 'aborted':
      return 'the check was ended';
    case 'not-started':
    case 'crashed':
    case 'wrong-output':
    case 'over-limit':
      return end.reason;
  }
}
