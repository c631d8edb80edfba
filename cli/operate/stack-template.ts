import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { withAdvice } from './aws-errors.ts';

const Template = v.object({
  Metadata: v.optional(v.record(v.string(), v.unknown()), {}),
  Resources: v.optional(v.record(v.string(), v.object({ Type: v.string() })), {}),
});

/** What the commands read of the template of a stack. */
export type StackTemplate = v.InferOutput<typeof Template>;

/**
 * Reads the template of a stack.
 * @returns one without metadata and resources if it is not JSON: the CDK did not make it
 * @throws {UsageError} if it may not be read
 */
export async function stackTemplate(stack: string): Promise<StackTemplate> {
  const { TemplateBody } = await withAdvice(`read the template of the stack ${stack}`, () =>
    new CloudFormationClient().send(new GetTemplateCommand({ StackName: stack })),
  );
  const template = v.safeParse(v.pipe(v.string(), v.parseJson(), Template), TemplateBody);
  return template.success ? template.output : { Metadata: {}, Resources: {} };
}
