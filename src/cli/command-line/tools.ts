import type { Command } from 'commander';
import type { DecideOptions } from '../decision-arguments.ts';
import type { CommandSetting } from './command-setting.ts';

/** `decide`. */
export function addToolCommands(program: Command, { end, context }: CommandSetting): void {
  program
    .command('decide')
    .description('decide about a tool that an agent lacks: approve, alternative, defer or reject')
    .argument('<id>', 'the question, the request or the task, or the beginning of its id')
    .argument('<decision>', 'approve, alternative, defer or reject')
    .option('--agents <names>', 'approve: who builds it, for example dev,qa')
    .option('--max-prompts <count>', 'approve: how many prompts the build may use')
    .option('--deadline <when>', 'approve: until when, for example 2d')
    .option('--adopt', 'approve: a green gate is enough, nobody is asked again')
    .option('--use <name>', 'alternative: what is used instead')
    .option('--until <when>', 'defer: when it is asked again, for example 3d')
    .option('--reason <words>', 'why')
    .option('--workaround <words>', 'reject: what is done instead')
    .option('--detach', 'do not go on with it here')
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, choice: string, options: DecideOptions & { detach?: boolean; json?: boolean }) => {
      const { decide } = await import('../commands/decide.ts');
      end(await decide(id, choice, options, context()));
    });
}
