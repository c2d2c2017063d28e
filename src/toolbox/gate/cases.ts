import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolExample } from '../../domain/tool.ts';
import { atOnce, type CallEnd, type Calls, type HowToCall, saidOf } from './calls.ts';
import { shown } from './finding.ts';
import type { Fit } from './fit.ts';
import { inParallel } from './in-parallel.ts';
import { hasWithin, isSame } from './json-value.ts';
import { checked } from './row.ts';

/** What a case came to. */
export type TriedCase = {
  readonly example: ToolExample;
  /** Absent when the input was refused by the schema, and so never reached the tool. */
  readonly end?: CallEnd;
  /** Why it is not what it should be. */
  readonly problem?: string;
};

/** Calls the tool once for each case. */
export function tryCases(
  cases: readonly ToolExample[],
  calls: Calls,
  fit: Fit,
  how: HowToCall = {},
): Promise<readonly TriedCase[]> {
  return inParallel(cases, atOnce, async (example): Promise<TriedCase> => {
    const misfit = fit.input(example.input);
    // In use it would be refused before it reaches the tool, which is a failure of the call as good as any.
    if (misfit !== undefined)
      return example.error ? { example } : { example, problem: `its input does not fit the input schema: ${misfit}` };
    const end = await calls.make(example.input, how);
    const problem = problemOf(example, end, fit);
    return { example, end, ...(problem === undefined ? {} : { problem }) };
  });
}

function problemOf(example: ToolExample, end: CallEnd, fit: Fit): string | undefined {
  if (example.error) return end.kind === 'refused' ? undefined : `it has to fail with a reason, and ${saidOf(end)}`;
  if (end.kind !== 'output') return saidOf(end);
  const misfit = fit.output(end.output);
  if (misfit !== undefined) return `its output ${shown(end.output)} does not fit the output schema: ${misfit}`;
  if (!Object.hasOwn(example, 'output')) return undefined;
  const { output, partial = false } = example;
  if (partial ? hasWithin(end.output, output) : isSame(output, end.output)) return undefined;
  if (partial) return `it answered ${shown(end.output)}, in which there has to be ${shown(output)}`;
  return `it answered ${shown(end.output)} in place of ${shown(example.output)}`;
}

/** The author's own cases: everything about them is told. */
export function rowOfExamples(tried: readonly TriedCase[]): GateRow {
  const findings = tried.flatMap(({ example, problem }) =>
    problem === undefined ? [] : [`${shown(example.name, 80)} with ${shown(example.input, 100)}: ${problem}`],
  );
  return checked(
    'examples',
    `${tried.length - findings.length} of ${counted(tried.length, 'example')} as they should be`,
    findings,
  );
}

/** Cases that the author never saw, and learns nothing of now. */
export function rowOfHeldOut(tried: readonly TriedCase[]): GateRow {
  if (tried.length === 0)
    return checked('held-out', 'there are none', ['there are no cases that its author did not see']);
  const failed = tried.filter(({ problem }) => problem !== undefined).length;
  const findings =
    failed === 0
      ? []
      : [
          `${failed} of ${counted(tried.length, 'case')} that were written from the request alone failed: read it again, every sentence`,
        ];
  return checked(
    'held-out',
    `${tried.length - failed} of ${counted(tried.length, 'held-out case')} as they should be`,
    findings,
  );
}
