import type { Command } from 'commander';
import { defaultWorkspace, type RunOptions } from '../run-arguments.ts';
import type { CommandSetting } from './command-setting.ts';

/** `run`, `demo`, `serve`, `stop`. */
export function addWorkCommands(program: Command, { end, context }: CommandSetting): void {
  const names = () => program.commands.map((command) => command.name()).filter((name) => name !== 'run');
  program
    .command('run', { isDefault: true })
    .description('give a task to an agent (the word `run` can be left out)')
    .argument('<task>', 'what to do; `-` reads it from standard input')
    .option('--agent <role>', 'who does it (default: developer; with --project the project manager)')
    .option('-w, --workspace <folder>', `where to work (default: ${defaultWorkspace})`)
    .option('--repo <path>', 'work on a branch of this git repository, which stays as it is until you merge')
    .option('--analysis', 'with the project manager: think it through, build nothing')
    .option('--plan-only', 'with the project manager: plan it, build nothing')
    .option('--approve-plan', 'with the project manager: build nothing before you have confirmed the plan')
    .option('--risks', 'with quality assurance: what can go wrong with the plan that you give')
    .option('--test-cases', 'with quality assurance: test cases for the requirements that you give')
    .option('--project <id>', 'with the project manager: build this on a project that is there')
    .option('--unattended', 'nobody will be awake: questions are answered as [unattended] in the configuration says')
    .option('-m, --max-prompts <count>', 'prompts that may be spent (default: from the configuration, else 50)')
    .option('-t, --timeout <seconds>', 'time for each round of Claude Code (default: 600)')
    .option('--model <name>', 'model for Claude Code')
    .option('--json', 'print one event per line and nothing else')
    .action(async (task: string, options: RunOptions & { json?: boolean }) => {
      const { run } = await import('../commands/run.ts');
      end(await run(task, options, context(), program.args[0] === 'run' ? [] : names()));
    });
  program
    .command('demo')
    .description('watch the whole loop with a scripted model: no key, no network, no cost')
    .argument(
      '[what]',
      'scraper: one task; project: a plan, three phases, reviews; qa: a review of code; talk: agents that are stopped; tool: one that is missed, built and used',
      'scraper',
    )
    .option('-w, --workspace <folder>', 'where to work (default: a new folder in ./agent-workspace)')
    .option('--json', 'print one event per line and nothing else')
    .action(async (what: string, options: { workspace?: string; json?: boolean }) => {
      const { demo } = await import('../commands/demo.ts');
      end(await demo(what, options, context()));
    });
  program
    .command('serve')
    .description('take up queued and interrupted tasks of this machine until it is stopped')
    .action(async () => {
      const { serve } = await import('../commands/serve.ts');
      end(await serve(context()));
    });
  program
    .command('worker')
    .description('answer the messages of agents, beside a `serve` and any number of other workers')
    .action(async () => {
      const { worker } = await import('../commands/serve.ts');
      end(await worker(context()));
    });
  program
    .command('stop')
    .description('end the processes of a task at once, whoever drives it')
    .argument('[id]', 'the task, or the beginning of its id')
    .option('--all', 'of every task of this installation')
    .action(async (id: string | undefined, options: { all?: boolean }) => {
      const { stop } = await import('../commands/stop.ts');
      end(await stop(id, options, context()));
    });
}
