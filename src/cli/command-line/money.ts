import type { Command } from 'commander';
import type { GrantOptions } from '../grant-arguments.ts';
import type { CommandSetting } from './command-setting.ts';

/** `pending`, `answer`, `grant`, `costs`. */
export function addMoneyCommands(program: Command, { end, context }: CommandSetting): void {
  program
    .command('pending')
    .description('everything that waits for you, with the commands to answer')
    .option('--json', 'print one question per line')
    .action(async (options: { json?: boolean }) => {
      const { pending } = await import('../commands/pending.ts');
      end(await pending(options, context()));
    });
  program
    .command('answer')
    .description('answer a question, for example about a plan; what waited for it goes on')
    .argument('<id>', 'the question or the task, or the beginning of its id')
    .argument('<choice>', 'one of the choices that the question offers')
    .argument('[words]', 'your words, where the choice needs them')
    .option('--detach', 'do not go on with it here')
    .option('--json', 'print one event per line and nothing else')
    .action(
      async (id: string, choice: string, words: string | undefined, options: { detach?: boolean; json?: boolean }) => {
        const { answer } = await import('../commands/answer.ts');
        end(await answer(id, choice, words, options, context()));
      },
    );
  program
    .command('grant')
    .description('give a task that waits at a limit more, or refuse it; it goes on in the same session')
    .argument('<id>', 'the question or the task, or the beginning of its id')
    .option('--usd <amount>', 'so many dollars more')
    .option('--prompts <count>', 'so many prompts more')
    .option('--tokens <count>', 'so many tokens more')
    .option('--refuse', 'give nothing: the task ends as out of budget')
    .option('--detach', 'do not go on with the task here')
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, options: GrantOptions & { detach?: boolean; json?: boolean }) => {
      const { grant } = await import('../commands/grant.ts');
      end(await grant(id, options, context()));
    });
  program
    .command('costs')
    .description('requests, tokens and USD that were booked')
    .option('--by <what>', 'agent, task or day', 'day')
    .option('--since <when>', 'only what came later: 12h, 2d, yesterday, 2026-11-01 …')
    .option('--json', 'print one line of the table per line')
    .action(async (options: { by: string; since?: string; json?: boolean }) => {
      const { costs } = await import('../commands/costs.ts');
      end(await costs(options, context()));
    });
}
