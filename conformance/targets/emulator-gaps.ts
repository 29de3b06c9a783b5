/** What the emulator does otherwise than AWS, and the rows that see it. */
const gaps: readonly { readonly reason: string; readonly ids: string }[] = [
  { reason: 'an app without a connect function runs its default one instead', ids: 'T001' },
  { reason: 'whoever is refused gets 403 without a body', ids: 'T006 T007 T008 T010 T012 T013' },
  { reason: 'what a connect function returns is not checked', ids: 'T014 T015 T016 T017' },
  { reason: 'reserved concurrency does not hold', ids: 'T018 T083' },
  { reason: 'no subprotocol is answered', ids: 'T021 T023' },
  { reason: 'the end of a connection is reported as 1006, or as 1005', ids: 'T029 T030 T031 T033' },
  { reason: 'a request that is no handshake is 502', ids: 'T040' },
  { reason: 'stages that are not there let everybody in', ids: 'T041' },
  { reason: 'throttles do not hold', ids: 'T043 T044 T127' },
  {
    reason: 'events have other keys, other ids and other headers',
    ids: 'T046 T047 T048 T049 T050 T052 T053 T054 T055 T059 T062 T063 T064 T147',
  },
  { reason: 'events have no stage variables', ids: 'T060' },
  { reason: 'a selection expression is a single path', ids: 'T074 T075 T077' },
  { reason: 'a message without a route gets no answer', ids: 'T078 T079' },
  { reason: 'errors reach the client in their own words, or not at all', ids: 'T080 T081 T082 T084 T152 T153 T154' },
  { reason: 'the body of every result reaches the client, and none is no message', ids: 'T087 T089 T090' },
  { reason: 'binary frames are taken as text', ids: 'T093' },
  { reason: 'a function handles one event after the other', ids: 'T096 T126 T148' },
  { reason: 'signatures are not looked at', ids: 'T101 T102 T116 T117' },
  { reason: 'other paths and ids at @connections have other answers', ids: 'T103 T109 T114' },
  { reason: 'answers of @connections have other bodies', ids: 'T106 T107 T118' },
  { reason: 'sizes have no limits', ids: 'T111 T112 T113 T121 T123 T124 T125' },
  { reason: 'what an authorizer says reaches the events in part', ids: 'T133' },
  { reason: 'an authorizer has two outcomes: 403 and 500', ids: 'T137 T142' },
  { reason: 'functions lack some of the variables that Lambda sets', ids: 'T151' },
];

/** The reason by id. */
export const emulatorGaps: ReadonlyMap<string, string> = new Map(
  gaps.flatMap(({ reason, ids }) => ids.split(' ').map((id) => [id, reason] as const)),
);
