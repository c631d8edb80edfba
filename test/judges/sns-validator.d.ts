declare module 'sns-validator' {
  /** The part that the judge uses. The package has no types. */
  class MessageValidator {
    validate(message: unknown, callback: (error: Error | null) => void): void;
  }
  export = MessageValidator;
}
