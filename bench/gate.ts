import { type GateReport, gateChecks, isGreen } from '../src/domain/gate-report.ts';
import { type FaultyTool, faultyTools } from '../tests/support/tool-examples/faulty-tools.ts';
import { goodTools } from '../tests/support/tool-examples/good-tools.ts';
import { openTestGate, type TestGate } from '../tests/support/tool-examples/open-test-gate.ts';
import { figuresOf, printTable, told } from './figures.ts';

/** Of twenty with a fault, and of twenty without. */
const promisedCaught = 19 / 20;
const promisedRefused = 1 / 20;

type Judged = { readonly name: string; readonly report: GateReport };

/**
 * Whom the gate lets through: tools that do what was asked for, and the same tools with one fault each. A tool is known by
 * its request alone, and its held-out cases are those that were written from it before there was a fault.
 */
export async function gate(): Promise<void> {
  const test = openTestGate(process.env['PATH'] ?? '');
  try {
    const good = await judged(
      test,
      goodTools.map((tool) => ({ fault: '', tool })),
    );
    const faulty = await judged(test, faultyTools);
    const [through, refused] = [good.filter(passes), good.filter((one) => !passes(one))];
    const [missed, caught] = [faulty.filter(passes), faulty.filter((one) => !passes(one))];
    printTable([
      ['judged', 'let through  refused'],
      [`${good.length} good tools`, confusion(through.length, refused.length)],
      [`${faulty.length} tools with a fault`, confusion(missed.length, caught.length)],
    ]);
    console.log('\nwhich rows were red:');
    printTable(faulty.map((one) => [one.name, redRows(one.report).join(', ') || 'NONE']));
    console.log('\nhow many faults each row saw, and how many it alone:');
    printTable(gateChecks.map((check) => [check, seenBy(check, faulty)]));
    for (const one of refused) console.log(`\nrefused although good: ${one.name}: ${findingsOf(one.report)}`);
    const seconds = good.map(({ report }) => report.durationMs / 1000);
    console.log('');
    printTable([
      ['one good tool at the gate', told(figuresOf(seconds), 's', 1)],
      [
        `at least ${promisedCaught * 100} % of the faults caught`,
        kept(caught.length >= promisedCaught * faulty.length),
      ],
      [`at most ${promisedRefused * 100} % of the good refused`, kept(refused.length <= promisedRefused * good.length)],
    ]);
  } finally {
    test.close();
  }
}

async function judged(test: TestGate, tools: readonly FaultyTool[]): Promise<readonly Judged[]> {
  const results: Judged[] = [];
  for (const { fault, tool } of tools) {
    const { report } = await test.check(tool);
    results.push({ name: fault === '' ? tool.name : `${fault} (${tool.name})`, report });
  }
  return results;
}

function passes({ report }: Judged): boolean {
  return isGreen(report);
}

function redRows({ rows }: GateReport): readonly string[] {
  return rows.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
}

function seenBy(check: string, faulty: readonly Judged[]): string {
  const seen = faulty.filter(({ report }) => redRows(report).includes(check));
  return `${seen.length}, alone ${seen.filter(({ report }) => redRows(report).length === 1).length}`;
}

function findingsOf({ rows }: GateReport): string {
  return rows.flatMap(({ check, findings }) => findings.map((finding) => `${check}: ${finding}`)).join('; ');
}

function confusion(letThrough: number, refused: number): string {
  return `${String(letThrough).padStart(11)}  ${String(refused).padStart(7)}`;
}

function kept(is: boolean): string {
  return is ? 'kept' : 'NOT KEPT';
}
