import { parseObject, readRefusal, type Answer } from './answer.ts';
import { messagesEndpoint, signer } from './endpoint.ts';
import { errors, type Refusal } from './errors.ts';
import type { Published } from './publish.ts';
import { environment, exchange, type Call } from './transport.ts';

/** Publishes a text to the topic of an ARN. */
export async function publishToTopic(topicArn: string, message: string): Promise<Published> {
  const form = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: topicArn,
    Message: message,
  });
  const answer = await ask({
    service: 'sns',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: Buffer.from(form.toString()),
  });
  const refusal = readXmlRefusal(answer);
  if (refusal !== undefined) throw errors.publishRefused(refusal, topicArn);
  return { MessageId: elementOf(answer.body, 'MessageId') };
}

/** Sends a text to the queue of a URL. */
export async function sendToQueue(
  queueUrl: string,
  { body, delaySeconds, groupId }: { readonly body: string; readonly delaySeconds: number; readonly groupId: string },
): Promise<Published> {
  const input = {
    QueueUrl: queueUrl,
    MessageBody: body,
    DelaySeconds: delaySeconds,
    ...(queueUrl.endsWith('.fifo') && { MessageGroupId: groupId }),
  };
  const answer = await ask({
    service: 'sqs',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: Buffer.from(JSON.stringify(input)),
  });
  const refusal = readRefusal(answer);
  if (refusal !== undefined) throw errors.publishRefused(refusal, queueUrl);
  const { MessageId, SequenceNumber } = parseObject(answer.body);
  return {
    MessageId: String(MessageId),
    ...(typeof SequenceNumber === 'string' && { SequenceNumber }),
  };
}

function ask(call: Pick<Call, 'headers' | 'body'> & { readonly service: 'sns' | 'sqs' }): Promise<Answer> {
  const env = environment();
  const who = signer(env);
  const endpoint = messagesEndpoint(env, call.service, who.region);
  return exchange({ ...call, method: 'POST', path: '/', endpoint }, who);
}

/** SNS answers in XML. */
function readXmlRefusal(answer: Answer): Refusal | undefined {
  const refusal = readRefusal(answer);
  const name = elementOf(answer.body, 'Code');
  return refusal && { ...refusal, ...(name && { name, message: elementOf(answer.body, 'Message') }) };
}

function elementOf(xml: string, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
