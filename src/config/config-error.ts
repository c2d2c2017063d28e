/** Where a setting comes from. */
export type Place = {
  /** Absolute; undefined when it comes from the environment. */
  readonly file?: string | undefined;
  /** From 1; undefined when it cannot be told. */
  readonly line?: number | undefined;
};

/** The configuration cannot be used. `message` is one line with the place in it, `cure` what to do; neither holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly cure: string;

  constructor(problem: string, cure: string, place: Place = {}, options?: ErrorOptions) {
    super(oneLine(`${nameOf(place)}${problem}`), options);
    this.file = place.file;
    this.line = place.line;
    this.cure = oneLine(cure);
  }
}

/** `file:line: `, as editors and terminals make links of it; empty for the environment. */
export function nameOf(place: Place): string {
  if (place.file === undefined) return '';
  return place.line === undefined ? `${place.file}: ` : `${place.file}:${place.line}: `;
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029\s]+/g, ' ').trim();
}
