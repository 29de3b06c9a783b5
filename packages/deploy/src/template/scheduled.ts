import { functionId, invokedArn, invokedId } from './functions.ts';
import { attribute, ref } from './intrinsics.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import { unitOf, type Context } from './units.ts';

/** The rules of `@scheduled`, under Architect's ids. */
export function scheduled(context: Context): Resources {
  return mergeResources(
    context.app.scheduled.map(({ functionName, expression }) => {
      const unit = unitOf(context, functionName);
      const ruleId = `${unit.baseId}Event`;
      return {
        [ruleId]: {
          Type: 'AWS::Events::Rule',
          Properties: {
            ScheduleExpression: expression,
            Targets: [{ Arn: invokedArn(unit), Id: functionId(unit).slice(-maxTargetId) }],
          },
          Metadata: describePart({ ...unit, part: 'rule' }),
        },
        [`${unit.baseId}Permission`]: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: ref(invokedId(unit)),
            Principal: 'events.amazonaws.com',
            SourceArn: attribute(ruleId, 'Arn'),
          },
          Metadata: describePart({ ...unit, part: 'permission' }),
        },
      };
    }),
  );
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html (read 2026-11) */
const maxTargetId = 64;
