import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type ToolExample, toolExamples, toolName } from '../../domain/tool.ts';
import type { ToolAdoption } from '../../spiral/tools.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine } from '../plain-text.ts';
import { proofLines } from '../render/tool-proof.ts';
import { UsageError } from '../usage-error.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';
import { onInterrupt } from './watch-task.ts';

export type GateOptions = { readonly cases?: string; readonly json: boolean };

/** `spiral tools test NAME|FOLDER`: the table of the gate; nothing is saved. */
export async function testTool(what: string, options: GateOptions, context: CommandContext): Promise<number> {
  const cases = casesFrom(options.cases, what);
  return untilInterrupted(context, async (spiral, signal) => {
    const tools = toolName.safeParse(what).success ? await spiral.tools() : [];
    const isName = tools.some(({ manifest }) => manifest.name === what);
    if (!isName && !existsSync(what)) {
      throw new UsageError(`There is no tool and no folder ${oneLine(what, 100)}.`, 'See what there is: spiral tools');
    }
    const proof = await spiral.proveTool(
      { ...(isName ? { name: what } : { folder: resolve(what) }), ...cases },
      signal,
    );
    print(options.json ? [JSON.stringify(proof)] : proofLines(proof, 'cases' in cases));
    return proof.isGreen ? exitCodes.succeeded : exitCodes.failed;
  });
}

/** `spiral tools adopt FOLDER`: what a person wrote takes the way of every tool. */
export async function adoptTool(
  folder: string,
  { allow, ...options }: GateOptions & { readonly allow: readonly string[] },
  context: CommandContext,
): Promise<number> {
  const tool = { folder: resolve(folder), ...casesFrom(options.cases, folder) };
  return untilInterrupted(context, async (spiral, signal) => {
    const first = await spiral.adoptTool({ ...tool, allow }, signal);
    const isTable = 'proof' in first && !options.json;
    if (isTable) print(proofLines(first.proof, 'cases' in tool));
    const asked = first.kind === 'asks' && (await isAllowed(first.rights));
    const adoption = asked ? await spiral.adoptTool({ ...tool, allow: [...allow, ...first.rights] }, signal) : first;
    if (options.json) print([JSON.stringify(adoption)]);
    return end(adoption, folder, options.json);
  });
}

function end(adoption: ToolAdoption, folder: string, isJson: boolean): number {
  switch (adoption.kind) {
    case 'adopted': {
      const { name, version } = adoption.version.manifest;
      if (!isJson) print([`🛠️  ${name} ${version} is adopted: every session has it, also those that run.`]);
      return exitCodes.succeeded;
    }
    case 'there': {
      const { name, version } = adoption.version.manifest;
      if (!isJson) print([`✅ These very files are served already, as ${name} ${version}.`]);
      return exitCodes.succeeded;
    }
    case 'red':
      if (!isJson) process.stderr.write('❌ It is not adopted: the gate is red.\n');
      return exitCodes.failed;
    case 'asks': {
      const options = adoption.rights.map((right) => `--allow '${oneLine(right, 600)}'`).join(' ');
      throw new UsageError(
        `It is not adopted: it asks for ${oneLine(adoption.rights.join(', '), 600)}.`,
        `To allow that: spiral tools adopt ${folder} … ${options}`,
      );
    }
  }
}

/** In a terminal a person is asked; elsewhere nobody can say yes. */
async function isAllowed(rights: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await terminal.question(`It asks for ${oneLine(rights.join(', '), 600)}. Allow that? [y/N]: `);
    return /^y(es)?$/i.test(said.trim());
  } finally {
    terminal.close();
  }
}

/** Cases from a file of the form of `test/examples.json`. What lies in the folder of the tool its author has seen. */
function casesFrom(file: string | undefined, folder: string): { readonly cases?: readonly ToolExample[] } {
  if (file === undefined) return {};
  const fromFolder = relative(resolve(folder), resolve(file));
  if (existsSync(folder) && fromFolder !== '..' && !fromFolder.startsWith(`..${sep}`)) {
    throw new UsageError(`${oneLine(file, 100)} lies in the folder of the tool.`, 'Keep held-out cases beside it.');
  }
  const wrong = (why: string) =>
    new UsageError(`--cases ${oneLine(file, 100)}: ${why}`, 'It is a list as test/examples.json: see docs/tools.md');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? oneLine(error.message, 120) : String(error));
  }
  const parsed = toolExamples.safeParse(value);
  if (parsed.success) return { cases: parsed.data };
  const [issue] = parsed.error.issues;
  throw wrong(`${issue?.path.join('.') || 'it'}: ${issue?.message}.`);
}

/** One deed that Ctrl-C ends, a second one at once. */
export async function untilInterrupted(
  context: CommandContext,
  deed: (spiral: Spiral, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  return withSystem(context, async (spiral) => {
    const interrupts = onInterrupt(
      () => stop.abort(),
      () => {
        spiral.kill();
        process.exit(exitCodes.cancelled);
      },
    );
    try {
      return await deed(spiral, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return exitCodes.cancelled; // Whatever it says, it is because it was ended.
    } finally {
      interrupts.stop();
    }
  });
}
