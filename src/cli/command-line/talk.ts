import type { Command } from 'commander';
import type { TalkOptions } from '../commands/talk.ts';
import type { CommandSetting } from './command-setting.ts';

const conversationId = 'the conversation, or the beginning of its id';

/** `talk` and `messages`. */
export function addTalkCommands(program: Command, { end, context }: CommandSetting): void {
  program
    .command('talk')
    .description('say something to the agents, and watch what they say to it and to each other')
    .argument('<words>', 'what you say; @qa names an agent; `-` reads it from standard input')
    .option('--to <agents>', 'to these alone, for example pm,qa')
    .option('--topic <name>', 'to whoever gets the messages of a topic (default: general)')
    .option('--in <id>', 'in a conversation that is there')
    .option('-m, --max-prompts <count>', 'prompts that the agents may spend on it')
    .option('--json', 'print one event per line and nothing else')
    .action(async (words: string, options: TalkOptions) => {
      const { talk } = await import('../commands/talk.ts');
      end(await talk(words, options, context()));
    });
  const messages = program
    .command('messages')
    .description('what the agents said to each other and to you, latest conversation first')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--json', 'print one object per line')
    .action(async (options: { limit: string; json?: boolean }) => {
      const { listConversations } = await import('../commands/messages.ts');
      end(await listConversations(options, context()));
    });
  messages
    .command('show')
    .description('everything that was said in a conversation')
    .argument('<id>', conversationId)
    .option('--json', 'print one message per line')
    .action(async (id: string, _options: object, command: Command) => {
      const { showConversation } = await import('../commands/messages.ts');
      end(await showConversation(id, { json: command.optsWithGlobals()['json'] === true }, context()));
    });
  messages
    .command('dead')
    .description('messages that could not be handled however often they were tried')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--json', 'print one object per line')
    .action(async (_options: object, command: Command) => {
      const { listDeadLetters } = await import('../commands/messages.ts');
      const { limit, json } = command.optsWithGlobals<{ limit: string; json?: boolean }>();
      end(await listDeadLetters({ limit, json: json === true }, context()));
    });
  messages
    .command('resend')
    .description('let an agent try such a message again')
    .argument('<id>', conversationId)
    .argument('<number>', 'of the message')
    .argument('<agent>', 'who gets it')
    .action(async (id: string, number: string, agent: string) => {
      const { resendMessage } = await import('../commands/messages.ts');
      end(await resendMessage(id, number, agent, context()));
    });
  messages
    .command('close')
    .description('end a conversation: nobody says anything in it any more')
    .argument('<id>', conversationId)
    .action(async (id: string) => {
      const { closeConversation } = await import('../commands/messages.ts');
      end(await closeConversation(id, context()));
    });
}
