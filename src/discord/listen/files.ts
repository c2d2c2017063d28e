import type { Message } from 'discord.js';
import type { Attachment } from '../../spiral/surface.ts';
import { mostBytesOfFile, takenFrom } from '../receive/attachments.ts';
import { download } from './download.ts';

/** The files of a message, and for each that is not taken one line of why. */
export async function filesOf(
  message: Message,
  apiBase: string | undefined,
): Promise<{ readonly files: readonly Attachment[]; readonly refused: readonly string[] }> {
  const offered = [...message.attachments.values()].map(({ name, size, url }) => ({ name, bytes: size, url }));
  const { taken, refused } = takenFrom(offered);
  const files: Attachment[] = [];
  const missing: string[] = [];
  for (const { name, url } of taken) {
    const content = await download(url, mostBytesOfFile, apiBase);
    if (content) files.push({ name, content });
    else missing.push(`${name} could not be had from Discord.`);
  }
  return { files, refused: [...refused, ...missing] };
}
