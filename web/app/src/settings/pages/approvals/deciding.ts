/** What can be said to a request. */
export type Deciding = 'grant' | 'alone' | 'refuse' | 'withdraw';
