import { Token } from 'aws-cdk-lib';
import { type CfnDomainName, DomainName, EndpointType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import { TLS } from './tls.ts';

/** Options of a custom domain. */
export interface CustomDomainProps {
  /** Host name in lower case: `hooks.example.com` serves `https://hooks.example.com/webhooks/<source>`. */
  readonly domainName: string;
  /** Validated certificate for the host name, in the stack's region. */
  readonly certificate: ICertificate;
  /**
   * Hosted zone that gets the DNS records of the host name.
   * @default - no records; create them with `dnsTarget` as their target
   */
  readonly hostedZone?: IHostedZone;
  /**
   * Whether the API is reachable by IPv6 too. Allow-lists then need the provider's IPv6 ranges.
   * @default true
   */
  readonly ipv6?: boolean;
}

/**
 * Validates a custom domain together with the allow-lists of sources.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateCustomDomain(domain: CustomDomainProps, sources: SourcesProps<string>): string | undefined {
  return validateName(domain) ?? (domain.ipv6 === false ? undefined : validateAllowLists(sources));
}

/** Labels of at most 63 characters. Certificate Manager and API Gateway accept lower case only. */
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
    'pass its own zone, or leave hostedZone out and create the DNS record yourself.'
  );
}

/** Requests by IPv6 would be rejected by an allow-list of IPv4 ranges, and nobody would see why. */
function validateAllowLists(sources: SourcesProps<string>): string | undefined {
  const [name] =
    Object.entries(sources).find(([, { allowedCidrs }]) => allowedCidrs && !allowedCidrs.some(mayBeIpv6)) ?? [];
  if (name === undefined) return undefined;
  return (
    `Source "${name}": allowedCidrs has no IPv6 range, but customDomain serves IPv6; ` +
    "add the provider's IPv6 ranges, or set customDomain.ipv6 to false."
  );
}

const mayBeIpv6 = (cidr: string) => Token.isUnresolved(cidr) || cidr.includes(':');

/** Returns the part of webhook URLs before `/webhooks`. */
export function publicUrlOf({ domainName }: CustomDomainProps): string {
  return `https://${domainName}`;
}

/** A host name for the API, with TLS 1.2 or newer. All its paths lead to the API's stage. */
export class CustomDomain extends Construct {
  /** Target of the host name's DNS records. */
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
      // A trailing dot makes the name absolute: no zone is appended to it.
      recordName: `${domainName}.`,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)),
    };
    new ARecord(this, 'Ipv4Record', record);
    if (ipv6) new AaaaRecord(this, 'Ipv6Record', record);
  }
}
