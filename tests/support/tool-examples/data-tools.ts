import { AtLeast, failing, fields, listOf, nodeTool, text } from './written-tool.ts';

const anyObject = { type: 'object', additionalProperties: true };

export const flattenJson = nodeTool({
  name: 'flatten-json',
  request:
    'Flattens a JSON object: nested objects and arrays become one object whose keys are the paths, with dots between names and the places of arrays as numbers ({"a":{"b":[1]}} gives {"a.b.0":1}). Empty objects and arrays stay as they are. A name that itself has a dot in it is an error, since its path would mean two things.',
  input: fields({ value: anyObject }),
  output: fields({ flat: anyObject }),
  examples: [
    ['nested', { value: { a: { b: 1 }, c: 2 } }, { flat: { 'a.b': 1, c: 2 } }],
    ['an array', { value: { a: ['x', { y: null }] } }, { flat: { 'a.0': 'x', 'a.1.y': null } }],
    ['a dot', { value: { 'a.b': 1 } }, failing],
  ],
  heldOut: [
    ['empty', { value: {} }, { flat: {} }],
    ['empty inside', { value: { a: {}, b: [] } }, { flat: { a: {}, b: [] } }],
    ['null', { value: { a: null } }, { flat: { a: null } }],
    ['deep', { value: { a: { b: { c: { d: { e: true } } } } } }, { flat: { 'a.b.c.d.e': true } }],
    ['arrays in arrays', { value: { m: [[1, 2], [3]] } }, { flat: { 'm.0.0': 1, 'm.0.1': 2, 'm.1.0': 3 } }],
    ['false and zero', { value: { a: false, b: 0, c: '' } }, { flat: { a: false, b: 0, c: '' } }],
    ['a dot below', { value: { a: { 'b.c': 1 } } }, failing],
    ['another script', { value: { имя: { 名: 1 } } }, { flat: { 'имя.名': 1 } }],
  ],
  answer: `export function answer({ value }) {
  const flat = [];
  walk(value, '', flat);
  return { flat: Object.fromEntries(flat) };
}

function walk(value, path, flat) {
  const isNested = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isNested) {
    if (path !== '') flat.push([path, value]);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes('.') || name === '') throw new Error('a name may not have a dot in it, nor be empty: ' + JSON.stringify(name));
    walk(inner, path === '' ? name : path + '.' + name, flat);
  }
}
`,
  tests: `
test('flattens', () => check({ value: { a: [true] } }, { flat: { 'a.0': true } }));
test('refuses a dot', () => refuses({ value: { 'x.y': 1 } }));
`,
});

export const rankRows = nodeTool({
  name: 'rank-rows',
  request:
    'Ranks rows by a score, the highest first, and gives the first of them (10 when nothing is said). Rows with the same score have the same rank and stay in the order in which they came; the next rank counts all before it (1, 2, 2, 4). A row whose score is null has no rank (null) and comes last.',
  input: fields({
    rows: listOf(fields({ name: text, score: { type: ['number', 'null'] } })),
    'limit?': { type: 'integer', minimum: 1 },
  }),
  output: fields({
    rows: listOf(fields({ name: text, score: { type: ['number', 'null'] }, rank: { type: ['integer', 'null'] } })),
  }),
  examples: [
    [
      'two',
      {
        rows: [
          { name: 'a', score: 1 },
          { name: 'b', score: 2 },
        ],
      },
      {
        rows: [
          { name: 'b', score: 2, rank: 1 },
          { name: 'a', score: 1, rank: 2 },
        ],
      },
    ],
    [
      'a limit',
      {
        rows: [
          { name: 'a', score: 3 },
          { name: 'b', score: 9 },
        ],
        limit: 1,
      },
      { rows: [{ name: 'b', score: 9, rank: 1 }] },
    ],
  ],
  heldOut: [
    ['none', { rows: [] }, { rows: [] }],
    [
      'the same',
      {
        rows: [
          ['a', 5],
          ['b', 7],
          ['c', 7],
          ['d', 1],
        ].map(([name, score]) => ({ name, score })),
      },
      {
        rows: [
          ['b', 7, 1],
          ['c', 7, 1],
          ['a', 5, 3],
          ['d', 1, 4],
        ].map(([name, score, rank]) => ({ name, score, rank })),
      },
    ],
    [
      'null',
      {
        rows: [
          { name: 'n', score: null },
          { name: 'z', score: -1 },
        ],
      },
      {
        rows: [
          { name: 'z', score: -1, rank: 1 },
          { name: 'n', score: null, rank: null },
        ],
      },
    ],
    [
      'two digits',
      {
        rows: [
          { name: 'a', score: 9 },
          { name: 'b', score: 10 },
        ],
      },
      {
        rows: [
          { name: 'b', score: 10, rank: 1 },
          { name: 'a', score: 9, rank: 2 },
        ],
      },
    ],
    [
      'eleven',
      { rows: Array.from({ length: 11 }, (_, index) => ({ name: `r${index}`, score: index })) },
      {
        rows: Array.from({ length: 10 }, (_, index) => ({
          name: `r${10 - index}`,
          score: 10 - index,
          rank: index + 1,
        })),
      },
    ],
    ['a limit of none', { rows: [], limit: 0 }, failing],
  ],
  answer: `export function answer({ rows, limit = 10 }) {
  const order = [...rows].sort((one, other) => {
    if (one.score === null || other.score === null) return Number(one.score === null) - Number(other.score === null);
    return other.score - one.score;
  });
  const ranked = order.map(({ name, score }) => ({
    name,
    score,
    rank: score === null ? null : order.findIndex((row) => row.score === score) + 1,
  }));
  return { rows: ranked.slice(0, limit) };
}
`,
  tests: `
test('ranks', () => check({ rows: [{ name: 'x', score: 1 }] }, { rows: [{ name: 'x', score: 1, rank: 1 }] }));
`,
});

export const parseQuery = nodeTool({
  name: 'parse-query',
  request:
    'Takes the query of a URL apart (with or without the ? in front): gives the names with all their values in their order. Plus signs are spaces, percent codes are UTF-8. A name without = has the empty value; empty parts are left out. A percent code that is none is an error.',
  input: fields({ query: text }),
  output: fields({ parameters: listOf(fields({ name: text, values: listOf(text) })) }),
  examples: [
    [
      'two',
      { query: 'a=1&b=2' },
      {
        parameters: [
          { name: 'a', values: ['1'] },
          { name: 'b', values: ['2'] },
        ],
      },
    ],
    ['codes', { query: '?q=x+y%21' }, { parameters: [{ name: 'q', values: ['x y!'] }] }],
    ['no code', { query: 'a=%zz' }, failing],
  ],
  heldOut: [
    ['empty', { query: '' }, { parameters: [] }],
    ['a question mark', { query: '?' }, { parameters: [] }],
    [
      'the same name',
      { query: 'a=1&b=x&a=2' },
      {
        parameters: [
          { name: 'a', values: ['1', '2'] },
          { name: 'b', values: ['x'] },
        ],
      },
    ],
    [
      'no value',
      { query: 'a&b=' },
      {
        parameters: [
          { name: 'a', values: [''] },
          { name: 'b', values: [''] },
        ],
      },
    ],
    ['two equal signs', { query: 'a=b=c' }, { parameters: [{ name: 'a', values: ['b=c'] }] }],
    ['UTF-8', { query: 'q=%E6%9D%B1' }, { parameters: [{ name: 'q', values: ['東'] }] }],
    [
      'empty parts',
      { query: 'a=1&&b=2&' },
      {
        parameters: [
          { name: 'a', values: ['1'] },
          { name: 'b', values: ['2'] },
        ],
      },
    ],
    [
      'a name that objects have',
      { query: '__proto__=1&constructor=2' },
      {
        parameters: [
          { name: '__proto__', values: ['1'] },
          { name: 'constructor', values: ['2'] },
        ],
      },
    ],
    ['half a code', { query: 'a=%' }, failing],
  ],
  answer: String.raw`export function answer({ query }) {
  const found = new Map();
  for (const part of query.replace(/^\?/, '').split('&')) {
    if (part === '') continue;
    const [name, ...rest] = part.split('=');
    const key = decoded(name);
    found.set(key, [...(found.get(key) ?? []), decoded(rest.join('='))]);
  }
  return { parameters: [...found].map(([name, values]) => ({ name, values })) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Error('there is a percent code that is none: ' + JSON.stringify(text.slice(0, 100)));
  }
}
`,
  tests: `
test('takes apart', () => check({ query: 'x=1' }, { parameters: [{ name: 'x', values: ['1'] }] }));
test('refuses', () => refuses({ query: '%' }));
`,
});

export const compareVersions = nodeTool({
  name: 'compare-versions',
  request:
    'Compares two versions by semantic versioning 2.0.0 and gives -1, 0 or 1. A version before release (1.0.0-alpha.1) comes before the release; its parts are compared one by one, numbers as numbers and before words; what stands behind + does not count. Text that is no such version is an error.',
  input: fields({ one: text, other: text }),
  output: fields({ order: { enum: [-1, 0, 1] } }),
  examples: [
    ['less', { one: '1.2.3', other: '1.3.0' }, { order: -1 }],
    ['equal', { one: '2.0.0', other: '2.0.0' }, { order: 0 }],
    ['greater', { one: '1.0.0', other: '1.0.0-rc.1' }, { order: 1 }],
    ['none', { one: '1.2', other: '1.0.0' }, failing],
  ],
  heldOut: [
    ['two digits', { one: '1.10.0', other: '1.9.0' }, { order: 1 }],
    ['two digits of a major', { one: '10.0.0', other: '9.9.9' }, { order: 1 }],
    ['parts', { one: '1.0.0-alpha', other: '1.0.0-alpha.1' }, { order: -1 }],
    ['numbers of parts', { one: '1.0.0-beta.11', other: '1.0.0-beta.2' }, { order: 1 }],
    ['numbers before words', { one: '1.0.0-1', other: '1.0.0-a' }, { order: -1 }],
    ['builds', { one: '1.0.0+1', other: '1.0.0+2' }, { order: 0 }],
    ['a letter in front', { one: 'v1.0.0', other: '1.0.0' }, failing],
    ['zeros in front', { one: '01.0.0', other: '1.0.0' }, failing],
    ['empty', { one: '', other: '1.0.0' }, failing],
  ],
  answer: String.raw`const form = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

export function answer({ one, other }) {
  return { order: compared(read(one), read(other)) };
}

function read(version) {
  const match = form.exec(version);
  if (!match) throw new Error(JSON.stringify(version.slice(0, 100)) + ' is no semantic version');
  const labels = match[4] === undefined ? [] : match[4].split('.');
  if (labels.some((label) => /^0\d+$/.test(label))) throw new Error('a number may not begin with zero');
  return { numbers: match.slice(1, 4).map(BigInt), labels };
}

function compared(one, other) {
  for (const [index, number] of one.numbers.entries()) {
    if (number !== other.numbers[index]) return number < other.numbers[index] ? -1 : 1;
  }
  if (one.labels.length === 0 || other.labels.length === 0) return Math.sign(other.labels.length - one.labels.length);
  for (const [index, label] of one.labels.entries()) {
    const theirs = other.labels[index];
    if (theirs === undefined) return 1;
    if (label === theirs) continue;
    const [isNumber, areNumber] = [/^\d+$/.test(label), /^\d+$/.test(theirs)];
    if (isNumber && areNumber) return BigInt(label) < BigInt(theirs) ? -1 : 1;
    if (isNumber !== areNumber) return isNumber ? -1 : 1;
    return label < theirs ? -1 : 1;
  }
  return one.labels.length === other.labels.length ? 0 : -1;
}
`,
  tests: `
test('compares', () => check({ one: '1.0.0', other: '2.0.0' }, { order: -1 }));
test('refuses', () => refuses({ one: 'x', other: '1.0.0' }));
`,
});

export const checkIban = nodeTool({
  name: 'check-iban',
  request:
    'Says whether a text is a valid IBAN: two letters of a country, two check digits, and 11 to 30 letters or digits, with the right remainder (97, ISO 7064). Spaces are passed over and small letters are taken. Gives whether it is valid, the country when it is, and otherwise a reason.',
  input: fields({ iban: text }),
  output: fields({ valid: { type: 'boolean' }, 'country?': text, 'reason?': text }),
  examples: [
    ['valid', { iban: 'DE89 3704 0044 0532 0130 00' }, { valid: true, country: 'DE' }],
    ['a wrong digit', { iban: 'DE88 3704 0044 0532 0130 00' }, { valid: false, reason: 'the check digits are wrong' }],
    ['no form', { iban: 'hello' }, { valid: false, reason: 'it does not have the form of an IBAN' }],
  ],
  heldOut: [
    ['British', { iban: 'GB82WEST12345698765432' }, { valid: true, country: 'GB' }],
    ['small letters', { iban: 'gb82 west 1234 5698 7654 32' }, { valid: true, country: 'GB' }],
    ['French', { iban: 'FR14 2004 1010 0505 0001 3M02 606' }, { valid: true, country: 'FR' }],
    ['two digits exchanged', { iban: 'GB82WEST12345698765423' }, new AtLeast({ valid: false })],
    ['empty', { iban: '' }, { valid: false, reason: 'it does not have the form of an IBAN' }],
    ['too short', { iban: 'DE89' }, { valid: false, reason: 'it does not have the form of an IBAN' }],
  ],
  answer: String.raw`export function answer({ iban }) {
  const plain = iban.replace(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return { valid: false, reason: 'it does not have the form of an IBAN' };
  const digits = [...(plain.slice(4) + plain.slice(0, 4))].map((character) => parseInt(character, 36)).join('');
  const remainder = [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
  if (remainder !== 1) return { valid: false, reason: 'the check digits are wrong' };
  return { valid: true, country: plain.slice(0, 2) };
}
`,
  tests: `
test('takes a valid one', () => check({ iban: 'NL91ABNA0417164300' }, { valid: true, country: 'NL' }));
test('finds a wrong digit', () => assert.equal(answer({ iban: 'NL92ABNA0417164300' }).valid, false));
`,
});
