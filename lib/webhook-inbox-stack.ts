import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { constructId } from './construct-id.ts';
import { inboxOutputs } from './inbox-outputs.ts';
import { WebhookInbox } from './webhook-inbox.ts';
import type { WebhookInboxProps } from './webhook-inbox-props.ts';

/** CloudFormation allows 200 outputs. A source has two, and the inbox up to 13. */
const MAX_SOURCES_WITH_OUTPUTS = 90;

/**
 * A stack with one inbox. Its outputs are the names and URLs that an operator needs. Those of the sources are left out if
 * there are more than 90 sources: a URL is `UrlPrefix` and the source's name, and a secret's name is `InboxName`, a
 * slash and the source's name.
 *
 * ```ts
 * new WebhookInboxStack(app, 'WebhookInbox', { sources: { partner: { provider: 'generic' } } });
 * ```
 */
export class WebhookInboxStack<TOwn extends string = never> extends Stack {
  /** @throws {Error} if a prop is invalid */
  constructor(scope: Construct, id: string, props: WebhookInboxProps<TOwn> & StackProps) {
    super(scope, id, props);
    const inbox = new WebhookInbox(this, 'Inbox', props);
    for (const { name, value, description } of inboxOutputs(inbox)) this.addOutput(name, value, description);
    const { customDomain } = props;
    if (customDomain && inbox.dnsTarget && !customDomain.hostedZone) {
      this.addOutput('DnsTarget', inbox.dnsTarget, `Target of the CNAME record of ${customDomain.domainName}`);
    }
    if (inbox.urls.size <= MAX_SOURCES_WITH_OUTPUTS) this.addSourceOutputs(inbox);
  }

  private addSourceOutputs({ urls, secrets, parameters }: WebhookInbox): void {
    for (const [name, url] of urls) {
      this.addOutput(`${constructId(name)}Url`, url, `Webhook URL of ${name}, to register with its provider`);
    }
    for (const [name, { secretName }] of secrets) {
      this.addOutput(`${constructId(name)}SecretName`, secretName, `Secret that holds the signing secret of ${name}`);
    }
    for (const [name, { parameterName }] of parameters) {
      this.addOutput(
        `${constructId(name)}ParameterName`,
        parameterName,
        `Parameter with the signing secret of ${name}`,
      );
    }
  }

  private addOutput(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
