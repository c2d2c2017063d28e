/**
 * What a person starts by a command, a button, a select or a modal, and the one acknowledgement that it gets in time.
 * Discord developer docs: "Interactions: Receiving and Responding".
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fieldsOf, type ModalBody, modalSchema } from './component-rules.ts';
import { acceptedMessage, type UploadedFile } from './message-body.ts';
import { editMessage, ephemeral, loading, postMessage } from './messages.ts';
import { channelPayload, memberPayload, messagePayload, userPayload } from './payloads.ts';
import { permissionsOf } from './permissions.ts';
import { accepted, invalid, refusals } from './refusal.ts';
import type { Channel, Message, User, World } from './world.ts';

const tokenLivesMs = 15 * 60_000;
const typeOf = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

export type Choice = { readonly name: string; readonly value: string | number };

export type Acknowledgement =
  | { readonly kind: 'reply' | 'deferred-reply' | 'update'; readonly message: Message }
  | { readonly kind: 'deferred-update' }
  | { readonly kind: 'modal'; readonly modal: ModalBody }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] };

export type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly kind: keyof typeof typeOf;
  readonly person: User;
  readonly channel: Channel;
  /** The one with the button. */
  readonly message?: Message;
  readonly createdAt: number;
  acknowledgement?: Acknowledgement;
  acknowledgedAt?: number;
  readonly followUps: Message[];
};

export type Interactions = {
  readonly all: readonly Interaction[];
  readonly acknowledgeWithinMs: number;
  readonly start: (
    kind: Interaction['kind'],
    person: User,
    channel: Channel,
    data: object,
    message?: Message,
  ) => Interaction;
  /** By id and token, still to be acknowledged in time; a refusal otherwise. */
  readonly awaiting: (id: string, token: string) => Interaction;
  /** By the token of a webhook that belongs to an interaction. */
  readonly byToken: (token: string) => Interaction;
};

export function openInteractions(world: World, acknowledgeWithinMs: number): Interactions {
  const all: Interaction[] = [];
  return {
    all,
    acknowledgeWithinMs,
    start: (kind, person, channel, data, message) => {
      const interaction: Interaction = {
        id: world.newId(),
        token: randomBytes(30).toString('base64url'),
        kind,
        person,
        channel,
        createdAt: world.clock.now(),
        followUps: [],
        ...(message ? { message } : {}),
      };
      all.push(interaction);
      const payload = interactionPayload(world, interaction, data);
      world.tell({ event: 'INTERACTION_CREATE', channel, data: () => payload });
      return interaction;
    },
    awaiting: (id, token) => {
      const found = all.find((interaction) => interaction.id === id && interaction.token === token);
      if (!found) throw refusals.unknownInteraction();
      if (found.acknowledgement) throw refusals.acknowledgedAlready();
      if (world.clock.now() - found.createdAt > acknowledgeWithinMs) throw refusals.unknownInteraction();
      return found;
    },
    byToken: (token) => {
      const found = all.find((interaction) => interaction.token === token);
      if (!found) throw refusals.unknownWebhook();
      if (world.clock.now() - found.createdAt > tokenLivesMs) throw refusals.invalidWebhookToken();
      if (!found.acknowledgement) throw refusals.unknownWebhook();
      return found;
    },
  };
}

const callbackSchema = z.strictObject({ type: z.int(), data: z.unknown().optional() });
const deferSchema = z.strictObject({ flags: z.int().optional() }).optional();
const choicesSchema = z.strictObject({
  choices: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        name_localizations: z.record(z.string(), z.string()).nullish(),
        value: z.union([z.string().max(100), z.number()]),
      }),
    )
    .max(25),
});

export function acknowledge(
  world: World,
  interaction: Interaction,
  body: unknown,
  files: readonly UploadedFile[],
): void {
  const { type, data } = accepted(callbackSchema, body);
  interaction.acknowledgement = acknowledgementOf(world, interaction, type, data, files);
  interaction.acknowledgedAt = world.clock.now();
  world.changed();
}

function acknowledgementOf(
  world: World,
  interaction: Interaction,
  type: number,
  data: unknown,
  files: readonly UploadedFile[],
): Acknowledgement {
  const { kind, message } = interaction;
  if ((kind === 'autocomplete') !== (type === 8)) throw wrongType();
  switch (type) {
    case 4: {
      const { flags, ...rest } = acceptedMessage('interaction', data ?? {}, files);
      return { kind: 'reply', message: answer(world, interaction, { ...rest, flags }) };
    }
    case 5:
      return {
        kind: 'deferred-reply',
        message: answer(world, interaction, {
          flags: loading | ((accepted(deferSchema, data)?.flags ?? 0) & ephemeral),
        }),
      };
    case 6:
    case 7: {
      if (!message) throw wrongType();
      if (type === 6) return { kind: 'deferred-update' };
      const change = acceptedMessage('edit', data ?? {}, files);
      editMessage(world, message, change);
      return { kind: 'update', message };
    }
    case 8:
      return { kind: 'choices', choices: accepted(choicesSchema, data).choices };
    case 9: {
      if (kind === 'modal') throw wrongType();
      const modal = accepted(modalSchema, data);
      fieldsOf(modal);
      return { kind: 'modal', modal };
    }
    default:
      throw wrongType();
  }
}

function wrongType() {
  return invalid('type', 'INTERACTION_RESPONSE_TYPE_INVALID', 'This type does not answer this interaction.');
}

type AnswerDraft = Omit<Parameters<typeof postMessage>[1], 'channel' | 'author'>;

/** A message of the bot in answer to an interaction; only the person sees it when its flags say so. */
export function answer(world: World, { id, person, channel, kind, message }: Interaction, draft: AnswerDraft): Message {
  return postMessage(world, {
    ...draft,
    channel,
    author: world.bot,
    webhookId: world.application.id,
    interactionId: id,
    type: kind === 'command' ? 20 : message ? 19 : 0,
    ...(message && kind !== 'command' ? { replyTo: message } : {}),
    ephemeralFor: (draft.flags ?? 0) & ephemeral ? person.id : undefined,
  });
}

/** What `@original` is: the message of the answer, or for an update the one with the button. */
export function originalOf({ acknowledgement, message }: Interaction): Message {
  const original =
    acknowledgement && 'message' in acknowledgement
      ? acknowledgement.message
      : acknowledgement?.kind === 'deferred-update'
        ? message
        : undefined;
  if (!original || original.deletedAt !== undefined) throw refusals.unknownMessage(original !== undefined);
  return original;
}

function interactionPayload(world: World, interaction: Interaction, data: object): object {
  const { id, token, kind, person, channel, message } = interaction;
  const member = world.members.get(person.id);
  const inGuild = channel.type !== 1;
  return {
    id,
    token,
    type: typeOf[kind],
    version: 1,
    application_id: world.application.id,
    data,
    channel_id: channel.id,
    channel: {
      ...channelPayload(world, channel),
      permissions: String(permissionsOf(world, person.id, channel)),
    },
    ...(inGuild && member
      ? {
          guild_id: world.guild.id,
          guild: { id: world.guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: { ...memberPayload(member), permissions: String(permissionsOf(world, person.id, channel)) },
        }
      : { user: userPayload(person) }),
    ...(message ? { message: messagePayload(world, message) } : {}),
    locale: 'en-US',
    app_permissions: String(permissionsOf(world, world.bot.id, channel)),
    entitlements: [],
    authorizing_integration_owners: inGuild ? { 0: world.guild.id } : { 0: '0' },
    context: inGuild ? 0 : 1,
    attachment_size_limit: 10 * 1024 * 1024,
  };
}
