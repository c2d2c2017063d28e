import { type Tool, toolManifest } from '../../../domain/tool.ts';

/** A tool, how somebody asks for it who knows the trade, and, for some, in words that have nothing in common with it. */
export type DescribedTool = {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly string[];
  readonly request: string;
  readonly paraphrase?: string;
};

export const describedTools: readonly DescribedTool[] = [
  {
    name: 'csv-to-json',
    description: 'Converts CSV text with a header line to a JSON array of objects.',
    fields: ['csv', 'delimiter'],
    request: 'parse-csv: I need to parse csv files into json records, with quoted fields and a configurable delimiter',
    paraphrase: 'turn a spreadsheet export into structured rows for the web app',
  },
  {
    name: 'json-schema-check',
    description: 'Validates a JSON document against a JSON Schema and lists every violation with its path.',
    fields: ['document', 'schema'],
    request: 'validate configuration json against a schema and report the errors',
    paraphrase: 'tell me whether this config file has the shape it should have',
  },
  {
    name: 'sql-formatter',
    description: 'Formats SQL statements with consistent indentation and keyword case.',
    fields: ['sql', 'dialect'],
    request: 'format-sql: pretty print sql queries for code review',
    paraphrase: 'make database queries readable',
  },
  {
    name: 'log-summary',
    description: 'Groups log lines by message pattern and counts errors and warnings over time.',
    fields: ['lines', 'bucketMinutes'],
    request: 'analyse application logs: count errors per minute and group similar messages',
    paraphrase: 'what went wrong on the server last night',
  },
  {
    name: 'markdown-to-html',
    description: 'Renders Markdown text as safe HTML.',
    fields: ['markdown'],
    request: 'render markdown documents to html',
    paraphrase: 'show a readme on a web page',
  },
  {
    name: 'dedupe-rows',
    description: 'Removes duplicate records from a table by chosen columns and keeps the newest.',
    fields: ['rows', 'keys'],
    request: 'deduplicate customer rows by email, keeping the latest',
    paraphrase: 'the same customers appear twice, clean that up',
  },
  {
    name: 'image-size',
    description: 'Reads width, height and format of PNG, JPEG and GIF images from their bytes.',
    fields: ['base64'],
    request: 'get image dimensions of png and jpeg files',
    paraphrase: 'how many pixels does a picture have',
  },
  {
    name: 'cron-explain',
    description: 'Explains a cron expression in plain English and lists the next run times.',
    fields: ['expression', 'from'],
    request: 'cron-next-runs: calculate next execution times of a cron schedule',
    paraphrase: 'when does this recurring job start again',
  },
  {
    name: 'license-scan',
    description: 'Lists the licenses of all dependencies of a project and flags copyleft ones.',
    fields: ['lockfile'],
    request: 'check dependency licenses for GPL',
    paraphrase: 'are we legally allowed to ship these packages',
  },
  {
    name: 'url-extract',
    description: 'Extracts all URLs from a text, normalised and without duplicates.',
    fields: ['text'],
    request: 'extract links from text',
    paraphrase: 'which web pages does this message mention',
  },
  {
    name: 'text-diff',
    description: 'Computes a unified diff between two texts.',
    fields: ['before', 'after'],
    request: 'compare two versions of a text and show the differences as unified diff',
    paraphrase: 'what was altered between these two drafts',
  },
  {
    name: 'xml-to-json',
    description: 'Converts XML documents to JSON, with attributes and namespaces.',
    fields: ['xml'],
    request: 'transform xml responses into json objects',
  },
  {
    name: 'yaml-merge',
    description: 'Merges several YAML files deeply, later ones winning.',
    fields: ['documents'],
    request: 'deep merge yaml configuration files',
    paraphrase: 'combine settings of several environments',
  },
  {
    name: 'email-validate',
    description: 'Checks whether email addresses are syntactically valid and suggests corrections of typos in domains.',
    fields: ['addresses'],
    request: 'email address validation with typo suggestions',
    paraphrase: 'find out if people mistyped how we can write to them',
  },
  {
    name: 'phone-normalise',
    description: 'Normalises telephone numbers to E.164 by country.',
    fields: ['numbers', 'country'],
    request: 'normalize phone numbers to international format',
  },
  {
    name: 'currency-convert',
    description: 'Converts amounts between currencies with given exchange rates and correct rounding.',
    fields: ['amount', 'from', 'to', 'rates'],
    request: 'convert money amounts from EUR to USD with exchange rates',
    paraphrase: 'how many dollars are fifty euros',
  },
  {
    name: 'date-range',
    description: 'Lists working days between two dates, without weekends and given holidays.',
    fields: ['start', 'end', 'holidays'],
    request: 'count business days between dates excluding holidays',
    paraphrase: 'how long until the deadline if nobody comes in on Sundays',
  },
  {
    name: 'timezone-convert',
    description: 'Converts times between time zones, daylight saving included.',
    fields: ['time', 'from', 'to'],
    request: 'convert a timestamp between timezones',
    paraphrase: 'what does the clock in Tokyo say then',
  },
  {
    name: 'html-table-extract',
    description: 'Extracts tables from HTML pages as rows and columns.',
    fields: ['html', 'index'],
    request: 'scrape html tables into rows',
    paraphrase: 'get the numbers off that website',
  },
  {
    name: 'robots-check',
    description: 'Tells whether a robots.txt allows a crawler to fetch a path.',
    fields: ['robots', 'agent', 'path'],
    request: 'check if robots.txt permits crawling of a url',
    paraphrase: 'may our spider visit this page',
  },
  {
    name: 'sitemap-parse',
    description: 'Parses XML sitemaps and sitemap indexes to a list of pages with their dates.',
    fields: ['xml'],
    request: 'read sitemap.xml and list all pages',
  },
  {
    name: 'regex-tester',
    description: 'Runs a regular expression over sample texts and shows matches and groups, with a time limit.',
    fields: ['pattern', 'samples'],
    request: 'test regular expressions against examples and show capture groups',
    paraphrase: 'does this pattern catch what it should',
  },
  {
    name: 'password-strength',
    description: 'Estimates how strong a password is and explains its weaknesses.',
    fields: ['password'],
    request: 'password strength estimation with feedback',
    paraphrase: 'how easily could somebody guess my login secret',
  },
  {
    name: 'jwt-decode',
    description: 'Decodes JSON Web Tokens and verifies their signature and expiry.',
    fields: ['token', 'key'],
    request: 'decode and verify a JWT token',
    paraphrase: 'is this session still signed in',
  },
  {
    name: 'uuid-generate',
    description: 'Generates deterministic UUIDs of version 5 from names.',
    fields: ['namespace', 'name'],
    request: 'generate stable uuid v5 identifiers from names',
  },
  {
    name: 'hash-files',
    description: 'Computes SHA-256 checksums of files and compares them with a list.',
    fields: ['files', 'expected'],
    request: 'compute file checksums with sha256 and verify them',
    paraphrase: 'has anybody tampered with the download',
  },
  {
    name: 'semver-compare',
    description: 'Compares semantic versions and finds the highest one in a range.',
    fields: ['versions', 'range'],
    request: 'compare semver versions and resolve ranges',
    paraphrase: 'which release is newer',
  },
  {
    name: 'changelog-draft',
    description: 'Drafts a changelog from commit messages that follow Conventional Commits.',
    fields: ['commits'],
    request: 'generate changelog entries from git commit messages',
    paraphrase: 'summarise what is new in this release for users',
  },
  {
    name: 'openapi-lint',
    description: 'Lints OpenAPI specifications for missing descriptions, unused schemas and inconsistent names.',
    fields: ['specification'],
    request: 'lint an openapi specification file',
    paraphrase: 'review how our REST interface is documented',
  },
  {
    name: 'dead-links',
    description: 'Finds broken links inside a folder of Markdown documents.',
    fields: ['documents'],
    request: 'find broken links in markdown documentation',
    paraphrase: 'which references lead nowhere',
  },
  {
    name: 'word-count',
    description: 'Counts words, sentences and reading time of a text.',
    fields: ['text'],
    request: 'count words and estimate reading time of an article',
    paraphrase: 'how long is this essay',
  },
  {
    name: 'spell-check',
    description: 'Finds misspelled words in English text and proposes corrections.',
    fields: ['text', 'ignore'],
    request: 'spelling checker for english text with suggestions',
    paraphrase: 'find typos in the manual',
  },
  {
    name: 'language-detect',
    description: 'Detects the natural language of a text with a confidence.',
    fields: ['text'],
    request: 'detect which language a text is written in',
    paraphrase: 'is this French or Spanish',
  },
  {
    name: 'sentiment-score',
    description: 'Scores the sentiment of customer reviews from negative to positive.',
    fields: ['reviews'],
    request: 'sentiment analysis of customer reviews',
    paraphrase: 'do buyers like the product',
  },
  {
    name: 'outlier-detect',
    description: 'Finds outliers in a series of numbers by the interquartile range.',
    fields: ['values', 'factor'],
    request: 'detect outliers in numeric data',
    paraphrase: 'which measurements look suspicious',
  },
  {
    name: 'moving-average',
    description: 'Smooths a time series with a moving average or exponential smoothing.',
    fields: ['values', 'window'],
    request: 'calculate a moving average over a time series',
    paraphrase: 'make this jumpy curve calmer',
  },
  {
    name: 'linear-fit',
    description: 'Fits a straight line through points by least squares, with its error.',
    fields: ['points'],
    request: 'linear regression through data points with least squares',
    paraphrase: 'predict the trend of sales',
  },
  {
    name: 'chart-svg',
    description: 'Draws bar, line and pie charts as SVG.',
    fields: ['kind', 'series', 'labels'],
    request: 'draw a bar chart as svg from series of numbers',
    paraphrase: 'a graphic for the quarterly report',
  },
  {
    name: 'color-contrast',
    description: 'Computes the contrast ratio of two colours and whether it meets WCAG.',
    fields: ['foreground', 'background'],
    request: 'check wcag color contrast ratio for accessibility',
    paraphrase: 'can people with weak eyes read this button',
  },
  {
    name: 'geo-distance',
    description: 'Computes the great-circle distance between two coordinates.',
    fields: ['from', 'to'],
    request: 'distance between two latitude longitude coordinates in kilometres',
    paraphrase: 'how far is it from Berlin to Madrid',
  },
  {
    name: 'env-template',
    description: 'Fills a template with variables and fails for those that are missing.',
    fields: ['template', 'variables'],
    request: 'substitute variables in a template and report missing ones',
    paraphrase: 'personalise a letter',
  },
  {
    name: 'dependency-graph',
    description: 'Builds the graph of imports of a TypeScript project and finds cycles.',
    fields: ['files'],
    request: 'find circular imports in a typescript project',
    paraphrase: 'which modules depend on each other in a loop',
  },
];

/** The tools as they are offered, and beside them as many others as are wanted, each with a text of its own. */
export function offeredTools(others = 0): Tool[] {
  const more = Array.from({ length: others }, (_, number): Pick<DescribedTool, 'name' | 'description' | 'fields'> => {
    const [one, other] = [describedTools[number % describedTools.length], describedTools[(number * 7 + 3) % describedTools.length]];
    return {
      name: `other-${number}`,
      description: `${one?.description.split(' ').slice(0, 4).join(' ')} ${other?.description.split(' ').slice(-4).join(' ')}`,
      fields: [`field${number}`],
    };
  });
  return [...describedTools, ...more].map(({ name, description, fields }) => ({
    manifest: toolManifest.parse({
      ...{ name, version: '1.0.0', description, language: 'node', entry: 'index.mjs', outputSchema: {} },
      inputSchema: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, {}])) },
    }),
    digest: '',
    provenance: { requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person', builtAt: '2026-01-01T00:00:00Z' },
    ...{ publishedAt: new Date(0), status: 'active', versions: ['1.0.0'], calls: 0, failures: 0 },
  }));
}
