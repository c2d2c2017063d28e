import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord-api-types/v10';
import type { AgentRole } from '../../domain/agent.ts';

/**
 * A message as it is to stand in a channel, within every limit of Discord: 2,000 characters of content, ten embeds of together
 * 6,000, five rows of five buttons, ten files. Nobody is pinged by it; text of models and people in it is made harmless.
 */
export type Outgoing = {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly components?: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  readonly files?: readonly OutgoingFile[];
  /** Who says it: under the name of this agent where the bot may do that, and otherwise with its name before the text. */
  readonly voice?: AgentRole;
};

export type OutgoingFile = { readonly name: string; readonly content: Uint8Array };
