import type { Command } from 'commander';
import type { CommandSetting } from './command-setting.ts';

const taskId = 'the task, or the beginning of its id';

/** `tasks` and what can be done with one of them, `events`, `report`. */
export function addTaskCommands(program: Command, { end, context }: CommandSetting): void {
  const tasks = program
    .command('tasks')
    .description('what runs and what ran, newest first')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--json', 'print one task per line')
    .action(async (options: { limit: string; json?: boolean }) => {
      const { listTasks } = await import('../commands/tasks.ts');
      end(await listTasks(options, context()));
    });
  tasks
    .command('show')
    .description('one task: what happened and what came of it')
    .argument('<id>', taskId)
    .option('--output', 'everything that Claude Code and the tests printed')
    .action(async (id: string, options: { output?: boolean }) => {
      const { showTask } = await import('../commands/tasks.ts');
      end(await showTask(id, options, context()));
    });
  tasks
    .command('continue')
    .description('go on in the same session: with an interrupted task, or with a new one after a finished one')
    .argument('<id>', taskId)
    .argument('[text]', 'what to do next, after a finished task')
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, text: string | undefined, _options: object, command: Command) => {
      const { continueTask } = await import('../commands/continue-task.ts');
      // `tasks` has an option of the same name and takes it first.
      const json: unknown = command.optsWithGlobals()['json'];
      end(await continueTask(id, text, { json: json === true }, context()));
    });
  addBranchCommands(tasks, { end, context });
  program
    .command('report')
    .description('what is done, what failed, what waits for you, what it cost')
    .option('--since <when>', '12h, 2d, yesterday, 2026-11-01 …', '12h')
    .option('--json', 'print one object')
    .action(async (options: { since: string; json?: boolean }) => {
      const { report } = await import('../commands/report.ts');
      end(await report(options, context()));
    });
  program
    .command('events')
    .description('everything that happened, in order')
    .option('-f, --follow', 'go on with each new event until Ctrl-C')
    .option('--task <id>', 'only of this task')
    .option('--after <position>', 'only events with a higher id')
    .option('--json', 'print one event per line')
    .action(async (options: { follow?: boolean; task?: string; after?: string; json?: boolean }) => {
      const { events } = await import('../commands/events.ts');
      end(await events(options, context()));
    });
}

/** What can be done with the work of a task that was given with `--repo`. */
function addBranchCommands(tasks: Command, { end, context }: CommandSetting): void {
  tasks
    .command('diff')
    .description('the work of a task with --repo, as a diff that `git apply` takes')
    .argument('<id>', taskId)
    .action(async (id: string) => {
      const { showDiff } = await import('../commands/branch.ts');
      end(await showDiff(id, context()));
    });
  tasks
    .command('merge')
    .description('merge its branch into what the repository has checked out')
    .argument('<id>', taskId)
    .action(async (id: string) => {
      const { mergeTask } = await import('../commands/branch.ts');
      end(await mergeTask(id, context()));
    });
  tasks
    .command('discard')
    .description('delete its worktree and its branch')
    .argument('<id>', taskId)
    .action(async (id: string) => {
      const { discardTask } = await import('../commands/branch.ts');
      end(await discardTask(id, context()));
    });
}
