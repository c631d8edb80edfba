import { Token } from 'aws-cdk-lib';
import { type CfnDomainName, DomainName, EndpointType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import { TLS } from './tls.ts';

/** A host name of one's own. */
export interface CustomDomainProps {
  /** In lower case: with `hooks.example.com`, a URL is `https://hooks.example.com/webhooks/<source>`. */
  readonly domainName: string;
  /** For that name, in the stack's region, and validated. */
  readonly certificate: ICertificate;
  /**
   * The zone that the name is in; it gets the records that lead to the API.
   * @default the DNS records are made by hand: `dnsTarget` is where they must lead to
   */
  readonly hostedZone?: IHostedZone;
  /**
   * Whether callers may come by IPv6 too; an allow-list then needs the provider's IPv6 ranges.
   * @default true
   */
  readonly ipv6?: boolean;
}

/** What is wrong with a custom domain, and what to change; undefined where nothing is. */
export function validateCustomDomain(domain: CustomDomainProps, sources: SourcesProps): string | undefined {
  return validateName(domain) ?? (domain.ipv6 === false ? undefined : validateAllowLists(sources));
}

/** Labels of 63 characters at most; CertificateManager and API Gateway take lower case alone. */
const HOST_NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

function validateName({ domainName, hostedZone }: CustomDomainProps): string | undefined {
  if (Token.isUnresolved(domainName)) return undefined;
  if (!HOST_NAME.test(domainName)) {
    return `customDomain.domainName must be a host name in lower case, such as "hooks.example.com", not "${domainName}".`;
  }
  const zone = hostedZone?.zoneName.replace(/\.$/, '');
  if (zone === undefined || Token.isUnresolved(zone) || `.${domainName}`.endsWith(`.${zone}`)) return undefined;
  return (
    `customDomain.domainName "${domainName}" is not in the hosted zone "${zone}"; ` +
    'give the zone that it is in, or leave hostedZone out and make the DNS record yourself.'
  );
}

/** A provider that comes by IPv6 where its allow-list has IPv4 alone would be refused, and nobody would know why. */
function validateAllowLists(sources: SourcesProps): string | undefined {
  const [name] =
    Object.entries(sources).find(([, { allowedCidrs }]) => allowedCidrs && !allowedCidrs.some(mayBeIpv6)) ?? [];
  if (name === undefined) return undefined;
  return (
    `Source "${name}": allowedCidrs has no IPv6 range, but customDomain lets callers come by IPv6; ` +
    "add the provider's IPv6 ranges, or set customDomain.ipv6 to false."
  );
}

const mayBeIpv6 = (cidr: string) => Token.isUnresolved(cidr) || cidr.includes(':');

/** What comes before `/webhooks` in the URLs. */
export function publicUrlOf({ domainName }: CustomDomainProps): string {
  return `https://${domainName}`;
}

/** A host name of one's own for the API, by TLS 1.2 or newer; everything under it goes to the stage. */
export class CustomDomain extends Construct {
  /** Where the name's DNS records must lead to. */
  readonly dnsTarget: string;

  constructor(
    scope: Construct,
    id: string,
    { domainName, certificate, hostedZone, ipv6 = true, api }: CustomDomainProps & { readonly api: RestApi },
  ) {
    super(scope, id);
    const domain = new DomainName(this, 'Domain', {
      domainName,
      certificate,
      endpointType: EndpointType.REGIONAL,
      ...TLS,
      mapping: api,
    });
    const resource = domain.node.defaultChild as CfnDomainName;
    resource.addPropertyOverride('EndpointConfiguration.IpAddressType', ipv6 ? 'dualstack' : 'ipv4');
    this.dnsTarget = domain.domainNameAliasDomainName;
    if (!hostedZone) return;
    const record = {
      zone: hostedZone,
      // With the dot behind it, a name is whole, and no zone is added to it.
      recordName: `${domainName}.`,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)),
    };
    new ARecord(this, 'Ipv4Record', record);
    if (ipv6) new AaaaRecord(this, 'Ipv6Record', record);
  }
}
