import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { completions } from '../commands/complete.ts';
import type { CommandOptions } from '../commands/options.ts';
import type { CommandReply } from '../commands/reply.ts';
import { mayOpenDialog, runCommand } from '../commands/run.ts';
import { intentionOf } from '../decisions/custom-id.ts';
import { carryOut, type Decided } from '../decisions/decide.ts';
import { fieldsFrom } from '../decisions/fields.ts';
import type { Intention } from '../decisions/intention.ts';
import type { Actor } from '../decisions/permission.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { listeningTo } from '../receive/channels.ts';
import type { HearNeeds } from './hear-message.ts';
import { inTime } from './in-time.ts';
import { authorOfInteraction } from './people.ts';
import type { Said } from './said.ts';

/** Discord takes an acknowledgement for three seconds; what may take longer is acknowledged first. */
type Pressed = ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction;

/** Does what a button, a dialog or a slash command wants. */
export function interactionReader(needs: HearNeeds): (interaction: Interaction) => Promise<void> {
  const { spiral, settings, asked, people, tasks, now } = needs;

  return async (interaction) => {
    const isCommand = interaction.isChatInputCommand();
    const entrance = await people.enter(authorOfInteraction(interaction), { isAsking: isCommand, isToUs: true });
    if (interaction.isAutocomplete()) {
      const { name, value } = interaction.options.getFocused(true);
      const found = entrance.isIn
        ? await completions(interaction.commandName, name, String(value), spiral, optionsOf(interaction))
        : [];
      return interaction.respond([...found]);
    }
    if (!interaction.isRepliable()) return;
    if (!entrance.isIn) {
      const words = entrance.answer ?? 'Not now.';
      await interaction.reply({ content: words, flags: MessageFlags.Ephemeral });
      return;
    }
    if (isCommand) return command(interaction, entrance.actor);
    if (interaction.isButton() || interaction.isStringSelectMenu() || interaction.isModalSubmit()) {
      return press(interaction, entrance.actor);
    }
  };

  async function press(interaction: Pressed, actor: Actor): Promise<void> {
    const intention = intentionOf(interaction.customId);
    if (!intention) return tellPresser(interaction, 'This button is from another time: see /pending.');
    const fields = interaction.isModalSubmit() ? fieldsFrom(filledIn(interaction)) : undefined;
    const later = () => interaction.deferReply({ flags: MessageFlags.Ephemeral });
    // A dialog has to be the first answer, so that nothing is put off that may open one.
    if (fields !== undefined) await later();
    const deciding = decide(intention, fields, actor);
    const decided = fields === undefined ? await inTime(deciding, later) : await deciding;
    if (decided.kind === 'needs-dialog' && !interaction.isModalSubmit() && !interaction.deferred) {
      await interaction.showModal(decided.dialog);
      return;
    }
    await tellPresser(interaction, wordsOf(decided));
  }

  async function decide(intention: Intention, fields: Parameters<typeof carryOut>[1], actor: Actor): Promise<Decided> {
    if ('questionId' in intention) await asked.by(intention.questionId, actor.id);
    const decided = await carryOut(intention, fields, { spiral, actor, now: new Date(now()) });
    if (decided.kind !== 'done' && 'questionId' in intention) await asked.by(intention.questionId, undefined);
    return decided;
  }

  async function command(interaction: ChatInputCommandInteraction, actor: Actor): Promise<void> {
    const { commandName } = interaction;
    const isPrivate = !beginsWork.has(commandName);
    const later = () => interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    if (!mayOpenDialog(commandName)) await later();
    const running = runCommand(commandName, optionsOf(interaction), {
      spiral,
      actor,
      now: new Date(now()),
      defaultAgent: settings.defaultAgent,
      key: keyOf(interaction),
    });
    await answerCommand(interaction, mayOpenDialog(commandName) ? await inTime(running, later) : await running, actor);
  }

  async function answerCommand(
    interaction: ChatInputCommandInteraction,
    reply: CommandReply,
    actor: Actor,
  ): Promise<void> {
    switch (reply.kind) {
      case 'reply':
        return say(interaction, reply.message);
      case 'refused':
        return say(interaction, { content: reply.problem });
      case 'dialog':
        if (interaction.deferred)
          return say(interaction, { content: `That took too long: /${interaction.commandName} once more.` });
        await interaction.showModal(reply.dialog);
        return;
      case 'submit':
      case 'continue':
        return work(interaction, reply, actor);
    }
  }

  async function work(
    interaction: ChatInputCommandInteraction,
    wanted: Extract<CommandReply, { kind: 'submit' | 'continue' }>,
    actor: Actor,
  ): Promise<void> {
    const text = wanted.text ?? 'Go on with what was not finished.';
    const answer = await interaction.editReply({ content: headOf(text), allowedMentions: { parse: [] } });
    const { channel } = interaction;
    const parent = channel?.isThread() ? channel.parent : channel;
    const { repository } = listeningTo(
      {
        channelId: parent?.id ?? interaction.channelId,
        ...(parent && 'name' in parent && parent.name ? { channelName: parent.name } : {}),
        isDirect: channel?.isDMBased() ?? true,
      },
      settings,
    );
    const said: Said = {
      key: keyOf(interaction),
      text,
      agent: wanted.kind === 'continue' ? wanted.task.agent : wanted.agent,
      ...(wanted.kind === 'submit' && wanted.wish ? { wish: wanted.wish } : {}),
      ...(wanted.kind === 'submit' && wanted.talk ? { talk: wanted.talk } : {}),
      ...(wanted.kind === 'submit' && wanted.project !== undefined ? { project: wanted.project } : {}),
      // Agents that talk change no files.
      ...(repository === undefined || (wanted.kind === 'submit' && wanted.talk) ? {} : { repository }),
      attachments: [],
      personId: actor.id,
      at: { channelId: interaction.channelId, messageId: answer.id },
      isTheirs: false,
      isInThread: channel?.isThread() ?? false,
      mayHaveThread: channel !== null && !channel.isThread() && !channel.isDMBased(),
    };
    const begun = wanted.kind === 'continue' ? await tasks.goOn(wanted.task, said) : await tasks.begin(said);
    if (begun.kind === 'refused') await interaction.editReply({ content: `${begun.problem} ${begun.cure}` });
  }
}

/** Commands whose answer everybody sees: a thread is opened at it. */
const beginsWork: ReadonlySet<string> = new Set(['task', 'project', 'talk', 'continue']);
const longestHead = 1_500;

function keyOf({ id }: ChatInputCommandInteraction): string {
  return `discord-${id}`;
}

function headOf(text: string): string {
  const letters = [...text];
  return `🗣️ ${letters.length > longestHead ? `${letters.slice(0, longestHead).join('')}…` : text}`;
}

function optionsOf(interaction: ChatInputCommandInteraction | AutocompleteInteraction): CommandOptions {
  const filled = interaction.options.data.flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(filled);
}

async function say(interaction: ChatInputCommandInteraction, message: Outgoing): Promise<void> {
  if (interaction.deferred) await interaction.editReply(payloadOf(message));
  else await interaction.reply({ ...payloadOf(message), flags: MessageFlags.Ephemeral });
}

function wordsOf(decided: Decided): string {
  switch (decided.kind) {
    case 'done':
    case 'too-late':
      return decided.words;
    case 'refused':
      return decided.problem;
    case 'needs-dialog':
      return 'That took too long: press the button once more.';
  }
}

function filledIn({ fields }: ModalSubmitInteraction): (readonly [name: string, value: string])[] {
  return [...fields.fields.values()].flatMap((field) =>
    'value' in field && typeof field.value === 'string' ? [[field.customId, field.value] as const] : [],
  );
}

async function tellPresser(interaction: Pressed, content: string): Promise<void> {
  if (interaction.deferred) await interaction.editReply({ content });
  else await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}

function payloadOf({ content, embeds, components, files }: Outgoing) {
  return {
    ...(content === undefined ? {} : { content }),
    ...(embeds === undefined ? {} : { embeds: [...embeds] }),
    ...(components === undefined ? {} : { components: [...components] }),
    ...(files === undefined
      ? {}
      : { files: files.map(({ name, content: data }) => ({ name, attachment: Buffer.from(data) })) }),
    allowedMentions: { parse: [] },
  };
}
