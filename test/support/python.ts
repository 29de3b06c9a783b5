import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './built.ts';

/** A virtual environment that has awslambdaric, boto3 and pip; CONTRIBUTING.md says how to make it. */
export const venv = join(repository, '.cache', 'aws', 'venv');

/** Why handlers in Python cannot run here; `undefined` when they can. */
export function pythonMissing(): string | undefined {
  const lib = join(venv, 'lib');
  const packages = existsSync(lib) ? readdirSync(lib).map((version) => join(lib, version, 'site-packages')) : [];
  const isThere = ['awslambdaric', 'boto3'].every((name) => packages.some((each) => existsSync(join(each, name))));
  return isThere ? undefined : `no awslambdaric and boto3 in ${venv}: see CONTRIBUTING.md`;
}
