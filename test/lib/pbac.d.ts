declare module 'pbac' {
  class PBAC {
    constructor(policies: readonly { readonly Version: string; readonly Statement: readonly PBAC.Statement[] }[]);
    evaluate(call: { readonly action: string; readonly resource: string }): boolean;
  }

  namespace PBAC {
    /** Actions must be a list: a string alone throws. */
    interface Statement {
      readonly Effect: string;
      readonly Action: readonly string[];
      readonly Resource: readonly string[];
    }
  }

  export = PBAC;
}
