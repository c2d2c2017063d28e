import type { DiscordSurface } from '../spiral/surface.ts';
import { diagnose } from './client/diagnose.ts';
import { run } from './run.ts';

/** The team in a chat. */
export const discord: DiscordSurface = { run, diagnose };
