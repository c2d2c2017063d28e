import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

test('a secret comes out by reveal and by nothing else', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 9 }), (value) => {
      const secret = new Secret(value);
      expect(secret.reveal()).toBe(value);
      const holder = { name: 'bot', secret, list: [secret], map: new Map([['key', secret]]) };
      const printed = [
        `${secret}`,
        ['', secret].join(),
        JSON.stringify(holder),
        inspect(holder, { depth: 9, showHidden: true }),
        inspect(holder, { customInspect: false, showHidden: true, depth: 9 }),
        format('%s %o %j', secret, secret, secret),
        String(new Error('failed', { cause: secret }).cause),
        JSON.stringify(structuredClone({ ...holder, map: undefined })),
      ].join('\n');
      fc.pre(!'[secret] name bot list map key Secret {}'.includes(value));
      expect(printed).not.toContain(value);
      expect(Object.keys(secret)).toEqual([]);
    }),
  );
});
