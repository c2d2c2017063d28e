import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ComponentType,
} from 'discord-api-types/v10';
import type { Outgoing, OutgoingFile } from '../outbox/outgoing.ts';
import { charactersOf, halfSign, isBlank, limits, problemOf, roomForContent } from './limits.ts';
import { cutMarkdown, fitted } from './text.ts';

/** Where a message stands whole that had to be cut. */
const wholeName = 'message.md';
const seeWhole = `\n-# 📎 cut: all of it is in ${wholeName}`;
const roomForLost = 200;

/**
 * The same message within every limit of Discord, so that nothing is refused and nothing lost unseen: what is too long is cut,
 * outside of blocks of code or with the block closed, and comes whole as a file; what cannot come at all is named.
 */
export function fittedMessage(message: Outgoing): Outgoing {
  const problem = problemOf(message);
  if (problem === undefined) return message;
  if (problem === halfSign) return fittedMessage(withWholeSigns(message));
  const { content = '', embeds = [], components = [], files = [] } = message;
  const fitting = fittedEmbeds(embeds);
  const isCut = content.length > roomForContent(message) || JSON.stringify(fitting) !== JSON.stringify(embeds);
  const { taken, lost } = filesThatFit(files, isCut ? limits.files - 1 : limits.files);
  const rows = problemOf({ content: '…', components }) === undefined ? components : fittedRows(components);
  const left = pressable(components) - pressable(rows);
  const notes = [
    isCut ? seeWhole : '',
    lost.length === 0 ? '' : fitted(`\n-# ⚠️ not sent, too many or too large: ${lost.join(', ')}`, roomForLost),
    left === 0 ? '' : `\n-# ⚠️ ${left} of its buttons have no room here: see /pending`,
  ].join('');
  const said = `${cutMarkdown(content, roomForContent(message) - notes.length)}${notes}`.trim();
  const whole = isCut ? [{ name: wholeName, content: new TextEncoder().encode(wordsOf(message)) }] : [];
  const isSilent = said === '' && fitting.length === 0 && taken.length === 0;
  return {
    ...message,
    content: isSilent ? '…' : said,
    embeds: fitting,
    components: rows,
    ...(taken.length + whole.length > 0 ? { files: [...taken, ...whole] } : {}),
  };
}

/** Every text of a message goes through JSON, which knows no half of a sign. */
function withWholeSigns(message: Outgoing): Outgoing {
  const { content, embeds, components } = message;
  const whole = <Value>(value: Value): Value =>
    JSON.parse(
      JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.replace(/\p{Cs}/gu, '\ufffd') : part)),
    );
  return {
    ...message,
    ...(content === undefined ? {} : { content: whole(content) }),
    ...(embeds === undefined ? {} : { embeds: whole(embeds) }),
    ...(components === undefined ? {} : { components: whole(components) }),
  };
}

/** All that a message says, as plain Markdown. */
function wordsOf({ content = '', embeds = [] }: Outgoing): string {
  const parts = embeds.flatMap(({ title, description, fields = [], footer }) => [
    title === undefined ? '' : `# ${title}`,
    description ?? '',
    ...fields.map(({ name, value }) => `**${name}**\n${value}`),
    footer?.text ?? '',
  ]);
  return [content, ...parts].filter((part) => part.trim() !== '').join('\n\n');
}

/** Each within its own limits, and all within theirs: the longest description gives way first, then the last fields. */
function fittedEmbeds(embeds: readonly APIEmbed[]): APIEmbed[] {
  let all = embeds.slice(0, limits.embeds).map(fittedEmbed);
  for (let over = total(all) - limits.embedTotal; over > 0; over = total(all) - limits.embedTotal) {
    const longest = all.toSorted((one, other) => lengthOf(other) - lengthOf(one))[0];
    const shortened = longest && shorter(longest, over);
    all = all.flatMap((embed) => (embed === longest ? (shortened ?? []) : embed));
  }
  return all;
}

const shortestDescription = 200;

/** With so many characters fewer, as far as that goes; undefined when there is nothing left to leave out. */
function shorter(embed: APIEmbed, over: number): APIEmbed | undefined {
  const { description = '', fields = [] } = embed;
  if (description.length > shortestDescription) {
    return {
      ...embed,
      description: cutMarkdown(description, Math.max(shortestDescription, description.length - over)),
    };
  }
  const fewer = { ...embed, fields: fields.slice(0, -1) };
  return fields.length > 0 && charactersOf(fewer) > 0 ? fewer : undefined;
}

function fittedEmbed({ title, description, footer, fields, ...rest }: APIEmbed): APIEmbed {
  const embed: APIEmbed = {
    ...rest,
    ...(title ? { title: fitted(title, limits.title) } : {}),
    ...(description ? { description: cutMarkdown(description, limits.description) } : {}),
    ...(footer?.text ? { footer: { ...footer, text: fitted(footer.text, limits.footer) } } : {}),
    ...(fields
      ? {
          fields: fields.slice(0, limits.fields).map(({ name, value, ...more }) => ({
            ...more,
            name: fitted(name, limits.fieldName).trim() || '-',
            value: cutMarkdown(value, limits.fieldValue).trim() || '-',
          })),
        }
      : {}),
  };
  return charactersOf(embed) > 0 ? embed : { ...embed, description: '…' };
}

function total(embeds: readonly APIEmbed[]): number {
  return embeds.reduce((sum, embed) => sum + charactersOf(embed), 0);
}

function lengthOf({ description = '', fields = [] }: APIEmbed): number {
  return description.length > shortestDescription ? description.length : fields.length;
}

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** In rows of five, each with a label that fits; what has no name of its own cannot be pressed, and is left out. */
function fittedRows(rows: readonly Row[]): Row[] {
  const ids = new Set<string>();
  const parts = rows
    .flatMap(({ components }) => components)
    .flatMap((part) => {
      if ('custom_id' in part) {
        if (part.custom_id.length > limits.customId || ids.has(part.custom_id)) return [];
        ids.add(part.custom_id);
      }
      if (isBlank(part)) return [{ ...part, label: '…' } as APIComponentInMessageActionRow];
      return 'label' in part && part.label ? [{ ...part, label: fitted(part.label, limits.label) }] : [part];
    });
  const rowsOfParts = parts.reduce<APIComponentInMessageActionRow[][]>((made, part) => {
    const last = made.at(-1);
    const joins = last && last.length < limits.buttons && [part, last[0]].every(isButton);
    if (joins) last.push(part);
    else made.push([part]);
    return made;
  }, []);
  return rowsOfParts.slice(0, limits.rows).map((components) => ({ type: ComponentType.ActionRow, components }));
}

function isButton(part: APIComponentInMessageActionRow | undefined): boolean {
  return part?.type === ComponentType.Button;
}

function pressable(rows: readonly Row[]): number {
  return rows.reduce((sum, { components }) => sum + components.length, 0);
}

function filesThatFit(
  files: readonly OutgoingFile[],
  most: number,
): { readonly taken: readonly OutgoingFile[]; readonly lost: readonly string[] } {
  const small = files.filter(({ content }) => content.length <= limits.fileBytes);
  const taken = small.slice(0, most);
  return { taken, lost: files.filter((file) => !taken.includes(file)).map(({ name }) => name) };
}
