import type { OwnTool } from '../../../src/toolbox/toolbox.ts';

export function toolNamed(name: string): OwnTool {
  return {
    name,
    description: `Answers as ${name}.`,
    inputSchema: { type: 'object' },
    call: async () => ({ text: `This is ${name}.` }),
  };
}

/** Says what it was told, and the id of the call. */
export const echo: OwnTool = {
  name: 'echo',
  description: 'Says what it was told.',
  inputSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: { text: { type: 'string', description: 'what to say' } },
  },
  call: async (input, { callId }) => ({ text: `${callId}: ${Object(input)['text']}` }),
};

/** A tool that answers when the test says so. */
export function held(name = 'held') {
  let begin: () => void = () => undefined;
  let abort: () => void = () => undefined;
  let answer: (text: string) => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const aborted = new Promise<void>((resolve) => {
    abort = resolve;
  });
  const text = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const tool: OwnTool = {
    ...toolNamed(name),
    async call(_, { signal }) {
      signal.addEventListener('abort', abort);
      begin();
      return { text: await text };
    },
  };
  return { tool, begun, aborted, answer: (said: string) => answer(said) };
}
