import assert from 'node:assert/strict';

/** Looks until what is seen is as expected; then it is certain, and else the test fails. */
export async function until(look, expected, what, patience = 30_000) {
  const late = Date.now() + patience;
  for (;;) {
    const seen = await look();
    const same = expected instanceof RegExp ? expected.test(seen) : seen === expected;
    if (same) return;
    if (Date.now() > late) {
      if (expected instanceof RegExp) assert.match(String(seen), expected, what);
      assert.deepEqual(seen, expected, what);
    }
    await new Promise((done) => setTimeout(done, 40));
  }
}
