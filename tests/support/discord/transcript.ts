/** What a person sees in a channel, as plain lines. */
import type { Channel, Message, World } from './world.ts';

type Part = {
  type: number;
  label?: string;
  emoji?: { name?: string };
  disabled?: boolean;
  placeholder?: string;
  options?: { label: string }[];
};

/** All of a channel; with `reader` also the messages that only this person sees. */
export function transcript(channel: Channel, reader?: string): string {
  const own = channel.ephemerals.filter(({ ephemeralFor }) => ephemeralFor === reader);
  const messages = [...channel.messages, ...own].toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  return messages.map((message) => linesOf(message).join('\n')).join('\n');
}

/** Every channel and thread in which something was said. */
export function wholeTranscript({ channels }: World): string {
  return [...channels.values()]
    .filter(({ messages, ephemerals }) => messages.length + ephemerals.length > 0)
    .map((channel) => `#${channel.name || 'private'}\n${transcript(channel)}`)
    .join('\n\n');
}

function linesOf(message: Message): string[] {
  const { author, content, embeds, attachments, reactions, thread, editedAt, type, ephemeralFor } = message;
  if (type === 18) return [`-- ${author.username} started a thread: ${content}`];
  const marks = [author.bot ? ' [APP]' : '', editedAt ? ' (edited)' : '', ephemeralFor ? ' (only you)' : ''].join('');
  const rows = message.components as unknown as { components?: Part[] }[];
  return [
    `${author.username}${marks}: ${content}`,
    ...embeds.flatMap(({ author: by, title, description, fields = [], footer }) =>
      [
        by?.name,
        title && `**${title}**`,
        ...(description?.split('\n') ?? []),
        ...fields.map(({ name, value }) => `${name}: ${value}`),
        footer?.text,
      ]
        .filter((line) => line !== undefined && line !== '')
        .map((line) => `  | ${line}`),
    ),
    ...attachments.map(({ filename, content: bytes }) => `  file: ${filename} (${bytes.length} bytes)`),
    ...rows.map(({ components = [] }) => `  ${components.map(partLine).join(' ')}`),
    ...(reactions.size ? [`  ${[...reactions].map(([emoji, users]) => `${emoji} ${users.size}`).join('  ')}`] : []),
    ...(thread ? [`  thread: ${thread.name} (${thread.messages.length} messages)`] : []),
  ];
}

function partLine({ type, label, emoji, disabled, placeholder, options = [] }: Part): string {
  if (type !== 2) return `<${placeholder ?? 'choose'}: ${options.map((option) => option.label).join(' / ')}>`;
  const face = [emoji?.name, label].filter(Boolean).join(' ');
  return disabled ? `(${face})` : `[${face}]`;
}
