import type { Message } from '../../domain/message.ts';
import type { ConversationReport } from '../../spiral/conversations.ts';
import type { Spiral } from '../../spiral.ts';
import { agentFrom, countFrom, wholeNumber } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { conversationDetails, conversationLines, deadLetterLines } from '../render/conversations.ts';
import { UsageError } from '../usage-error.ts';
import { findConversation } from './find-conversation.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

type ListOptions = { readonly limit: string; readonly json?: boolean };

const page = 500;
const mostNumber = 2 ** 31 - 1;

/** `spiral messages`: the conversations. */
export async function listConversations(options: ListOptions, context: CommandContext): Promise<number> {
  const limit = countFrom(options.limit);
  return withSystem(context, async (spiral) => {
    const conversations = await spiral.conversations(limit);
    print(
      options.json ? conversations.map((one) => JSON.stringify(one)) : conversationLines(conversations, Date.now()),
    );
    return exitCodes.succeeded;
  });
}

/** `spiral messages show ID`: everything that was said in one. */
export async function showConversation(
  id: string,
  options: { readonly json: boolean },
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const conversation = await findConversation(spiral, id);
    const messages = await messagesOf(spiral, conversation);
    print(options.json ? messages.map((one) => JSON.stringify(one)) : conversationDetails(conversation, messages));
    return exitCodes.succeeded;
  });
}

async function messagesOf(spiral: Spiral, { id }: ConversationReport): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const found = await spiral.messages(id, all.at(-1)?.number ?? 0, page);
    all.push(...found);
    if (found.length < page) return all;
  }
}

/** `spiral messages dead`: what could not be handled however often it was tried. */
export async function listDeadLetters(options: ListOptions, context: CommandContext): Promise<number> {
  const limit = countFrom(options.limit);
  return withSystem(context, async (spiral) => {
    const letters = await spiral.deadLetters(limit);
    print(options.json ? letters.map((one) => JSON.stringify(one)) : deadLetterLines(letters, Date.now()));
    return exitCodes.succeeded;
  });
}

/** `spiral messages resend ID NUMBER AGENT`. */
export async function resendMessage(
  id: string,
  number: string,
  agent: string,
  context: CommandContext,
): Promise<number> {
  const [message, role] = [wholeNumber('The number of the message', number, 1, mostNumber), agentFrom(agent)];
  return withSystem(context, async (spiral) => {
    const conversation = await findConversation(spiral, id);
    if (!(await spiral.resend(conversation.id, message, role))) {
      throw new UsageError(
        `Message ${message} of ${conversation.id} does not lie aside for the ${role}.`,
        'See what does: spiral messages dead',
      );
    }
    process.stderr.write(`📮 Message ${message} is with the ${role} again; spiral serve handles it.\n`);
    return exitCodes.succeeded;
  });
}

/** `spiral messages close ID`: nobody says anything in it any more. */
export async function closeConversation(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const conversation = await findConversation(spiral, id);
    const isNew = await spiral.closeConversation(conversation.id);
    process.stderr.write(`🔚 Conversation ${conversation.id} ${isNew ? 'is over' : 'was over before'}.\n`);
    return exitCodes.succeeded;
  });
}
