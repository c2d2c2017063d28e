import type { APIEmbed } from 'discord-api-types/v10';
import type { Outgoing } from '../../src/discord/outbox/outgoing.ts';
import { voices } from '../../src/discord/render/voices.ts';
import { buttonColours, colours } from './colours.ts';
import { type Drawn, drawnMarkdown, drawnRun } from './draw-text.ts';
import { type Node, picture, rounded, text } from './svg.ts';
import { widthOf } from './text-width.ts';

/** A channel or thread with what stands in it. */
export type Screen = {
  readonly title: string;
  readonly place: string;
  readonly messages: readonly {
    readonly message: Outgoing;
    readonly at: string;
    readonly reactions?: readonly string[];
  }[];
};

const width = 720;
const left = 72;
const right = 20;
const column = width - left - right;
const embedWidth = 520;
const embedPadding = 16;
const headerHeight = 44;

export function drawnScreen({ title, place, messages }: Screen): string {
  const nodes: Node[] = [];
  let y = headerHeight + 16;
  for (const shown of messages) {
    const drawn = drawnMessage(shown, y);
    nodes.push(...drawn.nodes);
    y += drawn.height + 18;
  }
  const frame = rounded({ x: 0, y: 0, width, height: y }, 8, colours.ground);
  const header = [
    `<path d="M0 ${headerHeight}V8a8 8 0 0 1 8-8H${width - 8}a8 8 0 0 1 8 8V${headerHeight}Z" fill="${colours.header}"/>`,
    text(20, 29, '#', { size: 22, fill: colours.quiet }),
    ...drawnRun(place, 'bold', 15, 42, 28, colours.strong),
  ];
  return picture(width, y, title, [frame, ...header, ...nodes]);
}

function drawnMessage({ message, at, reactions = [] }: Screen['messages'][number], top: number): Drawn {
  const { content = '', embeds = [], components = [], files = [], voice } = message;
  const name = voice === undefined ? 'Spiral' : `${voices[voice].sign} ${voices[voice].name}`;
  const nodes: Node[] = [...avatar(voice && voices[voice].sign, top), ...nameLine(name, at, top)];
  let y = top + 24;
  const add = (drawn: Drawn, gap: number) => {
    nodes.push(...drawn.nodes);
    y += drawn.height + gap;
  };
  if (content !== '') add(drawnMarkdown(content, { x: left, y, width: column }, { size: 15, lineHeight: 22 }), 4);
  for (const embed of embeds) add(drawnEmbed(embed, y), 8);
  for (const { name: file, content: bytes } of files) add(drawnFile(file, bytes.length, y), 8);
  for (const row of components) add(drawnButtons(row.components, y), 8);
  if (reactions.length > 0) add(drawnReactions(reactions, y), 4);
  return { nodes, height: y - top };
}

function avatar(sign: string | undefined, top: number): Node[] {
  const circle = `<circle cx="40" cy="${top + 20}" r="20" fill="${sign === undefined ? '#7c5cff' : '#404249'}"/>`;
  if (sign !== undefined)
    return [circle, text(40, top + 27, sign, { size: 20, fill: colours.strong, anchor: 'middle' })];
  const turns = Array.from({ length: 56 }, (_, step) => {
    const angle = step * 0.27;
    const radius = 1 + angle * 0.78;
    return `${(40 + radius * Math.cos(angle)).toFixed(1)} ${(top + 20 + radius * Math.sin(angle)).toFixed(1)}`;
  });
  return [
    circle,
    `<polyline points="${turns.join(' ')}" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/>`,
  ];
}

function nameLine(name: string, at: string, top: number): Node[] {
  const end = left + widthOf(name, 'bold', 16) + 8;
  return [
    ...drawnRun(name, 'bold', 16, left, top + 15, colours.strong),
    rounded({ x: end, y: top + 2, width: 32, height: 16 }, 4, colours.badge),
    text(end + 16, top + 14, 'APP', { size: 10.5, fill: '#fff', face: 'bold', anchor: 'middle' }),
    text(end + 40, top + 15, at, { size: 12, fill: colours.quiet }),
  ];
}

function drawnEmbed({ title, description, fields = [], footer, color = 0 }: APIEmbed, top: number): Drawn {
  const x = left + embedPadding;
  const inner = embedWidth - 2 * embedPadding;
  const nodes: Node[] = [];
  let y = top + 12;
  const add = (drawn: Drawn, gap: number) => {
    nodes.push(...drawn.nodes);
    y += drawn.height + gap;
  };
  if (title) {
    const bold = `**${title.replaceAll('**', '')}**`;
    add(drawnMarkdown(bold, { x, y, width: inner }, { size: 15, lineHeight: 21, fill: colours.strong }), 4);
  }
  if (description) add(drawnMarkdown(description, { x, y, width: inner }, { size: 14, lineHeight: 20 }), 8);
  for (const row of rowsOf(fields)) add(drawnFields(row, { x, y, width: inner }), 8);
  if (footer)
    add(drawnMarkdown(footer.text, { x, y, width: inner }, { size: 12, lineHeight: 18, fill: colours.quiet }), 2);
  const height = y - top + 8;
  const bar = `#${color.toString(16).padStart(6, '0')}`;
  return {
    nodes: [
      rounded({ x: left, y: top, width: embedWidth, height }, 4, colours.card),
      `<path d="M${left + 4} ${top}h-0a4 4 0 0 0-4 4v${Math.round((height - 8) * 10) / 10}a4 4 0 0 0 4 4z" fill="${bar}"/>`,
      ...nodes,
    ],
    height,
  };
}

type Field = NonNullable<APIEmbed['fields']>[number];

/** Fields that may stand side by side do, three in a row. */
function rowsOf(fields: readonly Field[]): Field[][] {
  const rows: Field[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    const joins = last !== undefined && field.inline && last.every(({ inline }) => inline) && last.length < 3;
    if (joins) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function drawnFields(
  row: readonly Field[],
  box: { readonly x: number; readonly y: number; readonly width: number },
): Drawn {
  const each = box.width / row.length;
  const drawn = row.map(({ name, value }, index) => {
    const place = { x: box.x + index * each, y: box.y, width: each - 12 };
    const head = drawnMarkdown(`**${name}**`, place, { size: 13.5, lineHeight: 19 });
    const body = drawnMarkdown(value, { ...place, y: box.y + head.height }, { size: 13.5, lineHeight: 19 });
    return { nodes: [...head.nodes, ...body.nodes], height: head.height + body.height };
  });
  return { nodes: drawn.flatMap(({ nodes }) => nodes), height: Math.max(...drawn.map(({ height }) => height)) };
}

function drawnFile(name: string, bytes: number, top: number): Drawn {
  const size = bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`;
  return {
    nodes: [
      rounded({ x: left, y: top, width: 300, height: 52 }, 8, colours.card, colours.line),
      `<path d="M${left + 16} ${top + 12}h13l7 7v21h-20z" fill="#d4d7dc"/><path d="M${left + 29} ${top + 12}v7h7" fill="#9aa1ad"/>`,
      text(left + 50, top + 24, name, { size: 14.5, fill: colours.link }),
      text(left + 50, top + 41, size, { size: 12, fill: colours.quiet }),
    ],
    height: 52,
  };
}

type Component = NonNullable<Outgoing['components']>[number]['components'][number];

function drawnButtons(buttons: readonly Component[], top: number): Drawn {
  let x = left;
  let y = top;
  const nodes = buttons.flatMap((button) => {
    if (!('label' in button)) return [];
    const face = [button.emoji?.name, button.label].filter((part) => part !== undefined).join(' ');
    const label = widthOf(face, 'bold', 13);
    const whole = label + 28;
    if (x > left && x + whole > width - right) {
      x = left;
      y += 40;
    }
    const at = x;
    x += whole + 8;
    return [
      rounded({ x: at, y, width: whole, height: 32 }, 8, buttonColours[button.style] ?? colours.reaction),
      ...drawnRun(face, 'bold', 13, at + 14, y + 20.5, '#fff'),
    ];
  });
  return { nodes, height: y - top + 32 };
}

function drawnReactions(reactions: readonly string[], top: number): Drawn {
  const nodes = reactions.flatMap((sign, index) => {
    const x = left + index * 56;
    return [
      rounded({ x, y: top, width: 50, height: 26 }, 8, colours.pressed, colours.badge),
      text(x + 8, top + 18, sign, { size: 14, fill: colours.words }),
      text(x + 34, top + 18, '1', { size: 13, fill: '#c9cdfb', face: 'bold' }),
    ];
  });
  return { nodes, height: 26 };
}
