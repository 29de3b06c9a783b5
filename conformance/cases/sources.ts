/** A page of API Gateway's developer guide: `websocket-connect-route-subprotocol`. */
export const guide = (page: string): string =>
  `https://docs.aws.amazon.com/apigateway/latest/developerguide/${page}.html`;

/** A page of Lambda's developer guide: `services-apigateway-errors`. */
export const lambdaGuide = (page: string): string => `https://docs.aws.amazon.com/lambda/latest/dg/${page}.html`;

/** An issue or pull request: `issue('aws/chalice', 1768)`. */
export const issue = (repository: string, number: number): string =>
  `https://github.com/${repository}/issues/${number}`;

/** What somebody measured on AWS and published: `observed('2024-02', 'captured events of Firefox')`. */
export const observed = (month: string, what: string): string => `observed on AWS, ${month}: ${what}`;

/** Where nothing is published. */
export const ours = 'nothing is published';

/** The service model of `@connections`, as the SDKs are made from it. */
export const managementModel =
  'https://github.com/boto/botocore/tree/1.43.107/botocore/data/apigatewaymanagementapi/2018-11-29';
