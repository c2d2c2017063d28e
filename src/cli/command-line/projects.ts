import type { Command } from 'commander';
import type { CommandSetting } from './command-setting.ts';

const projectId = 'the project, or the beginning of its id';

/** `projects` and what can be done with one of them. */
export function addProjectCommands(program: Command, { end, context }: CommandSetting): void {
  const projects = program
    .command('projects')
    .description('what the project manager coordinates and coordinated, newest first')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--json', 'print one project per line')
    .action(async (options: { limit: string; json?: boolean }) => {
      const { listProjects } = await import('../commands/projects.ts');
      end(await listProjects(options, context()));
    });
  projects
    .command('show')
    .description('one project: its phases, where it stands, what is left')
    .argument('<id>', projectId)
    .action(async (id: string) => {
      const { showProject } = await import('../commands/projects.ts');
      end(await showProject(id, context()));
    });
  projects
    .command('report')
    .description('what a project came to')
    .argument('<id>', projectId)
    .option('--json', 'print one object')
    .action(async (id: string, _options: object, command: Command) => {
      const { reportProject } = await import('../commands/projects.ts');
      end(await reportProject(id, { json: isJson(command) }, context()));
    });
  projects
    .command('hold')
    .description('break off what runs of it and leave everything as it is')
    .argument('<id>', projectId)
    .action(async (id: string) => {
      const { holdProject } = await import('../commands/projects.ts');
      end(await holdProject(id, context()));
    });
  projects
    .command('continue')
    .alias('resume')
    .description('go on with a held or an interrupted project, in the same sessions')
    .argument('<id>', projectId)
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, _options: object, command: Command) => {
      const { continueProject } = await import('../commands/projects.ts');
      end(await continueProject(id, { json: isJson(command) }, context()));
    });
  projects
    .command('cancel')
    .description('end it; what was built stays')
    .argument('<id>', projectId)
    .action(async (id: string) => {
      const { cancelProject } = await import('../commands/projects.ts');
      end(await cancelProject(id, context()));
    });
}

/** `projects` has an option of the same name and takes it first. */
function isJson(command: Command): boolean {
  return command.optsWithGlobals()['json'] === true;
}
