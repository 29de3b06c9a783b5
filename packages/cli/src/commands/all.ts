import type { Command } from '../command.ts';
import { deployCommand } from './deploy.ts';
import { destroyCommand } from './destroy.ts';
import { doctorCommand } from './doctor.ts';
import { envCommand } from './env.ts';
import { infoCommand } from './info.ts';
import { initCommand } from './init.ts';
import { invokeCommand } from './invoke.ts';
import { logsCommand } from './logs.ts';
import { packageCommand } from './package.ts';
import { sandboxCommand } from './sandbox.ts';

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [
  initCommand,
  sandboxCommand,
  doctorCommand,
  invokeCommand,
  packageCommand,
  deployCommand,
  infoCommand,
  logsCommand,
  envCommand,
  destroyCommand,
];
