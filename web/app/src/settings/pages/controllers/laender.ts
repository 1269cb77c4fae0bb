/** The German Länder by their two letters, in the order of their names. */
export const laender = ['BW', 'BY', 'BE', 'BB', 'HB', 'HH', 'HE', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'] as const;

/** Art. 6(1) GDPR as the API writes it, and the letter that its words are found by. */
export const bases = [
  { value: '6(1)(a)', letter: 'a' },
  { value: '6(1)(b)', letter: 'b' },
  { value: '6(1)(c)', letter: 'c' },
  { value: '6(1)(d)', letter: 'd' },
  { value: '6(1)(e)', letter: 'e' },
  { value: '6(1)(f)', letter: 'f' },
] as const;
