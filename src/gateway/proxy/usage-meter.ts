import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod';
import { noUsage, type Usage } from '../../domain/budget.ts';

/** Counts what an answer uses while it passes. */
export type UsageMeter = {
  read(chunk: Buffer): void;
  /** What is known by now: what the model API counted, and for words that it did not count yet an estimate. */
  usage(): Usage;
  /** The input as the model API counted it; 0 while it has not. */
  inputTokens(): number;
  /** Whether the model API told what it counted; some servers never do. */
  isCounted(): boolean;
  /** Whether the answer came to its end. */
  isWhole(): boolean;
  /** An error that came in the place of, or within, an answer. */
  error(): { readonly type: string } | undefined;
};

const count = z.number().min(0).nullish();
const usageSchema = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z.looseObject({ ephemeral_1h_input_tokens: count }).nullish(),
});
type ToldUsage = z.infer<typeof usageSchema>;

const startSchema = z.looseObject({ message: z.looseObject({ usage: usageSchema }) });
const deltaSchema = z.looseObject({ usage: usageSchema });
const wholeSchema = z.looseObject({ usage: usageSchema.optional() });
const errorSchema = z.looseObject({ error: z.looseObject({ type: z.string() }) });

/** Of an answer in one piece; of a longer one the usage is estimated. */
const longestWhole = 64 * 1024 * 1024;
/** Words that were streamed and not counted yet: rather too many tokens than too few. */
const bytesPerToken = 3;

/** For an answer of server-sent events. */
export function streamMeter(): UsageMeter {
  const decoder = new StringDecoder('utf8');
  /** The pieces of a line that has not ended yet: a long one is not searched again with each piece. */
  let begun: string[] = [];
  let usage = noUsage;
  let words = 0;
  let isCounted = false;
  let isWhole = false;
  let error: { readonly type: string } | undefined;

  function take(told: ToldUsage | undefined): void {
    usage = counted(usage, told);
    isCounted ||= told !== undefined;
  }

  function readEvent(event: unknown): void {
    if (typeof event !== 'object' || event === null || !('type' in event)) return;
    switch (event.type) {
      case 'message_start':
        take(startSchema.safeParse(event).data?.message.usage);
        return;
      case 'content_block_delta':
        words += 'delta' in event ? wordsIn(event.delta) : 0;
        return;
      case 'message_delta':
        take(deltaSchema.safeParse(event).data?.usage);
        if (isCounted) words = 0;
        return;
      case 'message_stop':
        isWhole = true;
        return;
      case 'error':
        error = { type: errorSchema.safeParse(event).data?.error.type ?? 'api_error' };
        return;
    }
  }

  function readLine(line: string): void {
    if (line.startsWith('data:')) readEvent(parsed(line.slice('data:'.length)));
  }

  return {
    read(chunk) {
      const [first = '', ...others] = decoder.write(chunk).split('\n');
      begun.push(first);
      for (const next of others) {
        readLine(begun.join(''));
        begun = [next];
      }
    },
    usage: () => withWords(usage, words),
    inputTokens: () => inputOf(usage),
    isCounted: () => isCounted,
    isWhole: () => isWhole && error === undefined,
    error: () => error,
  };
}

/** For an answer in one piece. */
export function wholeMeter(): UsageMeter {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let mayBeWhole = false;
  let read: z.infer<typeof wholeSchema> | undefined;

  function message(): typeof read {
    if (mayBeWhole) read ??= wholeSchema.safeParse(parsed(Buffer.concat(chunks).toString('utf8'))).data;
    return read;
  }
  function usage(): Usage {
    const told = message()?.usage;
    return told ? counted(noUsage, told) : withWords(noUsage, bytes);
  }

  return {
    read(chunk) {
      bytes += chunk.length;
      if (bytes <= longestWhole) chunks.push(chunk);
      mayBeWhole = chunk.toString('latin1').trimEnd().endsWith('}');
    },
    usage,
    inputTokens: () => (message()?.usage ? inputOf(usage()) : 0),
    isCounted: () => message()?.usage !== undefined,
    isWhole: () => message() !== undefined,
    error: () => undefined,
  };
}

/** Later counts replace earlier ones; what a later one leaves out stays. */
function counted(before: Usage, usage: ToldUsage | undefined): Usage {
  if (!usage) return before;
  const written = usage.cache_creation_input_tokens;
  const long = Math.min(usage.cache_creation?.ephemeral_1h_input_tokens ?? before.longCacheWrite, written ?? Infinity);
  return {
    input: usage.input_tokens ?? before.input,
    output: usage.output_tokens ?? before.output,
    cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: written === undefined || written === null ? before.cacheWrite : written - long,
    longCacheWrite: written === undefined || written === null ? before.longCacheWrite : long,
  };
}

function withWords(usage: Usage, words: number): Usage {
  return words === 0 ? usage : { ...usage, output: Math.max(usage.output, Math.ceil(words / bytesPerToken)) };
}

function inputOf({ input, cacheRead, cacheWrite, longCacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite + longCacheWrite;
}

function wordsIn(delta: unknown): number {
  if (typeof delta !== 'object' || delta === null) return 0;
  const { text, thinking, partial_json: json } = delta as Readonly<Record<string, unknown>>;
  return [text, thinking, json].reduce<number>(
    (sum, words) => sum + (typeof words === 'string' ? Buffer.byteLength(words) : 0),
    0,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A cut line, or no JSON: nothing that could be counted.
  }
}
