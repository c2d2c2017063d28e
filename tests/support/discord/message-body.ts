/** The body of a message that is created, edited or sent by a webhook. Discord developer docs: "Message: Create Message". */
import type { APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { z } from 'zod';
import { acceptedComponents, componentsSchema } from './component-rules.ts';
import { acceptedEmbeds, embedSchema } from './embed-rules.ts';
import { type AllowedMentions, allowedMentionsSchema, checkAllowedMentions } from './mentions.ts';
import { accepted, invalid, refusals } from './refusal.ts';

const largestFile = 10 * 1024 * 1024;

export type UploadedFile = {
  /** `0` of `files[0]`. */
  readonly key: string;
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
};

const shared = {
  content: z.string().max(2000).nullish(),
  embeds: z.array(embedSchema).max(10).nullish(),
  components: componentsSchema.nullish(),
  allowed_mentions: allowedMentionsSchema.nullish(),
  flags: z.int().nullish(),
  attachments: z
    .array(
      z.strictObject({
        id: z.union([z.string(), z.int()]).transform(String),
        filename: z.string().max(1024).optional(),
        description: z.string().max(1024).nullish(),
        title: z.string().nullish(),
        waveform: z.string().nullish(),
        duration_secs: z.number().nullish(),
      }),
    )
    .max(10)
    .nullish(),
};
/** discord.js names these in every body, and Discord takes them where they mean nothing. */
const named = {
  tts: z.boolean().optional(),
  nonce: z.union([z.string().max(25), z.int()]).optional(),
  enforce_nonce: z.boolean().optional(),
};
const sent = { ...shared, ...named };

const bodies = {
  create: z.strictObject({
    ...sent,
    message_reference: z
      .strictObject({
        type: z.literal(0).optional(),
        message_id: z.string(),
        channel_id: z.string().optional(),
        guild_id: z.string().optional(),
        fail_if_not_exists: z.boolean().optional(),
      })
      .optional(),
    sticker_ids: z.array(z.string()).max(0).optional(),
  }),
  edit: z.strictObject({ ...sent, username: z.string().optional(), avatar_url: z.string().optional() }),
  interaction: z.strictObject(sent),
  webhook: z.strictObject({
    ...sent,
    username: z
      .string()
      .min(1)
      .max(80)
      .refine((name) => !/discord|clyde/i.test(name), 'Username cannot contain "discord" or "clyde"')
      .optional(),
    avatar_url: z.string().optional(),
  }),
};

export type MessageBody = {
  readonly content: string | undefined;
  readonly embeds: APIEmbed[] | undefined;
  readonly components: APIMessageTopLevelComponent[] | undefined;
  readonly allowedMentions: AllowedMentions | undefined;
  readonly flags: number;
  readonly files: readonly (UploadedFile & { readonly description?: string })[];
  /** On an edit: ids of the attachments that stay; absent = all stay. */
  readonly kept: readonly string[] | undefined;
};

/** 0 nothing, 4 no embeds from links, 64 ephemeral, 4096 silent. */
const flagsThatMayBeSent = 4 | 64 | 4096;

export function acceptedMessage<Kind extends keyof typeof bodies>(
  kind: Kind,
  body: unknown,
  files: readonly UploadedFile[],
): MessageBody & { readonly given: z.infer<(typeof bodies)[Kind]> } {
  if (files.length > 10) throw invalid('files', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.');
  if (files.some(({ content }) => content.length > largestFile)) throw refusals.tooLarge();
  const given = accepted(bodies[kind], body) as z.infer<(typeof bodies)['create']>;
  checkAllowedMentions(given.allowed_mentions ?? undefined);
  if ((given.flags ?? 0) & ~flagsThatMayBeSent) {
    throw invalid('flags', 'MESSAGE_FLAGS_INVALID', 'The stand-in knows the flags 4, 64 and 4096 only.');
  }
  const unsent = (given.attachments ?? []).findIndex(({ id }) => files.every(({ key }) => key !== id));
  // On an edit an id may be that of a file which stays.
  if (kind !== 'edit' && unsent >= 0) {
    throw invalid(`attachments.${unsent}.id`, 'ATTACHMENT_NOT_FOUND', 'No file of this form has that number.');
  }
  const described = new Map((given.attachments ?? []).map((attachment) => [attachment.id, attachment]));
  const result = {
    content: given.content === null ? '' : given.content?.trim(),
    embeds: given.embeds === null ? [] : given.embeds && acceptedEmbeds(given.embeds),
    components: given.components === null ? [] : given.components && acceptedComponents(given.components),
    allowedMentions: given.allowed_mentions ?? undefined,
    flags: given.flags ?? 0,
    files: files.map((file) => {
      const { description, filename = file.filename } = described.get(file.key) ?? {};
      return { ...file, filename, ...(description ? { description } : {}) };
    }),
    kept: given.attachments?.map(({ id }) => id),
  };
  if (kind !== 'edit' && !result.content && !result.embeds?.length && !result.components?.length && !files.length) {
    throw refusals.emptyMessage();
  }
  return { ...result, given: given as z.infer<(typeof bodies)[Kind]> };
}
