import { play, say } from '../play.ts';
import type { Script } from '../server.ts';
import { cast } from './cast.ts';

/** What the review demo asks for. */
export const reviewTask = 'Review the sign-in code for security vulnerabilities';

/** The code that is reviewed, with the faults that a reviewer should find. */
export const reviewedFiles: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "sign-in", "type": "module" }\n',
  'src/sign-in.js': `import { createHash } from 'node:crypto';

const tokens = new Map();

export function hash(password) {
  return createHash('md5').update(password).digest('hex');
}

export function isRight(user, password) {
  return user.hash === hash(password);
}

export function resetToken(user) {
  const token = String(Math.random()).slice(2);
  tokens.set(token, user);
  return token;
}

export function redeem(token, password) {
  const user = tokens.get(token);
  if (user) user.hash = hash(password);
  return user !== undefined;
}
`,
};

const review = {
  kind: 'review',
  subject: 'Security',
  findings: [
    {
      title: 'Passwords are hashed with MD5',
      severity: 'critical',
      place: 'src/sign-in.js:6',
      detail: 'MD5 is fast and has no salt: a stolen table of hashes is soon a table of passwords.',
      recommendation: 'Use scrypt from node:crypto with a salt for each user.',
    },
    {
      title: 'A reset token can be used again',
      severity: 'high',
      place: 'src/sign-in.js:21',
      detail: 'redeem never deletes the token, and tokens never expire.',
      recommendation: 'Delete a token when it is redeemed, and give it an end.',
    },
    {
      title: 'Reset tokens can be guessed',
      severity: 'high',
      place: 'src/sign-in.js:14',
      detail: 'Math.random is no source of secrets.',
      recommendation: 'Use randomBytes from node:crypto.',
    },
    {
      title: 'Sessions do not expire',
      severity: 'medium',
      // No such file: a reviewer that invents is found out.
      place: 'src/session.js:12',
      detail: 'The session has no end.',
      recommendation: 'Give it one.',
    },
  ],
  strengths: ['The functions are small and easy to test'],
  remediation: [
    { priority: 1, action: 'Replace MD5' },
    { priority: 2, action: 'Make reset tokens random, single-use and short-lived' },
  ],
};

/** A review of real code by quality assurance. */
export function reviewPlay(): Script {
  return cast({
    'quality-assurance': play([
      [
        [
          say('Reading the code…'),
          { type: 'tool', name: 'Glob', input: { pattern: '**/*.js' } },
          { type: 'tool', name: 'Read', input: { file_path: 'src/sign-in.js' } },
        ],
        [say(JSON.stringify(review))],
      ],
    ]),
  });
}
