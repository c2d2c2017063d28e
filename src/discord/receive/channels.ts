import type { DiscordSettings } from '../../spiral/surface.ts';

/** Where something was said. A thread counts as the channel that it is in: both are then those of the channel. */
export type Place = {
  readonly channelId: string;
  /** Undefined in a direct message. */
  readonly channelName?: string;
  readonly isDirect: boolean;
};

/** Whether a place is listened to, and which repository is worked on there. */
export type Listening = { readonly isHeard: boolean; readonly repository?: string };

export function listeningTo(
  { channelId, channelName, isDirect }: Place,
  { channels }: Pick<DiscordSettings, 'channels'>,
): Listening {
  // An id can be nobody's name, and says more.
  const bound =
    channels.find(({ channel }) => channel === channelId) ??
    channels.find(({ channel }) => channelName !== undefined && nameOf(channel) === nameOf(channelName));
  if (!bound) return { isHeard: isDirect || channels.length === 0 };
  return { isHeard: true, ...(bound.repository === undefined ? {} : { repository: bound.repository }) };
}

function nameOf(channel: string): string {
  return channel.trim().replace(/^#/, '').toLowerCase();
}
