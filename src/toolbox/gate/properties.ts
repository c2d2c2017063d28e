import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolManifest } from '../../domain/tool.ts';
import { type CallEnd, type Calls, type MadeCall, saidOf } from './calls.ts';
import type { TriedCase } from './cases.ts';
import { shown } from './finding.ts';
import type { Fit } from './fit.ts';
import { isJsonObject, isSame } from './json-value.ts';
import { checked } from './row.ts';
import { smallerThan } from './smaller.ts';
import { type TriedInput, triedInputs } from './tried-inputs.ts';

const enoughBeyondLimits = 2;
const mostReduced = 3;
const mostReductions = 16;

export type PropertiesSetting = {
  readonly manifest: ToolManifest;
  /** Those that came out as they should. */
  readonly examples: readonly TriedCase[];
  readonly calls: Calls;
  readonly fit: Fit;
  readonly seed: number;
  readonly signal: AbortSignal;
};

export type Properties = { readonly row: GateRow; readonly made: readonly MadeCall[] };

/** Tries a tool with inputs that nobody wrote: each has to be answered, or refused with a reason. */
export async function checkProperties({
  manifest,
  examples,
  calls,
  fit,
  seed,
  signal,
}: PropertiesSetting): Promise<Properties> {
  const answered = examples.filter(({ end }) => end?.kind === 'output');
  const tried = triedInputs(
    answered.map(({ example }) => example.input),
    manifest,
    fit.input,
    seed,
  );
  const made = await calls.makeAll(
    tried.map(({ input }) => input),
    enoughBeyondLimits,
  );
  const broken = firstOfEachKind(made, fit);
  const findings: string[] = [];
  for (const [index, one] of broken.entries()) {
    const isWorthIt = index < mostReduced && one.end.kind !== 'over-limit' && !signal.aborted;
    const least = isWorthIt ? await reduced(one, calls, fit) : one;
    findings.push(`${shown(least.input, 200)}: ${wrongWith(least.end, fit)}`);
  }
  findings.push(...independence(answered, tried, made));
  const refused = made.filter(({ end }) => end.kind === 'refused').length;
  const detail = `${counted(made.length, 'input')} made from the examples and the schema, seed ${seed}: ${made.length - refused - countBroken(made, fit)} answered, ${refused} refused`;
  return { row: checked('properties', detail, findings), made };
}

/** Why an end is none that a call may come to; undefined when it is one. */
function wrongWith(end: CallEnd, fit: Fit): string | undefined {
  if (end.kind === 'refused' || end.kind === 'aborted') return undefined;
  if (end.kind !== 'output') return saidOf(end);
  const misfit = fit.output(end.output);
  return misfit === undefined ? undefined : `its output ${shown(end.output)} does not fit the output schema: ${misfit}`;
}

function countBroken(made: readonly MadeCall[], fit: Fit): number {
  return made.filter(({ end }) => wrongWith(end, fit) !== undefined).length;
}

/** Of all that broke in one way the smallest. */
function firstOfEachKind(made: readonly MadeCall[], fit: Fit): readonly MadeCall[] {
  const kinds = new Map<string, MadeCall>();
  const bySize = made.toSorted((one, other) => sizeOf(one.input) - sizeOf(other.input));
  for (const one of bySize) {
    const wrong = wrongWith(one.end, fit);
    if (wrong === undefined) continue;
    // What stands in the message of the input itself makes no other fault of it.
    const kind = `${one.end.kind} ${wrong.replace(/["'`].*["'`]|\d+/g, '').slice(0, 60)}`;
    if (!kinds.has(kind)) kinds.set(kind, one);
  }
  return [...kinds.values()];
}

/** Looks for a smaller input that breaks in the same way, within so many calls. */
async function reduced(call: MadeCall, calls: Calls, fit: Fit): Promise<Pick<MadeCall, 'input' | 'end'>> {
  let [least, left]: [Pick<MadeCall, 'input' | 'end'>, number] = [call, mostReductions];
  for (let found = true; found; ) {
    found = false;
    for (const input of smallerThan(least.input)) {
      if (fit.input(input) !== undefined) continue;
      if (left === 0) return least;
      left -= 1;
      const end = await calls.make(input);
      if (end.kind !== call.end.kind || wrongWith(end, fit) === undefined) continue;
      least = { input, end };
      found = true;
      break;
    }
  }
  return least;
}

function sizeOf(input: unknown): number {
  return JSON.stringify(input).length;
}

const fewestAnswers = 12;
const fewestCrossed = 3;
const fewestOutputs = 3;
const leastShare = 0.9;

/**
 * Answers that are written into a tool for the examples alone: everything else is refused, or has one and the same answer.
 * A tool that says yes or no, or one of a few words, may well do that.
 */
function independence(
  examples: readonly TriedCase[],
  tried: readonly TriedInput[],
  made: readonly MadeCall[],
): string[] {
  const outputs = distinct(examples.map(({ end }) => (end?.kind === 'output' ? end.output : undefined)));
  if (outputs.length < 2) return [];
  const crossed = new Set(tried.filter(({ from }) => from === 'crossed').map(({ input }) => input));
  const couldAnswer = made.filter(({ input }) => crossed.has(input)).length;
  const answers = made.flatMap(({ end }) => (end.kind === 'output' ? [end.output] : []));
  if (answers.length === 0 && couldAnswer >= fewestCrossed && made.length >= fewestAnswers)
    return [
      `it answers its own examples and none of ${made.length} other inputs, parts of the examples put together among them: the answers may not be written into it`,
    ];
  const others = distinct(answers.filter((answer) => !outputs.some((output) => isSame(output, answer))));
  const [constant] = others;
  const share = answers.filter((answer) => isSame(answer, constant)).length / answers.length;
  // What judges its input may well say the same of all others; its examples mostly show that answer, or there are few of them.
  const isShown = couldAnswer >= fewestCrossed || outputs.length >= fewestOutputs;
  if (answers.length < fewestAnswers || others.length !== 1 || share < leastShare || !isShown) return [];
  if (![...outputs, constant].every(isOpen)) return [];
  return [
    `${answers.length} other inputs have the one answer ${shown(constant)}: what it answers does not come from its input`,
  ];
}

function distinct(values: readonly unknown[]): unknown[] {
  return values.filter((value, index) => values.findIndex((other) => isSame(value, other)) === index);
}

/** Whether there is a text or number in an answer, so that there are many answers. */
function isOpen(output: unknown): boolean {
  if (Array.isArray(output)) return output.some(isOpen);
  if (isJsonObject(output)) return Object.values(output).some(isOpen);
  return typeof output === 'number' || (typeof output === 'string' && output.length > 1);
}
