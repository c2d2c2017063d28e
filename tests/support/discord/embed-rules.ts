/** Discord developer docs: "Message: Embed Limits". */
import type { APIEmbed } from 'discord-api-types/v10';
import { z } from 'zod';
import { invalid } from './refusal.ts';

const charactersOfAllEmbeds = 6_000;

const link = z
  .string()
  .max(2048)
  .regex(/^(https?|attachment):\/\//, 'Scheme must be one of http, https, attachment.');
const media = z.strictObject({
  url: link,
  proxy_url: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
});

export const embedSchema = z.strictObject({
  type: z.literal('rich').optional(),
  title: z.string().max(256).optional(),
  description: z.string().max(4096).optional(),
  url: link.optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  footer: z.strictObject({ text: z.string().min(1).max(2048), icon_url: link.optional() }).optional(),
  image: media.optional(),
  thumbnail: media.optional(),
  author: z
    .strictObject({ name: z.string().min(1).max(256), url: link.optional(), icon_url: link.optional() })
    .optional(),
  fields: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(256),
        value: z.string().trim().min(1).max(1024),
        inline: z.boolean().optional(),
      }),
    )
    .max(25)
    .optional(),
});

/** As stored: every embed with the type that Discord gives it. */
export function acceptedEmbeds(embeds: readonly z.infer<typeof embedSchema>[]): APIEmbed[] {
  const total = embeds.reduce((sum, embed) => sum + charactersOf(embed), 0);
  if (total > charactersOfAllEmbeds) {
    throw invalid('embeds', 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${charactersOfAllEmbeds}`);
  }
  for (const [index, embed] of embeds.entries()) {
    if (charactersOf(embed) === 0 && !embed.image && !embed.thumbnail) {
      throw invalid(`embeds.${index}.description`, 'BASE_TYPE_REQUIRED', 'This field is required');
    }
  }
  return embeds.map((embed) => ({ ...embed, type: 'rich' }) as APIEmbed);
}

function charactersOf({ title, description, footer, author, fields = [] }: z.infer<typeof embedSchema>): number {
  const texts = [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text = '') => sum + text.length, 0);
}
