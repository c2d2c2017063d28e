import { anything, failing, fields, integer, listOf, nodeTool, pythonTool, text } from './written-tool.ts';

export const slugify = nodeTool({
  name: 'slugify',
  request:
    'Turns a title into a slug for a URL: small letters and digits of ASCII, single hyphens between words, none at the ends. Accents are dropped (é becomes e). A title without any letter or digit that can be kept gives an empty slug. An optional maximum length cuts at the end of a word where there is one.',
  input: fields({ title: text, 'maxLength?': { type: 'integer', minimum: 1 } }),
  output: fields({ slug: text }),
  examples: [
    ['words', { title: 'Hello, World!' }, { slug: 'hello-world' }],
    ['accents', { title: 'Crème brûlée' }, { slug: 'creme-brulee' }],
    ['a limit', { title: 'one two three', maxLength: 9 }, { slug: 'one-two' }],
  ],
  heldOut: [
    ['digits', { title: 'Top 10 of 2024' }, { slug: 'top-10-of-2024' }],
    ['nothing', { title: '' }, { slug: '' }],
    ['signs alone', { title: '?!…' }, { slug: '' }],
    ['spaces around', { title: '  a  b  ' }, { slug: 'a-b' }],
    ['hyphens', { title: '--a---b--' }, { slug: 'a-b' }],
    ['other accents', { title: 'Ångström Ñandú' }, { slug: 'angstrom-nandu' }],
    ['the limit just fits', { title: 'one two', maxLength: 7 }, { slug: 'one-two' }],
    ['one long word', { title: 'abcdefgh', maxLength: 3 }, { slug: 'abc' }],
  ],
  answer: String.raw`export function answer({ title, maxLength }) {
  const plain = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const slug = plain.split(/[^a-z0-9]+/).filter(Boolean).join('-');
  if (maxLength === undefined || slug.length <= maxLength) return { slug };
  const cut = slug.slice(0, maxLength + 1);
  const end = cut.lastIndexOf('-');
  return { slug: end > 0 ? cut.slice(0, end) : slug.slice(0, maxLength) };
}
`,
  tests: `
test('joins words', () => check({ title: 'A b' }, { slug: 'a-b' }));
test('cuts at a word', () => check({ title: 'alpha beta', maxLength: 7 }, { slug: 'alpha' }));
`,
});

export const csvToJson = nodeTool({
  name: 'csv-to-json',
  request:
    'Reads CSV text (RFC 4180: quoted fields, doubled quotes, commas and line breaks within quotes, LF or CRLF) whose first line has the names of the columns, and gives the rows as objects of strings. A separator other than the comma can be given. Empty text gives no rows. A row with another number of fields than the header is an error that names the row.',
  input: fields({ csv: text, 'separator?': { type: 'string', minLength: 1, maxLength: 1 } }),
  output: fields({ rows: listOf({ type: 'object', additionalProperties: text }) }),
  examples: [
    [
      'two rows',
      { csv: 'a,b\n1,2\n3,4\n' },
      {
        rows: [
          { a: '1', b: '2' },
          { a: '3', b: '4' },
        ],
      },
    ],
    ['quotes', { csv: 'a,b\n"x,y","say ""hi"""\n' }, { rows: [{ a: 'x,y', b: 'say "hi"' }] }],
    ['semicolons', { csv: 'a;b\n1;2', separator: ';' }, { rows: [{ a: '1', b: '2' }] }],
    ['a short row', { csv: 'a,b\n1\n' }, failing],
  ],
  heldOut: [
    ['empty', { csv: '' }, { rows: [] }],
    ['a header alone', { csv: 'name,age\n' }, { rows: [] }],
    ['CRLF', { csv: 'a,b\r\n1,2\r\n' }, { rows: [{ a: '1', b: '2' }] }],
    ['no line break at the end', { csv: 'a\nx' }, { rows: [{ a: 'x' }] }],
    ['a line break in quotes', { csv: 'a,b\n"1\n2",3\n' }, { rows: [{ a: '1\n2', b: '3' }] }],
    ['empty fields', { csv: 'a,b,c\n,,\n' }, { rows: [{ a: '', b: '', c: '' }] }],
    ['another script', { csv: 'имя,город\nАнна,東京\n' }, { rows: [{ имя: 'Анна', город: '東京' }] }],
    ['a long row', { csv: 'a\n1,2\n' }, failing],
    ['spaces stay', { csv: 'a,b\n 1 ,2\n' }, { rows: [{ a: ' 1 ', b: '2' }] }],
  ],
  answer: String.raw`export function answer({ csv, separator = ',' }) {
  const rows = [];
  let row = [], field = '', quoted = false, any = false;
  const endField = () => { row.push(field); field = ''; };
  const endRow = () => { endField(); rows.push(row); row = []; any = false; };
  for (let at = 0; at < csv.length; at += 1) {
    const character = csv[at];
    if (quoted) {
      if (character !== '"') field += character;
      else if (csv[at + 1] === '"') { field += '"'; at += 1; }
      else quoted = false;
    } else if (character === '"' && field === '') { quoted = true; any = true; }
    else if (character === separator) { endField(); any = true; }
    else if (character === '\n') endRow();
    else if (character === '\r' && csv[at + 1] === '\n') { /* the line break comes */ }
    else { field += character; any = true; }
  }
  if (quoted) throw new Error('a quote is not closed');
  if (any || row.length > 0) endRow();
  const [header, ...lines] = rows;
  if (header === undefined) return { rows: [] };
  return {
    rows: lines.map((line, index) => {
      if (line.length !== header.length) throw new Error('row ' + (index + 1) + ' has ' + line.length + ' fields, the header has ' + header.length);
      return Object.fromEntries(header.map((name, place) => [name, line[place]]));
    }),
  };
}
`,
  tests: `
test('reads rows', () => check({ csv: 'x\\n1\\n' }, { rows: [{ x: '1' }] }));
test('reads quotes', () => check({ csv: 'x\\n"1,""2"\\n' }, { rows: [{ x: '1,"2' }] }));
test('refuses a short row', () => refuses({ csv: 'a,b\\n1\\n' }));
`,
});

export const wordCount = pythonTool({
  name: 'word-count',
  request:
    'Counts how often each word stands in a text. A word is a run of letters and digits of any script, and apostrophes within it; capital letters are counted as small ones. Gives the number of all words and the counts by word. An empty text has none.',
  input: fields({ text }),
  output: fields({ total: integer, counts: { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } } }),
  examples: [
    ['a sentence', { text: 'The cat and the hat.' }, { total: 5, counts: { the: 2, cat: 1, and: 1, hat: 1 } }],
    ['an apostrophe', { text: "don't, don't!" }, { total: 2, counts: { "don't": 2 } }],
  ],
  heldOut: [
    ['empty', { text: '' }, { total: 0, counts: {} }],
    ['signs alone', { text: '... --- !!!' }, { total: 0, counts: {} }],
    ['several lines', { text: 'a\nb\n\na' }, { total: 3, counts: { a: 2, b: 1 } }],
    ['German', { text: 'Über über ÜBER' }, { total: 3, counts: { über: 3 } }],
    ['Russian', { text: 'Привет, мир! Мир.' }, { total: 3, counts: { привет: 1, мир: 2 } }],
    ['digits', { text: 'route 66 and 66' }, { total: 4, counts: { route: 1, '66': 2, and: 1 } }],
    [
      'words of programs',
      { text: 'constructor valueOf constructor' },
      { total: 3, counts: { constructor: 2, valueof: 1 } },
    ],
  ],
  answer: String.raw`import re
from collections import Counter


def answer(input):
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", input["text"].lower())
    return {"total": len(words), "counts": dict(Counter(words))}
`,
  tests: `
def test_counts(self):
    self.check({"text": "a b a"}, {"total": 3, "counts": {"a": 2, "b": 1}})

def test_empty(self):
    self.check({"text": ""}, {"total": 0, "counts": {}})
`,
});

export const templateFill = nodeTool({
  name: 'template-fill',
  request:
    'Fills a template: every {{name}} is replaced by the value of that name, with spaces allowed within the braces. Values are texts and numbers. A name without a value is an error that names it. What the values hold is not filled again. Text without braces stays as it is.',
  input: fields({ template: text, values: { type: 'object', additionalProperties: { type: ['string', 'number'] } } }),
  output: fields({ text }),
  examples: [
    ['a name', { template: 'Hello {{name}}!', values: { name: 'Ada' } }, { text: 'Hello Ada!' }],
    ['two', { template: '{{ a }}+{{b}}', values: { a: 1, b: 2 } }, { text: '1+2' }],
    ['missing', { template: '{{x}}', values: {} }, failing],
  ],
  heldOut: [
    ['none', { template: 'plain', values: {} }, { text: 'plain' }],
    ['empty', { template: '', values: { a: 'b' } }, { text: '' }],
    ['the same twice', { template: '{{a}}{{a}}', values: { a: 'x' } }, { text: 'xx' }],
    ['not filled again', { template: '{{a}}', values: { a: '{{b}}', b: 'no' } }, { text: '{{b}}' }],
    ['signs with a meaning', { template: 'pay {{sum}}', values: { sum: '$& $1' } }, { text: 'pay $& $1' }],
    ['an empty value', { template: '[{{a}}]', values: { a: '' } }, { text: '[]' }],
    ['zero', { template: '{{n}}', values: { n: 0 } }, { text: '0' }],
    ['a name that objects have', { template: '{{toString}}', values: {} }, failing],
    ['another script', { template: '{{имя}}', values: { имя: '東京' } }, { text: '東京' }],
  ],
  answer: String.raw`export function answer({ template, values }) {
  const text = template.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (_, name) => {
    if (!Object.hasOwn(values, name)) throw new Error('there is no value for ' + name);
    return String(values[name]);
  });
  return { text };
}
`,
  tests: `
test('fills', () => check({ template: 'a {{b}}', values: { b: 'c' } }, { text: 'a c' }));
test('refuses what is missing', () => refuses({ template: '{{b}}', values: {} }));
`,
});

export const redactEmails = nodeTool({
  name: 'redact-emails',
  request:
    'Replaces every e-mail address in a text by [email] and says how many there were. Letters, digits, dots, plus, hyphen and underscore may stand before the @; after it a host with at least one dot, whose last part has two letters or more. A full stop at the end of a sentence is no part of an address. Other text stays as it is.',
  input: fields({ text }),
  output: fields({ text, count: integer }),
  examples: [
    ['one', { text: 'Write to ada@example.org.' }, { text: 'Write to [email].', count: 1 }],
    ['two', { text: 'a.b+c@x.co, d@y-z.net' }, { text: '[email], [email]', count: 2 }],
    ['none', { text: 'at @home' }, { text: 'at @home', count: 0 }],
  ],
  heldOut: [
    ['empty', { text: '' }, { text: '', count: 0 }],
    ['no dot', { text: 'me@localhost' }, { text: 'me@localhost', count: 0 }],
    ['subdomains', { text: '<x_y@mail.example.co.uk>' }, { text: '<[email]>', count: 1 }],
    ['capitals', { text: 'ADA@EXAMPLE.ORG' }, { text: '[email]', count: 1 }],
    ['lines', { text: 'a@b.cd\ne@f.gh' }, { text: '[email]\n[email]', count: 2 }],
    ['other scripts around', { text: '連絡先：info@example.jp です' }, { text: '連絡先：[email] です', count: 1 }],
    ['the same twice', { text: 'a@b.cd a@b.cd' }, { text: '[email] [email]', count: 2 }],
  ],
  answer: String.raw`const address = /[a-z0-9._+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}/gi;

export function answer({ text }) {
  // Found around each @, so that a long text takes no longer than it has to.
  let count = 0;
  const redacted = text.replace(/[a-z0-9._+@-]{1,400}/gi, (run) =>
    run.includes('@')
      ? run.replace(address, () => {
          count += 1;
          return '[email]';
        })
      : run,
  );
  return { text: redacted, count };
}
`,
  tests: `
test('replaces', () => check({ text: 'x a@b.cd y' }, { text: 'x [email] y', count: 1 }));
test('leaves others', () => check({ text: 'a@b' }, { text: 'a@b', count: 0 }));
`,
});

export const runLength = pythonTool({
  name: 'run-length',
  request:
    'Encodes a text by runs, or decodes it: every run of the same character becomes its count and the character, so "aaab" becomes "3a1b". Decoding does the opposite; text that is no encoding (a count is missing or zero, or a character after it) is an error, and so is a result of more than 100,000 characters. Digits cannot be encoded: that is an error.',
  input: fields({ mode: { enum: ['encode', 'decode'] }, text }),
  output: fields({ text }),
  examples: [
    ['encode', { mode: 'encode', text: 'aaab' }, { text: '3a1b' }],
    ['decode', { mode: 'decode', text: '2x3y' }, { text: 'xxyyy' }],
    ['no encoding', { mode: 'decode', text: 'xy' }, failing],
  ],
  heldOut: [
    ['empty', { mode: 'encode', text: '' }, { text: '' }],
    ['decode empty', { mode: 'decode', text: '' }, { text: '' }],
    ['a long run', { mode: 'encode', text: 'zzzzzzzzzzzz' }, { text: '12z' }],
    ['two digits', { mode: 'decode', text: '12z' }, { text: 'zzzzzzzzzzzz' }],
    ['other scripts', { mode: 'encode', text: 'ßßé😀😀' }, { text: '2ß1é2😀' }],
    ['a count alone', { mode: 'decode', text: '3' }, failing],
    ['zero', { mode: 'decode', text: '0a' }, failing],
    ['digits', { mode: 'encode', text: 'a1' }, failing],
    ['too long', { mode: 'decode', text: '999999999a' }, failing],
    ['a line break', { mode: 'encode', text: '\n\n' }, { text: '2\n' }],
  ],
  answer: `import re
from itertools import groupby

MOST = 100_000


def answer(input):
    text = input["text"]
    return {"text": encode(text) if input["mode"] == "encode" else decode(text)}


def encode(text):
    if re.search(r"[0-9]", text):
        raise ValueError("digits cannot be encoded")
    return "".join(f"{len(list(run))}{character}" for character, run in groupby(text))


def decode(text):
    runs = re.findall(r"([0-9]{1,10})([^0-9])", text)
    if "".join(count + character for count, character in runs) != text:
        raise ValueError("this is no encoding")
    if any(int(count) == 0 for count, _ in runs):
        raise ValueError("a count may not be zero")
    if sum(int(count) for count, _ in runs) > MOST:
        raise ValueError(f"the result has more than {MOST} characters")
    return "".join(character * int(count) for count, character in runs)
`,
  tests: `
def test_both_ways(self):
    self.check({"mode": "encode", "text": "aab"}, {"text": "2a1b"})
    self.check({"mode": "decode", "text": "2a1b"}, {"text": "aab"})

def test_refuses(self):
    self.refuses({"mode": "decode", "text": "a"})
    self.refuses({"mode": "encode", "text": "1"})
`,
});

export const markdownToc = pythonTool({
  name: 'markdown-toc',
  request:
    'Lists the headings of a Markdown text in their order: level, title, and the anchor as GitHub makes it (small letters, spaces become hyphens, signs other than hyphens and underscores are dropped; the second heading of one anchor gets -1, the third -2). Only headings of the form "# Title" count, at most six #, and none within fenced code blocks. Closing #s are dropped.',
  input: fields({ markdown: text }),
  output: fields({ headings: listOf(fields({ level: integer, title: text, anchor: text })) }),
  examples: [
    [
      'two',
      { markdown: '# One\n\ntext\n\n## Two words\n' },
      {
        headings: [
          { level: 1, title: 'One', anchor: 'one' },
          { level: 2, title: 'Two words', anchor: 'two-words' },
        ],
      },
    ],
    ['none', { markdown: 'text' }, { headings: [] }],
  ],
  heldOut: [
    ['empty', { markdown: '' }, { headings: [] }],
    [
      'twice',
      { markdown: '# A\n# A\n# A' },
      { headings: ['a', 'a-1', 'a-2'].map((anchor) => ({ level: 1, title: 'A', anchor })) },
    ],
    ['within code', { markdown: '```\n# no\n```\n# yes' }, { headings: [{ level: 1, title: 'yes', anchor: 'yes' }] }],
    [
      'signs',
      { markdown: "### What's new, v1.0?" },
      { headings: [{ level: 3, title: "What's new, v1.0?", anchor: 'whats-new-v10' }] },
    ],
    ['closing', { markdown: '## Title ##' }, { headings: [{ level: 2, title: 'Title', anchor: 'title' }] }],
    ['seven', { markdown: '####### no' }, { headings: [] }],
    ['no space', { markdown: '#no' }, { headings: [] }],
    ['German', { markdown: '# Größe' }, { headings: [{ level: 1, title: 'Größe', anchor: 'größe' }] }],
    ['CRLF', { markdown: '# A\r\n# B\r\n' }, anything],
  ],
  answer: String.raw`import re


def answer(input):
    headings, seen, fence = [], {}, None
    for line in input["markdown"].splitlines():
        mark = re.match(r" {0,3}(${'`{3,}'}|~{3,})", line)
        if mark:
            kind = mark.group(1)[0]
            fence = None if fence == kind else fence or kind
            continue
        found = None if fence else re.match(r"(#{1,6})[ \t]+(\S.*)$", line)
        if not found:
            continue
        title = re.sub(r"[ \t]+#+[ \t]*$", "", found.group(2)).strip()
        base = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        times = seen.get(base, 0)
        seen[base] = times + 1
        anchor = base if times == 0 else f"{base}-{times}"
        headings.append({"level": len(found.group(1)), "title": title, "anchor": anchor})
    return {"headings": headings}
`,
  tests: `
def test_heading(self):
    self.check({"markdown": "## B c"}, {"headings": [{"level": 2, "title": "B c", "anchor": "b-c"}]})
`,
});
