import { loadPreferences } from '@furrow/manifest';
import { chosenPort, sandboxSettings } from '@furrow/sandbox';
import { optionText, type Arguments, type Command } from '../command.ts';
import { usageErrors } from '../errors.ts';
import { homeFolder } from '../home-folder.ts';
import { invokeInSandbox } from '../invoke.ts';
import type { World } from '../world.ts';

export const invokeCommand: Command = {
  name: 'invoke',
  parameters: '[...words]',
  aliases: [],
  summary: 'Run a function of @events, @queues or @scheduled in the running sandbox',
  options: [
    {
      flag: '--port <port>',
      description: 'Port of the sandbox (default: PORT, else that of the preferences, else 3333)',
    },
  ],
  examples: ['arc invoke scheduled/daily', `arc invoke events/likes '{"id": 1}'`, `arc invoke queue orders '[1, 2]'`],
  run,
};

/** As functions are called in the log, and as their folders are. */
const kinds: Readonly<Record<string, string>> = {
  event: 'events',
  events: 'events',
  queue: 'queues',
  queues: 'queues',
  scheduled: 'scheduled',
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const { functionName, message } = readWords(positional);
  const typed = sandboxSettings({ port: optionText(options, 'port') }, world.env);
  const { sandbox } = await loadPreferences(world.cwd, homeFolder(world));
  await invokeInSandbox({ port: chosenPort(typed, sandbox), functionName, message });
  world.write(`${functionName} is on its way; its lines are in the sandbox.\n`);
  return 0;
}

function readWords(words: readonly string[]): { readonly functionName: string; readonly message: string } {
  const [first, second] = words;
  if (first === undefined) throw usageErrors.invokeWords('"arc invoke" needs to know which function to run.');
  const kind = Object.hasOwn(kinds, first) ? kinds[first] : undefined;
  const isApart = kind !== undefined && second !== undefined;
  const [message = '{}', extra] = words.slice(isApart ? 2 : 1);
  if (extra !== undefined) throw usageErrors.argumentUnused('invoke', extra);
  if (!isJson(message)) throw usageErrors.invokeWords(`"${message}" is no JSON.`);
  return { functionName: isApart ? `${kind}/${second}` : first, message };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // That is what was asked.
    return false;
  }
}
