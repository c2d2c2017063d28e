#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.ts';

// The system behind the commands is loaded by the command that needs it: `--help` must not wait for a database driver.
process.exitCode = await runCommandLine(
  process.argv.slice(2),
  async () => (await import('./app.ts')).installation,
  async () => (await import('./discord/discord.ts')).discord,
);
