/*
 * The project that the rehearsed model writes: a small web scraper in plain Node with tests. `scraperWithFault` forgets to
 * resolve relative links, which its own tests find.
 */

export const packageJson = `${JSON.stringify(
  {
    name: 'web-scraper',
    version: '1.0.0',
    description: 'Fetches a page and lists its title and links',
    type: 'module',
    bin: { 'web-scraper': 'bin/scrape.js' },
    scripts: { test: 'node --test' },
    engines: { node: '>=20' },
    license: 'MIT',
  },
  null,
  2,
)}\n`;

export const errors = `/** Everything that can go wrong while a page is scraped, with the reason as a field. */
export class ScrapeError extends Error {
  /**
   * @param {'bad-url' | 'http' | 'timeout' | 'network' | 'not-html'} reason
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(reason, message, options) {
    super(message, options);
    this.name = 'ScrapeError';
    this.reason = reason;
  }
}
`;

export const scraperWithFault = `import { ScrapeError } from './errors.js';

/** Fetches one page and gives back its title and its links. */
export async function scrape(address, { fetch = globalThis.fetch, timeoutMs = 10_000 } = {}) {
  const url = parse(address);
  const response = await request(url, fetch, timeoutMs);
  if (!response.ok) throw new ScrapeError('http', \`\${url} answered \${response.status}\`);
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('html')) throw new ScrapeError('not-html', \`\${url} is \${type || 'of no known type'}\`);
  const html = await response.text();
  return { url: url.href, title: titleOf(html), links: linksOf(html, url) };
}

/** The text of the first <title>; empty when there is none. */
export function titleOf(html) {
  return /<title[^>]*>([^<]*)<\\/title>/i.exec(html)?.[1]?.trim() ?? '';
}

/** Every address that an <a> of the page points to, absolute and once each. */
export function linksOf(html, base) {
  const found = [...html.matchAll(/<a\\s[^>]*href=["']([^"'#]+)["']/gi)].map((match) => match[1]);
  return [...new Set(found)];
}

function parse(address) {
  try {
    return new URL(address);
  } catch (cause) {
    throw new ScrapeError('bad-url', \`\${address} is not an address\`, { cause });
  }
}

async function request(url, fetch, timeoutMs) {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    if (cause.name === 'TimeoutError') throw new ScrapeError('timeout', \`\${url} took too long\`, { cause });
    throw new ScrapeError('network', \`\${url} cannot be reached\`, { cause });
  }
}
`;

/** The line with the fault, and what mends it. */
export const faultyLine = '  return [...new Set(found)];';
export const mendedLine = '  return [...new Set(found.map((link) => new URL(link, base).href))];';

export const tests = `import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { linksOf, scrape, titleOf } from '../src/scraper.js';

const pages = {
  '/': ['text/html', '<title> Shop </title><a href="/cart">cart</a><a href="https://example.com/">out</a><a href="/cart">again</a>'],
  '/logo': ['image/png', 'png'],
};

let server;
let base;

before(async () => {
  server = createServer((request, response) => {
    const page = pages[request.url];
    if (!page) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': page[0] }).end(page[1]);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = \`http://127.0.0.1:\${server.address().port}\`;
});

after(() => server.close());

test('a page gives its title', async () => {
  assert.equal((await scrape(base)).title, 'Shop');
});

test('relative links become absolute, and each is listed once', async () => {
  assert.deepEqual((await scrape(base)).links, [\`\${base}/cart\`, 'https://example.com/']);
});

test('a page without a title has an empty one', () => {
  assert.equal(titleOf('<p>hello</p>'), '');
});

test('a page without links has none', () => {
  assert.deepEqual(linksOf('<p>hello</p>', new URL('http://localhost/')), []);
});

test('a missing page is an error that names the status', async () => {
  await assert.rejects(scrape(\`\${base}/nowhere\`), { reason: 'http', message: /404/ });
});

test('something that is not HTML is refused', async () => {
  await assert.rejects(scrape(\`\${base}/logo\`), { reason: 'not-html' });
});

test('an address that is none is refused', async () => {
  await assert.rejects(scrape('not an address'), { reason: 'bad-url' });
});

test('a server that is not there is an error of the network', async () => {
  await assert.rejects(scrape('http://127.0.0.1:9/'), { reason: 'network' });
});
`;

export const command = `#!/usr/bin/env node
import { scrape } from '../src/scraper.js';

const [address] = process.argv.slice(2);
if (!address) {
  console.error('Usage: web-scraper URL');
  process.exit(2);
}
try {
  console.log(JSON.stringify(await scrape(address), null, 2));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
`;

export const readme = `# web-scraper

Fetches a page and prints its title and links as JSON. Needs Node 20 and nothing else.

\`\`\`
node bin/scrape.js https://example.com
\`\`\`

Errors are \`ScrapeError\`s with a \`reason\`: \`bad-url\`, \`http\`, \`timeout\`, \`network\` or \`not-html\`.

Tests: \`npm test\`
`;
