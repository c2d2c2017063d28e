import type { Client } from 'discord.js';
import { Routes } from 'discord-api-types/v10';
import { commandDefinitions } from '../commands/definitions.ts';

/** Tells Discord which slash commands there are; one request replaces all of them. */
export async function registerCommands(client: Client<true>): Promise<void> {
  await client.rest.put(Routes.applicationCommands(client.application.id), { body: commandDefinitions });
}
