import { failing, fields, listOf, nodeTool, number, text } from './written-tool.ts';

export const parseDuration = nodeTool({
  name: 'parse-duration',
  request:
    'Reads a duration as people write it, "1h30m", "2 days 4h", "90s": days, hours, minutes and seconds (d, day, days, h, hour, hours, m, min, minute, minutes, s, sec, second, seconds), with fractions, in any order and with spaces or without. Gives the seconds. Empty text, unknown units and numbers without a unit are errors.',
  input: fields({ duration: text }),
  output: fields({ seconds: { type: 'number', minimum: 0 } }),
  examples: [
    ['two units', { duration: '1h30m' }, { seconds: 5400 }],
    ['words', { duration: '2 days 4 hours' }, { seconds: 187200 }],
    ['an unknown unit', { duration: '3 weeks' }, failing],
  ],
  heldOut: [
    ['seconds', { duration: '90s' }, { seconds: 90 }],
    ['a fraction', { duration: '1.5h' }, { seconds: 5400 }],
    ['another order', { duration: '30m 1h' }, { seconds: 5400 }],
    ['zero', { duration: '0s' }, { seconds: 0 }],
    ['capitals', { duration: '2 Min' }, { seconds: 120 }],
    ['empty', { duration: '' }, failing],
    ['spaces', { duration: '  ' }, failing],
    ['no unit', { duration: '15' }, failing],
    ['no number', { duration: 'h' }, failing],
    ['the rest', { duration: '1h and a bit' }, failing],
    ['negative', { duration: '-1h' }, failing],
  ],
  answer: String.raw`const units = { d: 86400, h: 3600, m: 60, s: 1 };
const part = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*(days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)(?![a-z])/i;

export function answer({ duration }) {
  if (duration.length > 1000) throw new Error('a duration is not that long');
  let rest = duration.trim();
  let seconds = 0;
  if (rest === '') throw new Error('there is no duration');
  while (rest !== '') {
    const match = part.exec(rest);
    if (!match) throw new Error('this is no duration: ' + JSON.stringify(rest.slice(0, 60)));
    seconds += Number(match[1]) * units[match[2][0].toLowerCase()];
    rest = rest.slice(match[0].length).trim();
  }
  return { seconds };
}
`,
  tests: `
test('reads', () => check({ duration: '1m 1s' }, { seconds: 61 }));
test('refuses', () => refuses({ duration: '5 parsecs' }));
`,
});

export const addBusinessDays = nodeTool({
  name: 'add-business-days',
  request:
    'Adds a number of business days (Monday to Friday) to a date, or takes them away when the number is negative. The day itself does not count; zero gives the day itself. Holidays may be given as a list of dates and are no business days. Dates are written YYYY-MM-DD; one that does not exist is an error. At most 10,000 days.',
  input: fields({
    date: text,
    days: { type: 'integer', minimum: -10_000, maximum: 10_000 },
    'holidays?': listOf(text),
  }),
  output: fields({ date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } }),
  examples: [
    ['over a weekend', { date: '2024-03-01', days: 1 }, { date: '2024-03-04' }],
    ['a holiday', { date: '2024-12-24', days: 2, holidays: ['2024-12-25'] }, { date: '2024-12-27' }],
    ['no date', { date: '2024-02-30', days: 1 }, failing],
  ],
  heldOut: [
    ['zero', { date: '2024-06-05', days: 0 }, { date: '2024-06-05' }],
    ['zero on a Sunday', { date: '2024-06-09', days: 0 }, { date: '2024-06-09' }],
    ['a week', { date: '2024-06-05', days: 5 }, { date: '2024-06-12' }],
    ['back', { date: '2024-06-10', days: -1 }, { date: '2024-06-07' }],
    ['from a Saturday', { date: '2024-06-08', days: 1 }, { date: '2024-06-10' }],
    ['over a leap day', { date: '2024-02-28', days: 2 }, { date: '2024-03-01' }],
    ['over a year', { date: '2024-12-31', days: 1 }, { date: '2025-01-01' }],
    ['another form', { date: '5.6.2024', days: 1 }, failing],
    ['summer time', { date: '2024-03-29', days: 1 }, { date: '2024-04-01' }],
  ],
  answer: String.raw`const dayMs = 24 * 60 * 60 * 1000;

export function answer({ date, days, holidays = [] }) {
  const free = new Set(holidays.map((each) => read(each).getTime()));
  let day = read(date).getTime();
  const step = days < 0 ? -dayMs : dayMs;
  for (let left = Math.abs(days); left > 0; ) {
    day += step;
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !free.has(day)) left -= 1;
  }
  const result = new Date(day);
  if (result.getUTCFullYear() > 9999 || result.getUTCFullYear() < 0) throw new Error('the result lies outside of the years 0 to 9999');
  return { date: result.toISOString().slice(0, 10) };
}

function read(text) {
  const match = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text + 'T00:00:00Z') : new Date(NaN);
  if (Number.isNaN(match.getTime()) || match.toISOString().slice(0, 10) !== text) throw new Error('there is no date ' + JSON.stringify(text.slice(0, 40)));
  return match;
}
`,
  tests: `
test('adds', () => check({ date: '2024-01-05', days: 2 }, { date: '2024-01-09' }));
test('refuses', () => refuses({ date: '2024-13-01', days: 1 }));
`,
});

export const convertBytes = nodeTool({
  name: 'format-bytes',
  request:
    'Writes a number of bytes for people: with the unit B, KB, MB, GB or TB (steps of 1000) or KiB, MiB, GiB and TiB (steps of 1024) when binary is asked for, with one digit behind the point, which is left out when it is zero. The unit is the largest in which the number is at least 1 after rounding. Negative numbers are errors.',
  input: fields({ bytes: number, 'binary?': { type: 'boolean' } }),
  output: fields({ text }),
  examples: [
    ['kilobytes', { bytes: 1500 }, { text: '1.5 KB' }],
    ['binary', { bytes: 2048, binary: true }, { text: '2 KiB' }],
    ['negative', { bytes: -1 }, failing],
  ],
  heldOut: [
    ['none', { bytes: 0 }, { text: '0 B' }],
    ['below a step', { bytes: 999 }, { text: '999 B' }],
    ['a step', { bytes: 1000 }, { text: '1 KB' }],
    ['rounded up', { bytes: 999_950 }, { text: '1 MB' }],
    ['large', { bytes: 3_400_000_000 }, { text: '3.4 GB' }],
    ['beyond the last unit', { bytes: 5e15 }, { text: '5000 TB' }],
    ['binary below', { bytes: 1000, binary: true }, { text: '1000 B' }],
    ['a text', { bytes: '12' }, failing],
  ],
  answer: `export function answer({ bytes, binary = false }) {
  if (bytes < 0) throw new Error('there are no negative bytes');
  const step = binary ? 1024 : 1000;
  const units = binary ? ['B', 'KiB', 'MiB', 'GiB', 'TiB'] : ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let place = 0;
  while (rounded(value) >= step && place < units.length - 1) {
    value /= step;
    place += 1;
  }
  return { text: rounded(value) + ' ' + units[place] };
}

function rounded(value) {
  return Math.round(value * 10) / 10;
}
`,
  tests: `
test('writes', () => check({ bytes: 10 }, { text: '10 B' }));
test('refuses', () => refuses({ bytes: -5 }));
`,
});

export const joinLists = nodeTool({
  name: 'compare-lists',
  request:
    'Compares two lists of texts: gives what stands only in the first, only in the second, and in both, each once and in the order in which it first came. Capital letters matter unless it is said that they do not; then the spelling that came first is given.',
  input: fields({ first: listOf(text), second: listOf(text), 'ignoreCase?': { type: 'boolean' } }),
  output: fields({ onlyFirst: listOf(text), onlySecond: listOf(text), both: listOf(text) }),
  examples: [
    ['lists', { first: ['a', 'b'], second: ['b', 'c'] }, { onlyFirst: ['a'], onlySecond: ['c'], both: ['b'] }],
    ['capitals', { first: ['A'], second: ['a'], ignoreCase: true }, { onlyFirst: [], onlySecond: [], both: ['A'] }],
  ],
  heldOut: [
    ['empty', { first: [], second: [] }, { onlyFirst: [], onlySecond: [], both: [] }],
    ['capitals matter', { first: ['A'], second: ['a'] }, { onlyFirst: ['A'], onlySecond: ['a'], both: [] }],
    ['twice', { first: ['x', 'x', 'y'], second: ['y', 'y'] }, { onlyFirst: ['x'], onlySecond: [], both: ['y'] }],
    ['order', { first: ['c', 'a', 'b'], second: ['b', 'c'] }, { onlyFirst: ['a'], onlySecond: [], both: ['c', 'b'] }],
    [
      'names of objects',
      { first: ['constructor'], second: [] },
      { onlyFirst: ['constructor'], onlySecond: [], both: [] },
    ],
    ['umlauts', { first: ['Ä'], second: ['ä'], ignoreCase: true }, { onlyFirst: [], onlySecond: [], both: ['Ä'] }],
  ],
  answer: `export function answer({ first, second, ignoreCase = false }) {
  const key = (text) => (ignoreCase ? text.toLowerCase() : text);
  const byKey = (texts) => {
    const found = new Map();
    for (const text of texts) if (!found.has(key(text))) found.set(key(text), text);
    return found;
  };
  const [mine, theirs] = [byKey(first), byKey(second)];
  const texts = (one, other, isThere) => [...one].filter(([name]) => other.has(name) === isThere).map(([, text]) => text);
  return { onlyFirst: texts(mine, theirs, false), onlySecond: texts(theirs, mine, false), both: texts(mine, theirs, true) };
}
`,
  tests: `
test('compares', () => check({ first: ['a'], second: ['a'] }, { onlyFirst: [], onlySecond: [], both: ['a'] }));
`,
});
