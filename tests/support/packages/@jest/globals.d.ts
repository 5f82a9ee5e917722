export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
