/** A person at a Discord client. Does what a person can do, and refuses (PersonCannot) what no client offers. */

import { commandData, type OptionValues, PersonCannot } from './command-use.ts';
import { fieldsOf, type ModalBody, type ModalField } from './component-rules.ts';
import type { Choice, Interaction, Interactions } from './interactions.ts';
import type { UploadedFile } from './message-body.ts';
import { addReaction, deleteMessage, editMessage, loading, postMessage, removeReaction } from './messages.ts';
import { may, sendingIn } from './permissions.ts';
import { transcript } from './transcript.ts';
import type { Until } from './until.ts';
import type { Channel, Message, User, World } from './world.ts';
import { privateChannel } from './world.ts';

/** With a paid subscription; without it 2,000. */
const longestText = 4_000;

export type PersonFile = { readonly name: string; readonly content: string | Buffer; readonly contentType?: string };

export type OpenModal = {
  readonly title: string;
  readonly customId: string;
  readonly fields: readonly ModalField[];
  readonly opener: Interaction;
};

/** What came back from a click, a command or a modal. */
export type Response = {
  /** `failed`: "This interaction failed", nobody answered in time. */
  readonly kind: 'reply' | 'deferred-reply' | 'update' | 'deferred-update' | 'modal' | 'choices' | 'failed';
  readonly interaction: Interaction;
  /** The message of the reply or the update; throws when there is none. */
  readonly message: () => Message;
  /** The modal that opened; throws when none did. */
  readonly modal: () => OpenModal;
  /** The finished reply: waits until "is thinking" is over. */
  readonly answered: () => Promise<Message>;
  /** Waits for the nth (from 1) follow-up. */
  readonly followUp: (number?: number) => Promise<Message>;
};

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly user: User;
  readonly says: (
    channel: Channel,
    text: string,
    more?: { readonly attachments?: readonly PersonFile[]; readonly replyTo?: Message; readonly nonce?: string },
  ) => Message;
  /** In the private channel with the bot. */
  readonly whispers: (text: string, attachments?: readonly PersonFile[]) => Message;
  readonly privateChannel: () => Channel;
  readonly edits: (message: Message, text: string) => void;
  readonly deletes: (message: Message) => void;
  readonly reacts: (message: Message, emoji: string) => void;
  readonly unreacts: (message: Message, emoji: string) => void;
  /** By the custom id or the label of the button. */
  readonly clicks: (message: Message, button: string) => Promise<Response>;
  /** By the custom id or the placeholder of the select, and by values or labels of options. */
  readonly selects: (message: Message, select: string, values: readonly string[]) => Promise<Response>;
  /** Fields by custom id or label; those that are not named keep what the modal filled in. */
  readonly submits: (modal: OpenModal, values?: Readonly<Record<string, string>>) => Promise<Response>;
  /** `uses(channel, '/project start', { name: 'x' })`. */
  readonly uses: (channel: Channel, command: string, options?: OptionValues) => Promise<Response>;
  /** What is offered while the last named option is being typed. */
  readonly completes: (channel: Channel, command: string, options: OptionValues) => Promise<readonly Choice[]>;
  /** What stands in the channel for this person, as plain lines. */
  readonly sees: (channel: Channel) => string;
};

export function personAt(world: World, interactions: Interactions, until: Until, user: User): Person {
  const person: Person = {
    id: user.id,
    name: user.username,
    user,
    says: (channel, text, { attachments = [], replyTo, nonce } = {}) => {
      if (channel.deletedAt !== undefined) throw new PersonCannot('The channel is gone.');
      if (!may(world, user.id, channel, sendingIn(channel))) throw new PersonCannot('No permission to write here.');
      if ([...text].length > longestText) throw new PersonCannot(`Longer than ${longestText} characters.`);
      if (!text.trim() && attachments.length === 0) throw new PersonCannot('An empty message.');
      if (replyTo) mustSee(replyTo);
      return postMessage(world, {
        channel,
        author: user,
        content: text,
        replyTo,
        nonce,
        files: attachments.map(fileOf),
      });
    },
    whispers: (text, attachments = []) => person.says(person.privateChannel(), text, { attachments }),
    privateChannel: () => privateChannel(world, user.id),
    edits: (message, text) => {
      mustOwn(message);
      editMessage(world, message, { content: text });
    },
    deletes: (message) => {
      mustOwn(message);
      deleteMessage(world, message);
    },
    reacts: (message, emoji) => {
      mustSee(message);
      if (message.ephemeralFor) throw new PersonCannot('Nobody can react to a message that only one person sees.');
      addReaction(world, message, user, emoji);
    },
    unreacts: (message, emoji) => {
      if (!message.reactions.get(emoji)?.has(user.id)) throw new PersonCannot(`No reaction ${emoji} to take back.`);
      removeReaction(world, message, user, emoji);
    },
    clicks: (message, name) => {
      mustSee(message);
      const button = partsOf(message).find(
        ({ type, custom_id, label }) => type === 2 && (custom_id === name || label === name),
      );
      if (!button) throw new PersonCannot(`No button "${name}" on: ${transcript(message.channel, user.id)}`);
      if (button.disabled) throw new PersonCannot(`The button "${name}" is disabled.`);
      if (!button.custom_id) throw new PersonCannot(`"${name}" is a link.`);
      return act(
        'component',
        message.channel,
        { component_type: 2, custom_id: button.custom_id, id: button.id },
        message,
      );
    },
    selects: (message, name, values) => {
      mustSee(message);
      const select = partsOf(message).find(
        ({ type, custom_id, placeholder }) => type === 3 && (custom_id === name || placeholder === name),
      );
      if (!select) throw new PersonCannot(`No select "${name}" on the message.`);
      if (select.disabled) throw new PersonCannot(`The select "${name}" is disabled.`);
      if (values.length < (select.min_values ?? 1) || values.length > (select.max_values ?? 1)) {
        throw new PersonCannot(`"${name}" does not take ${values.length} values.`);
      }
      const chosen = values.map((value) => chosenOption(select.options ?? [], value));
      const data = { component_type: 3, custom_id: select.custom_id, id: select.id, values: chosen };
      return act('component', message.channel, data, message);
    },
    submits: ({ customId, fields, opener }, values = {}) => {
      if (opener.person !== user) throw new PersonCannot('This modal is open at somebody else.');
      const unknown = Object.keys(values).find((key) => !fields.some((field) => isNamed(field, key)));
      if (unknown !== undefined) throw new PersonCannot(`The modal has no field "${unknown}".`);
      const components = fields.map((field) => filled(field, values));
      return act('modal', opener.channel, { custom_id: customId, components }, opener.message);
    },
    uses: (channel, command, options = {}) => {
      if (!may(world, user.id, channel, 'UseApplicationCommands')) throw new PersonCannot('No commands here.');
      return act('command', channel, commandData(world, command, options));
    },
    completes: async (channel, command, options) => {
      const data = commandData(world, command, options, Object.keys(options).at(-1) ?? '');
      const { interaction } = await act('autocomplete', channel, data);
      const { acknowledgement } = interaction;
      return acknowledgement?.kind === 'choices' ? acknowledgement.choices : [];
    },
    sees: (channel) => transcript(channel, user.id),
  };

  function mustSee(message: Message): void {
    if (message.deletedAt !== undefined) throw new PersonCannot('The message is gone.');
    if (message.ephemeralFor && message.ephemeralFor !== user.id)
      throw new PersonCannot('Only another person sees it.');
    if (!may(world, user.id, message.channel, 'ViewChannel')) throw new PersonCannot('The channel cannot be seen.');
  }

  function mustOwn(message: Message): void {
    mustSee(message);
    if (message.author.id !== user.id) throw new PersonCannot('The message is of somebody else.');
  }

  async function act(kind: Interaction['kind'], channel: Channel, data: object, message?: Message): Promise<Response> {
    const interaction = interactions.start(kind, user, channel, data, message);
    let late = false;
    const cancel = world.clock.after(interactions.acknowledgeWithinMs, () => {
      late = true;
      world.changed();
    });
    await until(() => interaction.acknowledgement !== undefined || late, {
      timeoutMs: interactions.acknowledgeWithinMs + 5_000,
      what: `an answer to ${kind}`,
    });
    cancel();
    return responseOf(interaction, until);
  }

  return person;
}

function responseOf(interaction: Interaction, until: Until): Response {
  const { acknowledgement: came } = interaction;
  const missing = (what: string) => new Error(`No ${what} came back, but: ${came?.kind ?? 'nothing in time'}`);
  const message = () => {
    if (came && 'message' in came) return came.message;
    if (came?.kind === 'deferred-update' && interaction.message) return interaction.message;
    throw missing('message');
  };
  return {
    kind: came?.kind ?? 'failed',
    interaction,
    message,
    modal: () => {
      if (came?.kind !== 'modal') throw missing('modal');
      return openModal(came.modal, interaction);
    },
    answered: () =>
      until(() => {
        const reply = message();
        return reply.flags & loading ? undefined : reply;
      }),
    followUp: (number = 1) => until(() => interaction.followUps[number - 1]),
  };
}

function openModal(modal: ModalBody, opener: Interaction): OpenModal {
  return { title: modal.title, customId: modal.custom_id, fields: fieldsOf(modal), opener };
}

function isNamed({ customId, label }: ModalField, name: string): boolean {
  return customId === name || label === name;
}

function filled(field: ModalField, values: Readonly<Record<string, string>>): object {
  const { customId, label, type, value: preset, required, minimum, maximum, inLabel } = field;
  const value = values[customId] ?? values[label] ?? preset;
  if (required && value === '') throw new PersonCannot(`The field "${label}" must be filled in.`);
  if (type !== 4) {
    const chosen = value === '' ? [] : [chosenOption(field.options, value)];
    return { type: 18, id: 1, component: { type, id: 2, custom_id: customId, values: chosen } };
  }
  if (value !== '' && (value.length < minimum || value.length > maximum)) {
    throw new PersonCannot(`"${label}" takes ${minimum} to ${maximum} characters.`);
  }
  const input = { type: 4, id: 2, custom_id: customId, value };
  return inLabel ? { type: 18, id: 1, component: input } : { type: 1, id: 1, components: [input] };
}

function chosenOption(options: readonly { readonly label: string; readonly value: string }[], wanted: string): string {
  const option = options.find(({ value, label }) => value === wanted || label === wanted);
  if (!option) throw new PersonCannot(`There is no option "${wanted}".`);
  return option.value;
}

type Part = {
  type: number;
  id?: number;
  custom_id?: string;
  label?: string;
  placeholder?: string;
  disabled?: boolean;
  min_values?: number;
  max_values?: number;
  options?: { label: string; value: string }[];
};

function partsOf({ components }: Message): Part[] {
  return (components as unknown as { components?: Part[] }[]).flatMap((row) => row.components ?? []);
}

function fileOf({ name, content, contentType }: PersonFile, index: number): UploadedFile {
  return {
    key: String(index),
    filename: name,
    contentType:
      contentType ?? (typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'),
    content: Buffer.from(content),
  };
}
