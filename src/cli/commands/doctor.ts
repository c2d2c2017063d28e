import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { plainText } from '../plain-text.ts';

const marks = { ok: '✅', warning: '⚠️ ', problem: '❌' } as const;

/** `spiral doctor`: every check on a line, each that is not well with its cure. Exit code 1 on a problem. */
export async function doctor(
  options: { readonly stopDatabase?: boolean },
  { installation, discord, configPath }: CommandContext,
): Promise<number> {
  const place = configPath === undefined ? {} : { configPath };
  if (options.stopDatabase) {
    const stopped = await (await installation()).stopDatabase(place);
    process.stdout.write(stopped ? '✅ The embedded database was stopped.\n' : 'ℹ️  No embedded database is running.\n');
    return exitCodes.succeeded;
  }
  const system = await installation();
  const checks = [...(await system.diagnose(place))];
  // A configuration that cannot be read is among the checks already.
  const settings = await system.discord(place).catch(() => undefined);
  if (settings) checks.push(...(await (await discord()).diagnose(settings)));
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const check of checks) {
    process.stdout.write(`${marks[check.status]} ${check.name.padEnd(width)}  ${plainText(check.found)}\n`);
    if (check.status !== 'ok') process.stdout.write(`   ${' '.repeat(width)}  → ${plainText(check.cure)}\n`);
  }
  const problems = checks.filter(({ status }) => status === 'problem').length;
  const warnings = checks.filter(({ status }) => status === 'warning').length;
  process.stdout.write(`\n${summary(problems, warnings)}\n`);
  return problems > 0 ? exitCodes.failed : exitCodes.succeeded;
}

function summary(problems: number, warnings: number): string {
  if (problems > 0) return `${problems} ${problems === 1 ? 'problem stands' : 'problems stand'} in the way.`;
  return warnings > 0 ? `Ready, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.` : 'Ready.';
}
