/** Why nothing could be linted, in one line for the user. */
export class CannotRun extends Error {}
