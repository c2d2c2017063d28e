import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { DiscordSurface } from '../spiral/surface.ts';
import type { Installation } from '../spiral.ts';
import type { CommandContext } from './command-context.ts';
import { addAgentCommands } from './command-line/agents.ts';
import type { CommandSetting } from './command-line/command-setting.ts';
import { addMoneyCommands } from './command-line/money.ts';
import { addProjectCommands } from './command-line/projects.ts';
import { addSetupCommands } from './command-line/setup.ts';
import { addTalkCommands } from './command-line/talk.ts';
import { addTaskCommands } from './command-line/tasks.ts';
import { addToolCommands } from './command-line/tools.ts';
import { addWorkCommands } from './command-line/work.ts';
import { placeOf, withSystem } from './commands/open-system.ts';
import { exitCodes } from './exit-code.ts';

/**
 * Runs one command line and gives back its exit code. Mistakes of the person end in one line of what is wrong and one of
 * what to do; nothing else is ever printed of them.
 */
export async function runCommandLine(
  args: readonly string[],
  installation: () => Promise<Installation>,
  discord: () => Promise<DiscordSurface>,
): Promise<number> {
  let exitCode: number = exitCodes.succeeded;
  const program = commandLine(
    (code) => {
      exitCode = code;
    },
    { installation, discord },
  );
  // Whoever reads our output may close it early, as `head` does; that ends the output, not the work.
  for (const stream of [process.stdout, process.stderr]) {
    stream.off('error', ignoreClosedPipe).on('error', ignoreClosedPipe); // Once, however many lines one process runs.
  }
  try {
    if (args.length === 0) {
      process.stderr.write(program.helpInformation());
      return exitCodes.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    const { explain } = await import('./explain.ts');
    return explain(error, args);
  }
}

function commandLine(end: (exitCode: number) => void, given: Omit<CommandContext, 'configPath'>): Command {
  const program = new Command('spiral')
    .description('A team of AI agents on top of Claude Code that reports what was observed, not what was claimed.')
    .option('--config <file>', 'configuration file (default: config.toml in $SPIRAL_HOME)')
    .version(versionOfPackage(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`❌ ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError('   See spiral --help.');
  const context = (): CommandContext => {
    const configPath: unknown = program.opts()['config'];
    return { ...given, ...(typeof configPath === 'string' ? { configPath } : {}) };
  };
  const setting: CommandSetting = { end, context };
  addWorkCommands(program.commandsGroup('Work:'), setting);
  addTaskCommands(program.commandsGroup('What happened:'), setting);
  addProjectCommands(program.commandsGroup('Projects and the team:'), setting);
  addTalkCommands(program, setting);
  addAgentCommands(
    program,
    setting,
    async (context) => (await context.installation()).agents(placeOf(context)),
    withSystem,
  );
  addMoneyCommands(program.commandsGroup('Questions and money:'), setting);
  addToolCommands(program.commandsGroup('Tools:'), setting);
  addSetupCommands(program.commandsGroup('Installation:'), setting);
  program.helpCommand(true); // In the group of these.
  return program;
}

function versionOfPackage(): string {
  const text = readFileSync(createRequire(import.meta.url).resolve('spiral-agents/package.json'), 'utf8');
  const { version }: { version?: unknown } = JSON.parse(text);
  return String(version);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
