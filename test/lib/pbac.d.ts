declare module 'pbac' {
  class PBAC {
    /** @param options `validateSchema`: whether to check, each time, the schema that it checks policies with */
    constructor(
      policies: readonly { readonly Version: string; readonly Statement: readonly PBAC.Statement[] }[],
      options: { readonly validateSchema: boolean },
    );
    /** @param call its context by the two parts of a condition's key */
    evaluate(call: {
      readonly action: string;
      readonly resource: string;
      readonly context: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }): boolean;
  }

  namespace PBAC {
    /** Actions must be a list: a string alone throws. */
    interface Statement {
      readonly Effect: string;
      readonly Action: readonly string[];
      readonly Resource: readonly string[];
      readonly Condition?: { readonly StringEquals: { readonly 'kms:ViaService': string } };
    }
  }

  export = PBAC;
}
