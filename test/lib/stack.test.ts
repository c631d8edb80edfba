// One file, since Jest loads the CDK anew for each, and that takes longer than the tests.
import './app.suite.ts';
import './edge.suite.ts';
import './events-table.suite.ts';
import './monitoring.suite.ts';
import './privileges.suite.ts';
import './provider-sources.suite.ts';
import './receiver-function.suite.ts';
import './signing-secrets.suite.ts';
import './sources.suite.ts';
import './webhook-api.suite.ts';
import './webhook-inbox-stack.suite.ts';
