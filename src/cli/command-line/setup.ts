import type { Command } from 'commander';
import type { CommandSetting } from './command-setting.ts';

/** `doctor`, `init` and what keeps an installation well. */
export function addSetupCommands(program: Command, { end, context }: CommandSetting): void {
  program
    .command('doctor')
    .description('check what Spiral needs, with the cure for what is missing')
    .option('--stop-database', 'end an embedded database that a killed process left running')
    .action(async (options: { stopDatabase?: boolean }) => {
      const { doctor } = await import('../commands/doctor.ts');
      end(await doctor(options, context()));
    });
  program
    .command('init')
    .description('write a commented config.toml and .env.example')
    .argument('[folder]', 'where (default: $SPIRAL_HOME)')
    .action(async (folder: string | undefined) => {
      const { init } = await import('../commands/init.ts');
      end(await init(folder, context()));
    });
  program
    .command('backup')
    .description('write everything that the database holds into a new file')
    .argument('<file>')
    .action(async (file: string) => {
      const { backup } = await import('../commands/upkeep.ts');
      end(await backup(file, context()));
    });
  program
    .command('restore')
    .description('fill an empty database from such a file')
    .argument('<file>')
    .action(async (file: string) => {
      const { restore } = await import('../commands/upkeep.ts');
      end(await restore(file, context()));
    });
  program
    .command('prune')
    .description('delete what [retention] does not keep; never what waits or is unmerged')
    .action(async () => {
      const { prune } = await import('../commands/upkeep.ts');
      end(await prune(context()));
    });
}
