import type { MessageReaction, PartialMessageReaction, PartialUser, User } from 'discord.js';
import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { DecisionKind } from '../../domain/typed-decision.ts';
import { customIdOf } from '../decisions/custom-id.ts';
import { mayAnswer } from '../decisions/permission.ts';
import { decisionOfSign } from '../decisions/reactions.ts';
import { confirmKey, showsQuestion } from '../outbox/keys.ts';
import type { HearNeeds } from './hear-message.ts';
import { authorOf } from './people.ts';

const labels: Readonly<Record<DecisionKind, string>> = {
  approve: 'Approve: who, how many prompts, until when',
  alternative: 'Use an alternative: which, and why',
  defer: 'Defer: until when, and why',
  reject: 'Reject: why',
};

/**
 * A sign on the card of a request for a tool. Discord opens a dialog only from a button, so one is posted; nothing is decided
 * until its dialog is sent.
 */
export function reactionReader({ spiral, posts, outbox, people }: HearNeeds) {
  return async (reaction: MessageReaction | PartialMessageReaction, user: User | PartialUser): Promise<void> => {
    const decision = decisionOfSign(reaction.emoji.name ?? '');
    if (!decision || user.id === user.client.user.id) return;
    const shows = await posts.shownBy(reaction.message.id);
    if (shows === undefined) return;
    const question = (await spiral.pending()).find((one) => showsQuestion(shows, one));
    if (question?.kind !== 'tool-request') return;
    const person = user.partial ? await user.fetch() : user;
    const member = await reaction.message.guild?.members.fetch(user.id).catch(() => undefined); // They left the server.
    const author = authorOf(person, member ? [...member.roles.cache.keys()] : []);
    const entrance = await people.enter(author, { isAsking: false, isToUs: false });
    if (!entrance.isIn || !mayAnswer(question, entrance.actor)) return;
    await outbox.show(confirmKey(question.id, decision), reaction.message.channelId, {
      content: `${reaction.emoji.name} Nothing is decided yet. Fill in the details, or say them here: \`${decision}: …\``,
      components: [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.Button,
              style: ButtonStyle.Primary,
              label: labels[decision],
              custom_id: customIdOf({ kind: 'decide', questionId: question.id, decision }),
            },
          ],
        },
      ],
    });
  };
}
