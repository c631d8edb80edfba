import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Options of the saved queries. */
export interface SavedQueriesProps {
  /** Name of the inbox, which is the folder of the queries. */
  readonly inbox: string;
  /** Log group of the receiver. */
  readonly receiver: ILogGroup;
}

/** A query of Logs Insights, on the lines of deliveries. */
interface SavedQuery {
  readonly fields: readonly string[];
  /** Conditions that must all hold. */
  readonly filters: readonly string[];
}

const QUERIES: Readonly<Record<string, SavedQuery>> = {
  Deliveries: {
    fields: ['source', 'event_id', 'event_type', 'occurred_at', 'outcome', 'status', 'latency_ms', 'request_id'],
    filters: [],
  },
  Conflicts: {
    fields: ['source', 'event_id', 'event_type', 'conflict.received_sha256', 'conflict.stored_sha256', 'request_id'],
    filters: ['outcome = "conflict" or events.conflict > 0'],
  },
  Rejections: {
    fields: ['source', 'status', 'code', 'reason', 'issues.0.path', 'issues.0.expected', 'body_bytes', 'request_id'],
    filters: ['outcome = "rejected"'],
  },
};

/** The most results of Logs Insights. */
const MAX_RESULTS = 10_000;

/**
 * Saved queries of Logs Insights about the deliveries, one per question that operators ask. They cost nothing until
 * somebody runs one.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { inbox, receiver }: SavedQueriesProps) {
    super(scope, id);
    for (const [name, { fields, filters }] of Object.entries(QUERIES)) {
      const query = {
        fields: ['@timestamp', ...fields],
        filterStatements: ['message = "delivery"', ...filters],
        sort: '@timestamp desc',
        limit: MAX_RESULTS,
      };
      this.add(name, inbox, receiver, new QueryString(query));
    }
    const perSource = {
      filterStatements: ['message = "delivery"'],
      statsStatements: ['count(*) as deliveries by source, outcome'],
    };
    this.add('Outcomes', inbox, receiver, new QueryString(perSource));
  }

  private add(name: string, inbox: string, receiver: ILogGroup, queryString: QueryString): void {
    new QueryDefinition(this, name, { queryDefinitionName: `${inbox}/${name}`, queryString, logGroups: [receiver] });
  }
}
