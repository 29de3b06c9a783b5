import { invokedId, sourceId } from './functions.ts';
import { attribute, ref } from './intrinsics.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import { tableId } from './tables.ts';
import { unitOf, type Context } from './units.ts';

/** Changes that a function is given at once, as Architect has it. */
const batchSize = 10;

/**
 * What brings the changes of tables to functions: from the first on, in their order. A batch that fails comes again until it
 * succeeds or is a day old, and nothing of its items comes before it.
 */
export function tablesStreams(context: Context): Resources {
  return mergeResources(
    context.app.tablesStreams.map(({ functionName, tableName }) => {
      const unit = unitOf(context, functionName);
      return {
        [sourceId(unit, `${unit.baseId}Event`)]: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: attribute(tableId(context, tableName), 'StreamArn'),
            FunctionName: ref(invokedId(unit)),
            BatchSize: batchSize,
            StartingPosition: 'TRIM_HORIZON',
            FunctionResponseTypes: ['ReportBatchItemFailures'],
          },
          Metadata: describePart({ ...unit, part: 'source' }),
        },
      };
    }),
  );
}
