import { attribute, ref, substitute } from './intrinsics.ts';
import { parameter } from './parameter.ts';
import { ofApp, type Resources } from './parts.ts';
import type { Context } from './units.ts';

const metadata = ofApp('static', 'static files');

/** The bucket of static files. Nobody reads it but the function that serves them. */
export function staticFiles({ app }: Context): Resources {
  if (!app.static.isServed) return {};
  return {
    StaticBucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        // Large files come straight from here by a signed address, also for scripts, which look at this.
        CorsConfiguration: {
          CorsRules: [{ AllowedMethods: ['GET', 'HEAD'], AllowedOrigins: ['*'], ExposedHeaders: ['ETag'] }],
        },
      },
      Metadata: metadata,
    },
    StaticBucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref('StaticBucket'),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OnlyEncrypted',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [attribute('StaticBucket', 'Arn'), substitute(`\${StaticBucket.Arn}/*`)],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
      Metadata: metadata,
    },
    StaticBucketParam: parameter('static/bucket', ref('StaticBucket')),
    StaticFingerprintParam: parameter('static/fingerprint', String(app.static.fingerprint !== false)),
  };
}
