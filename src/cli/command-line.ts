import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { Installation } from '../spiral.ts';
import type { CommandContext } from './command-context.ts';
import type { RunOptions } from './commands/run.ts';
import { exitCodes } from './exit-code.ts';

/**
 * Runs one command line and gives back its exit code. Mistakes of the person end in one line of what is wrong and one of
 * what to do; nothing else is ever printed of them.
 */
export async function runCommandLine(
  args: readonly string[],
  installation: () => Promise<Installation>,
): Promise<number> {
  let exitCode: number = exitCodes.succeeded;
  const program = commandLine((code) => {
    exitCode = code;
  }, installation);
  // Whoever reads our output may close it early, as `head` does; that ends the output, not the work.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
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

function commandLine(end: (exitCode: number) => void, installation: () => Promise<Installation>): Command {
  const program = new Command('spiral')
    .description('A team of AI agents on top of Claude Code that reports what was observed, not what was claimed.')
    .option('--config <file>', 'configuration file (default: config.toml in $SPIRAL_HOME)')
    .version(versionOfPackage(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`❌ ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError('   See spiral --help.');
  const context = (): CommandContext => {
    const configPath: unknown = program.opts()['config'];
    return { installation, ...(typeof configPath === 'string' ? { configPath } : {}) };
  };
  const names = () => program.commands.map((command) => command.name()).filter((name) => name !== 'run');

  program
    .command('run', { isDefault: true })
    .description('give a task to an agent (the word `run` can be left out)')
    .argument('<task>', 'what to do; `-` reads it from standard input')
    .option('--agent <role>', 'who does it', 'developer')
    .option('-w, --workspace <folder>', 'where to work', './agent-workspace')
    .option('-m, --max-prompts <count>', 'prompts that may be spent (default: from the configuration, else 50)')
    .option('-t, --timeout <seconds>', 'time for each round of Claude Code (default: 600)')
    .option('--model <name>', 'model for Claude Code')
    .option('--json', 'print one event per line and nothing else')
    .action(async (task: string, options: RunOptions) => {
      const { run } = await import('./commands/run.ts');
      end(await run(task, options, context(), program.args[0] === 'run' ? [] : names()));
    });
  program
    .command('demo')
    .description('watch the whole loop with a scripted model: no key, no network, no cost')
    .option('-w, --workspace <folder>', 'where to build it (default: a new folder in ./agent-workspace)')
    .option('--json', 'print one event per line and nothing else')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      const { demo } = await import('./commands/demo.ts');
      end(await demo(options, context()));
    });
  program
    .command('doctor')
    .description('check what Spiral needs, with the cure for what is missing')
    .option('--stop-database', 'end an embedded database that a killed process left running')
    .action(async (options: { stopDatabase?: boolean }) => {
      const { doctor } = await import('./commands/doctor.ts');
      end(await doctor(options, context()));
    });
  program
    .command('init')
    .description('write a commented config.toml and .env.example')
    .argument('[folder]', 'where (default: $SPIRAL_HOME)')
    .action(async (folder: string | undefined) => {
      const { init } = await import('./commands/init.ts');
      end(await init(folder, context()));
    });
  const tasks = program
    .command('tasks')
    .description('what ran and what it cost, newest first')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--json', 'print one task per line')
    .action(async (options: { limit: string; json?: boolean }) => {
      const { listTasks } = await import('./commands/tasks.ts');
      end(await listTasks(options, context()));
    });
  tasks
    .command('show')
    .description('one task: what happened and what came of it')
    .argument('<id>', 'the task, or the beginning of its id')
    .option('--output', 'everything that Claude Code and the tests printed')
    .action(async (id: string, options: { output?: boolean }) => {
      const { showTask } = await import('./commands/tasks.ts');
      end(await showTask(id, options, context()));
    });
  tasks
    .command('continue')
    .description('go on with a task that was interrupted, in the same session')
    .argument('<id>', 'the task, or the beginning of its id')
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, _options: object, command: Command) => {
      const { continueTask } = await import('./commands/continue-task.ts');
      // `tasks` has an option of the same name and takes it first.
      const json: unknown = command.optsWithGlobals()['json'];
      end(await continueTask(id, { json: json === true }, context()));
    });
  program
    .command('events')
    .description('everything that happened, in order')
    .option('-f, --follow', 'go on with each new event until Ctrl-C')
    .option('--task <id>', 'only of this task')
    .option('--after <position>', 'only events with a higher id')
    .option('--json', 'print one event per line')
    .action(async (options: { follow?: boolean; task?: string; after?: string; json?: boolean }) => {
      const { events } = await import('./commands/events.ts');
      end(await events(options, context()));
    });
  program
    .command('serve')
    .description('take up queued and interrupted tasks of this machine until it is stopped')
    .action(async () => {
      const { serve } = await import('./commands/serve.ts');
      end(await serve(context()));
    });
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
