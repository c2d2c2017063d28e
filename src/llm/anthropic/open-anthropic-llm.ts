import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import type { Gateway, GatewayAccess } from '../../gateway/gateway.ts';
import { askTwice, failedBy, type Spoken } from '../ask-twice.ts';
import type { Llm, LlmCost, LlmEnding, LlmQuestion } from '../llm.ts';
import { askModel } from './ask-model.ts';
import { connect } from './connection.ts';
import { modelId } from './model-id.ts';

const nothingUsed: LlmCost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };

/** Questions to the Messages API, by way of the gateway. What they cost stands in its ledger. */
export function openAnthropicLlm({ gateway }: { readonly gateway: Gateway }): Llm {
  return {
    isMetered: true,
    async ask(question, signal) {
      const { taskId, agent, night, project, tell } = question;
      const run = {
        ...{ taskId, agent, tell },
        ...(night === undefined ? {} : { night }),
        ...(project === undefined ? {} : { project }),
      };
      let access: GatewayAccess | undefined;
      try {
        access = await gateway.admit(run);
        return await converse(question, access, signal);
      } catch (error) {
        return { ...failedBy(error), cost: nothingUsed };
      } finally {
        // After it everything that the question used is booked.
        await access?.close();
      }
    },
  };
}

async function converse<Answer>(
  question: LlmQuestion<Answer>,
  access: GatewayAccess,
  signal: AbortSignal,
): Promise<LlmEnding<Answer>> {
  const begun = performance.now();
  const used = { inputTokens: 0, outputTokens: 0 };
  const cost = (): LlmCost => ({ usd: 0, ...used, durationMs: Math.round(performance.now() - begun) });
  const { answerSchema } = await import('./answer-schema.ts');
  const connection = await connect(access);
  const conversation: MessageParam[] = [];
  const setting = {
    model: modelId(question.model),
    instructions: question.instructions,
    conversation,
    schema: answerSchema(question.shape.jsonSchema),
  };

  async function speak(prompt: string): Promise<Spoken> {
    conversation.push({ role: 'user', content: prompt });
    const answer = await askModel(connection, setting, access.refusal, signal);
    if (answer.kind !== 'answer') return answer;
    const { content, usage, stop_reason: stopReason } = answer.message;
    used.inputTokens +=
      usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
    used.outputTokens += usage.output_tokens;
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    if (stopReason === 'refusal') return { kind: 'failed', message: 'the model refused to answer' };
    // An empty answer cannot be handed back.
    conversation.push({ role: 'assistant', content: text.trim() === '' ? '(nothing)' : text.trimEnd() });
    return { kind: 'said', text, isCutOff: stopReason === 'max_tokens' };
  }

  try {
    return await askTwice(question, speak, cost);
  } finally {
    await connection.close();
  }
}
