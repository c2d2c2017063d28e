import { createHash } from 'node:crypto';

/** What is compared: the parts of a message that Discord gives back as they were sent. */
type Seen = {
  readonly content?: string | undefined;
  readonly embeds?: readonly {
    readonly title?: string | undefined;
    readonly description?: string | undefined;
    readonly footer?: { readonly text: string } | undefined;
    readonly fields?: readonly { readonly name: string; readonly value: string }[] | undefined;
  }[];
};

/** The same for two messages that say the same; white space, which Discord trims, does not count. */
export function looksOf({ content = '', embeds = [] }: Seen): string {
  const texts = embeds.flatMap(({ title, description, footer, fields = [] }) => [
    title,
    description,
    footer?.text,
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  const words = [content, ...texts].map((text) => (text ?? '').replaceAll(/\s+/g, ''));
  return createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 22);
}
