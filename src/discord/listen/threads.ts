import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'discord.js';
import { type APIChannel, Routes } from 'discord-api-types/v10';
import { failureOf } from '../outbox/failure.ts';

/** Discord opened a thread at this message before; it has the id of the message. */
const alreadyThere = 160_004;
const longestName = 100;
const tries = 4;
const retryMs = 1_000;

/** Hides it after a day without a word; a word brings it back. */
const archiveAfterMinutes = 1_440;

/**
 * Opens a thread at a message; undefined where there can be none, or the bot may not.
 *
 * @param name cut to what Discord takes
 */
export async function openThread(
  { rest }: Pick<Client, 'rest'>,
  at: { readonly channelId: string; readonly messageId: string },
  name: string,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = { name: titleOf(name), auto_archive_duration: archiveAfterMinutes };
      const thread = (await rest.post(Routes.threads(at.channelId, at.messageId), { body })) as APIChannel;
      return thread.id;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === alreadyThere) return at.messageId;
      // Without a thread it is told of in the channel.
      if (failureOf(error) !== 'later' || attempt === tries) return undefined;
      await delay(retryMs * attempt);
    }
  }
}

function titleOf(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const letters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  let title = '';
  for (const letter of letters) {
    if (title.length + letter.length > longestName - 1) return `${title.trimEnd()}…`;
    title += letter;
  }
  return title === '' ? 'task' : title;
}
