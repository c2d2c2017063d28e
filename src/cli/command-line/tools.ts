import type { Command } from 'commander';
import type { DecideOptions } from '../decision-arguments.ts';
import type { CommandSetting } from './command-setting.ts';

/** `decide`, `tools`, `mcp`. */
export function addToolCommands(program: Command, setting: CommandSetting): void {
  addDecide(program, setting);
  const tools = addTools(program, setting);
  addChanges(tools, setting);
  addMcp(program, setting);
}

function addDecide(program: Command, { end, context }: CommandSetting): void {
  program
    .command('decide')
    .description('decide about a tool that an agent lacks: approve, alternative, defer or reject')
    .argument('<id>', 'the question, the request or the task, or the beginning of its id')
    .argument('<decision>', 'approve, alternative, defer or reject')
    .option('--agents <names>', 'approve: who builds it, for example dev,qa')
    .option('--max-prompts <count>', 'approve: how many prompts the build may use')
    .option('--deadline <when>', 'approve: until when, for example 2d')
    .option('--adopt', 'approve: a green gate is enough, nobody is asked again')
    .option('--use <name>', 'alternative: what is used instead')
    .option('--until <when>', 'defer: when it is asked again, for example 3d')
    .option('--reason <words>', 'why')
    .option('--workaround <words>', 'reject: what is done instead')
    .option('--detach', 'do not go on with it here')
    .option('--json', 'print one event per line and nothing else')
    .action(async (id: string, choice: string, options: DecideOptions & { detach?: boolean; json?: boolean }) => {
      const { decide } = await import('../commands/decide.ts');
      end(await decide(id, choice, options, context()));
    });
}

const toolNamed = 'the name of the tool';
const ofCallers = 'what $WORKSPACE is for tools that have a right to it';
const heldOut = 'held-out cases, a list as test/examples.json';

function addTools(program: Command, { end, context }: CommandSetting): Command {
  const tools = program
    .command('tools')
    .description('the tools that every session of every agent has')
    .option('--json', 'print one tool per line')
    .action(async (_options: object, command: Command) => {
      const { listTools } = await import('../commands/tools.ts');
      end(await listTools({ json: isJson(command) }, context()));
    });
  tools
    .command('list')
    .description('what there is, as without a command')
    .option('--json', 'print one tool per line')
    .action(async (_options: object, command: Command) => {
      const { listTools } = await import('../commands/tools.ts');
      end(await listTools({ json: isJson(command) }, context()));
    });
  tools
    .command('show')
    .description('one tool: what it takes and gives, its rights, its versions and its manual')
    .argument('<name>', `${toolNamed}; with --diff also the id of a request`)
    .option('--diff', 'what the version changes, or what was built for a request and is not adopted yet')
    .option('--json', 'print everything as JSON')
    .action(async (name: string, { diff }: { readonly diff?: true }, command: Command) => {
      const { showTool, showToolChange } = await import('../commands/tools.ts');
      end(await (diff ? showToolChange : showTool)(name, { json: isJson(command) }, context()));
    });
  tools
    .command('history')
    .description('every version that there ever was, oldest first')
    .argument('<name>', toolNamed)
    .option('--json', 'print one version per line')
    .action(async (name: string, _options: object, command: Command) => {
      const { toolHistory } = await import('../commands/tools.ts');
      end(await toolHistory(name, { json: isJson(command) }, context()));
    });
  tools
    .command('call')
    .description('call it once and print its output')
    .argument('<name>', toolNamed)
    .argument('[input]', 'JSON, or - to read it from the standard input', '{}')
    .option('-w, --workspace <folder>', ofCallers)
    .action(async (name: string, input: string, options: { workspace?: string }) => {
      const { callTool } = await import('../commands/tools-call.ts');
      end(await callTool(name, input, options, context()));
    });
  return tools;
}

function addChanges(tools: Command, { end, context }: CommandSetting): void {
  tools
    .command('test')
    .description('let the gate look at a tool, or at a folder; nothing is saved')
    .argument('<name-or-folder>', 'a tool that there is, or a folder with a tool.json')
    .option('--cases <file>', heldOut)
    .option('--json', 'print what the gate saw as JSON')
    .action(async (what: string, options: { cases?: string }, command: Command) => {
      const { testTool } = await import('../commands/tools-gate.ts');
      end(await testTool(what, { ...options, json: isJson(command) }, context()));
    });
  tools
    .command('adopt')
    .description('let a folder through the gate and give the tool in it to everybody')
    .argument('<folder>', 'with tool.json, the program, test/examples.json and tests')
    .option('--cases <file>', heldOut)
    .option(
      '--allow <right>',
      'a right that it asks for, once for each: for example read:/etc/hosts or host:api.example.org',
      (right: string, others: readonly string[] = []) => [...others, right],
    )
    .option('--json', 'print what came of it as JSON')
    .action(
      async (
        folder: string,
        { allow = [], ...options }: { cases?: string; allow?: readonly string[] },
        command: Command,
      ) => {
        const { adoptTool } = await import('../commands/tools-gate.ts');
        end(await adoptTool(folder, { ...options, allow, json: isJson(command) }, context()));
      },
    );
  tools
    .command('rollback')
    .description('serve another version, also to sessions that run')
    .argument('<name>', toolNamed)
    .argument('[version]', 'the one before the served one when it is left out')
    .option('--reason <words>', 'why', 'a person wanted it')
    .action(async (name: string, version: string | undefined, { reason }: { reason: string }) => {
      const { rollBackTool } = await import('../commands/tools.ts');
      end(await rollBackTool(name, version, reason, context()));
    });
  tools
    .command('retire')
    .description('offer it to nobody any more; nothing of it is deleted')
    .argument('<name>', toolNamed)
    .requiredOption('--reason <words>', 'why')
    .action(async (name: string, { reason }: { reason: string }) => {
      const { retireTool } = await import('../commands/tools.ts');
      end(await retireTool(name, reason, context()));
    });
  tools
    .command('restore')
    .description('offer a retired tool again')
    .argument('<name>', toolNamed)
    .action(async (name: string) => {
      const { restoreTool } = await import('../commands/tools.ts');
      end(await restoreTool(name, context()));
    });
}

function addMcp(program: Command, { end, context }: CommandSetting): void {
  program
    .command('mcp')
    .description('serve the tools to any client of the Model Context Protocol, over standard input and output')
    .option('-w, --workspace <folder>', ofCallers)
    .action(async (options: { workspace?: string }) => {
      const { serveMcp } = await import('../commands/mcp.ts');
      end(await serveMcp(options, context()));
    });
}

/** `tools` has an option of the same name as its commands and takes it first. */
function isJson(command: Command): boolean {
  const json: unknown = command.optsWithGlobals()['json'];
  return json === true;
}
