import { findingAt, type Rule, type Words } from '../finding.ts';
import { dotted, part, parts, unwrap, word, type Placed, type Syntax } from '../syntax.ts';

const stages = new Set(['testing', 'staging']);

/** The stage is looked for in `NODE_ENV`, which Architect set until version 10. */
export const variableGone: Rule = (source) => {
  if (source.isBrowser) return [];
  const names = namesOf(source.nodes);
  return source.nodes.flatMap(({ syntax }) => (comparesStage(syntax, names) ? [findingAt(source, syntax, words)] : []));
};

const words: Words = {
  outcome: 'on-aws',
  severity: 'warning',
  code: 'VARIABLE_GONE',
  message: 'NODE_ENV does not say the stage: Architect sets it no more since version 10, and nor does Furrow.',
  fix: 'Read ARC_ENV, which is "testing", "staging" or "production"; or set NODE_ENV for each with "arc env".',
};

const variable = 'process.env.NODE_ENV';

/** What the source calls the variable: by its whole name, and after `const { NODE_ENV } = process.env`. */
function namesOf(nodes: readonly Placed[]): ReadonlySet<string> {
  const names = nodes.flatMap(({ syntax }) => {
    const from = syntax.type === 'VariableDeclarator' ? dotted(part(syntax, 'init')) : undefined;
    const target = part(syntax, 'id');
    if (from === variable) return word(target, 'name') ?? [];
    if (from !== 'process.env') return [];
    const taken = parts(target, 'properties').find((each) => word(part(each, 'key'), 'name') === 'NODE_ENV');
    return word(part(taken, 'value'), 'name') ?? [];
  });
  return new Set([variable, ...names]);
}

function comparesStage(syntax: Syntax, names: ReadonlySet<string>): boolean {
  if (syntax.type !== 'BinaryExpression') return false;
  const sides = [part(syntax, 'left'), part(syntax, 'right')];
  return (
    sides.some((side) => names.has(dotted(side) ?? '')) &&
    sides.some((side) => stages.has(word(unwrap(side), 'value') ?? ''))
  );
}
