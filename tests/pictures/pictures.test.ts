import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { problemOf } from '../../src/discord/render/limits.ts';
import { drawnScreen } from './draw-message.ts';
import { screens } from './examples.ts';

const folder = resolve(import.meta.dirname, '../../docs/pictures');
const document = readFileSync(join(folder, '../discord.md'), 'utf8');

test.each(Object.entries(screens))(
  'the picture %s is what the bot sends now (npm run pictures)',
  async (name, screen) => {
    for (const { message } of screen.messages) expect(problemOf(message)).toBeUndefined();
    await expect(drawnScreen(screen)).toMatchFileSnapshot(join(folder, `${name}.svg`));
  },
);

test('the document shows every picture, and there is no other', () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(screens)
      .map((name) => `${name}.svg`)
      .toSorted(),
  );
  for (const name of Object.keys(screens)) expect(document).toContain(`](pictures/${name}.svg)`);
});
