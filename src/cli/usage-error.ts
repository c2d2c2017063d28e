/** A mistake on the command line: one line of what is wrong, one of what to do. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly cure: string;

  constructor(message: string, cure: string) {
    super(message);
    this.cure = cure;
  }
}
